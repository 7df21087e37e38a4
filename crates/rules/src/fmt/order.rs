//! The order of keys, by where a mapping stands in the language.

use super::tree::{Entry, Value};
use crate::yaml::Node;

/// Where a mapping stands; a list stands where its items do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A file or mapping that the language does not name: written as it is.
    Other,
    // Files.
    Document,
    Measure,
    Group,
    List,
    Target,
    Vocabulary,
    // In measures.
    Version,
    Let,
    Table,
    Row,
    Condition,
    Each,
    Award,
    Limit,
    Payout,
    Stacking,
    Round,
    Rank,
    Grade,
    Budget,
    Procedure,
    Redemption,
    Example,
    Case,
    With,
    PartyLists,
    Expect,
    // In several.
    Text,
    Period,
    ListEntry,
    Aim,
    // In the vocabulary.
    Facts,
    Fact,
    Records,
    Record,
    CodeLists,
    CodeList,
    Codes,
    Questions,
    Question,
}

/// How a mapping may be laid out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Always one entry a line.
    Block,
    /// In brackets only while it holds no other mapping.
    Flat,
    /// In brackets where it fits.
    Free,
}

type Keys = &'static [(&'static str, Place)];

impl Place {
    /// What a file is: its first key says it.
    pub(super) fn of_file(root: &Node) -> Self {
        match root.map().and_then(<[_]>::first).and_then(|(key, _)| key.text()) {
            Some("document") => Self::Document,
            Some("measure") => Self::Measure,
            Some("group") => Self::Group,
            Some("list") => Self::List,
            Some("target") => Self::Target,
            Some("facts" | "records" | "codes" | "questions") => Self::Vocabulary,
            _ => Self::Other,
        }
    }

    /// Where the value of a key stands, or an item of a list.
    pub(super) fn below(self, key: Option<&str>) -> Self {
        let Some(key) = key else { return self };
        match (self, key) {
            (Self::Let, _) => Self::Table,
            (Self::Example | Self::With, "lists") => Self::PartyLists,
            (Self::PartyLists, _) => Self::ListEntry,
            (Self::Facts, _) => Self::Fact,
            (Self::Records, _) => Self::Record,
            (Self::CodeLists, _) => Self::CodeList,
            (Self::Questions, _) => Self::Question,
            (Self::Codes, _) => Self::Text,
            _ => self.keys().iter().find(|(known, _)| *known == key).map_or(Self::Other, |(_, place)| *place),
        }
    }

    /// Whether a blank line stands before the key.
    pub(super) fn is_section(self, key: &str) -> bool {
        match self {
            Self::Measure => matches!(key, "versions" | "example" | "cases"),
            Self::Group => key == "rules",
            Self::Vocabulary => matches!(key, "facts" | "records" | "codes" | "questions"),
            _ => false,
        }
    }

    pub(super) const fn style(self) -> Style {
        match self {
            Self::Document | Self::Measure | Self::Group | Self::List | Self::Target | Self::Vocabulary => Style::Block,
            Self::Version | Self::Let | Self::Example | Self::Case => Style::Block,
            Self::Facts | Self::Records | Self::Record | Self::CodeLists | Self::CodeList | Self::Codes => Style::Block,
            Self::Questions | Self::Question => Style::Block,
            Self::Table | Self::Each | Self::Award | Self::Procedure => Style::Flat,
            _ => Style::Free,
        }
    }

    /// The known keys in their order, each with the place of its value. Empty where the written order stays.
    const fn keys(self) -> Keys {
        match self {
            Self::Document => DOCUMENT,
            Self::Measure => MEASURE,
            Self::Group => GROUP,
            Self::List => LIST,
            Self::Target => TARGET,
            Self::Vocabulary => &[
                ("facts", Self::Facts),
                ("records", Self::Records),
                ("codes", Self::CodeLists),
                ("questions", Self::Questions),
            ],
            Self::Version => VERSION,
            Self::Table => TABLE,
            Self::Row => &[("when", Self::Other), ("then", Self::Other), ("cite", Self::Other), NOTE],
            Self::Condition => CONDITION,
            Self::Each => &[("record", Self::Other), ("where", Self::Condition)],
            Self::Award => AWARD,
            Self::Limit => &[("per", Self::Other), ("at_most", Self::Other), ("cite", Self::Other), NOTE],
            Self::Payout => &[("amount", Self::Other), ("when", Self::Text), NOTE],
            Self::Stacking => STACKING,
            Self::Round => ROUND,
            Self::Rank => &[("to", Self::Other), ("amount", Self::Other)],
            Self::Grade => &[("name", Self::Other), ("from", Self::Other), ("amount", Self::Other)],
            Self::Budget => BUDGET,
            Self::Procedure => PROCEDURE,
            Self::Redemption => {
                &[("paid_to", Self::Other), ("valid", Self::Other), ("transferable", Self::Other), NOTE]
            }
            Self::Case => CASE,
            Self::Expect => EXPECT,
            Self::Text => &[("zh", Self::Other), ("en", Self::Other)],
            Self::Period => &[("from", Self::Other), ("to", Self::Other)],
            Self::ListEntry => LIST_ENTRY,
            Self::Aim => {
                &[("what", Self::Text), ("by", Self::Other), ("at_least", Self::Other), ("stretch", Self::Other), NOTE]
            }
            Self::Fact => FACT,
            Self::Record => RECORD,
            Self::CodeList => &[("label", Self::Text), ("values", Self::Codes)],
            Self::Question => &[("label", Self::Text), ("ask", Self::Text), ("facts", Self::Other)],
            Self::Other | Self::Let | Self::Example | Self::With | Self::PartyLists => &[],
            Self::Facts | Self::Records | Self::CodeLists | Self::Codes | Self::Questions => &[],
        }
    }
}

