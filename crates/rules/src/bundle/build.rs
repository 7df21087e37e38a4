//! From candidates and rules to parts: what can never matter is dropped, what no rule connects is separated.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::part::{Home, Item, MOST_MEMBERS, Member, Part, Role, Row, UNBOUND, above, bit, members};
use super::{Candidate, ItemRef, Rule};

/// For each item that can be paid something: the most it can ever be paid.
type Most = BTreeMap<ItemRef, i128>;

/// A rule that can matter, with references in order, without repetitions and without what cannot be paid.
struct Binding {
    /// The candidates that it connects.
    touches: BTreeSet<usize>,
    kind: Kind,
}

enum Kind {
    Exclusive,
    Cap { items: BTreeSet<ItemRef>, room: i128 },
    Ceiling { owner: ItemRef, others: BTreeSet<ItemRef>, room: i128 },
    Ladder { received: i128 },
}

/// The parts that no rule connects, in the order of their first candidates. Candidates that cannot be paid are in none.
pub(super) fn split(candidates: &[Candidate], rules: &[Rule]) -> Vec<Part> {
    let most = most(candidates, rules);
    let live: BTreeSet<usize> = most.keys().map(|item| item.candidate).collect();
    let bindings: Vec<Binding> = rules.iter().filter_map(|rule| binding(rule, &live, &most)).collect();
    connected(&live, &bindings)
        .into_iter()
        .map(|group| {
            let kept = largest(&group, &most);
            let mut builder = Builder::new(candidates, &kept, &most);
            bindings
                .iter()
                .filter(|rule| rule.touches.first().is_some_and(|c| group.contains(c)))
                .for_each(|rule| builder.add(rule));
            builder.finish(kept.len() == group.len())
        })
        .collect()
}

/// The most each item can be paid under each rule by itself, where that is more than nothing.
fn most(candidates: &[Candidate], rules: &[Rule]) -> Most {
    let mut most = Most::new();
    for (candidate, body) in candidates.iter().enumerate() {
        for (item, amount) in body.items.iter().enumerate() {
            most.insert(ItemRef { candidate, item }, (*amount).max(0));
        }
    }
    let lower = |most: &mut Most, at: &ItemRef, bound: i128| {
        if let Some(most) = most.get_mut(at) {
            *most = (*most).min(bound.max(0));
        }
    };
    for rule in rules {
        match rule {
            Rule::Exclusive(_) => {}
            Rule::Cap { items, room } => items.iter().for_each(|item| lower(&mut most, item, *room)),
            Rule::Ceiling { owner, room, .. } => lower(&mut most, owner, *room),
            Rule::Ladder { candidates: steps, received } => {
                for candidate in steps {
                    let mut before: i128 = 0;
                    for (item, amount) in
                        candidates.get(*candidate).into_iter().flat_map(|body| body.items.iter().enumerate())
                    {
                        let amount = (*amount).max(0);
                        lower(
                            &mut most,
                            &ItemRef { candidate: *candidate, item },
                            above((*received).max(0), before, amount),
                        );
                        before = before.saturating_add(amount);
                    }
                }
            }
        }
    }
    most.retain(|_, most| *most > 0);
    most
}

