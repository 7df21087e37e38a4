//! Text as people type it: full-width characters, and names that are nearly right.

use std::borrow::Cow;

/// Turns full-width ASCII (`１，０００．５０％`), the ideographic space and `￥` into their half-width forms and trims
/// the ends. Chinese punctuation proper, such as `。`, stays.
pub fn half_width(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' => ' ',
        '\u{ffe5}' => '¥',
        '\u{2212}' => '-', // the mathematical minus, as spreadsheets and typeset documents write it
        _ => c,
    };
    text.chars().map(narrow).collect::<String>().trim().to_owned()
}

/// A text as a cell that no spreadsheet takes for a formula: one that would be has an apostrophe before it.
pub fn harmless(text: &str) -> Cow<'_, str> {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
    if formula { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The candidate nearest to `needle` for a hint such as “did you mean”: letter case is ignored, and the edit distance
/// (insert, delete, replace, swap two neighbours) is at most a third of the longer of the two. Of equally near
/// candidates the first wins; `None` when nothing is near.
pub fn nearest<'a>(needle: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let needle: Vec<char> = needle.chars().flat_map(char::to_lowercase).collect();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let letters: Vec<char> = candidate.chars().flat_map(char::to_lowercase).collect();
        let limit = needle.len().max(letters.len()) / 3;
        // Lengths that differ by more than the limit cannot be near: spares the table for most candidates.
        if needle.len().abs_diff(letters.len()) > limit {
            continue;
        }
        let distance = edit_distance(&needle, &letters);
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Optimal string alignment distance.
fn edit_distance(a: &[char], b: &[char]) -> usize {
    // `at` is total, so that no index can be out of bounds; the loops below only ask for what exists.
    let at = |row: &[usize], i: usize| row.get(i).copied().unwrap_or(usize::MAX / 2);
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    let mut previous_a = None;
    for (i, &letter_a) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        let mut previous_b = None;
        for (j, &letter_b) in b.iter().enumerate() {
            let replace = at(&above, j) + usize::from(letter_a != letter_b);
            let mut cost = replace.min(at(&above, j + 1) + 1).min(at(&row, j) + 1);
            if previous_a == Some(letter_b) && previous_b == Some(letter_a) {
                cost = cost.min(at(&before, j.saturating_sub(1)) + 1);
            }
            row.push(cost);
            previous_b = Some(letter_b);
        }
        before = std::mem::replace(&mut above, row);
        previous_a = Some(letter_a);
    }
    at(&above, b.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NAMES: [&str; 4] = ["shenzhen", "nanshan", "qianhai", "南山区"];

    fn hint(needle: &str) -> Option<&'static str> {
        nearest(needle, NAMES.into_iter())
    }

    #[test]
    fn nothing_that_looks_like_a_formula_gets_into_a_spreadsheet() {
        for text in ["=1+1", "+1", "-1", "@x", "\tx", "＝1"] {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        assert_eq!(harmless("2026-05-20"), "2026-05-20");
    }

    #[test]
    fn full_width_text_becomes_half_width() {
        assert_eq!(half_width("  １，０００．５０％　"), "1,000.50%");
        assert_eq!(half_width("￥５"), "¥5");
        assert_eq!(half_width("−5元"), "-5元");
    }

    #[test]
    fn a_typing_slip_finds_its_name() {
        assert_eq!(hint("shenzehn"), Some("shenzhen")); // two letters swapped
        assert_eq!(hint("NanShang"), Some("nanshan"));
        assert_eq!(hint("南山县"), Some("南山区"));
    }

    #[test]
    fn what_is_not_near_gets_no_hint() {
        assert_eq!(hint("beijing"), None);
        assert_eq!(hint(""), None);
        assert_eq!(hint("ab"), None);
    }

    #[test]
    fn of_equally_near_names_the_first_wins() {
        assert_eq!(nearest("cat", ["bat", "car"].into_iter()), Some("bat"));
    }

    fn distance(a: &str, b: &str) -> usize {
        edit_distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>())
    }

    #[test]
    fn distances_are_the_textbook_ones() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("ab", "ba"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
    }

    proptest! {
        #[test]
        fn distance_is_symmetric_and_zero_only_for_equals(a in "[abc]{0,6}", b in "[abc]{0,6}") {
            prop_assert_eq!(distance(&a, &b), distance(&b, &a));
            prop_assert_eq!(distance(&a, &b) == 0, a == b);
        }

        #[test]
        fn a_name_is_nearest_to_itself(name in "[a-z]{1,12}") {
            prop_assert_eq!(nearest(&name, [name.as_str()].into_iter()), Some(name.as_str()));
        }
    }
}
