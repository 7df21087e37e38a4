//! `GET /api/v1/vocabulary`: the words of party files: facts, records, codes, and the questions that ask for them.

use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use rules::diag::Text;
use rules::listing::{ListedFact, fact};
use schemars::JsonSchema;
use serde::Serialize;

use super::measures::Labelled;
use super::params::Params;
use super::problem::Problem;
use super::{cached, to_json};
use crate::state::App;

/// The words of party files.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Vocabulary")]
pub struct Words {
    /// `kapok.vocabulary/1`
    format: &'static str,
    /// The facts.
    facts: Vec<ListedFact>,
    /// The kinds of records.
    records: Vec<Record>,
    /// The lists of codes.
    codes: Vec<CodeList>,
    /// The questions, in the order of the questionnaire.
    questions: Vec<Question>,
}

/// A kind of record.
#[derive(Serialize, JsonSchema)]
struct Record {
    /// Its name: `contract`.
    record: String,
    /// Its key in a party: `contracts`.
    list: String,
    /// What readers call one of them.
    label: Text,
    /// The question for the whole list.
    ask: Text,
    /// Its fields; in a party without the name of the record: `amount`.
    fields: Vec<ListedFact>,
}

/// A list of codes.
#[derive(Serialize, JsonSchema)]
struct CodeList {
    /// Its name, as types of facts have it: `code industry`.
    list: String,
    /// What readers call it.
    label: Text,
    /// The codes.
    codes: Vec<Labelled>,
}

/// A question of the questionnaire.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "VocabularyQuestion")]
struct Question {
    /// Its name.
    question: String,
    /// What it is about.
    label: Text,
    /// The question in words.
    ask: Text,
    /// The facts and lists of records that it asks for.
    facts: Vec<String>,
}

/// The vocabulary.
#[utoipa::path(
    get,
    path = "/api/v1/vocabulary",
    operation_id = "vocabulary",
    tag = "vocabulary",
    summary = "Facts, records, codes, questions / 词汇表",
    description = "Every fact that a party may state, with type, question and accepted proof; the kinds of records with their \
                   fields; the lists of codes.\n主体可以填写的全部事实及其类型、问法和证明材料，各类记录及其字段，各代码表。",
    responses((status = 200, description = "The vocabulary\n词汇表", body = ref("#/components/schemas/Vocabulary"))),
)]
pub async fn get(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    Params::read(&uri, &[], &[]).finish()?;
    let vocabulary = &app.kapok().program.vocabulary;
    let list = |definition| fact(vocabulary, definition);
    let labelled = |(code, label): &(String, Text)| Labelled { code: code.clone(), label: label.clone() };
    let words = Words {
        format: "kapok.vocabulary/1",
        facts: vocabulary.facts.iter().map(list).collect(),
        records: vocabulary
            .records
            .iter()
            .map(|record| Record {
                record: record.name.clone(),
                list: record.list.clone(),
                label: record.label.clone(),
                ask: record.ask.clone(),
                fields: record.fields.iter().map(list).collect(),
            })
            .collect(),
        codes: vocabulary
            .codes
            .iter()
            .map(|codes| CodeList {
                list: codes.name.clone(),
                label: codes.label.clone(),
                codes: codes.values.iter().map(labelled).collect(),
            })
            .collect(),
        questions: vocabulary
            .questions
            .iter()
            .map(|question| Question {
                question: question.name.clone(),
                label: question.label.clone(),
                ask: question.ask.clone(),
                facts: question.facts.iter().map(|asked| vocabulary.asked_name(*asked).to_owned()).collect(),
            })
            .collect(),
    };
    cached(&headers, to_json(&words)?)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::testing::Site;

    #[tokio::test]
    async fn every_word_is_there() {
        let site = Site::new();
        let told: Value = serde_json::from_str(&site.get("/api/v1/vocabulary").await.body).unwrap();
        let vocabulary = &site.app.kapok().program.vocabulary;
        let count = |key: &str| told[key].as_array().unwrap().len();
        assert_eq!(count("facts"), vocabulary.facts.len());
        assert_eq!(count("records"), vocabulary.records.len());
        assert_eq!(count("codes"), vocabulary.codes.len());
        assert_eq!(count("questions"), vocabulary.questions.len());
        let kind = told["facts"].as_array().unwrap().iter().find(|fact| fact["fact"] == "org.kind").unwrap();
        let list = kind["type"].as_str().unwrap().strip_prefix("code ").unwrap();
        let codes = told["codes"].as_array().unwrap().iter().find(|codes| codes["list"] == list).unwrap();
        assert!(codes["codes"].as_array().unwrap().iter().any(|code| code["code"] == "enterprise"));
    }
}
