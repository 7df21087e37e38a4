//! `GET /api/v1/measures/{id}/versions`: the versions of a measure, and what each changed.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use rules::diff::{Diff, Side, compare};
use schemars::JsonSchema;
use serde::Serialize;

use super::measure::{self, find};
use super::params::Params;
use super::problem::Problem;
use super::{cached, to_json};
use crate::state::App;

/// The versions of a measure.
#[derive(Serialize, JsonSchema)]
pub struct Versions {
    /// `kapok.versions/1`
    format: &'static str,
    /// The measure's id.
    measure: String,
    /// The versions, as written.
    versions: Vec<Changed>,
}

/// A version, and what it changed.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ChangedVersion")]
struct Changed {
    /// The version.
    #[serde(flatten)]
    version: measure::Version,
    /// What the version before it said differently; absent for the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<Diff>,
}

/// Versions with their differences.
#[utoipa::path(
    get,
    path = "/api/v1/measures/{id}/versions",
    operation_id = "versions",
    tag = "measures",
    summary = "Versions and what changed / 历次版本及变化",
    description = "Each version with what it says differently from the one before, and the examples whose answer changes.\n\
                   每个版本与上一版本相比改了什么，哪些算例的结果因此不同。",
    params(("id" = String, Path, description = "The measure's id\n措施编号", example = "sz-nanshan.rd-support")),
    responses((status = 200, description = "The versions\n历次版本", body = ref("#/components/schemas/Versions"))),
)]
pub async fn get(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let program = &app.kapok().program;
    let index = find(program, &id)?;
    Params::read(&uri, &[], &[]).finish()?;
    let side = |version| Side { program, measure: index, version: Some(version) };
    let changes = |number: usize| compare(side(number.checked_sub(2)?), side(number - 1));
    let changed = |version: measure::Version| Changed { changes: changes(version.version), version };
    let versions = measure::versions(program, index).into_iter().map(changed).collect();
    cached(&headers, to_json(&Versions { format: "kapok.versions/1", measure: id, versions })?)
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use serde_json::Value;

    use crate::testing::Site;

    #[tokio::test]
    async fn every_version_but_the_first_says_what_it_changed() {
        let site = Site::new();
        let mut changed = 0;
        for measure in &site.app.kapok().program.catalogue.measures {
            let page = site.get(&format!("/api/v1/measures/{}/versions", measure.id)).await;
            assert_eq!(page.status, StatusCode::OK, "{}", measure.id);
            let told: Value = serde_json::from_str(&page.body).unwrap();
            let versions = told["versions"].as_array().unwrap();
            assert_eq!(versions.len(), measure.versions.len());
            for (number, version) in versions.iter().enumerate() {
                assert_eq!(version.get("changes").is_some(), number > 0, "{}", measure.id);
                changed += version["changes"]["changes"].as_array().map_or(0, Vec::len);
            }
        }
        assert!(changed > 0);
    }
}
