//! Rules in words: values, formulas and conditions as sentences in Chinese and English, made from the labels.

use domain::{Date, Money, PlaceTree, Quantity, Rate};

use crate::Lang;
use crate::ast::{Cond, CondKind};
use crate::diag::Text;
use crate::formula::{BinaryOp, Expr, ExprKind, Index, Literal, YearRef};
use crate::value::{FEN, UNBOUNDED};
use crate::vocabulary::{Type, Vocabulary};

/// A scaled number as readers write it.
#[must_use]
pub fn number(value: i128, ty: Type, lang: Lang) -> String {
    // a share of something without an end has no end either
    if value >= UNBOUNDED / 1000 || value <= -UNBOUNDED / 1000 {
        return match lang {
            Lang::Zh => "不限".to_owned(),
            Lang::En => "unbounded".to_owned(),
        };
    }
    let whole = |value: i128| i64::try_from(value).unwrap_or(i64::MAX);
    match ty {
        Type::Money | Type::MoneyPer(_) => {
            let money = Money::from_fen(whole(value.div_euclid(FEN)));
            match lang {
                Lang::Zh => money.zh(),
                Lang::En => money.en(),
            }
        }
        Type::Rate => Rate::from_ppm(whole(value.div_euclid(2))).to_string(),
        Type::Quantity(unit) => quantity(Quantity { milli: whole(value), unit }, lang),
        Type::Months => {
            let months = whole(value);
            match lang {
                Lang::Zh if months % 12 == 0 && months != 0 => format!("{}年", months / 12),
                Lang::Zh => format!("{months}个月"),
                Lang::En => format!("{months} month{}", if months == 1 { "" } else { "s" }),
            }
        }
        Type::Days => match lang {
            Lang::Zh => format!("{value}天"),
            Lang::En => format!("{value} day{}", if value == 1 { "" } else { "s" }),
        },
        Type::Date => match (i32::try_from(value).ok().and_then(Date::from_days), lang) {
            (Some(date), Lang::Zh) => date.zh(),
            (Some(date), Lang::En) => date.to_string(),
            (None, _) => value.to_string(),
        },
        _ => value.to_string(),
    }
}

fn quantity(quantity: Quantity, lang: Lang) -> String {
    match lang {
        Lang::Zh => quantity.zh(),
        Lang::En => quantity.en(),
    }
}

/// The label of a condition of which one part has to hold, where the rule gives none.
pub(crate) const ANY_OF: (&str, &str) = ("满足其一", "at least one of these");

/// The label of a condition: the one given, or one made from it.
#[must_use]
pub fn condition(cond: &Cond, words: &Words<'_>) -> Text {
    if let Some(label) = &cond.label {
        return label.clone();
    }
    let both = |f: &dyn Fn(Lang) -> String| Text::new(f(Lang::Zh), f(Lang::En));
    match &cond.kind {
        CondKind::All(_) => Text::new("同时满足", "all of these"),
        CondKind::Any(_) => Text::new(ANY_OF.0, ANY_OF.1),
        CondKind::Not(inner) => {
            let inner = condition(inner, words);
            Text::new(format!("不属于：{}", inner.zh), format!("not: {}", inner.en))
        }
        CondKind::Formula(formula) => both(&|lang| words.say(formula, lang)),
        CondKind::Listed { member, list, .. } => {
            let name = words
                .list_names
                .iter()
                .find(|(id, _)| id == list)
                .map_or_else(|| Text::same(list), |(_, name)| name.clone());
            Text::new(
                format!("{}列入《{}》", words.say(member, Lang::Zh), name.zh),
                format!("{} is on the list “{}”", words.say(member, Lang::En), name.en),
            )
        }
        CondKind::Review { key, .. } => Text::same(key),
        CondKind::Measure { id, .. } => {
            let name = words
                .measure_names
                .iter()
                .find(|(other, _)| other == id)
                .map_or_else(|| Text::same(id), |(_, name)| name.clone());
            Text::new(format!("符合“{}”", name.zh), format!("eligible for “{}”", name.en))
        }
    }
}

