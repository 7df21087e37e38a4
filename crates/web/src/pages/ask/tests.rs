//! Journeys through the questionnaire, in process.

use std::collections::BTreeMap;

use app::facts::{self, Format};
use app::interview::{Key, Running};
use axum::http::{Method, StatusCode};
use domain::{Knowledge, Party, Value};
use scraper::Selector;

use crate::testing::{Page, Site};

fn demo(site: &Site, name: &str) -> Party {
    let path = format!("{}/../../demo/{name}", env!("CARGO_MANIFEST_DIR"));
    let vocabulary = &site.app.kapok().program.vocabulary;
    facts::read(name, &std::fs::read(path).unwrap(), Format::Yaml, vocabulary).unwrap().remove(0).party
}

/// The attribute of all elements that a selector finds.
fn attributes(page: &Page, selector: &str, name: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    let html = page.html();
    html.select(&selector).filter_map(|element| element.attr(name).map(str::to_owned)).collect()
}

/// What somebody who knows `truth` enters at a key. Records are numbered on the site and named in files.
fn entry(site: &Site, truth: &Party, key: &str) -> Vec<String> {
    let vocabulary = &site.app.kapok().program.vocabulary;
    let key = Key::parse(key, vocabulary).unwrap();
    let rows = |name: &str| truth.records.get(name);
    let fact = match &key {
        Key::List(_) => {
            let rows = rows(&key.record(vocabulary).unwrap().name);
            return rows.map(|rows| rows.len().to_string()).into_iter().collect();
        }
        Key::Fact(fact) => truth.facts.get(fact),
        Key::Field { record, field, id } => {
            rows(record).and_then(|rows| rows.get(id.parse::<usize>().unwrap() - 1)?.facts.get(field))
        }
    };
    match fact.map(|fact| &fact.value) {
        Some(Knowledge::Known(Value::Codes(codes))) if codes.is_empty() => vec!["none".to_owned()],
        Some(Knowledge::Known(Value::Codes(codes))) => codes.clone(),
        Some(Knowledge::Known(value)) => vec![facts::value_text(value)],
        _ => Vec::new(),
    }
}

fn encode(pairs: &[(String, String)]) -> String {
    let escape = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    pairs.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect::<Vec<_>>().join("&")
}

/// The form of a page, with what `answers` has for each key.
fn form(page: &Page, answers: impl Fn(&str) -> Vec<String>) -> String {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for name in ["question", "kind", "back"] {
        let value = attributes(page, &format!("form input[name={name}]"), "value").remove(0);
        pairs.push((name.to_owned(), value));
    }
    for key in attributes(page, "input[name=shown]", "value") {
        pairs.extend(answers(&key).into_iter().map(|value| (format!("f.{key}"), value)));
        pairs.push(("shown".to_owned(), key));
    }
    pairs.push(("rest".to_owned(), "unknown".to_owned()));
    encode(&pairs)
}

async fn begin(site: &Site) {
    let page = site.post("/ask/start", "kind=organisation").await;
    assert_eq!((page.status, page.header("location")), (StatusCode::SEE_OTHER, "/ask"));
}

async fn upload(site: &Site, name: &str, bytes: &[u8]) -> Page {
    let head = format!(
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
    );
    let body = [head.as_bytes(), bytes, b"\r\n--x--\r\n"].concat();
    site.send(Method::POST, "/ask/upload", &[("content-type", "multipart/form-data; boundary=x")], body).await
}

#[tokio::test]
async fn a_start_up_comes_from_nothing_to_its_answer_in_at_most_twelve_questions() {
    let site = Site::new();
    let truth = demo(&site, "companies/ai-startup.yaml");
    let start = site.get("/ask").await;
    assert_eq!(attributes(&start, "main form", "action"), ["/ask/start", "/ask/start", "/ask/upload"]);
    begin(&site).await;
    let mut questions = 0;
    let done = loop {
        let page = site.get("/ask").await;
        assert_eq!(page.status, StatusCode::OK);
        if attributes(&page, "form input[name=question]", "value").is_empty() {
            break page;
        }
        questions += 1;
        assert!(questions <= 12, "{:?}", page.texts("h1"));
        assert!(page.texts("details.why summary")[0].starts_with("为什么问："), "{:?}", page.texts("summary"));
        let sent = site.post("/ask", &form(&page, |key| entry(&site, &truth, key))).await;
        assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, "/ask"), "{}", sent.body);
    };
    assert_eq!(done.texts("h1"), ["已经问完了"]);
    let (sure, possible) = {
        let profile = app::Profile { party: truth, ..app::Profile::new(domain::PartyKind::Organisation) };
        Running::of(&site.app.kapok().assess(&profile, site.app.today()).report().bundle).words()
    };
    // memberships are looked up, not asked for: the sum is never less than what the file itself leads to
    assert_eq!(done.texts(".so-far .stat-value")[0], sure.zh);
    assert!(!possible.zh.is_empty() && done.texts("a.primary") == ["查看结果"]);
}

