//! Decision tables: their rows become conditions and values; afterwards every combination of inputs is tried, to find
//! gaps, overlaps and rows that can never be reached.

use super::{Lower, Pool};
use crate::ast::{Cell, Hit, Table};
use crate::diag::{Diagnostic, Span};
use crate::formula::BinaryOp;
use crate::ir::{Node, NodeId, TableHit};
use crate::value::{Range, Truth, UNBOUNDED, Val};
use crate::vocabulary::{Type, Vocabulary};

/// Combinations of inputs that are tried at most.
const MAX_TRIES: usize = 200_000;

/// A table that waits for its check, which needs what every input can be.
#[derive(Debug)]
pub(crate) struct Pending {
    file: String,
    span: Span,
    hit: Hit,
    inputs: Vec<(NodeId, Type)>,
    rows: Vec<(Vec<CellTest>, Span)>,
    /// A cell compares with something that is not constant, so that only a final catch-all row can close the table.
    dynamic: bool,
}

/// A cell whose values are constants.
#[derive(Clone, Debug)]
enum CellTest {
    Any,
    Between { lo: i128, lo_in: bool, hi: i128, hi_in: bool },
    Symbols(Vec<u32>, bool),
    Truth(bool, bool),
    Dynamic,
}

impl Lower<'_> {
    pub(super) fn table(&mut self, table: &Table, want: Option<Type>) -> Option<(NodeId, Type)> {
        let mut inputs = Vec::new();
        for input in &table.inputs {
            inputs.push(self.expr(input, None));
        }
        let inputs: Option<Vec<(NodeId, Type)>> = inputs.into_iter().collect();
        let inputs = inputs?;
        let mut rows: Vec<(NodeId, NodeId, Type, Span)> = Vec::new();
        let mut tests = Vec::new();
        let mut failed = false;
        for row in &table.rows {
            let mut conditions = Vec::new();
            let mut cells = Vec::new();
            for (cell, (input, ty)) in row.when.iter().zip(&inputs) {
                match self.cell(cell, *input, *ty, row.span) {
                    Some((condition, test)) => {
                        conditions.extend(condition);
                        cells.push(test);
                    }
                    None => failed = true,
                }
            }
            let when = self.all(conditions);
            match self.expr(&row.then, want.filter(|_| table.hit != Hit::Marginal)) {
                Some((then, ty)) => rows.push((when, then, ty, row.then.span)),
                None => failed = true,
            }
            tests.push((cells, row.span));
        }
        if failed {
            return None;
        }
        let dynamic = tests.iter().any(|(cells, _)| cells.iter().any(|cell| matches!(cell, CellTest::Dynamic)));
        let ty = if rows.iter().any(|(.., ty, _)| *ty == Type::Rate) { Type::Rate } else { rows.first()?.2 };
        let mut pairs = Vec::new();
        for (when, then, own, span) in rows {
            let then = if ty == Type::Rate && own == Type::Count { self.promote(then) } else { then };
            let own = if ty == Type::Rate && own == Type::Count { Type::Rate } else { own };
            let (_, then, _) = self.agree(then, ty, then, own, span)?;
            pairs.push((when, then));
        }
        self.pool.tables.push(Pending {
            file: self.file.to_owned(),
            span: table.span,
            hit: table.hit,
            inputs: inputs.clone(),
            rows: tests,
            dynamic,
        });
        if table.hit == Hit::Marginal {
            return self.marginal(table, &inputs, &pairs, ty);
        }
        let hit = match table.hit {
            Hit::Highest => TableHit::Highest,
            Hit::Sum => TableHit::Sum,
            _ => TableHit::First,
        };
        if hit != TableHit::First
            && matches!(ty, Type::Bool | Type::Code(_) | Type::Codes(_) | Type::Place | Type::Text)
        {
            self.error(
                "E0430",
                table.span,
                "highest 和 sum 表的结果应是数值",
                "the values of a `highest` or `sum` table must be numbers",
            );
            return None;
        }
        Some((self.pool.arena.add(Node::Table(hit, pairs.into_boxed_slice())), ty))
    }

    fn all(&mut self, mut conditions: Vec<NodeId>) -> NodeId {
        match conditions.len() {
            0 => self.pool.arena.constant(Val::Truth(Truth::True)),
            1 => conditions.remove(0),
            _ => self.pool.arena.add(Node::And(conditions.into_boxed_slice())),
        }
    }

    fn marginal(
        &mut self,
        table: &Table,
        inputs: &[(NodeId, Type)],
        pairs: &[(NodeId, NodeId)],
        ty: Type,
    ) -> Option<(NodeId, Type)> {
        let (input, input_type) = *inputs.first()?;
        if ty != Type::Rate || input_type != Type::Money {
            self.error(
                "E0431",
                table.span,
                "累进表的输入应是金额，结果应是比例",
                "a marginal table takes money and gives rates",
            );
            return None;
        }
        let mut bands = Vec::new();
        for (row, (_, rate)) in table.rows.iter().zip(pairs) {
            let limit = match row.when.first() {
                Some(Cell::Compare(BinaryOp::Le, limit)) => self.typed(limit, Type::Money)?,
                Some(Cell::Any) => self.pool.arena.number(UNBOUNDED),
                _ => {
                    self.push(Diagnostic::error(
                        "E0431",
                        row.span,
                        "累进表的格应为 <= 上限，最后一行为 -",
                        "a cell of a marginal table is `<= limit`, that of the last row `-`",
                    ));
                    return None;
                }
            };
            bands.push((limit, *rate));
        }
        Some((self.pool.arena.add(Node::Marginal(input, bands.into_boxed_slice())), Type::Money))
    }

    /// The condition of a cell, and its test with constants. `None` for the condition means that anything passes.
    fn cell(&mut self, cell: &Cell, input: NodeId, ty: Type, span: Span) -> Option<(Option<NodeId>, CellTest)> {
        match cell {
            Cell::Any => Some((None, CellTest::Any)),
            Cell::Compare(op, value) => {
                let node = self.typed(value, ty)?;
                let condition = self.compare(*op, input, node, ty, value.span)?;
                let test = match (self.point(node), op) {
                    (Some(v), BinaryOp::Ge) => CellTest::Between { lo: v, lo_in: true, hi: UNBOUNDED, hi_in: true },
                    (Some(v), BinaryOp::Gt) => CellTest::Between { lo: v, lo_in: false, hi: UNBOUNDED, hi_in: true },
                    (Some(v), BinaryOp::Le) => CellTest::Between { lo: -UNBOUNDED, lo_in: true, hi: v, hi_in: true },
                    (Some(v), BinaryOp::Lt) => CellTest::Between { lo: -UNBOUNDED, lo_in: true, hi: v, hi_in: false },
                    _ => CellTest::Dynamic,
                };
                Some((Some(condition), test))
            }
            Cell::Band(low, low_in, high, high_in) => {
                let (low_node, high_node) = (self.typed(low, ty), self.typed(high, ty));
                let (low_node, high_node) = (low_node?, high_node?);
                let above =
                    self.compare(if *low_in { BinaryOp::Ge } else { BinaryOp::Gt }, input, low_node, ty, low.span)?;
                let below =
                    self.compare(if *high_in { BinaryOp::Le } else { BinaryOp::Lt }, input, high_node, ty, high.span)?;
                let test = match (self.point(low_node), self.point(high_node)) {
                    (Some(lo), Some(hi)) if lo > hi => {
                        self.error("E0432", span, "区间的上端小于下端", "the band ends below its start");
                        return None;
                    }
                    (Some(lo), Some(hi)) => CellTest::Between { lo, lo_in: *low_in, hi, hi_in: *high_in },
                    _ => CellTest::Dynamic,
                };
                Some((Some(self.pool.arena.add(Node::And(Box::new([above, below])))), test))
            }
            Cell::OneOf(items) | Cell::NoneOf(items) => {
                let negated = matches!(cell, Cell::NoneOf(_));
                self.one_of(items, negated, input, ty)
            }
            Cell::Within(place) => {
                let crate::formula::ExprKind::Name(name, None) = &place.kind else {
                    self.error("E0412", place.span, "within 后应是一个地方", "`within` takes a place");
                    return None;
                };
                let outer = self.place(name, place.span)?;
                Some((Some(self.pool.arena.add(Node::Within(input, outer))), CellTest::Dynamic))
            }
        }
    }

    fn one_of(
        &mut self,
        items: &[crate::formula::Expr],
        negated: bool,
        input: NodeId,
        ty: Type,
    ) -> Option<(Option<NodeId>, CellTest)> {
        if let Type::Codes(list) = ty {
            // for a fact with several codes a cell asks whether it has one of them
            let mut bits = 0;
            for item in items {
                let crate::formula::ExprKind::Name(name, None) = &item.kind else { return None };
                bits |= 1_u64 << (self.code(list, name, item.span)? % 64);
            }
            let has = self.pool.arena.add(Node::HasAny(input, bits));
            return Some((Some(if negated { self.not(has) } else { has }), CellTest::Dynamic));
        }
        let mut nodes = Vec::new();
        for item in items {
            nodes.push((self.typed(item, ty)?, item.span));
        }
        let mut parts = Vec::new();
        for (node, span) in &nodes {
            parts.push(self.compare(BinaryOp::Eq, input, *node, ty, *span)?);
        }
        let any =
            if parts.len() == 1 { *parts.first()? } else { self.pool.arena.add(Node::Or(parts.into_boxed_slice())) };
        let condition = if negated { self.not(any) } else { any };
        let constants: Option<Vec<Val>> = nodes
            .iter()
            .map(|(node, _)| if let Node::Const(value) = self.pool.arena.get(*node) { Some(*value) } else { None })
            .collect();
        let test = match constants.as_deref() {
            Some([Val::Truth(truth)]) => CellTest::Truth(*truth == Truth::True, negated),
            Some([Val::Range(range)]) if !negated => {
                CellTest::Between { lo: range.lo, lo_in: true, hi: range.hi, hi_in: true }
            }
            Some(values) if values.iter().all(|value| value.symbol().is_some()) => {
                CellTest::Symbols(values.iter().filter_map(|value| value.symbol()).collect(), negated)
            }
            _ => CellTest::Dynamic,
        };
        Some((Some(condition), test))
    }

    fn point(&self, node: NodeId) -> Option<i128> {
        match self.pool.arena.get(node) {
            Node::Const(Val::Range(range)) if range.is_point() => Some(range.lo),
            _ => None,
        }
    }
}

