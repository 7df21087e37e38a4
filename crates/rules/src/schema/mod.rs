//! JSON Schemas (draft 2020-12) of the files that people write and of the report that programs read, so that editors
//! complete and check while one types. They follow the readers: what a reader refuses by its shape, the schema refuses.
//! Meaning (names, types, citations) is checked by `kapok policy check`.

mod build;
mod condition;
mod party;
mod policy;
mod version;
mod vocabulary;

#[cfg(test)]
mod tests;

use serde_json::{Value, json};

pub use party::party;
pub use policy::policy;
pub use vocabulary::vocabulary;

/// The draft that the schemas are written in.
const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of an assessment report.
#[must_use]
pub fn assessment() -> Value {
    let mut schema = schemars::schema_for!(crate::report::Report).to_value();
    if let Some(object) = schema.as_object_mut() {
        object.insert("title".to_owned(), json!("Kapok assessment"));
    }
    schema
}
