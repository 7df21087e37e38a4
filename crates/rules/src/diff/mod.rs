//! What changed between two versions of a measure, in words, and for which of its cases the answer changes.
//!
//! Rules are compared for what they say, not as text: where something stands in the file, how it is quoted and how an
//! amount is written make no difference.

mod answers;
mod award;
mod conditions;
mod measure;
mod version;

#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::Serialize;

use crate::Lang;
use crate::ast::Outcome;
use crate::diag::Text;
use crate::ir::Program;
use crate::phrases::Speaker;
use crate::report::Amount;

/// The format of [`Diff`]; a change that readers could notice raises the number.
pub const FORMAT: &str = "kapok.diff/1";

/// One side of a comparison.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The program that the measure stands in.
    pub program: &'a Program,
    /// The measure, by index.
    pub measure: usize,
    /// One of its versions, by index; without it all of them are compared.
    pub version: Option<usize>,
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Diff {
    /// `kapok.diff/1`
    pub format: &'static str,
    /// The measure and version before.
    pub before: Subject,
    /// The measure and version after.
    pub after: Subject,
    /// What the rule says differently.
    pub changes: Vec<Change>,
    /// How many cases were run under both.
    pub cases_run: usize,
    /// The cases whose outcome or amount differs.
    pub cases: Vec<CaseChange>,
    /// Cases that could not be run, and why.
    pub skipped: Vec<Skipped>,
}

/// A side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Subject {
    /// The measure's id.
    pub measure: String,
    /// Its name.
    pub name: Text,
    /// The file.
    pub file: String,
    /// The version, from 1, where one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<usize>,
    /// When the version applies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_force: Option<Text>,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Change {
    /// What it is about.
    pub what: Text,
    /// What it was; absent for something new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Text>,
    /// What it is; absent for something that is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Text>,
}

impl Change {
    /// The change as one sentence.
    #[must_use]
    pub fn sentence(&self, lang: Lang) -> String {
        let what = self.what.get(lang);
        match (self.from.as_ref().map(|text| text.get(lang)), self.to.as_ref().map(|text| text.get(lang)), lang) {
            (Some(from), Some(to), Lang::Zh) => format!("{what}：由 {from} 改为 {to}"),
            (Some(from), Some(to), Lang::En) => format!("{what}: {from} becomes {to}"),
            (None, Some(to), Lang::Zh) => format!("新增{what}：{to}"),
            (None, Some(to), Lang::En) => format!("new {what}: {to}"),
            (Some(from), None, Lang::Zh) => format!("取消{what}：{from}"),
            (Some(from), None, Lang::En) => format!("removed {what}: {from}"),
            (None, None, _) => what.to_owned(),
        }
    }
}

/// A case whose answer changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CaseChange {
    /// Its name.
    pub case: String,
    /// On which side it stands.
    pub stands: Stands,
    /// The date whose law applies, ISO.
    pub on: String,
    /// The answer before.
    pub before: Answer,
    /// The answer after.
    pub after: Answer,
}

/// On which side a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stands {
    /// Only beside the rule before.
    Before,
    /// Only beside the rule after.
    After,
    /// Beside both, alike.
    Both,
}

/// What a rule says about a party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Answer {
    /// The outcome.
    pub outcome: Outcome,
    /// The amount.
    pub amount: Amount,
    /// Both, and what fails, in words.
    pub text: Text,
}

/// A case that could not be run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Skipped {
    /// Its name.
    pub case: String,
    /// Why.
    pub why: Text,
}

/// Compares two measures, or two versions of one. `None` if a side names a measure or version that does not exist.
#[must_use]
pub fn compare(before: Side<'_>, after: Side<'_>) -> Option<Diff> {
    let (old, new) = (before.source()?, after.source()?);
    let speakers = Pair { old: Speaker::new(before.program), new: Speaker::new(after.program) };
    let mut changes = Vec::new();
    if !(std::ptr::eq(old, new)) {
        measure::compare(&speakers, old, new, &mut changes);
    }
    version::all(&speakers, (old, before.version), (new, after.version), &mut changes);
    let answers = answers::compare(before, after);
    Some(Diff {
        format: FORMAT,
        before: before.subject()?,
        after: after.subject()?,
        changes,
        cases_run: answers.run,
        cases: answers.changed,
        skipped: answers.skipped,
    })
}