/// A value to try: for numbers twice the value, plus one for “just above”.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sample {
    Number(i128),
    Symbol(u32),
    Truth(bool),
    /// Stands for whatever no row names.
    Other,
}

impl CellTest {
    fn accepts(&self, sample: Sample) -> bool {
        match (self, sample) {
            (Self::Any, _) => true,
            (Self::Between { lo, lo_in, hi, hi_in }, Sample::Number(n)) => {
                let (lo, hi) = (lo.saturating_mul(2), hi.saturating_mul(2));
                (n > lo || (*lo_in && n == lo)) && (n < hi || (*hi_in && n == hi))
            }
            (Self::Symbols(symbols, negated), Sample::Symbol(s)) => symbols.contains(&s) != *negated,
            (Self::Symbols(_, negated), _) => *negated,
            (Self::Truth(value, negated), Sample::Truth(t)) => (*value == t) != *negated,
            _ => false,
        }
    }
}

/// Tries every table: gaps, overlaps of `unique` tables, rows that are never reached. `bounds` is what a node can be
/// when nothing is known.
pub(crate) fn check_tables(
    pool: &Pool,
    vocabulary: &Vocabulary,
    bounds: &dyn Fn(NodeId) -> Val,
    findings: &mut Vec<Diagnostic>,
) {
    for table in &pool.tables {
        check(table, vocabulary, bounds, findings);
    }
}

