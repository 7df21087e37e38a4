//! Shared answers last as long as they should, and no longer; links that were cut or changed are found out.

use std::sync::LazyLock;

use domain::{Fact, FactKey, Knowledge, PartyKind, Value};
use proptest::prelude::*;

use super::*;
use crate::drafts::{Drafts, NAME_BYTES};
use crate::facts::tests::sources;

fn kapok() -> (tempfile::TempDir, Kapok) {
    let folder = tempfile::tempdir().unwrap();
    let drafts = Drafts::open(folder.path()).unwrap();
    (folder, Kapok::new(sources(), drafts).unwrap())
}

fn profile() -> Profile {
    let mut profile = Profile::new(PartyKind::Organisation);
    profile.party.name = Some("示例智能".to_owned());
    let fact = Fact { value: Knowledge::Known(Value::Count(12)), source: None, evidence: None, as_of: None };
    profile.party.facts.insert(FactKey::new("org.staff"), fact);
    profile.skipped.insert("org.rd[2025]".to_owned());
    profile
}

fn name(byte: u8) -> Name {
    Name::new([byte; NAME_BYTES])
}

const TODAY: Date = Date::MIN;

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| sources().load().program.vocabulary);

#[test]
fn a_shared_answer_is_there_until_its_end() {
    let (_folder, kapok) = kapok();
    let (mine, link) = (name(1), name(2));
    keep(&kapok, &profile(), &mine, &link, (TODAY, 1000, 7)).unwrap();
    let shared = get(&kapok, &link, 1000).unwrap().unwrap();
    assert_eq!((shared.profile, shared.made_on, shared.until), (profile(), TODAY, 1000 + 7 * DAY));
    assert!(get(&kapok, &link, 1000 + 7 * DAY).unwrap().is_none());
    assert!(made(&kapok, &mine, 1000 + 7 * DAY).unwrap().is_empty());
    // the name of a link opens nobody's own answers
    assert_eq!(kapok.drafts.get(&link, 1000).unwrap(), None);
}

#[test]
fn only_its_maker_ends_a_shared_answer() {
    let (_folder, kapok) = kapok();
    let (mine, other) = (name(1), name(9));
    for link in [2, 3] {
        keep(&kapok, &profile(), &mine, &name(link), (TODAY, 0, 30)).unwrap();
    }
    assert!(!end(&kapok, &name(2), &other, 1).unwrap());
    assert!(get(&kapok, &name(2), 1).unwrap().is_some());
    assert!(end(&kapok, &name(2), &mine, 1).unwrap());
    assert!(!end(&kapok, &name(2), &mine, 1).unwrap(), "it has ended already");
    let left: Vec<Name> = made(&kapok, &mine, 1).unwrap().into_iter().map(|(name, _)| name).collect();
    assert_eq!(left, [name(3)]);
}

#[test]
fn nobody_makes_links_without_end() {
    let (_folder, kapok) = kapok();
    for number in 0..MOST {
        keep(&kapok, &profile(), &name(1), &name(u8::try_from(number + 10).unwrap()), (TODAY, 0, 7)).unwrap();
    }
    let refused = keep(&kapok, &profile(), &name(1), &name(200), (TODAY, 0, 7));
    assert!(matches!(refused, Err(ShareError::TooMany)), "{refused:?}");
    // those that have ended make room
    keep(&kapok, &profile(), &name(1), &name(200), (TODAY, 7 * DAY, 7)).unwrap();
}

#[test]
fn a_link_holds_the_facts() {
    let packed = pack(&profile(), &VOCABULARY);
    assert!(packed.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'), "{packed}");
    assert_eq!(unpack(&packed, &VOCABULARY).unwrap(), profile());
}

#[test]
fn what_unpacks_to_too_much_is_refused() {
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    bomb.write_all(&vec![b' '; 64 << 20]).unwrap();
    let text = URL_SAFE_NO_PAD.encode(bomb.finish().unwrap());
    assert!(matches!(unpack(&text, &VOCABULARY), Err(PackedError::Damaged)));
}

proptest! {
    #[test]
    fn a_link_that_was_cut_or_changed_is_damaged(at in 0_usize..1000, new in "[A-Za-z0-9_-]", cut in any::<bool>()) {
        let packed = pack(&profile(), &VOCABULARY);
        let at = at % packed.len();
        let mut changed = packed.clone();
        if cut { changed.truncate(at) } else { changed.replace_range(at..=at, &new) }
        prop_assume!(changed != packed);
        match unpack(&changed, &VOCABULARY) {
            Err(_) => {}
            // the header of gzip has bytes that mean nothing: time and system
            Ok(read) => prop_assert_eq!(read, profile()),
        }
    }
}
