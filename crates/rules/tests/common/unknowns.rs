//! Random parties of which much is not known, and all the ways to fill in what is not.
#![allow(dead_code)] // each test uses its part

use domain::{
    Date, Fact, FactKey, Knowledge, ListEntry, Money, Party, PartyKind, Period, PlaceTree, Quantity, Rate, Record,
    Unit, Value,
};
use rules::ir::Program;
use rules::vocabulary::{FactDef, Type, Vocabulary};

use super::tape::Tape;

/// Something that is not settled about a party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Hole {
    /// A fact: not known, disputed, or a place that is not exact.
    Fact(FactKey),
    /// A list of records.
    Records(String),
    /// A field of a record.
    Field(String, usize, String),
    /// A person's decision.
    Decision(String),
    /// Members of a list that is not complete.
    Member,
}

const PARTNERS: [&str; 4] = ["p1", "p2", "p3", "p4"];
/// Amounts in fen, many at the edges that rules name.
const FEN: [i64; 16] = [
    0,
    100_000_000,
    10_000_000,
    99_999_999,
    100_000_001,
    1,
    100,
    50_000_000,
    300_000_000,
    9_999,
    30_000_000_000,
    -100_000_000,
    700,
    49_999_999,
    3_333,
    80_000_000,
];

fn value(tape: &mut Tape, definition: &FactDef, vocabulary: &Vocabulary) -> Value {
    let within = |number: i128| number.clamp(definition.range.lo, definition.range.hi);
    let int = |number: i128| i64::try_from(number).unwrap();
    let codes =
        |list: u16| vocabulary.codes[usize::from(list)].values.iter().map(|(code, _)| code.clone()).collect::<Vec<_>>();
    match definition.ty {
        Type::Bool => Value::Bool(tape.below(2) == 1),
        Type::Money => Value::Money(Money::from_fen(int(within(i128::from(*tape.pick(&FEN)) * 1_000_000) / 1_000_000))),
        Type::Rate => Value::Rate(Rate::from_ppm(int(within(
            2 * *tape.pick(&[0, 500_000, 100_000, 5_000, 333_333, 1_000_000, 1_500_000, 99_999, 1]),
        ) / 2))),
        Type::Count => Value::Count(int(within(*tape.pick(&[0, 1, 3, 20, 21, 19, 60, 2026, 2025, 100, 2])))),
        Type::Date => Value::Date(
            Date::from_days(
                i32::try_from(within(*tape.pick(&[20_240, 19_782, 20_454, 20_593, 20_088, 17_562, 18_627, 20_200])))
                    .unwrap(),
            )
            .unwrap(),
        ),
        Type::Months => {
            Value::Quantity(Quantity::whole(int(within(*tape.pick(&[0, 12, 11, 24, 1, 60]))), Unit::Month).unwrap())
        }
        Type::Code(list) => Value::Code(tape.pick(&codes(list)).clone()),
        Type::Codes(list) => Value::Codes(codes(list).into_iter().filter(|_| tape.chance(40)).collect()),
        Type::Place => Value::Place(
            PlaceTree::china()
                .get(tape.pick::<&str>(&["nanshan", "shenzhen", "guangdong", "beijing", "longgang", "guangzhou"]))
                .unwrap(),
        ),
        Type::Text if definition.name == "award.measure" => {
            Value::Text((*tape.pick(&["t.main", "t.other", "t.else"])).to_owned())
        }
        Type::Text if definition.name == "support.deal" => Value::Text((*tape.pick(&["d1", "d2", "d3"])).to_owned()),
        Type::Text => Value::Text((*tape.pick(&PARTNERS)).to_owned()),
        other => unreachable!("no fact of type {other:?} is declared"),
    }
}

/// Known, disputed or, as `percent` says, not known.
fn fact(tape: &mut Tape, definition: &FactDef, vocabulary: &Vocabulary, percent: usize) -> Option<Fact> {
    if !tape.chance(percent) {
        return None;
    }
    let first = value(tape, definition, vocabulary);
    if tape.chance(12) {
        let second = value(tape, definition, vocabulary);
        return Some(Fact { value: Knowledge::Disputed(vec![first, second]), ..Fact::default() });
    }
    Some(Fact::known(first))
}

/// The keys under which a fact can be given.
fn keys(definition: &FactDef, on: Date) -> Vec<FactKey> {
    match (definition.derive.is_some(), definition.yearly) {
        (true, _) => Vec::new(),
        (false, false) => vec![FactKey::new(definition.name.as_str())],
        (false, true) => {
            (on.year() - 3..=on.year()).map(|year| FactKey::of_year(definition.name.as_str(), year)).collect()
        }
    }
}

fn short(field: &FactDef) -> &str {
    field.name.rsplit('.').next().unwrap()
}

fn rows(tape: &mut Tape, record: usize, vocabulary: &Vocabulary, percent: usize) -> Vec<Record> {
    let definition = &vocabulary.records[record];
    (0..tape.below(4))
        .map(|number| {
            let mut row = Record { id: format!("d{}", number + 1), ..Record::default() };
            for field in &definition.fields[1..] {
                if let Some(fact) = fact(tape, field, vocabulary, percent) {
                    row.facts.insert(short(field).to_owned(), fact);
                }
            }
            row
        })
        .collect()
}

