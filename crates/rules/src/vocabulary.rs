//! The vocabulary: every fact, record, code list and question, read from `vocabulary/*.yaml`.

mod questions;
mod say;

use std::collections::BTreeMap;

use domain::Unit;

pub use questions::{Asked, QuestionDef};

use crate::diag::{Diagnostic, Span, Text};
use crate::reader::{Reader, check_keys};
use crate::yaml::Node;

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// yes or no
    Bool,
    /// An amount in CNY.
    Money,
    /// An amount in CNY for each unit.
    MoneyPer(Unit),
    /// A share or factor.
    Rate,
    /// A whole number.
    Count,
    /// A number with a unit.
    Quantity(Unit),
    /// A day.
    Date,
    /// A duration in calendar months.
    Months,
    /// A duration in days.
    Days,
    /// One code of a list, by the list's index.
    Code(u16),
    /// A set of codes of a list.
    Codes(u16),
    /// A place.
    Place,
    /// A name or number that is only compared.
    Text,
}

/// Whose a fact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// An organisation's (`org.`).
    Organisation,
    /// A person's (`person.`).
    Person,
    /// Of the application itself, or set by its reviewers.
    Application,
}

/// A declared fact, or the field of a record.
#[derive(Clone, Debug)]
pub struct FactDef {
    /// Full name: `org.revenue`, `contract.amount`.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Whether it is kept by year.
    pub yearly: bool,
    /// The least and greatest value that it can have, as scaled integers (see [`crate::value`]).
    pub range: crate::value::Range,
    /// What readers call it.
    pub label: Text,
    /// The question to the party.
    pub ask: Text,
    /// Accepted proof: codes of the list `evidence`.
    pub evidence: Vec<String>,
    /// Usual source: a code of the list `source`.
    pub source: Option<String>,
    /// Who decides it, when it is not a fact that the party can know: `panel`, `expert`, `officer`, `authority`.
    pub by: Option<String>,
    /// Whether it identifies a person.
    pub personal: bool,
    /// The formula that computes it, with its place.
    pub derive: Option<(String, Span)>,
    /// The file and place of its declaration.
    pub file: String,
    /// The place of its declaration.
    pub span: Span,
}

/// A declared kind of record: contracts, loans, patents …
#[derive(Clone, Debug)]
pub struct RecordDef {
    /// Name in formulas: `contract`.
    pub name: String,
    /// Key in party files: `contracts`.
    pub list: String,
    /// What readers call one of them.
    pub label: Text,
    /// The question for the whole list.
    pub ask: Text,
    /// The fields; the first is `id`.
    pub fields: Vec<FactDef>,
}

impl RecordDef {
    /// The index of a field by its short name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name.rsplit('.').next() == Some(name))
    }
}

/// A declared list of codes.
#[derive(Clone, Debug)]
pub struct CodeList {
    /// Its name.
    pub name: String,
    /// What readers call it.
    pub label: Text,
    /// Codes with their labels; a code's index is its value.
    pub values: Vec<(String, Text)>,
}

impl CodeList {
    /// The index of a code.
    #[must_use]
    pub fn index(&self, code: &str) -> Option<u32> {
        self.values.iter().position(|(c, _)| c == code).and_then(|i| u32::try_from(i).ok())
    }
}

/// All declarations.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// The facts.
    pub facts: Vec<FactDef>,
    /// The records.
    pub records: Vec<RecordDef>,
    /// The code lists.
    pub codes: Vec<CodeList>,
    /// What is asked together, in the order of the questionnaire.
    pub questions: Vec<QuestionDef>,
    fact_index: BTreeMap<String, usize>,
    record_index: BTreeMap<String, usize>,
}

