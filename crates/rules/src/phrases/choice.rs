//! What readers call the choices that files write as codes.

use crate::assess::Reason;
use crate::ast::{AppliesTo, AwardKind, Hit, Status};
use crate::diag::Text;

/// Who can apply.
#[must_use]
pub fn applies_to(kind: AppliesTo) -> Text {
    match kind {
        AppliesTo::Organisation => Text::new("单位", "organisations"),
        AppliesTo::Person => Text::new("个人", "persons"),
    }
}

/// Whether a version can pay.
#[must_use]
pub fn status(status: Status) -> Text {
    match status {
        Status::InForce => Text::new("有效", "in force"),
        Status::Draft => Text::new("征求意见稿，不兑付", "a draft for comment, which never pays"),
        Status::Closed => Text::new("已结束，不再兑付", "closed, which no longer pays"),
    }
}

/// The kind of a benefit.
#[must_use]
pub fn award_kind(kind: AwardKind) -> Text {
    let (zh, en) = match kind {
        AwardKind::Money => ("资金", "money"),
        AwardKind::Months => ("月数", "months"),
        AwardKind::Days => ("天数", "days"),
        AwardKind::Area => ("面积", "floor area"),
        AwardKind::CardHours => ("算力卡时", "card-hours of compute"),
        AwardKind::RentFactor => ("按市场租金的比例计租", "a share of the market rent to pay"),
        AwardKind::Status => ("资质认定", "a status"),
        AwardKind::Nomination => ("推荐名额", "nominations"),
        AwardKind::TaxBase => ("税前扣除额", "a deduction from the tax base"),
    };
    Text::new(zh, en)
}

pub(crate) fn hit(hit: Hit) -> Text {
    let (zh, en) = match hit {
        Hit::First => ("取最先符合的一行", "the first row that holds"),
        Hit::Unique => ("恰有一行符合", "the one row that holds"),
        Hit::Highest => ("符合的各行取最高", "the highest of the rows that hold"),
        Hit::Sum => ("符合的各行相加", "the sum of the rows that hold"),
        Hit::Marginal => ("分段累进，每段按各自的比例", "each slice at its own rate"),
    };
    Text::new(zh, en)
}

/// The kind of a process by its code.
#[must_use]
pub fn procedure(kind: &str) -> Text {
    let (zh, en) = match kind {
        "approval" => ("核准", "approval: whoever meets the conditions is paid"),
        "review" => ("评审", "review"),
        "special" => ("一事一议", "decided case by case"),
        "no_application" => ("免申即享", "no application needed"),
        "instant" => ("即申即享", "paid at once on application"),
        "pool" => ("入库管理", "admission to a pool"),
        other => return Text::same(other),
    };
    Text::new(zh, en)
}

/// Who settles a question, by the code.
#[must_use]
pub fn reviewer(by: &str) -> Text {
    let (zh, en) = match by {
        "officer" => ("审查人员", "an officer"),
        "expert" => ("专家", "an expert"),
        "panel" => ("评审组", "a panel"),
        "authority" => ("主管部门", "the authority"),
        other => return Text::same(other),
    };
    Text::new(zh, en)
}

pub(crate) fn paid_to(whom: &str) -> Text {
    match whom {
        "provider" => Text::new("服务机构", "the provider"),
        "applicant" => Text::new("申请人", "the applicant"),
        other => Text::same(other),
    }
}

pub(crate) fn budget_per(per: &str) -> Text {
    let (zh, en) = match per {
        "year" => ("每年", "per year"),
        "total" => ("总计", "in total"),
        "call" => ("每批次", "per call"),
        other => return Text::same(other),
    };
    Text::new(zh, en)
}

pub(crate) fn when_short(rule: &str) -> Text {
    let (zh, en) = match rule {
        "pro_rata" => ("预算不足时按比例核减", "cut in proportion when the budget is short"),
        "first_come" => ("先到先得", "first come, first served"),
        "ranked" => ("预算不足时按排名", "by rank when the budget is short"),
        _ => ("预算不足时如何处理未载明", "what happens when the budget is short is not stated"),
    };
    Text::new(zh, en)
}

/// A level of government by its code.
#[must_use]
pub fn level(level: &str) -> Text {
    let (zh, en) = match level {
        "national" => ("国家级", "national"),
        "province" => ("省级", "provincial"),
        "city" => ("市级", "city"),
        "district" => ("区级", "district"),
        "press" => ("报刊", "press"),
        other => return Text::same(other),
    };
    Text::new(zh, en)
}

/// How surely a source was seen, by its code.
#[must_use]
pub fn confidence(grade: &str) -> Text {
    let (zh, en) = match grade {
        "primary" => ("已见官方文本", "official text seen"),
        "secondary" => ("据转载或报道", "from a repost or the press"),
        "partial" => ("只见到部分内容", "only a part was seen"),
        other => return Text::same(other),
    };
    Text::new(zh, en)
}

/// Why a measure cannot pay at a date.
#[must_use]
pub fn reason(reason: Reason) -> Text {
    let (zh, en) = match reason {
        Reason::Draft => ("征求意见稿", "a draft"),
        Reason::Closed => ("已结束", "closed"),
        Reason::NotYetInForce => ("尚未生效", "not in force yet"),
        Reason::Expired => ("已失效", "no longer in force"),
        Reason::Gap => ("处于两个版本之间的空档", "between two versions"),
        Reason::WindowNotOpen => ("申报尚未开始", "applications have not opened"),
        Reason::WindowClosed => ("申报已截止", "applications are closed"),
        Reason::NotYetKnown => ("当时尚未公布", "not published by then"),
        Reason::OtherParty => ("不适用于此类主体", "not for this kind of party"),
    };
    Text::new(zh, en)
}

/// The same by its code; the code itself where there is no such reason.
pub(crate) fn reason_code(code: &str) -> Text {
    let all = [
        Reason::Draft,
        Reason::Closed,
        Reason::NotYetInForce,
        Reason::Expired,
        Reason::Gap,
        Reason::WindowNotOpen,
        Reason::WindowClosed,
        Reason::NotYetKnown,
        Reason::OtherParty,
    ];
    all.into_iter().find(|reason| reason.code() == code).map_or_else(|| Text::same(code), reason)
}
