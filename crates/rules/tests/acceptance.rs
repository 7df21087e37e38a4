//! What the shipped catalogue must say about well-known examples, and what every measure in it must have.

#[path = "common/world.rs"]
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use rules::ast::{Measure, Outcome, Status};
use rules::bind::Dates;
use rules::report::{Assessment, MeasureReport, Report};
use rules::source::Loaded;
use rules::yaml::Node;
use world::{at, day, listing, loaded, party, shipped};

static CATALOGUE: LazyLock<Loaded> = LazyLock::new(|| loaded(&shipped()));

const VOUCHER: &str = "sz.training-voucher.demand-2026";

/// What a company file says about one measure.
fn about(measure: &str, text: &str, dates: Dates) -> Report {
    let program = &CATALOGUE.program;
    let party = party(text, &program.vocabulary);
    let index = program.measure(measure).unwrap_or_else(|| panic!("no measure {measure}"));
    Assessment::new(program, &party, dates, &|wanted| wanted == index).report()
}

fn only(mut report: Report) -> MeasureReport {
    assert_eq!(report.measures.len(), 1);
    report.measures.remove(0)
}

/// An amount as (low, high) in yuan.
fn yuan(amount: &rules::report::Amount) -> (&str, Option<&str>) {
    assert_eq!(amount.unit, "CNY");
    (&amount.low, amount.high.as_deref())
}

/// A company that may use the training voucher, founded on a day, with the contracts given.
fn company(founded_on: &str, contracts: &str, more: &str) -> String {
    format!(
        "party: organisation\n\
         org.kind: enterprise\n\
         org.legal_person: yes\n\
         org.place: nanshan\n\
         org.founded_on: {founded_on}\n\
         org.roles: []\n\
         contracts:\n{contracts}\
         awards: []\n\
         lists:\n  sz.training-voucher.providers:\n    - {{ member: 示例智算, scope: training, from: 2025-01-01, to: 2026-12-31, source: 示例名单 }}\n\
         decisions: {{ \"{VOUCHER}#purpose\": yes }}\n\
         {more}"
    )
}

fn contract(id: &str, amount: &str) -> String {
    format!(
        "  - {{ id: {id}, amount: {amount}, signed_on: 2026-03-01, provider: 示例智算, service: training, purpose: training, related_party: no }}\n"
    )
}

const EIGHT_MONTHS: &str = "2025-09-20";
const EIGHT_YEARS: &str = "2018-05-20";
const NO_SUPPORT: &str = "supports: []\n";

#[test]
fn a_company_of_eight_months_gets_up_to_7_200_000_and_the_conflict_with_the_ceiling_is_reported() {
    let found = only(about(VOUCHER, &company(EIGHT_MONTHS, &contract("c1", "1200万元"), NO_SUPPORT), at("2026-05-20")));
    assert_eq!(found.outcome, Outcome::Eligible);
    assert_eq!(yuan(&found.amount), ("0", Some("7200000")));
    assert_eq!(found.conflicts.len(), 1);
    let conflict = &found.conflicts[0];
    assert_eq!(yuan(conflict.if_binding.as_ref().unwrap()), ("0", Some("6000000")));
    assert!(conflict.cites.len() >= 2, "both clauses are cited: {conflict:?}");
}

#[test]
fn a_company_of_eight_years_gets_up_to_6_000_000() {
    let found = only(about(VOUCHER, &company(EIGHT_YEARS, &contract("c1", "1200万元"), NO_SUPPORT), at("2026-05-20")));
    assert_eq!((found.outcome, yuan(&found.amount)), (Outcome::Eligible, ("0", Some("6000000"))));
    assert_eq!(found.conflicts, []);
}

#[test]
fn two_contracts_get_10_000_000_together_at_most() {
    let contracts = contract("c1", "1500万元") + &contract("c2", "900万元");
    for founded_on in [EIGHT_MONTHS, EIGHT_YEARS] {
        let report = about(VOUCHER, &company(founded_on, &contracts, NO_SUPPORT), at("2026-05-20"));
        assert_eq!(report.bundle.total.high.as_deref(), Some("10000000"));
        let found = only(report);
        assert_eq!((found.outcome, yuan(&found.amount)), (Outcome::Eligible, ("0", Some("10000000"))));
        assert_eq!(found.items.len(), 2);
    }
}

#[test]
fn other_fiscal_support_of_20_percent_leaves_what_is_under_the_ceiling_of_50() {
    let support = "supports: [ { id: s1, amount: 240万元, contract: c1 } ]\n";
    for founded_on in [EIGHT_MONTHS, EIGHT_YEARS] {
        let found = only(about(VOUCHER, &company(founded_on, &contract("c1", "1200万元"), support), at("2026-05-20")));
        assert_eq!((found.outcome, yuan(&found.amount)), (Outcome::Eligible, ("0", Some("3600000"))));
    }
}

