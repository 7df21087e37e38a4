//! Measures and their versions.

use domain::{Money, Period, Quantity};

use super::condition::conditions;
use super::reader::{Reader, check_keys};
use super::shared::{at, id};
use super::stacking::{features, references, stacking};
use super::table::let_body;
use crate::ast::{
    AppliesTo, Award, AwardKind, Budget, Each, Limit, Measure, Payout, Procedure, Redemption, Round, RoundMode,
    Rounding, Status, Version,
};
use crate::diag::Diagnostic;
use crate::lexer::{is_name, is_name_start};
use crate::yaml::Node;

pub(super) fn measure(reader: &mut Reader, root: &Node) -> Option<Measure> {
    check_keys(
        reader,
        root,
        &[
            "measure",
            "name",
            "document",
            "clause",
            "topic",
            "applies_to",
            "tags",
            "features",
            "note",
            "versions",
            "example",
            "cases",
        ],
    );
    let applies_to =
        reader.choice(root, "applies_to", &[("organisation", AppliesTo::Organisation), ("person", AppliesTo::Person)]);
    if applies_to.is_none() && root.get("applies_to").is_none() {
        reader.required(root, "applies_to");
    }
    let versions: Vec<Version> = root
        .get("versions")
        .and_then(Node::seq)
        .unwrap_or_default()
        .iter()
        .filter_map(|node| version(reader, node))
        .collect();
    if root.get("versions").and_then(Node::seq).is_none_or(<[Node]>::is_empty) {
        reader.error(
            "E0330",
            root.span,
            "措施至少要有一个版本(versions)",
            "a measure needs at least one version under `versions`",
        );
    }
    Some(Measure {
        id: id(reader, root, "measure"),
        name: reader.text(root, "name"),
        document: reader.required(root, "document"),
        clause: reader.word(root, "clause"),
        topic: reader.required(root, "topic"),
        applies_to: applies_to.unwrap_or(AppliesTo::Organisation),
        tags: reader.words(root, "tags").into_iter().map(|(word, _)| word).collect(),
        features: features(reader, root),
        note: reader.text_opt(root, "note"),
        versions,
        example: root.get("example").cloned(),
        cases: root.get("cases").and_then(Node::seq).unwrap_or_default().to_vec(),
        root: root.clone(),
        at: at(reader, root),
    })
}

fn version(reader: &mut Reader, node: &Node) -> Option<Version> {
    check_keys(
        reader,
        node,
        &[
            "in_force",
            "known_from",
            "status",
            "let",
            "eligible",
            "each",
            "award",
            "stacking",
            "round",
            "budget",
            "procedure",
            "note",
        ],
    );
    let in_force = node.get("in_force").map_or(Period::ALWAYS, |n| reader.period(n));
    let Some(known_from) = reader.date(node, "known_from") else {
        reader.required(node, "known_from");
        return None;
    };
    let mut lets = Vec::new();
    for (key, body) in node.get("let").and_then(Node::map).unwrap_or_default() {
        let name = key.text().unwrap_or_default();
        let mut chars = name.chars();
        if !chars.next().is_some_and(is_name_start) || !chars.all(|c| is_name(c) && c != '.') {
            reader.error("E0332", key.span, format!("名称 `{name}` 有误"), format!("`{name}` is not a name"));
        }
        if let Some(body) = let_body(reader, body) {
            lets.push((name.to_owned(), key.span, body));
        }
    }
    let each = node.get("each").map(|each| {
        check_keys(reader, each, &["record", "where"]);
        Each {
            record: reader.required(each, "record"),
            conditions: each.get("where").map(|n| conditions(reader, n)).unwrap_or_default(),
            span: each.span,
        }
    });
    let Some(award_node) = node.get("award") else {
        reader.required(node, "award");
        return None;
    };
    Some(Version {
        in_force,
        known_from,
        status: reader
            .choice(
                node,
                "status",
                &[("in_force", Status::InForce), ("draft", Status::Draft), ("closed", Status::Closed)],
            )
            .unwrap_or(Status::InForce),
        lets,
        eligible: node.get("eligible").map(|n| conditions(reader, n)).unwrap_or_default(),
        each,
        award: award(reader, award_node),
        stacking: node
            .get("stacking")
            .and_then(Node::seq)
            .unwrap_or_default()
            .iter()
            .filter_map(|n| stacking(reader, n))
            .collect(),
        round: node.get("round").and_then(|n| round(reader, n)),
        budget: node.get("budget").map(|n| budget(reader, n)),
        procedure: node.get("procedure").map(|n| procedure(reader, n)),
        span: node.span,
    })
}

