//! `POST /api/v1/ask-next`: what to ask a party next, and why.

use app::interview::{Interview, Question};
use app::requests::AskNext;
use axum::extract::State;
use axum::response::Response;
use rules::report::Amount;
use schemars::JsonSchema;
use serde::Serialize;

use super::body::Body;
use super::problem::Problem;
use super::{json, to_json};
use crate::state::App;

/// Where the interview with a party stands.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "NextQuestion")]
pub struct Next {
    /// `kapok.next/1`
    format: &'static str,
    /// The date whose law applies, ISO.
    on: String,
    /// The date as known on, ISO.
    known_on: String,
    /// The question to ask next; absent when no answer can change the money any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Question>,
    /// How many questions, as far as is known now, could still change the money; this one counts.
    left: usize,
    /// How many questions are open on which only other benefits than money hang.
    others: usize,
    /// How many facts could still change the money, but the party does not know them.
    skipped: usize,
    /// The money of the best bundle by what is known now.
    total: Amount,
}

/// The next question.
#[utoipa::path(
    post,
    path = "/api/v1/ask-next",
    operation_id = "askNext",
    tag = "assess",
    summary = "What to ask next / 下一个问题",
    description = "The question worth the most money, with its fields, choices and hints, and the measures that wait for it. \
                   Put the answers into `party`, what is not known into `skipped`, and ask again, until there is no question.\n\
                   返回最值得问的问题及其字段、选项和提示，并说明哪些措施在等答案。把答案填入 party，不知道的键填入 skipped，再次请求，直到没有问题。",
    request_body(content = ref("#/components/schemas/AskNextRequest"), content_type = "application/json"),
    responses((status = 200, description = "The next question\n下一个问题", body = ref("#/components/schemas/NextQuestion"))),
)]
pub async fn post(State(app): State<App>, Body(body): Body) -> Result<Response, Problem> {
    let kapok = app.kapok();
    let request = AskNext::read(&body, &kapok.program)?;
    let dates = request.subject.dates(app.today());
    let assessment = kapok.assess_party(&request.subject.file.party, dates, &|_| true);
    let interview = Interview::new(&assessment, &request.skipped);
    let next = Next {
        format: "kapok.next/1",
        on: dates.on.to_string(),
        known_on: dates.known_on.to_string(),
        left: interview.questions.len(),
        others: interview.others.len(),
        skipped: interview.skipped,
        next: interview.questions.into_iter().next(),
        total: assessment.summary().bundle.total,
    };
    Ok(json(to_json(&next)?))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use axum::http::{Method, StatusCode};
    use serde_json::{Value, json};

    use crate::api::tests::{JSON, problem};
    use crate::testing::Site;

    async fn ask(site: &Site, body: &Value) -> Value {
        let page = site.send(Method::POST, "/api/v1/ask-next", &[JSON], body.to_string()).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        serde_json::from_str(&page.body).unwrap()
    }

    #[tokio::test]
    async fn the_interview_goes_on_until_nothing_is_left_to_ask() {
        let site = Site::new();
        let party = json!({ "party": "organisation", "org.place": "nanshan" });
        let mut skipped = BTreeSet::new();
        let mut left = usize::MAX;
        for _ in 0..100 {
            let told = ask(&site, &json!({ "party": party, "skipped": skipped })).await;
            let Some(next) = told.get("next") else {
                assert_eq!(told["left"], 0);
                assert!(told["skipped"].as_u64() > Some(0));
                return;
            };
            assert!(!next["why"]["zh"].as_str().unwrap().is_empty());
            let before = skipped.len();
            for field in next["sections"].as_array().unwrap().iter().flat_map(|s| s["fields"].as_array().unwrap()) {
                skipped.extend(
                    field["cells"].as_array().unwrap().iter().map(|cell| cell["key"].as_str().unwrap().to_owned()),
                );
            }
            assert!(skipped.len() > before, "the same question again: {next}");
            left = left.min(usize::try_from(told["left"].as_u64().unwrap()).unwrap());
        }
        panic!("{left} questions are left after a hundred");
    }

    #[tokio::test]
    async fn a_key_that_means_nothing_is_told() {
        let site = Site::new();
        let body = json!({ "party": {}, "skipped": ["org.staff", "org.staf", 3] }).to_string();
        let page = site.send(Method::POST, "/api/v1/ask-next", &[JSON], body).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        let told = problem(&page);
        let pointers: Vec<&str> =
            told["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
        assert_eq!(pointers, ["/skipped/1", "/skipped/2"]);
    }
}