#[test]
fn a_related_provider_is_refused_and_that_condition_is_named() {
    let contract = contract("c1", "1200万元").replace("related_party: no", "related_party: yes");
    let found = only(about(VOUCHER, &company(EIGHT_MONTHS, &contract, NO_SUPPORT), at("2026-05-20")));
    assert_eq!((found.outcome, yuan(&found.amount)), (Outcome::NotEligible, ("0", Some("0"))));
    let no = rules::report::TruthReport::No;
    let failing: Vec<&str> = found
        .items
        .iter()
        .flat_map(|item| &item.conditions)
        .filter(|condition| condition.truth == no)
        .map(|condition| condition.id.as_str())
        .collect();
    assert_eq!(failing, ["contract.related_party"]);
}

#[test]
fn an_unknown_provider_leaves_the_outcome_open_with_the_range() {
    let contract = contract("c1", "1200万元").replace("provider: 示例智算, ", "");
    let found = only(about(VOUCHER, &company(EIGHT_MONTHS, &contract, NO_SUPPORT), at("2026-05-20")));
    assert_eq!((found.outcome, yuan(&found.amount)), (Outcome::Undetermined, ("0", Some("7200000"))));
    let asked: Vec<(&str, Option<&str>)> =
        found.missing.iter().map(|missing| (missing.fact.as_str(), missing.record.as_deref())).collect();
    assert_eq!(asked, [("contract.provider", Some("c1"))]);
    assert_eq!(found.missing[0].stake.as_deref(), Some("7200000"));
}

#[test]
fn a_company_in_beijing_is_refused_and_nothing_is_asked() {
    let text = company(EIGHT_MONTHS, &contract("c1", "1200万元"), NO_SUPPORT).replace("nanshan", "beijing");
    let text = text.replace("org.legal_person: yes\n", "").replace(&format!("org.founded_on: {EIGHT_MONTHS}\n"), "");
    let report = about(VOUCHER, &text, at("2026-05-20"));
    assert_eq!(report.missing, []);
    let found = only(report);
    assert_eq!((found.outcome, found.missing.len(), found.open.len()), (Outcome::NotEligible, 0, 0));
}

#[test]
fn after_the_window_the_explanation_says_when_it_was_open() {
    let found = only(about(VOUCHER, &company(EIGHT_MONTHS, &contract("c1", "1200万元"), NO_SUPPORT), at("2026-07-01")));
    assert_eq!((found.outcome, yuan(&found.amount)), (Outcome::NotEligible, ("0", Some("0"))));
    let reason = found.reason.unwrap();
    assert_eq!(reason.code.code(), "window_closed");
    for (text, from, to) in
        [(&reason.text.en, "2026-05-06", "2026-06-05"), (&reason.text.zh, "2026年5月6日", "2026年6月5日")]
    {
        assert!(text.contains(from) && text.contains(to), "{text}");
    }
    // what the rule itself says is still explained
    assert_eq!((found.would_be, yuan(&found.potential)), (Outcome::Eligible, ("0", Some("7200000"))));
}

#[test]
fn free_lodging_rises_from_7_to_15_days_on_the_day_of_the_announcement() {
    let text = "party: person\nperson.new_graduate: yes\nperson.job_search_place: shenzhen\n";
    for (date, days) in [("2025-02-22", "7"), ("2025-02-23", "15")] {
        let found = only(about("sz.graduate-lodging", text, at(date)));
        assert_eq!(found.outcome, Outcome::Eligible);
        assert_eq!(
            (found.amount.unit.as_str(), found.amount.low.as_str(), found.amount.high.as_deref()),
            ("days", days, Some(days)),
            "{date}"
        );
    }
}

#[test]
fn the_closed_talent_plan_explains_the_past_and_never_pays() {
    let text = "party: person\nperson.peacock_class: c\n";
    for date in ["2020-01-01", "2020-06-01", "2023-03-03", "2026-05-20", "2040-01-01"] {
        let report = about("sz.peacock-c", text, at(date));
        assert_eq!(report.bundle.total.high.as_deref(), Some("0"), "{date}");
        let found = only(report);
        assert_eq!((found.outcome, found.reason.unwrap().code.code()), (Outcome::NotEligible, "closed"), "{date}");
        assert_eq!(yuan(&found.amount), ("0", Some("0")), "{date}");
        assert_eq!(
            (found.would_be, yuan(&found.potential)),
            (Outcome::Eligible, ("1600000", Some("1800000"))),
            "{date}"
        );
        assert_eq!(found.missing, [], "{date}");
    }
}

#[test]
fn young_talent_is_up_to_600_000_with_an_open_question() {
    let found =
        only(about("sz-nanshan.young-talent", "party: person\nperson.employer_place: nanshan\n", at("2025-06-01")));
    assert_eq!((found.outcome, yuan(&found.amount)), (Outcome::NeedsPerson, ("0", Some("600000"))));
    assert_eq!(found.missing, []);
    assert!(found.open.iter().any(|open| open.key == "sz-nanshan.young-talent#talent_conditions"), "{:?}", found.open);
    assert!(found.open.iter().all(|open| !open.label.zh.is_empty() && !open.label.en.is_empty()));
}

