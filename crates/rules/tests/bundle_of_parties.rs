//! The best set of measures in a report against trying everything: rules between measures as texts, awards by hand.

#[path = "common/tape.rs"]
mod tape;
#[path = "common/world.rs"]
mod world;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proptest::prelude::*;
use rules::report::Assessment;
use rules::source::Sources;
use tape::{Tape, cases, tape};
use world::{at, loaded, party};

const VOCABULARY: &str = "
facts:
  org.flag: { type: bool, label: { zh: 旗, en: Flag } }
records:
  deal:
    list: deals
    of: organisation
    label: { zh: 合同, en: Deal }
    fields: { amount: { type: money, range: [0 CNY], label: { zh: 金额, en: Amount } } }
  award:
    list: awards
    of: party
    label: { zh: 奖励, en: Award }
    fields:
      measure: { type: text, label: { zh: 措施, en: Measure } }
      year: { type: count, range: [1990, 2199], label: { zh: 年度, en: Year } }
      amount: { type: money, range: [0 CNY], label: { zh: 金额, en: Amount } }
";

const DOCUMENT: &str = "document: t.doc\ntitle: { zh: 文件, en: Document }\nissuer: { zh: 机关, en: Office }\nlevel: city\nplace: shenzhen\nconfidence: primary\n";

/// A measure of the problem; all amounts in whole yuan.
#[derive(Clone, Debug)]
struct Support {
    /// Whether it pays for each deal.
    each: bool,
    /// What it pays for the party, or for each deal.
    formula: Vec<i64>,
    /// The most that it pays in all.
    limit: Option<i64>,
    exclusive: Vec<usize>,
    highest: bool,
    /// The ladder that it is a step of, and what was paid on it before.
    ladder: Option<(usize, i64)>,
    ceiling: Option<Ceiling>,
}

#[derive(Clone, Debug)]
struct Ceiling {
    room: i64,
    over: Vec<usize>,
    counts: bool,
}

#[derive(Clone, Debug)]
struct Problem {
    deals: Vec<i64>,
    supports: Vec<Support>,
    /// Groups: the most that these pay together.
    caps: Vec<(i64, Vec<usize>)>,
    /// Groups: at most one of these.
    one_of: Vec<Vec<usize>>,
}

/// So many unclear ceilings are followed both ways.
const MOST_UNCLEAR: usize = 4;

fn some(choices: &mut Tape, count: usize, percent: usize) -> Vec<usize> {
    (0..count).filter(|_| choices.chance(percent)).collect()
}

fn problem(choices: &mut Tape) -> Problem {
    let count = 1 + choices.below(5);
    let deals: Vec<i64> = (0..1 + choices.below(2)).map(|_| 1 + choices.below(9) as i64).collect();
    let supports = (0..count)
        .map(|index| {
            let each = choices.chance(40);
            let formula = if each {
                let times = 1 + choices.below(3) as i64;
                deals.iter().map(|deal| deal * times).collect()
            } else {
                vec![1 + choices.below(12) as i64]
            };
            Support {
                each,
                formula,
                limit: choices.chance(25).then(|| 1 + choices.below(10) as i64),
                exclusive: if choices.chance(30) { some(choices, count, 40) } else { Vec::new() },
                highest: choices.chance(30),
                ladder: choices.chance(25).then(|| (choices.below(2), choices.below(3) as i64)),
                ceiling: choices.chance(40).then(|| Ceiling {
                    room: choices.below(14) as i64,
                    over: some(choices, count, 50),
                    counts: index >= MOST_UNCLEAR || choices.chance(60),
                }),
            }
        })
        .collect();
    Problem {
        caps: (0..choices.below(3)).map(|_| (choices.below(16) as i64, some(choices, count, 60))).collect(),
        one_of: (0..choices.below(2)).map(|_| some(choices, count, 50)).collect(),
        deals,
        supports,
    }
}

fn id(index: usize) -> String {
    format!("t.m{index}")
}

fn ids(list: &[usize]) -> String {
    format!("[{}]", list.iter().map(|index| id(*index)).collect::<Vec<_>>().join(", "))
}

