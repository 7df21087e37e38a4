//! The city is the same everywhere, made of valid parties, and in the proportions that its table states.

use std::collections::{BTreeMap, BTreeSet};

use domain::{FactKey, Knowledge, Uscc, Value};

use super::tables::Tables;
use super::*;
use crate::facts;

fn city() -> (Vocabulary, City) {
    let vocabulary = vocabulary();
    let city = City::new(&vocabulary).unwrap();
    (vocabulary, city)
}

#[test]
fn the_same_seed_and_row_give_the_same_company() {
    let (_, city) = city();
    let all: Vec<Party> = city.companies(SEED, 50).collect();
    let backwards: Vec<Party> = (0..50).rev().map(|row| city.party(&city.company(SEED, row))).collect();
    assert!(all.iter().eq(backwards.iter().rev()));
    assert!(all.iter().zip(city.companies(SEED + 1, 50)).all(|(one, other)| *one != other));
    // The registry of the demo is the same on every machine; a change of it is a change that users see.
    let first = city.company(SEED, 0);
    assert_eq!(
        (city.name(&first).as_str(), city.uscc(&first).as_str()),
        ("深圳市衡迈机器学习有限公司（虚构）", "91440300MX7FBC2E89")
    );
}

#[test]
fn companies_pass_the_rules_of_party_files() {
    let (vocabulary, city) = city();
    for party in city.companies(SEED, 300) {
        let written = facts::write(&party, None, None, &vocabulary);
        match facts::from_json(&written, &vocabulary) {
            Ok(again) => assert_eq!(again.party, party),
            Err(findings) => panic!("{findings:?}\n{written}"),
        }
    }
}

#[test]
fn codes_are_valid_and_all_different() {
    let (_, city) = city();
    let rows = 100_000;
    let codes: BTreeSet<String> = (0..rows).map(|row| city.uscc(&city.company(SEED, row))).collect();
    assert_eq!(codes.len(), rows as usize);
    for code in codes {
        assert!(code.starts_with("91440300MX") && Uscc::parse(&code).is_ok(), "{code}");
    }
}

#[test]
fn every_fact_says_where_it_is_from() {
    let (_, city) = city();
    for party in city.companies(SEED, 100) {
        let records = party.records.values().flatten().flat_map(|record| record.facts.values());
        for fact in party.facts.values().chain(records) {
            let day = fact.as_of.unwrap();
            assert!(fact.source.is_some() && fact.evidence.is_some() && day <= city.snapshot(), "{fact:?}");
        }
    }
}

#[test]
fn what_is_known_fits_together() {
    let (_, city) = city();
    for row in 0..20_000 {
        let company = city.company(SEED, row);
        assert!(company.founded_on <= city.snapshot());
        assert!(company.staff >= 1 && (0..=company.staff).contains(&company.rd_staff), "{company:?}");
        let [hnte, pool, .., srdi, giant] = company.statuses;
        assert!(!(hnte && pool) && (!giant || (srdi && hnte)), "{company:?}");
        assert_eq!(company.hnte.is_some(), hnte);
        if let Some((issued, _)) = company.hnte {
            assert!(company.founded_on.months_until(issued) >= 12 && issued <= city.snapshot(), "{company:?}");
        }
        for year in company.years.iter().flatten() {
            assert!(year.year >= company.founded_on.year() && year.year < city.snapshot().year());
            assert!(year.revenue >= 0 && year.rd_outsourced <= year.rd && year.assets > 0, "{company:?}");
        }
    }
}

/// The parts in a thousand of a value among `all`.
fn parts(all: &[String], value: &str) -> i64 {
    let found = all.iter().filter(|found| *found == value).count();
    i64::try_from(found * 1000 / all.len()).unwrap()
}

/// Four standard deviations are 14 parts for a half of 20,000 rows, and 64 for a half of 1,000.
fn tolerance(rows: usize) -> i64 {
    if rows >= 20_000 { 15 } else { 65 }
}

#[test]
fn proportions_are_those_of_the_table() {
    let (_, city) = city();
    let tables = Tables::built_in().unwrap();
    let companies: Vec<Company> = (0..20_000).map(|row| city.company(SEED, row)).collect();
    let band_of = |table: &str, number: i64| {
        let within = |value: &String| tables::band(value).is_some_and(|band| band.low <= number && number <= band.high);
        tables.values(table).into_iter().find(within).unwrap_or_else(|| panic!("{number} is in no band of {table}"))
    };
    let yes_no = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    // For each table: the class and the value of each company that it speaks of.
    let mut seen: BTreeMap<(&str, String), Vec<String>> = BTreeMap::new();
    for company in &companies {
        let age = band_of("age_months", i64::from(company.age));
        let size = band_of("staff", company.staff);
        let industry = city.industry(company).to_owned();
        let place = domain::PlaceTree::china().id(company.place).to_owned();
        let mut note =
            |table, class: &str, value: String| seen.entry((table, class.to_owned())).or_default().push(value);
        note("staff", &age, size.clone());
        note("manufacturing", &industry, yes_no(company.manufacturing));
        note("in_hightech_zone", &place, yes_no(company.in_hightech_zone));
        if company.is_enterprise() && company.age >= 24 {
            note("hnte", &size, yes_no(company.statuses[0]));
        }
        note("age_months", "", age);
        note("industry", "", industry);
        note("place", "", place);
        note("kind", "", company::KINDS[company.kind].to_owned());
        note("serious_dishonesty", "", yes_no(company.serious_dishonesty));
        note("abnormal_operation", "", yes_no(company.abnormal_operation));
    }
    let mut compared = 0;
    for row in tables.proportions() {
        // A row without a class of its own speaks of the classes that have none.
        let all = seen.get(&(row.table.as_str(), row.given.clone())).filter(|all| all.len() >= 1000);
        if let Some(all) = all {
            let (found, stated) = (parts(all, &row.value), i64::from(row.parts));
            let allowed = tolerance(all.len());
            assert!((found - stated).abs() <= allowed, "{row:?}: {found} parts of {} rows", all.len());
            compared += 1;
        }
    }
    assert!(compared > 90, "{compared}");
    let small = companies.iter().filter(|company| company.staff < 20).count();
    assert!(small * 10 > companies.len() * 6, "most companies have fewer than 20 staff: {small}");
}

