//! The answer as visitors meet it: the same as the rules say, small, in both languages, with clear words for bad input.

use app::facts::{self, Format};
use app::{Profile, answer, share};
use axum::http::{Method, StatusCode};
use domain::{FactKey, Knowledge, Money, PlaceTree, Value};
use rules::report::Report;

use super::view::encoded;
use crate::testing::{Page, Site};

const COMPANIES: [&str; 3] = ["companies/ai-startup", "companies/little-known", "companies/robot-maker"];
const START_UP: &str = COMPANIES[0];

fn profile(site: &Site, file: &str) -> Profile {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../demo/{file}.yaml"));
    let bytes = std::fs::read(path).unwrap();
    let vocabulary = &site.app.kapok().program.vocabulary;
    let read = facts::read(file, &bytes, Format::Yaml, vocabulary).unwrap().remove(0);
    Profile { party: read.party, on: read.on, known_on: read.known_on, ..Profile::new(domain::PartyKind::Organisation) }
}

fn packed(site: &Site, file: &str) -> String {
    share::pack(&profile(site, file), &site.app.kapok().program.vocabulary)
}

/// A site whose visitor has given the answers of a demo party.
async fn site(file: &str) -> Site {
    let site = Site::new();
    let page = site.post("/answer/import", &format!("take=yes&f={}", packed(&site, file))).await;
    assert_eq!((page.status, page.header("location")), (StatusCode::SEE_OTHER, "/answer"));
    site
}

fn report(site: &Site, file: &str) -> Report {
    site.app.kapok().assess(&profile(site, file), site.app.today()).report()
}

/// The name of the one answer that the visitor shares.
async fn shared(site: &Site) -> String {
    let page = site.post("/answer/share", "days=7").await;
    assert_eq!((page.status, page.header("location")), (StatusCode::SEE_OTHER, "/answer/share"));
    attribute(&site.get("/answer/share").await, "input[name=name]", "value").remove(0)
}

fn attribute(page: &Page, selector: &str, name: &str) -> Vec<String> {
    let selector = scraper::Selector::parse(selector).unwrap();
    page.html().select(&selector).filter_map(|one| Some(one.attr(name)?.to_owned())).collect()
}

#[tokio::test]
async fn the_page_says_what_the_rules_say() {
    for file in COMPANIES.into_iter().chain(["people/graduate"]) {
        let site = site(file).await;
        let report = report(&site, file);
        let page = site.get("/answer").await;
        assert_eq!(page.status, StatusCode::OK, "{file}");
        let total = answer::Total::of(&report.bundle);
        if !report.bundle.lines.is_empty() {
            let (now, _) = answer::now_and_later(&report.bundle);
            let now = answer::Total::of_lines(&now).most;
            assert_eq!(page.texts(".bundle .stat-value"), [total.sure, now, total.most].map(Money::zh), "{file}");
        }
        // every measure is there once, with its outcome and amount
        let ids = attribute(&page, "details.measure", "id");
        let outcomes = page.texts("details.measure > summary .outcome");
        let amounts = page.texts("details.measure > summary .money");
        assert_eq!(ids.len(), report.measures.len(), "{file}");
        for measure in &report.measures {
            let place = ids.iter().position(|id| *id == format!("m-{}", measure.measure));
            let place = place.unwrap_or_else(|| panic!("{file}: {} is not there", measure.measure));
            assert!(outcomes[place].ends_with(&measure.outcome.label().zh), "{file}: {}", measure.measure);
            if measure.outcome != rules::ast::Outcome::NotEligible {
                assert_eq!(amounts[place], measure.amount.text.zh, "{file}: {}", measure.measure);
            }
        }
        // and as data it is the report itself
        let json: Report = serde_json::from_str(&site.get("/answer.json").await.body).unwrap();
        assert_eq!(json, report, "{file}");
    }
}

#[tokio::test]
async fn every_page_of_the_answer_is_there_in_both_languages() {
    let site = site(START_UP).await;
    let name = shared(&site).await;
    let share = format!("/s/{name}");
    let paths = ["", "/print", "/measures/sz.training-voucher.demand-2026"];
    let mut all: Vec<String> =
        paths.iter().flat_map(|path| [format!("/answer{path}"), format!("{share}{path}")]).collect();
    all.push("/answer/share".to_owned());
    for path in all {
        for (lang, tag) in [("zh", "zh-CN"), ("en", "en")] {
            let page = site.get(&format!("{path}?lang={lang}")).await;
            assert_eq!(page.status, StatusCode::OK, "{path} {lang}");
            assert_eq!(attribute(&page, "html", "lang"), [tag], "{path}");
            assert_eq!(page.texts("h1").len(), 1, "{path} {lang}");
            assert!(!page.body.contains('⟦'), "{path} {lang}: a text is missing");
            assert!(!page.body.contains(" style="), "{path} {lang}: the content policy forbids styles in elements");
        }
    }
}

#[tokio::test]
async fn who_has_answered_nothing_is_led_to_the_questions() {
    let site = Site::new();
    for path in ["/answer", "/answer/print", "/answer.csv", "/answer.json", "/answer/share", "/answer/measures/x"] {
        let page = site.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert_eq!(attribute(&page, "main a.button.primary", "href"), ["/ask"], "{path}");
    }
}

