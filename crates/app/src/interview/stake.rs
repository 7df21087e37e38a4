//! The money that waits for answers: of a measure, and of all measures that wait for a question.

use std::collections::{BTreeMap, BTreeSet};

use domain::Money;
use rules::ast::AwardKind;
use rules::diag::Text;
use rules::ir::VersionIr;
use rules::report::{Assessment, BundleReport};
use rules::value::{FEN, UNBOUNDED};
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::Waiting;

/// Measures whose names are told in a sentence at most.
const NAMED: usize = 2;

/// The money that hangs on something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Stake {
    /// The most that the support with an upper end comes to.
    #[serde(serialize_with = "decimal")]
    #[schemars(with = "String")]
    pub up_to: Money,
    /// How many have no upper end.
    pub open: usize,
}

fn decimal<S: Serializer>(money: &Money, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(money.to_string().trim_end_matches(" CNY"))
}

impl Stake {
    /// From millionths of a fen, with [`UNBOUNDED`] for no upper end.
    fn of(scaled: i128) -> Self {
        let fen = i64::try_from(scaled.max(0).div_euclid(FEN)).ok().and_then(Money::try_from_fen);
        fen.map_or(Self { up_to: Money::ZERO, open: 1 }, |up_to| Self { up_to, open: 0 })
    }

    /// From the decimal of a report, absent for no upper end, and whether it is money.
    pub(super) fn of_report(money: bool, stake: Option<&str>) -> Self {
        let up_to = stake.and_then(|decimal| Money::parse(&format!("{decimal} CNY")).ok());
        match (money, up_to) {
            (false, _) => Self::default(),
            (true, None) => Self { up_to: Money::ZERO, open: 1 },
            (true, Some(up_to)) => Self { up_to, open: 0 },
        }
    }

    /// Whether there is no money in it.
    #[must_use]
    pub fn is_none(self) -> bool {
        self == Self::default()
    }

    /// In words: `最多 50万元，另有 2 项未设上限`.
    #[must_use]
    pub fn words(self) -> Text {
        let money = (self.up_to > Money::ZERO)
            .then(|| Text::new(format!("最多{}", self.up_to.zh()), format!("up to {}", self.up_to.en())));
        let open = (self.open > 0).then(|| {
            let plural = if self.open == 1 { "one measure" } else { "measures" };
            let count = if self.open == 1 { String::new() } else { format!("{} ", self.open) };
            Text::new(format!("{}项未设上限", self.open), format!("{count}{plural} without an upper end"))
        });
        match (money, open) {
            (None, None) => Text::new("不涉及资金", "no money"),
            (Some(one), None) | (None, Some(one)) => one,
            (Some(money), Some(open)) => {
                Text::new(format!("{}，另有{}", money.zh, open.zh), format!("{}, and {}", money.en, open.en))
            }
        }
    }
}

/// What the best bundle comes to so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Running {
    /// What is sure.
    #[serde(serialize_with = "decimal")]
    #[schemars(with = "String")]
    pub sure: Money,
    /// What is possible.
    pub possible: Stake,
}

impl Running {
    /// From a bundle.
    #[must_use]
    pub fn of(bundle: &BundleReport) -> Self {
        let money = |decimal: &str| Money::parse(&format!("{decimal} CNY")).unwrap_or(Money::ZERO);
        let lines = bundle.lines.iter().filter(|line| line.amount.unit == "CNY");
        let (open, bounded): (Vec<_>, Vec<_>) = lines.partition(|line| line.amount.high.is_none());
        let highs = bounded.iter().filter_map(|line| line.amount.high.as_deref()).map(money);
        let up_to = highs.fold(Money::ZERO, |sum, high| sum.checked_add(high).unwrap_or(Money::MAX));
        // without an open line the total is exact, ceilings over several measures included
        let up_to = bundle.total.high.as_deref().map_or(up_to, money);
        Self { sure: money(&bundle.total.low), possible: Stake { up_to, open: open.len() } }
    }

    /// In words: what is sure, and what is possible.
    #[must_use]
    pub fn words(self) -> (Text, Text) {
        (Text::new(self.sure.zh(), self.sure.en()), self.possible.words())
    }
}

/// What each measure could bring, in millionths of a fen.
pub(super) struct Stakes {
    measures: BTreeMap<String, i128>,
    /// The greatest that has an upper end.
    greatest: i128,
}

