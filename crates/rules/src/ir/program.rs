//! The checked catalogue, ready to be evaluated.

use std::sync::OnceLock;

use domain::{Date, Period};

use super::{Arena, NodeId};
use crate::ast::{AppliesTo, AwardKind, Rounding, Status};
use crate::diag::{Span, Text};
use crate::formula::YearRef;
use crate::prepared::Prepared;
use crate::read::Catalogue;
use crate::value::Val;
use crate::vocabulary::{Type, Vocabulary};

/// A fact that some measure reads, for one year if it is kept by year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The fact's index in the vocabulary.
    pub fact: usize,
    /// Which year.
    pub year: Option<YearRef>,
}

/// A decision that a person makes.
#[derive(Clone, Debug)]
pub struct Review {
    /// `measure#key`.
    pub key: String,
    /// Who decides.
    pub by: String,
    /// What is decided.
    pub label: Text,
}

/// A dated list.
#[derive(Clone, Debug)]
pub struct ListIr {
    /// Its id.
    pub id: String,
    /// Whether a member that is not found is surely absent.
    pub complete: bool,
    /// The members: name and scope as texts, and when.
    pub entries: Vec<(u32, Option<u32>, Period)>,
}

/// Everything that is evaluated.
#[derive(Clone, Debug)]
pub struct Program {
    /// The declarations.
    pub vocabulary: Vocabulary,
    /// The catalogue as written: names, citations, cases.
    pub catalogue: Catalogue,
    /// The graph of expressions.
    pub arena: Arena,
    /// The facts that are read.
    pub slots: Vec<Slot>,
    /// The decisions of persons.
    pub reviews: Vec<Review>,
    /// Texts that formulas compare with; a text's index is its symbol.
    pub texts: Vec<String>,
    /// The dated lists.
    pub lists: Vec<ListIr>,
    /// The measures, in the order of [`Catalogue::measures`].
    pub measures: Vec<MeasureIr>,
    /// The groups, in the order of [`Catalogue::groups`].
    pub groups: Vec<GroupIr>,
    /// For each record and field, its value while unknown.
    pub field_defaults: Vec<Vec<Val>>,
    /// For each slot, its value while unknown.
    pub slot_defaults: Vec<Val>,
    pub(crate) prepared: OnceLock<Box<Prepared>>,
}

impl Program {
    /// A measure by its id.
    #[must_use]
    pub fn measure(&self, id: &str) -> Option<usize> {
        self.catalogue.measures.iter().position(|measure| measure.id == id)
    }

    /// What follows from all this and is wanted for every party; made when first asked for.
    pub(crate) fn prepared(&self) -> &Prepared {
        self.prepared.get_or_init(|| Box::new(Prepared::new(self)))
    }
}

/// A measure.
#[derive(Clone, Debug)]
pub struct MeasureIr {
    /// Who can apply.
    pub applies_to: AppliesTo,
    /// Its versions, in the order written.
    pub versions: Vec<VersionIr>,
}

/// A measure as it stands for a period.
#[derive(Clone, Debug)]
pub struct VersionIr {
    /// When it applies.
    pub in_force: Period,
    /// When it was published.
    pub known_from: Date,
    /// Whether it can pay.
    pub status: Status,
    /// When applications are taken.
    pub window: Option<Period>,
    /// Conditions on the party.
    pub eligible: Vec<CondIr>,
    /// All of them.
    pub gate: NodeId,
    /// One award for each record.
    pub each: Option<EachIr>,
    /// The kind of benefit.
    pub kind: AwardKind,
    /// The type of the amount.
    pub amount_type: Type,
    /// How much, before floor, limits and rounding.
    pub amount: Option<NodeId>,
    /// A floor.
    pub at_least: Option<NodeId>,
    /// Awards below are not made.
    pub refuse_below: Option<NodeId>,
    /// How the amount is rounded.
    pub round: Rounding,
    /// Caps.
    pub limits: Vec<LimitIr>,
    /// Parts in time; `None` is the rest.
    pub payout: Vec<Option<NodeId>>,
    /// Rules between measures.
    pub stacking: Vec<StackingIr>,
    /// Named values, for explanations.
    pub lets: Vec<(String, NodeId, Type)>,
    /// What ranks or grades the applicants in a round.
    pub round_by: Option<NodeId>,
    /// The amounts of a round's places; of its grades, in pairs: the least score (unbounded below where it is not
    /// published) and the amount.
    pub round_amounts: Vec<NodeId>,
}

