//! A question as a page shows it: finished texts in the visitor's language, every control with its value and its error.

use std::collections::BTreeMap;

use app::interview::{Cell, Choice, Field, FieldError, Input, Question, Section};
use domain::PlaceTree;
use rules::Lang;

use crate::l10n::L10n;

/// Choices that are shown at once; more are folded into a list to pull down.
const SHOWN_CHOICES: usize = 6;

/// Measures that are named one by one.
const NAMED_MEASURES: usize = 12;

/// A question.
pub(super) struct QuestionView {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) ask: String,
    pub(super) why: String,
    pub(super) waiting: Vec<WaitingView>,
    /// Measures that wait and are not named.
    pub(super) more: usize,
    pub(super) checklist: bool,
    pub(super) sections: Vec<SectionView>,
    /// The fields with mistakes, for the summary on top.
    pub(super) errors: Vec<ErrorView>,
}

/// A measure that waits for an answer.
pub(super) struct WaitingView {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) stake: String,
}

/// Fields that stand together.
pub(super) struct SectionView {
    pub(super) title: Option<String>,
    pub(super) fields: Vec<FieldView>,
}

/// A field.
pub(super) struct FieldView {
    pub(super) label: String,
    pub(super) ask: String,
    pub(super) hint: Option<String>,
    pub(super) unit: Option<String>,
    /// Proof and the money at stake.
    pub(super) notes: Vec<String>,
    pub(super) control: Control,
    /// Whether it asks how many there are, which fits into one line.
    pub(super) counted: bool,
    pub(super) cells: Vec<CellView>,
}

/// How a field is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Control {
    /// Choices one under or beside the other, one of which is taken.
    Radios,
    /// A list to pull down.
    Select,
    /// Choices of which any may be taken.
    Checks,
    /// A line of text.
    Line,
    /// A day.
    Day,
}

impl FieldView {
    pub(super) fn is(&self, control: &str) -> bool {
        control
            == match self.control {
                Control::Radios => "radios",
                Control::Select => "select",
                Control::Checks => "checks",
                Control::Line => "line",
                Control::Day => "day",
            }
    }

    /// Whether the field has several cells, one a year.
    pub(super) fn yearly(&self) -> bool {
        self.cells.iter().any(|cell| cell.year.is_some())
    }
}

/// A control.
pub(super) struct CellView {
    pub(super) key: String,
    /// Its id in the page.
    pub(super) id: String,
    pub(super) year: Option<String>,
    pub(super) value: String,
    pub(super) numeric: bool,
    pub(super) options: Vec<OptionView>,
    pub(super) error: Option<String>,
    /// Where what is known comes from, or what sources say differently.
    pub(super) known: Option<String>,
}

/// A choice.
pub(super) struct OptionView {
    pub(super) code: String,
    pub(super) label: String,
    pub(super) chosen: bool,
}

/// A mistake, for the summary on top.
pub(super) struct ErrorView {
    pub(super) id: String,
    pub(super) message: String,
}

/// What was entered, by key, where a form comes back with mistakes.
pub(super) type Entered = BTreeMap<String, Vec<String>>;

/// Makes the view of a question. `errors` come with what was `entered`; other fields show what is known.
pub(super) fn question(l: L10n, question: &Question, entered: &Entered, errors: &[FieldError]) -> QuestionView {
    let mut maker = Maker { l, entered, errors, next: 0, found: Vec::new() };
    let sections = question.sections.iter().map(|section| maker.section(section)).collect();
    let waiting = question.waiting.iter().take(NAMED_MEASURES).map(|waiting| WaitingView {
        id: waiting.measure.clone(),
        name: l.text(&waiting.name).to_owned(),
        stake: l.text(&waiting.stake.words()).to_owned(),
    });
    QuestionView {
        name: question.name.clone(),
        label: l.text(&question.label).to_owned(),
        ask: l.text(&question.ask).to_owned(),
        why: l.text(&question.why).to_owned(),
        waiting: waiting.collect(),
        more: question.waiting.len().saturating_sub(NAMED_MEASURES),
        checklist: question.checklist,
        sections,
        errors: maker.found,
    }
}

/// A message of the rules for readers of a page: what is quoted by signs of code gets quotation marks.
pub(super) fn quoted(message: &str) -> String {
    let mut quoted = String::with_capacity(message.len());
    for (number, part) in message.split('`').enumerate() {
        if number > 0 {
            quoted.push(if number % 2 == 1 { '“' } else { '”' });
        }
        quoted.push_str(part);
    }
    quoted
}

struct Maker<'a> {
    l: L10n,
    entered: &'a Entered,
    errors: &'a [FieldError],
    next: usize,
    found: Vec<ErrorView>,
}

