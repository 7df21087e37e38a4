//! Frames that were read for one program, for another: texts have other numbers there.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rules::ir::Program;
use rules::vocabulary::Type;

use crate::frame::{Column, Frame, Layout, Values};

/// How texts of one program are numbered in another.
#[derive(Debug)]
pub(super) struct Renumber {
    /// For each text of the first program its number in the second; those that it does not know are given behind its last.
    of: Vec<Result<u32, String>>,
    known: BTreeMap<String, u32>,
    count: u32,
    columns: Vec<bool>,
    children: Vec<Vec<bool>>,
}

impl Renumber {
    /// `None` if frames of one are right for the other.
    pub(super) fn new(from: &Program, to: &Program, layout: &Layout) -> Option<Self> {
        let vocabulary = &from.vocabulary;
        let columns: Vec<bool> = layout
            .facts
            .iter()
            .map(|column| vocabulary.facts.get(column.fact).is_some_and(|fact| fact.ty == Type::Text))
            .collect();
        let children: Vec<Vec<bool>> = layout
            .children
            .iter()
            .map(|table| {
                let record = vocabulary.records.get(usize::from(table.record));
                let is_text = |field: &u16| {
                    record.and_then(|record| record.fields.get(usize::from(*field))).is_some_and(|f| f.ty == Type::Text)
                };
                table.fields.iter().map(is_text).collect()
            })
            .collect();
        if from.texts == to.texts || !(columns.contains(&true) || children.iter().flatten().any(|text| *text)) {
            return None;
        }
        let known: BTreeMap<String, u32> = to.texts.iter().cloned().zip(0..).collect();
        let of = from.texts.iter().map(|text| known.get(text).copied().ok_or_else(|| text.clone())).collect();
        let count = u32::try_from(to.texts.len()).unwrap_or(u32::MAX);
        Some(Self { of, known, count, columns, children })
    }

    /// The frame with the other numbers.
    pub(super) fn frame<'f>(&self, frame: &'f Frame) -> Cow<'f, Frame> {
        let mut own: Vec<String> = Vec::new();
        let mut number = |text: &str| {
            self.known.get(text).copied().unwrap_or_else(|| {
                own.push(text.to_owned());
                self.count.saturating_add(u32::try_from(own.len() - 1).unwrap_or(u32::MAX))
            })
        };
        let mut map: Vec<u32> = Vec::with_capacity(self.of.len() + frame.texts.len());
        for text in &self.of {
            map.push(match text {
                Ok(number) => *number,
                Err(text) => number(text),
            });
        }
        for text in &frame.texts {
            map.push(number(text));
        }
        let mut new = frame.clone();
        let change = |column: &mut Column, text: bool| {
            if text && let Values::U32(values) = &column.values {
                let changed = values.iter().map(|symbol| map.get(*symbol as usize).copied().unwrap_or(*symbol));
                column.values = Values::U32(changed.collect());
            }
        };
        new.columns.iter_mut().zip(&self.columns).for_each(|(column, text)| change(column, *text));
        for (table, texts) in new.children.iter_mut().zip(&self.children) {
            table.columns.iter_mut().zip(texts).for_each(|(column, text)| change(column, *text));
        }
        new.texts = own;
        Cow::Owned(new)
    }
}
