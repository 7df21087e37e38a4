use proptest::prelude::*;

use super::*;

fn entry(id: &str, amount: i128, by: Option<i128>, applied_on: i32) -> Entry {
    Entry { id: id.to_owned(), amount, by, applied_on }
}

fn ranked(values: &[Option<i128>]) -> Vec<Entry> {
    ('a'..).zip(values).map(|(id, by)| entry(&id.to_string(), 100, *by, 0)).collect()
}

fn results(lines: &[Line]) -> Vec<Settled> {
    lines.iter().map(|line| line.result).collect()
}

fn places_of(lines: &[Line]) -> Vec<(Option<u32>, Option<u32>)> {
    lines.iter().map(|line| (line.place_from, line.place_to)).collect()
}

fn paid(lines: &[Line]) -> Vec<i128> {
    lines
        .iter()
        .map(|line| match line.result {
            Settled::Paid(paid) => paid,
            other => panic!("{other:?}"),
        })
        .collect()
}

use Settled::{NotSelected, Open, Paid, Selected};

#[test]
fn the_greatest_value_has_the_first_place() {
    let lines = rank(&ranked(&[Some(3), Some(9), Some(5), Some(1)]), &[(1, 300), (3, 200)]);
    assert_eq!(results(&lines), [Paid(200), Paid(300), Paid(200), Paid(0)]);
    assert_eq!(places_of(&lines)[0], (Some(3), Some(3)));
    // the order of the places does not matter
    assert_eq!(lines, rank(&ranked(&[Some(3), Some(9), Some(5), Some(1)]), &[(3, 200), (1, 300)]));
}

#[test]
fn a_tie_matters_only_across_a_boundary() {
    let entries = ranked(&[Some(9), Some(5), Some(5), Some(1)]);
    let lines = rank(&entries, &[(3, 200)]);
    assert_eq!(results(&lines), [Paid(200), Paid(200), Paid(200), Paid(0)]);
    assert_eq!(places_of(&lines)[1..], [(Some(2), Some(3)), (Some(2), Some(3)), (Some(4), Some(4))]);
    let lines = rank(&entries, &[(2, 200)]);
    assert_eq!(results(&lines), [Paid(200), Open, Open, Paid(0)]);
    assert_eq!((lines[1].low, lines[1].high), (0, 200));
    assert_eq!(results(&quota(&entries, 2)), [Selected, Open, Open, NotSelected]);
}

#[test]
fn an_unknown_value_leaves_open_only_what_depends_on_it() {
    let lines = quota(&ranked(&[Some(9), Some(5), None, Some(1)]), 2);
    assert_eq!(results(&lines), [Selected, Open, Open, NotSelected]);
    assert_eq!(places_of(&lines), [(Some(1), Some(2)), (Some(2), Some(3)), (Some(1), Some(4)), (Some(3), Some(4))]);
    assert_eq!((lines[1].low, lines[1].high), (0, 100));
    // enough places for all
    assert_eq!(results(&quota(&ranked(&[None, None]), 2)), [Selected, Selected]);
    assert_eq!(rank(&[], &[(1, 1)]), []);
}

#[test]
fn grades_are_reached_from_their_least_value() {
    let published = [(Some(90), 500), (Some(60), 200)];
    let lines = grades(&ranked(&[Some(90), Some(89), Some(59), None]), &published);
    assert_eq!(results(&lines), [Paid(500), Paid(200), Paid(0), Open]);
    assert_eq!(places_of(&lines), [(Some(1), Some(1)), (Some(2), Some(2)), (None, None), (Some(1), None)]);
    assert_eq!((lines[3].low, lines[3].high), (0, 500));
}

