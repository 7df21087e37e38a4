//! Whole interviews with made-up parties: how many questions they take, and that they end where a file would.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use domain::{Date, Evidence, Fact, Knowledge, Money, Party, PartyKind, PlaceTree, Value};
use proptest::prelude::*;
use rules::bind::Dates;
use rules::ir::Program;
use rules::source::Sources;

use super::*;
use crate::Profile;
use crate::facts::{Format, read};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(folder: &str) -> BTreeMap<String, Vec<u8>> {
    let (mut found, mut open) = (BTreeMap::new(), vec![root().join(folder)]);
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.insert(path.display().to_string(), std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

static PROGRAM: LazyLock<Program> = LazyLock::new(|| {
    let loaded = Sources { vocabulary: files("vocabulary"), catalogue: files("catalogue") }.load();
    assert_eq!(loaded.errors(), 0);
    loaded.program
});

fn dates() -> Dates {
    let on = Date::parse("2026-05-20").unwrap();
    Dates { on, known_on: on }
}

/// A demo party, its records numbered as an interview numbers them.
fn demo(name: &str) -> Party {
    let bytes = std::fs::read(root().join("demo").join(name)).unwrap();
    let mut party = read(name, &bytes, Format::Yaml, &PROGRAM.vocabulary).unwrap().remove(0).party;
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for rows in party.records.values_mut() {
        for (row, number) in rows.iter_mut().zip(1..) {
            names.insert(row.id.clone(), number.to_string());
            row.id = number.to_string();
        }
    }
    for row in party.records.values_mut().flatten() {
        for fact in row.facts.values_mut() {
            if let Knowledge::Known(Value::Text(text)) = &mut fact.value
                && let Some(new) = names.get(text)
            {
                new.clone_into(text);
            }
        }
    }
    party
}

fn assess<'a>(profile: &'a Profile) -> Assessment<'a> {
    Assessment::new(&PROGRAM, &profile.party, dates(), &|_| true)
}

/// What somebody who knows `truth` enters at a key; empty where it is not known.
fn entry(truth: &Party, key: &Key) -> Vec<String> {
    if let Key::List(_) = key {
        let rows = key.record(&PROGRAM.vocabulary).and_then(|record| truth.records.get(&record.name));
        return rows.map(|rows| rows.len().to_string()).into_iter().collect();
    }
    match field::fact(truth, key).and_then(|fact| fact.value.known()) {
        Some(Value::Codes(codes)) if codes.is_empty() => vec!["none".to_owned()],
        Some(Value::Codes(codes)) => codes.clone(),
        Some(value) => vec![crate::facts::value_text(value)],
        None => Vec::new(),
    }
}

/// The form that somebody who knows `truth` sends.
fn filled(question: &Question, truth: &Party, rest: Rest) -> Form {
    let mut form = Form { rest, ..Form::default() };
    for cell in question.sections.iter().flat_map(|section| &section.fields).flat_map(|field| &field.cells) {
        let key = Key::parse(&cell.key, &PROGRAM.vocabulary).unwrap();
        form.shown.insert(cell.key.clone());
        form.entries.insert(cell.key.clone(), entry(truth, &key));
    }
    form
}

/// An interview from nothing: the questions that were asked, and what is known then. `choose` says which of so many open
/// questions is answered next.
fn walk(truth: &Party, rest: Rest, mut choose: impl FnMut(usize) -> usize) -> (Vec<Question>, Profile) {
    let mut profile = Profile::new(truth.kind);
    // memberships are looked up, not asked for
    profile.party.lists.clone_from(&truth.lists);
    let mut asked = Vec::new();
    loop {
        let mut open = Interview::new(&assess(&profile), &profile.skipped).questions;
        if open.is_empty() {
            return (asked, profile);
        }
        let question = open.swap_remove(choose(open.len()));
        answer(&PROGRAM.vocabulary, &mut profile, &filled(&question, truth, rest)).unwrap();
        asked.push(question);
        assert!(asked.len() < 60, "the interview does not end: {:?}", names(&asked));
    }
}

