//! Sentences that say why: why a measure cannot pay, why a version was chosen, what a condition lacks.

use super::Assessment;
use crate::Lang;
use crate::assess::{Assessed, Reason, Shortfall};
use crate::ast::{Measure, Version};
use crate::diag::Text;
use crate::vocabulary::Type;
use crate::words::number;

/// Why a measure cannot pay at a date.
pub(super) fn why_not(reason: Reason, written: Option<&Version>) -> Text {
    let period = |period: Option<domain::Period>| {
        let (from, to) = (period.and_then(domain::Period::from), period.and_then(domain::Period::to));
        let zh = match (from, to) {
            (Some(from), Some(to)) => format!("{}至{}", from.zh(), to.zh()),
            (Some(from), None) => format!("自{}起", from.zh()),
            (None, Some(to)) => format!("至{}止", to.zh()),
            (None, None) => "起止日期来源未载".to_owned(),
        };
        let en = match (from, to) {
            (Some(from), Some(to)) => format!("from {from} to {to}"),
            (Some(from), None) => format!("from {from}"),
            (None, Some(to)) => format!("until {to}"),
            (None, None) => "dates not stated by the source".to_owned(),
        };
        (zh, en)
    };
    let in_force = || period(written.map(|version| version.in_force));
    let window =
        || period(written.and_then(|version| version.procedure.as_ref()).and_then(|procedure| procedure.window));
    match reason {
        Reason::Draft => Text::new("征求意见稿，不产生待遇", "a draft for comment; it entitles nobody"),
        Reason::Closed => {
            let (zh, en) = in_force();
            Text::new(format!("该计划已结束，不再兑付({zh})"), format!("the plan is closed and no longer pays ({en})"))
        }
        Reason::NotYetInForce => {
            let (zh, en) = in_force();
            Text::new(format!("尚未生效：有效期{zh}"), format!("not in force yet: it applies {en}"))
        }
        Reason::Expired => {
            let (zh, en) = in_force();
            Text::new(format!("已失效：有效期{zh}"), format!("no longer in force: it applied {en}"))
        }
        Reason::Gap => {
            let (zh, en) = in_force();
            Text::new(
                format!("处于两个版本之间的空档：上一版本{zh}"),
                format!("between two versions: the earlier one applied {en}"),
            )
        }
        Reason::WindowNotOpen => {
            let (zh, en) = window();
            Text::new(format!("申报尚未开始：受理期{zh}"), format!("applications have not opened: they are taken {en}"))
        }
        Reason::WindowClosed => {
            let (zh, en) = window();
            Text::new(format!("申报已截止：受理期{zh}"), format!("applications are closed: they were taken {en}"))
        }
        Reason::NotYetKnown => Text::new("在所设的知悉日期尚未公布", "not published by the date as known on"),
        Reason::OtherParty => Text::new("不适用于此类主体", "it is not for this kind of party"),
    }
}

/// Why a version was chosen.
pub(super) fn why_version(
    assessment: &Assessment<'_>,
    source: &Measure,
    assessed: &Assessed,
    written: &Version,
) -> Text {
    let dates = assessment.bound.dates;
    let known = source.versions.iter().filter(|version| version.known_from <= dates.known_on).count();
    let stated = written.in_force.from().is_some();
    let unstated = if stated {
        ("", "")
    } else {
        ("；来源未载生效日期", "; the source does not state when it took effect")
    };
    if assessed.chosen.reason.is_some() && !written.in_force.contains(dates.on) {
        return Text::new(
            "申请日没有有效版本，此为最接近的版本",
            "no version is in force on the date; this is the nearest one",
        );
    }
    Text::new(
        format!(
            "截至{}已公布{known}个版本，此版本于{}公布并在{}有效{}",
            dates.known_on.zh(),
            written.known_from.zh(),
            dates.on.zh(),
            unstated.0
        ),
        format!(
            "{known} version(s) published by {}; this one, published {}, is in force on {}{}",
            dates.known_on, written.known_from, dates.on, unstated.1
        ),
    )
}

/// What a condition lacks.
pub(super) fn shortfall(lack: &Shortfall) -> Text {
    let show = |value: i128, lang| number(value, lack.ty, lang);
    let gap = (lack.needed - lack.actual).abs();
    let (zh, en) = if lack.ty == Type::Date {
        (
            format!(
                "实际为{}，应{}{}",
                show(lack.actual, Lang::Zh),
                if lack.too_much { "不晚于" } else { "不早于" },
                show(lack.needed, Lang::Zh)
            ),
            format!(
                "it is {}, needed {} {}",
                show(lack.actual, Lang::En),
                if lack.too_much { "by" } else { "from" },
                show(lack.needed, Lang::En)
            ),
        )
    } else if lack.too_much {
        (
            format!("实际{}，超出{}", show(lack.actual, Lang::Zh), show(gap, Lang::Zh)),
            format!("it is {}, {} too much", show(lack.actual, Lang::En), show(gap, Lang::En)),
        )
    } else if gap == 0 {
        (
            format!("实际{}，须超过此数", show(lack.actual, Lang::Zh)),
            format!("it is {}, and must be more than that", show(lack.actual, Lang::En)),
        )
    } else {
        (
            format!("实际{}，还差{}", show(lack.actual, Lang::Zh), show(gap, Lang::Zh)),
            format!("it is {}, {} short", show(lack.actual, Lang::En), show(gap, Lang::En)),
        )
    };
    match lack.numerator {
        Some((more, ty)) if more > 0 => Text::new(
            format!("{zh}；再增加{}即可", number(more, ty, Lang::Zh)),
            format!("{en}; {} more would do", number(more, ty, Lang::En)),
        ),
        _ => Text::new(zh, en),
    }
}
