use std::cmp::Reverse;
use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn one(amount: i128) -> Candidate {
    Candidate { items: vec![amount] }
}

fn at(candidate: usize, item: usize) -> ItemRef {
    ItemRef { candidate, item }
}

fn firsts(candidates: &[usize]) -> Vec<ItemRef> {
    candidates.iter().map(|c| at(*c, 0)).collect()
}

fn order(bundle: &Bundle) -> Vec<usize> {
    bundle.taken.iter().map(|taken| taken.candidate).collect()
}

// ---- the semantics written down once more, as plainly as possible ----

/// What the rules leave for one item of candidate `c`, after `paid` (in order; the last entry is the one under way).
fn leaves(candidates: &[Candidate], rule: &Rule, at: ItemRef, paid: &[(usize, Vec<i128>)]) -> i128 {
    let of = |item: &ItemRef| {
        paid.iter().filter(|(c, _)| *c == item.candidate).filter_map(|(_, p)| p.get(item.item)).sum::<i128>()
    };
    let total = |items: &[ItemRef]| items.iter().copied().collect::<BTreeSet<_>>().iter().map(of).sum::<i128>();
    let amount = candidates[at.candidate].items[at.item];
    match rule {
        Rule::Exclusive(set) => {
            let other = paid.iter().any(|(c, _)| *c != at.candidate && set.contains(c));
            if set.contains(&at.candidate) && other { 0 } else { amount }
        }
        Rule::Cap { items, room } if items.contains(&at) => room - total(items),
        Rule::Ceiling { owner, others, room } => {
            let others: Vec<ItemRef> = others.iter().filter(|item| *item != owner).copied().collect();
            if at == *owner {
                room - total(&others)
            } else if others.contains(&at) && of(owner) > 0 {
                room - of(owner) - total(&others)
            } else {
                amount
            }
        }
        Rule::Ladder { candidates: steps, received } if steps.contains(&at.candidate) => {
            let earlier: i128 =
                paid.iter().filter(|(c, _)| *c != at.candidate && steps.contains(c)).flat_map(|(_, p)| p).sum();
            let before: i128 = candidates[at.candidate].items[..at.item].iter().sum();
            let deducted = (received + earlier - before).max(0);
            amount - deducted
        }
        _ => amount,
    }
    .max(0)
}

/// The bundle for an order; none if somebody in it is excluded or paid nothing.
fn play(candidates: &[Candidate], rules: &[Rule], order: &[usize]) -> Option<Bundle> {
    let mut paid: Vec<(usize, Vec<i128>)> = Vec::new();
    for c in order {
        paid.push((*c, Vec::new()));
        for (item, amount) in candidates[*c].items.iter().enumerate() {
            let least = rules.iter().map(|rule| leaves(candidates, rule, at(*c, item), &paid)).fold(*amount, i128::min);
            paid.last_mut().unwrap().1.push(least);
        }
        if paid.last().unwrap().1.iter().sum::<i128>() == 0 {
            return None;
        }
    }
    let total = paid.iter().flat_map(|(_, p)| p).sum();
    Some(Bundle { taken: paid.into_iter().map(|(candidate, paid)| Taken { candidate, paid }).collect(), total })
}

/// All bundles, the best first.
fn bundles(candidates: &[Candidate], rules: &[Rule]) -> Vec<Bundle> {
    fn orders(candidates: &[Candidate], rules: &[Rule], prefix: &mut Vec<usize>, all: &mut Vec<Bundle>) {
        let Some(bundle) = play(candidates, rules, prefix) else { return };
        all.push(bundle);
        for c in 0..candidates.len() {
            if !prefix.contains(&c) {
                prefix.push(c);
                orders(candidates, rules, prefix, all);
                prefix.pop();
            }
        }
    }
    let mut all = Vec::new();
    orders(candidates, rules, &mut Vec::new(), &mut all);
    all.sort_by_key(|bundle| (Reverse(bundle.total), bundle.taken.len(), order(bundle)));
    all
}

fn brute(candidates: &[Candidate], rules: &[Rule]) -> Best {
    let all = bundles(candidates, rules);
    let best = all[0].clone();
    let members = order(&best);
    let runner_up = all.into_iter().find(|bundle| order(bundle).iter().any(|c| !members.contains(c)));
    Best { best, runner_up, proven: true }
}

// ---- generated problems ----

fn item_ref(candidates: usize) -> impl Strategy<Value = ItemRef> {
    (0..candidates, 0..2_usize).prop_map(|(candidate, item)| at(candidate, item))
}

