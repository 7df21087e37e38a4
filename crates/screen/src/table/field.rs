//! A fact as a column holds it: what its cells mean, and what is wrong with those that mean nothing.

use std::collections::BTreeMap;

use domain::{Date, Money, PlaceTree, Quantity, Rate, Unit, Uscc};
use rules::Lang;
use rules::diag::Text;
use rules::value::FEN;
use rules::vocabulary::{FactDef, Type, Vocabulary};
use serde::Serialize;

use super::number::{self, LIMIT, Unfit};

/// Why a cell, and so its row, is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The row has more or fewer cells than the header.
    Cells,
    /// The bytes are not UTF-8.
    Encoding,
    /// Not a value of the fact's type.
    Type,
    /// More precise than the fact's smallest unit.
    Precision,
    /// Beyond what is computed with: see [`super::LIMIT`].
    Size,
    /// Outside the range that the vocabulary declares.
    Range,
    /// No such code or place.
    Code,
    /// A record that says of no party that it belongs to it.
    Parent,
}

impl From<Unfit> for Reason {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::Precise => Self::Precision,
            Unfit::Large => Self::Size,
        }
    }
}

/// What a column is said to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reading {
    /// How many of the smallest units one of the column's numbers is.
    pub(crate) factor: Option<i64>,
    /// Whether digits below the smallest unit are rounded.
    pub(crate) rounded: bool,
    /// What is written for other texts.
    pub(crate) values: BTreeMap<String, String>,
}

/// A column, ready to be read.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// The name of the column.
    pub(crate) column: String,
    /// What readers call the fact.
    pub(crate) label: Text,
    /// Its type.
    pub(crate) ty: Type,
    /// The least and greatest value, in the unit of a frame.
    pub(crate) range: (i64, i64),
    pub(crate) reading: Reading,
    codes: BTreeMap<String, i64>,
    uscc: bool,
}

impl Field {
    pub(crate) fn new(column: &str, definition: &FactDef, reading: Reading, vocabulary: &Vocabulary) -> Self {
        let (mut lo, mut hi) = (definition.range.lo, definition.range.hi);
        let divisor = match definition.ty {
            Type::Money | Type::MoneyPer(_) => FEN,
            Type::Rate => 2,
            _ => 1,
        };
        (lo, hi) = (lo.div_euclid(divisor) + i128::from(lo.rem_euclid(divisor) != 0), hi.div_euclid(divisor));
        let (least, most) = match definition.ty {
            Type::Date => (i64::from(Date::MIN.days()), i64::from(Date::MAX.days())),
            _ => (-LIMIT, LIMIT),
        };
        let end = |value: i128, otherwise: i64| i64::try_from(value).unwrap_or(otherwise).clamp(least, most);
        let range = (end(lo, least), end(hi, most));
        let mut codes = BTreeMap::new();
        if let Type::Code(list) | Type::Codes(list) = definition.ty {
            let list = vocabulary.codes.get(usize::from(list)).map(|list| list.values.as_slice()).unwrap_or_default();
            // an id wins over a label that reads the same
            for (names, lower) in [(0, false), (1, false), (2, true)] {
                for ((id, label), index) in list.iter().zip(0_i64..) {
                    let name = [id, &label.zh, &label.en][names];
                    let name = if lower { name.to_lowercase() } else { name.clone() };
                    codes.entry(name).or_insert(index);
                }
            }
        }
        Self {
            column: column.to_owned(),
            label: definition.label.clone(),
            ty: definition.ty,
            range,
            reading,
            codes,
            uscc: definition.name == "org.uscc",
        }
    }

    /// A column of names that are not a fact: the id of a row.
    pub(crate) fn name(column: &str) -> Self {
        Self {
            column: column.to_owned(),
            label: Text::new("编号", "Id"),
            ty: Type::Text,
            range: (0, 0),
            reading: Reading::default(),
            codes: BTreeMap::new(),
            uscc: false,
        }
    }

    /// How many of the smallest units one of the column's numbers is.
    pub(crate) fn factor(&self) -> i64 {
        self.reading.factor.unwrap_or(1)
    }