impl Maker<'_> {
    fn section(&mut self, section: &Section) -> SectionView {
        SectionView {
            title: section.title.as_ref().map(|title| self.l.text(title).to_owned()),
            fields: section.fields.iter().map(|field| self.field(field)).collect(),
        }
    }

    fn field(&mut self, field: &Field) -> FieldView {
        let l = self.l;
        let mut notes = Vec::new();
        // what has no upper end says nothing about one field
        if field.stake.up_to > domain::Money::ZERO {
            notes.push(l.m("ask-at-stake").s("money", l.text(&field.stake.words())).to_string());
        }
        if !field.evidence.is_empty() {
            let proof: Vec<&str> = field.evidence.iter().map(|proof| l.text(proof)).collect();
            notes.push(l.m("ask-proof").s("proof", proof.join(if l.zh() { "、" } else { ", " })).to_string());
        }
        let choices = choices(l, field);
        let control = match field.input {
            Input::Several => Control::Checks,
            Input::YesNo => Control::Radios,
            Input::One if choices.len() <= SHOWN_CHOICES => Control::Radios,
            Input::One | Input::Place => Control::Select,
            Input::Date => Control::Day,
            _ => Control::Line,
        };
        let counted = field.input == Input::HowMany;
        FieldView {
            label: l.text(&field.label).to_owned(),
            // a list's own question asks for the things, and here their number is wanted
            ask: l.text(if counted { &field.label } else { &field.ask }).to_owned(),
            counted,
            hint: field
                .hint
                .as_ref()
                .filter(|_| control == Control::Line && !counted)
                .map(|hint| l.text(hint).to_owned()),
            unit: field.unit.as_ref().map(|unit| l.text(unit).to_owned()),
            notes,
            control,
            cells: field.cells.iter().map(|cell| self.cell(field, cell, control, &choices)).collect(),
        }
    }

    fn cell(&mut self, field: &Field, cell: &Cell, control: Control, choices: &[(String, String)]) -> CellView {
        let l = self.l;
        self.next += 1;
        let id = format!("f{}", self.next);
        let error = self.errors.iter().find(|error| error.key == cell.key);
        let message = error.map(|error| quoted(l.text(&error.message)));
        if let Some(message) = &message {
            self.found.push(ErrorView { id: id.clone(), message: message.clone() });
        }
        // what was entered wrongly is shown again, so that it can be mended
        let known = || match &cell.codes {
            Some(codes) if codes.is_empty() => vec!["none".to_owned()],
            Some(codes) => codes.clone(),
            None if field.input == Input::Place => vec![cell.value.en.clone()],
            None => vec![l.text(&cell.value).to_owned()],
        };
        let values = match error.and_then(|error| self.entered.get(&error.key)) {
            Some(entered) => entered.clone(),
            None => known(),
        };
        let chosen = |code: &str| values.iter().any(|value| value == code);
        let option = |code: &str, label: &str| OptionView {
            code: code.to_owned(),
            label: label.to_owned(),
            chosen: chosen(code) || (code.is_empty() && values.is_empty()),
        };
        let mut options: Vec<OptionView> = choices.iter().map(|(code, label)| option(code, label)).collect();
        match control {
            Control::Radios | Control::Select => options.push(option("", &l.t("ask-unknown"))),
            Control::Checks => options.push(option("none", &l.t("ask-none-of-these"))),
            Control::Line | Control::Day => {}
        }
        if control == Control::Select {
            options.rotate_right(1);
        }
        let disputed = cell.said.as_ref().filter(|_| cell.disputed);
        let known = match (disputed, &cell.source) {
            (Some(said), _) => Some(l.m("ask-disputed").s("values", l.text(said)).to_string()),
            (None, Some(source)) => Some(l.m("ask-source").s("source", source).to_string()),
            (None, None) => None,
        };
        CellView {
            key: cell.key.clone(),
            id,
            year: cell.year.map(|year| l.m("ask-year").s("year", year).to_string()),
            value: values.first().cloned().unwrap_or_default(),
            numeric: matches!(field.input, Input::Count | Input::HowMany | Input::Money | Input::Quantity),
            options,
            error: message,
            known,
        }
    }
}

/// The codes to choose from with their labels.
fn choices(l: L10n, field: &Field) -> Vec<(String, String)> {
    match field.input {
        Input::YesNo => vec![("yes".to_owned(), l.t("ask-yes")), ("no".to_owned(), l.t("ask-no"))],
        Input::Place => places(l.0),
        _ => {
            let choice = |choice: &Choice| (choice.code.clone(), l.text(&choice.label).to_owned());
            field.choices.iter().map(choice).collect()
        }
    }
}

/// All places, each after the place that it lies in.
fn places(lang: Lang) -> Vec<(String, String)> {
    let tree = PlaceTree::china();
    let name = |place| match lang {
        Lang::Zh => tree.zh(place),
        Lang::En => tree.en(place),
    };
    let separator = if lang == Lang::Zh { " " } else { ", " };
    tree.iter()
        .map(|place| {
            let mut names = vec![name(place)];
            let above: Vec<_> = tree.ancestors(place).filter(|above| *above != place).collect();
            // the country is the same for all
            names.extend(above.iter().filter(|above| tree.parent(**above).is_some()).map(|above| name(*above)));
            if lang == Lang::Zh {
                names.reverse();
            }
            (tree.id(place).to_owned(), names.join(separator))
        })
        .collect()
}
