//! What keeps an answer open, row by row: the counterpart of [`rules::eval::Eval::leaves`].

use rules::ir::{Aggregate, Node, NodeId, Read, TableHit};
use rules::value::Truth;

use super::Output;
use super::block::{M, T, operand};
use super::lower::{At, Compiler};
use super::op::Op;

/// Which open facts are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sel {
    /// Every one that the party can be asked for.
    Askable,
    /// One of them.
    One(Read),
}

impl<'p> Compiler<'p, '_> {
    /// Whether a party can be asked for a fact, field or list of records.
    pub(crate) fn askable(&self, read: Read) -> bool {
        let vocabulary = &self.program.vocabulary;
        match read {
            Read::Slot(slot) => {
                let slot = self.program.slots.get(slot as usize);
                slot.and_then(|slot| vocabulary.facts.get(slot.fact)).is_some_and(|fact| fact.by.is_none())
            }
            Read::Field(record, field) => {
                let record = vocabulary.records.get(usize::from(record));
                record.and_then(|record| record.fields.get(usize::from(field))).is_some_and(|field| field.by.is_none())
            }
            Read::Records(_) => true,
        }
    }

    pub(crate) fn leaf(&mut self, at: At, read: Read, sel: Sel) -> M {
        let wanted = match sel {
            Sel::Askable => self.askable(read),
            Sel::One(one) => one == read,
        };
        self.at(at).mask(wanted)
    }

    /// The rows in which a node is open and a fact that is looked for is one that it rests on.
    pub(crate) fn open(&mut self, at: At, id: NodeId, sel: Sel) -> M {
        if let Some(known) = self.open_memo(at).get(&(id, sel)) {
            return *known;
        }
        let mask = if at == At::Record && self.program.arena.open(id) == 0 {
            let mask = self.open(At::Party, id, sel);
            self.gather_mask(mask)
        } else {
            self.open_of(at, id, sel)
        };
        self.open_memo(at).insert((id, sel), mask);
        mask
    }

    pub(crate) fn gather_mask(&mut self, mask: M) -> M {
        match self.block.fixed_mask(mask) {
            Some(every) => self.at(At::Record).mask(every),
            None => M(self.at(At::Record).add(Op::GatherMask(mask.0))),
        }
    }

    fn settled(&mut self, at: At, id: NodeId) -> M {
        if self.is_truth(id) {
            let truth = self.truth(at, id);
            let block = self.at(at);
            let open = block.if_open(truth);
            block.unless(open)
        } else {
            let number = self.number(at, id);
            self.at(at).known(number)
        }
    }

    fn open_of(&mut self, at: At, id: NodeId, sel: Sel) -> M {
        let program = self.program;
        let node = program.arena.get(id);
        // nothing is looked for below
        let below = self.below(at, node, id, sel);
        if self.at(at).fixed_mask(below) == Some(false) {
            return below;
        }
        let settled = self.settled(at, id);
        let block = self.at(at);
        let open = block.unless(settled);
        block.every([open, below])
    }

    fn union(&mut self, at: At, ids: impl IntoIterator<Item = NodeId>, sel: Sel) -> M {
        let masks: Vec<M> = ids.into_iter().map(|id| self.open(at, id, sel)).collect();
        self.at(at).some(masks)
    }

    fn below(&mut self, at: At, node: &Node, id: NodeId, sel: Sel) -> M {
        match node {
            Node::Slot(slot) => self.leaf(at, Read::Slot(*slot), sel),
            Node::Field { record, field } => {
                if at == At::Record {
                    self.leaf(at, Read::Field(*record, *field), sel)
                } else {
                    self.at(at).mask(false)
                }
            }
            Node::If(condition, yes, no) => {
                let truth = self.truth(at, *condition);
                let always = self.at(at).truth(Truth::True);
                self.open_rows(at, &[(truth, *condition, *yes), (always, *no, *no)], true, sel)
            }
            Node::Table(hit, rows) => {
                let rows: Vec<(T, NodeId, NodeId)> =
                    rows.iter().map(|(when, then)| (self.truth(at, *when), *when, *then)).collect();
                self.open_rows(at, &rows, *hit == TableHit::First, sel)
            }
            Node::Aggregate { kind, record, value, filter } => {
                self.open_records(at, *kind, *record, *value, *filter, sel)
            }
            Node::Min(items) | Node::Max(items) => {
                let least = matches!(node, Node::Min(_));
                let result = self.number(at, id);
                let mut masks = Vec::new();
                for item in items {
                    let open = self.open(at, *item, sel);
                    let number = self.number(at, *item);
                    let block = self.at(at);
                    if block.fixed_mask(open) == Some(false) {
                        continue;
                    }
                    let idle = M(block.add(Op::Idle { least, item: operand(number), result: operand(result) }));
                    let busy = block.unless(idle);
                    masks.push(block.every([busy, open]));
                }
                self.at(at).some(masks)
            }
            Node::Listed { member, on, scope, .. } => {
                let member_open = self.open(at, *member, sel);
                let member_known = self.settled(at, *member);
                let rest = self.union(at, [*on].into_iter().chain(*scope), sel);
                let block = self.at(at);
                let rest = block.every([member_known, rest]);
                block.some([member_open, rest])
            }
            Node::Within(place, _) => {
                // a city is known where a district is needed
                let coarse = match self.program.arena.get(*place) {
                    Node::Slot(slot) => self.leaf(at, Read::Slot(*slot), sel),
                    Node::Field { record, field } if at == At::Record => {
                        self.leaf(at, Read::Field(*record, *field), sel)
                    }
                    _ => self.at(at).mask(false),
                };
                let open = self.open(at, *place, sel);
                let known = self.settled(at, *place);
                let block = self.at(at);
                let coarse = block.every([known, coarse]);
                let unknown = block.unless(known);
                let open = block.every([unknown, open]);
                block.some([coarse, open])
            }
            Node::OutcomeOf(measure, _) => self.open_measure(at, *measure, false, sel),
            Node::AmountOf(measure) => self.open_measure(at, *measure, true, sel),
            _ => {
                let mut children = Vec::new();
                node.children(&mut |child| children.push(child));
                self.union(at, children, sel)
            }
        }
    }

    /// Of rows with a condition and a value each: the ones that may hold, up to the first sure one if that ends it.
    fn open_rows(&mut self, at: At, rows: &[(T, NodeId, NodeId)], first: bool, sel: Sel) -> M {
        let mut reached = self.at(at).mask(true);
        let mut masks = Vec::new();
        for (truth, when, then) in rows {
            let below = self.union(at, [*when, *then], sel);
            let block = self.at(at);
            let never = block.if_false(*truth);
            let possible = block.unless(never);
            masks.push(block.every([reached, possible, below]));
            if first {
                let sure = block.if_true(*truth);
                let unsure = block.unless(sure);
                reached = block.every([reached, unsure]);
            }
        }
        self.at(at).some(masks)
    }

    fn open_records(&mut self, at: At, kind: Aggregate, record: u16, value: NodeId, filter: NodeId, sel: Sel) -> M {
        let absent = self.leaf(at, Read::Records(record), sel);
        let Some(table) = self.table(record) else { return absent };
        if at == At::Record {
            self.unsupported = true;
            return absent;
        }
        let body = self.body(record, table, |all| {
            let truth = all.truth(At::Record, filter);
            let of_filter = all.open(At::Record, filter, sel);
            let of_value =
                if kind == Aggregate::Any { all.at(At::Record).mask(false) } else { all.open(At::Record, value, sel) };
            let block = all.at(At::Record);
            let unsure = block.if_open(truth);
            let never = block.if_false(truth);
            let possible = block.unless(never);
            let of_filter = block.every([unsure, of_filter]);
            let of_value = block.every([possible, of_value]);
            vec![Output::Mask { mask: block.some([of_filter, of_value]).0 }]
        });
        let present = self.body_mask(body, 0);
        self.mask_where_known(table, present, absent)
    }

    pub(crate) fn body_mask(&mut self, body: u32, out: u32) -> M {
        let done = self.run_body(body);
        M(self.block.add(Op::BodyMask { body, out, done }))
    }

    pub(crate) fn mask_where_known(&mut self, table: u32, present: M, absent: M) -> M {
        let known = self.known_records(table);
        let unknown = self.block.unless(known);
        let present = self.block.every([known, present]);
        let absent = self.block.every([unknown, absent]);
        self.block.some([present, absent])
    }

    fn open_measure(&mut self, at: At, measure: u32, amount: bool, sel: Sel) -> M {
        let mask = self.open_measure_of_party(measure, amount, sel);
        if at == At::Record { self.gather_mask(mask) } else { mask }
    }
}