    fn code(&self, text: &str) -> Option<i64> {
        self.codes.get(text).or_else(|| self.codes.get(&text.to_lowercase())).copied()
    }

    /// A cell of text as the text that it stands for.
    pub(crate) fn translated<'a>(&'a self, text: &'a str) -> &'a str {
        let text = text.trim();
        self.reading.values.get(text).map_or(text, String::as_str)
    }

    /// A cell of a text fact.
    pub(crate) fn text(&self, cell: &str) -> Result<String, Reason> {
        let text = self.translated(cell);
        if !self.uscc {
            return Ok(text.to_owned());
        }
        Uscc::parse(text).map(|code| code.to_string()).map_err(|_| Reason::Type)
    }

    /// A cell of any other fact as its number in a frame; sets of codes as their bits.
    pub(crate) fn parse(&self, cell: &str) -> Result<i64, Reason> {
        let text = self.translated(cell);
        match self.ty {
            Type::Bool => match text {
                "yes" | "true" | "是" | "有" | "y" | "1" | "True" | "TRUE" | "Y" => Ok(1),
                "no" | "false" | "否" | "无" | "没有" | "n" | "0" | "False" | "FALSE" | "N" => Ok(0),
                _ => Err(Reason::Type),
            },
            Type::Code(_) => self.code(text).ok_or(Reason::Code),
            Type::Codes(_) => self.codes_of(text),
            Type::Place => PlaceTree::china().get(text).map(|place| i64::from(place.index())).ok_or(Reason::Code),
            Type::Date => match Date::parse(text) {
                Ok(date) => self.ranged(i64::from(date.days())),
                Err(_) => Err(Reason::Type),
            },
            Type::Text => Err(Reason::Type),
            _ => self.ranged(self.parse_number(text)?),
        }
    }

    fn codes_of(&self, text: &str) -> Result<i64, Reason> {
        if matches!(text, "none" | "无" | "[]") {
            return Ok(0);
        }
        let bits = items(text).try_fold(0_u64, |bits, item| {
            let code = self.code(self.translated(item)).and_then(|code| u32::try_from(code).ok());
            code.map(|code| bits | 1 << (code % 64))
        });
        bits.map(u64::cast_signed).ok_or(Reason::Code)
    }

    fn parse_number(&self, text: &str) -> Result<i64, Reason> {
        let plain = match self.ty {
            Type::Count => text.trim_end_matches(['人', '家', '项', '个', '件', '名']).trim_end(),
            _ => text,
        };
        // an amount without a unit is not guessed at, save where the type leaves only one
        let factor = self.reading.factor.or_else(|| whole_only(self.ty).then_some(1));
        if let Some(factor) = factor
            && let Some((digits, scale)) = number::decimal(plain)
        {
            return Ok(number::scaled(digits, scale, factor, self.reading.rounded)?);
        }
        let narrow = domain::text::half_width(text);
        if narrow != text {
            return self.parse_number(&narrow);
        }
        let bounded = |value: i64| number::times(value, 1).map_err(Reason::from);
        match self.ty {
            Type::Money | Type::MoneyPer(_) => {
                Money::parse(text).map_or_else(|e| Err(of_money(&e)), |m| bounded(m.fen()))
            }
            Type::Rate => Rate::parse(text).map_or(Err(Reason::Type), |rate| bounded(rate.ppm())),
            Type::Quantity(unit) => bounded(quantity(text, unit)?),
            Type::Months => bounded(quantity(text, Unit::Month)? / 1000),
            Type::Days => bounded(quantity(text, Unit::Day)? / 1000),
            _ => Err(Reason::Type),
        }
    }

    /// The number, if the vocabulary allows it.
    pub(crate) fn ranged(&self, value: i64) -> Result<i64, Reason> {
        if value < self.range.0 || value > self.range.1 { Err(Reason::Range) } else { Ok(value) }
    }