fn names(asked: &[Question]) -> Vec<&str> {
    asked.iter().map(|question| question.name.as_str()).collect()
}

fn total(party: &Party) -> String {
    let profile = Profile { party: party.clone(), ..Profile::new(party.kind) };
    assess(&profile).report().bundle.total.text.en
}

#[test]
fn a_start_up_knows_its_answer_after_at_most_twelve_questions() {
    for rest in [Rest::Unknown, Rest::None] {
        for name in ["ai-startup", "robot-maker", "little-known"] {
            let (asked, _) = walk(&demo(&format!("companies/{name}.yaml")), rest, |_| 0);
            assert!(asked.len() <= 12, "{name}: {:?}", names(&asked));
            assert_eq!(asked.first().map(|question| question.name.as_str()), Some("who"));
            let different: BTreeSet<&str> = names(&asked).into_iter().collect();
            assert_eq!(different.len(), asked.len(), "{name} is led to a question twice: {:?}", names(&asked));
        }
    }
}

#[test]
fn every_question_says_why_it_is_asked() {
    let profile = Profile::new(PartyKind::Organisation);
    let interview = Interview::new(&assess(&profile), &profile.skipped);
    assert!(interview.questions.len() > 5);
    for question in interview.questions.iter().chain(&interview.others) {
        assert!(!question.waiting.is_empty(), "{}", question.name);
        for name in question.waiting.iter().take(2).map(|waiting| &waiting.name) {
            assert!(question.why.zh.contains(&name.zh) && question.why.en.contains(&name.en), "{:?}", question.why);
        }
        for field in question.sections.iter().flat_map(|section| &section.fields) {
            assert!(
                !field.label.zh.is_empty() && !field.ask.en.is_empty() && !field.cells.is_empty(),
                "{}",
                field.name
            );
        }
    }
    assert!(interview.questions.iter().all(|question| !question.stake.is_none()));
    assert!(
        interview.others.iter().all(|question| question.stake.is_none()),
        "statuses do not keep an interview going"
    );
}

#[test]
fn years_of_a_fact_stand_in_one_row_and_fields_of_records_under_their_record() {
    let mut profile = Profile::new(PartyKind::Organisation);
    take(&PROGRAM.vocabulary, &mut profile.party, &key("contracts"), "2").unwrap();
    let questions = Interview::new(&assess(&profile), &profile.skipped).questions;
    let find = |name: &str| questions.iter().find(|question| question.name == name).unwrap();
    let revenue = find("figures").sections[0].fields.iter().find(|field| field.name == "org.revenue").unwrap();
    let years: Vec<Option<i32>> = revenue.cells.iter().map(|cell| cell.year).collect();
    assert!(years.len() > 1 && years.is_sorted() && !years.contains(&None), "{years:?}");
    let contracts = find("contract");
    assert_eq!(
        contracts.sections.iter().map(|section| section.record.as_deref()).collect::<Vec<_>>(),
        [Some("1"), Some("2")]
    );
    let fields = |section: &Section| section.fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>();
    assert_eq!(fields(&contracts.sections[0]), fields(&contracts.sections[1]));
    let signed = contracts.sections[0].fields.iter().any(|field| field.name == "contract.signed_on");
    assert!(signed, "the date is asked with the provider, though it matters only once the provider is known");
}

fn key(text: &str) -> Key {
    Key::parse(text, &PROGRAM.vocabulary).unwrap()
}

fn send(profile: &mut Profile, entries: &[(&str, &str)], rest: Rest) -> Result<(), Vec<FieldError>> {
    let mut form = Form { rest, ..Form::default() };
    for (key, text) in entries {
        form.shown.insert((*key).to_owned());
        form.entries.insert((*key).to_owned(), vec![(*text).to_owned()]);
    }
    answer(&PROGRAM.vocabulary, profile, &form)
}

fn value(profile: &Profile, name: &str) -> Option<Value> {
    field::fact(&profile.party, &key(name)).and_then(|fact| fact.value.known().cloned())
}

