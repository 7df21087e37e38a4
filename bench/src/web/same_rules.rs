//! The same eleven rules through the web: requests to OpenFisca's API and to Kapok's, and what is right.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::reference::{Company, MEASURES, YUAN};

/// Ten-thousandths of a yuan in a fen.
const FEN: i128 = 100;

/// The columns of a company that are amounts in fen.
fn money(company: &Company) -> [(&'static str, i64); 8] {
    [
        ("contract_amount", company.contract_amount),
        ("model_spend", company.model_spend),
        ("data_spend", company.data_spend),
        ("revenue", company.revenue),
        ("prev_revenue", company.prev_revenue),
        ("rd_spend", company.rd_spend),
        ("loan_interest", company.loan_interest),
        ("export_premium", company.export_premium),
    ]
}

/// A number of fen as a number of yuan in JSON.
fn yuan(fen: i64) -> Value {
    let text = format!("{}.{:02}", fen / 100, fen % 100);
    serde_json::from_str(&text).unwrap_or(Value::Null)
}

/// What OpenFisca is asked about a company: every measure and the total.
pub(super) fn openfisca_body(company: &Company) -> Vec<u8> {
    let codes = [
        ("city", company.city.as_str()),
        ("entity_type", company.entity_type.as_str()),
        ("industry", company.industry.as_str()),
    ];
    let flags = [("dishonest", company.dishonest), ("high_tech", company.high_tech)];
    let counts = [
        ("age_years", company.age_years),
        ("staff", company.staff),
        ("rent_area", company.rent_area),
        ("patents", company.patents),
    ];
    let given = codes.map(|(name, code)| (name, json!(code))).into_iter();
    let given = given.chain(flags.map(|(name, flag)| (name, json!(flag))));
    let given = given.chain(counts.map(|(name, count)| (name, json!(count))));
    let given = given.chain(money(company).map(|(name, fen)| (name, yuan(fen))));
    let asked = OPENFISCA.into_iter().chain(["total"]).map(|name| (name, Value::Null));
    let facts: Map<String, Value> =
        given.chain(asked).map(|(name, value)| (name.to_owned(), json!({ "2026": value }))).collect();
    json!({ "companies": { "c": facts } }).to_string().into_bytes()
}

/// The measures in the order of [`MEASURES`], as the rules for OpenFisca name them.
const OPENFISCA: [&str; 10] = [
    "compute_voucher",
    "model_voucher",
    "data_voucher",
    "rd_subsidy",
    "high_tech_reward",
    "growth_reward",
    "loan_interest_subsidy",
    "rent_subsidy",
    "export_subsidy",
    "patent_reward",
];

/// Whether OpenFisca's total for a company is right to the fen.
///
/// # Errors
/// There is no total in the answer, or it is off by more than floating-point numbers of 32 bits explain.
pub(super) fn openfisca_right(company: &Company, answer: &[u8]) -> Result<bool, String> {
    let answer: Value = serde_json::from_slice(answer).map_err(|error| format!("not JSON: {error}"))?;
    let found = answer["companies"]["c"]["total"]["2026"].as_f64().ok_or("there is no total")?;
    let exact = company.exact().total;
    #[expect(clippy::cast_precision_loss, reason = "compared with a tolerance far above it")]
    let expected = exact as f64 / YUAN as f64;
    if (found - expected).abs() > 1.0 + expected * 1e-6 {
        return Err(format!("company {}: the total is {found}, not {expected}", company.id));
    }
    #[expect(clippy::cast_possible_truncation, reason = "far below 2^63")]
    let fen = (found * 100.0).round() as i128;
    Ok(fen == (exact + FEN / 2).div_euclid(FEN))
}

/// What Kapok is asked about a company.
pub(super) fn kapok_body(company: &Company) -> Vec<u8> {
    let mut party: Map<String, Value> = [
        ("party", json!("organisation")),
        ("id", json!(company.id.to_string())),
        ("org.city", json!(company.city)),
        ("org.entity_type", json!(company.entity_type)),
        ("org.industry", json!(company.industry)),
        ("org.dishonest", json!(company.dishonest)),
        ("org.high_tech", json!(company.high_tech)),
        ("org.age_years", json!(company.age_years)),
        ("org.staff", json!(company.staff)),
        ("org.rent_area", json!(format!("{} m2", company.rent_area))),
        ("org.patents", json!(company.patents)),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    for (name, fen) in money(company) {
        party.insert(format!("org.{name}"), json!(format!("{}.{:02}元", fen / 100, fen % 100)));
    }
    json!({ "party": party, "on": "2026-07-01", "detail": "summary" }).to_string().into_bytes()
}

/// Whether Kapok pays a company exactly what the reference says, measure by measure.
///
/// # Errors
/// What is wrong.
pub(super) fn kapok_right(company: &Company, answer: &[u8]) -> Result<(), String> {
    let answer: Value = serde_json::from_slice(answer).map_err(|error| format!("not JSON: {error}"))?;
    let measures = answer["measures"].as_array().ok_or("there are no measures")?;
    let found: BTreeMap<&str, &str> = measures
        .iter()
        .filter_map(|measure| Some((measure["measure"].as_str()?, measure["amount"]["low"].as_str()?)))
        .collect();
    let expected = company.to_the_fen();
    for (id, expected) in MEASURES.iter().zip(expected.each).chain([(&"bench.total", expected.total)]) {
        let fen = (expected / FEN).unsigned_abs();
        let text = format!("{}.{:02}", fen / 100, fen % 100);
        let text = text.trim_end_matches('0').trim_end_matches('.');
        if found.get(id) != Some(&text) {
            return Err(format!("company {}: {id} pays {:?}, not {text}", company.id, found.get(id)));
        }
    }
    Ok(())
}

/// A folder with the rules of the benchmark as `kapok serve --rules` wants them.
///
/// # Errors
/// A file cannot be copied.
pub(super) fn rules(bench: &Path, folder: &Path) -> Result<PathBuf, String> {
    let wrong = |error: std::io::Error| format!("{}: {error}", folder.display());
    let vocabulary = folder.join("vocabulary");
    std::fs::create_dir_all(&vocabulary).map_err(wrong)?;
    std::fs::copy(bench.join("rules/vocabulary.yaml"), vocabulary.join("vocabulary.yaml")).map_err(wrong)?;
    for part in ["support", "total"] {
        let (from, to) = (bench.join("rules/catalogue").join(part), folder.join("catalogue").join(part));
        std::fs::create_dir_all(&to).map_err(wrong)?;
        for entry in std::fs::read_dir(from).map_err(wrong)? {
            let entry = entry.map_err(wrong)?;
            std::fs::copy(entry.path(), to.join(entry.file_name())).map_err(wrong)?;
        }
    }
    Ok(folder.to_path_buf())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn company() -> Company {
        Company::read_all(include_str!("../../rules/sample-1000.jsonl"))
            .unwrap()
            .into_iter()
            .find(|company| company.exact().total > 0)
            .unwrap()
    }

    fn openfisca(total: f64) -> Vec<u8> {
        json!({ "companies": { "c": { "total": { "2026": total } } } }).to_string().into_bytes()
    }

    #[test]
    fn a_total_is_right_to_the_fen_off_by_rounding_or_wrong() {
        let company = company();
        #[expect(clippy::cast_precision_loss, reason = "exact enough here")]
        let total = company.exact().total as f64 / 10_000.0;
        assert_eq!(openfisca_right(&company, &openfisca(total)), Ok(true));
        assert_eq!(openfisca_right(&company, &openfisca(total + 0.5)), Ok(false));
        assert!(openfisca_right(&company, &openfisca(total * 2.0 + 10.0)).is_err());
        assert!(openfisca_right(&company, b"{}").is_err());
    }

    #[test]
    fn an_amount_of_kapok_that_is_a_fen_off_is_found() {
        let company = company();
        let amounts = company.to_the_fen();
        let text = |units: i128| {
            let (whole, part) = (units / YUAN, units % YUAN / FEN);
            if part == 0 { whole.to_string() } else { format!("{whole}.{part:02}").trim_end_matches('0').to_owned() }
        };
        let answer = |more: i128| {
            let measures: Vec<Value> = MEASURES
                .iter()
                .zip(amounts.each)
                .chain([(&"bench.total", amounts.total + more)])
                .map(|(id, amount)| json!({ "measure": id, "amount": { "low": text(amount) } }))
                .collect();
            json!({ "measures": measures }).to_string().into_bytes()
        };
        assert_eq!(kapok_right(&company, &answer(0)), Ok(()));
        assert!(kapok_right(&company, &answer(FEN)).is_err());
    }
}
