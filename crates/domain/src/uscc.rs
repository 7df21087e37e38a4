//! Unified social credit codes (GB 32100-2015), the identifiers of Chinese organisations.

use std::fmt;

use crate::text::half_width;

/// A unified social credit code whose check character is right.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Uscc(String);

/// Why a text is not a unified social credit code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UsccError {
    /// Not 18 characters.
    #[error("a unified social credit code has 18 characters, `{found}` has {length}")]
    Length {
        /// The text as found.
        found: String,
        /// Its length in characters.
        length: usize,
    },
    /// A character that the code never contains.
    #[error(
        "character {position} of `{found}` is `{character}`: a unified social credit code has digits and capital \
         letters without I, O, S, V and Z"
    )]
    Character {
        /// The text as found.
        found: String,
        /// The position, counted from 1.
        position: usize,
        /// The character as found.
        character: char,
    },
    /// The check character does not fit the rest.
    #[error(
        "`{found}` ends in `{character}` where the rest requires `{expected}`: a character is wrong or two are swapped"
    )]
    Check {
        /// The text as found.
        found: String,
        /// The check character as found.
        character: char,
        /// The check character that the other 17 require.
        expected: char,
    },
}

/// The 31 characters in the order of their values.
const CHARACTERS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// The number of characters.
const LENGTH: usize = 18;

impl Uscc {
    /// Reads a code, small letters and full-width characters included.
    ///
    /// Errors: not 18 characters, a character that no code contains, or a wrong check character.
    pub fn parse(text: &str) -> Result<Self, UsccError> {
        let code = half_width(text).to_ascii_uppercase();
        let found = || text.trim().to_owned();
        let length = code.chars().count();
        if length != LENGTH {
            return Err(UsccError::Length { found: found(), length });
        }
        let (mut sum, mut weight, mut last) = (0, 1, '0');
        for (i, character) in code.chars().enumerate() {
            let Some(value) = CHARACTERS.find(character) else {
                return Err(UsccError::Character { found: found(), position: i + 1, character });
            };
            if i + 1 < LENGTH {
                sum += value * weight;
                weight = weight * 3 % 31;
            }
            last = character;
        }
        // The code is right when the weighted sum and the check character's value make a multiple of 31.
        let expected = CHARACTERS.chars().nth((31 - sum % 31) % 31).unwrap_or('0');
        if last == expected {
            Ok(Self(code))
        } else {
            Err(UsccError::Check { found: found(), character: last, expected })
        }
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The code with all but the first and last four characters hidden, for logs and shared reports:
    /// `9144**********16XG`.
    pub fn masked(&self) -> String {
        let mask = |(i, c)| if (4..LENGTH - 4).contains(&i) { '*' } else { c };
        self.0.chars().enumerate().map(mask).collect()
    }
}

/// Canonical: the 18 characters.
impl fmt::Display for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Published codes of listed companies.
    const VALID: [&str; 2] = ["9144030071526726XG", "914403001922038216"];

    #[test]
    fn published_codes_are_right() {
        for code in VALID {
            assert_eq!(Uscc::parse(code).map(|uscc| uscc.to_string()), Ok(code.to_owned()));
        }
        assert_eq!(Uscc::parse(" 9144030071526726xg ").unwrap().as_str(), VALID[0]);
    }

    #[test]
    fn the_error_says_what_is_wrong_and_where() {
        let message = |text| Uscc::parse(text).unwrap_err().to_string();
        assert_eq!(message("123"), "a unified social credit code has 18 characters, `123` has 3");
        assert_eq!(
            message("91440300I1526726XG"),
            "character 9 of `91440300I1526726XG` is `I`: a unified social credit code has digits and capital letters \
             without I, O, S, V and Z"
        );
        assert_eq!(
            message("9144030071526726XH"),
            "`9144030071526726XH` ends in `H` where the rest requires `G`: a character is wrong or two are swapped"
        );
    }

    #[test]
    fn masking_hides_the_middle() {
        assert_eq!(Uscc::parse(VALID[0]).unwrap().masked(), "9144**********26XG");
    }

    proptest! {
        #[test]
        fn exactly_one_check_character_fits(body in "[0-9A-HJ-NPQRTUWXY]{17}") {
            let fitting = CHARACTERS.chars().filter(|check| Uscc::parse(&format!("{body}{check}")).is_ok()).count();
            prop_assert_eq!(fitting, 1);
        }

        #[test]
        fn one_wrong_character_is_noticed(at in 0_usize..18, value in 0_usize..31) {
            let wrong = CHARACTERS.chars().nth(value).unwrap();
            let changed: String = VALID[0].chars().enumerate().map(|(i, c)| if i == at { wrong } else { c }).collect();
            prop_assert_eq!(Uscc::parse(&changed).is_ok(), changed == VALID[0]);
        }

        #[test]
        fn parsing_never_panics(text in ".{0,20}") {
            let _ = Uscc::parse(&text);
        }
    }
}
