//! `GET /api/v1/measures/{id}`: one measure, with what it reads of a party.

use std::collections::BTreeSet;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use rules::ast::Status;
use rules::diag::Text;
use rules::explain::explain;
use rules::ir::{Program, Read};
use rules::report::Citation;
use schemars::JsonSchema;
use serde::Serialize;

use super::measures::{Ends, Listed};
use super::params::Params;
use super::problem::{Kind, Problem};
use super::{cached, to_json};
use crate::state::App;

/// One measure.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Measure")]
pub struct Detail {
    /// `kapok.measure/1`
    format: &'static str,
    /// The day on which it stands so, ISO.
    on: String,
    /// As it is listed.
    #[serde(flatten)]
    listed: Listed,
    /// Where it stands.
    citation: Citation,
    /// Its versions, as written.
    versions: Vec<Version>,
    /// The version that applies on the day, or the nearest one: its number.
    version: usize,
    /// The facts and lists of records that this version reads: `org.staff`, `contracts`.
    reads: BTreeSet<String>,
    /// The fields of records that it reads: `contract.amount`.
    reads_fields: BTreeSet<String>,
}

/// A version.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "MeasureVersion")]
pub struct Version {
    /// Its number, from 1.
    pub version: usize,
    /// When it applies.
    pub in_force: Ends,
    /// When it was published, ISO.
    pub known_from: String,
    /// in_force, draft, closed or another reason why it cannot pay
    pub status: &'static str,
    /// The same in words.
    pub status_label: Text,
    /// When applications are taken, where that is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Ends>,
}

/// The versions of a measure.
pub fn versions(program: &Program, index: usize) -> Vec<Version> {
    let written = program.catalogue.measures.get(index).map(|measure| measure.versions.as_slice()).unwrap_or_default();
    let version = |(number, version): (usize, &rules::ast::Version)| Version {
        version: number + 1,
        in_force: version.in_force.into(),
        known_from: version.known_from.to_string(),
        status: status(version.status),
        status_label: rules::labels::status(version.status),
        window: version.procedure.as_ref().and_then(|procedure| procedure.window).map(Into::into),
    };
    written.iter().enumerate().map(version).collect()
}

fn status(status: Status) -> &'static str {
    match status {
        Status::InForce => "in_force",
        Status::Draft => "draft",
        Status::Closed => "closed",
    }
}

/// The index of a measure by its id.
///
/// # Errors
/// A problem that names the nearest id, if there is none.
pub fn find(program: &Program, id: &str) -> Result<usize, Problem> {
    let ids = || program.catalogue.measures.iter().map(|measure| measure.id.as_str());
    ids().position(|known| known == id).ok_or_else(|| {
        let (mut zh, mut en) = (format!("没有措施 `{id}`。"), format!("There is no measure `{id}`."));
        if let Some(near) = domain::text::nearest(id, ids()) {
            zh.push_str(&format!("是否想写 `{near}`？"));
            en.push_str(&format!(" Did you mean `{near}`?"));
        }
        Problem::new(Kind::NotFound).detail(Text::new(zh, en))
    })
}

/// What a version reads: facts and lists, and fields of records.
fn reads(program: &Program, measure: usize, version: usize) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut facts, mut fields) = (BTreeSet::new(), BTreeSet::new());
    let vocabulary = &program.vocabulary;
    let version = program.measures.get(measure).and_then(|measure| measure.versions.get(version));
    for read in version.map(|version| program.reads(version)).unwrap_or_default() {
        match read {
            Read::Slot(slot) => {
                let fact = program.slots.get(slot as usize).and_then(|slot| vocabulary.facts.get(slot.fact));
                facts.extend(fact.map(|fact| fact.name.clone()));
            }
            Read::Records(record) => {
                facts.extend(vocabulary.records.get(usize::from(record)).map(|record| record.list.clone()));
            }
            Read::Field(record, field) => {
                let record = vocabulary.records.get(usize::from(record));
                let field = record.and_then(|record| record.fields.get(usize::from(field)));
                fields.extend(field.map(|field| field.name.clone()));
            }
        }
    }
    (facts, fields)
}

/// One measure.
#[utoipa::path(
    get,
    path = "/api/v1/measures/{id}",
    operation_id = "measure",
    tag = "measures",
    summary = "One measure / 一项措施",
    description = "How it stands on a day, where it comes from, its versions, and the facts that it reads.\n\
                   某一天的状态、依据、历次版本，以及它要用到的事实。",
    params(
        ("id" = String, Path, description = "The measure's id\n措施编号", example = "sz.training-voucher.demand-2026"),
        ("on" = Option<String>, Query, description = "The day, such as 2026-05-20; else today in Shanghai\n\
            哪一天；不写为今天（上海时间）", example = "2026-05-20"),
    ),
    responses((status = 200, description = "The measure\n措施", body = ref("#/components/schemas/Measure"))),
)]
pub async fn get(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (kapok, program) = (app.kapok(), &app.kapok().program);
    let index = find(program, &id)?;
    let mut params = Params::read(&uri, &["on"], &[]);
    let on = params.date("on").unwrap_or_else(|| app.today());
    params.finish()?;
    let card = kapok.index().cards.iter().find(|card| card.measure == index);
    let Some(card) = card else { return Err(Problem::new(Kind::NotFound)) };
    let standing = card.on(program, on);
    let (reads, reads_fields) = reads(program, index, standing.version);
    let detail = Detail {
        format: "kapok.measure/1",
        on: on.to_string(),
        listed: Listed::new(program, card, &standing),
        citation: explain(program, index, standing.version).map(|explanation| explanation.source).unwrap_or_default(),
        versions: versions(program, index),
        version: standing.version + 1,
        reads,
        reads_fields,
    };
    cached(&headers, to_json(&detail)?)
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use serde_json::Value;

    use crate::api::tests::problem;
    use crate::testing::Site;

    #[tokio::test]
    async fn every_measure_is_told_with_what_it_reads() {
        let site = Site::new();
        let program = &site.app.kapok().program;
        for measure in &program.catalogue.measures {
            let page = site.get(&format!("/api/v1/measures/{}", measure.id)).await;
            assert_eq!(page.status, StatusCode::OK, "{}: {}", measure.id, page.body);
            let told: Value = serde_json::from_str(&page.body).unwrap();
            assert_eq!(told["versions"].as_array().unwrap().len(), measure.versions.len());
            assert_eq!(told["citation"]["document"], told["document"]);
            for fact in told["reads"].as_array().unwrap() {
                let name = fact.as_str().unwrap();
                let known = program.vocabulary.fact(name).or(program.vocabulary.record_by_list(name));
                assert!(known.is_some(), "{name}");
            }
        }
    }

    #[tokio::test]
    async fn a_measure_that_is_not_there_names_the_nearest() {
        let site = Site::new();
        let id = &site.app.kapok().program.catalogue.measures[0].id;
        let page = site.get(&format!("/api/v1/measures/{}x", id)).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        assert!(problem(&page)["texts"]["detail"]["en"].as_str().unwrap().contains(&format!("Did you mean `{id}`")));
    }
}
