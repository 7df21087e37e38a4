//! `/catalogue`: search, filters and order over all measures.

use app::catalogue::{Count, Found, KINDS, Notice, Query, Sort, kind_code};
use askama::Template;
use axum::extract::{Query as Pairs, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use domain::{PlaceId, PlaceTree};
use rules::labels;

use super::CardView;
use crate::error::WebError;
use crate::pages::html;
use crate::show;
use crate::state::App;
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "catalogue/list.html")]
struct List {
    v: Visitor,
    words: String,
    place: Vec<Choice>,
    issuer: Vec<Choice>,
    topic: Vec<Choice>,
    kind: Vec<Choice>,
    open: Choice,
    at_least: String,
    sort: Vec<Choice>,
    /// Whether any filter is set.
    filtered: bool,
    /// What is set, and how to take it off.
    chips: Vec<Link>,
    notices: Vec<String>,
    count: String,
    cards: Vec<CardView>,
    pages: Vec<PageLink>,
    before: Option<String>,
    after: Option<String>,
    /// What else could be looked for where nothing is found.
    examples: Vec<Link>,
}

/// A choice of a filter.
struct Choice {
    value: String,
    label: String,
    n: usize,
    chosen: bool,
}

struct Link {
    href: String,
    label: String,
}

struct PageLink {
    href: String,
    number: usize,
    here: bool,
}

/// `GET /catalogue`
pub async fn get(
    State(app): State<App>,
    v: Visitor,
    headers: HeaderMap,
    Pairs(pairs): Pairs<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let kapok = app.kapok();
    let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let (mut query, notices) = Query::read(pairs, &kapok.program);
    query.near = kapok.registry.place();
    let found = kapok.search(&query, app.today());
    let mut response = html(&page(&app, v, &query, &found, &notices))?;
    // a form sends its empty fields too; the address that is kept says only what is asked
    if headers.contains_key("hx-request")
        && let Ok(address) = HeaderValue::from_str(&href(&query))
    {
        response.headers_mut().insert(HeaderName::from_static("hx-push-url"), address);
    }
    Ok(response)
}

/// The address that asks for a query.
fn href(query: &Query) -> String {
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    for (name, value) in query.pairs() {
        pairs.append_pair(name, &value);
    }
    let pairs = pairs.finish();
    if pairs.is_empty() { "/catalogue".to_owned() } else { format!("/catalogue?{pairs}") }
}

/// The same from the first page, with something changed.
fn with(query: &Query, change: impl FnOnce(&mut Query)) -> String {
    let mut query = Query { page: 1, ..query.clone() };
    change(&mut query);
    href(&query)
}

fn page(app: &App, v: Visitor, query: &Query, found: &Found<'_>, notices: &[Notice]) -> List {
    let program = &app.kapok().program;
    let facets = &found.facets;
    let topic_label = |code: &str| v.l.text(&program.vocabulary.code_label("topic", code)).to_owned();
    let at = |page: usize| href(&Query { page, ..query.clone() });
    List {
        words: query.words.clone(),
        place: facets.places.iter().map(|count| place(&v, query, count)).collect(),
        issuer: facets
            .issuers
            .iter()
            .map(|count| Choice {
                value: count.key.zh.clone(),
                label: v.l.text(&count.key).to_owned(),
                n: count.n,
                chosen: query.issuer.as_ref() == Some(&count.key.zh),
            })
            .collect(),
        topic: facets
            .topics
            .iter()
            .map(|count| Choice {
                value: count.key.clone(),
                label: topic_label(&count.key),
                n: count.n,
                chosen: query.topics.contains(&count.key),
            })
            .collect(),
        kind: facets
            .kinds
            .iter()
            .map(|count| Choice {
                value: kind_code(count.key).to_owned(),
                label: v.l.text(&labels::award_kind(count.key)).to_owned(),
                n: count.n,
                chosen: query.kinds.contains(&count.key),
            })
            .collect(),
        open: Choice { value: "yes".to_owned(), label: v.t("catalogue-open"), n: facets.open, chosen: query.open },
        at_least: query.at_least.map(|money| money.fen() / 100).map(|yuan| yuan.to_string()).unwrap_or_default(),
        sort: Sort::ALL
            .into_iter()
            .map(|sort| Choice {
                value: sort.code().to_owned(),
                label: sort_label(&v, sort),
                n: 0,
                chosen: query.sort == sort,
            })
            .collect(),
        filtered: query.filters(),
        chips: chips(&v, query, &topic_label),
        notices: notices.iter().map(|notice| notice_text(&v, notice)).collect(),
        count: v.m("catalogue-count").n("n", found.total).to_string(),
        cards: found.hits.iter().map(|hit| CardView::new(&v, program, hit.card, &hit.standing, app.today())).collect(),
        pages: (1..=found.pages)
            .filter(|_| found.pages > 1)
            .map(|number| PageLink { href: at(number), number, here: number == found.page })
            .collect(),
        before: (found.page > 1).then(|| at(found.page - 1)),
        after: (found.page < found.pages).then(|| at(found.page + 1)),
        examples: examples(&v),
        v,
    }
}