#[test]
fn an_unpublished_least_value_lies_between_its_neighbours() {
    let lines = grades(&ranked(&[Some(95), Some(70), Some(59)]), &[(Some(90), 500), (None, 300), (Some(60), 200)]);
    assert_eq!(results(&lines), [Paid(500), Open, Paid(0)]);
    assert_eq!((lines[1].low, lines[1].high), (200, 300));
    assert_eq!(places_of(&lines)[1], (Some(2), Some(3)));
    let lines = grades(&ranked(&[Some(70)]), &[(None, 500), (Some(80), 300), (Some(60), 200)]);
    assert_eq!(results(&lines), [Paid(200)]);
    let lines = grades(&ranked(&[Some(70)]), &[(None, 500), (None, 300)]);
    assert_eq!((lines[0].result, lines[0].low, lines[0].high), (Open, 0, 500));
}

#[test]
fn tiers_take_as_many_as_the_authority_fixed() {
    let entries = ranked(&[Some(1), Some(2), Some(3), Some(4), Some(5)]);
    let lines = tiers(&entries, &[300, 200, 100], &[1, 0, 2]);
    assert_eq!(results(&lines), [Paid(0), Paid(0), Paid(100), Paid(100), Paid(300)]);
}

#[test]
fn the_last_fen_go_to_the_greatest_remainders() {
    let entries = [entry("a", 3 * FEN, None, 2), entry("b", 3 * FEN, None, 1), entry("c", 4 * FEN, None, 3)];
    assert_eq!(paid(&pro_rata(&entries, 10 * FEN)), [3 * FEN, 3 * FEN, 4 * FEN]);
    // 1.5, 1.5 and 2: the earlier application goes first
    assert_eq!(paid(&pro_rata(&entries, 5 * FEN)), [FEN, 2 * FEN, 2 * FEN]);
    // 0.9, 0.9 and 1.2
    assert_eq!(paid(&pro_rata(&entries, 3 * FEN)), [FEN, FEN, FEN]);
    assert_eq!(paid(&pro_rata(&entries, 0)), [0, 0, 0]);
    let level = [entry("b", FEN, None, 1), entry("a", FEN, None, 1)];
    assert_eq!(paid(&pro_rata(&level, FEN)), [FEN, 0]);
}

#[test]
fn amounts_beyond_all_products_are_divided_exactly() {
    let entries = [entry("a", UNBOUNDED, None, 0), entry("b", UNBOUNDED, None, 0), entry("c", UNBOUNDED, None, 0)];
    assert_eq!(paid(&pro_rata(&entries, UNBOUNDED)).iter().sum::<i128>(), UNBOUNDED);
    for (a, b, divisor) in [(7, 9, 10), (0, 5, 1), (5, 5, 5)] {
        assert_eq!(mul_div(a, b, divisor), (a * b / divisor, a * b % divisor));
    }
    let big = i128::MAX / 3;
    assert_eq!(mul_div(big, big, big), (big, 0));
    assert_eq!(mul_div(big - 1, big, big), (big - 1, 0));
    assert_eq!(mul_div(big - 1, big - 1, big), (big - 2, 1));
}

#[test]
fn who_comes_first_is_paid_first() {
    let entries = [entry("a", 60, None, 3), entry("b", 50, None, 1), entry("c", 30, None, 2), entry("d", 5, None, 3)];
    let lines = first_come(&entries, 100);
    assert_eq!(paid(&lines), [20, 50, 30, 0]);
    assert_eq!(lines.iter().map(|line| line.place_from).collect::<Vec<_>>(), [Some(3), Some(1), Some(2), Some(4)]);
}

#[test]
fn who_passes_the_check_goes_on() {
    let of = |id, passed| (entry(id, 10 * FEN + 5, None, 0), passed);
    let lines = tournament(&[of("a", Some(true)), of("b", Some(false)), of("c", None)], 300_000);
    assert_eq!(results(&lines), [Selected, NotSelected, Open]);
    let between: Vec<(i128, i128)> = lines.iter().map(|line| (line.low, line.high)).collect();
    assert_eq!(between, [(10 * FEN + 5, 10 * FEN + 5), (3 * FEN, 3 * FEN), (3 * FEN, 10 * FEN + 5)]);
    assert_eq!(tournament(&[of("a", None)], 2_000_000)[0].low, 10 * FEN + 5);
}

