//! What the catalogue shows of each measure, gathered once from the rules themselves.

use std::sync::OnceLock;

use domain::{Date, Money, Period, PlaceId, PlaceTree};
use rules::Lang;
use rules::assess::{Reason, choose};
use rules::ast::{AppliesTo, AwardKind, Document, Measure, Status};
use rules::ceiling::ceiling;
use rules::diag::Text;
use rules::diff::Diff;
use rules::explain;
use rules::ir::Program;
use rules::labels;
use rules::value::FEN;
use rules::vocabulary::Type;
use rules::words::number;

use super::search::{Field, Terms};
use super::words::Language;

/// Every measure, and the words by which it is found.
#[derive(Debug)]
pub struct Index {
    /// The measures, in the order of the program.
    pub cards: Vec<Card>,
    terms: Terms,
    language: Language,
    /// For each measure and version what it says differently from the version before, once that was asked for.
    pub(super) differences: Vec<Vec<OnceLock<Option<Diff>>>>,
}

/// A measure as the catalogue shows it.
#[derive(Clone, Debug)]
pub struct Card {
    /// Its index in the program.
    pub measure: usize,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// The id of its document.
    pub document: String,
    /// The title of its document.
    pub title: Text,
    /// Who issued the document.
    pub issuer: Text,
    /// national, province, city, district or press.
    pub level: String,
    /// Where it applies.
    pub place: Option<PlaceId>,
    /// A code of the list `topic`.
    pub topic: String,
    /// The topic's name.
    pub topic_label: Text,
    /// Who can apply.
    pub applies_to: AppliesTo,
    /// Its versions, in the order written.
    pub versions: Vec<CardVersion>,
}

/// A version as the catalogue shows it.
#[derive(Clone, Debug)]
pub struct CardVersion {
    /// The kind of benefit.
    pub kind: AwardKind,
    /// The most that it gives.
    pub most: Most,
    /// When it applies.
    pub in_force: Period,
    /// When it was published.
    pub known_from: Date,
    /// Whether it can pay.
    pub status: Status,
    /// When applications are taken, where that is stated.
    pub window: Option<Period>,
}

/// The most that a version gives by its own text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Most {
    /// To one applicant in all.
    Total(Amount),
    /// For each record, whose name follows; the text sets no end to their sum.
    Each(Amount, Text),
    /// There is an amount, and the text sets no end to it.
    NoCeiling,
    /// There is no amount: a status, or an amount that the text does not tell.
    NoAmount,
}

/// An amount with its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// Scaled as [`rules::value`] says.
    pub value: i128,
    /// Its type.
    pub ty: Type,
}

impl Amount {
    /// As readers write it.
    #[must_use]
    pub fn text(self) -> Text {
        Text::new(number(self.value, self.ty, Lang::Zh), number(self.value, self.ty, Lang::En))
    }
}

impl CardVersion {
    /// The greatest amount in money that its text states, to one applicant or for one record. A deduction from the tax
    /// base is not money.
    #[must_use]
    pub fn money(&self) -> Option<Money> {
        match (&self.most, self.kind) {
            (Most::Total(amount) | Most::Each(amount, _), AwardKind::Money) if amount.ty == Type::Money => {
                i64::try_from(amount.value.div_euclid(FEN)).ok().map(Money::from_fen)
            }
            _ => None,
        }
    }
}

/// How a measure stands on a day.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// The index of the version that applies, or of the nearest one.
    pub version: usize,
    /// That version.
    pub now: &'a CardVersion,
    /// Why it cannot pay on the day; `None` if it can.
    pub reason: Option<Reason>,
    /// Days until applications end, today not counted, where it is open and the end is stated.
    pub days_left: Option<i32>,
}

impl Standing<'_> {
    /// Whether it can be applied for on the day.
    #[must_use]
    pub fn open(&self) -> bool {
        self.reason.is_none()
    }

    /// When applications end, or else when the version does.
    #[must_use]
    pub fn deadline(&self) -> Option<Date> {
        self.now.window.and_then(Period::to).or(self.now.in_force.to())
    }
}

impl Card {
    /// How it stands on a day, by all that is known.
    #[must_use]
    pub fn on(&self, program: &Program, on: Date) -> Standing<'_> {
        static NOTHING: CardVersion = CardVersion {
            kind: AwardKind::Status,
            most: Most::NoAmount,
            in_force: Period::ALWAYS,
            known_from: Date::MIN,
            status: Status::Closed,
            window: None,
        };
        let versions = program.measures.get(self.measure).map(|measure| measure.versions.as_slice());
        let chosen = choose(versions.unwrap_or_default(), on, Date::MAX);
        // a measure has at least one version, else the rules do not load
        let version = chosen.version.unwrap_or(0);
        let now = self.versions.get(version).unwrap_or(&NOTHING);
        let mut standing = Standing { version, now, reason: chosen.reason, days_left: None };
        if standing.open() {
            standing.days_left = now.window.and_then(Period::to).map(|to| to.days() - on.days());
        }
        standing
    }
}

