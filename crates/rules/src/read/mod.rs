//! From YAML trees to the catalogue as written.

mod condition;
mod measure;
pub mod reader;
mod shared;
mod stacking;
mod table;

use crate::ast::{Document, Group, List, Measure, Target};
use crate::diag::Diagnostic;
use crate::yaml::Node;
pub(crate) use condition::TESTS as FACT_TESTS;
use reader::Reader;
pub(crate) use shared::list_entry;

/// Everything in a catalogue, as written.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// Issuing documents.
    pub documents: Vec<Document>,
    /// Measures.
    pub measures: Vec<Measure>,
    /// Rules over several measures.
    pub groups: Vec<Group>,
    /// Dated lists.
    pub lists: Vec<List>,
    /// Aims of plans.
    pub targets: Vec<Target>,
}

impl Catalogue {
    /// Reads one file into the catalogue and returns what is wrong with it.
    pub fn read(&mut self, file: &str, root: &Node) -> Vec<Diagnostic> {
        let mut reader = Reader::new(file);
        let first = root.map().and_then(|entries| entries.first()).and_then(|(key, _)| key.text()).unwrap_or_default();
        match first {
            "document" => self.documents.extend(shared::document(&mut reader, root)),
            "measure" => self.measures.extend(measure::measure(&mut reader, root)),
            "group" => self.groups.extend(shared::group(&mut reader, root)),
            "list" => self.lists.extend(shared::list(&mut reader, root)),
            "target" => self.targets.extend(shared::target(&mut reader, root)),
            other => {
                let near = domain::text::nearest(other, ["document", "measure", "group", "list", "target"].into_iter())
                    .map(str::to_owned);
                let finding = Diagnostic::error(
                    "E0301",
                    root.span,
                    "文件的第一个键应说明它是什么",
                    "the first key of a file says what it is",
                );
                reader.push(match near {
                    Some(near) => finding.nearest(Some(&near)),
                    None => finding.hint(
                        "document、measure、group、list 或 target",
                        "`document`, `measure`, `group`, `list` or `target`",
                    ),
                });
            }
        }
        reader.findings
    }
}