impl Problem {
    fn texts(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::from([("document.yaml".to_owned(), DOCUMENT.as_bytes().to_vec())]);
        for (index, support) in self.supports.iter().enumerate() {
            let mut text = format!(
                "measure: {}\nname: {{ zh: 措施, en: Measure }}\ndocument: t.doc\nclause: 一\ntopic: any\napplies_to: organisation\nversions:\n  - known_from: 2020-01-01\n",
                id(index)
            );
            let times = if support.each { support.formula[0] / self.deals[0] } else { 0 };
            let amount =
                if support.each { format!("{times} * deal.amount") } else { format!("{} CNY", support.formula[0]) };
            if support.each {
                text += "    each: { record: deal }\n";
            }
            let _ = write!(text, "    award:\n      kind: money\n      amount: {amount}\n");
            if let Some(limit) = support.limit {
                let _ = writeln!(text, "      limits: [ {{ per: [org], at_most: {limit} CNY }} ]");
            }
            let mut rules = Vec::new();
            if !support.exclusive.is_empty() {
                rules.push(format!(
                    "{{ {}: {} }}",
                    if support.highest { "highest" } else { "exclusive" },
                    ids(&support.exclusive)
                ));
            }
            if let Some(ceiling) = &support.ceiling {
                rules.push(format!(
                    "{{ ceiling: {} CNY, over: {}, own: {} }}",
                    ceiling.room,
                    ids(&ceiling.over),
                    if ceiling.counts { "counts" } else { "unclear" }
                ));
            }
            if let Some((name, received)) = support.ladder {
                rules.push(format!("{{ ladder: l{name}, received: {received} CNY }}"));
            }
            let _ = writeln!(text, "    stacking: [ {} ]", rules.join(", "));
            files.insert(format!("m{index}.yaml"), text.into_bytes());
        }
        let caps = self.caps.iter().map(|(room, over)| format!("{{ cap: {room} CNY, over: {} }}", ids(over)));
        let rules: Vec<String> =
            caps.chain(self.one_of.iter().map(|set| format!("{{ exclusive: {} }}", ids(set)))).collect();
        let group = format!(
            "group: t.group\nname: {{ zh: 组, en: Group }}\ndocument: t.doc\nclause: 一\nknown_from: 2020-01-01\nrules: [ {} ]\n",
            rules.join(", ")
        );
        files.insert("group.yaml".to_owned(), group.into_bytes());
        files
    }

    fn party(&self) -> String {
        let deals: Vec<String> = self
            .deals
            .iter()
            .enumerate()
            .map(|(number, amount)| format!("{{ id: d{number}, amount: {amount} CNY }}"))
            .collect();
        format!("party: organisation\norg.flag: yes\ndeals: [ {} ]\nawards: []\n", deals.join(", "))
    }

    /// What a measure pays for each of its items when nothing else is taken, before its own limit.
    fn alone(&self, index: usize) -> Vec<i64> {
        let support = &self.supports[index];
        let bound = |amount: &i64| {
            support
                .ceiling
                .as_ref()
                .filter(|ceiling| ceiling.counts)
                .map_or(*amount, |ceiling| (*amount).min(ceiling.room))
        };
        let less = support.ladder.map_or(0, |(_, received)| received);
        support.formula.iter().map(|amount| (bound(amount) - less).max(0)).collect()
    }

    fn excludes(&self, a: usize, b: usize) -> bool {
        let named = |a: usize, b: usize| self.supports[a].exclusive.contains(&b);
        a != b && (named(a, b) || named(b, a) || self.one_of.iter().any(|set| set.contains(&a) && set.contains(&b)))
    }

    /// Whether the money of an item is also that of another measure's item.
    fn same_money(&self, (a, item): (usize, usize), (b, other): (usize, usize)) -> bool {
        !(self.supports[a].each && self.supports[b].each) || item == other
    }

