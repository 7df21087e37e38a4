//! Checks beyond names and types: references, citations, versions, contradictions, and whether features are really used.

use std::collections::{BTreeMap, BTreeSet};

use crate::ast::{Measure, Status};
use crate::diag::{Diagnostic, Span};
use crate::eval::Bounds;
use crate::ir::{CondIr, CondShape, Node, NodeId, Order, Program};
use crate::read::Catalogue;
use crate::value::{Range, Truth};
use crate::vocabulary::Vocabulary;

/// Ids, references, citations and versions.
pub(crate) fn catalogue(catalogue: &Catalogue, vocabulary: &Vocabulary, findings: &mut Vec<Diagnostic>) {
    let mut ids: BTreeMap<(&str, &str), &crate::ast::At> = BTreeMap::new();
    let all = catalogue
        .documents
        .iter()
        .map(|d| ("document", d.id.as_str(), &d.at))
        .chain(catalogue.measures.iter().map(|m| ("measure", m.id.as_str(), &m.at)))
        .chain(catalogue.groups.iter().map(|g| ("group", g.id.as_str(), &g.at)))
        .chain(catalogue.lists.iter().map(|l| ("list", l.id.as_str(), &l.at)))
        .chain(catalogue.targets.iter().map(|t| ("target", t.id.as_str(), &t.at)));
    for (kind, id, at) in all {
        if let Some(first) = ids.insert((kind, id), at) {
            findings.push(
                Diagnostic::error(
                    "E0501",
                    at.span,
                    format!("编号 `{id}` 重复"),
                    format!("the id `{id}` is used twice"),
                )
                .hint(format!("另一处在 {}", first.file), format!("also in {}", first.file))
                .in_file(&at.file),
            );
        }
    }
    let refers = catalogue
        .measures
        .iter()
        .map(|m| (&m.document, &m.at))
        .chain(catalogue.groups.iter().map(|g| (&g.document, &g.at)))
        .chain(catalogue.lists.iter().map(|l| (&l.document, &l.at)))
        .chain(catalogue.targets.iter().map(|t| (&t.document, &t.at)));
    for (document, at) in refers {
        if !catalogue.documents.iter().any(|known| known.id == *document) {
            let near = domain::text::nearest(document, catalogue.documents.iter().map(|d| d.id.as_str()));
            findings.push(
                Diagnostic::error(
                    "E0502",
                    at.span,
                    format!("没有文件 `{document}`"),
                    format!("there is no document `{document}`"),
                )
                .nearest(near)
                .in_file(&at.file),
            );
        }
    }
    for measure in &catalogue.measures {
        one(measure, vocabulary, findings);
    }
}