// ---- properties ----

fn entries(by: impl Strategy<Value = Option<i128>> + Clone) -> impl Strategy<Value = Vec<Entry>> {
    let amount = prop_oneof![0..30_i128, (0..2_000_i128).prop_map(|fen| fen * FEN)];
    let one = (amount, by, 0..4_i32);
    prop::collection::vec(one, 0..8).prop_map(|all| {
        ('a'..).zip(all).map(|(id, (amount, by, applied_on))| entry(&id.to_string(), amount, by, applied_on)).collect()
    })
}

fn some_unknown() -> impl Strategy<Value = Option<i128>> + Clone {
    prop_oneof![3 => (0..6_i128).prop_map(Some), 1 => Just(None)]
}

/// All ways to know the unknown values: level with, between, above and below the known ones (0 to 5, here doubled).
fn filled(entries: &[Entry]) -> Vec<Vec<Entry>> {
    let mut all = vec![Vec::new()];
    for entry in entries {
        let values = entry.by.map_or_else(|| (-1..=11).collect(), |by| vec![2 * by]);
        let with = |known: &Vec<Entry>, by| [known.as_slice(), &[Entry { by: Some(by), ..entry.clone() }]].concat();
        all = all.iter().flat_map(|known| values.iter().map(|by| with(known, *by)).collect::<Vec<_>>()).collect();
    }
    all
}

/// Whether `known`, where more is known, says nothing that `line` excludes.
fn allows(line: &Line, known: &Line) -> bool {
    let result = line.result == Open || line.result == known.result;
    let from = line.place_from.is_none_or(|from| known.place_from.is_none_or(|place| place >= from));
    let to = line.place_to.is_none_or(|to| known.place_to.is_some_and(|place| place <= to));
    line.id == known.id && result && from && to && line.low <= known.low && known.high <= line.high
}

fn sound(entries: &[Entry], settle: impl Fn(&[Entry]) -> Vec<Line>) -> Result<(), TestCaseError> {
    let lines = settle(entries);
    for known in filled(entries) {
        for (line, known) in lines.iter().zip(settle(&known)) {
            prop_assert!(allows(line, &known), "{line:?} does not allow {known:?}");
        }
    }
    Ok(())
}

