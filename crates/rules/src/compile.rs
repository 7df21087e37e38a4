//! The catalogue as written becomes the typed program: references are resolved, conditions and awards lowered, and
//! everything that can be checked is checked.

use std::collections::{BTreeMap, BTreeSet};

use domain::Period;

use crate::ast::{
    AwardKind, Cond, CondKind, Group, Measure, MeasureRef, Outcome, Round, Stacking, StackingKind, Version,
};
use crate::diag::{Diagnostic, Span, Text};
use crate::ir::{
    CeilingIr, CondIr, CondShape, EachIr, GroupIr, GroupRule, LimitIr, ListIr, MeasureIr, Node, NodeId, PriorAwards,
    Program, Review, StackingIr, VersionIr,
};
use crate::lower::{Lower, Pool, check_tables, unknown};
use crate::read::Catalogue;
use crate::value::{Truth, Val};
use crate::vocabulary::{Type, Vocabulary};
use crate::words::{self, Words};

/// Checks a catalogue against its vocabulary. The program holds whatever could be understood; it may be run only when no
/// finding is an error.
#[must_use]
pub fn compile(vocabulary: Vocabulary, catalogue: Catalogue) -> (Program, Vec<Diagnostic>) {
    let mut findings = Vec::new();
    let mut pool = Pool::default();
    let measures: BTreeMap<String, u32> =
        catalogue.measures.iter().zip(0_u32..).map(|(measure, index)| (measure.id.clone(), index)).collect();
    let list_names: Vec<(String, Text)> =
        catalogue.lists.iter().map(|list| (list.id.clone(), list.name.clone())).collect();
    let measure_names: Vec<(String, Text)> =
        catalogue.measures.iter().map(|measure| (measure.id.clone(), measure.name.clone())).collect();
    crate::check::catalogue(&catalogue, &vocabulary, &mut findings);

    let mut compiled = Vec::new();
    let mut uses: Vec<BTreeSet<u32>> = Vec::new();
    for measure in &catalogue.measures {
        let mut used = BTreeSet::new();
        let versions = measure
            .versions
            .iter()
            .filter_map(|version| {
                let words = Words { vocabulary: &vocabulary, list_names: &list_names, measure_names: &measure_names };
                let lower =
                    Lower::new(&vocabulary, &mut pool, &mut findings, &measures, &measure.at.file, &version.lets);
                Compiler { measure_id: &measure.id, catalogue: &catalogue, words, lower }
                    .version(measure, version, &mut used)
            })
            .collect();
        compiled.push(MeasureIr { applies_to: measure.applies_to, versions });
        uses.push(used);
    }
    report_cycles(&catalogue, &uses, &mut findings);

    let mut groups = Vec::new();
    for group in &catalogue.groups {
        let words = Words { vocabulary: &vocabulary, list_names: &list_names, measure_names: &measure_names };
        let lower = Lower::new(&vocabulary, &mut pool, &mut findings, &measures, &group.at.file, &[]);
        groups.push(Compiler { measure_id: &group.id, catalogue: &catalogue, words, lower }.group(group));
    }

    let codes = |ty: Type| match ty {
        Type::Codes(list) => vocabulary.codes.get(list as usize).map_or(0, |list| list.values.len()),
        _ => 0,
    };
    let field_defaults = vocabulary
        .records
        .iter()
        .map(|record| record.fields.iter().map(|field| unknown(field, codes(field.ty))).collect())
        .collect();
    let slot_defaults = pool
        .slots
        .iter()
        .filter_map(|slot| vocabulary.facts.get(slot.fact))
        .map(|fact| unknown(fact, codes(fact.ty)))
        .collect();
    let lists = catalogue
        .lists
        .iter()
        .map(|list| {
            let entries = list
                .entries
                .iter()
                .map(|entry| {
                    (pool.text(&entry.member), entry.scope.as_ref().map(|scope| pool.text(scope)), entry.period)
                })
                .collect();
            ListIr { id: list.id.clone(), complete: list.complete, entries }
        })
        .collect();
    let tables = std::mem::take(&mut pool.tables);
    let mut program = Program {
        vocabulary,
        catalogue,
        arena: std::mem::take(&mut pool.arena),
        slots: std::mem::take(&mut pool.slots),
        reviews: std::mem::take(&mut pool.reviews),
        texts: std::mem::take(&mut pool.texts),
        lists,
        measures: compiled,
        groups,
        field_defaults,
        slot_defaults,
        prepared: std::sync::OnceLock::new(),
    };
    pool.tables = tables;
    {
        let bounds = crate::eval::Bounds::new(&program);
        check_tables(&pool, &program.vocabulary, &|node| bounds.of(node), &mut findings);
        crate::check::contradictions(&program, &bounds, &mut findings);
    }
    crate::check::features(&program, &mut findings);
    if findings.iter().any(|f| f.severity == crate::diag::Severity::Error) && !uses_are_sound(&uses) {
        program.measures.clear();
    }
    findings.sort_by(|a, b| (&a.file, a.line, a.column, a.code).cmp(&(&b.file, b.line, b.column, b.code)));
    (program, findings)
}

