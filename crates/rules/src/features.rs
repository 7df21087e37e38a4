//! The 46 abilities that real policies need of the language, and how to tell that a measure uses one.

use crate::ast::{AwardKind, Measure, Round, StackingKind, Status};
use crate::diag::Text;
use crate::formula::{Expr, ExprKind};
use crate::ir::{MeasureIr, Node, NodeId, Program};

/// Titles of the features, the first is number 1.
const TITLES: [(&str, &str); 46] = [
    ("有上限的比例资助", "Capped rate"),
    ("指明的计算基数", "Named money base"),
    ("下限", "Floor"),
    ("单变量分档", "Step tiers on one variable"),
    ("双变量分档", "Two-dimensional tiers, most specific row wins"),
    ("门槛随另一事实变化", "Threshold that varies with another fact"),
    ("倍数后再封顶", "Multiplier, then its own cap"),
    ("比例取决于身份", "Rate that depends on status"),
    ("以其他政策的结果为基数", "Based on the outcome of another policy"),
    ("多层上限", "Nested caps"),
    ("多项共用上限", "Cap shared across items"),
    ("各级财政共用上限", "Ceiling shared across levels of government"),
    ("允许叠加与禁止叠加及其冲突", "Stacking permission against prohibition"),
    ("就高不重复、补差", "Highest only, difference top-up"),
    ("互斥", "Mutual exclusion"),
    ("预算总额与按比例核减", "Budget pool and proportional scaling"),
    ("金额取决于申报总体", "Amounts that depend on the population"),
    ("共用资金池", "Pool shared by items"),
    ("按名次择优", "Selection by rank"),
    ("按评分分档", "Award graded by score"),
    ("评分与合格线", "Point scoring with a pass line"),
    ("择高计分", "Better of alternatives"),
    ("评分或直接认定、豁免", "Score or direct conditions, waivers"),
    ("参照期间", "Reference periods"),
    ("随年度变化的标准", "Schedule that depends on the year"),
    ("多年或分阶段兑付", "Payout over years or milestones"),
    ("赛马制", "Tournament continuation"),
    ("先额度后兑付", "Quota, then redemption"),
    ("有日期和范围的名单", "Membership in dated lists"),
    ("排除关联方", "Related-party exclusion"),
    ("负面清单与无违法年限", "Negative lists and clean record"),
    ("由结果产生的限制", "Bans produced by outcomes"),
    ("同一内容不得重复申报", "Same-content duplicates"),
    ("同一主题各区不同", "District differences for one topic"),
    ("配套与自筹比例", "Mandatory matching"),
    ("版本、追溯与空档", "Versions, retroactivity, gaps"),
    ("公布、生效与失效日期不同", "Issue, effect and expiry dates differ"),
    ("征求意见稿和已废止文本不兑付", "Drafts and superseded texts never pay"),
    ("对群体的汇总条件", "Aggregate conditions over a population"),
    ("个人条件及例外", "Personal attributes and exceptions"),
    ("非现金单位", "Non-cash units"),
    ("按单位计算与相加部分", "Per-unit and additive parts"),
    ("多个基数取低", "Least of several bases"),
    ("裁量与未知", "Discretion and unknowns"),
    ("目标值不是待遇", "Targets apart from entitlements"),
    ("办理方式", "Kind of process"),
];

/// The title of a feature.
#[must_use]
pub fn title(feature: u8) -> Text {
    TITLES.get(usize::from(feature).wrapping_sub(1)).map_or_else(Text::default, |(zh, en)| Text::new(*zh, *en))
}

/// A row of the feature table.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Feature {
    /// Its number.
    pub feature: u8,
    /// Its title.
    pub title: Text,
    /// The measures, groups and targets that use it.
    pub measures: Vec<String>,
}

/// The table of features with what uses each.
#[must_use]
pub fn table(program: &Program) -> Vec<Feature> {
    (1..=46)
        .map(|feature| {
            let has = |features: &[(u8, crate::diag::Span)]| features.iter().any(|(number, _)| *number == feature);
            let catalogue = &program.catalogue;
            let mut measures: Vec<String> = catalogue
                .measures
                .iter()
                .filter(|m| has(&m.features))
                .map(|m| m.id.clone())
                .chain(catalogue.groups.iter().filter(|g| has(&g.features)).map(|g| g.id.clone()))
                .chain(catalogue.targets.iter().filter(|t| has(&t.features)).map(|t| t.id.clone()))
                .collect();
            measures.sort();
            Feature { feature, title: title(feature), measures }
        })
        .collect()
}