const NOTE: (&str, Place) = ("note", Place::Text);

const DOCUMENT: Keys = &[
    ("document", Place::Other),
    ("title", Place::Text),
    ("number", Place::Other),
    ("issuer", Place::Text),
    ("level", Place::Other),
    ("place", Place::Other),
    ("published", Place::Other),
    ("url", Place::Other),
    ("confidence", Place::Other),
    NOTE,
];

const MEASURE: Keys = &[
    ("measure", Place::Other),
    ("name", Place::Text),
    ("document", Place::Other),
    ("clause", Place::Other),
    ("topic", Place::Other),
    ("applies_to", Place::Other),
    ("tags", Place::Other),
    ("features", Place::Other),
    NOTE,
    ("versions", Place::Version),
    ("example", Place::Example),
    ("cases", Place::Case),
];

const GROUP: Keys = &[
    ("group", Place::Other),
    ("name", Place::Text),
    ("document", Place::Other),
    ("clause", Place::Other),
    ("in_force", Place::Period),
    ("known_from", Place::Other),
    ("features", Place::Other),
    NOTE,
    ("rules", Place::Stacking),
];

const LIST: Keys = &[
    ("list", Place::Other),
    ("name", Place::Text),
    ("document", Place::Other),
    ("complete", Place::Other),
    ("features", Place::Other),
    NOTE,
    ("entries", Place::ListEntry),
];

const LIST_ENTRY: Keys = &[
    ("member", Place::Other),
    ("scope", Place::Other),
    ("from", Place::Other),
    ("to", Place::Other),
    ("source", Place::Other),
];

const TARGET: Keys = &[
    ("target", Place::Other),
    ("name", Place::Text),
    ("document", Place::Other),
    ("by", Place::Other),
    ("features", Place::Other),
    NOTE,
    ("targets", Place::Aim),
];

const VERSION: Keys = &[
    ("in_force", Place::Period),
    ("known_from", Place::Other),
    ("status", Place::Other),
    NOTE,
    ("let", Place::Let),
    ("eligible", Place::Condition),
    ("each", Place::Each),
    ("award", Place::Award),
    ("stacking", Place::Stacking),
    ("round", Place::Round),
    ("budget", Place::Budget),
    ("procedure", Place::Procedure),
];

const TABLE: Keys = &[
    ("table", Place::Other),
    ("label", Place::Text),
    ("inputs", Place::Other),
    ("cite", Place::Other),
    NOTE,
    ("rows", Place::Row),
];

/// What is short comes first, what holds other conditions last: a condition has one form, so the two never mix.
const CONDITION: Keys = &[
    ("id", Place::Other),
    ("fact", Place::Other),
    ("is", Place::Other),
    ("is_not", Place::Other),
    ("in", Place::Other),
    ("not_in", Place::Other),
    ("within", Place::Other),
    ("not_within", Place::Other),
    ("has", Place::Other),
    ("has_any_of", Place::Other),
    ("has_none_of", Place::Other),
    ("at_least", Place::Other),
    ("more_than", Place::Other),
    ("at_most", Place::Other),
    ("less_than", Place::Other),
    ("listed", Place::Other),
    ("list", Place::Other),
    ("on", Place::Other),
    ("scope", Place::Other),
    ("review", Place::Other),
    ("by", Place::Other),
    ("measure", Place::Other),
    ("outcome", Place::Other),
    ("label", Place::Text),
    ("cite", Place::Other),
    ("evidence", Place::Other),
    NOTE,
    ("all", Place::Condition),
    ("any", Place::Condition),
    ("not", Place::Condition),
    ("unless", Place::Condition),
];