fn one(measure: &Measure, vocabulary: &Vocabulary, findings: &mut Vec<Diagnostic>) {
    let mut push = |finding: Diagnostic| findings.push(finding.in_file(&measure.at.file));
    let span = measure.at.span;
    let topics = vocabulary.codes.iter().find(|list| list.name == "topic");
    if let Some(topics) = topics
        && topics.index(&measure.topic).is_none()
    {
        let near = domain::text::nearest(&measure.topic, topics.values.iter().map(|(code, _)| code.as_str()));
        let span = measure.root.get("topic").map_or(span, |topic| topic.span);
        push(
            Diagnostic::error(
                "E0410",
                span,
                format!("代码表 `topic` 中没有 `{}`", measure.topic),
                format!("the code list `topic` has no `{}`", measure.topic),
            )
            .nearest(near),
        );
    }
    let cited = measure.clause.is_some()
        || measure
            .versions
            .iter()
            .any(|version| version.award.cite.is_some() || version.eligible.iter().any(|cond| cond.cite.is_some()));
    if !cited && measure.note.is_none() {
        push(Diagnostic::error("E0503", span, "没有引用条款", "no clause is cited").hint(
            "请写 clause 或 cite；来源未载条款的，请在 note 中说明",
            "write `clause` or `cite`; where the source names none, say so in `note`",
        ));
    }
    let known_evidence = |code: &str| {
        vocabulary.codes.iter().find(|list| list.name == "evidence").is_none_or(|list| list.index(code).is_some())
    };
    for version in &measure.versions {
        for cond in version.eligible.iter().chain(version.each.iter().flat_map(|each| &each.conditions)) {
            for code in &cond.evidence {
                if !known_evidence(code) {
                    push(Diagnostic::error(
                        "E0114",
                        cond.span,
                        format!("代码表 `evidence` 中没有 `{code}`"),
                        format!("the code list `evidence` has no `{code}`"),
                    ));
                }
            }
        }
        if let Some(status) = &version.award.gives
            && vocabulary
                .codes
                .iter()
                .find(|list| list.name == "status")
                .is_some_and(|list| list.index(status).is_none())
        {
            push(Diagnostic::error(
                "E0410",
                version.award.span,
                format!("代码表 `status` 中没有 `{status}`"),
                format!("the code list `status` has no `{status}`"),
            ));
        }
    }
    let mut in_force: Vec<_> = measure.versions.iter().filter(|version| version.status == Status::InForce).collect();
    in_force.sort_by_key(|version| (version.in_force.from(), version.known_from));
    for (before, after) in in_force.iter().zip(in_force.iter().skip(1)) {
        let overlap = before.in_force.overlaps(after.in_force);
        if overlap && before.known_from == after.known_from {
            push(Diagnostic::error(
                "E0504",
                after.span,
                "两个版本同时有效且公布日期相同",
                "two versions are in force at the same time and were published on the same day",
            ));
        }
        let next_day = before.in_force.to().and_then(|to| to.checked_add_days(1));
        if !overlap && next_day.is_some() && next_day != after.in_force.from() && measure.note.is_none() {
            push(
                Diagnostic::warning(
                    "W0505",
                    after.span,
                    "与上一版本之间有空档",
                    "there is a gap after the version before",
                )
                .hint("如确有空档，请在 note 中说明", "if the gap is real, say so in `note`"),
            );
        }
    }
    if measure.cases.len() < 3 && measure.versions.iter().any(|version| version.status == Status::InForce) {
        push(Diagnostic::warning(
            "W0506",
            span,
            format!("只有 {} 个用例(至少 3 个：符合、不符合、待补充)", measure.cases.len()),
            format!("only {} cases (at least 3: gets it, does not, undetermined)", measure.cases.len()),
        ));
    }
    let discretion = measure
        .versions
        .iter()
        .any(|version| version.award.amount.as_ref().is_some_and(mentions_discretion) && version.award.open.is_none());
    if discretion {
        push(Diagnostic::warning(
            "W0507",
            span,
            "金额有裁量，但没有写明未决问题(award.open)",
            "the amount has discretion, but `award.open` does not say what is open",
        ));
    }
}

fn mentions_discretion(expr: &crate::formula::Expr) -> bool {
    let mut found = false;
    expr.walk(&mut |part| {
        found |= match &part.kind {
            crate::formula::ExprKind::UpTo(_) | crate::formula::ExprKind::AtLeast(_) => true,
            crate::formula::ExprKind::Call(name, ..) => name == "between",
            _ => false,
        };
    });
    found
}

/// Conditions of one conjunction that can never hold together, or that can never hold at all.
pub(crate) fn contradictions(program: &Program, bounds: &Bounds<'_>, findings: &mut Vec<Diagnostic>) {
    for (measure, source) in program.measures.iter().zip(&program.catalogue.measures) {
        for version in &measure.versions {
            let mut seen = Seen::default();
            conjunction(&version.eligible, program, bounds, &mut seen, &source.at.file, findings);
            if let Some(each) = &version.each {
                conjunction(&each.conditions, program, bounds, &mut seen, &source.at.file, findings);
            }
        }
    }
}

#[derive(Default)]
struct Seen {
    ranges: BTreeMap<NodeId, (Range, Span)>,
    sets: BTreeMap<NodeId, (BTreeSet<u32>, Span)>,
}

