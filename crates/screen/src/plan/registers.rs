//! Which register each instruction writes: as few as possible, so that they stay in the processor's cache.

use super::Output;
use super::op::{Bank, Op};

/// Instructions with registers instead of numbers of instructions.
#[derive(Debug, Default)]
pub(crate) struct Code {
    /// What is computed for every chunk, and where it goes.
    pub(crate) ops: Vec<(Op, u32)>,
    /// What is the same for every chunk.
    pub(crate) constants: Vec<(Op, u32)>,
    /// How many registers of each kind.
    pub(crate) truths: u32,
    pub(crate) masks: u32,
    pub(crate) narrow: u32,
    pub(crate) wide: u32,
}

#[derive(Default)]
struct Pool {
    free: Vec<u32>,
    made: u32,
}

impl Pool {
    fn take(&mut self, pinned: bool) -> u32 {
        let free = if pinned { None } else { self.free.pop() };
        free.unwrap_or_else(|| {
            self.made += 1;
            self.made - 1
        })
    }
}

impl Code {
    /// Gives registers to what is needed: instructions with an effect, and what `outputs` read, which lasts to the end.
    /// Returns the register of each instruction too.
    pub(crate) fn new(mut ops: Vec<Op>, outputs: &mut [Output]) -> (Self, Vec<u32>) {
        let mut last: Vec<Option<usize>> = vec![None; ops.len()];
        for output in &mut *outputs {
            output.reads(&mut |id| mark(&mut last, *id, usize::MAX));
        }
        for (at, op) in ops.iter_mut().enumerate().rev() {
            let needed = matches!(op, Op::Emit { .. }) || last.get(at).is_some_and(Option::is_some);
            if needed {
                op.operands(&mut |id| mark(&mut last, *id, at));
            }
        }
        let mut dying: Vec<Vec<u32>> = vec![Vec::new(); ops.len()];
        for (id, end) in (0_u32..).zip(&last) {
            if let Some(end) = end
                && let Some(list) = dying.get_mut(*end)
            {
                list.push(id);
            }
        }
        let banks: Vec<Bank> = ops.iter().map(Op::bank).collect();
        let fixed = |op: &Op| matches!(op, Op::Truth(_) | Op::Mask(_) | Op::Const { .. });
        let pinned: Vec<bool> = ops.iter().map(fixed).collect();
        let mut pools: [Pool; 4] = Default::default();
        let mut map = vec![0_u32; ops.len()];
        let mut code = Self::default();
        for (at, mut op) in ops.into_iter().enumerate() {
            if !matches!(op, Op::Emit { .. }) && last.get(at).is_none_or(Option::is_none) {
                continue;
            }
            op.operands(&mut |id| *id = map.get(*id as usize).copied().unwrap_or(0));
            let constant = pinned.get(at).copied().unwrap_or(false);
            // a register is not read and written by one instruction
            let register = banks.get(at).and_then(|bank| pool(&mut pools, *bank)).map_or(0, |pool| pool.take(constant));
            if let Some(place) = map.get_mut(at) {
                *place = register;
            }
            if constant {
                code.constants.push((op, register))
            } else {
                code.ops.push((op, register))
            }
            for dead in dying.get(at).into_iter().flatten() {
                let dead = *dead as usize;
                if let (Some(false), Some(bank), Some(register)) = (pinned.get(dead), banks.get(dead), map.get(dead))
                    && let Some(pool) = pool(&mut pools, *bank)
                {
                    pool.free.push(*register);
                }
            }
        }
        for output in outputs {
            output.reads(&mut |id| *id = map.get(*id as usize).copied().unwrap_or(0));
        }
        let [truths, masks, narrow, wide] = pools.map(|pool| pool.made);
        (Self { truths, masks, narrow, wide, ..code }, map)
    }
}

fn mark(last: &mut [Option<usize>], id: u32, at: usize) {
    if let Some(place) = last.get_mut(id as usize) {
        *place = Some(place.map_or(at, |known| known.max(at)));
    }
}

fn pool(pools: &mut [Pool; 4], bank: Bank) -> Option<&mut Pool> {
    let [truths, masks, narrow, wide] = pools;
    match bank {
        Bank::Truth => Some(truths),
        Bank::Mask => Some(masks),
        Bank::Narrow => Some(narrow),
        Bank::Wide => Some(wide),
        Bank::None => None,
    }
}
