//! `/companies/{uscc}`: what the demo registry knows of a made-up company, from which register and as of when.

use std::collections::BTreeMap;

use app::interview::{self, Cell, Key};
use app::registry::{Entry, source_text};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::{Date, Fact, FactKey, Knowledge, Party, PlaceTree, Record, Value};
use rules::vocabulary::{Asked, FactDef, Type, Vocabulary};

use crate::error::WebError;
use crate::l10n::L10n;
use crate::pages::html;
use crate::show::{self, DateView};
use crate::state::App;
use crate::visitor::Visitor;

/// The records of intellectual property rights.
const RIGHTS: &str = "patent";

#[derive(Template)]
#[template(path = "company/company.html")]
struct Company {
    v: Visitor,
    name: String,
    uscc: String,
    /// Where it is registered, its industry and when it was founded.
    about: String,
    facts: usize,
    as_of: DateView,
    registers: Vec<Register>,
    /// The closed years.
    years: Vec<i32>,
    yearly: Vec<Yearly>,
    rights: Option<Rights>,
    unknown: Vec<String>,
    /// The measures that are open where it is registered.
    open: String,
    has_answers: bool,
}

/// What one register knows.
struct Register {
    name: String,
    /// Evidence and date of its facts.
    basis: String,
    facts: Vec<Known>,
}

/// A fact.
struct Known {
    label: String,
    value: String,
    /// Evidence and date, where they are others than those of the register.
    basis: Option<String>,
}

/// A fact that is kept by year.
struct Yearly {
    label: String,
    /// One for each closed year, empty where no register knows it.
    values: Vec<String>,
    source: String,
}

/// The intellectual property rights.
struct Rights {
    total: usize,
    kinds: Vec<(String, usize)>,
    list: Vec<Right>,
    source: String,
}

/// One right.
struct Right {
    kind: String,
    granted: Option<DateView>,
}

/// `GET /companies/{uscc}`. A code that is written in another way leads to the page of the company.
pub async fn get(State(app): State<App>, visitor: Visitor, Path(code): Path<String>) -> Result<Response, WebError> {
    let registry = &app.kapok().registry;
    let entry = match registry.find(&code) {
        Ok(Some(entry)) => entry,
        Ok(None) => return Err(WebError::NotFound),
        Err(error) => return Err(WebError::Bad(rules::diag::Text::new(error.zh(), error.to_string()))),
    };
    if entry.uscc != code {
        return Ok(Redirect::permanent(&address(entry)).into_response());
    }
    let has_answers = visitor.profile(&app)?.is_some();
    html(&page(&app, visitor, entry, has_answers))
}

/// The address of a company's page.
pub fn address(entry: &Entry) -> String {
    // codes have only digits and letters
    format!("/companies/{}", entry.uscc)
}

/// Where a company is registered, its industry and when it was founded, in one line.
pub fn about(vocabulary: &Vocabulary, app: &App, entry: &Entry, l: L10n) -> String {
    let industry = vocabulary.code_label("industry", app.kapok().registry.city().industry(&entry.company));
    let founded = l.m("company-founded").s("date", show::date(entry.company.founded_on, l).text).to_string();
    [show::place(entry.company.place, l), l.text(&industry), &founded].join(" · ")
}

fn page(app: &App, visitor: Visitor, entry: &Entry, has_answers: bool) -> Company {
    let l = visitor.l;
    let vocabulary = &app.kapok().program.vocabulary;
    let registry = &app.kapok().registry;
    let party = registry.party(entry);
    let reader = Reader { vocabulary, party: &party, l };
    let unknown = registry.city().unknown(&entry.company, &party);
    Company {
        name: entry.name.clone(),
        uscc: entry.uscc.clone(),
        about: about(vocabulary, app, entry, l),
        facts: party.facts.len(),
        as_of: show::date(registry.city().snapshot(), l),
        registers: reader.registers(),
        years: entry.company.years.iter().flatten().map(|year| year.year).collect(),
        yearly: reader.yearly(entry),
        rights: party.records.get(RIGHTS).map(|rights| reader.rights(rights)),
        unknown: unknown.iter().map(|key| reader.label(key)).collect(),
        open: format!("/catalogue?place={}&open=yes", PlaceTree::china().id(entry.company.place)),
        has_answers,
        v: visitor,
    }
}

/// Puts the facts of a party into words.
struct Reader<'a> {
    vocabulary: &'a Vocabulary,
    party: &'a Party,
    l: L10n,
}