#[test]
fn the_catalogue_has_no_error_and_every_case_passes() {
    let sources = shipped();
    let loaded = sources.load();
    assert_eq!(loaded.errors(), 0, "{}", listing(&loaded, &sources));
    let results = rules::cases::run(&loaded.program, &|_| true);
    let failed: Vec<String> = results
        .iter()
        .filter(|result| !result.passed)
        .map(|result| {
            format!(
                "{}:{} {}\n    {}",
                result.file,
                result.line,
                result.name,
                result.differences.iter().map(|text| text.en.as_str()).collect::<Vec<_>>().join("\n    ")
            )
        })
        .collect();
    assert!(failed.is_empty(), "{} of {} cases fail\n{}", failed.len(), results.len(), failed.join("\n"));
}

#[test]
fn the_catalogue_is_as_large_as_it_says() {
    let catalogue = &CATALOGUE.program.catalogue;
    assert!(catalogue.measures.len() >= 70, "{} measures", catalogue.measures.len());
    let used: BTreeSet<&str> = catalogue.measures.iter().map(|measure| measure.document.as_str()).collect();
    assert!(used.len() >= 25, "measures of {} documents", used.len());
}

#[test]
fn every_feature_of_the_language_is_used() {
    let catalogue = &CATALOGUE.program.catalogue;
    let of_measures = catalogue.measures.iter().flat_map(|measure| &measure.features);
    let of_others = catalogue
        .groups
        .iter()
        .flat_map(|group| &group.features)
        .chain(catalogue.targets.iter().flat_map(|target| &target.features));
    let used: BTreeSet<u8> = of_measures.chain(of_others).map(|(number, _)| *number).collect();
    let unused: Vec<u8> = (1..=46).filter(|number| !used.contains(number)).collect();
    assert_eq!(unused, Vec::<u8>::new());
}

/// What the cases of a measure expect.
struct Expected<'a>(Vec<&'a Node>);

impl<'a> Expected<'a> {
    fn of(measure: &'a Measure) -> Self {
        Self(measure.cases.iter().filter_map(|case| case.get("expect")).collect())
    }

    /// Whether a case has the outcome and says something under one of the keys.
    fn has(&self, outcome: &str, keys: &[&str]) -> bool {
        let says = |expect: &Node| {
            keys.is_empty()
                || keys.iter().any(|key| {
                    expect
                        .get(key)
                        .is_some_and(|node| node.text().is_some() || node.seq().is_some_and(|items| !items.is_empty()))
                })
        };
        self.0.iter().any(|expect| expect.get("outcome").and_then(Node::text) == Some(outcome) && says(expect))
    }
}

fn in_force() -> impl Iterator<Item = &'static Measure> {
    CATALOGUE
        .program
        .catalogue
        .measures
        .iter()
        .filter(|measure| measure.versions.iter().any(|version| version.status == Status::InForce))
}

/// Measures without a case of a kind, against the exceptions with their reasons.
fn lacking(what: &str, exceptions: &[(&str, &str)], has: impl Fn(&Expected<'_>) -> bool) {
    let exceptions: BTreeMap<&str, &str> = exceptions.iter().copied().collect();
    let lacking: BTreeSet<&str> =
        in_force().filter(|measure| !has(&Expected::of(measure))).map(|measure| measure.id.as_str()).collect();
    let excused: BTreeSet<&str> = exceptions.keys().copied().collect();
    let unexcused: Vec<&&str> = lacking.difference(&excused).collect();
    assert!(unexcused.is_empty(), "no case {what}: {unexcused:#?}");
    let idle: Vec<&&str> = excused.difference(&lacking).collect();
    assert!(idle.is_empty(), "excused without need: {idle:#?}");
}

#[test]
fn every_measure_has_three_cases() {
    let few: Vec<(&str, usize)> = CATALOGUE
        .program
        .catalogue
        .measures
        .iter()
        .filter(|measure| measure.cases.len() < 3)
        .map(|measure| (measure.id.as_str(), measure.cases.len()))
        .collect();
    assert_eq!(few, []);
}

#[test]
fn every_measure_in_force_has_a_case_that_gets_it() {
    let nobody_gets_it_without_a_person: &[(&str, &str)] = &[];
    lacking("with outcome eligible", nobody_gets_it_without_a_person, |expected| expected.has("eligible", &[]));
}

#[test]
fn every_measure_in_force_has_a_case_that_is_refused_with_the_reason() {
    lacking("with outcome not_eligible and `failing` or `reason`", &[], |expected| {
        expected.has("not_eligible", &["failing", "reason"])
    });
}

#[test]
fn every_measure_in_force_has_a_case_that_lacks_a_fact() {
    lacking("with outcome undetermined and `missing`", &[], |expected| expected.has("undetermined", &["missing"]));
}

#[test]
fn a_program_is_chosen_by_its_dates_alone() {
    // the guide of 2026 is the version known and in force; before its publication nobody knew it
    let text = company(EIGHT_MONTHS, &contract("c1", "1200万元"), NO_SUPPORT);
    let found = only(about(VOUCHER, &text, Dates { on: day("2026-05-20"), known_on: day("2026-05-05") }));
    assert_eq!((found.outcome, found.reason.unwrap().code.code()), (Outcome::NotEligible, "not_yet_known"));
}
