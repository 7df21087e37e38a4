//! The catalogue as written: documents, measures, groups, lists and targets, before names and types are resolved.

use domain::{Date, Money, Period, Quantity};

use crate::diag::{Span, Text};
use crate::formula::Expr;
use crate::yaml::Node;

/// An issuing document.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// Its number, where one was seen.
    pub number: Option<String>,
    /// Who issued it.
    pub issuer: Text,
    /// national, province, city, district or press.
    pub level: String,
    /// A place id.
    pub place: String,
    /// When it was published.
    pub published: Option<Date>,
    /// Where it can be read.
    pub url: Option<String>,
    /// primary, secondary or partial.
    pub confidence: String,
    /// What the source leaves open.
    pub note: Option<Text>,
    /// File and place.
    pub at: At,
}

/// A file and a place in it.
#[derive(Clone, Debug, Default)]
pub struct At {
    /// The file.
    pub file: String,
    /// The place.
    pub span: Span,
}

/// Who can apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppliesTo {
    /// Organisations.
    Organisation,
    /// Persons.
    Person,
}

/// One clause with its own conditions and benefit.
#[derive(Clone, Debug)]
pub struct Measure {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// The document's id.
    pub document: String,
    /// The clause.
    pub clause: Option<String>,
    /// A code of the list `topic`.
    pub topic: String,
    /// Who can apply.
    pub applies_to: AppliesTo,
    /// Names that stacking rules refer to.
    pub tags: Vec<String>,
    /// Rows of the feature list that it uses.
    pub features: Vec<(u8, Span)>,
    /// What the source leaves open.
    pub note: Option<Text>,
    /// Its versions, in the order written.
    pub versions: Vec<Version>,
    /// The party that the cases start from.
    pub example: Option<Node>,
    /// The cases.
    pub cases: Vec<Node>,
    /// The whole file, for comparing and writing.
    pub root: Node,
    /// File and place.
    pub at: At,
}

/// Whether a version can pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// It pays within its period.
    InForce,
    /// A text for comment.
    Draft,
    /// A plan that is over.
    Closed,
}

/// A measure as it stands for a period.
#[derive(Clone, Debug)]
pub struct Version {
    /// When it applies.
    pub in_force: Period,
    /// When it was published.
    pub known_from: Date,
    /// Whether it can pay.
    pub status: Status,
    /// Named values and tables.
    pub lets: Vec<(String, Span, LetBody)>,
    /// Conditions on the party.
    pub eligible: Vec<Cond>,
    /// One award for each record.
    pub each: Option<Each>,
    /// The benefit.
    pub award: Award,
    /// Rules between this measure and others.
    pub stacking: Vec<Stacking>,
    /// How an amount is settled over all applicants.
    pub round: Option<Round>,
    /// The budget.
    pub budget: Option<Budget>,
    /// How to apply.
    pub procedure: Option<Procedure>,
    /// Its place.
    pub span: Span,
}

/// What a name under `let` stands for.
#[derive(Clone, Debug)]
pub enum LetBody {
    /// A formula.
    Formula(Expr),
    /// A decision table.
    Table(Table),
}

/// How a table picks among the rows that hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hit {
    /// The first.
    First,
    /// The only one.
    Unique,
    /// The greatest value.
    Highest,
    /// All, added.
    Sum,
    /// Each slice of the input at its own rate.
    Marginal,
}

/// A decision table.
#[derive(Clone, Debug)]
pub struct Table {
    /// How rows are picked.
    pub hit: Hit,
    /// The inputs.
    pub inputs: Vec<Expr>,
    /// The rows.
    pub rows: Vec<Row>,
    /// Its place.
    pub span: Span,
}

/// A row of a table.
#[derive(Clone, Debug)]
pub struct Row {
    /// One cell for each input.
    pub when: Vec<Cell>,
    /// The value.
    pub then: Expr,
    /// The clause.
    pub cite: Option<String>,
    /// Its place.
    pub span: Span,
}

/// The test of a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Anything.
    Any,
    /// Compared with a value.
    Compare(crate::formula::BinaryOp, Expr),
    /// Within a band: ends, and whether each belongs to it.
    Band(Expr, bool, Expr, bool),
    /// One of several values.
    OneOf(Vec<Expr>),
    /// Not one of several values.
    NoneOf(Vec<Expr>),
    /// In a place.
    Within(Expr),
}

/// A condition.
#[derive(Clone, Debug)]
pub struct Cond {
    /// Short name in cases and reports.
    pub id: String,
    /// What readers see; made from the condition where it is not given.
    pub label: Option<Text>,
    /// The clause.
    pub cite: Option<String>,
    /// Proof beside that of the facts.
    pub evidence: Vec<String>,
    /// A remark.
    pub note: Option<Text>,
    /// What must hold.
    pub kind: CondKind,
    /// A condition that waives this one.
    pub unless: Option<Box<Cond>>,
    /// Its place.
    pub span: Span,
}

