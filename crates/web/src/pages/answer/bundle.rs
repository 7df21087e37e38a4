//! The best bundle as it is shown: sums, lines in the order in which to apply, what is cut and why, the runner-up.

use app::answer::{self, Bring, Total};
use domain::Money;
use rules::report::{Assessment, BundleLine, Report};

use super::view::{ConflictView, list, until};
use crate::show::{self, MoneyView, OutcomeView};
use crate::visitor::Visitor;

/// The width of the plot, in its own units.
const WIDTH: i64 = 600;

/// The best bundle.
pub(super) struct BundleView {
    /// What is sure.
    pub(super) sure: MoneyView,
    /// The most that can be applied for now.
    pub(super) now_most: MoneyView,
    /// The most that can be added up.
    pub(super) most: MoneyView,
    /// The measures without a stated ceiling, by id.
    pub(super) open: Vec<String>,
    /// Their names.
    pub(super) open_names: String,
    /// The plot, where there is something to compare.
    pub(super) plot: Option<Plot>,
    /// What can be applied for now, in this order.
    pub(super) now: Vec<LineView>,
    /// What may follow once facts are known.
    pub(super) later: Vec<LineView>,
    /// What the later lines come to.
    pub(super) later_most: String,
    /// How many of the later lines have no stated ceiling.
    pub(super) later_open: usize,
    /// Benefits that are not money.
    pub(super) others: Vec<LineView>,
    /// The next best set: how it differs, and why it is not the best.
    pub(super) second: Option<(String, String)>,
    /// Whether the later lines are unfolded.
    pub(super) open_later: bool,
    /// Texts that contradict each other.
    pub(super) conflicts: Vec<ConflictView>,
    /// Whether the set is proven best.
    pub(super) proven: bool,
}

/// A line of the bundle.
pub(super) struct LineView {
    /// The measure's id.
    pub(super) id: String,
    /// Its name.
    pub(super) name: String,
    /// Its outcome.
    pub(super) outcome: OutcomeView,
    /// What it pays within the set.
    pub(super) amount: String,
    /// When applications close.
    pub(super) until: Option<String>,
    /// The rules that cut it, each with its clause, where it is cut.
    pub(super) cut: Option<Vec<(String, Option<String>)>>,
}

/// A bar of what is sure, within what can be applied for now, within what is possible.
pub(super) struct Plot {
    /// The width of the sure part, of 600.
    pub(super) sure: i64,
    /// The width of what can be applied for now, of 600.
    pub(super) now: i64,
    /// In words.
    pub(super) title: String,
}

impl BundleView {
    pub(super) fn new(v: &Visitor, assessment: &Assessment<'_>, report: &Report) -> Self {
        let bundle = &report.bundle;
        let total = Total::of(bundle);
        let cuts = answer::cuts(assessment, bundle);
        let (now, later) = answer::now_and_later(bundle);
        let line = |line: &&BundleLine| {
            let measure = answer::measure(report, &line.measure);
            LineView {
                id: line.measure.clone(),
                name: measure.map(|measure| v.l.text(&measure.name).to_owned()).unwrap_or_default(),
                outcome: show::outcome(line.outcome),
                amount: v.l.text(&line.amount.text).to_owned(),
                until: measure.and_then(|measure| until(v, measure)),
                cut: line.cut.then(|| {
                    let rules = cuts.get(&line.measure).map(Vec::as_slice).unwrap_or_default();
                    rules.iter().map(|rule| (v.l.text(&rule.text).to_owned(), rule.cite.clone())).collect()
                }),
            }
        };
        // what is cut by a rule with a later measure may be more on its own, but never more than all
        let now_most = Total::of_lines(&now).most.min(total.most);
        let later_total = Total::of_lines(&later);
        let others = bundle.others.iter().filter_map(|id| answer::measure(report, id));
        let own_conflicts = now.iter().filter_map(|line| answer::measure(report, &line.measure)).flat_map(|measure| {
            measure.conflicts.iter().map(|conflict| ConflictView::new(v, conflict, Some(&measure.name)))
        });
        Self {
            sure: show::money(total.sure, v.l),
            most: show::money(total.most, v.l),
            open_names: list(
                v,
                total.open.iter().filter_map(|id| answer::measure(report, id)).map(|measure| &measure.name),
            ),
            plot: plot(v, &total, now_most),
            now_most: show::money(now_most, v.l),
            open_later: now.is_empty(),
            open: total.open,
            now: now.iter().map(line).collect(),
            later: later.iter().map(line).collect(),
            later_most: show::money_text(later_total.most, v.l),
            later_open: later_total.open.len(),
            others: others
                .map(|measure| LineView {
                    id: measure.measure.clone(),
                    name: v.l.text(&measure.name).to_owned(),
                    outcome: show::outcome(measure.outcome),
                    amount: v.l.text(&measure.amount.text).to_owned(),
                    until: until(v, measure),
                    cut: None,
                })
                .collect(),
            second: second(v, report),
            conflicts: own_conflicts
                .chain(bundle.conflicts.iter().map(|conflict| ConflictView::new(v, conflict, None)))
                .collect(),
            proven: bundle.proven,
        }
    }

    /// Whether there is no money in it at all.
    pub(super) fn empty(&self) -> bool {
        self.now.is_empty() && self.later.is_empty()
    }
}

fn plot(v: &Visitor, total: &Total, now: Money) -> Option<Plot> {
    let most = total.most.fen();
    let width = |amount: Money| {
        let share = i128::from(amount.fen()) * i128::from(WIDTH) / i128::from(most.max(1));
        i64::try_from(share).unwrap_or(WIDTH).clamp(0, WIDTH)
    };
    let text = |amount: Money| show::money_text(amount, v.l);
    (most > 0).then(|| Plot {
        sure: width(total.sure),
        now: width(now),
        title: v
            .m("answer-plot")
            .s("sure", text(total.sure))
            .s("now", text(now))
            .s("most", text(total.most))
            .to_string(),
    })
}

fn second(v: &Visitor, report: &Report) -> Option<(String, String)> {
    let swap = answer::runner_up(report)?;
    let why = &report.bundle.runner_up.as_ref()?.why;
    let instead = list(v, swap.instead.iter().map(|measure| &measure.name));
    let dropped = list(v, swap.dropped.iter().map(|measure| &measure.name));
    let text = match (swap.instead.is_empty(), swap.dropped.is_empty()) {
        (false, false) => v.m("answer-second-swap").s("instead", instead).s("dropped", dropped).to_string(),
        (true, _) => v.m("answer-second-without").s("dropped", dropped).to_string(),
        (false, true) => v.m("answer-second-with").s("instead", instead).to_string(),
    };
    Some((text, v.l.text(why).to_owned()))
}

/// A document to bring.
pub(super) struct DocumentView {
    /// What it is called.
    pub(super) name: String,
    /// The measures that ask for it.
    pub(super) of: String,
}

/// The documents for the lines that can be applied for now; where there are none, for the whole bundle.
pub(super) fn documents(v: &Visitor, report: &Report) -> Vec<DocumentView> {
    let (now, later) = answer::now_and_later(&report.bundle);
    let lines = if now.is_empty() { later } else { now };
    let view = |bring: Bring<'_>| DocumentView {
        name: v.l.text(bring.document).to_owned(),
        of: list(v, bring.measures.iter().map(|measure| &measure.name)),
    };
    answer::documents(report, &lines).into_iter().map(view).collect()
}