impl Reader<'_> {
    fn definition(&self, name: &str) -> Option<&FactDef> {
        self.vocabulary.fact(name).and_then(|index| self.vocabulary.facts.get(index))
    }

    fn label(&self, key: &FactKey) -> String {
        let label = self.definition(&key.name).map_or(key.name.as_str(), |definition| self.l.text(&definition.label));
        match key.year {
            Some(year) => self.l.m("company-label-of-year").s("label", label).s("year", year).to_string(),
            None => label.to_owned(),
        }
    }

    fn source(&self, source: &str) -> String {
        self.l.text(&source_text(self.vocabulary, source)).to_owned()
    }

    fn cell(&self, key: &FactKey) -> Option<Cell> {
        let field = interview::field(self.vocabulary, self.party, &Key::Fact(key.clone()));
        field.cells.into_iter().find(|cell| cell.said.is_some())
    }

    fn value(&self, cell: &Cell) -> String {
        let said = cell.said.as_ref().map(|said| self.l.text(said)).unwrap_or_default();
        if cell.disputed { self.l.m("company-disputed").s("values", said).to_string() } else { said.to_owned() }
    }

    /// The keys of the facts in the order in which the questionnaire asks for them, of yearly ones the money first.
    fn keys(&self, yearly: bool) -> Vec<&FactKey> {
        let place = |key: &FactKey| {
            let asked = Asked::Fact(self.vocabulary.fact(&key.name)?);
            let question = self.vocabulary.question_of(asked)?;
            let facts = &self.vocabulary.questions.get(question)?.facts;
            Some((question, facts.iter().position(|fact| *fact == asked)))
        };
        let mut keys: Vec<&FactKey> = self.party.facts.keys().filter(|key| key.year.is_some() == yearly).collect();
        let money = |key: &FactKey| self.definition(&key.name).is_some_and(|definition| definition.ty == Type::Money);
        keys.sort_by_key(|key| (yearly && !money(key), place(key), key.year));
        keys
    }

    /// The facts that are not kept by year, under their registers; the register that knows most comes first.
    fn registers(&self) -> Vec<Register> {
        let mut by_source: BTreeMap<&str, Vec<(Known, String)>> = BTreeMap::new();
        for key in self.keys(false) {
            let (Some(cell), Some(fact)) = (self.cell(key), self.party.facts.get(key)) else { continue };
            let known = Known { label: self.label(key), value: self.value(&cell), basis: None };
            by_source.entry(fact.source.as_deref().unwrap_or_default()).or_default().push((known, self.basis(fact)));
        }
        let mut registers: Vec<Register> = by_source
            .into_iter()
            .map(|(source, facts)| {
                let basis = most_common(facts.iter().map(|(_, basis)| basis.as_str())).to_owned();
                let other = |(known, of_fact): (Known, String)| Known {
                    basis: Some(of_fact).filter(|of_fact| *of_fact != basis),
                    ..known
                };
                Register { name: self.source(source), facts: facts.into_iter().map(other).collect(), basis }
            })
            .collect();
        registers.sort_by_key(|register| std::cmp::Reverse(register.facts.len()));
        registers
    }

    /// The grade of a fact's evidence and the day that it held on.
    fn basis(&self, fact: &Fact) -> String {
        let grade = fact.evidence.map(|grade| if self.l.zh() { grade.zh() } else { grade.en() }.to_owned());
        let day = fact.as_of.map(|day| self.l.m("company-as-of").s("date", show::date(day, self.l).text).to_string());
        grade.into_iter().chain(day).collect::<Vec<_>>().join(" · ")
    }

    /// The facts that are kept by year: a row for each, with a value for each closed year.
    fn yearly(&self, entry: &Entry) -> Vec<Yearly> {
        let mut names: Vec<&str> = self.keys(true).into_iter().map(|key| key.name.as_str()).collect();
        names.dedup();
        let row = |name: &str| {
            let keys = entry.company.years.iter().flatten().map(|year| FactKey::of_year(name, year.year));
            let keys: Vec<FactKey> = keys.collect();
            let source = keys.iter().find_map(|key| self.party.facts.get(key)?.source.as_deref());
            let value = |key| self.cell(key).map(|cell| self.value(&cell)).unwrap_or_default();
            Yearly {
                label: self.label(&FactKey::new(name)),
                values: keys.iter().map(value).collect(),
                source: self.source(source.unwrap_or_default()),
            }
        };
        names.into_iter().map(row).collect()
    }

    fn rights(&self, rights: &[Record]) -> Rights {
        let known = |record: &Record, field: &str| match record.facts.get(field).map(|fact| &fact.value) {
            Some(Knowledge::Known(value)) => Some(value.clone()),
            _ => None,
        };
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let mut list: Vec<(Option<Date>, Right)> = Vec::new();
        for record in rights {
            let kind = match known(record, "kind") {
                Some(Value::Code(code)) => self.l.text(&self.vocabulary.code_label("ip_kind", &code)).to_owned(),
                _ => self.l.t("company-unknown"),
            };
            let granted = match known(record, "granted_on") {
                Some(Value::Date(date)) => Some(date),
                _ => None,
            };
            *counts.entry(kind.clone()).or_default() += 1;
            list.push((granted, Right { kind, granted: granted.map(|date| show::date(date, self.l)) }));
        }
        list.sort_by_key(|(granted, _)| std::cmp::Reverse(*granted));
        let mut kinds: Vec<(String, usize)> = counts.into_iter().collect();
        kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let definition = self.vocabulary.record(RIGHTS).and_then(|index| self.vocabulary.records.get(index));
        let source = definition.and_then(|record| record.fields.iter().find_map(|field| field.source.as_deref()));
        let source = self.vocabulary.code_label("source", source.unwrap_or_default());
        Rights {
            total: rights.len(),
            kinds,
            list: list.into_iter().map(|(_, right)| right).collect(),
            source: self.l.text(&source).to_owned(),
        }
    }
}

