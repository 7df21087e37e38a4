//! `/search`: one box for companies, codes and what somebody wants to do.

use app::catalogue::{Hit, Query as Words};
use app::registry::{Found, Lookup};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::{Date, Period, UsccError};
use serde::Deserialize;

use super::company;
use crate::error::WebError;
use crate::pages::html;
use crate::show::{self, MoneyView};
use crate::state::App;
use crate::visitor::Visitor;

/// Measures that are listed; the catalogue has the rest.
const MEASURES: usize = 8;

/// Characters of a query that are looked at.
const MOST: usize = 200;

#[derive(Template)]
#[template(path = "search/search.html")]
struct Search {
    v: Visitor,
    q: String,
    /// What is wrong with what was typed as a code.
    error: Option<String>,
    /// The company whose code was probably meant.
    meant: Option<CompanyView>,
    /// Whether the text was meant as a code, so that there is nothing else to find.
    code: bool,
    companies: Vec<CompanyView>,
    companies_total: usize,
    /// Whether companies come first: few have such a name, so that one of them is probably meant.
    companies_first: bool,
    measures: Vec<MeasureView>,
    measures_total: usize,
    all_measures: String,
}

/// A company in a list.
struct CompanyView {
    href: String,
    name: String,
    about: String,
}

/// A measure in a list.
struct MeasureView {
    href: String,
    name: String,
    about: String,
    money: Option<MoneyView>,
    /// How long it is open; nothing where it is not.
    left: Option<String>,
}

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    q: String,
}

/// `GET /search`
pub async fn get(State(app): State<App>, visitor: Visitor, Query(wanted): Query<Wanted>) -> Result<Response, WebError> {
    let q: String = wanted.q.trim().chars().take(MOST).collect();
    let mut page = Search {
        q: q.clone(),
        error: None,
        meant: None,
        code: false,
        companies: Vec::new(),
        companies_total: 0,
        companies_first: false,
        measures: Vec::new(),
        measures_total: 0,
        all_measures: String::new(),
        v: visitor,
    };
    match app.kapok().registry.look_up(&q) {
        Lookup::Company(entry) => return Ok(Redirect::to(&company::address(entry)).into_response()),
        Lookup::NoSuchCode(_) => {
            page.code = true;
            page.error = Some(page.v.t("search-no-such-code"));
        }
        Lookup::WrongCode(error) => {
            page.code = true;
            page.meant = meant(&app, &page.v, &error);
            page.error = Some(if page.v.l.zh() { error.zh() } else { error.to_string() });
        }
        Lookup::Name(found) if !q.is_empty() => page.fill(&app, &found),
        Lookup::Name(_) => {}
    }
    html(&page)
}

/// The company whose code differs in the check character only.
fn meant(app: &App, v: &Visitor, error: &UsccError) -> Option<CompanyView> {
    let UsccError::Check { found, expected, .. } = error else { return None };
    let mut code = found.clone();
    code.pop();
    code.push(*expected);
    let entry = app.kapok().registry.find(&code).ok().flatten()?;
    Some(company_view(app, v, entry))
}

fn company_view(app: &App, v: &Visitor, entry: &app::registry::Entry) -> CompanyView {
    CompanyView {
        href: company::address(entry),
        name: entry.name.clone(),
        about: company::about(&app.kapok().program.vocabulary, app, entry, v.l),
    }
}

impl Search {
    fn fill(&mut self, app: &App, found: &Found<'_>) {
        let today = app.today();
        self.companies = found.entries.iter().map(|entry| company_view(app, &self.v, entry)).collect();
        self.companies_total = found.total;
        let query = Words { per_page: MEASURES, ..Words::words(&self.q) };
        let measures = app.kapok().search(&query, today);
        self.measures = measures.hits.iter().map(|hit| measure_view(&self.v, hit, today)).collect();
        self.measures_total = measures.total;
        self.companies_first = (1..=MEASURES).contains(&found.total);
        self.all_measures = format!("/catalogue?q={}", encoded(&self.q));
    }
}

