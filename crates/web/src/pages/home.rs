//! `/`: where everyone begins: search, the way into the questions, the biggest open calls and the next dates.

use app::calls::{self, Call, Event, Next};
use app::catalogue::Card;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::{Date, PlaceTree};

use crate::error::WebError;
use crate::l10n::{L10n, text_id};
use crate::pages::html;
use crate::show::{self, DateView, MoneyView};
use crate::state::App;
use crate::visitor::Visitor;

/// How many calls are shown.
const CALLS: usize = 8;
/// How many dates are shown.
const DATES: usize = 5;
/// Days in which a call is said to end soon.
const SOON: i32 = 30;

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    v: Visitor,
    /// Whether the visitor has begun to answer.
    begun: bool,
    measures: usize,
    documents: usize,
    open: usize,
    today: DateView,
    /// The city's name, and its id for the catalogue's filter.
    city: String,
    city_id: &'static str,
    companies: String,
    example: Option<Example>,
    calls: Vec<CallView>,
    /// The date itself is shown once for all that happens on it.
    days: Vec<DayView>,
}

/// A company to try.
struct Example {
    name: String,
    uscc: String,
}

struct CallView {
    id: String,
    name: String,
    about: String,
    most: MoneyView,
    /// How long it is open.
    until: String,
    soon: bool,
}

struct DayView {
    date: DateView,
    away: String,
    events: Vec<EventView>,
}

struct EventView {
    what: String,
    document: String,
    measures: Vec<Link>,
}

struct Link {
    id: String,
    name: String,
}

/// `GET /`
pub async fn get(State(app): State<App>, visitor: Visitor) -> Result<Response, WebError> {
    let (kapok, today, l) = (app.kapok(), app.today(), visitor.l);
    let city = kapok.registry.place();
    let calls = calls::calls(kapok, city, today);
    let example = kapok.registry.entries().first();
    html(&Home {
        begun: visitor.profile(&app)?.is_some(),
        measures: kapok.program.measures.len(),
        documents: kapok.program.catalogue.documents.len(),
        open: calls.open,
        today: show::date(today, l),
        city: city.map(|city| show::place(city, l).to_owned()).unwrap_or_default(),
        city_id: city.map(|city| PlaceTree::china().id(city)).unwrap_or_default(),
        companies: show::count(kapok.registry.len()),
        example: example.map(|entry| Example { name: entry.name.clone(), uscc: entry.uscc.clone() }),
        calls: calls.biggest.iter().take(CALLS).map(|call| call_view(call, today, l)).collect(),
        days: days(calls.dates.iter().take(DATES), today, l),
        v: visitor,
    })
}

fn call_view(call: &Call<'_>, today: Date, l: L10n) -> CallView {
    let card = call.card;
    let (until, soon) = match call.standing.deadline() {
        Some(last) if call.standing.days_left.is_some() => {
            (show::days_left(today, last, l), today.days_until(last) <= SOON)
        }
        Some(last) => (l.m("home-in-force-until").s("date", show::date(last, l).text).to_string(), false),
        None => (l.t("home-no-end"), false),
    };
    CallView {
        id: card.id.clone(),
        name: l.text(&card.name).to_owned(),
        about: about(card, l),
        most: show::money(call.most, l),
        until,
        soon,
    }
}

/// Where a measure is from, and what it is about.
fn about(card: &Card, l: L10n) -> String {
    let place = card.place.map(|place| show::place(place, l));
    let topic = l.text(&card.topic_label);
    place.into_iter().chain([topic]).collect::<Vec<_>>().join(" · ")
}