impl Vocabulary {
    /// A fact by its name.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<usize> {
        self.fact_index.get(name).copied()
    }

    /// A record by its name in formulas.
    #[must_use]
    pub fn record(&self, name: &str) -> Option<usize> {
        self.record_index.get(name).copied()
    }

    /// A record by its key in party files.
    #[must_use]
    pub fn record_by_list(&self, list: &str) -> Option<usize> {
        self.records.iter().position(|record| record.list == list)
    }

    /// A code list by its name.
    #[must_use]
    pub fn code_list(&self, name: &str) -> Option<u16> {
        self.codes.iter().position(|list| list.name == name).and_then(|i| u16::try_from(i).ok())
    }

    /// The label of a code of the list called `list`; the code itself if there is none.
    #[must_use]
    pub fn code_label(&self, list: &str, code: &str) -> Text {
        let found = self.codes.iter().find(|l| l.name == list).and_then(|l| l.values.iter().find(|(c, _)| c == code));
        found.map_or_else(|| Text::same(code), |(_, text)| text.clone())
    }

    /// Every name that a formula can mention, for hints.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.facts
            .iter()
            .map(|f| f.name.as_str())
            .chain(self.records.iter().flat_map(|r| r.fields.iter().map(|f| f.name.as_str())))
    }

    /// Reads vocabulary files, given as (name, tree).
    #[must_use]
    pub fn read(files: &[(String, Node)]) -> (Self, Vec<Diagnostic>) {
        let mut vocabulary = Self::default();
        let mut findings = Vec::new();
        for (file, root) in files {
            let mut reader = Reader::new(file);
            vocabulary.read_codes(&mut reader, root);
            findings.append(&mut reader.findings);
        }
        for (file, root) in files {
            let mut reader = Reader::new(file);
            check_keys(&mut reader, root, &["facts", "records", "codes", "questions"]);
            vocabulary.read_facts(&mut reader, root);
            vocabulary.read_records(&mut reader, root);
            findings.append(&mut reader.findings);
        }
        let mut taken = BTreeMap::new();
        for (file, root) in files {
            let mut reader = Reader::new(file);
            vocabulary.read_questions(&mut reader, root, &mut taken);
            findings.append(&mut reader.findings);
        }
        (vocabulary, findings)
    }

    fn read_codes(&mut self, reader: &mut Reader, root: &Node) {
        for (key, body) in root.get("codes").and_then(Node::map).unwrap_or_default() {
            let name = key.text().unwrap_or_default().to_owned();
            if self.codes.iter().any(|list| list.name == name) {
                reader.error(
                    "E0110",
                    key.span,
                    format!("代码表 `{name}` 重复"),
                    format!("the code list `{name}` is declared twice"),
                );
                continue;
            }
            let label = reader.text(body, "label");
            let values: Vec<(String, Text)> = body
                .get("values")
                .and_then(Node::map)
                .unwrap_or_default()
                .iter()
                .map(|(code, text)| (code.text().unwrap_or_default().to_owned(), reader.text_of(text)))
                .collect();
            if values.is_empty() || values.len() > 64 {
                reader.error(
                    "E0111",
                    key.span,
                    format!("代码表 `{name}` 应有 1 至 64 个代码"),
                    format!("the code list `{name}` must have 1 to 64 codes"),
                );
            }
            self.codes.push(CodeList { name, label, values });
        }
    }

    fn read_facts(&mut self, reader: &mut Reader, root: &Node) {
        for (key, body) in root.get("facts").and_then(Node::map).unwrap_or_default() {
            let name = key.text().unwrap_or_default().to_owned();
            let owned = ["org.", "person.", "application.", "review."].iter().any(|prefix| name.starts_with(prefix));
            if !owned || name.matches('.').count() != 1 {
                reader.error(
                    "E0112",
                    key.span,
                    format!("事实名 `{name}` 应以 org.、person.、application. 或 review. 开头"),
                    format!("a fact's name begins with `org.`, `person.`, `application.` or `review.`: `{name}`"),
                );
            }
            if self.fact_index.contains_key(&name) {
                reader.error(
                    "E0110",
                    key.span,
                    format!("事实 `{name}` 重复"),
                    format!("the fact `{name}` is declared twice"),
                );
                continue;
            }
            if let Some(fact) = self.read_fact(reader, name.clone(), key, body, None) {
                self.fact_index.insert(name, self.facts.len());
                self.facts.push(fact);
            }
        }
    }

    fn read_records(&mut self, reader: &mut Reader, root: &Node) {
        for (key, body) in root.get("records").and_then(Node::map).unwrap_or_default() {
            let name = key.text().unwrap_or_default().to_owned();
            if self.record_index.contains_key(&name) {
                reader.error(
                    "E0110",
                    key.span,
                    format!("记录 `{name}` 重复"),
                    format!("the record `{name}` is declared twice"),
                );
                continue;
            }
            check_keys(reader, body, &["list", "of", "label", "ask", "fields"]);
            let label = reader.text(body, "label");
            let ask = body.get("ask").map_or_else(
                || {
                    Text::new(
                        format!("请列出{}(没有请填“无”)", label.zh),
                        format!("List every {} (none, if there is none)", label.en),
                    )
                },
                |node| reader.text_of(node),
            );
            let list = reader.word(body, "list").unwrap_or_else(|| format!("{name}s"));
            let mut fields = vec![FactDef {
                name: format!("{name}.id"),
                ty: Type::Text,
                yearly: false,
                range: crate::value::Range::ANY,
                label: Text::new(format!("{}编号", label.zh), format!("{} id", label.en)),
                ask: Text::default(),
                evidence: Vec::new(),
                source: None,
                by: None,
                personal: false,
                derive: None,
                file: reader.file.clone(),
                span: key.span,
            }];
            for (field, body) in body.get("fields").and_then(Node::map).unwrap_or_default() {
                let short = field.text().unwrap_or_default();
                if short == "id" {
                    continue;
                }
                if let Some(fact) = self.read_fact(reader, format!("{name}.{short}"), field, body, Some(&label)) {
                    fields.push(fact);
                }
            }
            self.record_index.insert(name.clone(), self.records.len());
            self.records.push(RecordDef { name, list, label, ask, fields });
        }
    }

    fn read_fact(
        &self,
        reader: &mut Reader,
        name: String,
        key: &Node,
        body: &Node,
        record: Option<&Text>,
    ) -> Option<FactDef> {
        check_keys(
            reader,
            body,
            &["type", "period", "range", "label", "ask", "evidence", "source", "by", "personal", "derive"],
        );
        let ty = self.read_type(reader, body, key)?;
        let label = reader.text(body, "label");
        let ask = match body.get("ask") {
            Some(node) => reader.text_of(node),
            None => match record {
                Some(record) => Text::new(
                    format!("{}的{}是什么？", record.zh, label.zh),
                    format!("{}: what is the {}?", record.en, label.en.to_lowercase()),
                ),
                None => Text::new(format!("{}?", label.zh), format!("{}?", label.en)),
            },
        };
        let yearly = match body.get("period").map(|node| (node.text(), node.span)) {
            None => false,
            Some((Some("year"), _)) => true,
            Some((_, span)) => {
                reader.error("E0113", span, "period 只能是 year", "`period` can only be `year`");
                false
            }
        };
        let mut range = crate::value::Range::ANY;
        if let Some(node) = body.get("range") {
            range = reader.range(node, ty);
        }
        let codes = |node: Option<&Node>| {
            node.and_then(Node::seq)
                .unwrap_or_default()
                .iter()
                .filter_map(|n| n.text().map(str::to_owned))
                .collect::<Vec<_>>()
        };
        let evidence = codes(body.get("evidence"));
        for (code, list, node) in evidence
            .iter()
            .map(|c| (c.as_str(), "evidence", body.get("evidence")))
            .chain(body.get("source").map(|n| (n.text().unwrap_or_default(), "source", Some(n))))
        {
            let known = self.codes.iter().find(|l| l.name == list);
            if known.is_none_or(|l| l.index(code).is_none()) {
                let near = known.and_then(|l| domain::text::nearest(code, l.values.iter().map(|(c, _)| c.as_str())));
                reader.push(
                    Diagnostic::error(
                        "E0114",
                        node.map_or(key.span, |n| n.span),
                        format!("代码表 `{list}` 中没有 `{code}`"),
                        format!("the code list `{list}` has no `{code}`"),
                    )
                    .nearest(near),
                );
            }
        }
        Some(FactDef {
            yearly,
            range,
            label,
            ask,
            evidence,
            source: reader.word(body, "source"),
            by: reader.word(body, "by"),
            personal: body.get("personal").and_then(Node::text) == Some("yes"),
            derive: body.get("derive").and_then(|node| node.text().map(|text| (text.to_owned(), reader.inner(node)))),
            file: reader.file.clone(),
            span: key.span,
            name,
            ty,
        })
    }

    fn read_type(&self, reader: &mut Reader, body: &Node, key: &Node) -> Option<Type> {
        let Some(node) = body.get("type") else {
            reader.error("E0115", key.span, "缺少 type", "`type` is missing");
            return None;
        };
        let text = node.text().unwrap_or_default();
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        let list = || self.code_list(rest.trim());
        let ty = match word {
            "bool" => Some(Type::Bool),
            "money" => Some(Type::Money),
            "rate" => Some(Type::Rate),
            "count" => Some(Type::Count),
            "date" => Some(Type::Date),
            "months" => Some(Type::Months),
            "days" => Some(Type::Days),
            "place" => Some(Type::Place),
            "text" => Some(Type::Text),
            "quantity" => Unit::from_code(rest.trim()).map(|unit| match unit {
                Unit::Month => Type::Months,
                Unit::Day => Type::Days,
                Unit::Person => Type::Count,
                unit => Type::Quantity(unit),
            }),
            "code" => list().map(Type::Code),
            "codes" => list().map(Type::Codes),
            _ => None,
        };
        if ty.is_none() {
            let near = if matches!(word, "code" | "codes") {
                domain::text::nearest(rest, self.codes.iter().map(|l| l.name.as_str()))
            } else {
                None
            };
            reader.push(
                Diagnostic::error("E0116", node.span, format!("未知类型 `{text}`"), format!("unknown type `{text}`"))
                    .nearest(near),
            );
        }
        ty
    }
}