/// What a condition asks.
#[derive(Clone, Debug)]
pub enum CondKind {
    /// Every one holds.
    All(Vec<Cond>),
    /// At least one holds.
    Any(Vec<Cond>),
    /// It does not hold.
    Not(Box<Cond>),
    /// A formula is true.
    Formula(Expr),
    /// A member stands on a dated list.
    Listed {
        /// The member.
        member: Expr,
        /// The list's id.
        list: String,
        /// On which date; the law's date when left out.
        on: Option<Expr>,
        /// For which scope.
        scope: Option<Expr>,
    },
    /// A person decides.
    Review {
        /// Its key.
        key: String,
        /// officer, expert, panel or authority.
        by: String,
    },
    /// Another measure's outcome.
    Measure {
        /// Its id.
        id: String,
        /// The outcome.
        outcome: Outcome,
    },
}

/// What a measure says about a party.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Every condition holds.
    Eligible,
    /// A condition surely fails, or the measure does not pay at this date.
    NotEligible,
    /// A fact is missing that could matter.
    Undetermined,
    /// Only a person's decision is open.
    NeedsPerson,
}

impl Outcome {
    /// Name in files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Eligible => "eligible",
            Self::NotEligible => "not_eligible",
            Self::Undetermined => "undetermined",
            Self::NeedsPerson => "needs_person",
        }
    }

    /// Name for readers.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Eligible => Text::new("符合", "eligible"),
            Self::NotEligible => Text::new("不符合", "not eligible"),
            Self::Undetermined => Text::new("待补充", "undetermined"),
            Self::NeedsPerson => Text::new("待人工认定", "needs a person"),
        }
    }
}

/// One award for each record.
#[derive(Clone, Debug)]
pub struct Each {
    /// The record's name.
    pub record: String,
    /// Conditions on it.
    pub conditions: Vec<Cond>,
    /// Its place.
    pub span: Span,
}

/// The kind of benefit.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum AwardKind {
    /// CNY.
    Money,
    /// Months, for example rent-free.
    Months,
    /// Days, for example of lodging.
    Days,
    /// Square metres.
    Area,
    /// Hours of an accelerator card.
    CardHours,
    /// The share of the market rent that is to be paid.
    RentFactor,
    /// A recognition.
    Status,
    /// A number of nominations.
    Nomination,
    /// A deduction from the tax base, in CNY.
    TaxBase,
}

/// The benefit of a version.
#[derive(Clone, Debug)]
pub struct Award {
    /// Its kind.
    pub kind: AwardKind,
    /// How much.
    pub amount: Option<Expr>,
    /// What is left to a person.
    pub open: Option<Text>,
    /// A floor.
    pub at_least: Option<Expr>,
    /// Awards below are not made.
    pub refuse_below: Option<Expr>,
    /// How the amount is rounded.
    pub round: Rounding,
    /// Whether `round` was written.
    pub round_stated: bool,
    /// The status given.
    pub gives: Option<String>,
    /// How long a status or voucher is valid.
    pub valid: Option<Quantity>,
    /// The clause.
    pub cite: Option<String>,
    /// Caps.
    pub limits: Vec<Limit>,
    /// Parts in time.
    pub payout: Vec<Payout>,
    /// Its place.
    pub span: Span,
}

/// Direction of rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RoundMode {
    /// Toward zero.
    Down,
    /// Away from zero.
    Up,
    /// Half away from zero.
    Nearest,
}

/// A rounding rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rounding {
    /// The direction.
    pub mode: RoundMode,
    /// To a multiple of this.
    pub unit: Money,
}

/// A cap on awards.
#[derive(Clone, Debug)]
pub struct Limit {
    /// What it is counted over: a record, `org`, `person`, `year`, `lifetime` …
    pub per: Vec<String>,
    /// The cap.
    pub at_most: Expr,
    /// The clause.
    pub cite: Option<String>,
    /// Its place.
    pub span: Span,
}

/// A part of an award.
#[derive(Clone, Debug)]
pub struct Payout {
    /// How much; `None` is the rest.
    pub amount: Option<Expr>,
    /// When.
    pub when: Text,
}

/// A reference to measures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MeasureRef {
    /// One, by id.
    Id(String, Span),
    /// All with a tag.
    Tag(String, Span),
}

/// A rule between measures.
#[derive(Clone, Debug)]
pub struct Stacking {
    /// The rule.
    pub kind: StackingKind,
    /// The clause.
    pub cite: Option<String>,
    /// What readers see.
    pub label: Option<Text>,
    /// Its place.
    pub span: Span,
}