/// Whether a measure has the construct that a feature needs. Features that are a matter of meaning, not of a
/// construct, are taken on the author's word.
pub(crate) fn uses(feature: u8, measure: &Measure, ir: &MeasureIr, program: &Program) -> bool {
    let versions = || measure.versions.iter();
    let any_stacking = |test: &dyn Fn(&StackingKind) -> bool| {
        versions().any(|version| version.stacking.iter().any(|rule| test(&rule.kind)))
    };
    let in_group = |test: &dyn Fn(&StackingKind) -> bool| {
        let names = |refs: &[crate::ast::MeasureRef]| {
            refs.iter().any(|reference| match reference {
                crate::ast::MeasureRef::Id(id, _) => *id == measure.id,
                crate::ast::MeasureRef::Tag(tag, _) => measure.tags.contains(tag),
            })
        };
        program.catalogue.groups.iter().any(|group| {
            group.rules.iter().any(|rule| {
                test(&rule.kind)
                    && match &rule.kind {
                        StackingKind::Cap { over, .. } | StackingKind::Pool { over, .. } => names(over),
                        StackingKind::Exclusive { others, .. } => names(others),
                        _ => false,
                    }
            })
        })
    };
    let table = |inputs: usize| {
        versions().any(|version| {
            version
                .lets
                .iter()
                .any(|(_, _, body)| matches!(body, crate::ast::LetBody::Table(table) if table.inputs.len() == inputs))
        })
    };
    let node = |test: &dyn Fn(&Node) -> bool| program.computes(ir).into_iter().any(|id| test(program.arena.get(id)));
    let round = |test: &dyn Fn(&Round) -> bool| versions().any(|version| version.round.as_ref().is_some_and(test));
    let reads = |prefixes: &[&str]| {
        program.computes(ir).into_iter().any(|id| {
            let name = match program.arena.get(id) {
                Node::Slot(slot) => program
                    .slots
                    .get(*slot as usize)
                    .and_then(|slot| program.vocabulary.facts.get(slot.fact))
                    .map(|fact| fact.name.as_str()),
                Node::Field { record, field } => program
                    .vocabulary
                    .records
                    .get(*record as usize)
                    .and_then(|r| r.fields.get(*field as usize))
                    .map(|field| field.name.as_str()),
                _ => None,
            };
            name.is_some_and(|name| prefixes.iter().any(|prefix| name.contains(prefix)))
        })
    };
    match feature {
        1 => {
            node(&|n| matches!(n, Node::Mul(_, _, divisor) if *divisor == crate::value::WHOLE))
                || versions().any(|version| !version.award.limits.is_empty())
        }
        3 => {
            versions().any(|version| {
                version.award.at_least.is_some()
                    || version.award.refuse_below.is_some()
                    || round_has_floor(version.round.as_ref())
            }) || node(&|n| matches!(n, Node::Discretion(..)))
        }
        4 => table(1) || node(&|n| matches!(n, Node::If(..))),
        5 => table(2),
        7 => node(&|n| matches!(n, Node::Mul(_, _, divisor) if *divisor == crate::value::WHOLE)),
        10 => {
            versions().any(|version| {
                version.award.limits.len() + usize::from(version.award.amount.as_ref().is_some_and(has_min)) >= 2
            }) || in_group(&|kind| matches!(kind, StackingKind::Cap { .. }))
        }
        11 => {
            in_group(&|kind| matches!(kind, StackingKind::Cap { .. }))
                || versions()
                    .any(|version| version.award.limits.iter().any(|limit| limit.per.iter().any(|per| per == "year")))
        }
        12 => {
            any_stacking(&|kind| matches!(kind, StackingKind::Ceiling { .. })) || node(&|n| matches!(n, Node::Sub(..)))
        }
        13 => {
            any_stacking(&|kind| {
                matches!(kind, StackingKind::Permits(_) | StackingKind::Ceiling { .. } | StackingKind::Exclusive { .. })
            }) || reads(&["support.", "subsid", "repeat", "other_", "combined", "same_kind"])
        }
        14 => {
            any_stacking(&|kind| {
                matches!(kind, StackingKind::Ladder { .. } | StackingKind::Exclusive { highest: true, .. })
            }) || in_group(&|kind| matches!(kind, StackingKind::Exclusive { highest: true, .. }))
        }
        15 => {
            any_stacking(&|kind| matches!(kind, StackingKind::Exclusive { .. }))
                || in_group(&|kind| matches!(kind, StackingKind::Exclusive { .. }))
                || reads(&["roles", "route", "class", "kind"])
        }
        16 => round(&|r| matches!(r, Round::ProRata)) || versions().any(|version| version.budget.is_some()),
        17 => round(&|r| matches!(r, Round::Tiers { .. })),
        18 => {
            versions().any(|version| version.budget.as_ref().is_some_and(|budget| !budget.shared_with.is_empty()))
                || in_group(&|kind| matches!(kind, StackingKind::Pool { .. }))
        }
        19 => {
            round(&|r| matches!(r, Round::Rank { .. } | Round::Quota { .. }))
                || versions().any(|version| version.award.kind == AwardKind::Nomination)
        }
        20 => round(&|r| matches!(r, Round::Grades { .. })) || reads(&["review."]),
        21 => node(&|n| matches!(n, Node::Add(..))) && node(&|n| matches!(n, Node::Compare(..))),
        22 => node(&|n| matches!(n, Node::Max(_))),
        23 => node(&|n| matches!(n, Node::Or(_))),
        24 => {
            let years = |id: NodeId| matches!(program.arena.get(id), Node::Slot(slot) if program.slots.get(*slot as usize).is_some_and(|slot| slot.year.is_some()));
            program.computes(ir).into_iter().any(years)
                || node(&|n| matches!(n, Node::AddMonths(..) | Node::YearOf(_) | Node::MonthsBetween(..) | Node::On))
                || dates_compared(ir, program)
        }
        26 => versions().any(|version| !version.award.payout.is_empty()),
        27 => round(&|r| matches!(r, Round::Tournament { .. })),
        28 => {
            versions().any(|version| version.procedure.as_ref().is_some_and(|procedure| procedure.redemption.is_some()))
        }
        29 => node(&|n| matches!(n, Node::Listed { .. })),
        30 => reads(&["related", "equity", "relation", "independ", "control"]),
        36 => {
            measure.versions.len() >= 2
                || versions().any(|version| version.in_force.from().is_none_or(|from| from != version.known_from))
                || node(&|n| matches!(n, Node::Compare(..)))
        }
        37 => versions().any(|version| {
            version.in_force.from().is_some_and(|from| from != version.known_from) || version.in_force.to().is_some()
        }),
        38 => versions().any(|version| version.status != Status::InForce || version.in_force.to().is_some()),
        39 => node(&|n| matches!(n, Node::Aggregate { .. })),
        40 => measure.applies_to == crate::ast::AppliesTo::Person || reads(&["person.", "leader", "born", "staff."]),
        41 => versions().any(|version| version.award.kind != AwardKind::Money),
        42 => node(&|n| matches!(n, Node::Add(..) | Node::Mul(..))),
        43 => node(&|n| matches!(n, Node::Min(_))) || versions().any(|version| !version.award.limits.is_empty()),
        44 => node(&|n| matches!(n, Node::Discretion(..) | Node::Review(_))),
        45 => false,
        46 => {
            versions().any(|version| version.procedure.as_ref().is_some_and(|procedure| procedure.kind != "unstated"))
        }
        _ => true,
    }
}

fn round_has_floor(round: Option<&Round>) -> bool {
    matches!(round, Some(Round::Tiers { .. }))
}

fn has_min(expr: &Expr) -> bool {
    let mut found = false;
    expr.walk(&mut |part| {
        found |= match &part.kind {
            ExprKind::Call(name, ..) => name == "min",
            ExprKind::UpTo(_) => true,
            _ => false,
        };
    });
    found
}

fn dates_compared(ir: &MeasureIr, program: &Program) -> bool {
    program.computes(ir).into_iter().any(|id| match program.arena.get(id) {
        Node::Slot(slot) => program
            .slots
            .get(*slot as usize)
            .and_then(|slot| program.vocabulary.facts.get(slot.fact))
            .is_some_and(|fact| fact.ty == crate::vocabulary::Type::Date),
        Node::Field { record, field } => program
            .vocabulary
            .records
            .get(*record as usize)
            .and_then(|record| record.fields.get(*field as usize))
            .is_some_and(|field| field.ty == crate::vocabulary::Type::Date),
        _ => false,
    })
}
