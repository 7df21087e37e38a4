//! Versions: which is compared with which, and what differs.

use super::{Change, Notes, Pair, award, conditions, matched};
use crate::ast::{Each, Measure, Procedure, Version};
use crate::diag::Text;
use crate::phrases::{self, Speaker};

/// Compares the versions of two measures: those asked for, or all of them. A version that only one side has is compared
/// with the one that it follows.
pub(super) fn all(
    pair: &Pair<'_>,
    (old, before): (&Measure, Option<usize>),
    (new, after): (&Measure, Option<usize>),
    changes: &mut Vec<Change>,
) {
    let pick = |measure: &Measure, version: Option<usize>| -> Vec<Version> {
        match version {
            Some(version) => measure.versions.get(version).map(phrases::plain).into_iter().collect(),
            None => {
                let mut versions: Vec<Version> = measure.versions.iter().map(phrases::plain).collect();
                versions.sort_by_key(|version| (version.known_from, version.in_force.from()));
                versions
            }
        }
    };
    let (from, to) = (pick(old, before), pick(new, after));
    if let ([a], [b]) = (from.as_slice(), to.as_slice()) {
        compare(pair, &mut Notes::new(changes, Text::default()), a, b);
        return;
    }
    let dates = |a: &Version, b: &Version| a.in_force == b.in_force && a.known_from == b.known_from;
    let published = |a: &Version, b: &Version| a.known_from == b.known_from;
    let begins = |a: &Version, b: &Version| a.in_force.from().is_some() && a.in_force.from() == b.in_force.from();
    for found in matched(&from, &to, &[&dates, &published, &begins]) {
        match found {
            (Some(a), Some(b)) => compare(pair, &mut Notes::new(changes, name(b)), a, b),
            (None, Some(b)) => {
                let mut notes = Notes::new(changes, Text::default());
                notes.added("版本", "version", title(b));
                // what is new in it, against the version that it follows
                if let Some(a) = from.iter().rev().find(|a| a.known_from <= b.known_from).or(from.last()) {
                    let within = Text::new(
                        format!("{}（与{}的版本相比）", name(b).zh, short(a).zh),
                        format!("{}(against the one {}) ", name(b).en, short(a).en),
                    );
                    compare(pair, &mut Notes::new(changes, within), a, b);
                }
            }
            (Some(a), None) => Notes::new(changes, Text::default()).removed("版本", "version", title(a)),
            (None, None) => {}
        }
    }
}

fn short(version: &Version) -> Text {
    Text::new(format!("{}公布", version.known_from), format!("published {}", version.known_from))
}

/// What stands before each change of a version, where several are compared.
fn name(version: &Version) -> Text {
    let short = short(version);
    Text::new(format!("〔{}的版本〕", short.zh), format!("[version {}] ", short.en))
}

fn title(version: &Version) -> Text {
    phrases::join([short(version), phrases::period(version.in_force), phrases::status(version.status)], "，", ", ")
}

fn compare(pair: &Pair<'_>, notes: &mut Notes<'_>, old: &Version, new: &Version) {
    notes.optional(
        "有效期间",
        "period in force",
        Some(phrases::period(old.in_force)),
        Some(phrases::period(new.in_force)),
    );
    let date = |date: domain::Date| Some(Text::new(date.zh(), date.to_string()));
    notes.optional("公布日期", "date of publication", date(old.known_from), date(new.known_from));
    notes.optional("状态", "status", Some(phrases::status(old.status)), Some(phrases::status(new.status)));
    conditions::compare(pair, notes, ("条件", "condition"), &old.eligible, &new.eligible);
    each(pair, notes, old.each.as_ref(), new.each.as_ref());
    award::values(pair, notes, old, new);
    award::award(pair, notes, &old.award, &new.award);
    award::stacking(pair, notes, old, new);
    notes.optional(
        "总体核定方式",
        "how amounts are settled over all applicants",
        old.round.as_ref().map(|round| pair.old.round(round)),
        new.round.as_ref().map(|round| pair.new.round(round)),
    );
    notes.optional(
        "预算",
        "budget",
        old.budget.as_ref().map(|budget| pair.old.budget(budget)),
        new.budget.as_ref().map(|budget| pair.new.budget(budget)),
    );
    procedure(pair, notes, old.procedure.as_ref(), new.procedure.as_ref());
}

fn each(pair: &Pair<'_>, notes: &mut Notes<'_>, old: Option<&Each>, new: Option<&Each>) {
    let record = |speaker: &Speaker<'_>, each: Option<&Each>| {
        each.map(|each| {
            let label = speaker.record(&each.record).unwrap_or_else(|| Text::same(&each.record));
            Text::new(format!("每项“{}”", label.zh), format!("each “{}”", label.en))
        })
    };
    notes.optional("分别计算的对象", "award for", record(&pair.old, old), record(&pair.new, new));
    let list = |each: Option<&Each>| each.map(|each| each.conditions.clone()).unwrap_or_default();
    conditions::compare(pair, notes, ("对每项的条件", "condition on each record"), &list(old), &list(new));
}

fn procedure(pair: &Pair<'_>, notes: &mut Notes<'_>, old: Option<&Procedure>, new: Option<&Procedure>) {
    notes.optional(
        "办理方式",
        "kind of process",
        old.map(|p| phrases::procedure(&p.kind)),
        new.map(|p| phrases::procedure(&p.kind)),
    );
    let window = |procedure: Option<&Procedure>| procedure.and_then(|procedure| procedure.window).map(phrases::period);
    notes.optional("受理期", "period of applications", window(old), window(new));
    let documents =
        |procedure: Option<&Procedure>| procedure.map(|procedure| procedure.documents.clone()).unwrap_or_default();
    let (from, to) = (documents(old), documents(new));
    for text in to.iter().filter(|text| !from.contains(text)) {
        notes.added("材料", "document to bring", text.clone());
    }
    for text in from.iter().filter(|text| !to.contains(text)) {
        notes.removed("材料", "document to bring", text.clone());
    }
    let notice = |procedure: Option<&Procedure>| {
        procedure
            .and_then(|p| p.notice)
            .map(|days| Text::new(format!("{days}个工作日"), format!("{days} working days")))
    };
    notes.optional("公示", "public notice", notice(old), notice(new));
    let redemption = |speaker: &Speaker<'_>, procedure: Option<&Procedure>| {
        procedure.and_then(|p| p.redemption.as_ref()).map(|redemption| speaker.redemption(redemption))
    };
    notes.optional("券的兑付", "redemption of vouchers", redemption(&pair.old, old), redemption(&pair.new, new));
}