fn check(table: &Pending, vocabulary: &Vocabulary, bounds: &dyn Fn(NodeId) -> Val, findings: &mut Vec<Diagnostic>) {
    let mut push = |finding: Diagnostic| {
        let finding = finding.in_file(&table.file);
        if !findings.contains(&finding) {
            findings.push(finding);
        }
    };
    let closed = table.rows.last().is_some_and(|(cells, _)| cells.iter().all(|cell| matches!(cell, CellTest::Any)));
    let samples: Vec<Vec<Sample>> = table
        .inputs
        .iter()
        .enumerate()
        .map(|(column, (input, ty))| {
            samples(
                table.rows.iter().filter_map(|(cells, _)| cells.get(column)),
                *ty,
                bounds(*input).range(),
                vocabulary,
            )
        })
        .collect();
    let tries = samples.iter().map(Vec::len).try_fold(1_usize, usize::checked_mul).unwrap_or(usize::MAX);
    if table.dynamic || tries > MAX_TRIES {
        if !closed && table.hit != Hit::Sum {
            push(Diagnostic::error(
                "E0433",
                table.span,
                "表格应以一行 `-` 结束",
                "the table must end with a row of `-`",
            ));
        }
        return;
    }
    let mut reached = vec![false; table.rows.len()];
    let mut gap = None;
    let mut overlap = None;
    for number in 0..tries {
        let mut rest = number;
        let combination: Vec<Sample> = samples
            .iter()
            .filter_map(|column| {
                let sample = column.get(rest % column.len().max(1)).copied();
                rest /= column.len().max(1);
                sample
            })
            .collect();
        let mut hits = table
            .rows
            .iter()
            .enumerate()
            .filter(|(_, (cells, _))| cells.iter().zip(&combination).all(|(cell, sample)| cell.accepts(*sample)))
            .map(|(row, _)| row);
        let first = hits.next();
        let second = hits.next();
        match first {
            None => gap = gap.or(Some(combination.clone())),
            Some(row) => {
                if let Some(flag) = reached.get_mut(row) {
                    *flag = true;
                }
                if matches!(table.hit, Hit::Highest | Hit::Sum) {
                    for row in second.into_iter().chain(hits) {
                        if let Some(flag) = reached.get_mut(row) {
                            *flag = true;
                        }
                    }
                } else if table.hit == Hit::Unique && second.is_some() {
                    overlap = overlap.or(second);
                }
            }
        }
    }
    if let Some(gap) = gap
        && table.hit != Hit::Sum
    {
        let example = describe(&gap, table, vocabulary);
        push(
            Diagnostic::error(
                "E0433",
                table.span,
                format!("表格有空缺：{example}"),
                format!("the table has a gap: {example}"),
            )
            .hint("请补上缺少的行，或以一行 `-` 结束", "add the missing row, or end with a row of `-`"),
        );
    }
    if let Some((_, span)) = overlap.and_then(|row| table.rows.get(row)) {
        push(Diagnostic::error("E0434", *span, "此行与前面的行重叠", "this row overlaps one before it").hint(
            "唯一命中的表不允许重叠；或改用 table: first",
            "a `unique` table allows no overlap; or use `table: first`",
        ));
    }
    for ((_, span), reached) in table.rows.iter().zip(reached) {
        if !reached {
            push(
                Diagnostic::error("E0435", *span, "此行永远不会命中", "this row can never be reached")
                    .hint("前面的行已经覆盖了它", "the rows before it cover it"),
            );
        }
    }
}

