//! The forms of requests and answers, as JSON Schemas: those of `rules` as they are, and those of the API itself.

use app::requests::{MAX_ITEMS, MAX_RECORDS};
use rules::explain::Explanation;
use rules::ir::Program;
use rules::report::{FORMAT, Report, SUMMARY_FORMAT, Summary};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::ask_next::Next;
use super::companies::{Companies, Company};
use super::measure;
use super::measures::Measures;
use super::problem::Told;
use super::versions::Versions;
use super::vocabulary::Words;

/// Every form, by name.
pub fn components(program: &Program) -> Map<String, Value> {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        "/components/schemas".clone_into(settings.definitions_path.to_mut());
        settings.contract = schemars::generate::Contract::Serialize;
    });
    let mut generator = settings.into_generator();
    add::<Report>(&mut generator);
    add::<Summary>(&mut generator);
    add::<Told<'_>>(&mut generator);
    add::<Next>(&mut generator);
    add::<Measures>(&mut generator);
    add::<measure::Detail>(&mut generator);
    add::<Explanation>(&mut generator);
    add::<Versions>(&mut generator);
    add::<Words>(&mut generator);
    add::<Companies>(&mut generator);
    add::<Company>(&mut generator);
    let mut schemas = generator.take_definitions(true);
    // a full report has everything that a summary has: the format tells them apart
    for (name, format) in [("Summary", SUMMARY_FORMAT), ("Report", FORMAT)] {
        let property = schemas.get_mut(name).and_then(|schema| schema.pointer_mut("/properties/format"));
        if let Some(property) = property.and_then(Value::as_object_mut) {
            property.insert("const".to_owned(), json!(format));
        }
    }
    schemas.extend(party(program));
    schemas.insert("AssessRequest".to_owned(), assess());
    schemas.insert("AskNextRequest".to_owned(), ask_next());
    schemas.insert(
        "Assessment".to_owned(),
        json!({
            "description": "In short or in full, as `detail` asks\n按 detail 为简要或完整",
            "anyOf": [{ "$ref": "#/components/schemas/Summary" }, { "$ref": "#/components/schemas/Report" }],
        }),
    );
    schemas.insert("OpenApi".to_owned(), json!({ "type": "object", "required": ["openapi", "info", "paths"] }));
    schemas.sort_keys();
    schemas
}

fn add<T: JsonSchema>(generator: &mut SchemaGenerator) {
    generator.subschema_for::<T>();
}

/// The schema of party files; its definitions become components of their own.
fn party(program: &Program) -> Map<String, Value> {
    let mut schema = rules::schema::party(&program.vocabulary);
    let mut found = Map::new();
    if let Some(object) = schema.as_object_mut() {
        object.remove("$schema");
        if let Some(Value::Object(definitions)) = object.remove("$defs") {
            found.extend(definitions.into_iter().map(|(name, schema)| (format!("fact.{name}"), schema)));
        }
        object.insert(
            "description".to_owned(),
            json!(format!(
                "A company or person as flat keys, as in a party file. What is left out is unknown. At most \
                 {MAX_RECORDS} records in all.\n\
                 一家企业或一个人，写法与主体文件相同：一个键一个事实。没有填的就是未知。所有记录合计最多 {MAX_RECORDS} 条。"
            )),
        );
    }
    found.insert("Party".to_owned(), schema);
    for schema in found.values_mut() {
        redirect(schema);
    }
    found
}

/// Makes references to definitions of a file into references to components.
fn redirect(schema: &mut Value) {
    match schema {
        Value::Object(entries) => {
            for (key, value) in entries {
                match value.as_str().and_then(|text| text.strip_prefix("#/$defs/")) {
                    Some(name) if key == "$ref" => *value = json!(format!("#/components/schemas/fact.{name}")),
                    _ => redirect(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(redirect),
        _ => {}
    }
}

/// `party`, `on` and `known_on` of a request.
fn subject() -> Map<String, Value> {
    let date = |description: &str| json!({ "$ref": "#/components/schemas/fact.date", "description": description });
    let mut properties = Map::new();
    properties.insert("party".to_owned(), json!({ "$ref": "#/components/schemas/Party" }));
    properties.insert(
        "on".to_owned(),
        date("The date whose law applies; else that of the party, else today in Shanghai\n适用哪一天的政策；不写时按主体所写，再按今天（上海时间）"),
    );
    properties.insert(
        "known_on".to_owned(),
        date("What was published and recorded by then counts; else the same as `on`\n只考虑这一天以前公布和登记的内容；不写时与 on 相同"),
    );
    properties
}

fn request(description: &str, properties: Map<String, Value>, example: Value) -> Value {
    json!({
        "type": "object",
        "description": description,
        "properties": properties,
        "required": ["party"],
        "additionalProperties": false,
        "examples": [example],
    })
}

fn assess() -> Value {
    let mut properties = subject();
    properties.insert(
        "measures".to_owned(),
        json!({
            "type": "array",
            "items": { "type": "string" },
            "minItems": 1,
            "maxItems": MAX_ITEMS,
            "description": "Only these measures, by id; the others are left out of the bundle too\n只测算这些措施（编号）；组合也只在其中选取",
        }),
    );
    properties.insert(
        "detail".to_owned(),
        json!({
            "enum": ["summary", "full"],
            "default": "summary",
            "description": "`summary`: outcomes, amounts and first reasons; `full`: every reason with its evidence\nsummary：结论、金额和主要理由；full：全部理由及证据",
        }),
    );
    let example = json!({
        "party": {
            "party": "organisation",
            "org.kind": "enterprise",
            "org.place": "nanshan",
            "org.founded_on": "2025-09-20",
            "org.industry": "ai",
            "org.staff": { "value": 12, "source": "社保缴纳清单", "evidence": "official" },
            "org.rd": { "2025": "180万元" },
            "contracts": [{ "id": "c1", "amount": "1200万元", "signed_on": "2026-03-01", "service": "training" }],
        },
        "on": "2026-05-20",
    });
    request("A party to assess\n要测算的主体", properties, example)
}

fn ask_next() -> Value {
    let mut properties = subject();
    properties.insert(
        "skipped".to_owned(),
        json!({
            "type": "array",
            "items": { "type": "string" },
            "maxItems": MAX_ITEMS,
            "description": "Keys of what the party does not know, as in the cells of a question\n主体不知道的键，写法与问题的 cells 相同",
        }),
    );
    let example = json!({
        "party": { "party": "organisation", "org.place": "nanshan", "org.industry": "ai" },
        "skipped": ["org.staff"],
    });
    request("A party to ask\n要询问的主体", properties, example)
}
