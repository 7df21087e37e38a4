//! Rounds of the real catalogue: many assessments of one measure settled together.

#[path = "common/world.rs"]
mod world;

use domain::{Date, Money, Party};
use rules::cases;
use rules::ir::Program;
use rules::round::Settled;
use rules::settle::{Application, Settings, Settlement, settle};
use rules::value::FEN;

fn program() -> Program {
    world::loaded(&world::shipped()).program
}

/// The measure's example with changes, as a party.
fn party(program: &Program, measure: usize, changes: &str) -> (Party, Date) {
    let case = rules::yaml::parse(format!("name: x\nwith: {changes}\n").as_bytes(), 10_000).unwrap();
    let prepared = cases::prepare(program, &program.catalogue.measures[measure], &case).unwrap();
    (prepared.party, prepared.dates.on)
}

/// Settles a measure over its example with each of the changes; verified amounts in yuan where given.
fn settled(id: &str, applicants: &[(String, String, Option<i64>)], settings: &Settings) -> Settlement {
    let program = program();
    let measure = program.measure(id).unwrap();
    let parties: Vec<(Party, Date)> =
        applicants.iter().map(|(_, changes, _)| party(&program, measure, changes)).collect();
    let applications: Vec<Application<'_>> = applicants
        .iter()
        .zip(&parties)
        .map(|((id, _, verified), (party, on))| Application {
            id: id.clone(),
            party,
            applied_on: *on,
            verified: verified.map(|yuan| Money::from_yuan(yuan).unwrap()),
        })
        .collect();
    settle(&program, measure, &applications, parties[0].1, settings)
}

fn yuan(amount: i128) -> i128 {
    amount * 100 * FEN
}

#[test]
fn the_top_ten_and_the_next_ten_are_paid_by_rank() {
    let applicants: Vec<_> = (1..=25)
        .map(|n| (format!("firm-{n:02}"), format!("{{ org.rd: {{ 2022: {}万元 }} }}", 10_000 - n * 100), None))
        .collect();
    let settlement = settled("sz-nanshan.rd-top20", &applicants, &Settings::default());
    let paid: Vec<Settled> = settlement.lines.iter().map(|line| line.result).collect();
    assert!(paid[..10].iter().all(|result| *result == Settled::Paid(yuan(3_000_000))), "{paid:?}");
    assert!(paid[10..20].iter().all(|result| *result == Settled::Paid(yuan(2_000_000))), "{paid:?}");
    assert!(paid[20..].iter().all(|result| *result == Settled::Paid(0)), "{paid:?}");
}

#[test]
fn an_unknown_value_leaves_open_what_it_could_change_and_a_firm_elsewhere_is_refused() {
    let mut applicants: Vec<_> = (1..=11)
        .map(|n| (format!("firm-{n:02}"), format!("{{ org.rd: {{ 2022: {}万元 }} }}", 10_000 - n * 100), None))
        .collect();
    applicants.push(("firm-12".into(), "{ org.rd: {} }".into(), None));
    applicants.push(("firm-13".into(), "{ org.place: futian }".into(), None));
    let settlement = settled("sz-nanshan.rd-top20", &applicants, &Settings::default());
    assert_eq!(settlement.refused, ["firm-13"]);
    // the ninth stays in the first ten whatever the unknown value is; the tenth may be pushed out of it
    assert_eq!(settlement.lines[8].result, Settled::Paid(yuan(3_000_000)));
    assert_eq!(settlement.lines[9].result, Settled::Open);
    assert_eq!((settlement.lines[9].low, settlement.lines[9].high), (yuan(2_000_000), yuan(3_000_000)));
    assert_eq!(settlement.lines[11].result, Settled::Open);
}

#[test]
fn a_short_budget_is_shared_in_proportion_to_the_fen() {
    let applicants: Vec<_> = [3_000_000, 2_000_000, 1_000_001]
        .iter()
        .enumerate()
        .map(|(n, verified)| (format!("firm-{n}"), "{ org.kind: enterprise }".to_owned(), Some(*verified)))
        .collect();
    let settings = Settings { budget: Money::from_yuan(3_000_000), ..Settings::default() };
    let settlement = settled("sz-longhua.compute-voucher", &applicants, &settings);
    assert_eq!(settlement.lines.len(), 3, "{settlement:?}");
    let sum: i128 = settlement.lines.iter().map(|line| line.low).sum();
    assert_eq!(sum, yuan(3_000_000));
    assert!(settlement.lines.iter().all(|line| line.low % FEN == 0));
}

#[test]
fn yearly_tiers_are_paid_once_their_values_are_fixed() {
    let program = program();
    let measure = program.measure("sz.hnte-cultivation").unwrap();
    let round = program.catalogue.measures[measure].versions[0].round.as_ref().unwrap();
    assert_eq!(round.code(), "tiers");
    let applicants: Vec<_> = (1..=4).map(|n| (format!("firm-{n}"), "{ awards: [] }".to_owned(), None)).collect();
    let settings = Settings {
        tiers: vec![(Money::from_yuan(3_000_000).unwrap(), 1), (Money::from_yuan(100_000).unwrap(), 3)],
        ..Settings::default()
    };
    let settlement = settled("sz.hnte-cultivation", &applicants, &settings);
    // what is compared is not published, so between equals nobody is said to be first
    assert_eq!(settlement.lines.len() + settlement.waiting.len(), 4);
    for line in &settlement.lines {
        assert!(line.low >= yuan(100_000) && line.high <= yuan(3_000_000), "{line:?}");
    }
}