fn measure_view(v: &Visitor, hit: &Hit<'_>, today: Date) -> MeasureView {
    let (card, standing) = (hit.card, &hit.standing);
    let place = card.place.map(|place| show::place(place, v.l)).unwrap_or_default();
    let about = [place, v.l.text(&card.topic_label), v.l.text(&card.title)];
    let left = standing.open().then(|| match standing.now.window.and_then(Period::to) {
        Some(last) => show::days_left(today, last, v.l),
        None => v.t("search-open"),
    });
    MeasureView {
        href: format!("/catalogue/{}", card.id),
        name: v.l.text(&card.name).to_owned(),
        about: about.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
        money: standing.now.money().map(|money| show::money(money, v.l)),
        left,
    }
}

/// A text as a value in an address.
fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;
    use crate::testing::Site;

    async fn search(site: &Site, lang: &str, q: &str) -> crate::testing::Page {
        let page = site.get(&format!("/search?q={}&lang={lang}", encoded(q))).await;
        assert!(!page.body.contains('⟦'), "{}", page.body);
        page
    }

    #[tokio::test]
    async fn a_code_leads_to_the_company() {
        let site = Site::new();
        let entry = site.app.kapok().registry.search("机器人").entries[0];
        for code in [entry.uscc.clone(), format!("{} {}", &entry.uscc[..8].to_lowercase(), &entry.uscc[8..])] {
            let page = search(&site, "zh", &code).await;
            assert_eq!(
                (page.status, page.header("location")),
                (StatusCode::SEE_OTHER, company::address(entry).as_str())
            );
        }
    }

    #[tokio::test]
    async fn a_mistyped_code_is_told_with_the_company_that_is_meant() {
        let site = Site::new();
        let entry = site.app.kapok().registry.search("机器人").entries[0];
        let (body, right) = entry.uscc.split_at(17);
        let wrong = if right == "0" { "1" } else { "0" };
        for lang in ["zh", "en"] {
            let page = search(&site, lang, &format!("{body}{wrong}")).await;
            assert_eq!(page.texts("h2 a, h3 a"), [entry.name.as_str()]);
            let errors = page.texts("[role=alert]");
            assert!(errors.len() == 1 && errors[0].contains(&format!("`{right}`")), "{errors:?}");
        }
        let page = search(&site, "zh", "9144030071526726XG").await;
        assert_eq!(page.texts("[role=alert]").len(), 1);
    }

    #[tokio::test]
    async fn a_name_finds_companies_and_a_wish_finds_measures() {
        let site = Site::new();
        let entry = site.app.kapok().registry.search("机器人").entries[0];
        let page = search(&site, "zh", &entry.name).await;
        assert_eq!(page.texts(".companies h3 a").first(), Some(&entry.name));
        let page = search(&site, "zh", "租算力").await;
        assert!(!page.texts(".measures h3 a").is_empty(), "{}", page.body);
        let page = search(&site, "en", "compute voucher").await;
        assert!(page.texts(".measures h3 a").iter().any(|name| name.contains("voucher")), "{}", page.body);
        let all = search(&site, "zh", "有限公司").await;
        assert_eq!(all.texts(".companies h3 a").len(), app::registry::MOST);
    }

    #[tokio::test]
    async fn nothing_found_says_what_to_try() {
        let site = Site::new();
        for lang in ["zh", "en"] {
            for q in ["", "   ", "鑫鑫鑫鑫鑫鑫", "<script>alert(1)</script>", "%00", &"长".repeat(5000)] {
                let page = search(&site, lang, q).await;
                assert_eq!(page.status, StatusCode::OK);
                assert!(!page.body.contains("<script>alert"), "{}", page.body);
                assert_eq!(page.texts("h1").len(), 1);
            }
        }
        let page = search(&site, "zh", "鑫鑫鑫鑫鑫鑫").await;
        assert_eq!(page.texts(".empty").len(), 1, "{}", page.body);
    }

    #[test]
    fn addresses_are_encoded() {
        assert_eq!(encoded("租 a&b"), "%E7%A7%9F%20a%26b");
    }
}
