//! Parts of a measure as sentences: what explanations and comparisons have in common.

mod choice;
mod condition;
mod plain;
mod rule;

use domain::{Period, Quantity};

use crate::Lang;
use crate::ast::{MeasureRef, RoundMode, Rounding};
use crate::diag::Text;
use crate::formula::{Expr, ExprKind};
use crate::ir::Program;
use crate::words::Words;

pub use choice::{applies_to, award_kind, confidence, level, procedure, reason, reviewer, status};
pub(crate) use choice::{budget_per, hit, paid_to, reason_code, when_short};
pub(crate) use condition::{find_condition, same};
pub(crate) use plain::plain;

/// Puts the parts of a program's measures into words.
pub(crate) struct Speaker<'a> {
    pub(crate) program: &'a Program,
    lists: Vec<(String, Text)>,
    measures: Vec<(String, Text)>,
}

impl<'a> Speaker<'a> {
    pub(crate) fn new(program: &'a Program) -> Self {
        let catalogue = &program.catalogue;
        Self {
            program,
            lists: catalogue.lists.iter().map(|list| (list.id.clone(), list.name.clone())).collect(),
            measures: catalogue.measures.iter().map(|measure| (measure.id.clone(), measure.name.clone())).collect(),
        }
    }

    pub(crate) fn words(&self) -> Words<'_> {
        Words { vocabulary: &self.program.vocabulary, list_names: &self.lists, measure_names: &self.measures }
    }

    /// A formula in words.
    pub(crate) fn say(&self, formula: &Expr) -> Text {
        let words = self.words();
        both(|lang| words.say(&with_award(formula, lang), lang))
    }

    /// The label of a code.
    pub(crate) fn code(&self, list: &str, code: &str) -> Text {
        self.program.vocabulary.code_label(list, code)
    }

    /// A measure's name in quotes; its id where it is not in the catalogue.
    pub(crate) fn measure(&self, id: &str) -> Text {
        let name = self
            .measures
            .iter()
            .find(|(known, _)| known == id)
            .map_or_else(|| Text::same(id), |(_, name)| name.clone());
        Text::new(format!("“{}”", name.zh), format!("“{}”", name.en))
    }

    /// Several measures: by name those named by id, and those with a tag as such.
    pub(crate) fn references(&self, references: &[MeasureRef]) -> Text {
        list(references.iter().map(|reference| match reference {
            MeasureRef::Id(id, _) => self.measure(id),
            MeasureRef::Tag(tag, _) => {
                Text::new(format!("标记为 {tag} 的各项措施"), format!("all measures tagged {tag}"))
            }
        }))
    }
}

/// The award under discussion is a name in formulas; readers call it by what it is.
fn with_award(formula: &Expr, lang: Lang) -> Expr {
    let name = match lang {
        Lang::Zh => "核定金额",
        Lang::En => "the award",
    };
    condition::map(formula, &|part| match &part.kind {
        ExprKind::Name(known, None) if known == "award" => Some(ExprKind::Name(name.to_owned(), None)),
        _ => None,
    })
}

/// A text made for each language.
pub(crate) fn both(make: impl Fn(Lang) -> String) -> Text {
    Text::new(make(Lang::Zh), make(Lang::En))
}

/// Texts one after the other, as each language lists them.
pub(crate) fn list(texts: impl IntoIterator<Item = Text>) -> Text {
    join(texts, "、", ", ")
}

/// Texts one after the other, with what stands between them.
pub(crate) fn join(texts: impl IntoIterator<Item = Text>, zh: &str, en: &str) -> Text {
    let texts: Vec<Text> = texts.into_iter().collect();
    let pick = |lang, between: &str| texts.iter().map(|text| text.get(lang)).collect::<Vec<_>>().join(between);
    Text::new(pick(Lang::Zh, zh), pick(Lang::En, en))
}

/// When something applies.
#[must_use]
pub fn period(period: Period) -> Text {
    match (period.from(), period.to()) {
        (Some(from), Some(to)) if from == to => Text::new(format!("{}当日", from.zh()), format!("on {from}")),
        (Some(from), Some(to)) => Text::new(format!("{}至{}", from.zh(), to.zh()), format!("{from} to {to}")),
        (Some(from), None) => Text::new(format!("自{}起", from.zh()), format!("from {from}")),
        (None, Some(to)) => Text::new(format!("至{}止", to.zh()), format!("until {to}")),
        (None, None) => Text::new("起止日期来源未载", "dates not stated by the source"),
    }
}

/// An amount with its unit.
pub(crate) fn quantity(quantity: Quantity) -> Text {
    Text::new(quantity.zh(), quantity.en())
}

/// How an amount is rounded.
pub(crate) fn rounding(rule: Rounding) -> Text {
    let (zh, en) = match rule.mode {
        RoundMode::Down => ("向下取整到", "down to"),
        RoundMode::Up => ("向上取整到", "up to the next"),
        RoundMode::Nearest => ("四舍五入到", "to the nearest"),
    };
    Text::new(format!("{zh}{}", rule.unit.zh()), format!("{en} {}", rule.unit.en()))
}
