//! Names and social credit codes that no real company has.

use super::company::Company;
use super::draw::scatter;
use super::tables::{Result, Tables};

/// The mark at the end of every made-up name. The rules for company names do not allow such an ending.
pub const MARK: &str = "（虚构）";

/// How many rows have codes of their own.
pub const MAX_ROWS: u32 = 16 << BLOCK_BITS;

/// Rows are numbered in blocks, each with codes of another form.
const BLOCK_BITS: u32 = 24;
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
        self.parts(company).concat()
    }

    /// The parts that make up a name.
    pub(super) fn parts(&self, company: &Company) -> [&str; 8] {
        let stem = scatter(company.row, STEM_BITS, company.seed);
        let fields = self.fields.get(company.industry).map_or(&[][..], Vec::as_slice);
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
    let mut code = String::with_capacity(18);
    code.push_str("91440300MX");
    let (block, number) = (row >> BLOCK_BITS, scatter(row, BLOCK_BITS, seed));
    // the first block has hexadecimal digits; those of the others begin with a letter that is none
    match usize::try_from(block).ok().and_then(|block| block.checked_sub(1)) {
        None => push_digits(&mut code, number, 6, 16),
        Some(block) => {
            code.push(character(16 + block % 15));
            push_digits(&mut code, number, 5, 31);
        }
    }
    code.push(wrong_check_character(code.get(8..).unwrap_or_default()));
    code.push(uscc_check_character(&code));
    code
}

/// The characters of social credit codes (GB 32100) by their values.
const CHARACTERS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

fn character(value: usize) -> char {
    CHARACTERS.get(value).map_or('0', |byte| char::from(*byte))
}

fn push_digits(code: &mut String, number: u32, digits: u32, base: u32) {
    for place in (0..digits).rev() {
        code.push(character(usize::try_from(number / base.pow(place) % base).unwrap_or_default()));
    }
}

/// The check character of a social credit code with these first seventeen characters.
fn uscc_check_character(code: &str) -> char {
    let (mut sum, mut weight) = (0, 1);
    for byte in code.bytes() {
        sum += VALUES.get(usize::from(byte)).map_or(0, |value| usize::from(*value)) * weight;
        weight = weight * 3 % 31;
    }
    character((31 - sum % 31) % 31)
}

/// The value of each byte as a character of a social credit code.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which would refuse it")]
const VALUES: [u8; 128] = {
    let (mut values, mut value) = ([0; 128], 0);
    while value < CHARACTERS.len() {
        values[CHARACTERS[value] as usize] = value as u8;
        value += 1;
    }
    values
};

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
    use domain::Uscc;

    use super::*;

    #[test]
    fn published_organisation_codes_have_the_right_check_character() {
        for (body, right) in [("71526726", 'X'), ("19220382", '1')] {
            assert_eq!(check_character(body), right);
        }
    }

    #[test]
    fn the_organisation_code_inside_is_always_wrong() {
        let blocks = (0..16).map(|block| block << BLOCK_BITS);
        for row in blocks.flat_map(|first| first..first + 1000) {
            let code = uscc(1, row);
            assert!(Uscc::parse(&code).is_ok(), "{code}");
            assert_ne!(code.chars().nth(16), Some(check_character(&code[8..16])), "{code}");
        }
    }

    #[test]
    fn blocks_of_rows_have_codes_of_their_own() {
        let first: Vec<char> = (0..16).map(|block| uscc(1, block << BLOCK_BITS).chars().nth(10).unwrap()).collect();
        let letters: String = first[1..].iter().collect();
        assert!(first[0].is_ascii_hexdigit() && letters == "GHJKLMNPQRTUWXY", "{first:?}");
        let last = MAX_ROWS - 1;
        assert_ne!(uscc(1, last), uscc(1, last - 1));
    }
}