/// What is needed to put formulas into words.
pub struct Words<'a> {
    /// The declarations.
    pub vocabulary: &'a Vocabulary,
    /// Names of lists.
    pub list_names: &'a [(String, Text)],
    /// Names of measures.
    pub measure_names: &'a [(String, Text)],
}

impl Words<'_> {
    /// A formula in words.
    #[must_use]
    pub fn say(&self, expr: &Expr, lang: Lang) -> String {
        self.say_typed(expr, lang, None)
    }

    fn pick(lang: Lang, zh: &str, en: &str) -> String {
        match lang {
            Lang::Zh => zh.to_owned(),
            Lang::En => en.to_owned(),
        }
    }

    /// The type of a name, as far as it is needed to read codes.
    fn type_of(&self, expr: &Expr) -> Option<Type> {
        match &expr.kind {
            ExprKind::Name(name, _) => match self.vocabulary.fact(name) {
                Some(fact) => self.vocabulary.facts.get(fact).map(|fact| fact.ty),
                None => self.field(name).map(|field| field.ty),
            },
            _ => None,
        }
    }

    fn field(&self, name: &str) -> Option<&crate::vocabulary::FactDef> {
        let (record, field) = name.split_once('.')?;
        let record = self.vocabulary.records.get(self.vocabulary.record(record)?)?;
        record.fields.get(record.field(field)?)
    }

    fn name(&self, name: &str, index: Option<Index>, lang: Lang, want: Option<Type>) -> String {
        if name == "on" {
            return Self::pick(lang, "申请日", "the date of application");
        }
        if let Some(Type::Code(list) | Type::Codes(list)) = want
            && let Some((_, label)) = self
                .vocabulary
                .codes
                .get(list as usize)
                .and_then(|list| list.values.iter().find(|(code, _)| code == name))
        {
            return label.get(lang).to_owned();
        }
        if want == Some(Type::Place)
            && let Some(place) = PlaceTree::china().get(name)
        {
            return Self::pick(lang, PlaceTree::china().zh(place), PlaceTree::china().en(place));
        }
        let label = match self.vocabulary.fact(name) {
            Some(fact) => self.vocabulary.facts.get(fact).map(|fact| fact.label.get(lang).to_owned()),
            None => self.field(name).map(|field| field.label.get(lang).to_owned()),
        };
        match (label, index) {
            (Some(label), None) => label,
            (Some(label), Some(index)) => match lang {
                Lang::Zh => format!("{}{label}", years(index, lang)),
                Lang::En => format!("{label} {}", years(index, lang)),
            },
            (None, _) => name.to_owned(),
        }
    }

    fn literal(literal: &Literal, lang: Lang) -> String {
        match literal {
            Literal::Bool(true) => Self::pick(lang, "是", "yes"),
            Literal::Bool(false) => Self::pick(lang, "否", "no"),
            Literal::Money(money) => Self::pick(lang, &money.zh(), &money.en()),
            Literal::MoneyPer(money, unit) => Self::pick(
                lang,
                &format!("每{}{}", unit.zh(), money.zh()),
                &format!("{} per {}", money.en(), unit.en(false)),
            ),
            Literal::Rate(rate) => rate.to_string(),
            Literal::Count(count) => count.to_string(),
            Literal::Quantity(amount) => quantity(*amount, lang),
            Literal::Months(months) => number(i128::from(*months), Type::Months, lang),
            Literal::Days(days) => number(i128::from(*days), Type::Days, lang),
            Literal::Date(date) => Self::pick(lang, &date.zh(), &date.to_string()),
            Literal::Text(text) => text.clone(),
        }
    }

    fn say_typed(&self, expr: &Expr, lang: Lang, want: Option<Type>) -> String {
        let say = |inner: &Expr| self.say_typed(inner, lang, want);
        match &expr.kind {
            ExprKind::Literal(literal) => Self::literal(literal, lang),
            ExprKind::Name(name, index) => self.name(name, *index, lang, want),
            ExprKind::Neg(inner) => format!("−{}", say(inner)),
            ExprKind::Not(inner) => match (&inner.kind, lang) {
                (ExprKind::Binary(BinaryOp::Within, subject, place), Lang::Zh) => {
                    format!("{}不在{}", say(subject), self.say_typed(place, lang, Some(Type::Place)))
                }
                (ExprKind::Binary(BinaryOp::Has, subject, code), _) => {
                    let ty = self.type_of(subject);
                    let (set, code) = (say(subject), self.say_typed(code, lang, ty));
                    Self::pick(lang, &format!("{set}不包括{code}"), &format!("{set} do not include {code}"))
                }
                (ExprKind::Name(..), Lang::Zh) => format!("{}：否", say(inner)),
                (ExprKind::Name(..), Lang::En) => format!("{}: no", say(inner)),
                (_, Lang::Zh) => format!("非({})", say(inner)),
                (_, Lang::En) => format!("not ({})", say(inner)),
            },
            ExprKind::UpTo(inner) => Self::pick(lang, &format!("最高{}", say(inner)), &format!("up to {}", say(inner))),
            ExprKind::AtLeast(inner) => {
                Self::pick(lang, &format!("至少{}", say(inner)), &format!("at least {}", say(inner)))
            }
            ExprKind::Binary(op, left, right) => self.binary(*op, left, right, lang),
            ExprKind::In(subject, set, negated) => {
                let ty = self.type_of(subject);
                let items: Vec<String> = set.iter().map(|item| self.say_typed(item, lang, ty)).collect();
                match (lang, negated) {
                    (Lang::Zh, false) => format!("{}为{}", say(subject), items.join("、")),
                    (Lang::Zh, true) => format!("{}不为{}", say(subject), items.join("、")),
                    (Lang::En, false) => format!("{} is {}", say(subject), items.join(" or ")),
                    (Lang::En, true) => format!("{} is not {}", say(subject), items.join(" or ")),
                }
            }
            ExprKind::If(condition, yes, no) => match lang {
                Lang::Zh => format!("若{}则{}，否则{}", say(condition), say(yes), say(no)),
                Lang::En => format!("{} if {}, otherwise {}", say(yes), say(condition), say(no)),
            },
            ExprKind::Call(name, args, filter) => self.call(name, args, filter.as_deref(), lang),
        }
    }

    fn binary(&self, op: BinaryOp, left: &Expr, right: &Expr, lang: Lang) -> String {
        let ty = self.type_of(left);
        let a = self.say_typed(left, lang, None);
        if let (BinaryOp::Eq | BinaryOp::Ne, ExprKind::Literal(Literal::Bool(value))) = (op, &right.kind) {
            let yes = *value == (op == BinaryOp::Eq);
            return match (lang, yes) {
                (Lang::Zh, true) => format!("{a}：是"),
                (Lang::Zh, false) => format!("{a}：否"),
                (Lang::En, true) => format!("{a}: yes"),
                (Lang::En, false) => format!("{a}: no"),
            };
        }
        let wants_place = if op == BinaryOp::Within { Some(Type::Place) } else { ty };
        let b = self.say_typed(right, lang, wants_place);
        let group = |text: String, part: &Expr| {
            if matches!(part.kind, ExprKind::Binary(BinaryOp::Add | BinaryOp::Sub | BinaryOp::Or, ..)) {
                format!("({text})")
            } else {
                text
            }
        };
        match (op, lang) {
            (BinaryOp::And, Lang::Zh) => format!("{}且{}", group(a, left), group(b, right)),
            (BinaryOp::And, Lang::En) => format!("{} and {}", group(a, left), group(b, right)),
            (BinaryOp::Or, Lang::Zh) => format!("{a}或{b}"),
            (BinaryOp::Or, Lang::En) => format!("{a} or {b}"),
            (BinaryOp::Within, Lang::Zh) => format!("{a}在{b}"),
            (BinaryOp::Within, Lang::En) => format!("{a} in {b}"),
            (BinaryOp::Has, Lang::Zh) => format!("{a}包括{b}"),
            (BinaryOp::Has, Lang::En) => format!("{a} include {b}"),
            (BinaryOp::Eq, Lang::Zh) => format!("{a}为{b}"),
            (BinaryOp::Eq, Lang::En) => format!("{a} is {b}"),
            (BinaryOp::Ne, Lang::Zh) => format!("{a}不为{b}"),
            (BinaryOp::Ne, Lang::En) => format!("{a} is not {b}"),
            (BinaryOp::Lt, Lang::Zh) => {
                format!("{a}少于{b}").replace("日期少于", "日期早于").replace("日少于", "日早于")
            }
            (BinaryOp::Lt, Lang::En) => format!("{a} < {b}"),
            (BinaryOp::Le, _) => format!("{a} ≤ {b}"),
            (BinaryOp::Gt, _) => format!("{a} > {b}"),
            (BinaryOp::Ge, _) => format!("{a} ≥ {b}"),
            (BinaryOp::Add, _) => format!("{a} + {b}"),
            (BinaryOp::Sub, _) => format!("{a} − {}", group(b, right)),
            (BinaryOp::Mul, _) => format!("{} × {}", group(a, left), group(b, right)),
            (BinaryOp::Div, _) => format!("{} ÷ {}", group(a, left), group(b, right)),
        }
    }

    fn call(&self, name: &str, args: &[Expr], filter: Option<&Expr>, lang: Lang) -> String {
        let said: Vec<String> = args.iter().map(|arg| self.say_typed(arg, lang, None)).collect();
        let list = said.join(match lang {
            Lang::Zh => "、",
            Lang::En => ", ",
        });
        let record = match args.first().map(|arg| &arg.kind) {
            Some(ExprKind::Name(name, None)) => self
                .vocabulary
                .record(name)
                .and_then(|record| self.vocabulary.records.get(record))
                .map(|record| record.label.get(lang).to_owned()),
            _ => None,
        };
        let subject = record.unwrap_or(list);
        let filter = filter.map(|filter| self.say_typed(filter, lang, None));
        let with = match (&filter, lang) {
            (None, _) => subject,
            (Some(filter), Lang::Zh) => format!("{subject}(其中{filter})"),
            (Some(filter), Lang::En) => format!("{subject} where {filter}"),
        };
        let several = args.len() > 1;
        match (name, lang) {
            ("min", Lang::Zh) => format!("{with}{}", if several { "中的较低者" } else { "的最小值" }),
            ("min", Lang::En) => format!("the least of {with}"),
            ("max", Lang::Zh) => format!("{with}{}", if several { "中的较高者" } else { "的最大值" }),
            ("max", Lang::En) => format!("the greatest of {with}"),
            ("sum", Lang::Zh) => format!("{with}合计"),
            ("sum", Lang::En) => format!("the sum of {with}"),
            ("count", Lang::Zh) => format!("{with}数目"),
            ("count", Lang::En) => format!("the number of {with}"),
            ("any", Lang::Zh) => format!("有{with}"),
            ("any", Lang::En) => format!("there is a {with}"),
            ("all", Lang::Zh) => format!("每一{with}"),
            ("all", Lang::En) => format!("every {with}"),
            ("between", Lang::Zh) => format!("{}之间", said.join("至")),
            ("between", Lang::En) => format!("between {}", said.join(" and ")),
            ("months_between", Lang::Zh) => format!("{}的整月数", said.join("至")),
            ("days_between", Lang::Zh) => format!("{}的天数", said.join("至")),
            ("years_between", Lang::Zh) => format!("{}的整年数", said.join("至")),
            ("months_between", Lang::En) => format!("full months from {}", said.join(" to ")),
            ("days_between", Lang::En) => format!("days from {}", said.join(" to ")),
            ("years_between", Lang::En) => format!("full years from {}", said.join(" to ")),
            ("year_of", Lang::Zh) => format!("{with}所在年度"),
            ("year_of", Lang::En) => format!("the year of {with}"),
            ("amount_of", Lang::Zh) => format!("“{}”的金额", self.measure(args)),
            ("amount_of", Lang::En) => format!("the amount of “{}”", self.measure(args)),
            ("received", Lang::Zh) => format!("“{}”已获金额", self.measure(args)),
            ("received", Lang::En) => format!("what was received under “{}”", self.measure(args)),
            ("scale", _) => match said.as_slice() {
                [a, b, c] => format!("{a} × {b} ÷ {c}"),
                _ => with,
            },
            _ => with,
        }
    }

    fn measure(&self, args: &[Expr]) -> String {
        match args.first().map(|arg| &arg.kind) {
            Some(ExprKind::Literal(Literal::Text(id))) => self
                .measure_names
                .iter()
                .find(|(other, _)| other == id)
                .map_or_else(|| id.clone(), |(_, name)| name.zh.clone()),
            _ => String::new(),
        }
    }
}

