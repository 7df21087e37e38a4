//! Who asks: language, look, and the answers that she has given so far.

use std::convert::Infallible;

use app::Profile;
use app::drafts::Name;
use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use rules::Lang;

use crate::error::WebError;
use crate::l10n::L10n;
use crate::state::{App, DAY};
use crate::{assets, cookie};

/// How long answers are kept after the last answer, in seconds.
pub const KEPT: u64 = 30 * DAY;

/// Who asks.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The texts in her language.
    pub l: L10n,
    /// `light`, `dark`, or `auto` where the device decides.
    pub theme: &'static str,
    /// The name that her answers are kept under.
    pub name: Option<Name>,
    /// The path that she asks for.
    pub path: String,
    /// What follows the path, without `lang`.
    pub query: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

impl Visitor {
    fn of(parts: &Parts) -> Self {
        let query = parts.uri.query().unwrap_or_default();
        let lang = language(&parts.uri, &parts.headers);
        let theme = match cookie::get(&parts.headers, cookie::THEME) {
            Some("dark") => "dark",
            Some("light") => "light",
            _ => "auto",
        };
        let rest: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("lang=")).collect();
        Self {
            l: L10n(lang),
            theme,
            name: cookie::get(&parts.headers, cookie::PROFILE).and_then(Name::parse),
            path: parts.uri.path().to_owned(),
            query: rest.join("&"),
        }
    }

    /// A text of the page without arguments.
    pub fn t(&self, id: &'static str) -> String {
        self.l.t(id)
    }

    /// A text of the page with arguments.
    pub fn m(&self, id: &'static str) -> crate::l10n::Message {
        self.l.m(id)
    }

    /// The address of a style, script or picture.
    pub fn asset(&self, name: &str) -> String {
        assets::url(name)
    }

    /// The same page in a language.
    pub fn in_lang(&self, lang: &str) -> String {
        let join = if self.query.is_empty() { "" } else { "&" };
        format!("{}?{}{join}lang={lang}", self.path, self.query)
    }

    /// Whether a page or one below it is shown, for marking the place in the navigation.
    pub fn at(&self, path: &str) -> bool {
        self.path == path || self.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
    }

    /// The answers given so far; `None` when there are none, or when they have ended.
    ///
    /// # Errors
    /// When they are there and cannot be read.
    pub fn profile(&self, app: &App) -> Result<Option<Profile>, WebError> {
        let Some(name) = &self.name else { return Ok(None) };
        let Some((text, _)) = app.kapok().drafts.get(name, app.now())? else { return Ok(None) };
        // a profile that the vocabulary has outgrown cannot be shown any more; the visitor begins anew
        match Profile::from_json(&text, &app.kapok().program.vocabulary) {
            Ok(profile) => Ok(Some(profile)),
            // the reason could quote what the visitor entered
            Err(_) => {
                tracing::warn!("a kept profile cannot be read");
                Ok(None)
            }
        }
    }

    /// Keeps the answers, under a new name if there is none yet; the header that tells the browser the name.
    ///
    /// # Errors
    /// When they cannot be kept.
    pub fn keep(&self, app: &App, profile: &Profile) -> Result<String, WebError> {
        let name = self.name.clone().unwrap_or_else(|| app.name());
        let text = profile.to_json(&app.kapok().program.vocabulary);
        app.kapok().drafts.keep(&name, &text, app.now() + KEPT)?;
        Ok(cookie::set(cookie::PROFILE, name.as_str(), KEPT))
    }
}

/// The language to answer in: that of the address, else the one chosen before, else what the browser asks for.
pub(crate) fn language(uri: &Uri, headers: &HeaderMap) -> Lang {
    let asked = uri.query().unwrap_or_default().split('&').find_map(|pair| pair.strip_prefix("lang="));
    let chosen = asked.or_else(|| cookie::get(headers, cookie::LANG));
    let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    chosen.and_then(lang).unwrap_or_else(|| preferred(accepted))
}

fn lang(code: &str) -> Option<Lang> {
    match code {
        "zh" | "zh-CN" => Some(Lang::Zh),
        "en" => Some(Lang::En),
        _ => None,
    }
}

/// The language that a browser asks for: English only where it comes before Chinese.
fn preferred(accepted: &str) -> Lang {
    let mut wanted: Vec<(u32, &str)> = accepted
        .split(',')
        .filter_map(|one| {
            let (tag, weight) = one.split_once(";q=").unwrap_or((one, "1"));
            Some((thousandths(weight.trim())?, tag.trim()))
        })
        .filter(|(weight, _)| *weight > 0)
        .collect();
    wanted.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    let known = |tag: &str| {
        let tag = tag.to_ascii_lowercase();
        (tag.starts_with("zh").then_some(Lang::Zh)).or_else(|| tag.starts_with("en").then_some(Lang::En))
    };
    wanted.into_iter().find_map(|(_, tag)| known(tag)).unwrap_or(Lang::Zh)
}

/// A weight such as `0.8` in thousandths.
pub(crate) fn thousandths(text: &str) -> Option<u32> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction: String = format!("{fraction:0<3}").chars().take(3).collect();
    Some(whole.parse::<u32>().ok()?.min(1) * 1000 + fraction.parse::<u32>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_chooses_the_language_where_the_visitor_has_not() {
        for (accepted, wanted) in [
            ("", Lang::Zh),
            ("en-GB,en;q=0.9", Lang::En),
            ("zh-CN,zh;q=0.9,en;q=0.8", Lang::Zh),
            ("fr,en;q=0.5,zh;q=0.7", Lang::Zh),
            ("fr", Lang::Zh),
            ("en;q=0, zh", Lang::Zh),
            ("en;q=x", Lang::Zh),
        ] {
            assert_eq!(preferred(accepted), wanted, "{accepted}");
        }
    }

    #[test]
    fn a_page_keeps_its_query_when_the_language_changes() {
        let request = axum::http::Request::builder().uri("/catalogue?q=a&lang=zh&open=yes").body(()).unwrap();
        let (parts, ()) = request.into_parts();
        let visitor = Visitor::of(&parts);
        assert_eq!(visitor.in_lang("en"), "/catalogue?q=a&open=yes&lang=en");
        assert!(visitor.at("/catalogue"));
        assert!(!visitor.at("/cat"));
    }
}
