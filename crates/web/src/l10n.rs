//! The texts of pages, in Chinese and English: Fluent files in `locales/`.

use std::fmt;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use include_dir::{Dir, include_dir};
use rules::Lang;
use rules::diag::Text;
use unic_langid::langid;

/// The locale files.
pub(crate) static LOCALES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/locales");

static ZH: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle(Lang::Zh));
static EN: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle(Lang::En));

fn bundle(lang: Lang) -> FluentBundle<FluentResource> {
    let (id, folder) = match lang {
        Lang::Zh => (langid!("zh-CN"), "zh-CN"),
        Lang::En => (langid!("en"), "en"),
    };
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // the marks around arguments would be copied with the text, and neither language needs them
    bundle.set_use_isolating(false);
    for file in LOCALES.get_dir(folder).into_iter().flat_map(Dir::files) {
        // a mistake in a file is found by a test; here the rest of the file is used
        let resource = match FluentResource::try_new(file.contents_utf8().unwrap_or_default().to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// Marks the id of a text where it is chosen before it is said, so that the test of texts sees it.
pub const fn text_id(id: &'static str) -> &'static str {
    id
}

/// The texts in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct L10n(pub Lang);

impl L10n {
    /// A text without arguments.
    pub fn t(self, id: &'static str) -> String {
        self.m(id).to_string()
    }

    /// A text with arguments: `l.m("questions-left").n("n", left)`.
    pub fn m(self, id: &'static str) -> Message {
        Message { lang: self.0, id, args: FluentArgs::new() }
    }

    /// A text that has both languages.
    pub fn text(self, text: &Text) -> &str {
        text.get(self.0)
    }

    /// The tag for HTML: `zh-CN` or `en`.
    pub fn tag(self) -> &'static str {
        match self.0 {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }

    /// Whether the language is Chinese.
    pub fn zh(self) -> bool {
        self.0 == Lang::Zh
    }
}

/// A text that waits for its arguments.
pub struct Message {
    lang: Lang,
    id: &'static str,
    args: FluentArgs<'static>,
}

impl Message {
    /// A text as argument.
    #[must_use]
    pub fn s(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.args.set(name, FluentValue::from(value.to_string()));
        self
    }

    /// A count as argument, by which the text may choose its plural.
    #[must_use]
    pub fn n(mut self, name: &'static str, value: impl TryInto<i64>) -> Self {
        self.args.set(name, FluentValue::from(value.try_into().unwrap_or(i64::MAX)));
        self
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bundle: &FluentBundle<FluentResource> = match self.lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        };
        let Some(pattern) = bundle.get_message(self.id).and_then(|message| message.value()) else {
            return write!(f, "⟦{}⟧", self.id);
        };
        bundle.write_pattern(f, pattern, Some(&self.args), &mut Vec::new())
    }
}

#[cfg(test)]
mod tests;
