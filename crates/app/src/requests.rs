//! What programs ask: requests as JSON, read and checked as a whole, so that the sender learns of every mistake at once.

use std::collections::{BTreeMap, BTreeSet};

use domain::Date;
use rules::bind::Dates;
use rules::diag::{Diagnostic, Span, Text};
use rules::ir::Program;
use rules::party::{self, PartyFile};
use rules::reader::{Reader, check_keys};
use rules::report::Assessment;
use rules::yaml::{Kind, Node};

use crate::interview::Key;
use crate::{Kapok, json};

/// How many records a party in a request has at most, over all kinds of record.
pub const MAX_RECORDS: usize = 1000;

/// How many items a list in a request, outside the party, has at most.
pub const MAX_ITEMS: usize = 1000;

/// How many mistakes are told at most; they are counted beyond.
pub const MAX_MISTAKES: usize = 100;

/// A party with the dates to assess it at.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The party, with the dates that its file names.
    pub file: PartyFile,
    /// The date whose law applies, where the request names one.
    pub on: Option<Date>,
    /// The date as known on, where the request names one.
    pub known_on: Option<Date>,
}

impl Subject {
    /// The dates to assess at: those of the request, else those of the party, else today.
    #[must_use]
    pub fn dates(&self, today: Date) -> Dates {
        let on = self.on.or(self.file.on).unwrap_or(today);
        Dates { on, known_on: self.known_on.or(self.file.known_on).unwrap_or(on) }
    }
}

/// How much is told of each measure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// Outcome, amount and the first reasons.
    #[default]
    Summary,
    /// Every reason with its evidence.
    Full,
}

/// What a party is entitled to.
#[derive(Clone, Debug)]
pub struct Assess {
    /// Who is assessed.
    pub subject: Subject,
    /// The measures to assess, by index; all of them where the request names none.
    pub measures: Option<BTreeSet<usize>>,
    /// How much is told.
    pub detail: Detail,
}

impl Assess {
    /// Reads a request.
    ///
    /// # Errors
    /// Every mistake in it.
    pub fn read(body: &[u8], program: &Program) -> Result<Self, Refusal> {
        let request = Request::read(body, &["party", "on", "known_on", "measures", "detail"])?;
        let mut reader = request.reader();
        let subject = request.subject(&mut reader, program);
        let measures = request.measures(&mut reader, program);
        let details = [("summary", Detail::Summary), ("full", Detail::Full)];
        let detail = reader.choice(&request.root, "detail", &details).unwrap_or_default();
        let subject = request.finish(reader, subject)?;
        Ok(Self { subject, measures, detail })
    }

    /// The assessment. The measures that were not asked for are left out of the bundle too.
    #[must_use]
    pub fn assess<'a>(&'a self, kapok: &'a Kapok, today: Date) -> Assessment<'a> {
        let wanted = |index: usize| self.measures.as_ref().is_none_or(|measures| measures.contains(&index));
        kapok.assess_party(&self.subject.file.party, self.subject.dates(today), &wanted)
    }
}

/// What to ask a party next.
#[derive(Clone, Debug)]
pub struct AskNext {
    /// Who is asked.
    pub subject: Subject,
    /// The keys of what the party does not know.
    pub skipped: BTreeSet<String>,
}

impl AskNext {
    /// Reads a request.
    ///
    /// # Errors
    /// Every mistake in it.
    pub fn read(body: &[u8], program: &Program) -> Result<Self, Refusal> {
        let request = Request::read(body, &["party", "on", "known_on", "skipped"])?;
        let mut reader = request.reader();
        let subject = request.subject(&mut reader, program);
        let skipped = request.skipped(&mut reader, program);
        let subject = request.finish(reader, subject)?;
        Ok(Self { subject, skipped })
    }
}

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Whether the body is not JSON at all.
    pub unreadable: bool,
    /// The mistakes, at most [`MAX_MISTAKES`].
    pub mistakes: Vec<Mistake>,
    /// How many mistakes there are beyond these.
    pub more: usize,
}

/// A mistake in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where it is: a JSON pointer into the body; `None` where the body is not JSON.
    pub pointer: Option<String>,
    /// Its line in the body, from 1.
    pub line: u32,
    /// Its column in characters, from 1.
    pub column: u32,
    /// What is wrong, as a stable code.
    pub code: &'static str,
    /// What is wrong.
    pub message: Text,
    /// What would be right.
    pub hint: Option<Text>,
}

impl Refusal {
    fn new(findings: Vec<Diagnostic>, root: Option<&Node>) -> Self {
        let more = findings.len().saturating_sub(MAX_MISTAKES);
        let pointers: BTreeMap<(u32, u32), String> = root.map(json::pointers).unwrap_or_default();
        let mistake = |finding: Diagnostic| Mistake {
            // a finding inside a text is one of the whole text
            pointer: pointers.range(..=(finding.line, finding.column)).next_back().map(|(_, pointer)| pointer.clone()),
            line: finding.line,
            column: finding.column,
            code: finding.code,
            message: finding.message,
            hint: finding.hint,
        };
        Self {
            unreadable: root.is_none(),
            mistakes: findings.into_iter().take(MAX_MISTAKES).map(mistake).collect(),
            more,
        }
    }
}

/// A request's body as a tree.
struct Request {
    root: Node,
    findings: Vec<Diagnostic>,
}

impl Request {
    /// Reads a body with these keys.
    fn read(body: &[u8], keys: &[&str]) -> Result<Self, Refusal> {
        let root = json::parse(body).map_err(|findings| Refusal::new(findings, None))?;
        let mut reader = Reader::new("");
        if root.map().is_none() {
            let finding = Diagnostic::error("E0702", root.span, "请求应是一个 JSON 对象", "a request is a JSON object");
            let hint = finding.hint("例如 {\"party\": {…}}", "for example {\"party\": {…}}");
            return Err(Refusal::new(vec![hint], Some(&root)));
        }
        check_keys(&mut reader, &root, keys);
        Ok(Self { root, findings: reader.findings })
    }

