//! Candidates that rules connect, as the search sees them: what taking one pays, what it leaves, what can still come.

use super::Taken;

/// The most candidates that are searched together: one bit each.
pub(super) const MOST_MEMBERS: usize = 128;
/// A slot that binds nobody (yet).
pub(super) const UNBOUND: i128 = i128::MAX;

/// What an item reads and changes in the state of the rules (“slots”).
#[derive(Clone, Copy, Debug)]
pub(super) enum Role {
    /// Bounded by a slot, and uses it up.
    Capped(usize),
    /// The owner of a ceiling: bounded by `own`; once it is paid, `bound` holds for the others.
    Owner { own: usize, bound: usize },
    /// One of the others of a ceiling: bounded by `bound`; uses up both.
    Other { own: usize, bound: usize },
}

impl Role {
    /// The slot that bounds the item.
    pub(super) fn reads(self) -> usize {
        match self {
            Self::Capped(slot) | Self::Owner { own: slot, .. } | Self::Other { bound: slot, .. } => slot,
        }
    }
}

#[derive(Debug)]
pub(super) struct Item {
    /// Its amount.
    pub(super) amount: i128,
    /// The amounts of the candidate's items before it: a ladder deducts from these first.
    pub(super) before: i128,
    /// The most it can ever be paid.
    pub(super) most: i128,
    pub(super) roles: Vec<Role>,
}

#[derive(Debug)]
pub(super) struct Member {
    /// Its number for the caller.
    pub(super) candidate: usize,
    pub(super) items: Vec<Item>,
    /// The sum of its amounts.
    pub(super) amount: i128,
    /// Slots of its ladders: what is deducted.
    pub(super) ladders: Vec<usize>,
    /// The members with which it cannot be taken together.
    pub(super) excluded: u128,
    /// The members that share a cap, ceiling or ladder with it: only among these the order matters.
    pub(super) related: u128,
    /// Of the members of one class at most one is taken.
    pub(super) class: usize,
}

/// Which room bounds a group of items together, for the upper bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Home {
    Slot(usize),
    Ladder(usize),
    Free,
}

/// One item in the order in which the upper bound adds up.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) home: Home,
    pub(super) class: usize,
    pub(super) member: usize,
    pub(super) item: usize,
}

/// Candidates that rules connect. Members are numbered from 0 in the order of the candidates.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) members: Vec<Member>,
    /// The slots before anything is taken: room that is left, or what a ladder deducts.
    pub(super) start: Vec<i128>,
    /// For each slot the members that read it.
    pub(super) readers: Vec<u128>,
    pub(super) rows: Vec<Row>,
    /// Whether all candidates could be kept.
    pub(super) whole: bool,
}

/// Upper bounds of what can still be paid, kept between computations to save allocations.
#[derive(Debug, Default)]
pub(super) struct Bounds {
    /// For each member.
    pub(super) members: Vec<i128>,
    /// For each class.
    classes: Vec<i128>,
}

/// The bit of a member.
pub(super) fn bit(member: usize) -> u128 {
    if member < MOST_MEMBERS { 1 << member } else { 0 }
}

/// The members of a set, in order.
pub(super) fn members(mut set: u128) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let next = set.trailing_zeros();
        set &= set.wrapping_sub(1);
        (next < u128::BITS).then_some(next as usize)
    })
}

fn at(slots: &[i128], slot: usize) -> i128 {
    slots.get(slot).copied().unwrap_or(0)
}

fn use_up(slots: &mut [i128], slot: usize, paid: i128) {
    if let Some(left) = slots.get_mut(slot)
        && *left != UNBOUND
    {
        *left = left.saturating_sub(paid).max(0);
    }
}

/// What a ladder leaves of an item when it deducts `deducted` from the sum of the candidate's items.
pub(super) fn above(deducted: i128, before: i128, amount: i128) -> i128 {
    amount - deducted.saturating_sub(before).clamp(0, amount)
}

impl Part {
    /// All members.
    pub(super) fn everyone(&self) -> u128 {
        (0..self.members.len()).fold(0, |set, member| set | bit(member))
    }

    /// How much one state of the search holds: numbers for slots and items.
    pub(super) fn weight(&self) -> usize {
        self.start.len() + self.rows.len()
    }

    /// The slots before anything is taken.
    pub(super) fn start(&self) -> Vec<i128> {
        self.start.clone()
    }

    /// Whether taking `a` and `b` one after the other comes to the same in either order.
    pub(super) fn commute(&self, a: usize, b: usize) -> bool {
        self.members.get(a).is_none_or(|member| member.related & bit(b) == 0)
    }

    /// The members that could still be paid something after `member` is taken from `open`. Slots that none of them
    /// reads are cleared, so that states with the same future are equal.
    pub(super) fn close(&self, open: u128, member: usize, slots: &mut [i128]) -> u128 {
        let excluded = self.members.get(member).map_or(0, |member| member.excluded);
        let mut open = open & !bit(member) & !excluded;
        for other in members(open) {
            if !self.pays(other, slots) {
                open &= !bit(other); // for good, because what the rules leave never grows
            }
        }
        for (slot, readers) in slots.iter_mut().zip(&self.readers) {
            if readers & open == 0 {
                *slot = 0;
            }
        }
        open
    }