fn uses_are_sound(uses: &[BTreeSet<u32>]) -> bool {
    (0..uses.len()).all(|start| !reaches_itself(uses, start) && chain(uses, start) <= MAX_CHAIN)
}

fn reaches_itself(uses: &[BTreeSet<u32>], start: usize) -> bool {
    let mut seen = BTreeSet::new();
    let mut open: Vec<u32> = uses.get(start).map(|set| set.iter().copied().collect()).unwrap_or_default();
    while let Some(next) = open.pop() {
        if next as usize == start {
            return true;
        }
        if seen.insert(next)
            && let Some(set) = uses.get(next as usize)
        {
            open.extend(set);
        }
    }
    false
}

/// How many measures may ask for each other in a row.
const MAX_CHAIN: usize = 64;

/// The longest row of measures that begins with one; rows longer than the limit count as the limit and one.
fn chain(uses: &[BTreeSet<u32>], start: usize) -> usize {
    let mut row: BTreeSet<u32> = uses.get(start).cloned().unwrap_or_default();
    let mut length = 1;
    while !row.is_empty() && length <= MAX_CHAIN {
        length += 1;
        row = row.iter().filter_map(|next| uses.get(*next as usize)).flatten().copied().collect();
    }
    length
}

fn report_cycles(catalogue: &Catalogue, uses: &[BTreeSet<u32>], findings: &mut Vec<Diagnostic>) {
    for (index, measure) in catalogue.measures.iter().enumerate() {
        let (code, zh, en) = if reaches_itself(uses, index) {
            ("E0440", "间接依赖自身".to_owned(), "depends on itself through others".to_owned())
        } else if chain(uses, index) > MAX_CHAIN {
            (
                "E0446",
                format!("依赖的其他措施过多（最多连续 {MAX_CHAIN} 项）"),
                format!("rests on too long a row of others (at most {MAX_CHAIN})"),
            )
        } else {
            continue;
        };
        let (zh, en) = (format!("措施 `{}` {zh}", measure.id), format!("the measure `{}` {en}", measure.id));
        findings.push(Diagnostic::error(code, measure.at.span, zh, en).in_file(&measure.at.file));
    }
}

struct Compiler<'a> {
    measure_id: &'a str,
    catalogue: &'a Catalogue,
    words: Words<'a>,
    lower: Lower<'a>,
}

