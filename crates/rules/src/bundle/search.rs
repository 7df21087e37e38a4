//! The search of one part: layer by layer, one more member taken in each.
//!
//! Exact, because a state is dropped only for one of these reasons: another order of as many members leads to the
//! same future with no less (and then comes first in the order of lists), or even the upper bound does not get past
//! the best bundle known.

use std::cmp::{Ordering, Reverse};

use super::part::{Bounds, Part, bit, members};

/// The most states that are looked at in one search. No part of ten candidates comes near.
const MOST_STATES: usize = 200_000;
/// The most numbers that the states of a layer hold together: keeps wide parts within memory.
const MOST_NUMBERS: usize = 8_000_000;
/// How many states of a layer are followed after the limit.
const BEAM: usize = 16;
/// From how many states of a layer greedy bundles are tried.
const DIVES: usize = 4;

/// A bundle of one part.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) total: i128,
    pub(super) order: Vec<u8>,
}

impl Found {
    /// The members taken.
    pub(super) fn members(&self) -> u128 {
        self.order.iter().fold(0, |set, member| set | bit(usize::from(*member)))
    }
}

/// What the search says.
pub(super) struct Answer {
    pub(super) found: Option<Found>,
    pub(super) proven: bool,
}

/// Some members taken in some order.
#[derive(Clone)]
struct State {
    /// The members that could still be paid something.
    open: u128,
    /// Whether a wanted member is taken.
    wanted: bool,
    slots: Vec<i128>,
    total: i128,
    order: Vec<u8>,
    /// Upper bound of the total of any bundle that begins like this.
    reach: i128,
}

/// The best bundle that takes at least one member of `wanted`: greatest total, fewest members, least list.
pub(super) fn best(part: &Part, wanted: u128) -> Answer {
    if wanted == 0 {
        return Answer { found: None, proven: true };
    }
    if part.members.len() == 1 {
        let total = part.take(0, &mut part.start(), |_| ());
        return Answer { found: Some(Found { total, order: vec![0] }), proven: true };
    }
    let mut search = Search { part, wanted, found: None, bounds: Bounds::default(), seen: 0 };
    let proven = search.run();
    Answer { found: search.found, proven }
}

struct Search<'a> {
    part: &'a Part,
    wanted: u128,
    found: Option<Found>,
    bounds: Bounds,
    /// How many states were looked at.
    seen: usize,
}

