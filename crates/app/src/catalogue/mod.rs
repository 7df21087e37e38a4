//! The catalogue as people look through it: search, filters, what stands where on a day, and what has changed.

mod changes;
mod examples;
mod filter;
mod index;
mod search;
mod words;

#[cfg(test)]
pub(crate) mod tests;

pub use changes::{Change, ChangeKind, within_year};
pub use examples::{Example, Given};
pub(crate) use filter::related;
pub use filter::{Count, Facets, KINDS, MAX_WORDS, Notice, PER_PAGE, Query, Sort, kind_code};
pub use index::{Amount, Card, CardVersion, Index, Most, Standing};

use domain::Date;

use crate::Kapok;

/// A measure that was found, as it stands on the day.
#[derive(Clone, Debug)]
pub struct Hit<'a> {
    /// The measure.
    pub card: &'a Card,
    /// How it stands on the day.
    pub standing: Standing<'a>,
}

/// What a query finds.
#[derive(Clone, Debug)]
pub struct Found<'a> {
    /// The measures of the page that was asked for, in order.
    pub hits: Vec<Hit<'a>>,
    /// How many there are on all pages.
    pub total: usize,
    /// The page, from 1; the last one where a later one was asked for.
    pub page: usize,
    /// How many pages there are, at least 1.
    pub pages: usize,
    /// How many each choice of a filter would show.
    pub facets: Facets,
}

impl Kapok {
    /// What is known of every measure, made when it is first asked for.
    pub fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::new(&self.program))
    }

    /// The measures that a query asks for, as they stand on a day.
    pub fn search(&self, query: &Query, on: Date) -> Found<'_> {
        let index = self.index();
        let scores = index.scores(&query.words);
        let all: Vec<(Hit<'_>, u32)> = index
            .cards
            .iter()
            .enumerate()
            .map(|(card, found)| {
                let standing = found.on(&self.program, on);
                (
                    Hit { card: found, standing },
                    scores.as_ref().map_or(1, |scores| scores.get(card).copied().unwrap_or(0)),
                )
            })
            .filter(|(_, score)| *score > 0)
            .collect();
        let facets = filter::facets(query, &all);
        let mut kept: Vec<(Hit<'_>, u32)> = all.into_iter().filter(|(hit, _)| query.takes(hit)).collect();
        filter::sort(&mut kept, query, scores.is_some());
        let (total, size) = (kept.len(), query.per_page.max(1));
        let pages = total.div_ceil(size).max(1);
        let page = query.page.clamp(1, pages);
        let hits = kept.into_iter().map(|(hit, _)| hit).skip((page - 1) * size).take(size).collect();
        Found { hits, total, page, pages, facets }
    }
}
