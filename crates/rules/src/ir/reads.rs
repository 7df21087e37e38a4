//! What a measure reads: the expressions that it computes with, and the facts, fields and lists below them.

use std::collections::BTreeSet;

use super::{MeasureIr, Node, NodeId, Program, StackingIr, VersionIr};

/// Something of a party that a measure reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Read {
    /// A fact, by its slot.
    Slot(u32),
    /// A field of a kind of record, both by index in the vocabulary.
    Field(u16, u16),
    /// Whether there are records of a kind, by its index in the vocabulary.
    Records(u16),
}

/// What of the rest of a catalogue a measure rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// Measures whose outcome or amount it asks for, also through others.
    pub measures: BTreeSet<u32>,
    /// Lists that it looks into.
    pub lists: BTreeSet<u32>,
}

impl Program {
    /// What a measure rests on besides the party, in any version.
    #[must_use]
    pub fn uses(&self, measure: &MeasureIr) -> Uses {
        let mut uses = Uses::default();
        for id in self.computes(measure) {
            match self.arena.get(id) {
                Node::OutcomeOf(other, _) | Node::AmountOf(other) => drop(uses.measures.insert(*other)),
                Node::Listed { list, .. } => drop(uses.lists.insert(*list)),
                _ => {}
            }
        }
        uses
    }

    /// What a version of a measure may read, for some party. What another measure that it asks for reads counts too.
    #[must_use]
    pub fn reads(&self, version: &VersionIr) -> BTreeSet<Read> {
        let mut found: BTreeSet<Read> = version.each.iter().map(|each| Read::Records(each.record)).collect();
        for id in self.below(roots(version)) {
            match self.arena.get(id) {
                Node::Slot(slot) => found.insert(Read::Slot(*slot)),
                Node::Field { record, field } => found.insert(Read::Field(*record, *field)),
                Node::Aggregate { record, .. } => found.insert(Read::Records(*record)),
                Node::OutcomeOf(other, _) | Node::AmountOf(other) => {
                    let versions = self.measures.get(*other as usize).map_or(&[][..], |other| &other.versions);
                    found.extend(
                        versions.iter().filter_map(|version| Some(Read::Records(version.each.as_ref()?.record))),
                    );
                    true
                }
                _ => false,
            };
        }
        found
    }

    /// Every node that a measure computes with, in any version.
    pub(crate) fn computes(&self, measure: &MeasureIr) -> BTreeSet<NodeId> {
        self.below(measure.versions.iter().flat_map(roots).collect())
    }

    fn below(&self, mut open: Vec<NodeId>) -> BTreeSet<NodeId> {
        let mut seen = BTreeSet::new();
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                let node = self.arena.get(id);
                node.children(&mut |child| open.push(child));
                // what another measure asks is asked here too
                if let Node::OutcomeOf(other, _) | Node::AmountOf(other) = node
                    && let Some(other) = self.measures.get(*other as usize)
                {
                    open.extend(other.versions.iter().flat_map(roots));
                }
            }
        }
        seen
    }
}

/// The expressions that a version begins with.
fn roots(version: &VersionIr) -> Vec<NodeId> {
    let mut open = vec![version.gate];
    open.extend(version.each.iter().map(|each| each.gate));
    open.extend(version.amount.into_iter().chain(version.at_least).chain(version.refuse_below).chain(version.round_by));
    open.extend(version.limits.iter().flat_map(|limit| [Some(limit.at_most), limit.received]).flatten());
    open.extend(version.lets.iter().map(|(_, node, _)| *node));
    for rule in &version.stacking {
        match rule {
            StackingIr::Ceiling(ceiling) => {
                open.extend([Some(ceiling.at_most), ceiling.received].into_iter().flatten());
            }
            StackingIr::Ladder { received, .. } => open.extend(*received),
            StackingIr::Exclusive { .. } | StackingIr::Permits(_) => {}
        }
    }
    open
}