impl Stakes {
    pub(super) fn new(assessment: &Assessment<'_>) -> Self {
        let program = assessment.program;
        let mut measures = BTreeMap::new();
        for assessed in &assessment.assessed {
            let index = assessed.measure as usize;
            let (Some(source), Some(ir)) = (program.catalogue.measures.get(index), program.measures.get(index)) else {
                continue;
            };
            let version = assessed.chosen.version.and_then(|version| ir.versions.get(version));
            let money = version.is_some_and(|version| version.kind == AwardKind::Money);
            let stake = assessed.missing.iter().map(|missing| missing.stake).max().filter(|_| money);
            measures.insert(source.id.clone(), stake.unwrap_or(0));
        }
        let greatest = measures.values().copied().filter(|stake| bounded(*stake)).max().unwrap_or(0).max(1);
        Self { measures, greatest }
    }

    fn of(&self, measure: &str) -> i128 {
        self.measures.get(measure).copied().unwrap_or(0)
    }

    /// What a question is worth for its place in the order: see [`super::Interview::new`].
    pub(super) fn worth(&self, measures: &BTreeSet<&str>) -> i128 {
        measures.iter().map(|measure| self.of(measure).min(self.greatest)).fold(0, i128::saturating_add)
    }

    /// The money at stake over measures.
    pub(super) fn total(&self, measures: &BTreeSet<&str>) -> Stake {
        let (bounded, open): (Vec<i128>, Vec<i128>) =
            measures.iter().map(|measure| self.of(measure)).partition(|stake| bounded(*stake));
        let sum = Stake::of(bounded.into_iter().fold(0, i128::saturating_add));
        Stake { open: sum.open + open.len(), ..sum }
    }

    /// The measures with their names, the greatest first.
    pub(super) fn waiting(&self, assessment: &Assessment<'_>, measures: &BTreeSet<&str>) -> Vec<Waiting> {
        let mut waiting: Vec<Waiting> = assessment
            .program
            .catalogue
            .measures
            .iter()
            .filter(|measure| measures.contains(measure.id.as_str()))
            .map(|measure| Waiting {
                measure: measure.id.clone(),
                name: measure.name.clone(),
                stake: Stake::of(self.of(&measure.id)),
            })
            .collect();
        // what has no upper end comes last: often it is rare, and it would hide what most parties want
        waiting.sort_by_key(|waiting| std::cmp::Reverse(waiting.stake.up_to));
        waiting
    }

    /// The versions of measures that were assessed.
    pub(super) fn versions<'a>(
        &self,
        assessment: &'a Assessment<'a>,
        measures: &'a BTreeSet<&str>,
    ) -> impl Iterator<Item = &'a VersionIr> {
        assessment.assessed.iter().filter_map(|assessed| {
            let index = assessed.measure as usize;
            let source = assessment.program.catalogue.measures.get(index)?;
            let ir = assessment.program.measures.get(index).filter(|_| measures.contains(source.id.as_str()))?;
            ir.versions.get(assessed.chosen.version?)
        })
    }
}

fn bounded(stake: i128) -> bool {
    stake < UNBOUNDED / 1000
}

/// Why a question is asked.
pub(super) fn why(waiting: &[Waiting], stake: Stake) -> Text {
    let names: Vec<&Text> = waiting.iter().take(NAMED).map(|waiting| &waiting.name).collect();
    let zh = names.iter().map(|name| format!("“{}”", name.zh)).collect::<Vec<_>>().join("");
    let en = names.iter().map(|name| name.en.as_str()).collect::<Vec<_>>().join("; ");
    let (count, money) = (waiting.len(), stake.words());
    let rest = count > names.len();
    let zh =
        if rest { format!("{zh}等{count}项措施要看这些回答") } else { format!("{zh}要看这些回答") };
    let en = match (rest, count) {
        (true, _) => format!("{count} measures wait for these answers, among them: {en}"),
        (false, 1) => format!("One measure waits for these answers: {en}"),
        (false, _) => format!("{count} measures wait for these answers: {en}"),
    };
    if stake.is_none() {
        return Text::new(format!("{zh}。"), format!("{en}."));
    }
    Text::new(format!("{zh}，涉及{}。", money.zh), format!("{en}. At stake: {}.", money.en))
}