#[tokio::test]
async fn mistakes_stand_at_their_fields_and_the_rest_is_kept() {
    let site = Site::new();
    begin(&site).await;
    let page = site.get("/ask?lang=en").await;
    let wrong = BTreeMap::from([("org.founded_on", "3026-01-01"), ("org.kind", "enterprise")]);
    let answers = |key: &str| wrong.get(key).map(|value| (*value).to_owned()).into_iter().collect();
    let page = site.post("/ask", &form(&page, answers)).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.texts("title")[0].starts_with("Error:"), "{:?}", page.texts("title"));
    let id = attributes(&page, "#mistakes a", "href").remove(0);
    assert_eq!(attributes(&page, &id, "name"), ["f.org.founded_on"]);
    assert_eq!(attributes(&page, &id, "value"), ["3026-01-01"], "what was entered stays");
    assert!(page.texts(&format!("{id}-error"))[0].contains("3026"));
    let chosen = "input[name='f.org.kind'][checked], option[selected][value=enterprise]";
    assert_eq!(attributes(&page, chosen, "value"), ["enterprise"]);
    assert!(site.get("/ask/answers").await.texts(".given-value").contains(&"Enterprise".to_owned()));
}

#[tokio::test]
async fn a_form_is_understood_after_the_answers_have_ended() {
    let site = Site::new();
    let body = "question=who&kind=organisation&back=next&rest=unknown&shown=org.kind&f.org.kind=enterprise";
    assert_eq!(site.post("/ask", body).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get("/ask/answers").await.texts(".given-value"), ["企业"]);
}

#[tokio::test]
async fn any_answer_can_be_opened_changed_and_taken_back() {
    let site = Site::new();
    begin(&site).await;
    let body = "question=who&back=next&rest=unknown&shown=org.kind&f.org.kind=enterprise&shown=org.place";
    site.post("/ask", body).await;
    let page = site.get("/ask/answers").await;
    assert_eq!(page.texts(".given-value"), ["企业", "不知道"]);
    assert_eq!(attributes(&page, "h2 + a", "href"), ["/ask?q=who"]);
    for path in ["/ask?q=who", "/ask?fact=org.kind"] {
        let page = site.get(path).await;
        assert_eq!(attributes(&page, "[name=back]", "value"), ["answers"], "{path}");
        let kind = attributes(&page, "option[selected], input[checked]", "value");
        assert!(kind.contains(&"enterprise".to_owned()), "{path}: {kind:?}");
    }
    let back = site.post("/ask", "question=who&back=answers&shown=org.kind&f.org.kind=university").await;
    assert_eq!(back.header("location"), "/ask/answers");
    assert_eq!(site.get("/ask/answers").await.texts(".given-value"), ["高等院校", "不知道"]);
    let from_answer = site.get("/ask?fact=org.kind&back=answer").await;
    assert_eq!(attributes(&from_answer, "a.quiet", "href"), ["/answer"]);
    assert_eq!(site.post("/ask", "question=who&back=answer").await.header("location"), "/answer");
    site.post("/ask/answers/clear", "key=org.place").await;
    assert_eq!(site.get("/ask/answers").await.texts(".given-value"), ["高等院校"]);
    assert_eq!(site.get("/ask?q=nonsense").await.header("location"), "/ask/answers");
    site.post("/ask/forget", "").await;
    assert_eq!(site.get("/ask/answers").await.header("location"), "/ask", "nothing is left");
}

#[tokio::test]
async fn none_of_the_rest_is_said_with_one_button() {
    let site = Site::new();
    begin(&site).await;
    site.post("/ask", "question=standing&rest=none&shown=org.serious_dishonesty&shown=org.clean_years").await;
    assert_eq!(site.get("/ask/answers?lang=en").await.texts(".given-value"), ["no", "I don’t know"]);
}

