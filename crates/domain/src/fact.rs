//! What is known about a party: values, how surely they are known, and on what evidence.

use crate::date::Date;
use crate::money::Money;
use crate::place::PlaceId;
use crate::quantity::Quantity;
use crate::rate::Rate;

/// A value of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// An amount of renminbi.
    Money(Money),
    /// A proportion.
    Rate(Rate),
    /// A plain number of things.
    Count(i64),
    /// An amount with a unit.
    Quantity(Quantity),
    /// A day.
    Date(Date),
    /// One entry of a code list.
    Code(String),
    /// Several entries of a code list.
    Codes(Vec<String>),
    /// A place of the place table.
    Place(PlaceId),
    /// Free text.
    Text(String),
}

impl Value {
    /// The name of the value's kind, for messages: `bool`, `money`, `rate`, `count`, `quantity`, `date`, `code`,
    /// `codes`, `place`, `text`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Bool(_) => "bool",
            Self::Money(_) => "money",
            Self::Rate(_) => "rate",
            Self::Count(_) => "count",
            Self::Quantity(_) => "quantity",
            Self::Date(_) => "date",
            Self::Code(_) => "code",
            Self::Codes(_) => "codes",
            Self::Place(_) => "place",
            Self::Text(_) => "text",
        }
    }
}

/// The grade of the evidence for a fact. The order is that of strength: the strongest comes first.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// Issued by an authority or read from a register.
    Official,
    /// Confirmed by an auditor.
    Audited,
    /// Shown by a document such as a contract or an invoice.
    Documented,
    /// The party's own word.
    Declared,
    /// An estimate.
    Estimated,
}

impl Evidence {
    /// Every grade, the strongest first.
    pub const ALL: [Self; 5] = [Self::Official, Self::Audited, Self::Documented, Self::Declared, Self::Estimated];

    /// The code: `official`, `audited`, `documented`, `declared`, `estimated`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Audited => "audited",
            Self::Documented => "documented",
            Self::Declared => "declared",
            Self::Estimated => "estimated",
        }
    }

    /// The grade with this code; `None` if there is none.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grade| grade.code() == code)
    }

    /// Whether the evidence is as strong as `required` or stronger.
    pub fn at_least(self, required: Self) -> bool {
        self <= required
    }

    /// The Chinese name.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Official => "官方出具",
            Self::Audited => "经审计",
            Self::Documented => "有凭证",
            Self::Declared => "自行申报",
            Self::Estimated => "估计",
        }
    }

    /// The English name.
    pub const fn en(self) -> &'static str {
        match self {
            Self::Official => "official record",
            Self::Audited => "audited",
            Self::Documented => "documented",
            Self::Declared => "self-declared",
            Self::Estimated => "estimated",
        }
    }
}

/// How surely something is known.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Knowledge<T> {
    /// Known.
    Known(T),
    /// Not known.
    #[default]
    Unknown,
    /// Sources disagree; every candidate is kept.
    Disputed(Vec<T>),
}

impl<T> Knowledge<T> {
    /// The value if it is known and undisputed.
    pub const fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown | Self::Disputed(_) => None,
        }
    }

    /// The values that it may have as far as known: one, none, or every candidate.
    pub const fn candidates(&self) -> &[T] {
        match self {
            Self::Known(value) => std::slice::from_ref(value),
            Self::Unknown => &[],
            Self::Disputed(values) => values.as_slice(),
        }
    }

    /// The same knowledge of something derived from the value.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Knowledge<U> {
        let mut f = f;
        match self {
            Self::Known(value) => Knowledge::Known(f(value)),
            Self::Unknown => Knowledge::Unknown,
            Self::Disputed(values) => Knowledge::Disputed(values.into_iter().map(f).collect()),
        }
    }
}

/// One fact: a value with its provenance.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Fact {
    /// What is known of the value.
    pub value: Knowledge<Value>,
    /// Where it comes from: a document, a register, a person.
    pub source: Option<String>,
    /// How well it is evidenced.
    pub evidence: Option<Evidence>,
    /// The day that it held on.
    pub as_of: Option<Date>,
}

impl Fact {
    /// A fact that is known, without provenance.
    pub const fn known(value: Value) -> Self {
        Self { value: Knowledge::Known(value), source: None, evidence: None, as_of: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_codes_are_read_back() {
        for grade in Evidence::ALL {
            assert_eq!(Evidence::from_code(grade.code()), Some(grade));
        }
        assert_eq!(Evidence::from_code("rumour"), None);
        assert!(Evidence::Official.at_least(Evidence::Documented));
        assert!(Evidence::Documented.at_least(Evidence::Documented));
        assert!(!Evidence::Declared.at_least(Evidence::Documented));
    }

    #[test]
    fn a_dispute_keeps_every_candidate_and_settles_none() {
        let disputed = Knowledge::Disputed(vec![1, 2]);
        assert_eq!(disputed.known(), None);
        assert_eq!(disputed.candidates(), [1, 2]);
        assert_eq!(disputed.map(|n| n * 2), Knowledge::Disputed(vec![2, 4]));
    }

    #[test]
    fn what_is_known_is_its_only_candidate() {
        let known = Knowledge::Known(1);
        assert_eq!((known.known(), known.candidates()), (Some(&1), [1].as_slice()));
        assert!(Knowledge::<i64>::Unknown.candidates().is_empty());
        assert_eq!(Fact::default().value, Knowledge::Unknown);
    }

    #[test]
    fn values_name_their_kind() {
        assert_eq!(Value::Money(Money::ZERO).kind(), "money");
        assert_eq!(Fact::known(Value::Bool(true)).value.known().map(Value::kind), Some("bool"));
    }
}