/// What happens next, day by day.
fn days<'a>(dates: impl Iterator<Item = &'a Next<'a>>, today: Date, l: L10n) -> Vec<DayView> {
    let mut days: Vec<(Date, DayView)> = Vec::new();
    for next in dates {
        let event = EventView {
            what: l.t(match next.event {
                Event::Closes => text_id("home-closes"),
                Event::Opens => text_id("home-opens"),
                Event::TakesEffect => text_id("home-takes-effect"),
                Event::Expires => text_id("home-expires"),
            }),
            document: next.cards.first().map(|card| l.text(&card.title).to_owned()).unwrap_or_default(),
            measures: next
                .cards
                .iter()
                .map(|card| Link { id: card.id.clone(), name: l.text(&card.name).to_owned() })
                .collect(),
        };
        match days.last_mut().filter(|(day, _)| *day == next.day) {
            Some((_, day)) => day.events.push(event),
            None => {
                let away = match today.days_until(next.day) {
                    0 => l.t("home-today"),
                    n => l.m("home-in-days").n("n", n).to_string(),
                };
                days.push((next.day, DayView { date: show::date(next.day, l), away, events: vec![event] }));
            }
        }
    }
    days.into_iter().map(|(_, day)| day).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Site;

    #[tokio::test]
    async fn the_biggest_open_calls_come_first_with_their_days_left() {
        let site = Site::new();
        let page = site.get("/?lang=en").await;
        let cards = page.texts("[aria-labelledby=biggest] .card");
        assert_eq!(cards.len(), CALLS);
        let city = app::calls::calls(site.app.kapok(), site.app.kapok().registry.place(), site.app.today());
        let amounts: Vec<_> = city.biggest.iter().map(|call| call.most).collect();
        assert!(amounts.is_sorted_by(|a, b| a >= b), "{amounts:?}");
        let voucher = cards.iter().find(|card| card.contains("Training voucher") && card.contains("16 days left"));
        assert!(voucher.is_some_and(|card| card.contains("CNY 10,000,000")), "{cards:?}");
    }

    #[tokio::test]
    async fn the_calls_of_other_cities_are_left_out() {
        let page = Site::new().get("/?lang=zh").await;
        let about = page.texts("[aria-labelledby=biggest] .card .meta").join(" ");
        assert!(about.contains("深圳市") && !about.contains("苏州市"), "{about}");
    }

    #[tokio::test]
    async fn the_next_dates_are_told_in_their_order() {
        let page = Site::new().get("/?lang=zh").await;
        let dates = page.texts("[aria-labelledby=dates] time");
        assert_eq!(dates.first().map(String::as_str), Some("2026年6月5日"), "{dates:?}");
        let first = page.texts("[aria-labelledby=dates] li");
        assert!(first[0].contains("截止申请") && first[0].contains("16天后"), "{first:?}");
    }

    #[tokio::test]
    async fn on_any_day_calls_are_open_and_dates_lie_within_the_year_to_come() {
        let site = Site::new();
        let kapok = site.app.kapok();
        let first = site.app.today();
        for day in (0..800).step_by(20).filter_map(|days| first.checked_add_days(days)) {
            let all = calls::calls(kapok, None, day);
            assert!(all.biggest.iter().all(|call| call.standing.open()) && all.biggest.len() <= all.open, "{day}");
            assert!(all.biggest.is_sorted_by(|a, b| a.most >= b.most), "{day}");
            assert!(all.dates.is_sorted_by_key(|next| next.day), "{day}");
            assert!(all.dates.iter().all(|next| (0..=366).contains(&day.days_until(next.day))), "{day}");
            let near = calls::calls(kapok, kapok.registry.place(), day);
            assert!(near.open < all.open && near.dates.len() <= all.dates.len(), "{day}");
        }
    }

    #[tokio::test]
    async fn the_search_box_and_the_questions_are_the_two_ways_on() {
        for lang in ["zh", "en"] {
            let page = Site::new().get(&format!("/?lang={lang}")).await;
            assert!(!page.body.contains('⟦'));
            assert_eq!(page.texts("form[action='/search']").len(), 1);
            assert_eq!(page.texts(".hero a.primary[href='/ask']").len(), 1);
        }
    }
}