#[test]
fn answers_are_read_as_people_type_them() {
    let mut profile = Profile::new(PartyKind::Organisation);
    let yuan = |yuan: i64| Some(Value::Money(Money::from_fen(yuan * 100)));
    let date = |text: &str| Some(Value::Date(Date::parse(text).unwrap()));
    send(&mut profile, &[("premises", " ２ 项"), ("contracts", "无")], Rest::Unknown).unwrap();
    let answers = [
        ("org.revenue[2024]", "４０万", yuan(400_000)),
        ("org.revenue[2025]", "1,234,567", yuan(1_234_567)),
        ("application.requested", "50万元", yuan(500_000)),
        ("org.founded_on", "2025年9月20日", date("2025-09-20")),
        ("org.staff", "１２人", Some(Value::Count(12))),
        ("org.legal_person", "是", Some(Value::Bool(true))),
        ("org.kind", "企业", Some(Value::Code("enterprise".to_owned()))),
        ("org.place", "南山区", PlaceTree::china().get("nanshan").map(Value::Place)),
        ("org.uscc", "91440300maxdem0135", Some(Value::Text("91440300MAXDEM0135".to_owned()))),
        ("premises.area#2", "220", Some(Value::Quantity(domain::Quantity::parse("220 m2").unwrap()))),
    ];
    for (name, text, expected) in answers {
        send(&mut profile, &[(name, text)], Rest::Unknown).unwrap();
        assert_eq!(value(&profile, name), expected, "{name} = {text}");
    }
    assert_eq!(profile.party.records["contract"], []);
    assert!(profile.skipped.is_empty());
}

#[test]
fn every_mistake_is_told_at_its_field_and_what_is_right_is_kept() {
    let mut profile = Profile::new(PartyKind::Organisation);
    let entries = [
        ("org.staff", "dozen"),
        ("org.founded_on", "3026-01-01"),
        ("org.uscc", "91440300MAXDEM0136"),
        ("org.revenue[2025]", "很多"),
        ("org.place", "南三区"),
        ("org.kind", "enterprize"),
        ("contracts", "51"),
        ("org.rd[2025]", "-5"),
        ("org.rd[2024]", "180万"),
    ];
    let errors = send(&mut profile, &entries, Rest::Unknown).unwrap_err();
    let at: BTreeSet<&str> = errors.iter().map(|error| error.key.as_str()).collect();
    assert_eq!(at.len(), entries.len() - 1, "{at:?}");
    for error in &errors {
        let entered = entries.iter().find(|(key, _)| *key == error.key).unwrap().1;
        assert_eq!(error.entered, entered);
        assert!(error.message.zh.contains(entered) && error.message.en.contains(entered), "{:?}", error.message);
    }
    let message = |key: &str| errors.iter().find(|error| error.key == key).unwrap().message.clone();
    assert!(message("org.place").zh.contains("南山区"), "{:?}", message("org.place"));
    assert!(message("org.uscc").en.contains('5'), "the right check character: {:?}", message("org.uscc"));
    assert!(message("contracts").en.contains("50"));
    assert!(value(&profile, "org.rd[2024]").is_some());
    assert_eq!(profile.party.facts.len(), 1);
    assert!(profile.skipped.is_empty(), "a wrong answer is asked again");
}

#[test]
fn nothing_outside_the_questions_can_be_set() {
    let mut profile = Profile::new(PartyKind::Organisation);
    for name in
        ["org.age", "review.score", "org.revenue", "org.kind[2025]", "contract.amount#c9", "contract.id#1", "x", ""]
    {
        let errors = send(&mut profile, &[(name, "1")], Rest::None).unwrap_err();
        assert_eq!(errors.len(), 1, "{name}");
    }
    assert_eq!(profile, Profile::new(PartyKind::Organisation));
}