#[test]
fn unknowns_are_as_frequent_as_stated() {
    let (_, city) = city();
    let tables = Tables::built_in().unwrap();
    let rows = 4_000;
    let parties: Vec<Party> = city.companies(SEED, rows).collect();
    for known in &tables.known {
        let rare = ["org.hnte_first", "org.hnte_issued_on"].contains(&known.fact.as_str());
        if rare || known.as_of().unwrap().is_none() {
            continue; // these are told of some companies only, and the draw is the same
        }
        let key = FactKey::new(known.fact.clone());
        let without = parties.iter().filter(|party| !party.facts.contains_key(&key) && known.fact != "patents").count()
            + parties.iter().filter(|party| !party.records.contains_key("patent") && known.fact == "patents").count();
        let (found, stated) = (without * 1000 / rows as usize, usize::from(known.unknown));
        assert!(found.abs_diff(stated) <= 32, "{}: {found} instead of {stated}", known.fact);
        assert!(stated > 0 || found == 0, "{} is always known", known.fact);
    }
    let disputed = parties.iter().filter(|party| {
        let staff = party.facts.get(&FactKey::new("org.staff"));
        staff.is_some_and(|fact| matches!(&fact.value, Knowledge::Disputed(values) if values.len() == 2))
    });
    assert!((10..150).contains(&disputed.count()));
}

#[test]
fn revenues_have_a_long_tail() {
    let (_, city) = city();
    let mut revenues: Vec<i64> =
        (0..20_000).filter_map(|row| Some(city.company(SEED, row).last_year()?.revenue)).collect();
    revenues.sort_unstable();
    let total: i64 = revenues.iter().sum();
    let top: i64 = revenues[revenues.len() * 9 / 10..].iter().sum();
    assert!(top * 10 > total * 7, "a tenth of the companies has most of the revenue: {top} of {total}");
    let middle = revenues[revenues.len() / 2];
    assert!((500_000..20_000_000).contains(&middle), "{middle}");
}

#[test]
fn a_table_with_a_mistake_is_refused() {
    let (vocabulary, _) = city();
    let broken = |from: &str, to: &str| {
        let mut tables = Tables::built_in().unwrap();
        for row in &mut tables.known {
            for cell in [&mut row.fact, &mut row.source, &mut row.evidence, &mut row.as_of] {
                if cell == from {
                    to.clone_into(cell);
                }
            }
        }
        let known = &tables.known;
        Registers::snapshot(known).and_then(|_| Registers::new(known, &vocabulary)).err().map(|error| error.to_string())
    };
    assert_eq!(broken("org.kind", "org.kind"), None);
    for (from, to) in [("org.kind", "org.king"), ("official", "rumour"), ("2026-04-30", "2026-04-31")] {
        let error = broken(from, to).unwrap_or_else(|| panic!("{to} passes"));
        assert!(error.starts_with("facts.csv"), "{error}");
    }
}

#[test]
fn the_vocabulary_has_every_fact_and_source() {
    let vocabulary = vocabulary();
    let sources = &vocabulary.codes[usize::from(vocabulary.code_list("source").unwrap())];
    for known in Tables::built_in().unwrap().known {
        assert!(sources.index(&known.source).is_some(), "{}", known.source);
        let record = vocabulary.record_by_list(&known.fact);
        assert!(vocabulary.fact(&known.fact).is_some() || record.is_some(), "{}", known.fact);
    }
}

#[test]
fn facts_that_a_vocabulary_does_not_have_are_left_out() {
    let city = City::new(&Vocabulary::default()).unwrap();
    let party = city.party(&city.company(SEED, 1));
    assert!(party.name.is_some() && party.facts.is_empty() && party.records.is_empty());
}

#[test]
fn what_applies_is_either_known_or_listed_as_unknown() {
    let (_, city) = city();
    for row in 0..200 {
        let company = city.company(SEED, row);
        let party = city.party(&company);
        let unknown = city.unknown(&company, &party);
        assert!(unknown.iter().all(|key| !party.facts.contains_key(key)), "{unknown:?}");
        let hnte = unknown.iter().any(|key| key.name.starts_with("org.hnte"));
        assert!(company.hnte.is_some() || !hnte, "a certificate that was never issued is not an unknown one");
        let years = company.years.iter().flatten().count();
        let revenue = unknown.iter().filter(|key| key.name == "org.revenue").count();
        assert_eq!(revenue + party.years("org.revenue").count(), years);
    }
}

#[test]
fn values_are_of_the_types_of_the_vocabulary() {
    let (vocabulary, city) = city();
    let party = city.party(&city.company(SEED, 1));
    for (key, fact) in &party.facts {
        assert!(vocabulary.fact(&key.name).is_some(), "{key}");
        assert!(!matches!(fact.value.known(), Some(Value::Text(_))) || key.name == "org.uscc", "{key}");
    }
}