fn few_unknown() -> impl Strategy<Value = Vec<Entry>> {
    entries(some_unknown()).prop_filter("few unknown", |all| all.iter().filter(|entry| entry.by.is_none()).count() <= 2)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn ranks_hold_whatever_the_unknown_values_are(
        entries in few_unknown(), places in prop::collection::vec((0..8_u32, 0..9_i128), 0..4), count in 0..8_u32,
    ) {
        sound(&entries, |entries| rank(entries, &places))?;
        sound(&entries, |entries| quota(entries, count))?;
    }

    #[test]
    fn possible_places_are_no_wider_than_needed(entries in few_unknown()) {
        let all: Vec<Vec<Line>> = filled(&entries).iter().map(|known| rank(known, &[])).collect();
        for (at, line) in rank(&entries, &[]).iter().enumerate() {
            prop_assert_eq!(line.place_from, all.iter().filter_map(|lines| lines[at].place_from).min());
            prop_assert_eq!(line.place_to, all.iter().filter_map(|lines| lines[at].place_to).max());
        }
    }

    #[test]
    fn grades_hold_whatever_the_unpublished_least_values_are(
        entries in few_unknown(), least in prop::collection::vec(0..12_i128, 3), hidden in 0..8_u8,
        amounts in prop::collection::vec(0..9_i128, 3),
    ) {
        let mut least = least;
        least.sort_by_key(|least| Reverse(*least));
        let published = |at: usize| (hidden >> at & 1 == 0).then_some(least[at]);
        let full: Vec<(Option<i128>, i128)> = (0..3).map(|at| (Some(least[at]), amounts[at])).collect();
        let shown: Vec<(Option<i128>, i128)> = (0..3).map(|at| (published(at), amounts[at])).collect();
        for (line, known) in grades(&entries, &shown).iter().zip(grades(&entries, &full)) {
            prop_assert!(allows(line, &known), "{line:?} does not allow {known:?}");
        }
        // values are doubled where they are filled in
        let double = |entry: &Entry| Entry { by: entry.by.map(|by| 2 * by), ..entry.clone() };
        let doubled: Vec<Entry> = entries.iter().map(double).collect();
        let lines = grades(&doubled, &shown);
        for known in filled(&entries) {
            for (line, known) in lines.iter().zip(grades(&known, &full)) {
                prop_assert!(allows(line, &known), "{line:?} does not allow {known:?}");
            }
        }
    }

    #[test]
    fn nobody_is_paid_more_than_the_amount_nor_all_more_than_the_budget(
        entries in entries(some_unknown()),
        budget in prop_oneof![0..200_i128, (0..9_000_i128).prop_map(|fen| fen * FEN)],
    ) {
        let all: i128 = entries.iter().map(|entry| entry.amount).sum();
        let whole = entries.iter().all(|entry| entry.amount % FEN == 0) && budget % FEN == 0;
        let (shared, queued) = (paid(&pro_rata(&entries, budget)), paid(&first_come(&entries, budget)));
        for paid in [&shared, &queued] {
            prop_assert!(paid.iter().sum::<i128>() <= budget);
            prop_assert!(paid.iter().zip(&entries).all(|(paid, entry)| (0..=entry.amount).contains(paid)));
        }
        prop_assert_eq!(queued.iter().sum::<i128>(), all.min(budget));
        if whole || all <= budget {
            prop_assert_eq!(shared.iter().sum::<i128>(), all.min(budget));
        }
        // less than a fen from the exact proportion
        if whole && all > budget {
            let near = |(paid, entry): (&i128, &Entry)| (paid * all - entry.amount * budget).abs() < FEN * all;
            prop_assert!(shared.iter().zip(&entries).all(near));
        }
    }

    #[test]
    fn no_more_are_selected_than_there_are_places(entries in entries(some_unknown()), count in 0..8_u32) {
        let lines = quota(&entries, count);
        prop_assert!(lines.iter().filter(|line| line.result == Selected).count() <= count as usize);
        let possible = lines.iter().filter(|line| line.result != NotSelected).count();
        prop_assert!(possible >= entries.len().min(count as usize));
    }

    #[test]
    fn the_order_of_the_applications_does_not_matter(
        (entries, mixed) in entries(some_unknown()).prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        places in prop::collection::vec((0..8_u32, 0..9_i128), 0..4), budget in 0..3_000_i128, count in 0..8_u32,
    ) {
        let grade_list = [(Some(4), 9), (None, 5), (Some(1), 2)];
        let (budget, values) = (budget * FEN, [8, 4, 2]);
        let checked = |all: &[Entry]| all.iter().map(|e| (e.clone(), e.by.map(|by| by > 2))).collect::<Vec<_>>();
        prop_assert_eq!(rank(&entries, &places), rank(&mixed, &places));
        prop_assert_eq!(quota(&entries, count), quota(&mixed, count));
        prop_assert_eq!(grades(&entries, &grade_list), grades(&mixed, &grade_list));
        prop_assert_eq!(tiers(&entries, &values, &[1, 2, count]), tiers(&mixed, &values, &[1, 2, count]));
        prop_assert_eq!(pro_rata(&entries, budget), pro_rata(&mixed, budget));
        prop_assert_eq!(first_come(&entries, budget), first_come(&mixed, budget));
        prop_assert_eq!(tournament(&checked(&entries), 300_000), tournament(&checked(&mixed), 300_000));
    }
}
