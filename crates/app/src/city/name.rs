//! Names and social credit codes that no real company has.

use domain::{Uscc, UsccError};

use super::company::Company;
use super::draw::scatter;
use super::tables::{Result, Tables};

/// The mark at the end of every made-up name. The rules for company names do not allow such an ending.
pub const MARK: &str = "（虚构）";

/// How many rows have codes of their own.
pub const MAX_ROWS: u32 = 1 << CODE_BITS;

const CODE_BITS: u32 = 24;
const STEM_BITS: u32 = 12;
const CHARACTER_BITS: u32 = STEM_BITS / 2;

/// Where a name says the city: before the stem in full, before it in short, or in brackets behind.
pub(super) const STYLES: [&str; 3] = ["front", "short", "behind"];

/// The words that names are put together from: made-up stems, and the fields of the industries.
pub(super) struct Words {
    first: Vec<String>,
    second: Vec<String>,
    third: Vec<String>,
    /// For each industry.
    fields: Vec<Vec<String>>,
}

impl Words {
    pub(super) fn new(tables: &Tables, industries: &[String]) -> Result<Self> {
        let characters = 1 << CHARACTER_BITS;
        Ok(Self {
            first: tables.words("first", "", characters)?,
            second: tables.words("second", "", characters)?,
            third: tables.words("third", "", 1)?,
            fields: industries.iter().map(|industry| tables.words("field", industry, 1)).collect::<Result<_>>()?,
        })
    }

    /// A name such as 深圳市栎微人工智能有限公司（虚构）. No two of the first 4,096 rows have the same; later ones may.
    pub(super) fn name(&self, company: &Company) -> String {
        let stem = scatter(company.row, STEM_BITS, company.seed);
        let no_fields = Vec::new();
        let fields = self.fields.get(company.industry).unwrap_or(&no_fields);
        let (before, behind) = match company.name.style {
            0 => ("深圳市", ""),
            1 => ("深圳", ""),
            _ => ("", "（深圳）"),
        };
        let form = match company.kind {
            0 if company.staff >= 300 => "股份有限公司",
            0 => "有限公司",
            1 => "有限公司深圳分公司",
            _ => "研究院",
        };
        let third = company.name.third.map_or("", |number| nth(&self.third, number));
        [
            before,
            nth(&self.first, stem >> CHARACTER_BITS),
            nth(&self.second, stem),
            third,
            nth(fields, company.name.field),
            behind,
            form,
            MARK,
        ]
        .concat()
    }
}

/// The word of a number, beginning again at the end of the list.
fn nth(words: &[String], number: u32) -> &str {
    let index = usize::try_from(number).unwrap_or_default().checked_rem(words.len());
    index.and_then(|index| words.get(index)).map_or("", String::as_str)
}

/// A social credit code of which no organisation can ever have the like: its own check character is right, but that of
/// the organisation code inside it is wrong, and `MX` is no range that is issued. Different for each row below
/// [`MAX_ROWS`].
pub(super) fn uscc(seed: u64, row: u32) -> String {
    let body = format!("MX{:06X}", scatter(row, CODE_BITS, seed));
    let code = format!("91440300{body}{}", wrong_check_character(&body));
    // The error for a wrong check character names the right one.
    let check = match Uscc::parse(&format!("{code}0")) {
        Err(UsccError::Check { expected, .. }) => expected,
        _ => '0',
    };
    format!("{code}{check}")
}

/// The check character of an organisation code (GB 11714) with these first eight characters.
fn check_character(body: &str) -> char {
    let weights = [3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.chars().zip(weights).map(|(c, weight)| c.to_digit(36).unwrap_or_default() * weight).sum();
    match (11 - sum % 11) % 11 {
        10 => 'X',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    }
}

/// A digit that is not the check character.
fn wrong_check_character(body: &str) -> char {
    let right = check_character(body).to_digit(10);
    right.and_then(|digit| char::from_digit((digit + 1) % 10, 10)).unwrap_or('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_organisation_codes_have_the_right_check_character() {
        for (body, right) in [("71526726", 'X'), ("19220382", '1')] {
            assert_eq!(check_character(body), right);
        }
    }

    #[test]
    fn the_organisation_code_inside_is_always_wrong() {
        for row in 0..5000 {
            let code = uscc(1, row);
            assert!(Uscc::parse(&code).is_ok(), "{code}");
            assert_ne!(code.chars().nth(16), Some(check_character(&code[8..16])), "{code}");
        }
    }
}