fn conjunction(
    conditions: &[CondIr],
    program: &Program,
    bounds: &Bounds<'_>,
    seen: &mut Seen,
    file: &str,
    findings: &mut Vec<Diagnostic>,
) {
    for cond in conditions {
        if bounds.of(cond.node).truth() == Truth::False {
            findings.push(
                Diagnostic::error("E0510", cond.span, "这个条件永远不可能成立", "this condition can never hold")
                    .hint("它与事实的取值范围矛盾", "it contradicts the declared range of its facts")
                    .in_file(file),
            );
            continue;
        }
        match cond.shape {
            CondShape::All => conjunction(&cond.children, program, bounds, seen, file, findings),
            CondShape::Leaf => atoms(cond.node, cond.span, program, bounds, seen, file, findings),
            CondShape::Any | CondShape::Not | CondShape::Unless => {}
        }
    }
}

fn atoms(
    node: NodeId,
    span: Span,
    program: &Program,
    bounds: &Bounds<'_>,
    seen: &mut Seen,
    file: &str,
    findings: &mut Vec<Diagnostic>,
) {
    let arena = &program.arena;
    let constant = |node: NodeId| if let Node::Const(value) = arena.get(node) { Some(*value) } else { None };
    let (subject, allowed) = match arena.get(node) {
        Node::And(items) => {
            for item in items {
                atoms(*item, span, program, bounds, seen, file, findings);
            }
            return;
        }
        Node::Compare(order, a, b) => match (constant(*a), constant(*b)) {
            (None, Some(limit)) => {
                let limit = limit.range();
                let hi = if *order == Order::Lt { limit.hi - 1 } else { limit.hi };
                let lo = if *order == Order::Eq { limit.lo } else { Range::ANY.lo };
                (*a, Allowed::Range(Range { lo, hi }))
            }
            (Some(limit), None) => {
                let limit = limit.range();
                let lo = if *order == Order::Lt { limit.lo + 1 } else { limit.lo };
                let hi = if *order == Order::Eq { limit.hi } else { Range::ANY.hi };
                (*b, Allowed::Range(Range { lo, hi }))
            }
            _ => return,
        },
        Node::Same(a, b) => match constant(*b).and_then(|value| value.symbol()) {
            Some(symbol) => (*a, Allowed::Set(BTreeSet::from([symbol]))),
            None => return,
        },
        Node::OneOf(a, set) => (*a, Allowed::Set(set.iter().copied().collect())),
        _ => return,
    };
    let contradicts = match allowed {
        Allowed::Range(range) => {
            let (known, first) = *seen.ranges.entry(subject).or_insert((bounds.of(subject).range(), span));
            let both = Range { lo: known.lo.max(range.lo), hi: known.hi.min(range.hi) };
            seen.ranges.insert(subject, (both, first));
            (both.lo > both.hi).then_some(first)
        }
        Allowed::Set(set) => match seen.sets.get_mut(&subject) {
            None => {
                seen.sets.insert(subject, (set, span));
                None
            }
            Some((known, first)) => {
                *known = known.intersection(&set).copied().collect();
                known.is_empty().then_some(*first)
            }
        },
    };
    if let Some(first) = contradicts {
        findings.push(
            Diagnostic::error("E0511", span, "这个条件与另一个条件矛盾", "this condition contradicts another")
                .hint(format!("见第 {} 行", first.line), format!("see line {}", first.line))
                .in_file(file),
        );
    }
}

enum Allowed {
    Range(Range),
    Set(BTreeSet<u32>),
}

/// Whether the features that a measure says it uses can be found in it.
pub(crate) fn features(program: &Program, findings: &mut Vec<Diagnostic>) {
    for (measure, ir) in program.catalogue.measures.iter().zip(&program.measures) {
        for (feature, span) in &measure.features {
            if !crate::features::uses(*feature, measure, ir, program) {
                let title = crate::features::title(*feature);
                findings.push(
                    Diagnostic::error(
                        "E0520",
                        *span,
                        format!("未找到第 {feature} 项特征“{}”的用法", title.zh),
                        format!("the measure does not use feature {feature}, “{}”", title.en),
                    )
                    .in_file(&measure.at.file),
                );
            }
        }
    }
}
