//! `GET /api/v1/companies` and `/api/v1/companies/{uscc}`: the made-up companies of the demo registry.

use app::facts;
use app::registry::Entry;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use rules::diag::Text;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::params::Params;
use super::problem::{Kind, Mistaken, Problem};
use super::{cached, to_json};
use crate::state::App;

/// Companies that were found.
#[derive(Serialize, JsonSchema)]
pub struct Companies {
    /// `kapok.companies/1`
    format: &'static str,
    /// How many there are.
    total: usize,
    /// The first of them.
    companies: Vec<ListedCompany>,
}

/// A company in the list.
#[derive(Serialize, JsonSchema)]
struct ListedCompany {
    /// Its social credit code.
    uscc: String,
    /// Its name.
    name: String,
    /// Its address in this API.
    url: String,
}

/// A company of the demo registry.
#[derive(Serialize, JsonSchema)]
pub struct Company {
    /// `kapok.company/1`
    format: &'static str,
    /// Its social credit code.
    uscc: String,
    /// Its name.
    name: String,
    /// Always true: the registry of the demo city holds no company that exists.
    made_up: bool,
    /// What the registers know of it, with sources, as `POST /api/v1/assess` takes it.
    #[schemars(schema_with = "party")]
    party: Value,
}

fn party(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::Schema::new_ref("#/components/schemas/Party".to_owned())
}

/// Finds companies.
#[utoipa::path(
    get,
    path = "/api/v1/companies",
    operation_id = "companies",
    tag = "vocabulary",
    summary = "Find companies of the demo registry / 查找演示企业",
    description = "The made-up companies whose names, or codes, have every word; 20 at most, all of them counted.\n\
                   名称或代码含有全部检索词的虚构企业，最多列 20 家，并给出总数。",
    params(("q" = String, Query, description = "Words\n检索词", example = "智能")),
    responses((status = 200, description = "The companies\n企业列表", body = ref("#/components/schemas/Companies"))),
)]
pub async fn list(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    let mut params = Params::read(&uri, &["q"], &[]);
    let words = params.get("q").unwrap_or_default().trim().to_owned();
    if words.is_empty() {
        params.wrong("q", "E0714", Text::new("缺少检索词 `q`", "the words `q` are missing"), None);
    }
    params.finish()?;
    let found = app.kapok().registry.search(&words);
    let listed = |entry: &&Entry| ListedCompany {
        uscc: entry.uscc.clone(),
        name: entry.name.clone(),
        url: format!("/api/v1/companies/{}", entry.uscc),
    };
    let companies = found.entries.iter().map(listed).collect();
    cached(&headers, to_json(&Companies { format: "kapok.companies/1", total: found.total, companies })?)
}

/// One company.
#[utoipa::path(
    get,
    path = "/api/v1/companies/{uscc}",
    operation_id = "company",
    tag = "vocabulary",
    summary = "A company of the demo registry / 一家演示企业",
    description = "What the made-up registers know of a made-up company, each fact with source, evidence and date, in the form \
                   that `POST /api/v1/assess` takes.\n虚构企业的登记信息，每个事实都有来源、证据等级和日期，可直接用于测算。",
    params(("uscc" = String, Path, description = "The social credit code\n统一社会信用代码")),
    responses((status = 200, description = "The company\n企业", body = ref("#/components/schemas/Company"))),
)]
pub async fn get(
    State(app): State<App>,
    Path(uscc): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Params::read(&uri, &[], &[]).finish()?;
    let kapok = app.kapok();
    let entry = kapok.registry.find(&uscc).map_err(|error| {
        let message = Text::new(error.zh(), error.to_string());
        Problem::query(vec![Mistaken { parameter: "uscc".to_owned(), code: "E0602", message, hint: None }])
    })?;
    let Some(entry) = entry else {
        let detail = Text::new("演示城市里没有这家企业。", "The demo city has no such company.");
        return Err(Problem::new(Kind::NotFound).detail(detail));
    };
    let company = Company {
        format: "kapok.company/1",
        uscc: entry.uscc.clone(),
        name: entry.name.clone(),
        made_up: true,
        party: facts::write(&kapok.registry.party(entry), None, None, &kapok.program.vocabulary),
    };
    cached(&headers, to_json(&company)?)
}

#[cfg(test)]
mod tests {
    use axum::http::{Method, StatusCode};
    use serde_json::{Value, json};

    use crate::api::tests::{JSON, problem};
    use crate::testing::Site;

    #[tokio::test]
    async fn a_company_is_found_and_can_be_assessed() {
        let site = Site::new();
        let found: Value =
            serde_json::from_str(&site.get("/api/v1/companies?q=%E6%99%BA%E8%83%BD").await.body).unwrap();
        assert!(found["total"].as_u64() > Some(0), "{found}");
        let page = site.get(found["companies"][0]["url"].as_str().unwrap()).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let company: Value = serde_json::from_str(&page.body).unwrap();
        assert_eq!(company["made_up"], true);
        let body = json!({ "party": company["party"] }).to_string();
        let page = site.send(Method::POST, "/api/v1/assess", &[JSON], body).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    }

    #[tokio::test]
    async fn a_code_with_a_mistake_is_told_apart_from_a_code_that_nobody_has() {
        let site = Site::new();
        let page = site.get("/api/v1/companies/91440300MAXDEM0136").await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        assert_eq!(problem(&page)["errors"][0]["parameter"], "uscc");
        assert_eq!(site.get("/api/v1/companies/91440300MAXDEM0135").await.status, StatusCode::NOT_FOUND);
        assert_eq!(site.get("/api/v1/companies?q=").await.status, StatusCode::BAD_REQUEST);
    }
}