fn award(reader: &mut Reader, node: &Node) -> Award {
    check_keys(
        reader,
        node,
        &[
            "kind",
            "amount",
            "open",
            "at_least",
            "refuse_below",
            "round",
            "gives",
            "valid",
            "cite",
            "limits",
            "payout",
            "note",
        ],
    );
    let kinds = [
        ("money", AwardKind::Money),
        ("months", AwardKind::Months),
        ("days", AwardKind::Days),
        ("area", AwardKind::Area),
        ("card_hours", AwardKind::CardHours),
        ("rent_factor", AwardKind::RentFactor),
        ("status", AwardKind::Status),
        ("nomination", AwardKind::Nomination),
        ("tax_base", AwardKind::TaxBase),
    ];
    if node.get("kind").is_none() {
        reader.required(node, "kind");
    }
    let mut limits = Vec::new();
    for limit in node.get("limits").and_then(Node::seq).unwrap_or_default() {
        check_keys(reader, limit, &["per", "at_most", "cite", "note"]);
        let per = reader.words(limit, "per").into_iter().map(|(word, _)| word).collect();
        match reader.formula_at(limit, "at_most") {
            Some(at_most) => limits.push(Limit { per, at_most, cite: reader.word(limit, "cite"), span: limit.span }),
            None if limit.get("at_most").is_none() => drop(reader.required(limit, "at_most")),
            None => {}
        }
    }
    let mut payout = Vec::new();
    for part in node.get("payout").and_then(Node::seq).unwrap_or_default() {
        check_keys(reader, part, &["amount", "when", "note"]);
        let rest = part.get("amount").and_then(Node::text) == Some("rest");
        let amount = if rest { None } else { reader.formula_at(part, "amount") };
        if rest || amount.is_some() {
            payout.push(Payout { amount, when: reader.text(part, "when") });
        }
    }
    let default = Rounding { mode: RoundMode::Down, unit: Money::from_fen(1) };
    Award {
        kind: reader.choice(node, "kind", &kinds).unwrap_or(AwardKind::Money),
        amount: reader.formula_at(node, "amount"),
        open: reader.text_opt(node, "open"),
        at_least: reader.formula_at(node, "at_least"),
        refuse_below: reader.formula_at(node, "refuse_below"),
        round: node.get("round").and_then(|n| rounding(reader, n)).unwrap_or(default),
        round_stated: node.get("round").is_some(),
        gives: reader.word(node, "gives"),
        valid: node.get("valid").and_then(|n| quantity(reader, n)),
        cite: reader.word(node, "cite"),
        limits,
        payout,
        span: node.span,
    }
}

fn quantity(reader: &mut Reader, node: &Node) -> Option<Quantity> {
    match Quantity::parse(node.text().unwrap_or_default()) {
        Ok(quantity) => Some(quantity),
        Err(error) => {
            reader.error("E0333", node.span, error.zh(), error.to_string());
            None
        }
    }
}

/// `down to 1 CNY`.
fn rounding(reader: &mut Reader, node: &Node) -> Option<Rounding> {
    let text = node.text().unwrap_or_default();
    let parsed = text.split_once(" to ").and_then(|(mode, unit)| {
        let mode = match mode.trim() {
            "down" => RoundMode::Down,
            "up" => RoundMode::Up,
            "nearest" => RoundMode::Nearest,
            _ => return None,
        };
        Money::parse(unit.trim()).ok().filter(|unit| unit.fen() > 0).map(|unit| Rounding { mode, unit })
    });
    if parsed.is_none() {
        reader.push(
            Diagnostic::error(
                "E0334",
                node.span,
                format!("取整方式 `{text}` 有误"),
                format!("`{text}` is not a rounding rule"),
            )
            .hint("例如 down to 1 CNY、nearest to 0.01 CNY", "for example `down to 1 CNY`, `nearest to 0.01 CNY`"),
        );
    }
    parsed
}

fn number(reader: &mut Reader, node: &Node, key: &str) -> u32 {
    let text = reader.required(node, key);
    text.parse().unwrap_or_else(|_| {
        let span = node.get(key).map_or(node.span, |n| n.span);
        reader.error("E0336", span, format!("`{key}` 应是整数"), format!("`{key}` must be a whole number"));
        0
    })
}