/// The rule of a [`Stacking`].
#[derive(Clone, Debug)]
pub enum StackingKind {
    /// At most one of these; `highest` when the greater one is paid by itself.
    Exclusive {
        /// The others.
        others: Vec<MeasureRef>,
        /// Whether the highest is paid without a choice.
        highest: bool,
    },
    /// Steps of a ladder: a higher one pays the difference.
    Ladder {
        /// The ladder's name.
        name: String,
        /// What was paid on it before.
        received: Option<Expr>,
    },
    /// All support for the same money stays under a ceiling.
    Ceiling {
        /// The ceiling.
        at_most: Expr,
        /// The measures that count.
        over: Vec<MeasureRef>,
        /// Support from elsewhere that counts.
        received: Option<Expr>,
        /// Whether the source says that it binds this measure's own amount: `false` if it does not say.
        own_counts: bool,
    },
    /// May be taken together with these.
    Permits(Vec<MeasureRef>),
    /// A cap shared by measures (in groups).
    Cap {
        /// The cap.
        at_most: Expr,
        /// The measures.
        over: Vec<MeasureRef>,
        /// What was paid before and counts.
        received: Option<Expr>,
        /// What it is counted over.
        per: Vec<String>,
    },
    /// A budget shared by measures (in groups).
    Pool {
        /// The budget.
        at_most: Expr,
        /// The measures.
        over: Vec<MeasureRef>,
    },
}

/// Rules over several measures.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// The document's id.
    pub document: String,
    /// The clause.
    pub clause: Option<String>,
    /// When it applies.
    pub in_force: Period,
    /// When it was published.
    pub known_from: Date,
    /// The rules.
    pub rules: Vec<Stacking>,
    /// Rows of the feature list.
    pub features: Vec<(u8, Span)>,
    /// What the source leaves open.
    pub note: Option<Text>,
    /// File and place.
    pub at: At,
}

/// How an amount is settled over all applicants.
#[derive(Clone, Debug)]
pub enum Round {
    /// By rank: the best places get the stated amounts.
    Rank {
        /// What is compared; the greatest first.
        by: Expr,
        /// Up to which place, and how much.
        places: Vec<(u32, Expr)>,
    },
    /// By grade of a score.
    Grades {
        /// The score.
        by: Option<Expr>,
        /// Name, least score where published, amount.
        grades: Vec<(String, Option<Expr>, Expr)>,
    },
    /// Tiers whose values are fixed each year.
    Tiers {
        /// How many.
        tiers: u32,
        /// The least.
        floor: Expr,
        /// The most.
        cap: Expr,
    },
    /// A number of places.
    Quota {
        /// How many.
        places: u32,
        /// What is compared, where the source says.
        by: Option<Expr>,
    },
    /// Cut in proportion when the budget is short.
    ProRata,
    /// Several run in parallel and are checked.
    Tournament {
        /// Months to the check.
        checkpoint: Quantity,
    },
}

impl Round {
    /// Name in files.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Rank { .. } => "rank",
            Self::Grades { .. } => "grades",
            Self::Tiers { .. } => "tiers",
            Self::Quota { .. } => "quota",
            Self::ProRata => "pro_rata",
            Self::Tournament { .. } => "tournament",
        }
    }
}

/// A budget.
#[derive(Clone, Debug)]
pub struct Budget {
    /// year or total.
    pub per: String,
    /// How much, where stated.
    pub at_most: Option<Expr>,
    /// Measures that share it.
    pub shared_with: Vec<MeasureRef>,
    /// `pro_rata`, `first_come`, `ranked` or `unstated`.
    pub when_short: String,
}

/// How to apply.
#[derive(Clone, Debug)]
pub struct Procedure {
    /// approval, review, special, `no_application`, instant or pool.
    pub kind: String,
    /// When applications are taken.
    pub window: Option<Period>,
    /// Documents to bring.
    pub documents: Vec<Text>,
    /// Public notice, in working days.
    pub notice: Option<u32>,
    /// Vouchers: who is paid, how long they are valid, whether they can be passed on.
    pub redemption: Option<Redemption>,
}

/// How a voucher is redeemed.
#[derive(Clone, Debug)]
pub struct Redemption {
    /// applicant or provider.
    pub paid_to: String,
    /// How long it is valid.
    pub valid: Option<Quantity>,
    /// Whether it can be passed on.
    pub transferable: Option<bool>,
}

/// A dated list.
#[derive(Clone, Debug)]
pub struct List {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// The document's id.
    pub document: String,
    /// Whether every member is in it.
    pub complete: bool,
    /// The members.
    pub entries: Vec<domain::ListEntry>,
    /// File and place.
    pub at: At,
}

/// Aims of a plan.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// The document's id.
    pub document: String,
    /// By when.
    pub by: Option<Date>,
    /// What, at least how much, and the stretch.
    pub targets: Vec<(Text, String, Option<String>)>,
    /// Rows of the feature list.
    pub features: Vec<(u8, Span)>,
    /// File and place.
    pub at: At,
}