/// The rule without what cannot matter; none if it never binds more than [`most`] already says.
fn binding(rule: &Rule, live: &BTreeSet<usize>, most: &Most) -> Option<Binding> {
    let alive = |named: &[usize]| named.iter().filter(|c| live.contains(c)).copied().collect::<BTreeSet<_>>();
    let payable =
        |named: &[ItemRef]| named.iter().filter(|item| most.contains_key(item)).copied().collect::<BTreeSet<_>>();
    let sum = |items: &BTreeSet<ItemRef>| {
        items.iter().filter_map(|item| most.get(item)).fold(0, |a: i128, b| a.saturating_add(*b))
    };
    let (touches, kind) = match rule {
        Rule::Exclusive(named) => (alive(named), Kind::Exclusive),
        Rule::Ladder { candidates, received } => (alive(candidates), Kind::Ladder { received: (*received).max(0) }),
        Rule::Cap { items, room } => {
            let (items, room) = (payable(items), (*room).max(0));
            let touches = items.iter().map(|item| item.candidate).collect();
            return (sum(&items) > room).then_some(Binding { touches, kind: Kind::Cap { items, room } });
        }
        Rule::Ceiling { owner, others, room } => {
            let (mut others, own, room) = (payable(others), *most.get(owner)?, (*room).max(0));
            others.remove(owner);
            let binds = !others.is_empty() && sum(&others).saturating_add(own) > room;
            let touches = others.iter().chain([owner]).map(|item| item.candidate).collect();
            return binds.then_some(Binding { touches, kind: Kind::Ceiling { owner: *owner, others, room } });
        }
    };
    (touches.len() > 1).then_some(Binding { touches, kind })
}

/// The candidates grouped so that no rule connects two groups.
fn connected(live: &BTreeSet<usize>, bindings: &[Binding]) -> Vec<BTreeSet<usize>> {
    let mut groups: Vec<BTreeSet<usize>> = live.iter().map(|candidate| BTreeSet::from([*candidate])).collect();
    for rule in bindings {
        let (joined, apart): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| !group.is_disjoint(&rule.touches));
        groups = apart;
        groups.push(joined.into_iter().flatten().collect());
    }
    groups.sort();
    groups
}

/// As many candidates as can be searched together, the greatest first.
fn largest(group: &BTreeSet<usize>, most: &Most) -> BTreeSet<usize> {
    if group.len() <= MOST_MEMBERS {
        return group.clone();
    }
    let mut sums: BTreeMap<usize, i128> = group.iter().map(|candidate| (*candidate, 0)).collect();
    for (item, most) in most {
        if let Some(sum) = sums.get_mut(&item.candidate) {
            *sum = sum.saturating_add(*most);
        }
    }
    let mut order: Vec<(Reverse<i128>, usize)> =
        sums.into_iter().map(|(candidate, sum)| (Reverse(sum), candidate)).collect();
    order.sort();
    order.into_iter().take(MOST_MEMBERS).map(|(_, candidate)| candidate).collect()
}

/// A part under construction.
struct Builder {
    members: Vec<Member>,
    /// The member that a candidate became.
    numbers: BTreeMap<usize, usize>,
    start: Vec<i128>,
    readers: Vec<u128>,
    /// For each slot its home, and how much more than the room its items could take: the tighter, the better a home.
    homes: Vec<(i128, Home)>,
    /// Members that have a class.
    classed: u128,
}

impl Builder {
    fn new(candidates: &[Candidate], kept: &BTreeSet<usize>, most: &Most) -> Self {
        let mut members = Vec::new();
        for (candidate, body) in kept.iter().filter_map(|c| candidates.get(*c).map(|body| (*c, body))) {
            let mut before: i128 = 0;
            let mut items = Vec::new();
            for (item, amount) in body.items.iter().enumerate() {
                let amount = (*amount).max(0);
                let most = most.get(&ItemRef { candidate, item }).copied().unwrap_or(0);
                items.push(Item { amount, before, most, roles: Vec::new() });
                before = before.saturating_add(amount);
            }
            let class = members.len();
            members.push(Member {
                candidate,
                items,
                amount: before,
                ladders: Vec::new(),
                excluded: 0,
                related: 0,
                class,
            });
        }
        let numbers = members.iter().enumerate().map(|(number, member)| (member.candidate, number)).collect();
        Self { members, numbers, start: Vec::new(), readers: Vec::new(), homes: Vec::new(), classed: 0 }
    }