#[test]
fn what_is_left_open_is_unknown_and_not_asked_again() {
    let mut profile = Profile::new(PartyKind::Organisation);
    let question = Interview::new(&assess(&profile), &profile.skipped).questions.swap_remove(0);
    let nobody = Party::new(PartyKind::Organisation);
    answer(&PROGRAM.vocabulary, &mut profile, &filled(&question, &nobody, Rest::Unknown)).unwrap();
    assert!(profile.party.facts.is_empty(), "unknown is never no");
    let interview = Interview::new(&assess(&profile), &profile.skipped);
    assert!(interview.questions.iter().all(|next| next.name != question.name));
    assert!(interview.skipped > 0);
    // the same, read back from what is kept
    let kept = Profile::from_json(&profile.to_json(&PROGRAM.vocabulary), &PROGRAM.vocabulary).unwrap();
    assert_eq!(kept.skipped, profile.skipped);
}

#[test]
fn none_of_these_is_offered_where_most_fields_are_such() {
    let profile = Profile::new(PartyKind::Organisation);
    let questions = Interview::new(&assess(&profile), &profile.skipped).questions;
    let offered = |name: &str| questions.iter().find(|question| question.name == name).unwrap().checklist;
    assert!(offered("records") && offered("standing"));
    assert!(!offered("who") && !offered("figures"));
}

#[test]
fn none_of_these_is_an_answer_only_where_there_can_be_none() {
    let mut profile = Profile::new(PartyKind::Organisation);
    let entries =
        [("org.serious_dishonesty", ""), ("org.status", ""), ("contracts", ""), ("org.staff", ""), ("org.kind", "")];
    send(&mut profile, &entries, Rest::None).unwrap();
    assert_eq!(value(&profile, "org.serious_dishonesty"), Some(Value::Bool(false)));
    assert_eq!(value(&profile, "org.status"), Some(Value::Codes(Vec::new())));
    assert_eq!(profile.party.records["contract"], []);
    assert_eq!(profile.skipped, ["org.kind", "org.staff"].map(str::to_owned).into());
}

#[test]
fn several_codes_are_one_answer() {
    let mut profile = Profile::new(PartyKind::Organisation);
    let mut form = Form::default();
    form.entries.insert("org.status".to_owned(), vec!["hnte".to_owned(), "srdi_sme".to_owned()]);
    answer(&PROGRAM.vocabulary, &mut profile, &form).unwrap();
    assert_eq!(value(&profile, "org.status"), Some(Value::Codes(vec!["hnte".to_owned(), "srdi_sme".to_owned()])));
}

