//! How amounts name their currency: the spellings of renminbi, and those of other currencies, to refuse them by name.

/// How other currencies are written. Longer names come first, so that `HK$` is not taken for `$`.
const OTHER_CURRENCIES: [(&str, &str); 38] = [
    ("US$", "USD"),
    ("HK$", "HKD"),
    ("NT$", "TWD"),
    ("S$", "SGD"),
    ("CA$", "CAD"),
    ("C$", "CAD"),
    ("A$", "AUD"),
    ("JP¥", "JPY"),
    ("USD", "USD"),
    ("EUR", "EUR"),
    ("HKD", "HKD"),
    ("JPY", "JPY"),
    ("GBP", "GBP"),
    ("MOP", "MOP"),
    ("TWD", "TWD"),
    ("KRW", "KRW"),
    ("SGD", "SGD"),
    ("AUD", "AUD"),
    ("CAD", "CAD"),
    ("CHF", "CHF"),
    ("新台币", "TWD"),
    ("澳门元", "MOP"),
    ("澳门币", "MOP"),
    ("新加坡元", "SGD"),
    ("瑞士法郎", "CHF"),
    ("美元", "USD"),
    ("美金", "USD"),
    ("欧元", "EUR"),
    ("港元", "HKD"),
    ("港币", "HKD"),
    ("日元", "JPY"),
    ("英镑", "GBP"),
    ("韩元", "KRW"),
    ("澳元", "AUD"),
    ("加元", "CAD"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("$", "USD"),
];

/// The code of the other currency that the text names, if any.
pub(crate) fn other_than_renminbi(text: &str) -> Option<String> {
    // nearly every amount, and looking for each name takes longer than all the rest of reading it
    if text.chars().all(of_renminbi) {
        return None;
    }
    let upper = text.to_uppercase();
    OTHER_CURRENCIES.iter().find(|(name, _)| upper.contains(name)).map(|(_, code)| (*code).to_owned())
}

/// Whether amounts of renminbi are written with the character. The name of every other currency has one that is not.
fn of_renminbi(character: char) -> bool {
    matches!(
        character,
        '0'..='9' | ' ' | '.' | ',' | '+' | '-' | '¥' | '元' | '万' | '亿' | '千' | '百' | '人' | '民' | '币'
    ) || matches!(character.to_ascii_uppercase(), 'C' | 'N' | 'Y' | 'R' | 'M' | 'B' | 'U' | 'A')
}

/// Three Latin letters are a currency code, known or not.
pub(crate) fn code_like(text: &str) -> Option<String> {
    let is_code = text.len() == 3 && text.bytes().all(|b| b.is_ascii_alphabetic());
    is_code.then(|| text.to_uppercase())
}

/// Strips renminbi's code, sign or name before a number.
pub(crate) fn strip_before(text: &str) -> &str {
    for name in ["CNY", "RMB"] {
        if let Some((head, rest)) = text.split_at_checked(name.len())
            && head.eq_ignore_ascii_case(name)
        {
            return rest.trim_start();
        }
    }
    let stripped = text.strip_prefix("人民币").or_else(|| text.strip_prefix('¥'));
    stripped.map_or(text, str::trim_start)
}

/// Strips renminbi's name after a number and its multiple; says whether there was one.
pub(crate) fn strip_after(text: &str) -> (&str, bool) {
    for name in ["CNY", "RMB", "yuan"] {
        let split = text.len().checked_sub(name.len()).and_then(|at| text.split_at_checked(at));
        if let Some((rest, tail)) = split
            && tail.eq_ignore_ascii_case(name)
        {
            return (rest.trim_end(), true);
        }
    }
    for name in ["元人民币", "元", "人民币"] {
        if let Some(rest) = text.strip_suffix(name) {
            return (rest.trim_end(), true);
        }
    }
    (text, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_name_wins_over_the_one_it_contains() {
        for (text, code) in [("HK$5", "HKD"), ("S$5", "SGD"), ("CA$5", "CAD"), ("US$5", "USD"), ("5新加坡元", "SGD")]
        {
            assert_eq!(other_than_renminbi(text).as_deref(), Some(code), "{text}");
        }
        assert_eq!(other_than_renminbi("500000 CNY"), None);
    }

    #[test]
    fn no_other_currency_is_written_with_the_characters_of_renminbi() {
        for (name, code) in OTHER_CURRENCIES {
            assert!(!name.chars().all(of_renminbi), "{name}");
            assert_eq!(other_than_renminbi(&format!("5 {}", name.to_lowercase())).as_deref(), Some(code), "{name}");
        }
        assert!("CNY 1,000.50 rmb5 ¥5 人民币 1.5亿元 500 yuan".chars().all(of_renminbi));
    }

    #[test]
    fn renminbi_is_stripped_on_either_side() {
        for text in ["CNY 5", "rmb5", "¥5", "人民币 5"] {
            assert_eq!(strip_before(text), "5");
        }
        for text in ["万 CNY", "万元", "万元人民币", "万yuan"] {
            assert_eq!(strip_after(text), ("万", true));
        }
        assert_eq!((strip_before("5"), strip_after("万")), ("5", ("万", false)));
    }

    #[test]
    fn three_letters_may_be_a_currency() {
        assert_eq!(code_like("thb").as_deref(), Some("THB"));
        assert_eq!(code_like("apples"), None);
    }
}
