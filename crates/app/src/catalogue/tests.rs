//! What people look for is found, and what the filters count is what they show.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use domain::{Date, Money, Period, PlaceTree};
use proptest::prelude::*;
use rules::ast::AwardKind;
use rules::source::Sources;

use super::*;
use crate::drafts::Drafts;

fn read(root: &Path, folder: &Path, into: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(root, &path, into);
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            into.insert(name, std::fs::read(&path).unwrap());
        }
    }
}

/// The shipped rules as texts.
pub(crate) fn shipped() -> Sources {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut sources = Sources::default();
    read(&root, &root.join("catalogue"), &mut sources.catalogue);
    read(&root, &root.join("vocabulary"), &mut sources.vocabulary);
    sources
}

/// The shipped rules.
static KAPOK: LazyLock<Kapok> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    Kapok::new(shipped(), Drafts::open(folder.path()).unwrap()).unwrap_or_else(|loaded| panic!("{:?}", loaded.findings))
});

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn today() -> Date {
    day("2026-05-20")
}

fn ids(found: &Found<'_>) -> Vec<String> {
    found.hits.iter().map(|hit| hit.card.id.clone()).collect()
}

#[test]
fn what_people_look_for_comes_first() {
    let mut wrong = Vec::new();
    for line in include_str!("search_cases.csv").lines().skip(1).filter(|line| !line.starts_with('#')) {
        let (query, first) = line.rsplit_once(',').unwrap();
        assert!(KAPOK.index().card(first).is_some(), "{first}");
        let found = ids(&KAPOK.search(&Query::words(query), today()));
        if found.first().map(String::as_str) != Some(first) {
            wrong.push(format!("{query}: {first} expected, found {:?}", found.iter().take(5).collect::<Vec<_>>()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_no_policy_speaks_of_is_not_found() {
    for query in ["火星移民", "xylophone", "!!! zzzz"] {
        assert_eq!(ids(&KAPOK.search(&Query::words(query), today())), Vec::<String>::new(), "{query}");
    }
    // words that ask for nothing leave everything
    let all = KAPOK.program.measures.len();
    for query in ["", "怎么申请", "how do I get it"] {
        assert_eq!(KAPOK.search(&Query::words(query), today()).total, all, "{query}");
    }
}

#[test]
fn every_measure_is_found_by_its_name_in_either_language() {
    for card in &KAPOK.index().cards {
        for name in [&card.name.zh, &card.name.en] {
            let query = Query { per_page: 5, ..Query::words(name) };
            let found = ids(&KAPOK.search(&query, today()));
            assert!(found.contains(&card.id), "{name}: {found:?}");
        }
    }
}

#[test]
fn a_company_of_a_district_sees_the_policies_above_it_and_not_those_beside_it() {
    let query = Query { place: PlaceTree::china().get("nanshan"), per_page: 200, ..Query::default() };
    let levels: BTreeSet<String> =
        KAPOK.search(&query, today()).hits.iter().map(|hit| hit.card.issuer.zh.clone()).collect();
    for issuer in ["南山区科技创新局", "深圳市科技创新局", "广东省工业和信息化厅", "工业和信息化部"]
    {
        assert!(levels.contains(issuer), "{issuer}");
    }
    for issuer in ["龙岗区", "宝安区科技创新局", "北京市经济和信息化局"] {
        assert!(!levels.contains(issuer), "{issuer}");
    }
}

#[test]
fn what_may_apply_in_the_city_comes_first() {
    let shenzhen = PlaceTree::china().get("shenzhen");
    let query = Query { near: shenzhen, per_page: 10, ..Query::words("算力券") };
    let found = ids(&KAPOK.search(&query, today()));
    assert!(found.iter().take(3).all(|id| id.starts_with("sz")), "{found:?}");
    // what is elsewhere is still there, behind it
    assert!(found.iter().any(|id| !id.starts_with("sz")), "{found:?}");
}

#[test]
fn largest_amounts_come_from_the_rules() {
    let most = |id: &str| {
        let card = KAPOK.index().card(id).unwrap();
        let now = card.on(&KAPOK.program, today()).now;
        (now.most.clone(), now.money())
    };
    let yuan = |yuan: i64| Some(Money::from_fen(yuan * 100));
    // an amount for each contract and a limit on their sum: the limit
    assert!(matches!(most("sz.training-voucher.demand-2026"), (Most::Total(_), money) if money == yuan(10_000_000)));
    // an amount for each device, and no limit on their sum
    assert!(matches!(most("sz-baoan.class-3-device"), (Most::Each(..), money) if money == yuan(300_000)));
    // a share of what was spent, and no limit; what the vocabulary expects at most is no limit either
    assert_eq!(most("shaanxi.challenge.grant"), (Most::NoCeiling, None));
    assert_eq!(most("cn.hnte-recognition"), (Most::NoAmount, None));
    // days of lodging and deductions from the tax base are no money
    assert!(matches!(most("sz.graduate-lodging"), (Most::Total(_), None)));
    assert!(matches!(most("cn.rd-super-deduction"), (Most::NoCeiling, None)));
}

#[test]
fn days_left_are_counted_to_the_end_of_applications() {
    let card = KAPOK.index().card("sz.training-voucher.demand-2026").unwrap();
    for (on, open, left) in [
        ("2026-05-05", false, None),
        ("2026-05-06", true, Some(30)),
        ("2026-06-05", true, Some(0)),
        ("2026-06-06", false, None),
    ] {
        let standing = card.on(&KAPOK.program, day(on));
        assert_eq!((standing.open(), standing.days_left), (open, left), "{on}");
    }
}

#[test]
fn an_address_is_read_and_written_the_same() {
    let address = [
        ("q", " 算力 "),
        ("place", "南山"),
        ("issuer", "南山区科技创新局"),
        ("topic", "compute"),
        ("topic", "space"),
        ("kind", "money"),
        ("open", "yes"),
        ("at_least", "100万"),
        ("sort", "deadline"),
        ("page", "2"),
    ];
    let (query, notices) = Query::read(address, &KAPOK.program);
    assert_eq!(notices, []);
    assert_eq!(query.words, "算力");
    assert_eq!(query.at_least, Some(Money::from_fen(100_000_000)));
    let pairs = query.pairs();
    let again = Query::read(pairs.iter().map(|(name, value)| (*name, value.as_str())), &KAPOK.program);
    assert_eq!(again, (query, Vec::new()));
}

#[test]
fn what_an_address_says_wrongly_is_left_out_and_told() {
    let address = [
        ("place", "atlantis"),
        ("issuer", "nobody"),
        ("topic", "compute2"),
        ("kind", "gold"),
        ("open", "maybe"),
        ("at_least", "a lot"),
        ("sort", "random"),
        ("page", "-1"),
        ("lang", "en"),
        ("utm_source", "x"),
        ("place", ""),
    ];
    let (query, notices) = Query::read(address, &KAPOK.program);
    assert_eq!(query, Query::default());
    let fields: Vec<&str> = notices.iter().map(|notice| notice.field).collect();
    assert_eq!(fields, ["place", "issuer", "topic", "kind", "open", "at_least", "sort", "page"]);
}

#[test]
fn pages_hold_everything_once() {
    let mut seen = Vec::new();
    let mut query = Query { per_page: 10, ..Query::default() };
    loop {
        let found = KAPOK.search(&query, today());
        seen.extend(ids(&found));
        if found.page == found.pages {
            break;
        }
        query.page += 1;
    }
    assert_eq!(seen.len(), KAPOK.program.measures.len());
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), seen.len());
    // a page behind the last one is the last one
    let last = Query { page: 1_000, ..query.clone() };
    assert_eq!(ids(&KAPOK.search(&last, today())), ids(&KAPOK.search(&query, today())));
}

#[test]
fn what_ends_first_comes_first_and_what_is_over_last() {
    let query = Query { sort: Sort::Deadline, per_page: 200, ..Query::default() };
    let found = KAPOK.search(&query, today());
    let open: Vec<bool> = found.hits.iter().map(|hit| hit.standing.open()).collect();
    assert!(open.windows(2).all(|pair| pair[0] || !pair[1]), "open ones before those that are not");
    let ends: Vec<Date> = found
        .hits
        .iter()
        .filter(|hit| hit.standing.open())
        .map(|hit| hit.standing.deadline().unwrap_or(Date::MAX))
        .collect();
    assert!(ends.is_sorted(), "{ends:?}");
    assert!(ends.first() < Some(&Date::MAX));
}

fn queries() -> impl Strategy<Value = Query> {
    let program = &KAPOK.program;
    let places: Vec<_> = PlaceTree::china().iter().collect();
    let issuers: Vec<String> = program.catalogue.documents.iter().map(|document| document.issuer.zh.clone()).collect();
    let topics: Vec<String> = program.catalogue.measures.iter().map(|measure| measure.topic.clone()).collect();
    let kinds = vec![AwardKind::Money, AwardKind::Status, AwardKind::Months, AwardKind::TaxBase];
    let words = vec!["", "", "算力", "rent", "研发投入", "voucher"];
    (
        proptest::sample::select(words),
        proptest::option::weighted(0.4, proptest::sample::select(places)),
        proptest::option::weighted(0.2, proptest::sample::select(issuers)),
        proptest::collection::btree_set(proptest::sample::select(topics), 0..3),
        proptest::collection::btree_set(proptest::sample::select(kinds), 0..3),
        any::<bool>(),
        proptest::option::weighted(0.3, 0_i64..3_000_000_000),
        proptest::sample::select(Sort::ALL.to_vec()),
    )
        .prop_map(|(words, place, issuer, topics, kinds, open, at_least, sort)| Query {
            place,
            issuer,
            topics,
            kinds,
            open,
            at_least: at_least.map(Money::from_fen),
            sort,
            per_page: 200,
            ..Query::words(words)
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// What a choice counts is what one sees when it is the only one chosen, with everything else as it is.
    #[test]
    fn counts_are_what_the_choices_show(query in queries(), days in 0_i32..1500) {
        let on = Date::from_days(day("2023-01-01").days() + days).unwrap();
        let facets = KAPOK.search(&query, on).facets;
        let shown = |query: Query| KAPOK.search(&query, on).total;
        for Count { key, n } in &facets.topics {
            prop_assert_eq!(shown(Query { topics: [key.clone()].into(), ..query.clone() }), *n);
        }
        for Count { key, n } in &facets.kinds {
            prop_assert_eq!(shown(Query { kinds: [*key].into(), ..query.clone() }), *n);
        }
        for Count { key, n } in &facets.places {
            prop_assert_eq!(shown(Query { place: Some(*key), ..query.clone() }), *n);
        }
        for Count { key, n } in &facets.issuers {
            prop_assert_eq!(shown(Query { issuer: Some(key.zh.clone()), ..query.clone() }), *n);
        }
        prop_assert_eq!(shown(Query { open: true, ..query.clone() }), facets.open);
        // every topic and kind that is there is offered
        let without = KAPOK.search(&Query { topics: BTreeSet::new(), ..query.clone() }, on);
        let topics: BTreeSet<&String> = without.hits.iter().map(|hit| &hit.card.topic).collect();
        prop_assert!(topics.iter().all(|topic| facets.topics.iter().any(|count| count.key == **topic)));
    }

    /// No filter lets through what it should keep out, by a count that is written differently.
    #[test]
    fn filters_keep_out_what_does_not_fit(query in queries()) {
        let tree = PlaceTree::china();
        for hit in KAPOK.search(&query, today()).hits {
            let (card, now) = (hit.card, hit.standing.now);
            if let Some(place) = query.place {
                let path = |place| format!("{}.", tree.path(place));
                let (policy, wanted) = (path(card.place.unwrap()), path(place));
                prop_assert!(policy.starts_with(&wanted) || wanted.starts_with(&policy), "{} {}", policy, wanted);
            }
            prop_assert!(query.topics.is_empty() || query.topics.contains(&card.topic));
            prop_assert!(query.kinds.is_empty() || query.kinds.contains(&now.kind));
            prop_assert!(!query.open || hit.standing.reason.is_none());
            if let (Some(least), Most::Total(_)) = (query.at_least, &now.most) {
                prop_assert!(now.money().is_some_and(|money| money >= least));
            }
        }
    }

    /// Whatever is typed is an answer.
    #[test]
    fn any_words_are_taken(words in any::<String>()) {
        let found = KAPOK.search(&Query::words(&words), today());
        prop_assert!(found.hits.len() <= PER_PAGE && found.pages >= 1);
    }
}

#[test]
fn changes_tell_what_happened_to_a_measure_in_order() {
    let of = |id: &str| -> Vec<(String, ChangeKind)> {
        let card = KAPOK.index().card(id).unwrap();
        card.changes(day("2026-05-20")).iter().map(|change| (change.day.to_string(), change.kind)).collect()
    };
    let at = |day: &str, kind| (day.to_owned(), kind);
    assert_eq!(
        of("sz-nanshan.rd-support"),
        [
            at("2019-07-26", ChangeKind::New),
            at("2020-12-14", ChangeKind::Changed),
            at("2022-11-18", ChangeKind::Ended),
            at("2023-08-08", ChangeKind::Changed),
            at("2023-08-24", ChangeKind::Ended),
        ]
    );
    // a version that another follows at once has not ended; one that ends later has not ended yet
    assert_eq!(of("cn.little-giant"), [at("2022-01-01", ChangeKind::New), at("2026-01-17", ChangeKind::Changed)]);
    let kinds = |id: &str| of(id).into_iter().map(|(_, kind)| kind).collect::<Vec<_>>();
    assert_eq!(kinds("sz-nanshan.moliying.tenant-rent-free"), [ChangeKind::Draft]);
    assert_eq!(kinds("sz.peacock-c"), [ChangeKind::Closed]);
    assert_eq!(kinds("sz.training-voucher.demand-2026"), [ChangeKind::New]);
}

#[test]
fn the_latest_change_comes_first_and_none_is_of_the_future() {
    let days: Vec<Date> = KAPOK.changes(today()).iter().map(|change| change.day).collect();
    assert!(days.is_sorted_by(|a, b| a >= b));
    assert!(days.iter().all(|day| *day <= today()));
    assert!(days.len() > 100, "{}", days.len());
}

#[test]
fn differences_say_what_a_new_version_changes() {
    let card = KAPOK.index().card("sz.graduate-lodging").unwrap();
    assert!(KAPOK.difference(card, 0).is_none() && KAPOK.difference(card, 2).is_none());
    let diff = KAPOK.difference(card, 1).unwrap();
    let sentences: Vec<String> = diff.changes.iter().map(|change| change.sentence(rules::Lang::En)).collect();
    assert!(
        sentences.iter().any(|sentence| sentence.contains("7 day") && sentence.contains("15 day")),
        "{sentences:?}"
    );
}

#[test]
fn a_period_is_cut_to_the_year() {
    let cut = |from: Option<&str>, to: Option<&str>, year| {
        let period = Period::new(from.map(day), to.map(day)).unwrap();
        within_year(period, year).map(|(from, to)| format!("{from}..{to}"))
    };
    assert_eq!(cut(Some("2025-11-01"), Some("2026-02-01"), 2026).as_deref(), Some("2026-01-01..2026-02-01"));
    assert_eq!(cut(None, None, 2026).as_deref(), Some("2026-01-01..2026-12-31"));
    assert_eq!(cut(Some("2027-01-01"), None, 2026), None);
}
