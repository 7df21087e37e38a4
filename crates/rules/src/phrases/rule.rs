//! Limits, rules between measures, rounds and budgets as sentences.

use super::{Speaker, budget_per, join, paid_to, quantity, when_short};
use crate::ast::{Budget, Limit, Payout, Redemption, Round, Stacking, StackingKind};
use crate::diag::Text;
use crate::formula::{Expr, ExprKind};

impl Speaker<'_> {
    /// What a cap is counted over.
    pub(crate) fn per(&self, per: &[String]) -> Text {
        let word = |word: &String| match word.as_str() {
            "org" => Text::new("每家单位", "organisation"),
            "person" => Text::new("每人", "person"),
            "year" => Text::new("每年", "year"),
            "lifetime" => Text::new("累计", "lifetime"),
            other => self.record(other).map_or_else(
                || Text::same(other),
                |label| Text::new(format!("每项{}", label.zh), label.en.to_lowercase()),
            ),
        };
        join(per.iter().map(word), "", " and ")
    }

    /// What readers call a record.
    pub(crate) fn record(&self, name: &str) -> Option<Text> {
        let vocabulary = &self.program.vocabulary;
        vocabulary.record(name).and_then(|index| vocabulary.records.get(index)).map(|record| record.label.clone())
    }

    pub(crate) fn limit(&self, limit: &Limit) -> Text {
        let (per, most) = (self.per(&limit.per), self.cap(&limit.at_most));
        Text::new(format!("{}{}", per.zh, most.zh), format!("{} per {}", most.en, per.en))
    }

    /// A cap: what is not exceeded. One with discretion may itself be moved by a person.
    fn cap(&self, cap: &Expr) -> Text {
        match &cap.kind {
            ExprKind::AtLeast(inner) => {
                let most = self.say(inner);
                Text::new(
                    format!("一般不超过{}，可以突破", most.zh),
                    format!("as a rule at most {}, which may be exceeded", most.en),
                )
            }
            ExprKind::UpTo(inner) => {
                let most = self.say(inner);
                Text::new(
                    format!("不超过{}以内另行确定的数额", most.zh),
                    format!("at most a sum to be set within {}", most.en),
                )
            }
            _ => {
                let most = self.say(cap);
                Text::new(format!("不超过{}", most.zh), format!("at most {}", most.en))
            }
        }
    }

    pub(crate) fn part(&self, part: &Payout) -> Text {
        let amount = part.amount.as_ref().map_or_else(|| Text::new("其余部分", "the rest"), |amount| self.say(amount));
        Text::new(format!("{}：{}", part.when.zh, amount.zh), format!("{}: {}", part.when.en, amount.en))
    }

    pub(crate) fn stacking(&self, rule: &Stacking) -> Text {
        let received = |received: &Option<Expr>| match received {
            None => Text::default(),
            Some(received) => {
                let received = self.say(received);
                Text::new(
                    format!("，已获得的{}一并计入", received.zh),
                    format!(", counting {} as already received", received.en),
                )
            }
        };
        let text = match &rule.kind {
            StackingKind::Exclusive { others, highest: false } => {
                let others = self.references(others);
                Text::new(
                    format!("与{}只能择一享受", others.zh),
                    format!("cannot be taken together with {}", others.en),
                )
            }
            StackingKind::Exclusive { others, highest: true } => {
                let others = self.references(others);
                Text::new(
                    format!("与{}就高不重复", others.zh),
                    format!("of this and {} only the highest is paid", others.en),
                )
            }
            StackingKind::Ladder { name, received: before } => {
                let before = received(before);
                Text::new(
                    format!("属于同一阶梯（{name}）：升级后只补差额{}", before.zh),
                    format!("a step of one ladder ({name}): a higher step pays the difference{}", before.en),
                )
            }
            StackingKind::Ceiling { at_most, over, received: before, own_counts } => {
                let (most, over, before) = (self.cap(at_most), self.references(over), received(before));
                let own = if *own_counts {
                    ("", "")
                } else {
                    (
                        "；来源未说明此上限是否也约束本措施自身的标准",
                        "; the source does not say whether this also binds the measure's own rate",
                    )
                };
                let with = if over.zh.is_empty() {
                    ("", String::new())
                } else {
                    ("与", format!(" together with {}", over.en))
                };
                Text::new(
                    format!("{}{}合计{}{}{}", with.0, over.zh, most.zh, before.zh, own.0),
                    format!("all support for the same money{}: {}{}{}", with.1, most.en, before.en, own.1),
                )
            }
            StackingKind::Permits(others) => {
                let others = self.references(others);
                Text::new(format!("可与{}同时享受", others.zh), format!("may be taken together with {}", others.en))
            }
            StackingKind::Cap { at_most, over, received: before, per } => {
                let (most, over, before, per) =
                    (self.cap(at_most), self.references(over), received(before), self.per(per));
                Text::new(
                    format!("{}合计{}{}{}", over.zh, per.zh, most.zh, before.zh),
                    format!(
                        "{} together {}{}{}",
                        over.en,
                        most.en,
                        if per.en.is_empty() { String::new() } else { format!(" per {}", per.en) },
                        before.en
                    ),
                )
            }
            StackingKind::Pool { at_most, over } => {
                let (most, over) = (self.say(at_most), self.references(over));
                Text::new(
                    format!("{}共用{}的资金池", over.zh, most.zh),
                    format!("{} share a pool of {}", over.en, most.en),
                )
            }
        };
        match &rule.label {
            Some(label) => Text::new(format!("{}（{}）", label.zh, text.zh), format!("{} ({})", label.en, text.en)),
            None => text,
        }
    }

    pub(crate) fn round(&self, round: &Round) -> Text {
        match round {
            Round::Rank { by, places } => {
                let by = self.say(by);
                let places = join(
                    places.iter().map(|(to, amount)| {
                        let amount = self.say(amount);
                        Text::new(format!("至第{to}名{}", amount.zh), format!("to place {to} {}", amount.en))
                    }),
                    "，",
                    ", ",
                );
                Text::new(
                    format!("按{}从高到低排名：{}", by.zh, places.zh),
                    format!("ranked by {}, the greatest first: {}", by.en, places.en),
                )
            }
            Round::Grades { by, grades } => {
                let by = by.as_ref().map_or_else(|| Text::new("评审", "the review"), |by| self.say(by));
                let grades = join(
                    grades.iter().map(|(name, from, amount)| {
                        let amount = self.say(amount);
                        let from = from.as_ref().map(|from| self.say(from));
                        let zh = from
                            .as_ref()
                            .map_or_else(|| "分数线未公布".to_owned(), |from| format!("{}分及以上", from.zh));
                        let en = from
                            .map_or_else(|| "threshold not published".to_owned(), |from| format!("from {}", from.en));
                        Text::new(format!("{name}（{zh}）{}", amount.zh), format!("{name} ({en}) {}", amount.en))
                    }),
                    "，",
                    ", ",
                );
                Text::new(format!("按{}分档：{}", by.zh, grades.zh), format!("graded by {}: {}", by.en, grades.en))
            }
            Round::Tiers { tiers, floor, cap } => {
                let (floor, cap) = (self.say(floor), self.say(cap));
                Text::new(
                    format!("分{tiers}档，各档金额每年按申报情况和预算确定，最低{}，最高{}", floor.zh, cap.zh),
                    format!(
                        "{tiers} tiers whose values are fixed each year from the applicants and the budget, {} at least and {} at most",
                        floor.en, cap.en
                    ),
                )
            }
            Round::Quota { places, by } => match by.as_ref().map(|by| self.say(by)) {
                Some(by) => {
                    Text::new(format!("择优{places}名，按{}", by.zh), format!("the best {places}, by {}", by.en))
                }
                None => Text::new(format!("择优{places}名"), format!("the best {places}")),
            },
            Round::ProRata => Text::new("预算不足时按比例核减", "all are cut in proportion when the budget is short"),
            Round::Tournament { checkpoint } => {
                let after = quantity(*checkpoint);
                Text::new(
                    format!("赛马制：多家并行立项，{}后检查，通过的继续", after.zh),
                    format!(
                        "a tournament: several run in parallel, and those that pass the check after {} go on",
                        after.en
                    ),
                )
            }
        }
    }

    pub(crate) fn budget(&self, budget: &Budget) -> Text {
        let per = budget_per(&budget.per);
        let most =
            budget.at_most.as_ref().map_or_else(|| Text::new("数额未载明", "amount not stated"), |most| self.say(most));
        let mut parts = vec![Text::new(format!("{}{}", per.zh, most.zh), format!("{} {}", most.en, per.en))];
        if !budget.shared_with.is_empty() {
            let shared = self.references(&budget.shared_with);
            parts.push(Text::new(format!("与{}共用", shared.zh), format!("shared with {}", shared.en)));
        }
        if budget.when_short != "unstated" {
            parts.push(when_short(&budget.when_short));
        }
        join(parts, "；", "; ")
    }

    pub(crate) fn redemption(&self, redemption: &Redemption) -> Text {
        let whom = paid_to(&redemption.paid_to);
        let mut parts = vec![Text::new(format!("兑付给{}", whom.zh), format!("paid to {}", whom.en))];
        if let Some(valid) = redemption.valid {
            let valid = quantity(valid);
            parts.push(Text::new(format!("有效期{}", valid.zh), format!("valid for {}", valid.en)));
        }
        match redemption.transferable {
            Some(true) => parts.push(Text::new("可以转让", "can be passed on")),
            Some(false) => parts.push(Text::new("不得转让", "cannot be passed on")),
            None => {}
        }
        join(parts, "，", ", ")
    }
}