    fn reader(&self) -> Reader {
        let mut reader = Reader::new("");
        reader.findings.clone_from(&self.findings);
        reader
    }

    /// `party`, `on` and `known_on`.
    fn subject(&self, reader: &mut Reader, program: &Program) -> Option<Subject> {
        let on = reader.date(&self.root, "on");
        let known_on = reader.date(&self.root, "known_on");
        let Some(party) = self.root.get("party") else {
            reader.push(Diagnostic::error("E0120", self.root.span, "缺少 `party`", "`party` is missing").hint(
                "主体的事实，例如 \"party\": {\"org.kind\": \"enterprise\"}",
                "the facts of the party, for example \"party\": {\"org.kind\": \"enterprise\"}",
            ));
            return None;
        };
        if !few_records(reader, party, program) {
            return None;
        }
        match party::read("", party, &program.vocabulary) {
            Ok(file) => Some(Subject { file, on, known_on }),
            Err(more) => {
                reader.findings.extend(more);
                None
            }
        }
    }

    /// `measures`: ids of measures.
    fn measures(&self, reader: &mut Reader, program: &Program) -> Option<BTreeSet<usize>> {
        let node = self.root.get("measures")?;
        let (Kind::Seq(items), false) = (&node.kind, node.seq().is_some_and(<[Node]>::is_empty)) else {
            reader.push(
                Diagnostic::error(
                    "E0703",
                    node.span,
                    "`measures` 应是措施编号的列表",
                    "`measures` must be a list of measure ids",
                )
                .hint("不写 measures 就测算全部措施", "leave `measures` out to assess every measure"),
            );
            return None;
        };
        if !few(reader, node) {
            return None;
        }
        let ids = || program.catalogue.measures.iter().map(|measure| measure.id.as_str());
        let mut wanted = BTreeSet::new();
        for item in items {
            let id = item.text().unwrap_or_default();
            match ids().position(|known| known == id) {
                Some(index) => {
                    wanted.insert(index);
                }
                None => reader.push(unknown_measure(id, item.span, near(reader, id, ids()))),
            }
        }
        Some(wanted)
    }

    /// `skipped`: keys of facts, lists and fields.
    fn skipped(&self, reader: &mut Reader, program: &Program) -> BTreeSet<String> {
        let Some(node) = self.root.get("skipped") else { return BTreeSet::new() };
        let Some(items) = node.seq() else {
            reader.error("E0706", node.span, "`skipped` 应是键的列表", "`skipped` must be a list of keys");
            return BTreeSet::new();
        };
        let mut skipped = BTreeSet::new();
        if !few(reader, node) {
            return skipped;
        }
        for item in items {
            match Key::parse(item.text().unwrap_or_default(), &program.vocabulary) {
                Some(key) => {
                    skipped.insert(key.to_string());
                }
                None => reader.push(unknown_key(item)),
            }
        }
        skipped
    }

    /// What was read, if nothing is wrong.
    fn finish<T>(&self, reader: Reader, read: Option<T>) -> Result<T, Refusal> {
        match read {
            Some(read) if reader.findings.is_empty() => Ok(read),
            _ => Err(Refusal::new(reader.findings, Some(&self.root))),
        }
    }
}

/// The nearest id. Of very many mistakes the first are enough to see what is wrong.
fn near<'a>(reader: &Reader, id: &str, ids: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if reader.findings.len() < MAX_MISTAKES { domain::text::nearest(id, ids) } else { None }
}

fn unknown_measure(id: &str, span: Span, near: Option<&str>) -> Diagnostic {
    let finding = Diagnostic::error("E0704", span, format!("没有措施 `{id}`"), format!("there is no measure `{id}`"));
    match near {
        Some(near) => finding.nearest(Some(near)),
        None => finding.hint("GET /api/v1/measures 列出全部措施", "GET /api/v1/measures lists every measure"),
    }
}

fn unknown_key(item: &Node) -> Diagnostic {
    let key = item.text().unwrap_or_default();
    Diagnostic::error(
        "E0707",
        item.span,
        format!("`{key}` 不是可以询问的键"),
        format!("`{key}` is not a key that is asked for"),
    )
    .hint(
        "键见上一个问题的 cells，例如 org.revenue[2025]、contracts、contract.amount#c1",
        "keys stand in the cells of a question: org.revenue[2025], contracts, contract.amount#c1",
    )
}

/// Whether a list is no longer than anyone needs.
fn few(reader: &mut Reader, list: &Node) -> bool {
    let few = list.seq().is_none_or(|items| items.len() <= MAX_ITEMS);
    if !few {
        reader.error(
            "E0708",
            list.span,
            format!("列表太长：最多 {MAX_ITEMS} 项"),
            format!("the list is too long: {MAX_ITEMS} items at most"),
        );
    }
    few
}

/// Whether a party has no more records than are assessed.
fn few_records(reader: &mut Reader, party: &Node, program: &Program) -> bool {
    let mut total = 0;
    for (key, value) in party.map().unwrap_or_default() {
        let record = program.vocabulary.record_by_list(key.text().unwrap_or_default());
        total += record.and(value.seq()).map_or(0, <[Node]>::len);
        if total > MAX_RECORDS {
            reader.push(
                Diagnostic::error(
                    "E0705",
                    key.span,
                    format!("记录太多：一个主体最多 {MAX_RECORDS} 条"),
                    format!("too many records: a party has at most {MAX_RECORDS}"),
                )
                .hint("只填与政策有关的记录", "give only the records that policies ask for"),
            );
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests;