fn rule(candidates: usize) -> impl Strategy<Value = Rule> + use<> {
    let items = || prop::collection::vec(item_ref(candidates), 1..5);
    let set = || prop::collection::vec(0..candidates, 1..4);
    prop_oneof![
        2 => set().prop_map(Rule::Exclusive),
        3 => (items(), 0..12_i128).prop_map(|(items, room)| Rule::Cap { items, room }),
        3 => (item_ref(candidates), items(), 0..12_i128)
            .prop_map(|(owner, others, room)| Rule::Ceiling { owner, others, room }),
        2 => (set(), 0..4_i128).prop_map(|(candidates, received)| Rule::Ladder { candidates, received }),
    ]
}

fn problem(most: usize, rules: usize) -> impl Strategy<Value = (Vec<Candidate>, Vec<Rule>)> {
    (1..=most).prop_flat_map(move |n| {
        let candidate = prop::collection::vec(0..9_i128, 0..=2).prop_map(|items| Candidate { items });
        (prop::collection::vec(candidate, n), prop::collection::vec(rule(n), 0..=rules))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn as_good_as_trying_everything((candidates, rules) in problem(5, 6)) {
        prop_assert_eq!(best(&candidates, &rules), brute(&candidates, &rules));
    }
}

/// Takes the members of one part one by one: what is paid is what the bundle says, and never more than was promised.
fn bounds_hold(part: &Part, bundle: &Bundle) -> Result<(), TestCaseError> {
    let number = |taken: &Taken| part.members.iter().position(|member| member.candidate == taken.candidate);
    let steps: Vec<(usize, &Taken)> = bundle.taken.iter().filter_map(|taken| Some((number(taken)?, taken))).collect();
    let mut rest: i128 = steps.iter().flat_map(|(_, taken)| &taken.paid).sum();
    let (mut open, mut slots) = (part.everyone(), part.start());
    for (member, taken) in steps {
        let mut bounds = part::Bounds::default();
        prop_assert!(part.reach(open, &slots, &mut bounds) >= rest);
        let mut paid = Vec::new();
        let sum = part.take(member, &mut slots, |item| paid.push(item));
        prop_assert_eq!(&paid, &taken.paid);
        prop_assert!(open & part::bit(member) != 0 && bounds.members[member] >= sum);
        open = part.close(open, member, &mut slots);
        rest -= sum;
    }
    Ok(())
}

/// Problems in which no two rules but exclusions meet in one candidate, with the place of one number to raise.
fn simple_problem() -> impl Strategy<Value = (Vec<Candidate>, Vec<Rule>)> {
    let candidate = prop::collection::vec(0..9_i128, 1..=2).prop_map(|items| Candidate { items });
    let exclusive = prop::collection::vec(prop::collection::vec(0..6_usize, 2..4).prop_map(Rule::Exclusive), 0..3);
    let groups = prop::collection::vec(0..2_usize, 6);
    let kinds = prop::collection::vec((0..4_u8, 0..15_i128), 2);
    (prop::collection::vec(candidate, 6), exclusive, groups, kinds).prop_map(
        |(candidates, mut rules, groups, kinds)| {
            for (group, (kind, number)) in kinds.into_iter().enumerate() {
                let members: Vec<usize> = (0..6).filter(|c| groups[*c] == group).collect();
                let Some(first) = members.first().copied() else { continue };
                let items = members.iter().flat_map(|c| (0..candidates[*c].items.len()).map(|i| at(*c, i))).collect();
                rules.push(match kind {
                    0 => Rule::Cap { items, room: number },
                    1 => Rule::Ceiling { owner: at(first, 0), others: firsts(&members), room: number },
                    2 => Rule::Ladder { candidates: members, received: number / 3 },
                    _ => Rule::Exclusive(members),
                });
            }
            (candidates, rules)
        },
    )
}

/// Raises a room; whether there was one.
fn raise_room(rules: &mut [Rule], which: usize, by: i128) -> bool {
    let mut rooms = rules.iter_mut().filter_map(|rule| match rule {
        Rule::Cap { room, .. } | Rule::Ceiling { room, .. } => Some(room),
        _ => None,
    });
    rooms.nth(which).is_some_and(|room| {
        *room += by;
        true
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn as_good_as_trying_everything_with_six((candidates, rules) in problem(6, 8)) {
        prop_assert_eq!(best(&candidates, &rules), brute(&candidates, &rules));
    }

    #[test]
    fn the_upper_bounds_hold_on_the_way_to_every_bundle((candidates, rules) in problem(4, 8), start in 0..4_usize) {
        let parts = build::split(&candidates, &rules);
        for bundle in bundles(&candidates, &rules).iter().skip(start).step_by(3) {
            for part in &parts {
                bounds_hold(part, bundle)?;
            }
        }
    }

    #[test]
    fn what_is_found_among_many_can_be_taken((candidates, rules) in problem(14, 12)) {
        let found = best(&candidates, &rules);
        prop_assert_eq!(play(&candidates, &rules, &order(&found.best)), Some(found.best.clone()));
        if let Some(other) = found.runner_up {
            prop_assert_eq!(play(&candidates, &rules, &order(&other)), Some(other.clone()));
            prop_assert!(other.total <= found.best.total);
        }
    }

    #[test]
    fn where_rules_do_not_meet_more_is_never_worse(
        (mut candidates, mut rules) in simple_problem(), which in 0..6_usize, item in 0..2_usize, by in 1..9_i128,
    ) {
        let before = best(&candidates, &rules).best.total;
        if raise_room(&mut rules, which, by) {
            let after = best(&candidates, &rules).best.total;
            prop_assert!(after >= before, "room: {} < {}", after, before);
        }
        let before = best(&candidates, &rules).best.total;
        if let Some(amount) = candidates[which].items.get_mut(item) {
            *amount += by;
            let after = best(&candidates, &rules).best.total;
            prop_assert!(after >= before, "amount: {} < {}", after, before);
        }
    }
}

// ---- behaviour ----

#[test]
fn what_no_rule_binds_is_taken() {
    let found = best(&[one(5), one(0), Candidate { items: vec![2, 3] }, Candidate { items: vec![] }], &[]);
    assert_eq!(found.best.total, 10);
    assert_eq!(found.best.taken, [Taken { candidate: 0, paid: vec![5] }, Taken { candidate: 2, paid: vec![2, 3] }]);
    assert_eq!((found.runner_up, found.proven), (None, true));
}

#[test]
fn nothing_to_take() {
    let found = best(&[], &[Rule::Exclusive(vec![0, 1])]);
    assert_eq!(found, Best { best: Bundle::default(), runner_up: None, proven: true });
}

#[test]
fn of_exclusive_candidates_the_greater_is_taken_and_the_other_is_the_runner_up() {
    let found = best(&[one(5), one(7), one(1)], &[Rule::Exclusive(vec![0, 1])]);
    assert_eq!((order(&found.best), found.best.total), (vec![1, 2], 8));
    let other = found.runner_up.unwrap();
    assert_eq!((order(&other), other.total), (vec![0, 2], 6));
}

#[test]
fn two_small_ones_can_beat_a_great_one() {
    let found = best(&[one(7), one(4), one(4)], &[Rule::Exclusive(vec![0, 1]), Rule::Exclusive(vec![0, 2])]);
    assert_eq!((order(&found.best), found.best.total), (vec![1, 2], 8));
    assert_eq!(found.runner_up.map(|other| order(&other)), Some(vec![0]));
}

#[test]
fn a_cap_cuts_the_last_and_needless_candidates_are_not_taken() {
    let cap = [Rule::Cap { items: firsts(&[0, 1, 2]), room: 10 }];
    let found = best(&[one(4), one(3), one(9)], &cap);
    assert_eq!(found.best.total, 10);
    assert_eq!(found.best.taken, [Taken { candidate: 0, paid: vec![4] }, Taken { candidate: 2, paid: vec![6] }]);
    assert_eq!(order(&best(&[one(4), one(3), one(10)], &cap).best), [2]);
}

#[test]
fn support_with_a_ceiling_is_best_taken_after_the_others() {
    // 0 pays at most what the others leave of 50; taken first, it would bind them too
    let ceiling = [Rule::Ceiling { owner: at(0, 0), others: firsts(&[1]), room: 50 }];
    let found = best(&[one(30), one(60)], &ceiling);
    assert_eq!((order(&found.best), found.best.total), (vec![1], 60));
    let found = best(&[one(30), one(40)], &ceiling);
    assert_eq!(found.best.total, 50);
    assert_eq!(found.best.taken, [Taken { candidate: 0, paid: vec![30] }, Taken { candidate: 1, paid: vec![20] }]);
}

#[test]
fn a_ladder_pays_the_difference_to_the_higher_step() {
    let ladder = |received| [Rule::Ladder { candidates: vec![0, 1], received }];
    let steps = [one(10), Candidate { items: vec![20, 15] }];
    let found = best(&steps, &ladder(0));
    assert_eq!((order(&found.best), found.best.total), (vec![1], 35));
    assert_eq!(
        found.runner_up.unwrap().taken,
        [Taken { candidate: 0, paid: vec![10] }, Taken { candidate: 1, paid: vec![10, 15] }]
    );
    let found = best(&steps, &ladder(25));
    assert_eq!(found.best.taken, [Taken { candidate: 1, paid: vec![0, 10] }]);
    assert_eq!(best(&steps, &ladder(40)).best, Bundle::default());
}

#[test]
fn parts_are_merged_in_the_least_order() {
    // 2 must come before 0; 1 stands alone
    let rules = [Rule::Ceiling { owner: at(0, 1), others: vec![at(2, 0)], room: 5 }];
    let found = best(&[Candidate { items: vec![1, 5] }, one(3), one(9)], &rules);
    assert_eq!((order(&found.best), found.best.total), (vec![1, 2, 0], 13));
}

#[test]
fn references_to_nothing_repetitions_and_negative_numbers_do_no_harm() {
    let rules = [
        Rule::Cap { items: vec![at(0, 0), at(0, 0), at(7, 0), at(1, 5)], room: 6 },
        Rule::Ceiling { owner: at(9, 0), others: firsts(&[0]), room: 1 },
        Rule::Ceiling { owner: at(0, 0), others: firsts(&[0, 0]), room: 7 },
        Rule::Ladder { candidates: vec![1, 1, 8], received: -3 },
        Rule::Exclusive(vec![0, 0]),
        Rule::Cap { items: firsts(&[2]), room: -1 },
    ];
    let found = best(&[one(9), one(4), one(8), one(-2)], &rules);
    assert_eq!((order(&found.best), found.best.total), (vec![0, 1], 10));
    assert_eq!(best(&[one(i128::MAX), one(i128::MAX)], &[]).best.total, i128::MAX);
}

#[test]
fn where_rules_meet_more_can_be_worse() {
    // any two share a room of 2: a small third fits beside halves, a greater one takes their place
    let caps: Vec<Rule> =
        [[0, 1], [0, 2], [1, 2]].iter().map(|pair| Rule::Cap { items: firsts(pair), room: 2 }).collect();
    assert_eq!(best(&[one(2), one(2), one(1)], &caps).best.total, 3);
    assert_eq!(best(&[one(2), one(2), one(2)], &caps).best.total, 2);
    // the same for a room
    let with = |room| [caps.as_slice(), &[Rule::Cap { items: firsts(&[2]), room }]].concat();
    assert_eq!(best(&[one(2), one(2), one(2)], &with(1)).best.total, 3);
    assert_eq!(best(&[one(2), one(2), one(2)], &with(2)).best.total, 2);
}

#[test]
fn an_ordinary_large_part_is_proven() {
    // a yearly total over all of a district's measures, contracts under ceilings, a ladder and exclusions
    let all: Vec<usize> = (0..18).collect();
    let candidates: Vec<Candidate> = (0..18).map(|n| one(1000 + 37 * ((n * 7) % 11))).collect();
    let rules = [
        Rule::Cap { items: firsts(&all), room: 12_000 },
        Rule::Exclusive(vec![0, 1, 2]),
        Rule::Exclusive(vec![3, 4]),
        Rule::Ladder { candidates: vec![5, 6, 7], received: 200 },
        Rule::Ceiling { owner: at(8, 0), others: firsts(&[9, 10]), room: 2000 },
    ];
    let found = best(&candidates, &rules);
    assert!(found.proven);
    assert_eq!(found.best.total, 12_000);
}

#[test]
fn an_entangled_part_is_answered_within_bounds() {
    let candidates: Vec<Candidate> =
        (0..140).map(|n| Candidate { items: vec![50 + (n * 29) % 31, 40 + (n * 17) % 23] }).collect();
    let rules: Vec<Rule> = (0..90_usize)
        .map(|n| Rule::Cap { items: (0..6).map(|k| at((n * 13 + k * k * 7) % 140, (n + k) % 2)).collect(), room: 90 })
        .collect();
    let found = best(&candidates, &rules);
    assert!(!found.proven);
    assert_eq!(play(&candidates, &rules, &order(&found.best)), Some(found.best.clone()));
    let greedy = (0..140).filter_map(|c| play(&candidates, &rules, &[c])).map(|bundle| bundle.total).max();
    assert!(Some(found.best.total) > greedy);
}
