//! What a visitor asks of the catalogue: words, filters, order; read from an address and written into one.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use domain::{Date, Money, PlaceId, PlaceTree};
use rules::ast::AwardKind;
use rules::diag::Text;
use rules::ir::Program;

use super::{Hit, Most};

/// Characters of the words that are looked for; what is behind is left out.
pub const MAX_WORDS: usize = 200;
/// Measures on a page.
pub const PER_PAGE: usize = 20;

/// The kinds of benefit with their names in addresses.
pub const KINDS: [(AwardKind, &str); 9] = [
    (AwardKind::Money, "money"),
    (AwardKind::Months, "months"),
    (AwardKind::Days, "days"),
    (AwardKind::Area, "area"),
    (AwardKind::CardHours, "card_hours"),
    (AwardKind::RentFactor, "rent_factor"),
    (AwardKind::Status, "status"),
    (AwardKind::Nomination, "nomination"),
    (AwardKind::TaxBase, "tax_base"),
];

/// In which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Sort {
    /// What answers the words best; without words the open ones with the largest amounts.
    #[default]
    Best,
    /// The largest stated amount.
    Amount,
    /// What can be applied for and ends soonest.
    Deadline,
    /// What was published last.
    Newest,
}

impl Sort {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Best, Self::Amount, Self::Deadline, Self::Newest];

    /// Its name in addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Best => "best",
            Self::Amount => "amount",
            Self::Deadline => "deadline",
            Self::Newest => "newest",
        }
    }
}

/// What is asked of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Words.
    pub words: String,
    /// What may apply there: policies of the place, of those that it lies in, and of those in it.
    pub place: Option<PlaceId>,
    /// The issuer, by its Chinese name.
    pub issuer: Option<String>,
    /// Codes of topics, one of which it has; any when empty.
    pub topics: BTreeSet<String>,
    /// Kinds of benefit, one of which it gives; any when empty.
    pub kinds: BTreeSet<AwardKind>,
    /// Only what can be applied for on the day.
    pub open: bool,
    /// Only what can give so much money. What has no stated ceiling can.
    pub at_least: Option<Money>,
    /// In which order.
    pub sort: Sort,
    /// The city that serves the visitor: in the order [`Sort::Best`] what may apply there comes first. It is no part of an
    /// address.
    pub near: Option<PlaceId>,
    /// Which page, from 1.
    pub page: usize,
    /// Measures on a page.
    pub per_page: usize,
}

impl Default for Query {
    fn default() -> Self {
        Self {
            words: String::new(),
            place: None,
            issuer: None,
            topics: BTreeSet::new(),
            kinds: BTreeSet::new(),
            open: false,
            at_least: None,
            sort: Sort::Best,
            near: None,
            page: 1,
            per_page: PER_PAGE,
        }
    }
}

/// A value of an address that says nothing, and was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The name of the filter.
    pub field: &'static str,
    /// The value as given, shortened.
    pub value: String,
}

impl Query {
    /// Only words.
    #[must_use]
    pub fn words(words: &str) -> Self {
        Self { words: words.chars().take(MAX_WORDS).collect::<String>().trim().to_owned(), ..Self::default() }
    }

