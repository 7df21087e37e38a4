//! Parameters in an address: each mistake is told, and a name that means nothing is not passed over.

use app::catalogue::Notice;
use axum::extract::Query;
use axum::http::Uri;
use domain::Date;
use rules::diag::Text;

use super::problem::{Mistaken, Problem};

/// The parameters of an address.
pub struct Params {
    pairs: Vec<(String, String)>,
    mistakes: Vec<Mistaken>,
}

impl Params {
    /// Reads an address that may have parameters of these names, and `lang`; those in `many` more than once.
    pub fn read(uri: &Uri, known: &[&str], many: &[&str]) -> Self {
        let pairs = Query::<Vec<(String, String)>>::try_from_uri(uri).map(|Query(pairs)| pairs).unwrap_or_default();
        let mut params = Self { pairs: Vec::new(), mistakes: Vec::new() };
        for (name, value) in pairs {
            if !known.contains(&name.as_str()) && !many.contains(&name.as_str()) && name != "lang" {
                params.unknown(&name, known, many);
            } else if !many.contains(&name.as_str()) && params.get(&name).is_some() {
                let message =
                    Text::new(format!("参数 `{name}` 重复"), format!("the parameter `{name}` is there twice"));
                params.wrong(&name, "E0711", message, None);
            } else if name == "lang" && !matches!(value.as_str(), "zh" | "en") {
                let message = Text::new(format!("`lang` 不能是 `{value}`"), format!("`lang` cannot be `{value}`"));
                params.wrong(&name, "E0712", message, Some(Text::new("可用：zh, en", "one of: zh, en")));
            } else {
                params.pairs.push((name, value));
            }
        }
        params
    }

    fn unknown(&mut self, name: &str, known: &[&str], many: &[&str]) {
        let all: Vec<&str> = known.iter().chain(many).copied().chain(["lang"]).collect();
        let hint = match domain::text::nearest(name, all.iter().copied()) {
            Some(near) => Text::new(format!("是否想写 `{near}`?"), format!("did you mean `{near}`?")),
            None => {
                let all = all.join(", ");
                Text::new(format!("可用：{all}"), format!("known here: {all}"))
            }
        };
        let message = Text::new(format!("没有参数 `{name}`"), format!("there is no parameter `{name}`"));
        self.wrong(name, "E0710", message, Some(hint));
    }

    /// Notes a mistake.
    pub fn wrong(&mut self, name: &str, code: &'static str, message: Text, hint: Option<Text>) {
        self.mistakes.push(Mistaken { parameter: name.to_owned(), code, message, hint });
    }

    /// Notes what a reader of the pairs could not use.
    pub fn noticed(&mut self, notices: Vec<Notice>) {
        for Notice { field, value } in notices {
            let message = Text::new(format!("`{field}` 不能是 `{value}`"), format!("`{field}` cannot be `{value}`"));
            self.wrong(field, "E0712", message, None);
        }
    }

    /// The pairs, for a reader of its own.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// A value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// A date.
    pub fn date(&mut self, name: &str) -> Option<Date> {
        match Date::parse(self.get(name)?) {
            Ok(date) => Some(date),
            Err(error) => {
                let hint = Text::new("请写作 2026-05-06", "write it as 2026-05-06");
                self.wrong(name, "E0124", Text::new(error.zh(), error.to_string()), Some(hint));
                None
            }
        }
    }

    /// A whole number from 1 to `most`.
    pub fn number(&mut self, name: &str, most: usize) -> Option<usize> {
        let value = self.get(name)?;
        let number = value.parse::<usize>().ok().filter(|number| (1..=most).contains(number));
        if number.is_none() {
            let message = Text::new(
                format!("`{name}` 应是 1 至 {most} 的整数"),
                format!("`{name}` must be a whole number from 1 to {most}"),
            );
            self.wrong(name, "E0713", message, None);
        }
        number
    }

    /// Whether nothing was wrong.
    ///
    /// # Errors
    /// All mistakes.
    pub fn finish(self) -> Result<(), Problem> {
        if self.mistakes.is_empty() { Ok(()) } else { Err(Problem::query(self.mistakes)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_chinese_or_english() {
        for (uri, right) in [("/x?lang=en", true), ("/x?lang=zh", true), ("/x?lang=fr", false)] {
            assert_eq!(Params::read(&Uri::from_static(uri), &[], &[]).finish().is_ok(), right, "{uri}");
        }
    }

    #[test]
    fn every_mistake_in_an_address_is_found() {
        let uri = Uri::from_static("/x?on=2026-13-01&page=0&sise=1&q=a&q=b&topic=x&topic=y&lang=en&zzzzzz=");
        let mut params = Params::read(&uri, &["on", "page", "q", "size"], &["topic"]);
        assert_eq!((params.date("on"), params.number("page", 9), params.get("q")), (None, None, Some("a")));
        assert_eq!(params.pairs().filter(|(name, _)| *name == "topic").count(), 2);
        let found: Vec<(&str, &str)> =
            params.mistakes.iter().map(|mistake| (mistake.parameter.as_str(), mistake.code)).collect();
        assert_eq!(found, [("sise", "E0710"), ("q", "E0711"), ("zzzzzz", "E0710"), ("on", "E0124"), ("page", "E0713")]);
        let hints: Vec<&str> = params.mistakes.iter().filter_map(|m| Some(m.hint.as_ref()?.en.as_str())).collect();
        assert_eq!(hints[..2], ["did you mean `size`?", "known here: on, page, q, size, topic, lang"]);
        assert!(params.finish().is_err());
    }
}
