//! A version of a measure: award, rules between measures, round, budget, procedure.

use serde_json::{Value, json};

use super::build::{Def, choice, described, flag, list, map, object, of, one_or_list, pattern, scalar, some};

pub(super) fn definitions() -> Vec<Def> {
    vec![
        ("version", version()),
        ("award", award()),
        ("stacking", stacking()),
        ("references", described("Measures: ids, or `tag:NAME`", one_or_list(&scalar()))),
        ("round", round()),
        ("budget", budget()),
        ("procedure", procedure()),
        ("quantity", described("An amount with its unit, such as `12 months`", pattern(r"^\s*-?[0-9０-９].*\D\s*$"))),
        ("remark", described("A remark", json!({}))),
    ]
}

fn version() -> Value {
    described(
        "The measure as it stands for a period",
        object(
            &["known_from", "award"],
            vec![
                ("in_force", described("When it applies", of("period"))),
                ("known_from", described("When it was published", of("date"))),
                (
                    "status",
                    described(
                        "Whether it can pay; drafts and closed plans never do",
                        choice(&["in_force", "draft", "closed"]),
                    ),
                ),
                ("let", described("Named values and tables", map(json!({ "anyOf": [of("table"), of("formula")] })))),
                ("eligible", described("Conditions on the party", of("conditions"))),
                (
                    "each",
                    described(
                        "One award for each record",
                        object(
                            &["record"],
                            vec![
                                ("record", described("The record's name, such as `contract`", scalar())),
                                ("where", described("Conditions on the record", of("conditions"))),
                            ],
                        ),
                    ),
                ),
                ("award", of("award")),
                ("stacking", described("Rules between this measure and others", list(of("stacking")))),
                ("round", of("round")),
                ("budget", of("budget")),
                ("procedure", of("procedure")),
                ("note", of("remark")),
            ],
        ),
    )
}

fn award() -> Value {
    let limit = object(
        &["at_most"],
        vec![
            (
                "per",
                described(
                    "What it is counted over: a record, `org`, `person`, `year`, `lifetime`",
                    one_or_list(&scalar()),
                ),
            ),
            ("at_most", described("The cap", of("formula"))),
            ("cite", described("The clause", scalar())),
            ("note", of("remark")),
        ],
    );
    let part = object(
        &["amount", "when"],
        vec![
            ("amount", described("A formula over `award`, or `rest`", of("formula"))),
            ("when", described("When it is paid", of("text"))),
            ("note", of("remark")),
        ],
    );
    let kinds = ["money", "months", "days", "area", "card_hours", "rent_factor", "status", "nomination", "tax_base"];
    described(
        "The benefit",
        object(
            &["kind"],
            vec![
                ("kind", described("The kind of benefit", choice(&kinds))),
                ("amount", described("How much", of("formula"))),
                ("open", described("What is left to a person; needed where the amount has discretion", of("text"))),
                ("at_least", described("A floor: never less", of("formula"))),
                ("refuse_below", described("An award below is not made", of("formula"))),
                ("round", described("Rounding, such as `down to 1 CNY`", pattern("^(down|up|nearest) +to .+$"))),
                ("gives", described("For a status: a code of the list `status`", scalar())),
                ("valid", described("How long a status or voucher is valid", of("quantity"))),
                ("cite", described("The clause", scalar())),
                ("limits", described("Caps", list(limit))),
                ("payout", described("Parts in time", list(part))),
                ("note", of("remark")),
            ],
        ),
    )
}