    /// Reads the pairs of an address. What cannot be read is left out and told; names that are not ours are passed over.
    pub fn read<'p>(pairs: impl IntoIterator<Item = (&'p str, &'p str)>, program: &Program) -> (Self, Vec<Notice>) {
        let (mut query, mut notices) = (Self::default(), Vec::new());
        for (name, value) in pairs {
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            let read = match name {
                "q" => {
                    query.words = Self::words(value).words;
                    Some("q")
                }
                "place" => {
                    query.place = PlaceTree::china().get(value).or(query.place);
                    PlaceTree::china().get(value).map(|_| "place")
                }
                "issuer" => {
                    let known = program.catalogue.documents.iter().any(|document| document.issuer.zh == value);
                    query.issuer = known.then(|| value.to_owned()).or(query.issuer);
                    known.then_some("issuer")
                }
                "topic" => {
                    let known = topics(program).any(|(code, _)| code == value);
                    query.topics.extend(known.then(|| value.to_owned()));
                    known.then_some("topic")
                }
                "kind" => {
                    let kind = KINDS.iter().find(|(_, code)| *code == value);
                    query.kinds.extend(kind.map(|(kind, _)| *kind));
                    kind.map(|_| "kind")
                }
                "open" => {
                    query.open = value == "yes";
                    matches!(value, "yes" | "no").then_some("open")
                }
                "at_least" => {
                    let money = amount(value);
                    query.at_least = money.or(query.at_least);
                    money.map(|_| "at_least")
                }
                "sort" => {
                    let sort = Sort::ALL.into_iter().find(|sort| sort.code() == value);
                    query.sort = sort.unwrap_or(query.sort);
                    sort.map(|_| "sort")
                }
                "page" => {
                    let page = value.parse::<usize>().ok().filter(|page| *page > 0);
                    query.page = page.unwrap_or(query.page);
                    page.map(|_| "page")
                }
                _ => continue,
            };
            if read.is_none() {
                let field = FIELDS.into_iter().find(|field| *field == name).unwrap_or_default();
                notices.push(Notice { field, value: value.chars().take(40).collect() });
            }
        }
        (query, notices)
    }

    /// The pairs that say the same in an address; the page is left out where it is the first.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        let mut add = |name, value: Option<String>| pairs.extend(value.map(|value| (name, value)));
        add("q", Some(self.words.clone()).filter(|words| !words.is_empty()));
        add("place", self.place.map(|place| PlaceTree::china().id(place).to_owned()));
        add("issuer", self.issuer.clone());
        self.topics.iter().for_each(|topic| add("topic", Some(topic.clone())));
        self.kinds.iter().for_each(|kind| add("kind", Some(kind_code(*kind).to_owned())));
        add("open", self.open.then(|| "yes".to_owned()));
        add("at_least", self.at_least.map(yuan));
        add("sort", Some(self.sort.code().to_owned()).filter(|_| self.sort != Sort::Best));
        add("page", Some(self.page.to_string()).filter(|_| self.page > 1));
        pairs
    }

    /// Whether anything but words and order is asked.
    #[must_use]
    pub fn filters(&self) -> bool {
        self.place.is_some()
            || self.issuer.is_some()
            || !self.topics.is_empty()
            || !self.kinds.is_empty()
            || self.open
            || self.at_least.is_some()
    }

    /// Whether a measure passes all filters.
    pub(super) fn takes(&self, hit: &Hit<'_>) -> bool {
        Filter::ALL.into_iter().all(|filter| self.passes(hit, filter))
    }

    fn passes(&self, hit: &Hit<'_>, filter: Filter) -> bool {
        let card = hit.card;
        match filter {
            Filter::Place => self.place.is_none_or(|place| card.place.is_some_and(|at| related(at, place))),
            Filter::Issuer => self.issuer.as_ref().is_none_or(|issuer| card.issuer.zh == *issuer),
            Filter::Topic => self.topics.is_empty() || self.topics.contains(&card.topic),
            Filter::Kind => self.kinds.is_empty() || self.kinds.contains(&hit.standing.now.kind),
            Filter::Open => !self.open || hit.standing.open(),
            Filter::AtLeast => self.at_least.is_none_or(|least| {
                let now = hit.standing.now;
                match now.money() {
                    Some(most) => most >= least || matches!(now.most, Most::Each(..)),
                    None => now.kind == AwardKind::Money && now.most == Most::NoCeiling,
                }
            }),
        }
    }
}

/// The names in addresses.
const FIELDS: [&str; 9] = ["q", "place", "issuer", "topic", "kind", "open", "at_least", "sort", "page"];

/// A kind's name in addresses.
#[must_use]
pub fn kind_code(kind: AwardKind) -> &'static str {
    KINDS.iter().find(|(known, _)| *known == kind).map_or("", |(_, code)| *code)
}

/// An amount as people type it: a bare number means yuan.
fn amount(text: &str) -> Option<Money> {
    let money = Money::parse(text).or_else(|_| Money::parse(&format!("{text}元"))).ok()?;
    Some(money).filter(|money| money.fen() >= 0)
}

/// Money in an address: yuan, and fen where there are any.
fn yuan(money: Money) -> String {
    match money.fen() % 100 {
        0 => (money.fen() / 100).to_string(),
        fen => format!("{}.{fen:02}", money.fen() / 100),
    }
}

/// The topics of the vocabulary.
fn topics(program: &Program) -> impl Iterator<Item = (&str, &Text)> {
    let list = program.vocabulary.codes.iter().find(|list| list.name == "topic");
    list.into_iter().flat_map(|list| &list.values).map(|(code, label)| (code.as_str(), label))
}

/// Whether a policy of a place may concern somebody in another: one lies in the other.
pub(crate) fn related(policy: PlaceId, place: PlaceId) -> bool {
    let tree = PlaceTree::china();
    tree.within(place, policy) || tree.within(policy, place)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Filter {
    Place,
    Issuer,
    Topic,
    Kind,
    Open,
    AtLeast,
}

impl Filter {
    const ALL: [Self; 6] = [Self::Place, Self::Issuer, Self::Topic, Self::Kind, Self::Open, Self::AtLeast];
}

/// A choice of a filter, and how many measures it would show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count<K> {
    /// The choice.
    pub key: K,
    /// How many, with all other filters as they are.
    pub n: usize,
}

