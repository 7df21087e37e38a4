//! `/about`: how rules become answers, what Kapok does with what one enters, and where it ends.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use rules::ast::Outcome;
use rules::diag::Text;
use rules::labels;

use crate::error::WebError;
use crate::pages::{glossary, html};
use crate::show::{self, OutcomeView};
use crate::state::{App, DAY};
use crate::visitor::{KEPT, Visitor};

#[derive(Template)]
#[template(path = "about.html")]
struct About {
    v: Visitor,
    outcomes: Vec<Meaning>,
    /// How sure the documents' texts are, and how many there are of each.
    sources: Vec<(Text, usize)>,
    documents: usize,
    measures: usize,
    /// Days that answers are kept.
    days: u64,
}

/// An outcome with what it means.
struct Meaning {
    outcome: OutcomeView,
    text: Text,
}

/// `GET /about`
pub async fn get(State(app): State<App>, visitor: Visitor) -> Result<Response, WebError> {
    let program = &app.kapok().program;
    let documents = &program.catalogue.documents;
    let outcomes = [Outcome::Eligible, Outcome::Undetermined, Outcome::NeedsPerson, Outcome::NotEligible];
    html(&About {
        outcomes: outcomes.map(meaning).into(),
        sources: ["primary", "secondary", "partial"]
            .map(|grade| {
                let many = documents.iter().filter(|document| document.confidence == grade).count();
                (labels::confidence(grade), many)
            })
            .into(),
        documents: documents.len(),
        measures: program.measures.len(),
        days: KEPT / DAY,
        v: visitor,
    })
}

/// An outcome with what it means, in the words of the glossary.
fn meaning(outcome: Outcome) -> Meaning {
    let outcome = show::outcome(outcome);
    let text = glossary::meaning(&outcome.label.en).cloned().unwrap_or_default();
    Meaning { outcome, text }
}

#[cfg(test)]
mod tests {
    use crate::testing::Site;

    #[tokio::test]
    async fn each_outcome_is_explained() {
        let site = Site::new();
        for lang in ["zh", "en"] {
            let page = site.get(&format!("/about?lang={lang}")).await;
            assert!(!page.body.contains('⟦'));
            let meanings = page.texts(".outcome-list dd");
            assert_eq!(meanings.len(), 4);
            assert!(meanings.iter().all(|text| !text.is_empty()), "{meanings:?}");
        }
    }

    #[tokio::test]
    async fn it_says_how_long_answers_are_kept_and_how_to_delete_them() {
        let page = Site::new().get("/about?lang=en").await;
        let privacy = page.texts("[aria-labelledby=privacy]").join(" ");
        assert!(privacy.contains("30 days"), "{privacy}");
        assert_eq!(page.texts("[aria-labelledby=privacy] a[href='/ask/answers']").len(), 1);
    }
}