    /// The members that candidates became.
    fn set<'a>(&self, candidates: impl IntoIterator<Item = &'a usize>) -> u128 {
        candidates
            .into_iter()
            .filter_map(|candidate| self.numbers.get(candidate))
            .fold(0, |set, number| set | bit(*number))
    }

    /// A new slot.
    fn slot(&mut self, start: i128, readers: u128) -> usize {
        let slot = self.start.len();
        self.start.push(start);
        self.readers.push(readers);
        self.homes.push((0, Home::Slot(slot)));
        slot
    }

    /// Gives an item a role; returns the most it can be paid.
    fn assign(&mut self, at: &ItemRef, role: Role) -> i128 {
        let member = self.numbers.get(&at.candidate).and_then(|number| self.members.get_mut(*number));
        let Some(item) = member.and_then(|member| member.items.get_mut(at.item)) else { return 0 };
        item.roles.push(role);
        item.most
    }

    fn change(&mut self, set: u128, mut change: impl FnMut(usize, &mut Member)) {
        for number in members(set) {
            if let Some(member) = self.members.get_mut(number) {
                change(number, member);
            }
        }
    }

    fn add(&mut self, rule: &Binding) {
        let touched = self.set(&rule.touches);
        match &rule.kind {
            Kind::Exclusive => return self.exclude(touched),
            Kind::Cap { items, room } => {
                let slot = self.slot(*room, touched);
                let demand =
                    items.iter().fold(0, |sum: i128, item| sum.saturating_add(self.assign(item, Role::Capped(slot))));
                self.rate(slot, demand.saturating_sub(*room), Home::Slot(slot));
            }
            Kind::Ceiling { owner, others, room } => {
                let own = self.slot(*room, self.set([&owner.candidate]));
                let bound = self.slot(UNBOUND, self.set(others.iter().map(|item| &item.candidate)));
                self.assign(owner, Role::Owner { own, bound });
                others.iter().for_each(|item| {
                    self.assign(item, Role::Other { own, bound });
                });
            }
            Kind::Ladder { received } => {
                let slot = self.slot(*received, touched);
                let (mut demand, mut highest): (i128, i128) = (0, 0);
                self.change(touched, |_, member| {
                    member.ladders.push(slot);
                    demand = demand.saturating_add(member.amount.saturating_sub(*received));
                    highest = highest.max(member.amount.saturating_sub(*received));
                });
                self.rate(slot, demand.saturating_sub(highest), Home::Ladder(slot));
            }
        }
        self.change(touched, |_, member| member.related |= touched);
    }

    /// Excludes members from each other. Those without a class become one: at most one of any of them is taken, too.
    fn exclude(&mut self, set: u128) {
        let new = set & !self.classed;
        self.classed |= new;
        let class = members(new).next();
        self.change(set, |number, member| {
            member.excluded |= set & !bit(number);
            if new & bit(number) != 0 {
                member.class = class.unwrap_or(member.class);
            }
        });
    }

    fn rate(&mut self, slot: usize, excess: i128, home: Home) {
        if let Some(entry) = self.homes.get_mut(slot) {
            *entry = (excess, home);
        }
    }

    /// The tightest of the rooms that bound an item.
    fn home(&self, member: &Member, item: &Item) -> Home {
        let rooms = item.roles.iter().filter(|role| !matches!(role, Role::Owner { .. })).map(|role| role.reads());
        let slots = rooms.chain(member.ladders.iter().copied());
        slots.filter_map(|slot| self.homes.get(slot)).max().map_or(Home::Free, |(_, home)| *home)
    }

    fn finish(self, whole: bool) -> Part {
        let mut rows = Vec::new();
        for (number, member) in self.members.iter().enumerate() {
            for (place, item) in member.items.iter().enumerate().filter(|(_, item)| item.most > 0) {
                rows.push(Row { home: self.home(member, item), class: member.class, member: number, item: place });
            }
        }
        rows.sort_by_key(|row| (row.home, row.class, row.member, row.item));
        Part { members: self.members, start: self.start, readers: self.readers, rows, whole }
    }
}