/// How many measures each choice of each filter would show, with all other filters as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// By place, in the order of the tree.
    pub places: Vec<Count<PlaceId>>,
    /// By issuer, the one with the most first.
    pub issuers: Vec<Count<Text>>,
    /// By code of a topic, the one with the most first.
    pub topics: Vec<Count<String>>,
    /// By kind of benefit, the one with the most first.
    pub kinds: Vec<Count<AwardKind>>,
    /// Those that can be applied for on the day.
    pub open: usize,
}

/// Counts the choices among the measures that answer the words.
pub(super) fn facets(query: &Query, all: &[(Hit<'_>, u32)]) -> Facets {
    let others = |filter: Filter| {
        all.iter().map(|(hit, _)| hit).filter(move |hit| {
            Filter::ALL.into_iter().filter(|other| *other != filter).all(|other| query.passes(hit, other))
        })
    };
    let mut issuers: BTreeMap<&str, Count<Text>> = BTreeMap::new();
    for hit in others(Filter::Issuer) {
        let issuer = &hit.card.issuer;
        issuers.entry(&issuer.zh).or_insert_with(|| Count { key: issuer.clone(), n: 0 }).n += 1;
    }
    let places: Vec<PlaceId> = others(Filter::Place).filter_map(|hit| hit.card.place).collect();
    // a place is offered where a policy is made for it; what it shows are the policies that may concern it
    let offered: BTreeSet<PlaceId> = places.iter().copied().chain(query.place).collect();
    let count = |place: PlaceId| places.iter().filter(|policy| related(**policy, place)).count();
    Facets {
        places: PlaceTree::china()
            .iter()
            .filter(|place| offered.contains(place))
            .map(|place| Count { key: place, n: count(place) })
            .collect(),
        issuers: ordered(issuers.into_values().collect()),
        topics: ordered(tally(others(Filter::Topic).map(|hit| hit.card.topic.clone()), query.topics.iter().cloned())),
        kinds: ordered(tally(others(Filter::Kind).map(|hit| hit.standing.now.kind), query.kinds.iter().copied())),
        open: others(Filter::Open).filter(|hit| hit.standing.open()).count(),
    }
}

/// How often each key is there; the chosen ones too, where they are not.
fn tally<K: Ord>(keys: impl Iterator<Item = K>, chosen: impl Iterator<Item = K>) -> Vec<Count<K>> {
    let mut counts: BTreeMap<K, usize> = chosen.map(|key| (key, 0)).collect();
    keys.for_each(|key| *counts.entry(key).or_default() += 1);
    counts.into_iter().map(|(key, n)| Count { key, n }).collect()
}

fn ordered<K>(mut counts: Vec<Count<K>>) -> Vec<Count<K>> {
    counts.sort_by_key(|count| Reverse(count.n));
    counts
}

/// Brings measures with their scores into order.
pub(super) fn sort(hits: &mut [(Hit<'_>, u32)], query: &Query, words: bool) {
    // the largest stated amount first, then amounts without a stated ceiling, then what is not money
    let amount = |hit: &Hit<'_>| {
        let now = hit.standing.now;
        let money = now.money().map_or(-1, Money::fen);
        (Reverse(money), !(now.kind == AwardKind::Money && now.most == Most::NoCeiling))
    };
    let shut = |hit: &Hit<'_>| !hit.standing.open();
    let id = |hit: &Hit<'_>| hit.card.id.clone();
    let far = |hit: &Hit<'_>| query.near.is_some_and(|near| !hit.card.place.is_some_and(|at| related(at, near)));
    match query.sort {
        Sort::Best if words => {
            // what cannot be had on the day, or not here, must answer clearly better to come first
            let better = |hit: &Hit<'_>, score: u32| {
                let less = u32::from(shut(hit)) + u32::from(far(hit));
                Reverse(score * (4 - less))
            };
            hits.sort_by_cached_key(|(hit, score)| (better(hit, *score), shut(hit), amount(hit), id(hit)));
        }
        Sort::Best => hits.sort_by_cached_key(|(hit, _)| (shut(hit), far(hit), amount(hit), id(hit))),
        Sort::Amount => hits.sort_by_cached_key(|(hit, _)| (amount(hit), shut(hit), id(hit))),
        Sort::Deadline => hits.sort_by_cached_key(|(hit, _)| {
            let end = hit.standing.deadline().unwrap_or(Date::MAX);
            // what is over comes last, the one that ended last first
            let over = if shut(hit) { Reverse(end) } else { Reverse(Date::MAX) };
            (shut(hit), if shut(hit) { Date::MAX } else { end }, over, amount(hit), id(hit))
        }),
        Sort::Newest => {
            hits.sort_by_cached_key(|(hit, _)| (Reverse(hit.standing.now.known_from), amount(hit), id(hit)))
        }
    }
}
