//! What a measure says of itself, and the document that it stands in.

use super::{Change, Notes, Pair};
use crate::ast::{Document, Measure};
use crate::diag::Text;
use crate::ir::Program;
use crate::phrases;

pub(super) fn compare(pair: &Pair<'_>, old: &Measure, new: &Measure, changes: &mut Vec<Change>) {
    let mut notes = Notes::new(changes, Text::default());
    let same = |text: &String| Text::same(text);
    notes.optional("编号", "id", Some(same(&old.id)), Some(same(&new.id)));
    notes.optional("名称", "name", Some(old.name.clone()), Some(new.name.clone()));
    documents(&mut notes, (pair.old.program, old), (pair.new.program, new));
    notes.optional("条款", "clause", old.clause.as_ref().map(same), new.clause.as_ref().map(same));
    notes.optional("主题", "topic", Some(pair.old.code("topic", &old.topic)), Some(pair.new.code("topic", &new.topic)));
    notes.optional(
        "适用对象",
        "for whom",
        Some(phrases::applies_to(old.applies_to)),
        Some(phrases::applies_to(new.applies_to)),
    );
    for tag in new.tags.iter().filter(|tag| !old.tags.contains(tag)) {
        notes.added("标记", "tag", same(tag));
    }
    for tag in old.tags.iter().filter(|tag| !new.tags.contains(tag)) {
        notes.removed("标记", "tag", same(tag));
    }
    notes.optional("来源未明之处", "what the source leaves open", old.note.clone(), new.note.clone());
}

fn documents(notes: &mut Notes<'_>, (before, old): (&Program, &Measure), (after, new): (&Program, &Measure)) {
    let find =
        |program: &Program, id: &str| program.catalogue.documents.iter().find(|document| document.id == id).cloned();
    let (from, to) = (find(before, &old.document), find(after, &new.document));
    let (Some(from), Some(to)) = (from, to) else {
        notes.optional("依据文件", "document", Some(Text::same(&old.document)), Some(Text::same(&new.document)));
        return;
    };
    let title =
        |document: &Document| Text::new(format!("《{}》", document.title.zh), format!("“{}”", document.title.en));
    notes.optional("依据文件", "document", Some(title(&from)), Some(title(&to)));
    notes.optional("文号", "document number", from.number.map(Text::same), to.number.map(Text::same));
    notes.optional("发文单位", "issuer", Some(from.issuer), Some(to.issuer));
    notes.optional("级别", "level", Some(phrases::level(&from.level)), Some(phrases::level(&to.level)));
    let date = |date: domain::Date| Text::new(date.zh(), date.to_string());
    notes.optional("公布日期", "date of publication", from.published.map(date), to.published.map(date));
    notes.optional("链接", "link", from.url.map(Text::same), to.url.map(Text::same));
    notes.optional(
        "可信程度",
        "confidence",
        Some(phrases::confidence(&from.confidence)),
        Some(phrases::confidence(&to.confidence)),
    );
}