/// A party of which about half is known.
pub(crate) fn party(tape: &mut Tape, program: &Program, on: Date) -> Party {
    let vocabulary = &program.vocabulary;
    let mut party = Party::new(PartyKind::Organisation);
    for definition in &vocabulary.facts {
        for key in keys(definition, on) {
            if let Some(fact) = fact(tape, definition, vocabulary, 55) {
                party.facts.insert(key, fact);
            }
        }
    }
    for (index, definition) in vocabulary.records.iter().enumerate() {
        if tape.chance(70) {
            party.records.insert(definition.name.clone(), rows(tape, index, vocabulary, 65));
        }
    }
    for review in &program.reviews {
        if tape.chance(50) {
            party.decisions.insert(review.key.clone(), tape.chance(50));
        }
    }
    if tape.chance(30) {
        let list = (*tape.pick(&["t.partners", "t.banned"])).to_owned();
        party.lists.insert(list, vec![member(tape)]);
    }
    party
}

fn member(tape: &mut Tape) -> ListEntry {
    let period = *tape.pick(&[
        Period::ALWAYS,
        Period::since(Date::new(2025, 6, 1).unwrap()),
        Period::until(Date::new(2025, 12, 31).unwrap()),
    ]);
    ListEntry {
        member: (*tape.pick(&PARTNERS)).to_owned(),
        scope: if tape.chance(50) { Some("firm".to_owned()) } else { None },
        period,
        source: None,
    }
}

/// The places within a place that a party may be in.
fn parts(value: &Value) -> &'static [&'static str] {
    match value {
        Value::Place(place) => match PlaceTree::china().id(*place) {
            "guangdong" => &["shenzhen", "guangzhou", "nanshan"],
            "shenzhen" => &["nanshan", "longgang"],
            _ => &[],
        },
        _ => &[],
    }
}

fn unsettled(fact: Option<&Fact>) -> bool {
    match fact.map(|fact| &fact.value) {
        None | Some(Knowledge::Unknown | Knowledge::Disputed(_)) => true,
        Some(Knowledge::Known(value)) => !parts(value).is_empty(),
    }
}

/// Everything that is not settled.
pub(crate) fn holes(party: &Party, program: &Program, on: Date) -> Vec<Hole> {
    let vocabulary = &program.vocabulary;
    let mut found = Vec::new();
    for definition in &vocabulary.facts {
        found.extend(keys(definition, on).into_iter().filter(|key| unsettled(party.facts.get(key))).map(Hole::Fact));
    }
    for definition in &vocabulary.records {
        match party.records.get(&definition.name) {
            None => found.push(Hole::Records(definition.name.clone())),
            Some(rows) => {
                for (number, row) in rows.iter().enumerate() {
                    let open = definition.fields[1..].iter().filter(|field| unsettled(row.facts.get(short(field))));
                    found.extend(
                        open.map(|field| Hole::Field(definition.name.clone(), number, short(field).to_owned())),
                    );
                }
            }
        }
    }
    found.extend(
        program
            .reviews
            .iter()
            .filter(|review| !party.decisions.contains_key(&review.key))
            .map(|review| Hole::Decision(review.key.clone())),
    );
    if party.lists.get("t.partners").map_or(0, Vec::len) < 2 {
        found.push(Hole::Member);
    }
    found
}

/// One of the values that a fact may turn out to have.
fn settled(tape: &mut Tape, before: Option<&Fact>, definition: &FactDef, vocabulary: &Vocabulary) -> Fact {
    match before.map(|fact| &fact.value) {
        Some(Knowledge::Disputed(candidates)) => Fact::known(tape.pick(candidates).clone()),
        Some(Knowledge::Known(value)) => {
            Fact::known(Value::Place(PlaceTree::china().get(tape.pick::<&str>(parts(value))).unwrap()))
        }
        _ => Fact::known(value(tape, definition, vocabulary)),
    }
}

/// Settles one hole in some way.
pub(crate) fn fill(party: &mut Party, hole: &Hole, tape: &mut Tape, program: &Program) {
    let vocabulary = &program.vocabulary;
    match hole {
        Hole::Fact(key) => {
            let definition = &vocabulary.facts[vocabulary.fact(&key.name).unwrap()];
            let fact = settled(tape, party.facts.get(key), definition, vocabulary);
            party.facts.insert(key.clone(), fact);
        }
        Hole::Records(record) => {
            let rows = rows(tape, vocabulary.record(record).unwrap(), vocabulary, 65);
            party.records.insert(record.clone(), rows);
        }
        Hole::Field(record, row, field) => {
            let definition = &vocabulary.records[vocabulary.record(record).unwrap()];
            let row = &mut party.records.get_mut(record).unwrap()[*row];
            let fact =
                settled(tape, row.facts.get(field), &definition.fields[definition.field(field).unwrap()], vocabulary);
            row.facts.insert(field.clone(), fact);
        }
        Hole::Decision(key) => {
            party.decisions.insert(key.clone(), tape.below(2) == 1);
        }
        Hole::Member => party.lists.entry("t.partners".to_owned()).or_default().push(member(tape)),
    }
}