    /// What is paid to each measure applied for in this order; none where one gets nothing or may not be taken. The
    /// unclear ceilings of `strict` bind even where nothing else is taken that counts: the source leaves it open.
    fn play(&self, order: &[usize], strict: &[usize]) -> Option<Vec<i64>> {
        let mut paid: Vec<(usize, usize, i64)> = Vec::new();
        let mut sums = Vec::new();
        for (turn, own) in order.iter().copied().enumerate() {
            if order[..turn].iter().any(|other| self.excludes(own, *other)) {
                return None;
            }
            let alone = self.alone(own);
            let on_ladder: i64 = self.supports[own].ladder.map_or(0, |(name, _)| {
                paid.iter()
                    .filter(|(other, ..)| self.supports[*other].ladder.is_some_and(|(theirs, _)| theirs == name))
                    .map(|(.., amount)| amount)
                    .sum()
            });
            let mut climbed = 0;
            for (item, amount) in alone.iter().enumerate() {
                let total = |list: &[usize]| {
                    paid.iter().filter(|(measure, ..)| list.contains(measure)).map(|(.., amount)| amount).sum::<i64>()
                };
                // a step pays what the sum of its items exceeds the ladder by
                let step = (climbed + amount - on_ladder).max(0) - (climbed - on_ladder).max(0);
                climbed += amount;
                let mut pays = step.min(*amount);
                if let Some(limit) = self.supports[own].limit {
                    pays = pays.min(limit - total(&[own]));
                }
                for (room, over) in self.caps.iter().filter(|(_, over)| over.contains(&own)) {
                    pays = pays.min(room - total(over));
                }
                // what others took of the money under the own ceiling
                let under = |owner: usize, at: usize| -> i64 {
                    let ceiling = self.supports[owner].ceiling.as_ref().unwrap();
                    let counts = |(measure, item, _): &&(usize, usize, i64)| {
                        *measure != owner
                            && ceiling.over.contains(measure)
                            && self.same_money((owner, at), (*measure, *item))
                    };
                    paid.iter().filter(counts).map(|(.., amount)| amount).sum()
                };
                // an unclear ceiling binds once others that count are taken; without them the amount stands
                if let Some(ceiling) = self.supports[own].ceiling.as_ref().filter(|ceiling| {
                    strict.contains(&own) || ceiling.over.iter().any(|other| *other != own && order.contains(other))
                }) {
                    pays = pays.min(ceiling.room - under(own, item));
                }
                for (owner, at, got) in paid.clone() {
                    let Some(ceiling) =
                        self.supports[owner].ceiling.as_ref().filter(|ceiling| ceiling.over.contains(&own))
                    else {
                        continue;
                    };
                    if owner != own && got > 0 && self.same_money((owner, at), (own, item)) {
                        pays = pays.min(ceiling.room - got - under(owner, at));
                    }
                }
                paid.push((own, item, pays.max(0)));
            }
            let sum: i64 = paid.iter().filter(|(measure, ..)| *measure == own).map(|(.., amount)| amount).sum();
            if sum == 0 {
                return None;
            }
            sums.push(sum);
        }
        Some(sums)
    }

    /// The measures whose ceiling may or may not bind when nothing else is taken.
    fn unclear(&self) -> Vec<usize> {
        let of = |index: &usize| {
            let ceiling = self.supports[*index].ceiling.as_ref();
            // with nothing that counts there is no ceiling over several measures
            ceiling.is_some_and(|ceiling| !ceiling.counts && ceiling.over.iter().any(|other| other != index))
        };
        (0..self.supports.len()).filter(of).collect()
    }

    /// Every order of every set that is possible, in every reading, with its total.
    fn everything(&self) -> Vec<(Vec<usize>, i64)> {
        let unclear = self.unclear();
        let mut found = Vec::new();
        let mut open: Vec<Vec<usize>> = vec![Vec::new()];
        while let Some(order) = open.pop() {
            open.extend(
                (0..self.supports.len())
                    .filter(|next| !order.contains(next))
                    .map(|next| [order.clone(), vec![next]].concat()),
            );
            let taken: Vec<usize> = unclear.iter().copied().filter(|measure| order.contains(measure)).collect();
            for reading in 0..1_usize << taken.len() {
                let binds = |place: &usize| reading & (1 << place) != 0;
                let strict: Vec<usize> = (0..taken.len()).filter(binds).map(|place| taken[place]).collect();
                if let Some(paid) = self.play(&order, &strict) {
                    found.push((order.clone(), paid.iter().sum()));
                }
            }
        }
        found
    }
}

