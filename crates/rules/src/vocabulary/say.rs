//! Values of facts in words, by their declarations.

use domain::{PlaceTree, Value};

use super::{Type, Vocabulary};
use crate::diag::Text;
use crate::phrases;

impl Vocabulary {
    /// A value in words: `1,200万元`, the labels of codes, the name of a place. `ty` is the declared type, which says the
    /// list that a code is of.
    #[must_use]
    pub fn say(&self, ty: Type, value: &Value) -> Text {
        let list = match ty {
            Type::Code(list) | Type::Codes(list) => self.codes.get(usize::from(list)),
            _ => None,
        };
        let label = |code: &str| {
            let known = list.and_then(|list| list.values.iter().find(|(known, _)| known == code));
            known.map_or_else(|| Text::same(code), |(_, label)| label.clone())
        };
        let tree = PlaceTree::china();
        match value {
            Value::Bool(true) => Text::new("是", "yes"),
            Value::Bool(false) => Text::new("否", "no"),
            Value::Money(money) => Text::new(money.zh(), money.en()),
            Value::Rate(rate) => Text::same(rate.to_string()),
            Value::Count(count) => Text::same(count.to_string()),
            Value::Quantity(quantity) => Text::new(quantity.zh(), quantity.en()),
            Value::Date(date) => Text::new(date.zh(), date.to_string()),
            Value::Code(code) => label(code),
            Value::Codes(codes) if codes.is_empty() => Text::new("无", "none"),
            Value::Codes(codes) => phrases::list(codes.iter().map(|code| label(code))),
            Value::Place(place) => Text::new(tree.zh(*place), tree.en(*place)),
            Value::Text(text) => Text::same(text.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_the_label_of_its_own_list() {
        let vocabulary = crate::repository::shipped().load().program.vocabulary;
        let say = |fact: &str| {
            let ty = vocabulary.facts[vocabulary.fact(fact).unwrap()].ty;
            vocabulary.say(ty, &Value::Codes(vec!["incubator".to_owned()])).zh
        };
        assert_eq!(say("org.roles"), "孵化器运营机构");
        assert_eq!(say("org.status"), "市级科技企业孵化器");
    }
}