impl Compiler<'_> {
    fn version(&mut self, measure: &Measure, version: &Version, used: &mut BTreeSet<u32>) -> Option<VersionIr> {
        let each_record = version.each.as_ref().and_then(|each| {
            let record = self.lower.vocabulary.record(&each.record);
            if record.is_none() {
                let near =
                    domain::text::nearest(&each.record, self.lower.vocabulary.records.iter().map(|r| r.name.as_str()))
                        .map(str::to_owned);
                self.lower.push(
                    Diagnostic::error(
                        "E0427",
                        each.span,
                        format!("没有记录 `{}`", each.record),
                        format!("there is no record `{}`", each.record),
                    )
                    .nearest(near.as_deref()),
                );
            }
            record
        });
        let eligible: Vec<CondIr> = version.eligible.iter().filter_map(|cond| self.condition(cond)).collect();
        let gate = self.gate(&eligible);
        self.lower.records.extend(each_record);
        let each = version.each.as_ref().zip(each_record).map(|(each, record)| {
            let conditions: Vec<CondIr> = each.conditions.iter().filter_map(|cond| self.condition(cond)).collect();
            let gate = self.gate(&conditions);
            EachIr { record: u16::try_from(record).unwrap_or(0), conditions, gate }
        });
        let lets = version.lets.iter().filter_map(|(name, span, _)| {
            let expr = crate::formula::Expr { span: *span, kind: crate::formula::ExprKind::Name(name.clone(), None) };
            self.lower.expr(&expr, None).map(|(node, ty)| (name.clone(), node, ty))
        });
        let lets: Vec<_> = lets.collect();
        let amount_type = match version.award.kind {
            AwardKind::Money | AwardKind::TaxBase => Type::Money,
            AwardKind::Months => Type::Months,
            AwardKind::Days => Type::Days,
            AwardKind::Area => Type::Quantity(domain::Unit::SquareMetre),
            AwardKind::CardHours => Type::Quantity(domain::Unit::CardHour),
            AwardKind::RentFactor => Type::Rate,
            AwardKind::Status | AwardKind::Nomination => Type::Count,
        };
        let award = &version.award;
        let amount = match (&award.amount, &version.round) {
            // nobody is sure of one of a limited number of places
            (Some(amount), Some(Round::Quota { .. })) => self.lower.typed(amount, amount_type).map(|amount| {
                let zero = self.lower.pool.arena.number(0);
                self.lower.pool.arena.add(Node::Discretion(zero, amount))
            }),
            (Some(amount), _) => self.lower.typed(amount, amount_type),
            (None, Some(round)) => self.round_amount(round, amount_type),
            (None, None) => None,
        };
        if amount.is_none()
            && award.amount.is_none()
            && award.kind != AwardKind::Status
            && !matches!(&version.round, Some(Round::Rank { .. } | Round::Grades { .. } | Round::Tiers { .. }))
        {
            self.lower.error("E0441", award.span, "缺少 amount", "`amount` is missing");
        }
        let at_least = award.at_least.as_ref().and_then(|expr| self.lower.typed(expr, amount_type));
        let refuse_below = award.refuse_below.as_ref().and_then(|expr| self.lower.typed(expr, amount_type));
        let record_name = version.each.as_ref().map(|each| each.record.clone());
        let limits = award
            .limits
            .iter()
            .filter_map(|limit| {
                let at_most = self.lower.typed(&limit.at_most, amount_type)?;
                let per_record = limit
                    .per
                    .iter()
                    .any(|per| Some(per) == record_name.as_ref() || matches!(per.as_str(), "record" | "item"));
                let prior = if per_record {
                    PriorAwards::None
                } else if limit.per.iter().any(|per| per == "year") {
                    PriorAwards::Year
                } else if limit.per.iter().any(|per| per == "lifetime") {
                    PriorAwards::Lifetime
                } else {
                    PriorAwards::None
                };
                let received = if prior == PriorAwards::None || amount_type != Type::Money {
                    None
                } else {
                    self.lower.prior_awards(&measure.id, prior == PriorAwards::Year)
                };
                Some(LimitIr { per_record, prior, at_most, received })
            })
            .collect();
        let stacking = version.stacking.iter().filter_map(|rule| self.stacking(rule)).collect();
        let round_by = match &version.round {
            Some(Round::Rank { by, .. } | Round::Quota { by: Some(by), .. } | Round::Grades { by: Some(by), .. }) => {
                self.lower.expr(by, None).map(|(node, _)| node)
            }
            _ => None,
        };
        let round_amounts = self.round_amounts(version.round.as_ref(), round_by, amount_type);
        self.lower.award = true;
        let payout = award
            .payout
            .iter()
            .map(|part| part.amount.as_ref().and_then(|expr| self.lower.typed(expr, amount_type)))
            .collect();
        self.lower.award = false;
        self.lower.records.clear();
        if let Some(budget) = version.budget.as_ref().and_then(|budget| budget.at_most.as_ref()) {
            self.lower.typed(budget, Type::Money);
        }
        used.extend(self.lower.uses.drain(..));
        Some(VersionIr {
            in_force: version.in_force,
            known_from: version.known_from,
            status: version.status,
            window: version
                .procedure
                .as_ref()
                .and_then(|procedure| procedure.window)
                .filter(|window| *window != Period::ALWAYS),
            eligible,
            gate,
            each,
            kind: award.kind,
            amount_type,
            amount,
            at_least,
            refuse_below,
            round: award.round,
            limits,
            payout,
            stacking,
            lets,
            round_by,
            round_amounts,
        })
    }

    /// The range of an amount that is settled in a round.
    fn round_amount(&mut self, round: &Round, ty: Type) -> Option<NodeId> {
        let zero = self.lower.pool.arena.number(0);
        match round {
            Round::Rank { places, .. } => {
                let nodes: Vec<NodeId> = places.iter().filter_map(|(_, amount)| self.lower.typed(amount, ty)).collect();
                let high = self.lower.pool.arena.add(Node::Max(nodes.into_boxed_slice()));
                Some(self.lower.pool.arena.add(Node::Discretion(zero, high)))
            }
            Round::Grades { by, grades } => {
                let amounts: Vec<NodeId> =
                    grades.iter().filter_map(|(_, _, amount)| self.lower.typed(amount, ty)).collect();
                let published = grades.iter().all(|(_, from, _)| from.is_some());
                if let (Some(by), true) = (by, published) {
                    let (score, score_type) = self.lower.expr(by, None)?;
                    let mut rows = Vec::new();
                    for ((_, from, _), amount) in grades.iter().zip(&amounts) {
                        let from = self.lower.typed(from.as_ref()?, score_type)?;
                        rows.push((
                            self.lower.pool.arena.add(Node::Compare(crate::ir::Order::Le, from, score)),
                            *amount,
                        ));
                    }
                    let always = self.lower.pool.arena.constant(Val::Truth(Truth::True));
                    rows.push((always, zero));
                    return Some(
                        self.lower.pool.arena.add(Node::Table(crate::ir::TableHit::First, rows.into_boxed_slice())),
                    );
                }
                let low = self.lower.pool.arena.add(Node::Min(amounts.clone().into_boxed_slice()));
                let high = self.lower.pool.arena.add(Node::Max(amounts.into_boxed_slice()));
                Some(self.lower.pool.arena.add(Node::Discretion(low, high)))
            }
            Round::Tiers { floor, cap, .. } => {
                let (low, high) = (self.lower.typed(floor, ty), self.lower.typed(cap, ty));
                Some(self.lower.pool.arena.add(Node::Discretion(low?, high?)))
            }
            Round::Quota { .. } | Round::ProRata | Round::Tournament { .. } => None,
        }
    }

    /// What the places or grades of a round are worth.
    fn round_amounts(&mut self, round: Option<&Round>, by: Option<NodeId>, ty: Type) -> Vec<NodeId> {
        match round {
            Some(Round::Rank { places, .. }) => {
                places.iter().filter_map(|(_, amount)| self.lower.typed(amount, ty)).collect()
            }
            Some(Round::Grades { grades, .. }) => {
                let mut nodes = Vec::new();
                for (_, from, amount) in grades {
                    let least = from
                        .as_ref()
                        .filter(|_| by.is_some())
                        .and_then(|from| self.lower.expr(from, None))
                        .map(|(node, _)| node);
                    let Some(amount) = self.lower.typed(amount, ty) else { continue };
                    nodes.push(least.unwrap_or_else(|| self.lower.pool.arena.number(-crate::value::UNBOUNDED)));
                    nodes.push(amount);
                }
                nodes
            }
            _ => Vec::new(),
        }
    }

    fn gate(&mut self, conditions: &[CondIr]) -> NodeId {
        let nodes: Vec<NodeId> = conditions.iter().map(|cond| cond.node).collect();
        self.all(nodes)
    }

    fn all(&mut self, nodes: Vec<NodeId>) -> NodeId {
        match nodes.as_slice() {
            [] => self.lower.pool.arena.constant(Val::Truth(Truth::True)),
            [one] => *one,
            _ => self.lower.pool.arena.add(Node::And(nodes.into_boxed_slice())),
        }
    }

    fn condition(&mut self, cond: &Cond) -> Option<CondIr> {
        let plain = self.plain(cond)?;
        let Some(unless) = &cond.unless else { return Some(plain) };
        let waiver = self.condition(unless)?;
        let node = self.lower.pool.arena.add(Node::Or(Box::new([plain.node, waiver.node])));
        let label =
            Text::new(format!("{}(满足豁免条件的除外)", plain.label.zh), format!("{} (unless waived)", plain.label.en));
        Some(CondIr {
            id: plain.id.clone(),
            node,
            shape: CondShape::Unless,
            label,
            cite: plain.cite.clone(),
            evidence: Vec::new(),
            reads: self.reads(node),
            span: cond.span,
            children: vec![plain, waiver],
        })
    }

    fn plain(&mut self, cond: &Cond) -> Option<CondIr> {
        let (node, shape, children) = match &cond.kind {
            CondKind::All(inner) | CondKind::Any(inner) => {
                let parts: Vec<CondIr> = inner.iter().filter_map(|cond| self.condition(cond)).collect();
                let nodes: Vec<NodeId> = parts.iter().map(|part| part.node).collect();
                match &cond.kind {
                    CondKind::All(_) => (self.all(nodes), CondShape::All, parts),
                    _ => (self.lower.pool.arena.add(Node::Or(nodes.into_boxed_slice())), CondShape::Any, parts),
                }
            }
            CondKind::Not(inner) => {
                let inner = self.condition(inner)?;
                let node = self.lower.not(inner.node);
                (node, CondShape::Not, vec![inner])
            }
            CondKind::Formula(formula) => (self.lower.typed(formula, Type::Bool)?, CondShape::Leaf, Vec::new()),
            CondKind::Listed { member, list, on, scope } => {
                let index = self.catalogue.lists.iter().position(|known| known.id == *list);
                if index.is_none() {
                    let near = domain::text::nearest(list, self.catalogue.lists.iter().map(|l| l.id.as_str()))
                        .map(str::to_owned);
                    self.lower.push(
                        Diagnostic::error(
                            "E0442",
                            cond.span,
                            format!("没有名单 `{list}`"),
                            format!("there is no list `{list}`"),
                        )
                        .nearest(near.as_deref()),
                    );
                }
                let member = self.lower.typed(member, Type::Text);
                let on = match on {
                    Some(on) => self.lower.typed(on, Type::Date),
                    None => Some(self.lower.pool.arena.add(Node::On)),
                };
                let scope = match scope {
                    Some(scope) => Some(self.scope(scope)?),
                    None => None,
                };
                let list = u32::try_from(index?).ok()?;
                (
                    self.lower.pool.arena.add(Node::Listed { list, member: member?, on: on?, scope }),
                    CondShape::Leaf,
                    Vec::new(),
                )
            }
            CondKind::Review { key, by } => {
                let review = Review {
                    key: format!("{}#{key}", self.measure_id),
                    by: by.clone(),
                    label: cond.label.clone().unwrap_or_default(),
                };
                (self.lower.pool.review(review), CondShape::Leaf, Vec::new())
            }
            CondKind::Measure { id, outcome } => {
                let index = self.lower.measure_id(id, cond.span)?;
                self.lower.uses.push(index);
                let eligible = self.lower.pool.arena.add(Node::OutcomeOf(index, Outcome::Eligible));
                (
                    if *outcome == Outcome::Eligible { eligible } else { self.lower.not(eligible) },
                    CondShape::Leaf,
                    Vec::new(),
                )
            }
        };
        let evidence = cond.evidence.clone();
        Some(CondIr {
            id: cond.id.clone(),
            node,
            shape,
            children,
            label: words::condition(cond, &self.words),
            cite: cond.cite.clone(),
            evidence,
            reads: self.reads(node),
            span: cond.span,
        })
    }

    /// The scope of a list's entry as a text.
    fn scope(&mut self, scope: &crate::formula::Expr) -> Option<NodeId> {
        let (node, ty) = self.lower.expr(scope, None)?;
        match ty {
            Type::Text => Some(node),
            Type::Code(list) => {
                let codes: Vec<String> = self
                    .lower
                    .vocabulary
                    .codes
                    .get(list as usize)?
                    .values
                    .iter()
                    .map(|(code, _)| code.clone())
                    .collect();
                let texts: Vec<u32> = codes.iter().map(|code| self.lower.pool.text(code)).collect();
                Some(self.lower.pool.arena.add(Node::CodeText(node, texts.into_boxed_slice())))
            }
            _ => {
                self.lower.error("E0445", scope.span, "范围应是代码或文字", "a scope is a code or a text");
                None
            }
        }
    }

    /// The facts, fields and decisions below a node.
    fn reads(&self, node: NodeId) -> Vec<NodeId> {
        let mut found = BTreeSet::new();
        let mut order = Vec::new();
        let mut open = vec![node];
        let mut seen = BTreeSet::new();
        while let Some(next) = open.pop() {
            if !seen.insert(next) {
                continue;
            }
            let node = self.lower.pool.arena.get(next);
            if matches!(node, Node::Slot(_) | Node::Field { .. } | Node::Review(_)) && found.insert(next) {
                order.push(next);
            }
            let mut children = Vec::new();
            node.children(&mut |child| children.push(child));
            open.extend(children.into_iter().rev());
        }
        order
    }

    /// The measures that references stand for, without the one that refers.
    fn references(&mut self, references: &[MeasureRef]) -> Vec<u32> {
        let mut found = BTreeSet::new();
        for reference in references {
            match reference {
                MeasureRef::Id(id, span) => found.extend(self.lower.measure_id(id, *span)),
                MeasureRef::Tag(tag, span) => {
                    let with: Vec<u32> = self
                        .catalogue
                        .measures
                        .iter()
                        .zip(0_u32..)
                        .filter(|(measure, _)| measure.tags.contains(tag))
                        .map(|(_, index)| index)
                        .collect();
                    if with.is_empty() {
                        let near = domain::text::nearest(
                            tag,
                            self.catalogue.measures.iter().flat_map(|m| m.tags.iter().map(String::as_str)),
                        )
                        .map(|tag| format!("tag:{tag}"));
                        self.lower.push(
                            Diagnostic::error(
                                "E0443",
                                *span,
                                format!("没有带标签 `{tag}` 的措施"),
                                format!("no measure has the tag `{tag}`"),
                            )
                            .nearest(near.as_deref()),
                        );
                    }
                    found.extend(with);
                }
            }
        }
        let own = self.lower.measures.get(self.measure_id);
        found.into_iter().filter(|index| Some(index) != own).collect()
    }

    fn stacking(&mut self, rule: &Stacking) -> Option<StackingIr> {
        Some(match &rule.kind {
            StackingKind::Exclusive { others, highest } => {
                StackingIr::Exclusive { others: self.references(others), highest: *highest }
            }
            StackingKind::Ladder { name, received } => {
                StackingIr::Ladder { name: name.clone(), received: self.money(received.as_ref()) }
            }
            StackingKind::Ceiling { at_most, over, received, own_counts } => StackingIr::Ceiling(CeilingIr {
                at_most: self.lower.typed(at_most, Type::Money)?,
                over: self.references(over),
                received: self.money(received.as_ref()),
                own_counts: *own_counts,
            }),
            StackingKind::Permits(others) => StackingIr::Permits(self.references(others)),
            StackingKind::Cap { .. } | StackingKind::Pool { .. } => {
                self.wrong_place(rule.span);
                return None;
            }
        })
    }

    fn money(&mut self, expr: Option<&crate::formula::Expr>) -> Option<NodeId> {
        expr.and_then(|expr| self.lower.typed(expr, Type::Money))
    }

    fn wrong_place(&mut self, span: Span) {
        self.lower.push(Diagnostic::error("E0444", span, "这条规则不属于这里", "this rule does not belong here").hint(
            "cap 和 pool 写在 group 文件中；ladder、ceiling 和 permits 写在措施中",
            "`cap` and `pool` stand in a group file; `ladder`, `ceiling` and `permits` in a measure",
        ));
    }

    fn group(&mut self, group: &Group) -> GroupIr {
        let mut rules = Vec::new();
        for (index, rule) in group.rules.iter().enumerate() {
            let compiled = match &rule.kind {
                StackingKind::Cap { at_most, over, received, .. } => {
                    let at_most = self.lower.typed(at_most, Type::Money);
                    let over = self.references(over);
                    let received = self.money(received.as_ref());
                    at_most.map(|at_most| GroupRule::Cap { at_most, over, received })
                }
                StackingKind::Exclusive { others, highest } => {
                    Some(GroupRule::Exclusive { over: self.references(others), highest: *highest })
                }
                StackingKind::Pool { at_most, over } => {
                    let at_most = self.lower.typed(at_most, Type::Money);
                    let over = self.references(over);
                    at_most.map(|at_most| GroupRule::Pool { at_most, over })
                }
                StackingKind::Ladder { .. } | StackingKind::Ceiling { .. } | StackingKind::Permits(_) => {
                    self.wrong_place(rule.span);
                    None
                }
            };
            rules.extend(compiled.map(|rule| (index, rule)));
        }
        GroupIr { in_force: group.in_force, known_from: group.known_from, rules }
    }
}
