//! The errors of reading in Chinese. `Display` has them in English.

use crate::date::DateError;
use crate::money::MoneyError;
use crate::period::PeriodError;
use crate::quantity::QuantityError;
use crate::rate::RateError;
use crate::unit::Unit;
use crate::uscc::UsccError;

impl MoneyError {
    /// The message in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::Empty => "没有写金额：例如 `50万元` 或 `500000元`".to_owned(),
            Self::MissingCurrency { found, chinese, .. } => {
                format!("`{found}` 没有写单位：以元计请写 `{chinese}`，以万元计请写 `{found}万元`")
            }
            Self::OtherCurrency { found, currency } => {
                format!("`{found}` 的币种是 {currency}，金额须以人民币填写：请折算后写作 `50万元` 的形式")
            }
            Self::TooPrecise { found } => format!("`{found}` 精确到了分以下：以元计最多两位小数"),
            Self::TooLarge { found } => format!("`{found}` 过大：绝对值最多 1,000,000亿元"),
            Self::NotAmount { found } => {
                format!("`{found}` 不是金额：例如 `50万元`、`1.5亿元` 或 `500000元`")
            }
        }
    }
}

impl DateError {
    /// The message in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::YearOutOfRange { found, year } => {
                format!("`{found}` 的年份 {year} 不在 1900–2199 之内")
            }
            Self::NoSuchMonth { found, month } => {
                format!("`{found}`：没有第 {month} 月，月份为 1 至 12")
            }
            Self::NoSuchDay { found, day, days } => {
                format!("`{found}`：该月没有第 {day} 日，只有 {days} 天")
            }
            Self::NotDate { found } => {
                format!("`{found}` 不是日期：例如 `2026-05-06` 或 `2026年5月6日`")
            }
        }
    }
}

impl RateError {
    /// The message in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::Empty => "没有写比例：例如 `60%`、`3‰` 或 `0.6`".to_owned(),
            Self::MissingPercent { found } => {
                format!("`{found}` 没有百分号：请写 `{found}%`；若指 {found} 倍，请写 `{found}.0`")
            }
            Self::TooPrecise { found } => {
                format!("`{found}` 过于精确：以百分数计最多四位小数")
            }
            Self::TooLarge { found } => format!("`{found}` 过大：比例的绝对值最多 1,000,000%"),
            Self::NotRate { found } => format!("`{found}` 不是比例：例如 `60%`、`3‰` 或 `0.6`"),
        }
    }
}

/// The units that there are, with the codes that stand for them.
fn known_units() -> String {
    let names = Unit::ALL.map(|unit| format!("{}({})", unit.zh(), unit.code()));
    format!("单位有{}，一年按 12 个月计", names.join("、"))
}

impl QuantityError {
    /// The message in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::Empty => format!("没有写数量：请写数字和单位，例如 `24个月`；{}", known_units()),
            Self::MissingUnit { found } => {
                format!("`{found}` 没有写单位：例如 `{found}个月`；{}", known_units())
            }
            Self::UnknownUnit { found, unit, hint } => {
                let near = hint.as_ref().map(|hint| format!("，是否想写 `{hint}`？")).unwrap_or_default();
                let break_here = if near.is_empty() { "；" } else { "" };
                format!("`{found}` 中的 `{unit}` 不是单位{near}{break_here}{}", known_units())
            }
            Self::TooPrecise { found } => format!("`{found}` 过于精确：最多三位小数"),
            Self::TooLarge { found } => {
                format!("`{found}` 过大：最多 9,000,000,000,000,000 个单位")
            }
            Self::NotQuantity { found } => {
                format!("`{found}` 不是数量：请写数字和单位，例如 `24个月`；{}", known_units())
            }
        }
    }
}

impl UsccError {
    /// The message in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::Length { found, length } => {
                format!("统一社会信用代码应为 18 位，`{found}` 为 {length} 位")
            }
            Self::Character { found, position, character } => format!(
                "`{found}` 的第 {position} 位是 `{character}`：统一社会信用代码只含数字和大写字母，不含 I、O、S、V、Z"
            ),
            Self::Check { found, character, expected } => {
                format!("`{found}` 的校验位是 `{character}`，按前 17 位应为 `{expected}`：可能有一位写错，或两位写反")
            }
        }
    }
}

impl PeriodError {
    /// The message in Chinese.
    pub fn zh(&self) -> String {
        format!("期间从 {} 开始，却在此之前的 {} 结束：请对调或改正", self.from.zh(), self.to.zh())
    }
}

#[cfg(test)]
mod tests {
    use crate::{Date, Money, Period, Quantity, Rate, Uscc};

    /// Every error of reading, as (text, Chinese, English).
    fn errors() -> Vec<(String, String, String)> {
        let mut found = Vec::new();
        macro_rules! read {
            ($kind:ty, $($text:expr),+) => {
                $(let error = <$kind>::parse($text).unwrap_err();
                found.push(($text.to_owned(), error.zh(), error.to_string()));)+
            };
        }
        read!(Money, "", "300", "5 USD", "0.001 CNY", "99999999999999999 CNY", "abc");
        read!(Date, "1800-01-01", "2025-13-20", "2025-02-30", "soon");
        read!(Rate, "", "60", "0.00001%", "99999999999%", "abc");
        read!(Quantity, "", "24", "24 monhts", "24 acres", "0.0001 m2", "9200000000000000 m2", "months");
        read!(Uscc, "123", "91440300MA5FEXMP1I", "91350100M000100Y44");
        found
    }

    fn is_chinese(c: char) -> bool {
        ('\u{3000}'..='\u{9fff}').contains(&c) || ('\u{ff00}'..='\u{ffef}').contains(&c)
    }

    /// A message without what stands in backquotes: the text as found, and examples to copy.
    fn prose(message: &str) -> String {
        message.split('`').step_by(2).collect()
    }

    #[test]
    fn every_error_is_told_in_both_languages() {
        for (text, zh, en) in errors() {
            assert!(zh.chars().filter(|c| is_chinese(*c)).count() >= 5, "{zh}");
            assert!(!en.chars().any(is_chinese), "{text}: {en}");
            assert!(text.is_empty() || (zh.contains(&text) && en.contains(&text)), "{zh} / {en}");
            // only codes that may be typed are Latin in Chinese prose
            let codes = ["days", "months", "m2", "kwh", "card_hours", "persons", "USD", "I", "O", "S", "V", "Z"];
            let prose = prose(&zh);
            let words = prose.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            for word in words.filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic())) {
                assert!(codes.contains(&word), "{word} in {zh}");
            }
        }
    }

    #[test]
    fn what_would_be_right_is_said_in_chinese() {
        let money = Money::parse("300").unwrap_err().zh();
        assert_eq!(money, "`300` 没有写单位：以元计请写 `300元`，以万元计请写 `300万元`");
        let date = Date::parse("2025-13-20").unwrap_err().zh();
        assert_eq!(date, "`2025-13-20`：没有第 13 月，月份为 1 至 12");
        let near = Quantity::parse("24 monhts").unwrap_err().zh();
        assert!(near.starts_with("`24 monhts` 中的 `monhts` 不是单位，是否想写 `months`？单位有天(days)"), "{near}");
        let (from, to) = (Date::parse("2026-05-06").unwrap(), Date::parse("2026-05-05").unwrap());
        let period = Period::new(Some(from), Some(to)).unwrap_err().zh();
        assert!(period.contains("2026年5月6日"), "{period}");
    }
}