fn round(reader: &mut Reader, node: &Node) -> Option<Round> {
    let kinds = [("rank", 0), ("grades", 1), ("tiers", 2), ("quota", 3), ("pro_rata", 4), ("tournament", 5)];
    let kind = reader.choice(node, "kind", &kinds)?;
    let own: &[&str] = match kind {
        0 => &["by", "places"],
        1 => &["by", "grades"],
        2 => &["tiers", "floor", "cap"],
        3 => &["places", "by"],
        4 => &[],
        _ => &["checkpoint"],
    };
    let known: Vec<&str> = ["kind", "note", "cite"].iter().chain(own).copied().collect();
    check_keys(reader, node, &known);
    Some(match kind {
        0 => {
            let mut places = Vec::new();
            for place in node.get("places").and_then(Node::seq).unwrap_or_default() {
                check_keys(reader, place, &["to", "amount"]);
                let to = number(reader, place, "to");
                places.push((to, reader.formula_at(place, "amount")?));
            }
            Round::Rank { by: reader.formula_at(node, "by")?, places }
        }
        1 => {
            let mut grades = Vec::new();
            for grade in node.get("grades").and_then(Node::seq).unwrap_or_default() {
                check_keys(reader, grade, &["name", "from", "amount"]);
                grades.push((
                    reader.required(grade, "name"),
                    reader.formula_at(grade, "from"),
                    reader.formula_at(grade, "amount")?,
                ));
            }
            Round::Grades { by: reader.formula_at(node, "by"), grades }
        }
        2 => Round::Tiers {
            tiers: number(reader, node, "tiers"),
            floor: reader.formula_at(node, "floor")?,
            cap: reader.formula_at(node, "cap")?,
        },
        3 => Round::Quota { places: number(reader, node, "places"), by: reader.formula_at(node, "by") },
        4 => Round::ProRata,
        _ => Round::Tournament { checkpoint: node.get("checkpoint").and_then(|n| quantity(reader, n))? },
    })
}

fn budget(reader: &mut Reader, node: &Node) -> Budget {
    check_keys(reader, node, &["per", "at_most", "shared_with", "when_short", "note", "cite"]);
    let per = reader.choice(node, "per", &[("year", "year"), ("total", "total"), ("call", "call")]).unwrap_or("year");
    let short =
        [("pro_rata", "pro_rata"), ("first_come", "first_come"), ("ranked", "ranked"), ("unstated", "unstated")];
    Budget {
        per: per.to_owned(),
        at_most: reader.formula_at(node, "at_most"),
        shared_with: references(reader, node, "shared_with"),
        when_short: reader.choice(node, "when_short", &short).unwrap_or("unstated").to_owned(),
    }
}

fn procedure(reader: &mut Reader, node: &Node) -> Procedure {
    check_keys(reader, node, &["kind", "window", "documents", "notice", "redemption", "note"]);
    let kinds: Vec<(&str, &str)> =
        ["approval", "review", "special", "no_application", "instant", "pool"].map(|kind| (kind, kind)).to_vec();
    let notice = node.get("notice").and_then(|n| {
        let text = n.text().unwrap_or_default();
        let days = text
            .strip_suffix("working days")
            .or_else(|| text.strip_suffix("working day"))
            .and_then(|days| days.trim().parse().ok());
        if days.is_none() {
            reader.push(
                Diagnostic::error(
                    "E0337",
                    n.span,
                    format!("公示期 `{text}` 有误"),
                    format!("`{text}` is not a notice period"),
                )
                .hint("请写作 5 working days", "write `5 working days`"),
            );
        }
        days
    });
    let redemption = node.get("redemption").map(|n| {
        check_keys(reader, n, &["paid_to", "valid", "transferable", "note"]);
        Redemption {
            paid_to: reader
                .choice(n, "paid_to", &[("applicant", "applicant"), ("provider", "provider")])
                .unwrap_or("applicant")
                .to_owned(),
            valid: n.get("valid").and_then(|v| quantity(reader, v)),
            transferable: reader.flag(n, "transferable"),
        }
    });
    Procedure {
        kind: reader.choice(node, "kind", &kinds).unwrap_or("unstated").to_owned(),
        window: node.get("window").map(|n| reader.period(n)),
        documents: node
            .get("documents")
            .and_then(Node::seq)
            .unwrap_or_default()
            .iter()
            .map(|n| reader.text_of(n))
            .collect(),
        notice,
        redemption,
    }
}