fn stacking() -> Value {
    let form = |key: &'static str, own: Vec<(&'static str, Value)>| {
        let mut keys = own;
        keys.extend([
            ("cite", described("The clause", scalar())),
            ("label", described("What readers see", of("text"))),
            ("note", of("remark")),
        ]);
        object(&[key], keys)
    };
    let over = || ("over", described("The measures that count", of("references")));
    let received = || ("received", described("What was paid before and counts", of("formula")));
    let per = || ("per", described("What it is counted over", one_or_list(&scalar())));
    let forms = vec![
        form("exclusive", vec![("exclusive", described("At most one of this and those", of("references")))]),
        form("highest", vec![("highest", described("At most one, and the higher one is paid", of("references")))]),
        form(
            "ladder",
            vec![("ladder", described("The ladder's name: a higher step pays the difference", scalar())), received()],
        ),
        form(
            "ceiling",
            vec![
                ("ceiling", described("All support for the same money stays under this", of("formula"))),
                over(),
                received(),
                ("own", described("Whether it binds the measure's own amount", choice(&["counts", "unclear"]))),
            ],
        ),
        form("permits", vec![("permits", described("May be taken together with these", of("references")))]),
        form("cap", vec![("cap", described("A cap shared by measures", of("formula"))), over(), received(), per()]),
        form("pool", vec![("pool", described("A budget shared by measures", of("formula"))), over(), per()]),
    ];
    described("A rule between measures", json!({ "anyOf": forms }))
}

fn round() -> Value {
    let form = |kind: &str, required: &[&str], own: Vec<(&'static str, Value)>| {
        let mut keys = vec![("kind", json!({ "const": kind }))];
        keys.extend(own);
        keys.extend([("cite", described("The clause", scalar())), ("note", of("remark"))]);
        let required: Vec<&str> = std::iter::once("kind").chain(required.iter().copied()).collect();
        object(&required, keys)
    };
    let by = || ("by", described("What is compared, the greatest first", of("formula")));
    let place = object(
        &["to", "amount"],
        vec![
            ("to", described("Up to which place", pattern("^[0-9]+$"))),
            ("amount", described("How much", of("formula"))),
        ],
    );
    let grade = object(
        &["name", "amount"],
        vec![
            ("name", described("The grade", scalar())),
            ("from", described("The least score; left out where it was not published", of("formula"))),
            ("amount", described("How much", of("formula"))),
        ],
    );
    let forms = vec![
        form("rank", &["by"], vec![by(), ("places", described("Amounts by place", list(place)))]),
        form("grades", &[], vec![by(), ("grades", described("Amounts by grade", list(grade)))]),
        form(
            "tiers",
            &["tiers", "floor", "cap"],
            vec![
                ("tiers", described("How many", pattern("^[0-9]+$"))),
                ("floor", described("The least", of("formula"))),
                ("cap", described("The most", of("formula"))),
            ],
        ),
        form("quota", &["places"], vec![("places", described("How many", pattern("^[0-9]+$"))), by()]),
        form("pro_rata", &[], Vec::new()),
        form("tournament", &["checkpoint"], vec![("checkpoint", described("Time to the check", of("quantity")))]),
    ];
    described("How an amount is settled over all applicants", json!({ "anyOf": forms }))
}

fn budget() -> Value {
    described(
        "The budget",
        object(
            &[],
            vec![
                ("per", described("For what time", choice(&["year", "total", "call"]))),
                ("at_most", described("How much, where stated", of("formula"))),
                ("shared_with", described("Measures that share it", of("references"))),
                (
                    "when_short",
                    described(
                        "What happens when it is short",
                        choice(&["pro_rata", "first_come", "ranked", "unstated"]),
                    ),
                ),
                ("note", of("remark")),
                ("cite", described("The clause", scalar())),
            ],
        ),
    )
}

fn procedure() -> Value {
    let redemption = object(
        &[],
        vec![
            ("paid_to", described("Who is paid", choice(&["applicant", "provider"]))),
            ("valid", described("How long it is valid", of("quantity"))),
            ("transferable", described("Whether it can be passed on", flag())),
            ("note", of("remark")),
        ],
    );
    described(
        "How to apply",
        object(
            &[],
            vec![
                (
                    "kind",
                    described(
                        "The kind of process",
                        choice(&["approval", "review", "special", "no_application", "instant", "pool"]),
                    ),
                ),
                ("window", described("When applications are taken", of("period"))),
                ("documents", described("Documents to bring", list(of("text")))),
                ("notice", described("Public notice, such as `5 working days`", pattern("^[0-9]+ working days?$"))),
                ("redemption", described("How a voucher is redeemed", redemption)),
                ("note", of("remark")),
            ],
        ),
    )
}

/// Versions of a measure: at least one.
pub(super) fn versions() -> Value {
    described("Versions, each for a period", some(of("version")))
}