impl Search<'_> {
    /// Searches; whether completely.
    fn run(&mut self) -> bool {
        let most = MOST_STATES.min(MOST_NUMBERS / self.part.weight().max(1));
        let root = State {
            open: self.part.everyone(),
            wanted: false,
            slots: self.part.start(),
            total: 0,
            order: Vec::new(),
            reach: i128::MAX,
        };
        for member in members(root.open) {
            let start = self.child(&root, member);
            self.dive(start);
        }
        let mut proven = true;
        let mut layer = vec![root];
        while !layer.is_empty() {
            let mut next = Vec::new();
            for (place, state) in layer.iter().enumerate() {
                // the promising ones come first, so what is left out at the limit is the least likely to matter
                if self.seen >= most && place >= BEAM {
                    proven = false;
                    break;
                }
                if self.hopeless(state) {
                    continue;
                }
                self.expand(state, &mut next);
                if next.len() > most.saturating_mul(2) {
                    merge(&mut next);
                    proven &= next.len() <= most;
                    next.truncate(most);
                }
            }
            merge(&mut next);
            next.iter().take(DIVES).for_each(|state| self.dive(state.clone()));
            layer = next;
        }
        proven
    }

    /// Makes `child` the state after `member` is taken; its upper bound is not computed yet.
    fn step(&self, state: &State, member: usize, child: &mut State) {
        child.slots.clone_from(&state.slots);
        child.order.clone_from(&state.order);
        child.order.extend(u8::try_from(member));
        child.total = state.total.saturating_add(self.part.take(member, &mut child.slots, |_| ()));
        child.open = self.part.close(state.open, member, &mut child.slots);
        child.wanted = state.wanted || self.wanted & bit(member) != 0;
    }

    /// The state after `member` is taken.
    fn child(&self, state: &State, member: usize) -> State {
        let mut child = state.clone();
        self.step(state, member, &mut child);
        child
    }

    fn children(&self, state: &State) -> impl Iterator<Item = State> {
        members(state.open).map(|member| self.child(state, member))
    }

    /// Adds the states with one more member that may lead to something better.
    fn expand(&mut self, state: &State, next: &mut Vec<State>) {
        let mut child = state.clone(); // one for all, because most are dropped at once
        let last = state.order.last().map(|last| usize::from(*last));
        for member in members(state.open) {
            // the same two the other way round come to the same and stand first in the order of lists
            if last.is_some_and(|last| last > member && self.part.commute(last, member)) {
                continue;
            }
            self.seen += 1;
            self.step(state, member, &mut child);
            self.offer(&child);
            if child.open == 0 || !(child.wanted || child.open & self.wanted != 0) {
                continue;
            }
            let more = self.part.reach(child.open, &child.slots, &mut self.bounds);
            child.reach = child.total.saturating_add(more);
            if !self.hopeless(&child) && !self.too_long(&child) {
                next.push(child.clone());
            }
        }
    }

    /// Keeps the bundle if it is the best so far.
    fn offer(&mut self, state: &State) {
        let better = self.found.as_ref().is_none_or(|found| {
            let key = |total: i128, order: &[u8]| (Reverse(total), order.len());
            key(state.total, &state.order)
                .cmp(&key(found.total, &found.order))
                .then_with(|| state.order.cmp(&found.order))
                == Ordering::Less
        });
        if state.wanted && better {
            self.found = Some(Found { total: state.total, order: state.order.clone() });
        }
    }

    /// Whether nothing that begins like this can be better than the best so far.
    fn hopeless(&self, state: &State) -> bool {
        let Some(found) = &self.found else { return false };
        match state.reach.cmp(&found.total) {
            Ordering::Less => true,
            Ordering::Greater => false,
            Ordering::Equal => self.loses_tie(state, 1, found),
        }
    }

    /// Whether a state that can reach only the best total takes too many members for it. Needs fresh bounds.
    fn too_long(&mut self, state: &State) -> bool {
        let Some(found) = self.found.as_ref().filter(|found| found.total == state.reach) else { return false };
        self.bounds.members.sort_unstable_by_key(|value| Reverse(*value));
        let mut total = state.total;
        let mut needed = 0;
        for value in &self.bounds.members {
            if total >= found.total {
                break;
            }
            total = total.saturating_add(*value);
            needed += 1;
        }
        self.loses_tie(state, needed, found)
    }

    /// Whether a bundle that begins like this comes after `found` if it has at least `more` members more and the same
    /// total.
    fn loses_tie(&self, state: &State, more: usize, found: &Found) -> bool {
        let length = state.order.len() + more;
        let start = found.order.get(..state.order.len()).unwrap_or(&found.order);
        length > found.order.len() || (length == found.order.len() && state.order.as_slice() > start)
    }

    /// Follows the state greedily: what pays most at each step, and simply in the order of the members.
    fn dive(&mut self, from: State) {
        let mut by_order = from.clone();
        self.offer(&from);
        while let Some(member) = members(by_order.open).next() {
            by_order = self.child(&by_order, member);
            self.offer(&by_order);
        }
        let mut by_pay = from;
        while let Some(child) = self.children(&by_pay).min_by_key(|child| Reverse(child.total)) {
            by_pay = child;
            self.offer(&by_pay);
        }
    }
}

/// Keeps of the states with the same future the best, and sorts by promise.
fn merge(states: &mut Vec<State>) {
    states.sort_unstable_by(|a, b| {
        let future = (a.open, a.wanted, &a.slots).cmp(&(b.open, b.wanted, &b.slots));
        future.then_with(|| b.total.cmp(&a.total)).then_with(|| a.order.cmp(&b.order))
    });
    states.dedup_by(|b, a| (a.open, a.wanted, &a.slots) == (b.open, b.wanted, &b.slots));
    states.sort_unstable_by(|a, b| b.reach.cmp(&a.reach).then_with(|| a.order.cmp(&b.order)));
}