    /// What is wrong with a cell and what would be right. With `near`, also which name is nearest, which takes long.
    pub(crate) fn explain(&self, reason: Reason, cell: &str, near: bool) -> Text {
        let shown: String = cell.trim().chars().take(60).collect();
        let (zh, en) = match reason {
            Reason::Cells | Reason::Encoding | Reason::Parent => (String::new(), String::new()),
            Reason::Precision => {
                let (zh, en) = self.smallest();
                (format!("`{shown}` 过于精确：最小到{zh}"), format!("`{shown}` is more precise than {en}"))
            }
            Reason::Size => (
                format!("`{shown}` 过大：最多 2^50 个最小单位"),
                format!("`{shown}` is too large: at most 2^50 of the smallest unit"),
            ),
            Reason::Range => self.out_of_range(&shown),
            Reason::Code => self.no_code(&shown, near),
            Reason::Type => self.wrong_type(&shown),
        };
        Text::new(format!("{}：{zh}", self.label.zh), format!("{}: {en}", self.label.en))
    }

    fn smallest(&self) -> (&'static str, &'static str) {
        match self.ty {
            Type::Money | Type::MoneyPer(_) => ("分", "one fen"),
            Type::Rate => ("百万分之一", "a millionth"),
            Type::Quantity(_) => ("千分之一", "a thousandth"),
            _ => ("整数", "whole numbers"),
        }
    }

    fn out_of_range(&self, shown: &str) -> (String, String) {
        let end = |value: i64, lang| written(value, self.ty, lang);
        let (lo, hi) = self.range;
        let whole = match self.ty {
            Type::Date => (i64::from(Date::MIN.days()), i64::from(Date::MAX.days())),
            _ => (-LIMIT, LIMIT),
        };
        let told = |lang, least: &str, most: &str| {
            let ends = [
                (lo != whole.0).then(|| format!("{least}{}", end(lo, lang))),
                (hi != whole.1).then(|| format!("{most}{}", end(hi, lang))),
            ];
            ends.into_iter().flatten().collect::<Vec<_>>().join(if lang == Lang::Zh { "，" } else { ", " })
        };
        (
            format!("`{shown}` 超出范围：{}", told(Lang::Zh, "最小 ", "最大 ")),
            format!("`{shown}` is out of range: {}", told(Lang::En, "at least ", "at most ")),
        )
    }

    fn no_code(&self, shown: &str, near: bool) -> (String, String) {
        let place = self.ty == Type::Place;
        let wrong = items(shown).find(|item| self.code(self.translated(item)).is_none()).unwrap_or(shown);
        let shown = if matches!(self.ty, Type::Codes(_)) { wrong } else { shown };
        let near = match (near, place) {
            (false, _) => None,
            (true, true) => PlaceTree::china().nearest(shown),
            (true, false) => domain::nearest(shown, self.codes.keys().map(String::as_str)),
        };
        let (mut zh, mut en) = if place {
            (format!("没有 `{shown}` 这个地方"), format!("there is no place `{shown}`"))
        } else {
            (format!("没有 `{shown}` 这一项"), format!("there is no `{shown}`"))
        };
        if let Some(near) = near {
            zh.push_str(&format!("，是否想写 `{near}`?"));
            en.push_str(&format!(", did you mean `{near}`?"));
        } else {
            zh.push_str("；可在对照文件的 values 中译出");
            en.push_str("; the mapping can translate it under `values`");
        }
        (zh, en)
    }