#[tokio::test]
async fn everything_that_the_page_needs_is_small() {
    let site = site(START_UP).await;
    let packed = [("accept-encoding", "br")];
    let page = site.get("/answer").await;
    let mut total = site.send(Method::GET, "/answer", &packed, "").await.bytes;
    let mut assets = attribute(&page, "link[href^='/assets/']", "href");
    assets.extend(attribute(&page, "script[src]", "src"));
    assets.extend(attribute(&page, "img", "src"));
    assets.sort();
    assets.dedup();
    assert!(assets.len() >= 3, "{assets:?}");
    for asset in assets {
        let answer = site.send(Method::GET, &asset, &packed, "").await;
        assert_eq!(answer.status, StatusCode::OK, "{asset}");
        total += answer.bytes;
    }
    println!("the answer page with everything it needs: {total} bytes");
    assert!(total < 100_000, "{total} bytes");
}

#[tokio::test]
async fn a_measure_gives_all_its_reasons() {
    let site = site(START_UP).await;
    let page = site.get("/answer/measures/sz.training-voucher.demand-2026").await;
    let conditions = page.texts("ul.tree > li .cond");
    assert!(conditions.iter().any(|label| label == "注册地在深圳市"), "{conditions:?}");
    assert!(page.body.contains("最高60%") && page.body.contains("营业执照") && page.body.contains("第二部分 支持标准"));
    // the part for the list has no page around it
    let part = site.get("/answer/measures/sz.training-voucher.demand-2026?part=yes").await;
    assert!(!part.body.contains("<html"), "{}", part.body);
    assert_eq!(part.texts("ul.tree > li .cond"), conditions);
    // what is missing leads to exactly its question
    let page = site.get("/answer/measures/sz.hightech-zone.high-growth").await;
    let asks = attribute(&page, ".asks a", "href");
    assert!(asks.contains(&"/ask?fact=org.revenue%5B2024%5D".to_owned()), "{asks:?}");
    let page = site.get("/answer/measures/no.such").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn another_date_gives_another_answer_and_an_impossible_one_is_told_at_its_field() {
    let site = site(START_UP).await;
    let voucher = "[id='m-sz.training-voucher.demand-2026'] .outcome";
    assert!(site.get("/answer").await.texts(voucher)[0].ends_with("待人工认定"));
    let page = site.get("/answer?on=2026-08-01").await;
    assert!(page.texts(voucher)[0].ends_with("不符合"));
    assert_eq!(attribute(&page, "#on", "value"), ["2026-08-01"]);
    // pages from there stay on the date
    let links = attribute(&page, ".all-reasons a", "href");
    assert!(links.iter().all(|link| link.ends_with("?on=2026-08-01")), "{links:?}");
    for (query, field, words) in [
        ("on=3026-05-20", "#on-error", "超出范围"),
        ("on=soon", "#on-error", "不是日期"),
        ("on=2026-02-30", "#on-error", "不是日期"),
        ("known_on=1900-01-01", "#known-error", "超出范围"),
    ] {
        let page = site.get(&format!("/answer?{query}")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(page.texts(field)[0].contains(words), "{query}");
        assert!(page.texts(voucher)[0].ends_with("待人工认定"), "{query}: the answer is still there");
        assert_eq!(site.get(&format!("/answer.csv?{query}")).await.status, StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test]
async fn an_amount_that_is_cut_names_the_rule() {
    let site = Site::new();
    let vocabulary = &site.app.kapok().program.vocabulary;
    let mut profile = profile(&site, START_UP);
    let haizhu = Value::Place(PlaceTree::china().get("haizhu").unwrap());
    for key in ["org.place", "org.operating_place"] {
        profile.party.facts.get_mut(&FactKey::new(key)).unwrap().value = Knowledge::Known(haizhu.clone());
    }
    let report = site.app.kapok().assess(&profile, site.app.today()).report();
    let cut: Vec<&str> = report.bundle.lines.iter().filter(|line| line.cut).map(|line| line.measure.as_str()).collect();
    assert_eq!(cut, ["gz-haizhu.model-filing"]);
    site.post("/answer/import", &format!("take=yes&f={}", share::pack(&profile, vocabulary))).await;
    for (lang, words) in [("zh", "1,000万元"), ("en", "10,000,000")] {
        let rules = site.get(&format!("/answer?lang={lang}")).await.texts(".bundle .cut li");
        assert!(rules.iter().any(|rule| rule.contains(words)), "{rules:?}");
    }
}

#[tokio::test]
async fn the_list_is_narrowed_and_sorted() {
    let site = site(START_UP).await;
    let report = report(&site, START_UP);
    let page = site.get("/answer?kind=status&level=national").await;
    let wanted = report
        .measures
        .iter()
        .filter(|measure| measure.kind == rules::ast::AwardKind::Status && measure.citation.level == "national");
    let mut wanted: Vec<String> = wanted.map(|measure| format!("m-{}", measure.measure)).collect();
    wanted.sort();
    let mut found = attribute(&page, "details.measure", "id");
    found.sort();
    assert!(!found.is_empty());
    assert_eq!(found, wanted);
    let page = site.get("/answer?sort=deadline").await;
    let first = attribute(&page, ".group.needs-person details.measure", "id");
    assert_eq!(first[0], "m-sz.training-voucher.demand-2026", "{first:?}");
}

#[tokio::test]
async fn the_table_opens_in_spreadsheets() {
    let site = site(START_UP).await;
    let page = site.get("/answer.csv").await;
    assert_eq!(page.header("content-type"), "text/csv; charset=utf-8");
    assert!(page.header("content-disposition").starts_with("attachment"));
    assert!(page.body.starts_with("\u{feff}结论,措施,编号,"), "{}", page.body);
    let row = page.body.lines().find(|line| line.contains(",sz.training-voucher.demand-2026,")).unwrap();
    assert!(row.starts_with("待人工认定,") && row.contains(",0,7200000,人民币元,"), "{row}");
    assert!(row.contains(",2026-06-05,"), "{row}");
    assert_eq!(page.body.lines().count(), report(&site, START_UP).measures.len() + 1);
    assert!(site.get("/answer.csv?lang=en").await.body.starts_with("\u{feff}outcome,"));
}

#[tokio::test]
async fn deadlines_go_into_calendars() {
    let site = site(START_UP).await;
    let page = site.get("/answer.ics").await;
    assert_eq!(page.header("content-type"), "text/calendar; charset=utf-8");
    assert!(page.body.contains("UID:sz.training-voucher.demand-2026-20260605@kapok\r\n"), "{}", page.body);
    assert!(page.body.contains("DTSTAMP:20260520T040000Z\r\n"), "{}", page.body);
    let name = shared(&site).await;
    let feed = site.get(&format!("/s/{name}/deadlines.ics?lang=en")).await;
    assert!(
        feed.body.replace("\r\n ", "").contains("SUMMARY:Training voucher 2026\\, demand side: applications close\r\n")
    );
}

#[tokio::test]
async fn a_shared_answer_can_be_read_and_not_changed() {
    let mine = site(START_UP).await;
    let name = shared(&mine).await;
    let own = mine.get("/answer").await;
    let page = mine.get(&format!("/s/{name}")).await;
    assert_eq!(page.texts(".bundle .stat-value"), own.texts(".bundle .stat-value"));
    assert!(
        attribute(&page, "a", "href").iter().all(|link| !link.starts_with("/ask?")),
        "no questions about others' facts"
    );
    assert_eq!(attribute(&page, "meta[name=robots]", "content"), ["noindex"]);
    // taking it over shows it first, and then it is hers
    let preview = mine.post("/answer/import", &format!("name={name}")).await;
    assert!(preview.texts(".notice.warn")[0].contains("替换"), "{}", preview.body);
    // the link does not open its maker's answers for writing
    let ended = mine.post("/answer/share/end", &format!("name={name}")).await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER);
    for path in [format!("/s/{name}"), format!("/s/{name}/deadlines.ics"), format!("/s/{name}/answer.csv")] {
        assert_eq!(mine.get(&path).await.status, StatusCode::GONE, "{path}");
    }
    assert_eq!(mine.get("/s/none").await.status, StatusCode::NOT_FOUND);
    assert_eq!(mine.post("/answer/share", "days=100000").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn facts_in_a_link_are_shown_before_they_replace_anything() {
    let site = site(START_UP).await;
    let before = site.get("/answer.json").await.body;
    let other = packed(&site, COMPANIES[2]);
    let page = site.post("/answer/import", &format!("f={other}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.texts(".notice.warn")[0].contains("替换"), "{}", page.body);
    assert_eq!(site.get("/answer.json").await.body, before, "nothing has changed yet");
    // the link on the page to share is the one that is read
    let link = attribute(&site.get("/answer/share").await, "#packed", "value").remove(0);
    let held = share::unpack(link.split_once("/answer#f=").unwrap().1, &site.app.kapok().program.vocabulary).unwrap();
    assert_eq!(held.party, profile(&site, START_UP).party);
    assert_eq!(site.post("/answer/import", &format!("f={other}&take=yes")).await.status, StatusCode::SEE_OTHER);
    assert_ne!(site.get("/answer.json").await.body, before);
}

#[tokio::test]
async fn a_link_that_was_changed_or_cut_is_told_and_nothing_is_lost() {
    let site = site(START_UP).await;
    let before = site.get("/answer.json").await.body;
    let whole = packed(&site, COMPANIES[2]);
    let middle = whole.len() / 2;
    let changed = format!(
        "{}{}{}",
        &whole[..middle],
        if &whole[middle..=middle] == "A" { "B" } else { "A" },
        &whole[middle + 1..]
    );
    for wrong in [&whole[..middle], &changed, "", "<script>", "AAAA"] {
        let page = site.post("/answer/import", &format!("take=yes&f={}", encoded(wrong))).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{wrong}");
        assert!(page.texts("main").concat().contains("不完整或被改动过"), "{}", page.body);
    }
    assert_eq!(site.get("/answer.json").await.body, before);
}