/// A whole number of yuan.
fn whole(text: &str) -> i64 {
    text.parse().unwrap_or_else(|_| panic!("{text} is not a whole number"))
}

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn the_reports_best_set_is_as_good_as_trying_everything(mut choices in tape(120)) {
        let problem = problem(&mut choices);
        let sources = Sources { vocabulary: BTreeMap::from([("test.yaml".to_owned(), VOCABULARY.as_bytes().to_vec())]), catalogue: problem.texts() };
        let loaded = loaded(&sources);
        let party = party(&problem.party(), &loaded.program.vocabulary);
        let report = Assessment::new(&loaded.program, &party, at("2026-05-20"), &|_| true).report();
        let all = problem.everything();
        let best = all.iter().map(|(_, total)| *total).max().unwrap();
        let bundle = &report.bundle;
        prop_assert!(bundle.proven);
        prop_assert_eq!((whole(&bundle.total.low), bundle.total.high.as_deref().map(whole)), (best, Some(best)), "{:#?}", &problem);
        // the order that it gives leads to the amounts that it gives
        let order: Vec<usize> = bundle.lines.iter().map(|line| line.measure["t.m".len()..].parse().unwrap()).collect();
        let paid: Vec<i64> = bundle.lines.iter().map(|line| whole(line.amount.high.as_deref().unwrap())).collect();
        prop_assert_eq!(paid.iter().sum::<i64>(), best, "{:#?}", &problem);
        if problem.supports.iter().any(|support| support.ceiling.as_ref().is_some_and(|ceiling| !ceiling.counts)) {
            // where a ceiling is unclear the same total may be paid in two ways
            return Ok(());
        }
        prop_assert_eq!(problem.play(&order, &[]), Some(paid), "{:#?}", &problem);
        // the next best takes something that the best leaves out
        let next = all.iter().filter(|(other, _)| other.iter().any(|measure| !order.contains(measure))).map(|(_, total)| *total).max();
        let found = bundle.runner_up.as_ref().map(|other| whole(other.total.high.as_deref().unwrap()));
        prop_assert_eq!(found, next, "{:#?}", &problem);
    }
}

/// To take less of one award can leave more room for another: where it is unclear whether a ceiling binds a measure's own
/// award, the best set is looked for in both readings.
#[test]
fn an_unclear_ceiling_that_binds_alone_can_leave_room_for_more() {
    let support = |each, formula: Vec<i64>, ceiling| Support {
        each,
        formula,
        limit: None,
        exclusive: Vec::new(),
        highest: false,
        ladder: None,
        ceiling,
    };
    let unclear = |room, over| Some(Ceiling { room, over: vec![over], counts: false });
    let problem = Problem {
        deals: vec![3, 2],
        supports: vec![
            support(false, vec![4], unclear(2, 2)),
            support(true, vec![9, 6], unclear(7, 0)),
            support(false, vec![2], None),
        ],
        caps: vec![(9, vec![1, 2])],
        one_of: Vec::new(),
    };
    assert_eq!(problem.play(&[0, 1], &[]), Some(vec![4, 6]));
    assert_eq!(problem.play(&[0, 1], &[0]), Some(vec![2, 9]));
    let sources = Sources {
        vocabulary: BTreeMap::from([("test.yaml".to_owned(), VOCABULARY.as_bytes().to_vec())]),
        catalogue: problem.texts(),
    };
    let loaded = loaded(&sources);
    let party = party(&problem.party(), &loaded.program.vocabulary);
    let report = Assessment::new(&loaded.program, &party, at("2026-05-20"), &|_| true).report();
    assert_eq!(report.bundle.total.high.as_deref(), Some("11"));
}