fn years(index: Index, lang: Lang) -> String {
    let one = |year: YearRef| match (year, lang) {
        (YearRef::Relative(0), Lang::Zh) => "当年".to_owned(),
        (YearRef::Relative(-1), Lang::Zh) => "上一年度".to_owned(),
        (YearRef::Relative(-2), Lang::Zh) => "前年度".to_owned(),
        (YearRef::Relative(n), Lang::Zh) if n < 0 => format!("{}年前", -n),
        (YearRef::Relative(n), Lang::Zh) => format!("{n}年后"),
        (YearRef::Fixed(year), Lang::Zh) => format!("{year}年度"),
        (YearRef::Relative(0), Lang::En) => "of the current year".to_owned(),
        (YearRef::Relative(-1), Lang::En) => "of the previous year".to_owned(),
        (YearRef::Relative(-2), Lang::En) => "of the year before last".to_owned(),
        (YearRef::Relative(n), Lang::En) => format!("of {} years ago", -n),
        (YearRef::Fixed(year), Lang::En) => format!("of {year}"),
    };
    match (index.from, index.to) {
        (from, None) => one(from),
        (YearRef::Relative(from), Some(YearRef::Relative(-1))) if from < -1 => match lang {
            Lang::Zh => format!("近{}年", -from),
            Lang::En => format!("of the last {} years", -from),
        },
        (from, Some(to)) => match lang {
            Lang::Zh => format!("{}至{}", one(from), one(to)),
            Lang::En => format!("{} to {}", one(from), one(to)),
        },
    }
}

/// A range in words: one value, “up to”, “at least”, or from–to.
#[must_use]
pub fn range(range: crate::value::Range, ty: Type) -> Text {
    let end = |value: i128| value >= UNBOUNDED / 1000;
    let say = |lang: Lang| {
        let low = || number(range.lo, ty, lang);
        let high = || number(range.hi, ty, lang);
        match (range.is_point(), range.lo <= 0, end(range.hi), lang) {
            (true, ..) => low(),
            (_, true, true, Lang::Zh) => "金额待定".to_owned(),
            (_, true, true, Lang::En) => "amount not known yet".to_owned(),
            (_, false, true, Lang::Zh) => format!("至少{}", low()),
            (_, false, true, Lang::En) => format!("at least {}", low()),
            (_, true, false, Lang::Zh) => format!("最高{}", high()),
            (_, true, false, Lang::En) => format!("up to {}", high()),
            (_, false, false, Lang::Zh) => format!("{}至{}", low(), high()),
            (_, false, false, Lang::En) => format!("{} to {}", low(), high()),
        }
    };
    Text::new(say(Lang::Zh), say(Lang::En))
}
