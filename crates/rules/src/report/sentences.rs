//! What a version says in words, whoever asks: its formula, its named values and the documents to bring.

use super::amount::{mentioned, reads};
use crate::ast::{LetBody, Table, Version};
use crate::diag::Text;
use crate::ir::{Node, NodeId, Program, VersionIr};
use crate::phrases::{self, Speaker};
use crate::vocabulary::Type;

/// The sentences of one version, and the facts that its amount reads.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sentences {
    /// The formula of the award, where there is one.
    pub(super) formula: Option<Text>,
    /// The named values that it uses.
    pub(super) values: Vec<Named>,
    /// The facts and fields that it reads, in reading order.
    pub(super) reads: Vec<NodeId>,
    /// What to bring.
    pub(super) documents: Vec<Text>,
}

/// A named value.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) node: NodeId,
    pub(super) ty: Type,
    pub(super) how: How,
}

/// How a named value comes about.
#[derive(Clone, Debug)]
pub(super) enum How {
    /// By a formula.
    Formula(Text),
    /// By the rows of a table: each with its clause.
    Rows(Vec<(Text, Option<String>)>),
}

impl Sentences {
    /// The sentences of a version of a measure, both by index.
    pub(crate) fn new(program: &Program, measure: u32, version: usize) -> Self {
        let of = |measure: usize| {
            let written = program.catalogue.measures.get(measure)?.versions.get(version)?;
            Some((written, program.measures.get(measure)?.versions.get(version)?))
        };
        let Some((written, compiled)) = of(measure as usize) else { return Self::default() };
        let mut sentences = Self { documents: documents(program, compiled, written), ..Self::default() };
        let (Some(formula), Some(node)) = (&written.award.amount, compiled.amount) else { return sentences };
        let speaker = Speaker::new(program);
        let mut names = Vec::new();
        mentioned(formula, written, &mut names);
        sentences.values = names
            .into_iter()
            .filter_map(|name| {
                let body = written.lets.iter().find(|(known, ..)| *known == name).map(|(_, _, body)| body)?;
                let (_, node, ty) = compiled.lets.iter().find(|(known, ..)| *known == name)?;
                let how = match body {
                    LetBody::Formula(formula) => How::Formula(speaker.say(formula)),
                    LetBody::Table(table) => rows(program, &speaker, table, *node),
                };
                Some(Named { name, node: *node, ty: *ty, how })
            })
            .collect();
        sentences.reads = reads(program, node);
        sentences.formula = Some(speaker.say(formula));
        sentences
    }
}

/// The rows of a table as sentences.
fn rows(program: &Program, speaker: &Speaker<'_>, table: &Table, node: NodeId) -> How {
    if !matches!(program.arena.get(node), Node::Table(..)) {
        return How::Formula(phrases::hit(table.hit));
    }
    let row = |row: &crate::ast::Row| {
        let (when, then) = (speaker.when(table, &row.when), speaker.say(&row.then));
        let said = Text::new(format!("{}：{}", when.zh, then.zh), format!("{}: {}", when.en, then.en));
        (said, row.cite.clone())
    };
    How::Rows(table.rows.iter().map(row).collect())
}

/// What to bring: the documents that the procedure names, and the proof of the facts that the conditions read.
fn documents(program: &Program, version: &VersionIr, written: &Version) -> Vec<Text> {
    let mut list: Vec<Text> = written.procedure.iter().flat_map(|procedure| &procedure.documents).cloned().collect();
    let mut codes: Vec<&str> = Vec::new();
    let conditions = version.eligible.iter().chain(version.each.iter().flat_map(|each| &each.conditions));
    for cond in conditions {
        let reads = cond.reads.iter().filter_map(|read| match program.arena.get(*read) {
            Node::Slot(slot) => {
                program.slots.get(*slot as usize).and_then(|slot| program.vocabulary.facts.get(slot.fact))
            }
            Node::Field { record, field } => {
                program.vocabulary.records.get(*record as usize).and_then(|r| r.fields.get(*field as usize))
            }
            _ => None,
        });
        for code in cond.evidence.iter().chain(reads.flat_map(|definition| &definition.evidence)) {
            if !codes.contains(&code.as_str()) {
                codes.push(code);
            }
        }
    }
    let evidence = program.vocabulary.codes.iter().find(|list| list.name == "evidence");
    for code in codes {
        let text = evidence
            .and_then(|list| list.values.iter().find(|(known, _)| known == code))
            .map_or_else(|| Text::new(code, code), |(_, text)| text.clone());
        // “service contract” is already asked for where the procedure names the “compute service contract”
        if !list.iter().any(|known| known.zh.contains(&text.zh)) {
            list.push(text);
        }
    }
    list
}
