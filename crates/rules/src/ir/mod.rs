//! The typed program: one hash-consed graph of expressions for the whole catalogue, and the measures over it.
//!
//! Equal expressions are one node, so that what several measures ask is computed once for a party.

mod program;
mod reads;

#[expect(clippy::disallowed_types, reason = "the graph's index, below")]
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher};

pub use program::{
    CeilingIr, CondIr, CondShape, EachIr, GroupIr, GroupRule, LimitIr, ListIr, MeasureIr, PriorAwards, Program, Review,
    Slot, StackingIr, VersionIr,
};
pub use reads::{Read, Uses};

use crate::ast::Outcome;
use crate::value::{Range, Val};

/// An expression in the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub(crate) u32);

impl NodeId {
    /// Its place in the graph.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// How two ordered values compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `=`
    Eq,
}

/// How the rows of a table are combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TableHit {
    /// The first that holds.
    First,
    /// The greatest of those that hold.
    Highest,
    /// The sum of those that hold.
    Sum,
}

/// What an aggregate makes of the records that qualify.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aggregate {
    /// The sum.
    Sum,
    /// The least.
    Min,
    /// The greatest.
    Max,
    /// Whether there is one.
    Any,
}

/// One step of a computation. Ranges are scaled as [`crate::value`] says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    /// A constant.
    Const(Val),
    /// The date whose law applies.
    On,
    /// A fact of the party.
    Slot(u32),
    /// A field of the current record.
    Field {
        /// The record's index in the vocabulary.
        record: u16,
        /// The field's index in the record.
        field: u16,
    },
    /// A reviewer's decision.
    Review(u32),
    /// The amount of the award under discussion, after limits.
    Award,
    /// All are true.
    And(Box<[NodeId]>),
    /// One is true.
    Or(Box<[NodeId]>),
    /// The contrary.
    Not(NodeId),
    /// A comparison of ordered values.
    Compare(Order, NodeId, NodeId),
    /// Two symbols are the same.
    Same(NodeId, NodeId),
    /// A symbol is one of a sorted set.
    OneOf(NodeId, Box<[u32]>),
    /// A code as the text that it is written as: the texts of a list's codes, in order.
    CodeText(NodeId, Box<[u32]>),
    /// A place lies in a place.
    Within(NodeId, u32),
    /// A set has one of the codes given as bits.
    HasAny(NodeId, u64),
    /// Sum of two.
    Add(NodeId, NodeId),
    /// Difference.
    Sub(NodeId, NodeId),
    /// `a × b / divisor`, rounded half away from zero.
    Mul(NodeId, NodeId, i128),
    /// `a × b` as a rate: `a × b / WHOLE`, kept exact for comparisons.
    MulRate(NodeId, NodeId),
    /// `a / b` as a rate, kept exact for comparisons. A divisor that is not positive is invalid.
    Ratio(NodeId, NodeId),
    /// `a × b / c`, rounded once.
    MulDiv(NodeId, NodeId, NodeId),
    /// `a / b` rounded down, for whole numbers.
    FloorDiv(NodeId, NodeId),
    /// A date and calendar months.
    AddMonths(NodeId, NodeId),
    /// Full calendar months between two dates.
    MonthsBetween(NodeId, NodeId),
    /// The calendar year of a date.
    YearOf(NodeId),
    /// The least.
    Min(Box<[NodeId]>),
    /// The greatest.
    Max(Box<[NodeId]>),
    /// One or the other.
    If(NodeId, NodeId, NodeId),
    /// A decision table: conditions and values.
    Table(TableHit, Box<[(NodeId, NodeId)]>),
    /// Each slice of `x` up to the limit at the rate.
    Marginal(NodeId, Box<[(NodeId, NodeId)]>),
    /// Over the records of a kind that satisfy a condition.
    Aggregate {
        /// What is made of them.
        kind: Aggregate,
        /// The record's index in the vocabulary.
        record: u16,
        /// The value for each.
        value: NodeId,
        /// Which of them.
        filter: NodeId,
    },
    /// A value that a person sets, from one to the other.
    Discretion(NodeId, NodeId),
    /// A member stands on a dated list.
    Listed {
        /// The list's index.
        list: u32,
        /// The member.
        member: NodeId,
        /// The date.
        on: NodeId,
        /// The scope, as a text, if asked for.
        scope: Option<NodeId>,
    },
    /// Another measure's outcome.
    OutcomeOf(u32, Outcome),
    /// Another measure's amount.
    AmountOf(u32),
}