#[test]
fn an_answer_can_be_seen_changed_and_taken_back() {
    let mut profile = Profile::new(PartyKind::Organisation);
    let official = Fact {
        source: Some("营业执照".to_owned()),
        evidence: Some(Evidence::Official),
        ..Fact::known(Value::Bool(true))
    };
    profile.party.facts.insert(domain::FactKey::new("org.legal_person"), official.clone());
    send(&mut profile, &[("org.kind", "enterprise"), ("org.place", ""), ("contracts", "1")], Rest::Unknown).unwrap();
    send(&mut profile, &[("contract.amount#1", "1200万元")], Rest::Unknown).unwrap();
    let given = given(&assess(&profile), &profile);
    assert_eq!(given.iter().map(|given| given.name.as_str()).collect::<Vec<_>>(), ["who", "records", "contract"]);
    let cells = |fields: &[Field]| -> BTreeMap<String, Cell> {
        fields.iter().flat_map(|field| &field.cells).map(|cell| (cell.key.clone(), cell.clone())).collect()
    };
    let who = cells(&given[0].fields);
    assert_eq!(who["org.legal_person"].source.as_deref(), Some("营业执照"));
    assert_eq!((who["org.kind"].value.zh.as_str(), who["org.kind"].source.as_deref()), ("enterprise", None));
    assert_eq!(who["org.kind"].said.as_ref().map(|said| said.zh.as_str()), Some("企业"));
    assert!(who["org.place"].skipped);
    let amount = &cells(&given[2].fields)["contract.amount#1"];
    assert_eq!((amount.value.en.as_str(), amount.said.as_ref().unwrap().zh.as_str()), ("12000000", "1,200万元"));
    // the question is opened again with everything in it
    let question = reopen(&assess(&profile), &profile, "who", &BTreeSet::new()).unwrap();
    let shown = cells(&question.sections[0].fields);
    assert!(["org.kind", "org.legal_person", "org.place", "org.founded_on"].iter().all(|key| shown.contains_key(*key)));
    assert_eq!(reopen(&assess(&profile), &profile, "nonsense", &BTreeSet::new()), None);
    // sent unchanged, an answer keeps its source; changed, it is the party's own
    send(&mut profile, &[("org.legal_person", "yes")], Rest::Unknown).unwrap();
    assert_eq!(profile.party.facts[&domain::FactKey::new("org.legal_person")], official);
    send(&mut profile, &[("org.legal_person", "no")], Rest::Unknown).unwrap();
    assert_eq!(profile.party.facts[&domain::FactKey::new("org.legal_person")], Fact::known(Value::Bool(false)));
    // emptied, it is unknown; taken back, it is asked again
    send(&mut profile, &[("org.kind", "")], Rest::Unknown).unwrap();
    assert!(value(&profile, "org.kind").is_none() && profile.skipped.contains("org.kind"));
    clear(&PROGRAM.vocabulary, &mut profile, &key("org.kind"));
    let next = Interview::new(&assess(&profile), &profile.skipped).questions.swap_remove(0);
    assert!(cells(&next.sections[0].fields).contains_key("org.kind"));
    clear(&PROGRAM.vocabulary, &mut profile, &key("contracts"));
    assert!(!profile.party.records.contains_key("contract"));
}

#[test]
fn a_list_that_grows_or_shrinks_keeps_its_first_records() {
    let mut profile = Profile::new(PartyKind::Organisation);
    let rows = profile.party.records.entry("loan".to_owned()).or_default();
    rows.push(domain::Record { id: "2".to_owned(), facts: BTreeMap::new() });
    send(&mut profile, &[("loan.principal#2", "100万")], Rest::Unknown).unwrap();
    let ids = |profile: &Profile| profile.party.records["loan"].iter().map(|row| row.id.clone()).collect::<Vec<_>>();
    send(&mut profile, &[("loans", "3")], Rest::Unknown).unwrap();
    assert_eq!(ids(&profile), ["2", "1", "3"]);
    send(&mut profile, &[("loan.principal#3", "")], Rest::Unknown).unwrap();
    send(&mut profile, &[("loans", "1")], Rest::Unknown).unwrap();
    assert_eq!(ids(&profile), ["2"]);
    let shown = given(&assess(&profile), &profile);
    let cells = shown.iter().flat_map(|given| &given.fields).flat_map(|field| &field.cells);
    assert!(cells.into_iter().all(|cell| cell.key != "loan.principal#3"), "what went with its record is not shown");
    assert!(value(&profile, "loan.principal#2").is_some());
}

#[test]
fn many_records_are_asked_for_in_portions() {
    let mut profile = Profile::new(PartyKind::Organisation);
    take(&PROGRAM.vocabulary, &mut profile.party, &key("contracts"), "50").unwrap();
    let next = |profile: &Profile| {
        let questions = Interview::new(&assess(profile), &profile.skipped).questions;
        questions.into_iter().find(|question| question.name == "contract").unwrap()
    };
    let first = next(&profile);
    assert_eq!(first.sections.len(), 20);
    answer(&PROGRAM.vocabulary, &mut profile, &filled(&first, &Party::new(PartyKind::Organisation), Rest::Unknown))
        .unwrap();
    assert_eq!(next(&profile).sections[0].record.as_deref(), Some("21"));
}