/// A place, indented below those that it lies in.
fn place(v: &Visitor, query: &Query, count: &Count<PlaceId>) -> Choice {
    let tree = PlaceTree::china();
    let depth = tree.ancestors(count.key).count().saturating_sub(1);
    let name = show::place(count.key, v.l);
    Choice {
        value: tree.id(count.key).to_owned(),
        label: format!("{}{name}", "\u{3000}".repeat(depth)),
        n: count.n,
        chosen: query.place == Some(count.key),
    }
}

fn sort_label(v: &Visitor, sort: Sort) -> String {
    match sort {
        Sort::Best => v.t("catalogue-sort-best"),
        Sort::Amount => v.t("catalogue-sort-amount"),
        Sort::Deadline => v.t("catalogue-sort-deadline"),
        Sort::Newest => v.t("catalogue-sort-newest"),
    }
}

/// Each thing that is asked, with the address that asks the rest.
fn chips(v: &Visitor, query: &Query, topic_label: &dyn Fn(&str) -> String) -> Vec<Link> {
    let mut chips = Vec::new();
    let mut chip = |label: String, href: String| chips.push(Link { href, label });
    if !query.words.is_empty() {
        let label = v.m("catalogue-chip-words").s("words", &query.words).to_string();
        chip(label, with(query, |query| query.words.clear()));
    }
    if let Some(place) = query.place {
        chip(show::place(place, v.l).to_owned(), with(query, |query| query.place = None));
    }
    if let Some(issuer) = &query.issuer {
        chip(issuer.clone(), with(query, |query| query.issuer = None));
    }
    for topic in &query.topics {
        chip(topic_label(topic), with(query, |query| _ = query.topics.remove(topic)));
    }
    for (kind, _) in KINDS.into_iter().filter(|(kind, _)| query.kinds.contains(kind)) {
        let label = v.l.text(&labels::award_kind(kind)).to_owned();
        chip(label, with(query, |query| _ = query.kinds.remove(&kind)));
    }
    if query.open {
        chip(v.t("catalogue-open"), with(query, |query| query.open = false));
    }
    if let Some(money) = query.at_least {
        let label = v.m("catalogue-chip-amount").s("amount", show::money_text(money, v.l)).to_string();
        chip(label, with(query, |query| query.at_least = None));
    }
    chips
}

fn notice_text(v: &Visitor, notice: &Notice) -> String {
    let field = match notice.field {
        "place" => v.t("catalogue-place"),
        "issuer" => v.t("catalogue-issuer"),
        "topic" => v.t("catalogue-topic"),
        "kind" => v.t("catalogue-kind"),
        "open" => v.t("catalogue-open"),
        "at_least" => v.t("catalogue-at-least"),
        "sort" => v.t("catalogue-sort"),
        _ => v.t("catalogue-page"),
    };
    let text = if notice.field == "at_least" {
        v.m("catalogue-notice-amount").s("value", &notice.value)
    } else {
        v.m("catalogue-notice").s("field", field).s("value", &notice.value)
    };
    text.to_string()
}

/// Searches that find something, in the visitor's language.
fn examples(v: &Visitor) -> Vec<Link> {
    let words = v.t("catalogue-examples");
    let link = |words: &str| Link { href: href(&Query::words(words)), label: words.trim().to_owned() };
    words.split(['、', ',']).map(link).collect()
}