impl Node {
    /// Visits the nodes that this one is computed from.
    pub fn children(&self, visit: &mut dyn FnMut(NodeId)) {
        match self {
            Self::Const(_)
            | Self::On
            | Self::Slot(_)
            | Self::Field { .. }
            | Self::Review(_)
            | Self::Award
            | Self::OutcomeOf(..)
            | Self::AmountOf(_) => {}
            Self::And(items) | Self::Or(items) | Self::Min(items) | Self::Max(items) => {
                items.iter().copied().for_each(visit)
            }
            Self::Not(a)
            | Self::OneOf(a, _)
            | Self::CodeText(a, _)
            | Self::Within(a, _)
            | Self::HasAny(a, _)
            | Self::YearOf(a) => visit(*a),
            Self::Compare(_, a, b)
            | Self::Same(a, b)
            | Self::Add(a, b)
            | Self::Sub(a, b)
            | Self::Mul(a, b, _)
            | Self::MulRate(a, b)
            | Self::Ratio(a, b)
            | Self::AddMonths(a, b)
            | Self::FloorDiv(a, b)
            | Self::MonthsBetween(a, b)
            | Self::Discretion(a, b) => {
                visit(*a);
                visit(*b);
            }
            Self::MulDiv(a, b, c) | Self::If(a, b, c) => {
                visit(*a);
                visit(*b);
                visit(*c);
            }
            Self::Table(_, rows) => rows.iter().for_each(|(when, then)| {
                visit(*when);
                visit(*then);
            }),
            Self::Marginal(x, bands) => {
                visit(*x);
                bands.iter().for_each(|(limit, rate)| {
                    visit(*limit);
                    visit(*rate);
                });
            }
            Self::Aggregate { value, filter, .. } => {
                visit(*value);
                visit(*filter);
            }
            Self::Listed { member, on, scope, .. } => {
                visit(*member);
                visit(*on);
                scope.iter().copied().for_each(visit);
            }
        }
    }
}

type Hasher = BuildHasherDefault<DefaultHasher>;

/// The graph.
#[derive(Clone, Debug, Default)]
pub struct Arena {
    nodes: Vec<Node>,
    /// For each node, the records that it needs a current one of, as bits.
    open: Vec<u64>,
    /// For each node, how many nodes stand below each other in it.
    depths: Vec<u32>,
    #[expect(clippy::disallowed_types, reason = "its hasher is fixed, and it is only looked up")]
    index: HashMap<Node, NodeId, Hasher>,
}

/// The bit of [`Arena::open`] that stands for the award under discussion.
pub(crate) const AWARD_BIT: u64 = 1 << 63;

impl Arena {
    /// The node for an expression, new or known.
    pub fn add(&mut self, node: Node) -> NodeId {
        if let Some(id) = self.index.get(&node) {
            return *id;
        }
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        let mut open = match &node {
            Node::Field { record, .. } => 1 << (record % 63),
            Node::Award => AWARD_BIT,
            _ => 0,
        };
        node.children(&mut |child| open |= self.open.get(child.index()).copied().unwrap_or(0));
        if let Node::Aggregate { record, .. } = &node {
            open &= !(1 << (record % 63));
        }
        let mut depth = 0;
        node.children(&mut |child| depth = depth.max(self.depth(child)));
        self.nodes.push(node.clone());
        self.open.push(open);
        self.depths.push(depth + 1);
        self.index.insert(node, id);
        id
    }

    /// A constant.
    pub fn constant(&mut self, value: Val) -> NodeId {
        self.add(Node::Const(value))
    }

    /// A constant number.
    pub fn number(&mut self, value: i128) -> NodeId {
        self.constant(Val::Range(Range::point(value)))
    }

    /// What a node computes.
    #[must_use]
    pub fn get(&self, id: NodeId) -> &Node {
        const NOTHING: Node = Node::On;
        self.nodes.get(id.index()).unwrap_or(&NOTHING)
    }

    /// The records that a node needs a current one of, as bits.
    #[must_use]
    pub fn open(&self, id: NodeId) -> u64 {
        self.open.get(id.index()).copied().unwrap_or(0)
    }

    /// How many nodes stand below each other in a node.
    #[must_use]
    pub fn depth(&self, id: NodeId) -> u32 {
        self.depths.get(id.index()).copied().unwrap_or(0)
    }

    /// How many nodes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
}