fn samples<'t>(
    cells: impl Iterator<Item = &'t CellTest>,
    ty: Type,
    bounds: Range,
    vocabulary: &Vocabulary,
) -> Vec<Sample> {
    match ty {
        Type::Bool => vec![Sample::Truth(true), Sample::Truth(false)],
        Type::Code(list) => {
            let count = vocabulary.codes.get(list as usize).map_or(0, |list| list.values.len());
            (0..u32::try_from(count).unwrap_or(0)).map(Sample::Symbol).collect()
        }
        Type::Codes(_) | Type::Place | Type::Text => {
            let mut symbols: Vec<Sample> = cells
                .filter_map(|cell| {
                    if let CellTest::Symbols(symbols, _) = cell {
                        Some(symbols.iter().map(|s| Sample::Symbol(*s)))
                    } else {
                        None
                    }
                })
                .flatten()
                .collect();
            symbols.push(Sample::Other);
            symbols
        }
        _ => {
            let mut points: Vec<i128> = cells
                .filter_map(|cell| if let CellTest::Between { lo, hi, .. } = cell { Some([*lo, *hi]) } else { None })
                .flatten()
                .collect();
            points.extend([bounds.lo, bounds.hi]);
            points.retain(|point| bounds.lo <= *point && *point <= bounds.hi);
            points.sort_unstable();
            points.dedup();
            let mut samples = Vec::new();
            for (index, point) in points.iter().enumerate() {
                samples.push(Sample::Number(point.saturating_mul(2)));
                // between two whole numbers there is nothing for counts, months and days
                let next = points.get(index + 1);
                let whole = matches!(ty, Type::Count | Type::Months | Type::Days | Type::Date);
                if let Some(next) = next
                    && !(whole && *next == point + 1)
                {
                    samples.push(Sample::Number(point.saturating_mul(2) + 1));
                }
            }
            samples
        }
    }
}

fn describe(gap: &[Sample], table: &Pending, vocabulary: &Vocabulary) -> String {
    let parts: Vec<String> = gap
        .iter()
        .zip(&table.inputs)
        .map(|(sample, (_, ty))| match sample {
            Sample::Number(n) => {
                let shown = crate::words::number(*n / 2, *ty, crate::Lang::En);
                if n % 2 == 0 { shown } else { format!("> {shown}") }
            }
            Sample::Symbol(s) => match ty {
                Type::Code(list) => vocabulary
                    .codes
                    .get(*list as usize)
                    .and_then(|l| l.values.get(*s as usize))
                    .map_or_else(|| s.to_string(), |(code, _)| code.clone()),
                _ => s.to_string(),
            },
            Sample::Truth(t) => (if *t { "yes" } else { "no" }).to_owned(),
            Sample::Other => "other".to_owned(),
        })
        .collect();
    parts.join(", ")
}