impl<'a> Side<'a> {
    fn source(self) -> Option<&'a crate::ast::Measure> {
        self.program.measures.get(self.measure)?;
        let source = self.program.catalogue.measures.get(self.measure)?;
        match self.version {
            Some(version) if version >= source.versions.len() => None,
            _ => Some(source),
        }
    }

    fn subject(self) -> Option<Subject> {
        let source = self.source()?;
        Some(Subject {
            measure: source.id.clone(),
            name: source.name.clone(),
            file: source.at.file.clone(),
            version: self.version.map(|version| version + 1),
            in_force: self
                .version
                .and_then(|version| source.versions.get(version))
                .map(|version| crate::phrases::period(version.in_force)),
        })
    }
}

/// How either side says things: each has names of its own.
struct Pair<'a> {
    old: Speaker<'a>,
    new: Speaker<'a>,
}

/// Where changes are noted: with what they belong to.
struct Notes<'n> {
    changes: &'n mut Vec<Change>,
    /// What stands before each `what`: the version, the condition.
    within: Text,
}

impl<'n> Notes<'n> {
    fn new(changes: &'n mut Vec<Change>, within: Text) -> Self {
        Self { changes, within }
    }

    fn what(&self, zh: &str, en: &str) -> Text {
        Text::new(format!("{}{zh}", self.within.zh), format!("{}{en}", self.within.en))
    }

    /// Something that both sides have.
    fn changed(&mut self, zh: &str, en: &str, from: Text, to: Text) {
        let what = self.what(zh, en);
        self.changes.push(Change { what, from: Some(from), to: Some(to) });
    }

    fn added(&mut self, zh: &str, en: &str, to: Text) {
        let what = self.what(zh, en);
        self.changes.push(Change { what, from: None, to: Some(to) });
    }

    fn removed(&mut self, zh: &str, en: &str, from: Text) {
        let what = self.what(zh, en);
        self.changes.push(Change { what, from: Some(from), to: None });
    }

    /// Something that each side may have; nothing is noted where they are alike.
    fn optional(&mut self, zh: &str, en: &str, from: Option<Text>, to: Option<Text>) {
        match (from, to) {
            (Some(from), Some(to)) if from != to => self.changed(zh, en, from, to),
            (None, Some(to)) => self.added(zh, en, to),
            (Some(from), None) => self.removed(zh, en, from),
            _ => {}
        }
    }

    /// A formula that each side may have, compared for what it computes.
    fn formula(
        &mut self,
        pair: &Pair<'_>,
        zh: &str,
        en: &str,
        from: Option<&crate::formula::Expr>,
        to: Option<&crate::formula::Expr>,
    ) {
        if let (Some(from), Some(to)) = (from, to)
            && crate::phrases::same(from, to)
        {
            return;
        }
        let (old, new) = (from.map(|formula| pair.old.say(formula)), to.map(|formula| pair.new.say(formula)));
        match (old, new) {
            // brackets are not read out: then the reader must be told that there is a difference at all
            (Some(old), Some(new)) if old == new => self.changed(
                &format!("{zh}（读法相同，算法不同）"),
                &format!("{en} (reads alike, computes differently)"),
                old,
                new,
            ),
            (old, new) => self.optional(zh, en, old, new),
        }
    }
}

/// Whether two items are the same thing on either side.
type Alike<'t, T> = &'t dyn Fn(&T, &T) -> bool;

/// Matches the items of two lists: first those that are alike by the first test, then by the next, and so on; what is
/// left of either stands alone. The order of the second list is kept, with what is gone at the end.
fn matched<'a, T>(old: &'a [T], new: &'a [T], tests: &[Alike<'_, T>]) -> Vec<(Option<&'a T>, Option<&'a T>)> {
    let mut partner: Vec<Option<usize>> = vec![None; new.len()];
    let mut taken = vec![false; old.len()];
    for test in tests {
        for (partner, item) in partner.iter_mut().zip(new) {
            if partner.is_some() {
                continue;
            }
            let found =
                old.iter().zip(&mut taken).enumerate().find(|(_, (other, taken))| !**taken && test(other, item));
            if let Some((index, (_, taken))) = found {
                *taken = true;
                *partner = Some(index);
            }
        }
    }
    let pairs = new.iter().zip(&partner).map(|(item, partner)| (partner.and_then(|index| old.get(index)), Some(item)));
    let gone = old.iter().zip(&taken).filter(|(_, taken)| !**taken).map(|(item, _)| (Some(item), None));
    pairs.chain(gone).collect()
}