    /// Whether `member` is paid anything if it is taken now.
    fn pays(&self, member: usize, slots: &[i128]) -> bool {
        self.members
            .get(member)
            .is_some_and(|member| member.items.iter().any(|item| Self::payable(member, item, slots) > 0))
    }

    /// What an item could be paid now if it were the first of its candidate.
    fn payable(member: &Member, item: &Item, slots: &[i128]) -> i128 {
        let mut least = item.most;
        for role in &item.roles {
            least = least.min(at(slots, role.reads()));
        }
        for ladder in &member.ladders {
            least = least.min(above(at(slots, *ladder), item.before, item.amount));
        }
        least
    }

    /// Takes `member`: changes the slots, reports what each item is paid and returns the sum.
    pub(super) fn take(&self, member: usize, slots: &mut [i128], mut report: impl FnMut(i128)) -> i128 {
        let Some(member) = self.members.get(member) else { return 0 };
        let mut sum: i128 = 0;
        for item in &member.items {
            let paid = Self::payable(member, item, slots);
            report(paid);
            if paid == 0 {
                continue; // an owner that is paid nothing binds nobody
            }
            sum = sum.saturating_add(paid);
            for role in &item.roles {
                match *role {
                    Role::Capped(slot) => use_up(slots, slot, paid),
                    Role::Owner { own, bound } => {
                        let left = at(slots, own).saturating_sub(paid);
                        if let Some(bound) = slots.get_mut(bound) {
                            *bound = left;
                        }
                    }
                    Role::Other { own, bound } => {
                        use_up(slots, own, paid);
                        use_up(slots, bound, paid);
                    }
                }
            }
        }
        // afterwards, because a candidate is not a step above itself
        for ladder in &member.ladders {
            if let Some(deducted) = slots.get_mut(*ladder) {
                *deducted = deducted.saturating_add(sum);
            }
        }
        sum
    }

    /// What is paid when members are taken in this order.
    pub(super) fn replay(&self, order: &[u8]) -> Vec<Taken> {
        let mut slots = self.start();
        let mut taken = Vec::with_capacity(order.len());
        for member in order.iter().map(|member| usize::from(*member)) {
            let mut paid = Vec::new();
            self.take(member, &mut slots, |item| paid.push(item));
            if let Some(member) = self.members.get(member) {
                taken.push(Taken { candidate: member.candidate, paid });
            }
        }
        taken
    }

    /// An upper bound of what the `open` members can still add. The bounds become those of the members.
    pub(super) fn reach(&self, open: u128, slots: &[i128], bounds: &mut Bounds) -> i128 {
        for list in [&mut bounds.members, &mut bounds.classes] {
            list.clear();
            list.resize(self.members.len(), 0);
        }
        let mut by_home: i128 = 0;
        for home in self.rows.chunk_by(|a, b| a.home == b.home) {
            let mut sum: i128 = 0;
            for class in home.chunk_by(|a, b| a.class == b.class) {
                let mut greatest = 0;
                for rows in class.chunk_by(|a, b| a.member == b.member) {
                    greatest = greatest.max(self.rows_value(rows, open, slots, &mut bounds.members));
                }
                sum = sum.saturating_add(greatest);
            }
            by_home = by_home.saturating_add(sum.min(self.room(home, open, slots)));
        }
        for (member, value) in self.members.iter().zip(&bounds.members) {
            if let Some(greatest) = bounds.classes.get_mut(member.class) {
                *greatest = (*greatest).max(*value);
            }
        }
        let by_class = bounds.classes.iter().fold(0, |sum: i128, greatest| sum.saturating_add(*greatest));
        by_class.min(by_home)
    }

    /// An upper bound for some items of one member, added to its entry in `bounds`.
    fn rows_value(&self, rows: &[Row], open: u128, slots: &[i128], bounds: &mut [i128]) -> i128 {
        let mut sum: i128 = 0;
        let mut at_member = 0;
        for row in rows.iter().filter(|row| open & bit(row.member) != 0) {
            let Some(member) = self.members.get(row.member) else { continue };
            let Some(item) = member.items.get(row.item) else { continue };
            sum = sum.saturating_add(Self::payable(member, item, slots));
            at_member = row.member;
        }
        if let Some(bound) = bounds.get_mut(at_member) {
            *bound = bound.saturating_add(sum);
        }
        sum
    }

    /// What all items of a home can be paid together from now on.
    fn room(&self, home: &[Row], open: u128, slots: &[i128]) -> i128 {
        match home.first().map(|row| row.home) {
            Some(Home::Slot(slot)) => at(slots, slot),
            // whatever the order, a ladder ends no higher than its highest step
            Some(Home::Ladder(slot)) => {
                let steps = self.readers.get(slot).map_or(0, |readers| readers & open);
                let highest = members(steps).filter_map(|step| self.members.get(step)).map(|step| step.amount).max();
                highest.unwrap_or(0).saturating_sub(at(slots, slot)).max(0)
            }
            Some(Home::Free) | None => UNBOUND,
        }
    }
}
