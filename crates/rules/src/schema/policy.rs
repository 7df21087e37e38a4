//! The five kinds of file of a catalogue.

use serde_json::{Value, json};

use super::build::{choice, described, file, flag, list, map, object, of, one_or_list, pattern, scalar, shared};
use super::{condition, version};

/// The schema of a file under `catalogue/`: a document, measure, group, list or target, as its first key says.
#[must_use]
pub fn policy() -> Value {
    let mut definitions = shared();
    definitions.extend([
        ("document", document()),
        ("measure", measure()),
        ("group", group()),
        ("list", dated_list()),
        ("target", target()),
        ("features", features()),
        ("case", case()),
    ]);
    definitions.extend(condition::definitions());
    definitions.extend(version::definitions());
    // a measure, group, list or target also names its document: that key decides last
    let body = ["measure", "group", "list", "target"]
        .into_iter()
        .rev()
        .fold(of("document"), |rest, kind| json!({ "if": { "required": [kind] }, "then": of(kind), "else": rest }));
    file(
        "Kapok policy file",
        "A file of a policy catalogue: a document, measure, group, list or target, as its first key says. See docs/rules.md.",
        body,
        definitions,
    )
}

fn document() -> Value {
    described(
        "An issuing document",
        object(
            &["document", "title", "issuer", "level", "place"],
            vec![
                ("document", described("Its id", of("id"))),
                ("title", described("Its title", of("text"))),
                ("number", described("Its number, where one was seen", scalar())),
                ("issuer", described("Who issued it", of("text"))),
                (
                    "level",
                    described(
                        "The level of the issuer",
                        choice(&["national", "province", "city", "district", "press"]),
                    ),
                ),
                ("place", described("A place id, such as `shenzhen`", scalar())),
                ("published", described("When, where seen", of("date"))),
                ("url", described("Government, national press or well-known media only", pattern("^https?://"))),
                (
                    "confidence",
                    described(
                        "primary: official text seen; secondary: repost or press; partial",
                        choice(&["primary", "secondary", "partial"]),
                    ),
                ),
                ("note", described("What the source leaves open", of("text"))),
            ],
        ),
    )
}

fn measure() -> Value {
    described(
        "One clause with its own conditions and benefit",
        object(
            &["measure", "name", "document", "topic", "applies_to", "versions"],
            vec![
                ("measure", described("Its id", of("id"))),
                ("name", described("Its name", of("text"))),
                ("document", described("The id of the issuing document", scalar())),
                ("clause", described("The clause", scalar())),
                ("topic", described("A code of the list `topic`", scalar())),
                ("applies_to", described("Who can apply", choice(&["organisation", "person"]))),
                ("tags", described("Names that other measures' stacking rules may refer to", one_or_list(&scalar()))),
                ("features", of("features")),
                ("note", described("What the source leaves open", of("text"))),
                ("versions", version::versions()),
                (
                    "example",
                    described(
                        "The party that the cases start from: facts, record lists, `on`",
                        json!({ "type": "object" }),
                    ),
                ),
                ("cases", described("Examples that are run as tests", list(of("case")))),
            ],
        ),
    )
}

fn group() -> Value {
    described(
        "Rules over several measures",
        object(
            &["group", "name", "document", "known_from"],
            vec![
                ("group", described("Its id", of("id"))),
                ("name", described("Its name", of("text"))),
                ("document", described("The id of the issuing document", scalar())),
                ("clause", described("The clause", scalar())),
                ("in_force", described("When it applies", of("period"))),
                ("known_from", described("When it was published", of("date"))),
                ("rules", described("The rules", list(of("stacking")))),
                ("features", of("features")),
                ("note", described("What the source leaves open", of("text"))),
            ],
        ),
    )
}

fn dated_list() -> Value {
    described(
        "A dated list",
        object(
            &["list", "name", "document"],
            vec![
                ("list", described("Its id", of("id"))),
                ("name", described("Its name", of("text"))),
                ("document", described("The id of the issuing document", scalar())),
                ("complete", described("Whether a member that is not found is surely absent", flag())),
                ("entries", described("The members", list(of("entry")))),
                ("note", of("remark")),
                ("features", of("features")),
            ],
        ),
    )
}

fn target() -> Value {
    let aim = object(
        &["what", "at_least"],
        vec![
            ("what", described("What is aimed at", of("text"))),
            ("at_least", described("How much", scalar())),
            ("stretch", described("How much at best", scalar())),
            ("by", described("By when", scalar())),
            ("note", of("remark")),
        ],
    );
    described(
        "Aims of a plan; they entitle nobody",
        object(
            &["target", "name", "document"],
            vec![
                ("target", described("Its id", of("id"))),
                ("name", described("Its name", of("text"))),
                ("document", described("The id of the issuing document", scalar())),
                ("by", described("By when", of("date"))),
                ("targets", described("The aims", list(aim))),
                ("features", of("features")),
                ("note", of("remark")),
            ],
        ),
    )
}

fn features() -> Value {
    let number =
        json!({ "type": ["integer", "string"], "minimum": 1, "maximum": 46, "pattern": "^([1-9]|[1-3][0-9]|4[0-6])$" });
    described("Rows of the feature list that it uses; `kapok policy features` lists them", one_or_list(&number))
}

fn case() -> Value {
    let names = || one_or_list(&scalar());
    let amount =
        || json!({ "anyOf": [scalar(), { "type": "array", "items": scalar(), "minItems": 2, "maxItems": 2 }] });
    let outcomes = ["eligible", "not_eligible", "undetermined", "needs_person"];
    let reasons = [
        "draft",
        "closed",
        "not_yet_in_force",
        "expired",
        "gap",
        "window_not_open",
        "window_closed",
        "not_yet_known",
        "other_party",
        "none",
    ];
    let expect = object(
        &[],
        vec![
            ("outcome", described("The outcome", choice(&outcomes))),
            ("would_be", described("What the rule itself says, whether or not it can pay", choice(&outcomes))),
            ("amount", described("One value, or [least, most]; `unbounded` for no upper end", amount())),
            ("failing", described("Ids of the conditions that fail", list(scalar()))),
            ("missing", described("Facts to ask, in order", list(scalar()))),
            ("open", described("Reviews that are open", list(scalar()))),
            ("reason", described("Why it cannot pay at this date", choice(&reasons))),
            ("conflict", described("The amount if the reported conflict binds; `none` without one", amount())),
            ("payout", described("The parts in time", list(amount()))),
        ],
    );
    described(
        "An example that is run as a test",
        object(
            &["name", "expect"],
            vec![
                ("name", described("What it shows", scalar())),
                ("on", described("The date whose law applies", of("date"))),
                ("known_on", described("The date as known on", of("date"))),
                (
                    "with",
                    described(
                        "Facts, record lists, lists and decisions that replace those of `example`",
                        map(json!({})),
                    ),
                ),
                ("given", described("The same, starting from nothing instead of `example`", map(json!({})))),
                ("without", described("Facts that become unknown", names())),
                ("expect", described("What is expected; what is left out is not compared", expect)),
                ("note", of("remark")),
            ],
        ),
    )
}
