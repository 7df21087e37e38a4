//! Which candidates for the best bundle have to do with each other.

use crate::bundle::Rule;

/// The candidates that a rule names.
pub(super) fn touched(rule: &Rule) -> Box<dyn Iterator<Item = usize> + '_> {
    match rule {
        Rule::Exclusive(set) => Box::new(set.iter().copied()),
        Rule::Ladder { candidates, .. } => Box::new(candidates.iter().copied()),
        Rule::Cap { items, .. } => Box::new(items.iter().map(|item| item.candidate)),
        Rule::Ceiling { owner, others, .. } => {
            Box::new(others.iter().map(|item| item.candidate).chain([owner.candidate]))
        }
    }
}

/// Candidates that rules tie together, directly or through others. What happens in one group changes nothing in another.
pub(super) struct Groups {
    /// For each candidate the first of its group.
    first: Vec<usize>,
    /// Candidates that a rule ties to another one.
    tied: Vec<bool>,
    /// Candidates that some rule names.
    named: Vec<bool>,
}

impl Groups {
    /// The groups of so many candidates under these rules.
    pub(super) fn of<'r>(count: usize, rules: impl Iterator<Item = &'r Rule>) -> Self {
        let mut groups = Self { first: (0..count).collect(), tied: vec![false; count], named: vec![false; count] };
        for rule in rules {
            let Some(one) = touched(rule).next() else { continue };
            mark(&mut groups.named, one);
            for other in touched(rule).filter(|other| *other != one) {
                groups.join(one, other);
            }
        }
        groups
    }

    fn join(&mut self, one: usize, other: usize) {
        for candidate in [one, other] {
            mark(&mut self.tied, candidate);
            mark(&mut self.named, candidate);
        }
        let (a, b) = (self.first(one), self.first(other));
        let (kept, gone) = (a.min(b), a.max(b));
        if kept != gone {
            self.first.iter_mut().filter(|first| **first == gone).for_each(|first| *first = kept);
        }
    }

    /// The first candidate of the group that a candidate is in.
    pub(super) fn first(&self, candidate: usize) -> usize {
        self.first.get(candidate).copied().unwrap_or(candidate)
    }

    /// Whether no rule ties the candidate to another one.
    pub(super) fn alone(&self, candidate: usize) -> bool {
        !self.tied.get(candidate).copied().unwrap_or(false)
    }

    /// Whether no rule names the candidate at all.
    pub(super) fn free(&self, candidate: usize) -> bool {
        !self.named.get(candidate).copied().unwrap_or(true)
    }
}

fn mark(flags: &mut [bool], candidate: usize) {
    if let Some(flag) = flags.get_mut(candidate) {
        *flag = true;
    }
}