/// The text that is there most often, the first of them where several are.
fn most_common<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> &'a str {
    let count = |text: &str| texts.clone().filter(|other| *other == text).count();
    let mut most = ("", 0);
    for text in texts.clone() {
        let count = count(text);
        if count > most.1 {
            most = (text, count);
        }
    }
    most.0
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;
    use crate::testing::Site;

    /// Some companies, young and old, with and without rights.
    fn some(site: &Site) -> Vec<Entry> {
        let codes = site.app.kapok().registry.search("有限公司").entries;
        codes.into_iter().cloned().collect()
    }

    #[tokio::test]
    async fn a_companys_page_shows_what_each_register_knows() {
        let site = Site::new();
        for lang in ["zh", "en"] {
            for entry in some(&site) {
                let page = site.get(&format!("{}?lang={lang}", address(&entry))).await;
                assert_eq!(page.status, StatusCode::OK);
                assert_eq!(page.texts("h1"), [entry.name.as_str()]);
                assert!(!page.body.contains('⟦'), "{}", page.body);
                assert!(page.body.contains(&entry.uscc));
                let heads = page.texts("h3");
                let register = if lang == "zh" { "市场监管登记" } else { "Market register" };
                assert!(heads.iter().any(|head| head == register), "{heads:?}");
                let years = page.texts("table.years thead th").len();
                let known = entry.company.years.iter().flatten().count();
                assert!(known == 0 && years == 0 || years == known + 2, "{years} for {known}");
                assert_eq!(page.texts("form[action='/ask/start'] button").len(), 1);
                let money = if lang == "zh" { "营业收入" } else { "Revenue" };
                assert!(known == 0 || page.texts("table.years tbody th")[0] == money, "money comes first");
            }
        }
    }

    #[tokio::test]
    async fn what_is_shown_is_what_the_registry_knows() {
        let site = Site::new();
        let registry = &site.app.kapok().registry;
        for entry in some(&site) {
            let party = registry.party(&entry);
            let page = site.get(&address(&entry)).await;
            let shown = page.texts("dl.known dd").len();
            assert_eq!(shown, party.facts.keys().filter(|key| key.year.is_none()).count());
            let cells = page.texts("table.years tbody td.num").into_iter().filter(|cell| cell != "未知").count();
            assert_eq!(cells, party.facts.keys().filter(|key| key.year.is_some()).count());
            // what differs from its register says so, so that each fact has its evidence and date
            let declared = party.facts.iter().any(|(key, fact)| {
                key.name == "org.operating_place" && fact.evidence == Some(domain::Evidence::Declared)
            });
            assert_eq!(page.texts("dl.known dd .meta").iter().any(|basis| basis.contains("自行申报 · 截至")), declared);
            let unknown = registry.city().unknown(&entry.company, &party);
            assert_eq!(page.texts(".unknown li").len(), unknown.len());
        }
    }

    #[tokio::test]
    async fn a_code_leads_to_its_company_or_says_why_not() {
        let site = Site::new();
        let entry = some(&site).remove(0);
        let page = site.get(&format!("/companies/{}", entry.uscc.to_lowercase())).await;
        assert_eq!((page.status, page.header("location")), (StatusCode::PERMANENT_REDIRECT, address(&entry).as_str()));
        assert_eq!(site.get("/companies/9144030071526726XG").await.status, StatusCode::NOT_FOUND);
        let page = site.get("/companies/9144030071526726XH?lang=en").await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        assert!(page.texts("main").concat().contains("requires `G`"), "{}", page.body);
    }
}