#[test]
fn a_field_that_refers_to_a_contract_lets_one_choose_it() {
    let mut profile = Profile::new(PartyKind::Organisation);
    send(&mut profile, &[("contracts", "2"), ("supports", "1")], Rest::Unknown).unwrap();
    let field = field::field(&PROGRAM.vocabulary, &profile.party, &key("support.contract#1"), None, &profile.skipped);
    assert_eq!(field.input, Input::One);
    assert_eq!(field.choices.iter().map(|choice| choice.code.as_str()).collect::<Vec<_>>(), ["1", "2"]);
}

#[test]
fn sources_that_differ_stay_until_somebody_settles_it() {
    let mut profile = Profile::new(PartyKind::Organisation);
    let disputed = Fact { value: Knowledge::Disputed(vec![Value::Count(12), Value::Count(15)]), ..Fact::default() };
    profile.party.facts.insert(domain::FactKey::new("org.staff"), disputed.clone());
    send(&mut profile, &[("org.staff", "")], Rest::Unknown).unwrap();
    assert_eq!(profile.party.facts[&domain::FactKey::new("org.staff")], disputed);
    send(&mut profile, &[("org.staff", "15")], Rest::Unknown).unwrap();
    assert_eq!(value(&profile, "org.staff"), Some(Value::Count(15)));
}

#[test]
fn places_are_shown_as_they_are_read() {
    let tree = PlaceTree::china();
    for place in tree.iter() {
        assert_eq!(tree.get(tree.zh(place)), Some(place), "{}", tree.zh(place));
    }
}

/// What a party says for itself: without sources, memberships and names.
fn own_words(truth: &Party) -> Party {
    let mut party = Party { name: None, id: None, lists: BTreeMap::new(), ..truth.clone() };
    let records = party.records.values_mut().flatten().flat_map(|row| row.facts.values_mut());
    for fact in party.facts.values_mut().chain(records) {
        (fact.source, fact.evidence, fact.as_of) = (None, None, None);
    }
    party
}

/// Everything that is known of a party, by key; lists before the fields of their records.
fn all_keys(party: &Party) -> Vec<Key> {
    let mut keys = Vec::new();
    for (name, rows) in &party.records {
        let record = &PROGRAM.vocabulary.records[PROGRAM.vocabulary.record(name).unwrap()];
        keys.push(Key::List(record.list.clone()));
        for row in rows {
            let field = |field: &String| Key::Field { record: name.clone(), field: field.clone(), id: row.id.clone() };
            keys.extend(row.facts.keys().map(field));
        }
    }
    keys.extend(party.facts.keys().cloned().map(Key::Fact));
    keys
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn answers_in_any_order_make_the_same_party_as_a_file(order in any::<u64>(), robot in any::<bool>()) {
        let truth = own_words(&demo(if robot { "companies/robot-maker.yaml" } else { "companies/ai-startup.yaml" }));
        let mut keys = all_keys(&truth);
        let mut state = order;
        let mut random = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap() % below
        };
        let mut profile = Profile::new(truth.kind);
        while !keys.is_empty() {
            let chosen = random(keys.len());
            let key = &keys[chosen];
            // a field waits for its record
            let early = matches!(key, Key::Field { record, .. } if !profile.party.records.contains_key(record));
            if early {
                continue;
            }
            let key = keys.swap_remove(chosen);
            let mut form = Form::default();
            form.entries.insert(key.to_string(), entry(&truth, &key));
            answer(&PROGRAM.vocabulary, &mut profile, &form).unwrap();
        }
        prop_assert_eq!(&profile.party, &truth);
        let file = crate::facts::write(&truth, None, None, &PROGRAM.vocabulary);
        prop_assert_eq!(&profile.party, &crate::facts::from_json(&file, &PROGRAM.vocabulary).unwrap().party);
    }

    #[test]
    fn questions_in_any_order_lead_to_the_answer_of_the_whole_file(order in any::<u64>(), robot in any::<bool>()) {
        let truth = demo(if robot { "companies/robot-maker.yaml" } else { "companies/ai-startup.yaml" });
        let mut state = order;
        let (_, profile) = walk(&truth, Rest::Unknown, |open| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap() % open
        });
        prop_assert_eq!(total(&profile.party), total(&truth));
    }
}
