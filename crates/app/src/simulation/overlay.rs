//! Drafts laid over the rules in force, and which measures they change.

use std::collections::BTreeSet;

use domain::Period;
use rules::assess::choose;
use rules::ast::{AppliesTo, Measure, Status};
use rules::bind::Dates;
use rules::diag::Text;
use rules::ir::Program;
use rules::source::Sources;

use super::report::Assumed;

/// Files that take the place of those in force.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What the draft is called, such as the path of its file.
    pub name: String,
    /// Its files by name.
    pub files: Vec<(String, Vec<u8>)>,
}

/// What a file of a catalogue is: its first key, such as `measure`, and the id behind it.
#[must_use]
pub fn head(bytes: &[u8]) -> Option<(String, String)> {
    let root = rules::yaml::parse(bytes, rules::yaml::MAX_POLICY_BYTES).ok()?;
    let (kind, id) = root.map()?.first()?;
    Some((kind.text()?.to_owned(), id.text()?.to_owned()))
}

/// The rules with the files of a draft in them: what has the same kind and id goes.
#[must_use]
pub fn overlay(base: &Sources, draft: &Draft) -> Sources {
    let mut sources = base.clone();
    let heads: Vec<(String, String)> = draft.files.iter().filter_map(|(_, bytes)| head(bytes)).collect();
    // an id stands in the text of its file, so that few files have to be parsed
    let names = |bytes: &[u8], id: &str| std::str::from_utf8(bytes).is_ok_and(|text| text.contains(id));
    sources.catalogue.retain(|_, bytes| {
        !heads.iter().any(|own| names(bytes, &own.1)) || !head(bytes).is_some_and(|head| heads.contains(&head))
    });
    sources.catalogue.extend(draft.files.iter().cloned());
    sources
}

/// Treats the measures of a draft as if they were in force on the date, and says where that was needed.
pub(super) fn assume(program: &mut Program, draft: &Draft, dates: Dates) -> Vec<Assumed> {
    let ids: BTreeSet<String> = draft
        .files
        .iter()
        .filter_map(|(_, bytes)| head(bytes))
        .filter(|(kind, _)| kind == "measure")
        .map(|h| h.1)
        .collect();
    let mut assumed = Vec::new();
    for (measure, ir) in program.catalogue.measures.iter().zip(&mut program.measures) {
        if !ids.contains(&measure.id) {
            continue;
        }
        let drafted = ir.versions.iter().rposition(|version| version.status == Status::Draft);
        let chosen = choose(&ir.versions, dates.on, dates.known_on);
        let last = ir.versions.len().checked_sub(1);
        let index = match (drafted, chosen.reason) {
            (Some(drafted), _) => drafted,
            (None, None) => continue,
            (None, Some(_)) => match chosen.version.or(last) {
                Some(index) => index,
                None => continue,
            },
        };
        let mut said = Vec::new();
        // the one published last is the one that applies
        for (other, version) in ir.versions.iter_mut().enumerate() {
            if other != index && version.in_force.contains(dates.on) && version.status == Status::InForce {
                version.status = Status::Closed;
                said.push(Text::new(
                    format!("第{}版不再适用", other + 1),
                    format!("version {} no longer applies", other + 1),
                ));
            }
        }
        let Some(version) = ir.versions.get_mut(index) else { continue };
        if version.status != Status::InForce {
            version.status = Status::InForce;
            said.push(Text::new("视为已生效", "it is in force"));
        }
        if version.known_from > dates.known_on {
            version.known_from = dates.known_on;
            said.push(Text::new("视为已公布", "it is published"));
        }
        if !version.in_force.contains(dates.on) {
            version.in_force = Period::ALWAYS;
            said.push(Text::new("有效期包含该日", "its period holds the date"));
        }
        if version.window.is_some_and(|window| !window.contains(dates.on)) {
            version.window = None;
            said.push(Text::new("申报期包含该日", "applications are taken on the date"));
        }
        if !said.is_empty() {
            let join = |pick: fn(&Text) -> &str, between: &str| said.iter().map(pick).collect::<Vec<_>>().join(between);
            let text = Text::new(join(|text| &text.zh, "，"), join(|text| &text.en, ", "));
            assumed.push(Assumed { measure: measure.id.clone(), version: index + 1, text });
        }
    }
    assumed
}

/// The measures for organisations that say something else on either side, or rest on one that does: by id, in the order
/// of the base.
pub(super) fn changed(base: (&Program, &Sources), draft: (&Program, &Sources)) -> Vec<String> {
    let (before, after) = (base.0, draft.0);
    let find = |program: &'_ Program, id: &str| program.measure(id);
    let mut ids: BTreeSet<String> = BTreeSet::new();
    for (program, other) in [(before, after), (after, before)] {
        for measure in &program.catalogue.measures {
            let same = find(other, &measure.id)
                .and_then(|index| other.catalogue.measures.get(index))
                .is_some_and(|other| other.root.same(&measure.root));
            if !same {
                ids.insert(measure.id.clone());
            }
        }
    }
    let lists = changed_lists(base, draft);
    for program in [before, after] {
        let uses: Vec<_> = program.measures.iter().map(|ir| program.uses(ir)).collect();
        for (measure, uses) in program.catalogue.measures.iter().zip(&uses) {
            let list = |index: &u32| program.lists.get(*index as usize).is_some_and(|list| lists.contains(&list.id));
            if uses.lists.iter().any(list) {
                ids.insert(measure.id.clone());
            }
        }
        // what they ask for through others is among what they use
        let direct = ids.clone();
        for (measure, uses) in program.catalogue.measures.iter().zip(&uses) {
            let asks = |index: &u32| {
                program.catalogue.measures.get(*index as usize).is_some_and(|other| direct.contains(&other.id))
            };
            if uses.measures.iter().any(asks) {
                ids.insert(measure.id.clone());
            }
        }
    }
    ordered(before, after, &|measure| ids.contains(&measure.id))
}

/// The ids of measures for organisations on either side that are wanted.
pub(super) fn ordered(before: &Program, after: &Program, wanted: &dyn Fn(&Measure) -> bool) -> Vec<String> {
    let of = |program: &'_ Program| -> Vec<String> {
        let measures =
            program.catalogue.measures.iter().filter(|measure| measure.applies_to == AppliesTo::Organisation);
        measures.filter(|measure| wanted(measure)).map(|measure| measure.id.clone()).collect()
    };
    let mut ids = of(before);
    let more: Vec<String> = of(after).into_iter().filter(|id| !ids.contains(id)).collect();
    ids.extend(more);
    ids
}

fn changed_lists(base: (&Program, &Sources), draft: (&Program, &Sources)) -> BTreeSet<String> {
    let text = |(program, sources): (&Program, &Sources), id: &str| {
        let list = program.catalogue.lists.iter().find(|list| list.id == id)?;
        sources.catalogue.get(&list.at.file).cloned()
    };
    let ids = |program: &Program| program.catalogue.lists.iter().map(|list| list.id.clone()).collect::<Vec<_>>();
    let all: BTreeSet<String> = ids(base.0).into_iter().chain(ids(draft.0)).collect();
    all.into_iter().filter(|id| text(base, id) != text(draft, id)).collect()
}
