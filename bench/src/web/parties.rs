//! Made-up parties for the load: the demo companies with other numbers, dates and places, and with facts left out.

use std::path::Path;

use domain::{Date, Party};
use rules::bind::Dates;
use rules::ir::Program;
use rules::report::{Assessment, Report, Summary};
use rules::yaml::{Kind, MAX_PARTY_BYTES, Node};
use serde_json::{Map, Value, json};

/// The date that is asked about.
const ON: &str = "2026-05-20";

/// Facts that are left out, in per cent.
const LEFT_OUT: u64 = 12;

/// Places that the parties are moved to.
const PLACES: [&str; 6] = ["nanshan", "longgang", "shenzhen", "guangzhou", "beijing", "hangzhou"];

/// Which answer is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// Outcomes, amounts and the first reasons.
    Summary,
    /// Every reason.
    Full,
}

/// A party with what is sent about it.
pub(super) struct Case {
    party: Party,
    /// The party as the API wants it.
    json: Value,
}

impl Case {
    /// The body of a request.
    pub(super) fn body(&self, detail: Detail) -> Vec<u8> {
        let detail = match detail {
            Detail::Summary => "summary",
            Detail::Full => "full",
        };
        json!({ "party": self.json, "on": ON, "detail": detail }).to_string().into_bytes()
    }

    /// Whether an answer says exactly what the rules say.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn check(&self, program: &Program, detail: Detail, answer: &[u8]) -> Result<(), String> {
        let on = Date::parse(ON).map_err(|error| error.to_string())?;
        let assessment = Assessment::new(program, &self.party, Dates { on, known_on: on }, &|_| true);
        let unreadable = |error: serde_json::Error| format!("the answer cannot be read: {error}");
        let same = match detail {
            Detail::Summary => {
                serde_json::from_slice::<Summary<'_>>(answer).map_err(unreadable)? == assessment.summary()
            }
            Detail::Full => serde_json::from_slice::<Report>(answer).map_err(unreadable)? == assessment.report(),
        };
        if same { Ok(()) } else { Err("the answer is not what the rules say".to_owned()) }
    }
}

/// So many parties, the same on every run.
///
/// # Errors
/// A demo company cannot be read, or what is made of it is no party.
pub(super) fn draw(root: &Path, program: &Program, count: usize) -> Result<Vec<Case>, String> {
    let mut bases = Vec::new();
    for name in ["ai-startup", "robot-maker", "little-known"] {
        let file = root.join(format!("demo/companies/{name}.yaml"));
        let text = std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let tree = rules::yaml::parse(&text, MAX_PARTY_BYTES).map_err(|_| format!("{name} is not YAML"))?;
        bases.push(value(&tree));
    }
    let mut draw = Draw(0x6b61_706f_6b31);
    (0..count)
        .map(|number| {
            let base = bases.get(number % bases.len()).and_then(Value::as_object).ok_or("no demo company")?;
            let json = vary(base, number, &mut draw).to_string();
            let tree = rules::yaml::parse(json.as_bytes(), MAX_PARTY_BYTES).map_err(|_| "the party is not JSON")?;
            let party = rules::party::read("party.json", &tree, &program.vocabulary)
                .map_err(|findings| format!("{json}: {}", findings.first().map_or("", |first| &first.message.en)))?
                .party;
            Ok(Case { party, json: serde_json::from_str(&json).map_err(|error| error.to_string())? })
        })
        .collect()
}

/// A tree as JSON; every scalar is a text.
fn value(node: &Node) -> Value {
    match &node.kind {
        Kind::Scalar { text, .. } => Value::String(text.clone()),
        Kind::Seq(items) => items.iter().map(value).collect(),
        Kind::Map(entries) => {
            entries.iter().map(|(key, entry)| (key.text().unwrap_or_default().to_owned(), value(entry))).collect()
        }
    }
}

/// Another party of the same kind.
fn vary(base: &Map<String, Value>, number: usize, draw: &mut Draw) -> Value {
    let mut party = Map::new();
    for (key, value) in base {
        let kept = matches!(key.as_str(), "party" | "name" | "lists");
        if !kept && draw.below(100) < LEFT_OUT {
            continue;
        }
        let value = match key.as_str() {
            "org.staff" => json!(1 + draw.below(900)),
            "org.place" | "org.operating_place" => json!(draw.pick(&PLACES)),
            "org.founded_on" => {
                json!(format!("{}-{:02}-{:02}", 2012 + draw.below(14), 1 + draw.below(12), 1 + draw.below(28)))
            }
            "org.revenue" | "org.rd" => json!({ "2024": draw.yuan(9), "2025": draw.yuan(9) }),
            _ => amounts(value, draw),
        };
        party.insert(key.clone(), value);
    }
    party.insert("id".to_owned(), json!(format!("load-{number}")));
    Value::Object(party)
}

/// A value in which the amounts of records are others.
fn amounts(value: &Value, draw: &mut Draw) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| amounts(item, draw)).collect(),
        Value::Object(entries) => entries
            .iter()
            .map(|(key, entry)| {
                let drawn = matches!(key.as_str(), "amount" | "settled" | "fee" | "rent_paid" | "interest_paid");
                (key.clone(), if drawn { json!(draw.yuan(7)) } else { amounts(entry, draw) })
            })
            .collect(),
        other => other.clone(),
    }
}

/// A generator of numbers (splitmix64).
struct Draw(u64);

impl Draw {
    /// A number below `count`.
    fn below(&mut self, count: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % count.max(1)
    }

    fn pick<'l, T>(&mut self, list: &'l [T]) -> Option<&'l T> {
        let place = self.below(u64::try_from(list.len()).unwrap_or(0));
        list.get(usize::try_from(place).unwrap_or(0))
    }

    /// An amount of up to so many digits, with every number of digits about as often.
    fn yuan(&mut self, digits: u32) -> String {
        let most = 10_u64.pow(1 + u32::try_from(self.below(u64::from(digits))).unwrap_or(0));
        format!("{}元", self.below(most))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parties_are_all_different_and_the_same_on_every_run() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let program = crate::texts::load(&[root.join("vocabulary")], &[root.join("catalogue")]).unwrap();
        let bodies = || -> Vec<Vec<u8>> {
            let cases = draw(&root, &program, 60).unwrap();
            cases.iter().map(|case| case.body(Detail::Summary)).collect()
        };
        let drawn = bodies();
        assert_eq!(drawn, bodies());
        let different: std::collections::BTreeSet<&Vec<u8>> = drawn.iter().collect();
        assert_eq!(different.len(), drawn.len());
    }

    #[test]
    fn an_answer_about_another_party_is_found_to_be_wrong() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let program = crate::texts::load(&[root.join("vocabulary")], &[root.join("catalogue")]).unwrap();
        let cases = draw(&root, &program, 2).unwrap();
        let on = Date::parse(ON).unwrap();
        let dates = Dates { on, known_on: on };
        let answer = |number: usize| {
            let assessment = Assessment::new(&program, &cases[number].party, dates, &|_| true);
            serde_json::to_vec(&assessment.summary()).unwrap()
        };
        assert_eq!(cases[0].check(&program, Detail::Summary, &answer(0)), Ok(()));
        assert!(cases[0].check(&program, Detail::Summary, &answer(1)).is_err());
        assert!(cases[0].check(&program, Detail::Full, &answer(0)).is_err(), "a summary is no report");
    }
}
