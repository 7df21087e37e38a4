//! `/design`: every component in both languages, with the names that pages use.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::Money;
use rules::Lang;
use rules::ast::Outcome;

use crate::error::WebError;
use crate::l10n::L10n;
use crate::pages::html;
use crate::show::{self, DateView, MoneyView, OutcomeView};
use crate::state::App;
use crate::visitor::Visitor;

/// The colours that a page may use, by what they are for; each is a token.
const COLOURS: [&str; 16] = [
    "paper",
    "surface",
    "tint",
    "line",
    "edge",
    "ink-2",
    "ink",
    "accent",
    "accent-deep",
    "accent-tint",
    "money",
    "money-tint",
    "warn",
    "warn-tint",
    "person",
    "person-tint",
];

#[derive(Template)]
#[template(path = "design.html")]
struct Design {
    v: Visitor,
    colours: [&'static str; 16],
    sides: [Side; 2],
}

/// The samples in one language.
struct Side {
    v: Visitor,
    /// Keeps ids apart.
    key: &'static str,
    outcomes: Vec<OutcomeView>,
    low: MoneyView,
    high: MoneyView,
    date: DateView,
    later: DateView,
    days_left: String,
}

/// `GET /design`
pub async fn get(State(app): State<App>, visitor: Visitor) -> Result<Response, WebError> {
    let today = app.today();
    let sides = [("zh", Lang::Zh), ("en", Lang::En)].map(|(key, lang)| {
        let l = L10n(lang);
        let later = today.checked_add_days(16).unwrap_or(today);
        let outcomes = [Outcome::Eligible, Outcome::Undetermined, Outcome::NeedsPerson, Outcome::NotEligible];
        Side {
            v: Visitor { l, ..visitor.clone() },
            key,
            outcomes: outcomes.map(show::outcome).into(),
            low: show::money(Money::from_fen(50_000_000), l),
            high: show::money(Money::from_fen(1_000_000_000), l),
            date: show::date(today, l),
            later: show::date(later, l),
            days_left: show::days_left(today, later, l),
        }
    });
    html(&Design { v: visitor, colours: COLOURS, sides })
}

#[cfg(test)]
mod tests {
    use crate::testing::Site;

    #[tokio::test]
    async fn every_component_is_shown_in_both_languages() {
        let site = Site::new();
        for lang in ["zh", "en"] {
            let page = site.get(&format!("/design?lang={lang}")).await;
            assert!(!page.body.contains('⟦'), "a text is missing");
            for shown in ["zh-CN", "en"] {
                let outcomes = page.texts(&format!(".sample[lang={shown}] .outcome"));
                assert!(outcomes.iter().any(|one| one == "符合" || one == "eligible"), "{shown}: {outcomes:?}");
            }
        }
    }

    #[tokio::test]
    async fn no_id_is_there_twice() {
        let page = Site::new().get("/design").await;
        let html = page.html();
        let selector = scraper::Selector::parse("[id]").unwrap();
        let mut ids: Vec<&str> = html.select(&selector).filter_map(|element| element.attr("id")).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all);
    }
}
