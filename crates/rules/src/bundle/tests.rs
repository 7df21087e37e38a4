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
    let of = |item: &ItemRef| paid.iter().filter(|(c, _)| *c == item.candidate).filter_map(|(_, p)| p.get(item.item)).sum::<i128>();
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
            let earlier: i128 = paid.iter().filter(|(c, _)| *c != at.candidate && steps.contains(c)).flat_map(|(_, p)| p).sum();
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

fn brute(candidates: &[Candidate], rules: &[Rule]) -> Best {
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
        1 => set().prop_map(Rule::Exclusive),
        3 => (items(), 0..12_i128).prop_map(|(items, room)| Rule::Cap { items, room }),
        3 => (item_ref(candidates), items(), 0..12_i128).prop_map(|(owner, others, room)| Rule::Ceiling { owner, others, room }),
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
    #![proptest_config(ProptestConfig { cases: 400000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn as_good_as_trying_everything((candidates, rules) in problem(5, 6)) {
        prop_assert_eq!(best(&candidates, &rules), brute(&candidates, &rules));
    }
}
