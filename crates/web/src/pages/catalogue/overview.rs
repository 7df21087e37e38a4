//! `/catalogue/overview`: the catalogue at a glance: what there is by topic and level, when windows are open, where the
//! largest amounts are. Each chart has its table.

use std::collections::BTreeMap;

use app::catalogue::{Card, Query, Sort, within_year};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::Date;
use rules::labels;
use serde::Serialize;

use super::{address, most};
use crate::error::WebError;
use crate::pages::html;
use crate::show;
use crate::state::App;
use crate::visitor::Visitor;

/// The levels, from the country down.
const LEVELS: [&str; 5] = ["national", "province", "city", "district", "press"];
/// Measures with the largest amounts that are shown.
const LARGEST: usize = 20;

#[derive(Template)]
#[template(path = "catalogue/overview.html")]
struct Overview {
    v: Visitor,
    year: i32,
    levels: Vec<String>,
    topics: Vec<TopicRow>,
    windows: Vec<WindowRow>,
    largest: Vec<AmountRow>,
    /// What the charts are drawn from.
    data: String,
}

struct TopicRow {
    href: String,
    name: String,
    counts: Vec<usize>,
    total: usize,
}

struct WindowRow {
    href: String,
    name: String,
    place: String,
    dates: String,
}

struct AmountRow {
    href: String,
    name: String,
    place: String,
    most: String,
}

/// What `overview.js` draws; every text in it is in the visitor's language.
#[derive(Serialize)]
struct Data {
    levels: Vec<String>,
    topics: Vec<TopicData>,
    year: i32,
    /// Today's day of the year, from 0.
    today: i32,
    months: Vec<Month>,
    windows: Vec<WindowData>,
    largest: Vec<AmountData>,
}

#[derive(Serialize)]
struct TopicData {
    name: String,
    href: String,
    counts: Vec<usize>,
}

#[derive(Serialize)]
struct Month {
    /// Its first day of the year, from 0.
    from: i32,
    name: String,
}

#[derive(Serialize)]
struct WindowData {
    name: String,
    href: String,
    from: i32,
    days: i32,
    dates: String,
}

#[derive(Serialize)]
struct AmountData {
    name: String,
    href: String,
    /// In yuan.
    amount: i64,
    text: String,
}

/// `GET /catalogue/overview`
pub async fn get(State(app): State<App>, v: Visitor) -> Result<Response, WebError> {
    let today = app.today();
    let cards = &app.kapok().index().cards;
    let topics = topics(&v, cards);
    let windows = windows(&v, cards, today);
    let largest = largest(&app, &v);
    let levels: Vec<String> = LEVELS.iter().map(|level| v.l.text(&labels::level(level)).to_owned()).collect();
    let (first, year) = (Date::new(today.year(), 1, 1).unwrap_or(today), today.year());
    let months = (1..=12)
        .filter_map(|month| Date::new(year, month, 1))
        .map(|day| Month { from: first.days_until(day), name: show::month_name(day.month(), v.l) });
    let data = Data {
        levels: levels.clone(),
        topics: topics
            .iter()
            .map(|row| TopicData { name: row.name.clone(), href: row.href.clone(), counts: row.counts.clone() })
            .collect(),
        year,
        today: first.days_until(today),
        months: months.collect(),
        windows: windows
            .iter()
            .map(|(row, from, to)| WindowData {
                name: row.name.clone(),
                href: row.href.clone(),
                from: first.days_until(*from),
                days: from.days_until(*to) + 1,
                dates: row.dates.clone(),
            })
            .collect(),
        largest: largest
            .iter()
            .map(|(row, amount)| AmountData {
                name: row.name.clone(),
                href: row.href.clone(),
                amount: *amount,
                text: row.most.clone(),
            })
            .collect(),
    };
    let data = serde_json::to_string(&data).map_err(|error| WebError::Internal(error.to_string()))?;
    html(&Overview {
        year,
        levels,
        topics,
        windows: windows.into_iter().map(|(row, ..)| row).collect(),
        largest: largest.into_iter().map(|(row, _)| row).collect(),
        // nothing in it can end the script that holds it
        data: data.replace('<', "\\u003c"),
        v,
    })
}

/// How many measures there are of each topic on each level, the topic with the most first.
fn topics(v: &Visitor, cards: &[Card]) -> Vec<TopicRow> {
    let mut by_topic: BTreeMap<&str, TopicRow> = BTreeMap::new();
    for card in cards {
        let row = by_topic.entry(&card.topic).or_insert_with(|| TopicRow {
            href: format!("/catalogue?topic={}", card.topic),
            name: v.l.text(&card.topic_label).to_owned(),
            counts: vec![0; LEVELS.len()],
            total: 0,
        });
        row.total += 1;
        for (count, _) in row.counts.iter_mut().zip(LEVELS).filter(|(_, level)| *level == card.level) {
            *count += 1;
        }
    }
    let mut rows: Vec<TopicRow> = by_topic.into_values().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.total));
    rows
}

/// The windows of this year with a stated end, in order, with the days of the year that they cover.
fn windows(v: &Visitor, cards: &[Card], today: Date) -> Vec<(WindowRow, Date, Date)> {
    let mut windows = Vec::new();
    for card in cards {
        for (index, version) in card.versions.iter().enumerate() {
            let Some(window) = version.window else { continue };
            if let Some((from, to)) = within_year(window, today.year()) {
                let row = WindowRow {
                    href: format!("{}?version={}", address(&card.id), index + 1),
                    name: v.l.text(&card.name).to_owned(),
                    place: card.place.map(|place| show::place(place, v.l).to_owned()).unwrap_or_default(),
                    dates: v.l.text(&labels::period(window)).to_owned(),
                };
                windows.push((row, from, to));
            }
        }
    }
    windows.sort_by_key(|(_, from, to)| (*from, *to));
    windows
}

/// The measures with the largest stated amounts of money among those that are open, in yuan.
fn largest(app: &App, v: &Visitor) -> Vec<(AmountRow, i64)> {
    let query = Query { open: true, sort: Sort::Amount, per_page: LARGEST, ..Query::default() };
    let hits = app.kapok().search(&query, app.today()).hits;
    let row = |hit: &app::catalogue::Hit<'_>| {
        let amount = hit.standing.now.money()?.fen() / 100;
        let row = AmountRow {
            href: address(&hit.card.id),
            name: v.l.text(&hit.card.name).to_owned(),
            place: hit.card.place.map(|place| show::place(place, v.l).to_owned()).unwrap_or_default(),
            most: most(v, hit.standing.now).ok()?,
        };
        Some((row, amount))
    };
    hits.iter().filter_map(row).collect()
}
