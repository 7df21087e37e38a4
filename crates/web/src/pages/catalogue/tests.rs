//! Every page of the catalogue, in both languages.

use std::collections::BTreeSet;

use axum::http::StatusCode;

use crate::testing::{Page, Site};

/// Addresses that other pages own.
const ELSEWHERE: [&str; 9] =
    ["/ask", "/answer/measures/", "/api", "/about", "/glossary", "/design", "/assets/", "/search", "/preferences"];

/// The addresses on this site that a page links to.
fn links(page: &Page) -> BTreeSet<String> {
    let selector = scraper::Selector::parse("a[href]").unwrap();
    let html = page.html();
    let links =
        html.select(&selector).filter_map(|link| link.value().attr("href")).filter(|href| href.starts_with('/'));
    links.map(str::to_owned).collect()
}

fn whole(page: &Page, path: &str) {
    assert_eq!(page.status, StatusCode::OK, "{path}");
    assert!(!page.body.contains('⟦'), "{path} lacks a text: {}", page.body);
    assert_eq!(page.texts("h1").len(), 1, "{path}");
    let ids = page.html();
    let selector = scraper::Selector::parse("[id]").unwrap();
    let mut seen = BTreeSet::new();
    for id in ids.select(&selector).filter_map(|element| element.value().attr("id")) {
        assert!(seen.insert(id.to_owned()), "{path}: the id {id} is there twice");
    }
}

#[tokio::test]
async fn every_measure_is_shown_in_both_languages_and_no_link_is_dead() {
    let site = Site::new();
    let mut open: BTreeSet<String> = BTreeSet::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for card in &site.app.kapok().index().cards {
        for lang in ["zh", "en"] {
            let path = format!("/catalogue/{}?lang={lang}", card.id);
            let page = site.get(&path).await;
            whole(&page, &path);
            let name = if lang == "zh" { &card.name.zh } else { &card.name.en };
            assert_eq!(page.texts("h1"), [name.split_whitespace().collect::<Vec<_>>().join(" ")], "{path}");
            assert!(page.texts(".example .notice.error").is_empty(), "{path}: an example fails");
            open.extend(links(&page));
        }
    }
    for path in ["/catalogue", "/catalogue/changes", "/catalogue/overview"] {
        let page = site.get(path).await;
        whole(&page, path);
        open.extend(links(&page));
    }
    while let Some(path) = open.pop_first() {
        let known = path == "/" || ELSEWHERE.iter().any(|known| path.starts_with(known));
        // the same page in the other language leads to the same links
        if known || !seen.insert(path.clone()) || path.contains("lang=") {
            continue;
        }
        let page = site.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
    }
    assert!(seen.len() > 103, "{}", seen.len());
}

#[tokio::test]
async fn versions_are_compared_in_both_languages() {
    let site = Site::new();
    for card in site.app.kapok().index().cards.iter().filter(|card| card.versions.len() > 1) {
        for lang in ["zh", "en"] {
            let path = format!("/catalogue/{}/versions?lang={lang}", card.id);
            let page = site.get(&path).await;
            whole(&page, &path);
            assert_eq!(page.texts(".versions > li").len(), card.versions.len(), "{path}");
            assert!(!page.texts(".changes li").is_empty(), "{path}");
        }
    }
    let page = site.get("/catalogue/sz.graduate-lodging/versions?lang=en").await;
    assert!(page.body.contains("15 days"), "{}", page.body);
}