const AWARD: Keys = &[
    ("kind", Place::Other),
    ("amount", Place::Other),
    ("open", Place::Text),
    ("at_least", Place::Other),
    ("refuse_below", Place::Other),
    ("round", Place::Other),
    ("gives", Place::Other),
    ("valid", Place::Other),
    ("cite", Place::Other),
    NOTE,
    ("limits", Place::Limit),
    ("payout", Place::Payout),
];

const STACKING: Keys = &[
    ("exclusive", Place::Other),
    ("highest", Place::Other),
    ("ladder", Place::Other),
    ("ceiling", Place::Other),
    ("permits", Place::Other),
    ("cap", Place::Other),
    ("pool", Place::Other),
    ("over", Place::Other),
    ("per", Place::Other),
    ("received", Place::Other),
    ("own", Place::Other),
    ("label", Place::Text),
    ("cite", Place::Other),
    NOTE,
];

const ROUND: Keys = &[
    ("kind", Place::Other),
    ("by", Place::Other),
    ("tiers", Place::Other),
    ("floor", Place::Other),
    ("cap", Place::Other),
    ("checkpoint", Place::Other),
    ("cite", Place::Other),
    NOTE,
    ("places", Place::Rank),
    ("grades", Place::Grade),
];

const BUDGET: Keys = &[
    ("per", Place::Other),
    ("at_most", Place::Other),
    ("shared_with", Place::Other),
    ("when_short", Place::Other),
    ("cite", Place::Other),
    NOTE,
];

const PROCEDURE: Keys = &[
    ("kind", Place::Other),
    ("window", Place::Period),
    ("documents", Place::Text),
    ("notice", Place::Other),
    ("redemption", Place::Redemption),
    NOTE,
];

const CASE: Keys = &[
    ("name", Place::Other),
    NOTE,
    ("on", Place::Other),
    ("known_on", Place::Other),
    ("with", Place::With),
    ("given", Place::With),
    ("without", Place::Other),
    ("expect", Place::Expect),
];

const EXPECT: Keys = &[
    ("outcome", Place::Other),
    ("amount", Place::Other),
    ("failing", Place::Other),
    ("missing", Place::Other),
    ("open", Place::Other),
    ("reason", Place::Other),
    ("conflict", Place::Other),
    ("payout", Place::Other),
    ("would_be", Place::Other),
];

const FACT: Keys = &[
    ("type", Place::Other),
    ("period", Place::Other),
    ("range", Place::Other),
    ("derive", Place::Other),
    ("by", Place::Other),
    ("personal", Place::Other),
    ("label", Place::Text),
    ("ask", Place::Text),
    ("evidence", Place::Other),
    ("source", Place::Other),
];

const RECORD: Keys = &[
    ("list", Place::Other),
    ("of", Place::Other),
    ("label", Place::Text),
    ("ask", Place::Text),
    ("fields", Place::Facts),
];

/// Puts the keys of an entry and all below in order, and its comments where they will stay.
pub(super) fn sort(root: &mut Entry, place: Place) {
    let Value::Many(many) = &mut root.value else { return };
    // What stands at the top of the file is about the file, whichever key it stood before.
    let about_file = many.entries.first_mut().map(|first| std::mem::take(&mut first.lead)).unwrap_or_default();
    sort_below(root, place);
    if let Value::Many(many) = &mut root.value
        && let Some(first) = many.entries.first_mut()
    {
        first.lead.splice(0..0, about_file);
    }
}

fn sort_below(entry: &mut Entry, place: Place) {
    let Value::Many(many) = &mut entry.value else { return };
    let keys = place.keys();
    if many.map && !keys.is_empty() {
        let rank = |key: &str| keys.iter().position(|(known, _)| *known == key).unwrap_or(keys.len());
        many.entries.sort_by_key(|entry| entry.key.as_deref().map_or(0, rank));
    }
    for entry in &mut many.entries {
        let below = place.below(entry.key.as_deref());
        sort_below(entry, below);
        settle_comments(entry);
    }
}

/// Puts the comments of an entry where a second reading finds them again.
fn settle_comments(entry: &mut Entry) {
    if let (None, Value::Many(item)) = (&entry.key, &mut entry.value) {
        // Behind the only entry of a list item, a comment stands behind the item.
        if let [only] = item.entries.as_mut_slice() {
            only.trail.append(&mut entry.trail);
            std::mem::swap(&mut only.trail, &mut entry.trail);
        }
        // Before the first entry of a list item, it would part it from its dash.
        if let Some(first) = item.entries.first_mut() {
            entry.lead.append(&mut first.lead);
        }
    }
    // A line has room for one.
    if entry.trail.len() > 1 {
        entry.lead.append(&mut entry.trail);
    }
}