    fn wrong_type(&self, shown: &str) -> (String, String) {
        let not = |zh: &str, en: &str| (format!("`{shown}` {zh}"), format!("`{shown}` {en}"));
        match self.ty {
            Type::Bool => not("应为 是 或 否", "is neither yes nor no"),
            Type::Count => not("不是整数：例如 20", "is not a whole number: write for example 20"),
            Type::Money | Type::MoneyPer(_) if self.reading.factor.is_none() => Money::parse(shown).err().map_or_else(
                || not("不是金额", "is not an amount"),
                |error| {
                    (
                        format!("{}，或在对照文件中写明 unit", error.zh()),
                        format!("{error}; or say `unit` in the mapping"),
                    )
                },
            ),
            Type::Money | Type::MoneyPer(_) => {
                not("不是金额：例如 1234.56", "is not an amount: write for example 1234.56")
            }
            Type::Rate => match Rate::parse(shown) {
                Err(error) => (error.zh(), error.to_string()),
                Ok(_) => not("不是比例", "is not a rate"),
            },
            Type::Quantity(unit) => match Quantity::parse(shown) {
                Err(error) => (error.zh(), error.to_string()),
                Ok(_) => (
                    format!("`{shown}` 的单位应为{}({})", unit.zh(), unit.code()),
                    format!("`{shown}` is not in {}", unit.code()),
                ),
            },
            Type::Months => not("应是月数：例如 24", "is not a number of months: write for example 24"),
            Type::Days => not("应是天数：例如 30", "is not a number of days: write for example 30"),
            Type::Date => match Date::parse(shown) {
                Err(error) => (error.zh(), error.to_string()),
                Ok(_) => not("不是日期", "is not a date"),
            },
            Type::Text => match Uscc::parse(shown) {
                Err(error) => (error.zh(), error.to_string()),
                Ok(_) => not("不是文字", "is not a text"),
            },
            Type::Code(_) | Type::Codes(_) | Type::Place => not("不是代码", "is not a code"),
        }
    }
}

fn of_money(error: &domain::MoneyError) -> Reason {
    match error {
        domain::MoneyError::TooPrecise { .. } => Reason::Precision,
        domain::MoneyError::TooLarge { .. } => Reason::Size,
        _ => Reason::Type,
    }
}

fn quantity(text: &str, unit: Unit) -> Result<i64, Reason> {
    let quantity = Quantity::parse(text).map_err(|_| Reason::Type)?;
    if quantity.unit == unit { Ok(quantity.milli) } else { Err(Reason::Type) }
}

/// The codes of a cell that holds several.
fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ';', '、', '，', '；', '|']).map(str::trim).filter(|item| !item.is_empty())
}

/// Whether a type has one unit only, so that a plain number says everything.
pub(crate) fn whole_only(ty: Type) -> bool {
    matches!(ty, Type::Count | Type::Months | Type::Days)
}

/// How many of a type's smallest units one of a unit is; `None` if the type is not measured in it.
pub(crate) fn factor(unit: &str, ty: Type) -> Option<i64> {
    let is = |of: Unit| Unit::from_code(unit) == Some(of);
    match ty {
        Type::Money | Type::MoneyPer(_) => Some(match unit {
            "分" | "fen" => 1,
            "元" | "yuan" | "CNY" => 100,
            "千元" => 100_000,
            "万元" | "万" => 1_000_000,
            "百万元" => 100_000_000,
            "亿元" | "亿" => 10_000_000_000,
            _ => return None,
        }),
        Type::Rate => Some(match unit {
            "ppm" => 1,
            "‰" => 1_000,
            "%" | "percent" => 10_000,
            "1" | "whole" => 1_000_000,
            _ => return None,
        }),
        Type::Quantity(_) if unit == "thousandth" => Some(1),
        Type::Quantity(of) => is(of).then_some(1_000),
        Type::Months if matches!(unit, "year" | "years" | "年") => Some(12),
        Type::Months => is(Unit::Month).then_some(1),
        Type::Days => is(Unit::Day).then_some(1),
        Type::Count => (is(Unit::Person) || unit == "1").then_some(1),
        _ => None,
    }
}

/// The units that a type is measured in, for a message.
pub(crate) fn units(ty: Type) -> String {
    match ty {
        Type::Money | Type::MoneyPer(_) => "分, 元, 千元, 万元, 百万元, 亿元".to_owned(),
        Type::Rate => "ppm, ‰, %, whole".to_owned(),
        Type::Quantity(unit) => format!("{}, thousandth", unit.code()),
        Type::Months => "months, years".to_owned(),
        Type::Days => "days".to_owned(),
        Type::Count => "persons, 1".to_owned(),
        _ => String::new(),
    }
}

/// A number of a frame as readers write it.
pub(crate) fn written(value: i64, ty: Type, lang: Lang) -> String {
    let scale = match ty {
        Type::Money | Type::MoneyPer(_) => FEN,
        Type::Rate => 2,
        _ => 1,
    };
    rules::words::number(i128::from(value) * scale, ty, lang)
}