#[tokio::test]
async fn a_version_can_be_asked_for() {
    let site = Site::new();
    let texts = |page: &Page| page.texts(".notice").concat();
    let page = site.get("/catalogue/sz.graduate-lodging?version=1&lang=en").await;
    assert!(texts(&page).contains("not the version that applies now"), "{}", texts(&page));
    assert!(page.body.contains("7 days"));
    let page = site.get("/catalogue/sz.graduate-lodging?version=2").await;
    assert_eq!(texts(&page), "");
    for wrong in ["0", "3", "x", "-1", "99999999999999999999"] {
        let page = site.get(&format!("/catalogue/sz.graduate-lodging?version={wrong}")).await;
        assert_eq!(page.status, StatusCode::OK, "{wrong}");
        assert!(texts(&page).contains("no such version"), "{wrong}: {}", texts(&page));
    }
    assert_eq!(site.get("/catalogue/sz.nothing").await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get("/catalogue/sz.nothing/versions").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_measure_leads_to_the_answer_once_something_is_known() {
    let site = Site::new();
    let way = |page: &Page| links(page).into_iter().find(|href| href.starts_with("/answer/measures/"));
    let path = "/catalogue/sz.training-voucher";
    assert_eq!(way(&site.get(path).await), None);
    let profile = app::Profile::new(domain::PartyKind::Organisation);
    let name = site.app.name();
    let text = profile.to_json(&site.app.kapok().program.vocabulary);
    site.app.kapok().drafts.keep(&name, &text, site.app.now() + 60).unwrap();
    let cookie = format!("{}={}", crate::cookie::PROFILE, name.as_str());
    let page = site.send(axum::http::Method::GET, path, &[("cookie", cookie.as_str())], "").await;
    assert_eq!(way(&page).as_deref(), Some("/answer/measures/sz.training-voucher"));
}

#[tokio::test]
async fn the_list_is_searched_filtered_and_paged_without_scripts() {
    let site = Site::new();
    let page = site.get("/catalogue?q=%E7%A7%9F%E7%AE%97%E5%8A%9B").await;
    assert_eq!(page.texts(".cards h2").first().map(String::as_str), Some("2026年度训力券(需求方)"));
    let page = site.get("/catalogue?q=hire+graduates&lang=en").await;
    assert_eq!(page.texts(".cards h2")[0], "Free lodging for new graduates who look for work");
    // what is set can be taken off one by one
    let page =
        site.get("/catalogue?topic=compute&topic=space&open=yes&place=nanshan&at_least=100%E4%B8%87&lang=en").await;
    assert_eq!(page.texts(".chips .chip").len(), 5, "{:?}", page.texts(".chips .chip"));
    let chips: Vec<String> = links(&page).into_iter().filter(|href| href.starts_with("/catalogue?")).collect();
    assert!(
        chips.iter().any(|href| href == "/catalogue?place=nanshan&topic=compute&open=yes&at_least=1000000"),
        "{chips:?}"
    );
    // pages lead on
    let page = site.get("/catalogue?lang=en").await;
    let next = page
        .html()
        .select(&scraper::Selector::parse("a[rel=next]").unwrap())
        .next()
        .unwrap()
        .value()
        .attr("href")
        .map(str::to_owned);
    assert_eq!(next.as_deref(), Some("/catalogue?page=2"));
    assert_eq!(page.texts("#count"), ["103 measures"]);
}

#[tokio::test]
async fn what_is_asked_wrongly_is_told_and_nothing_found_teaches() {
    let site = Site::new();
    let page = site.get("/catalogue?place=atlantis&at_least=much&page=0&lang=en").await;
    assert_eq!(page.status, StatusCode::OK);
    let notices = page.texts(".notice");
    assert_eq!(notices.len(), 3, "{notices:?}");
    assert!(notices[0].contains("atlantis") && notices[1].contains("much"), "{notices:?}");
    let page = site.get("/catalogue?q=%3Cscript%3Exylophone%3C/script%3E&lang=en").await;
    assert!(!page.body.contains("<script>xylophone"));
    assert_eq!(page.texts(".empty h2"), ["No measure fits"]);
    // the searches that are offered find something
    for href in links(&page).into_iter().filter(|href| href.starts_with("/catalogue?q=") && !href.contains("lang=")) {
        assert!(!site.get(&href).await.texts(".cards h2").is_empty(), "{href}");
    }
}

#[tokio::test]
async fn a_part_is_asked_for_under_the_short_address() {
    let site = Site::new();
    let headers = [("hx-request", "true")];
    let page = site.send(axum::http::Method::GET, "/catalogue?q=&place=&issuer=&topic=compute", &headers, "").await;
    assert_eq!(page.header("hx-push-url"), "/catalogue?topic=compute");
}

#[tokio::test]
async fn the_feed_has_an_entry_for_each_change() {
    let site = Site::new();
    let page =
        site.send(axum::http::Method::GET, "/catalogue/changes.atom?lang=en", &[("host", "kapok.example")], "").await;
    assert_eq!(page.header("content-type"), "application/atom+xml; charset=utf-8");
    assert!(page.body.starts_with("<?xml version=\"1.0\""));
    assert!(page.body.contains("http://kapok.example/catalogue/sz.training-voucher.demand-2026?version=1"));
    let ids: Vec<&str> = page.body.split("<id>").skip(1).filter_map(|rest| rest.split("</id>").next()).collect();
    assert_eq!(ids.len(), 51);
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    assert!(!page.body.contains('⟦'));
}

#[tokio::test]
async fn charts_have_their_tables() {
    let site = Site::new();
    let page = site.get("/catalogue/overview?lang=en").await;
    assert_eq!(page.texts(".chart").len(), 3);
    let data: serde_json::Value = serde_json::from_str(&page.texts("#overview-data").concat()).unwrap();
    let counted: i64 = data["topics"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|topic| topic["counts"].as_array().unwrap())
        .map(|n| n.as_i64().unwrap())
        .sum();
    assert_eq!(counted, 103);
    assert_eq!(page.texts("table").len(), 3);
    assert_eq!(data["windows"].as_array().unwrap().len(), 2);
    assert!(!page.body.contains(" style="), "the content policy forbids it");
}