impl Index {
    /// Gathers what is known of every measure of a program.
    #[must_use]
    pub fn new(program: &Program) -> Self {
        let language = Language::shipped();
        let mut terms = Terms::default();
        let catalogue = &program.catalogue;
        let mut cards = Vec::with_capacity(catalogue.measures.len());
        for (index, measure) in catalogue.measures.iter().enumerate() {
            let document = catalogue.documents.iter().find(|document| document.id == measure.document);
            let card = card(program, index, measure, document);
            terms.add(index, &fields(program, &card, measure, document), &measure.topic);
            cards.push(card);
        }
        let differences = cards.iter().map(|card| card.versions.iter().map(|_| OnceLock::new()).collect()).collect();
        Self { cards, terms, language, differences }
    }

    /// A measure by its id.
    #[must_use]
    pub fn card(&self, id: &str) -> Option<&Card> {
        self.cards.iter().find(|card| card.id == id)
    }

    /// How well each measure answers the words, in the order of [`Index::cards`], 0 where it does not; `None` where the
    /// words ask for nothing in particular.
    #[must_use]
    pub fn scores(&self, words: &str) -> Option<Vec<u32>> {
        self.terms.scores(words, &self.language)
    }
}

fn card(program: &Program, index: usize, measure: &Measure, document: Option<&Document>) -> Card {
    let versions = measure.versions.iter().enumerate().map(|(version, written)| CardVersion {
        kind: written.award.kind,
        most: most(program, index, version),
        in_force: written.in_force,
        known_from: written.known_from,
        status: written.status,
        window: written.procedure.as_ref().and_then(|procedure| procedure.window),
    });
    Card {
        measure: index,
        id: measure.id.clone(),
        name: measure.name.clone(),
        document: measure.document.clone(),
        title: document.map(|document| document.title.clone()).unwrap_or_default(),
        issuer: document.map(|document| document.issuer.clone()).unwrap_or_default(),
        level: document.map(|document| document.level.clone()).unwrap_or_default(),
        place: document.and_then(|document| PlaceTree::china().get(&document.place)),
        topic: measure.topic.clone(),
        topic_label: program.vocabulary.code_label("topic", &measure.topic),
        applies_to: measure.applies_to,
        versions: versions.collect(),
    }
}

fn most(program: &Program, measure: usize, version: usize) -> Most {
    let Some(ceiling) = ceiling(program, measure, version) else { return Most::NoAmount };
    let amount = |value: i128| Amount { value, ty: ceiling.ty };
    match (ceiling.total, ceiling.each) {
        (Some(total), _) => Most::Total(amount(total)),
        (None, Some(each)) => {
            let ir = program.measures.get(measure).and_then(|measure| measure.versions.get(version));
            let record = ir.and_then(|ir| ir.each.as_ref()).map(|each| usize::from(each.record));
            let label = record.and_then(|record| program.vocabulary.records.get(record)).map(|record| &record.label);
            Most::Each(amount(each), label.cloned().unwrap_or_default())
        }
        (None, None) => Most::NoCeiling,
    }
}

/// The texts of a measure in both languages, by how much they say of what it is.
fn fields(program: &Program, card: &Card, measure: &Measure, document: Option<&Document>) -> Vec<(Field, String)> {
    let mut fields = vec![(Field::Id, card.id.clone())];
    let mut add = |field: Field, text: &Text| {
        fields.push((field, text.zh.clone()));
        if text.en != text.zh {
            fields.push((field, text.en.clone()));
        }
    };
    add(Field::Name, &card.name);
    add(Field::Topic, &card.topic_label);
    add(Field::Document, &card.title);
    add(Field::Document, &card.issuer);
    add(Field::Document, &labels::level(&card.level));
    let tree = PlaceTree::china();
    if let Some(place) = card.place {
        add(Field::Place, &Text::new(tree.zh(place), tree.en(place)));
    }
    for version in &card.versions {
        add(Field::Text, &labels::award_kind(version.kind));
    }
    for note in measure.note.iter().chain(document.and_then(|document| document.note.as_ref())) {
        add(Field::Text, note);
    }
    let texts = [measure.clause.as_ref(), document.and_then(|document| document.number.as_ref())];
    for text in texts.into_iter().flatten() {
        add(Field::Document, &Text::same(text));
    }
    if let Some(explained) =
        explain::latest(measure).and_then(|version| explain::explain(program, card.measure, version))
    {
        rule(&explained, &mut add);
    }
    fields
}

/// The rule itself in plain words, without the sentences that say the same of every measure.
fn rule(explained: &explain::Explanation, add: &mut dyn FnMut(Field, &Text)) {
    fn conditions(list: &[explain::Condition], add: &mut dyn FnMut(Field, &Text)) {
        for cond in list {
            add(Field::Text, &cond.label);
            cond.test.iter().chain(&cond.note).for_each(|text| add(Field::Text, text));
            conditions(&cond.parts, add);
        }
    }
    conditions(&explained.conditions, add);
    if let Some(each) = &explained.each {
        add(Field::Text, &each.record);
        conditions(&each.conditions, add);
    }
    let award = &explained.award;
    [&award.amount, &award.gives].into_iter().flatten().for_each(|text| add(Field::Text, text));
    explained.limits.iter().for_each(|limit| add(Field::Text, &limit.text));
    for value in &explained.values {
        let table = value.table.iter().flat_map(|table| &table.rows).flat_map(|row| row.when.iter().chain([&row.then]));
        value.formula.iter().chain(table).for_each(|text| add(Field::Text, text));
    }
    explained.documents.iter().chain(&explained.open).for_each(|text| add(Field::Text, text));
}
