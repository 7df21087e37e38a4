//! `GET /api/v1/measures/{id}/explain`: a measure in plain language, made from the rule itself.

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Uri};
use axum::response::Response;
use rules::Lang;
use rules::explain::{explain, latest};

use super::accept::{JSON, MARKDOWN, choose};
use super::measure::find;
use super::params::Params;
use super::problem::{Kind, Problem};
use super::{cached, cached_as, to_json};
use crate::state::App;
use crate::visitor;

/// Explains a measure.
#[utoipa::path(
    get,
    path = "/api/v1/measures/{id}/explain",
    operation_id = "explain",
    tag = "measures",
    summary = "A measure in plain language / 用白话解释一项措施",
    description = "Conditions, amounts, tables, limits and worked examples, made from the rule that computes. As JSON in both \
                   languages, or as Markdown in that of `lang` or `Accept-Language`.\n\
                   条件、金额、表格、限额和算例，由参与计算的规则直接生成。JSON 含中英文；Markdown 的语言按 lang 或 Accept-Language。",
    params(
        ("id" = String, Path, description = "The measure's id\n措施编号", example = "sz.training-voucher.demand-2026"),
        ("version" = Option<u32>, Query, description = "The version's number, from 1; else the last one that can pay\n\
            第几个版本；不写为最近可兑付的版本", minimum = 1),
        ("lang" = Option<String>, Query, description = "`zh` or `en`, for Markdown\nMarkdown 的语言"),
    ),
    responses((status = 200, description = "The explanation\n解释", content(
        (ref("#/components/schemas/Explanation") = "application/json"),
        (String = "text/markdown"),
    ))),
)]
pub async fn get(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let program = &app.kapok().program;
    let index = find(program, &id)?;
    let measure = program.catalogue.measures.get(index);
    let mut params = Params::read(&uri, &["version"], &[]);
    let asked = params.number("version", measure.map_or(1, |measure| measure.versions.len()));
    params.finish()?;
    let form = choose(&headers, &[JSON, MARKDOWN]).ok_or_else(|| Problem::new(Kind::NotAcceptable))?;
    let version = asked.map(|number| number - 1).or_else(|| measure.and_then(latest));
    let explanation = version.and_then(|version| explain(program, index, version));
    let explanation = explanation.ok_or_else(|| Problem::new(Kind::NotFound))?;
    if form == JSON {
        return cached(&headers, to_json(&explanation)?);
    }
    let (lang, tag) = match visitor::language(&uri, &headers) {
        Lang::Zh => (Lang::Zh, "zh-CN"),
        Lang::En => (Lang::En, "en"),
    };
    let mut response = cached_as(&headers, explanation.markdown(lang).into_bytes(), "text/markdown; charset=utf-8");
    if response.headers().contains_key(CONTENT_TYPE) {
        response.headers_mut().insert(CONTENT_LANGUAGE, HeaderValue::from_static(tag));
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use axum::http::{Method, StatusCode};
    use rules::Lang;
    use rules::explain::{explain, latest};

    use crate::testing::Site;

    #[tokio::test]
    async fn an_explanation_is_json_or_markdown_as_the_sender_likes() {
        let site = Site::new();
        let program = &site.app.kapok().program;
        for (index, measure) in program.catalogue.measures.iter().enumerate() {
            let expected = explain(program, index, latest(measure).unwrap()).unwrap();
            let path = format!("/api/v1/measures/{}/explain", measure.id);
            assert!(site.get(&path).await.body == serde_json::to_string(&expected).unwrap(), "{}", measure.id);
            let headers = [("accept", "text/markdown"), ("accept-language", "en")];
            let page = site.send(Method::GET, &path, &headers, "").await;
            assert_eq!(
                (page.header("content-type"), page.header("content-language")),
                ("text/markdown; charset=utf-8", "en")
            );
            assert!(page.body == expected.markdown(Lang::En), "{}", measure.id);
            let page = site.send(Method::GET, &format!("{path}?lang=zh"), &headers, "").await;
            assert!(page.body == expected.markdown(Lang::Zh), "{}", measure.id);
        }
    }

    #[tokio::test]
    async fn versions_are_chosen_by_number() {
        let site = Site::new();
        let program = &site.app.kapok().program;
        let measure = program.catalogue.measures.iter().find(|measure| measure.versions.len() > 1).unwrap();
        let path = format!("/api/v1/measures/{}/explain", measure.id);
        let one = site.get(&format!("{path}?version=1")).await;
        let two = site.get(&format!("{path}?version=2")).await;
        assert_ne!(one.body, two.body);
        assert_eq!(site.get(&format!("{path}?version=99")).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(site.get("/api/v1/measures/nothing/explain").await.status, StatusCode::NOT_FOUND);
    }
}