/// One award for each record.
#[derive(Clone, Debug)]
pub struct EachIr {
    /// The record's index in the vocabulary.
    pub record: u16,
    /// Conditions on it.
    pub conditions: Vec<CondIr>,
    /// All of them.
    pub gate: NodeId,
}

/// A condition, with what is needed to explain it.
#[derive(Clone, Debug)]
pub struct CondIr {
    /// Short name.
    pub id: String,
    /// Its truth.
    pub node: NodeId,
    /// Its shape.
    pub shape: CondShape,
    /// Its parts.
    pub children: Vec<CondIr>,
    /// What readers see.
    pub label: Text,
    /// The clause.
    pub cite: Option<String>,
    /// Accepted proof: codes.
    pub evidence: Vec<String>,
    /// The facts, fields and decisions that it reads.
    pub reads: Vec<NodeId>,
    /// Its place.
    pub span: Span,
}

/// The shape of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CondShape {
    /// Every part holds.
    All,
    /// A part holds.
    Any,
    /// The part does not hold.
    Not,
    /// The first part holds, or the second waives it.
    Unless,
    /// A single test.
    Leaf,
}

/// Which earlier awards a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriorAwards {
    /// None.
    None,
    /// Those of the law's year.
    Year,
    /// All.
    Lifetime,
}

/// A cap on awards.
#[derive(Clone, Debug)]
pub struct LimitIr {
    /// Whether it bounds each record's award, not their sum.
    pub per_record: bool,
    /// Which earlier awards count.
    pub prior: PriorAwards,
    /// The cap.
    pub at_most: NodeId,
    /// What was paid before and counts.
    pub received: Option<NodeId>,
}

/// A rule between measures; other measures by index.
#[derive(Clone, Debug)]
pub enum StackingIr {
    /// At most one of these and this.
    Exclusive {
        /// The others.
        others: Vec<u32>,
        /// Whether the highest is paid without a choice.
        highest: bool,
    },
    /// A step of a ladder.
    Ladder {
        /// The ladder's name.
        name: String,
        /// What was paid on it before.
        received: Option<NodeId>,
    },
    /// A ceiling over support for the same money.
    Ceiling(CeilingIr),
    /// May be taken together with these.
    Permits(Vec<u32>),
}

/// A ceiling.
#[derive(Clone, Debug)]
pub struct CeilingIr {
    /// The ceiling.
    pub at_most: NodeId,
    /// The measures that count.
    pub over: Vec<u32>,
    /// Support from elsewhere that counts.
    pub received: Option<NodeId>,
    /// Whether it surely binds this measure's own amount.
    pub own_counts: bool,
}

/// Rules over several measures.
#[derive(Clone, Debug)]
pub struct GroupIr {
    /// When they apply.
    pub in_force: Period,
    /// When they were published.
    pub known_from: Date,
    /// The rules, with their index in the group as written.
    pub rules: Vec<(usize, GroupRule)>,
}

/// A rule of a group.
#[derive(Clone, Debug)]
pub enum GroupRule {
    /// The sum stays under a cap.
    Cap {
        /// The cap.
        at_most: NodeId,
        /// The measures.
        over: Vec<u32>,
        /// What was paid before and counts.
        received: Option<NodeId>,
    },
    /// At most one.
    Exclusive {
        /// The measures.
        over: Vec<u32>,
        /// Whether the highest is paid without a choice.
        highest: bool,
    },
    /// A shared budget; it binds the programme, not the party.
    Pool {
        /// The budget.
        at_most: NodeId,
        /// The measures.
        over: Vec<u32>,
    },
}

impl GroupIr {
    /// Whether the rules apply.
    #[must_use]
    pub fn applies(&self, on: Date, known_on: Date) -> bool {
        self.known_from <= known_on && self.in_force.contains(on)
    }
}