#[tokio::test]
async fn what_the_registry_knows_is_filled_in_with_its_source() {
    let site = Site::new();
    let registry = &site.app.kapok().registry;
    let entry = registry.search("科技").entries[0].clone();
    let page = site.get(&format!("/ask/start?uscc={}", entry.uscc)).await;
    assert_eq!(page.texts("h1"), [entry.name.as_str()]);
    let facts = page.texts("tbody tr").len();
    assert!(facts > 5);
    site.post("/ask/start", &format!("uscc={}", entry.uscc)).await;
    let answers = site.get("/ask/answers").await;
    assert!(answers.texts(".given-value").len() >= facts);
    assert!(answers.texts(".given .meta").iter().all(|source| source != "您的回答"), "every fact has its source");
    assert_eq!(answers.texts(".so-far .meta")[0], entry.name);
}

#[tokio::test]
async fn a_wrong_code_is_told_with_what_would_be_right() {
    let site = Site::new();
    for (typed, word) in [
        ("91440300MAXDEM0136", "应为 “5”"),
        ("9144030071526726XG", "没有这家企业"),
        ("9144030071526726", "18 位"),
        ("%E6%97%A0%E6%AD%A4%E4%BC%81%E4%B8%9A", "没有名称或代码含"),
    ] {
        let page = site.get(&format!("/ask/start?uscc={typed}")).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert!(page.texts("#uscc-error")[0].contains(word), "{:?}", page.texts("#uscc-error"));
        assert_eq!(attributes(&page, "#uscc", "aria-invalid"), ["true"]);
    }
    assert_eq!(site.post("/ask/start", "uscc=91440300MAXDEM0136").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_file_is_taken_whole_or_not_at_all() {
    let site = Site::new();
    begin(&site).await;
    site.post("/ask", "question=who&shown=org.kind&f.org.kind=university").await;
    let big = vec![b'#'; 8 << 20 | 1];
    let many = format!("loans: [{}]", "{ principal: 1元 }, ".repeat(1_001));
    let long = format!("org.uscc: unknown\nprojects: [ {{ id: {} }} ]\n", "x".repeat(1 << 20));
    for (name, bytes, word) in [
        ("a.png", &b"\x89PNG\r\n\x1a\n"[..], "不是可以读取的文件"),
        ("a.json", b"\xff\xfe", "不是可以读取的文件"),
        ("a.yaml", "org.kind: enterprize\norg.staff: 很多\n".as_bytes(), "2处错误"),
        ("a.csv", "name,org.kind\n甲,企业\n乙,企业\n".as_bytes(), "2个主体"),
        ("a.yaml", &big, "最大 8 MB"),
        ("a.yaml", many.as_bytes(), "最多1000条"),
        ("a.yaml", long.as_bytes(), "最多 1 MB"),
        ("", b"", "请先选择文件"),
    ] {
        let page = upload(&site, name, bytes).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(page.texts("#file-error")[0].contains(word), "{name}: {:?}", page.texts("#file-error"));
        assert_eq!(site.get("/ask/answers").await.texts(".given-value"), ["高等院校"], "nothing is lost");
    }
    let page = upload(&site, "a.yaml", "org.kind: enterprize\norg.staff: 很多\n".as_bytes()).await;
    assert_eq!(page.texts("#file-error li").len(), 2);
    assert!(page.texts("#file-error li")[1].starts_with("第2行"), "{:?}", page.texts("#file-error li"));
    let good = std::fs::read(format!("{}/../../demo/companies/robot-maker.yaml", env!("CARGO_MANIFEST_DIR"))).unwrap();
    assert_eq!(upload(&site, "robot.yaml", &good).await.header("location"), "/ask");
    let answers = site.get("/ask/answers").await;
    assert!(answers.texts(".given-value").len() > 40);
    // what is downloaded is taken again, and says the same
    let file = site.get("/ask/answers.json").await;
    assert!(file.header("content-disposition").contains("attachment"));
    site.post("/ask/forget", "").await;
    assert_eq!(upload(&site, "answers.json", file.body.as_bytes()).await.header("location"), "/ask");
    let again = site.get("/ask/answers").await;
    assert_eq!(again.texts(".given"), answers.texts(".given"));
    assert_eq!(again.texts(".stat-value"), answers.texts(".stat-value"));
}

#[tokio::test]
async fn far_too_much_is_refused_and_nothing_is_lost() {
    let site = Site::new();
    begin(&site).await;
    let page = upload(&site, "a.yaml", &vec![b'#'; 20 << 20]).await;
    assert!(page.status.is_client_error(), "{}", page.status);
    assert!(page.body.contains("8 MB"), "{}", page.body);
    assert_eq!(site.get("/ask/answers").await.status, StatusCode::OK);
}
