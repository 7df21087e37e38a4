//! A writer of random rules as texts, over the small vocabulary in `VOCABULARY`.

use std::collections::BTreeMap;

use rules::source::Sources;

use super::tape::Tape;

/// One fact of every type, and records.
pub(crate) const VOCABULARY: &str = "
facts:
  org.flag: { type: bool, label: { zh: 旗, en: Flag } }
  org.mark: { type: bool, label: { zh: 标, en: Mark } }
  org.assets: { type: money, range: [0 CNY, 1000万元], label: { zh: 资产, en: Assets } }
  org.balance: { type: money, range: [-300万元, 300万元], label: { zh: 结余, en: Balance } }
  org.turnover: { type: money, range: [0 CNY], label: { zh: 营业额, en: Turnover } }
  org.share: { type: rate, range: [0%, 150%], label: { zh: 占比, en: Share } }
  org.staff: { type: count, range: [0, 100], label: { zh: 人数, en: Staff } }
  org.founded_on: { type: date, range: [2015-01-01, 2027-12-31], label: { zh: 成立, en: Founded } }
  org.listed_on: { type: date, label: { zh: 上市, en: Listed } }
  org.kind: { type: code kind, label: { zh: 类型, en: Kind } }
  org.roles: { type: codes role, label: { zh: 身份, en: Roles } }
  org.place: { type: place, label: { zh: 地点, en: Place } }
  org.term: { type: months, range: [0 months, 60 months], label: { zh: 期限, en: Term } }
  org.partner: { type: text, label: { zh: 伙伴, en: Partner } }
  org.age: { type: months, derive: 'months_between(org.founded_on, on)', label: { zh: 年龄, en: Age } }
  org.revenue: { type: money, period: year, range: [0 CNY, 5000万元], label: { zh: 收入, en: Revenue } }
  org.rd: { type: money, period: year, range: [0 CNY], label: { zh: 研发, en: Research } }
  review.score: { type: count, range: [0, 100], by: panel, label: { zh: 评分, en: Score } }
records:
  deal:
    list: deals
    of: organisation
    label: { zh: 合同, en: Deal }
    fields:
      amount: { type: money, range: [0 CNY, 800万元], label: { zh: 金额, en: Amount } }
      cost: { type: money, range: [0 CNY], label: { zh: 费用, en: Cost } }
      ok: { type: bool, label: { zh: 合格, en: Sound } }
      kind: { type: code kind, label: { zh: 类型, en: Kind } }
      signed_on: { type: date, range: [2020-01-01, 2027-12-31], label: { zh: 签订, en: Signed } }
      partner: { type: text, label: { zh: 伙伴, en: Partner } }
      score: { type: count, range: [0, 10], by: expert, label: { zh: 评分, en: Score } }
  support:
    list: supports
    of: organisation
    label: { zh: 资助, en: Support }
    fields:
      amount: { type: money, range: [0 CNY], label: { zh: 金额, en: Amount } }
      deal: { type: text, label: { zh: 合同, en: Deal } }
  award:
    list: awards
    of: party
    label: { zh: 奖励, en: Award }
    fields:
      measure: { type: text, label: { zh: 措施, en: Measure } }
      year: { type: count, range: [1990, 2199], label: { zh: 年度, en: Year } }
      amount: { type: money, range: [0 CNY], label: { zh: 金额, en: Amount } }
codes:
  kind: { label: { zh: 类型, en: Kind }, values: { firm: { zh: 企业, en: Firm }, school: { zh: 学校, en: School }, club: { zh: 社团, en: Club } } }
  role: { label: { zh: 身份, en: Role }, values: { buyer: { zh: 买方, en: Buyer }, maker: { zh: 卖方, en: Maker }, guest: { zh: 客人, en: Guest } } }
";

const DOCUMENT: &str = "
document: t.doc
title: { zh: 文件, en: Document }
issuer: { zh: 机关, en: Office }
level: city
place: shenzhen
confidence: primary
";

/// A list of partners that may lack some, and one that lacks none.
const PARTNERS: &str = "
list: t.partners
name: { zh: 名单, en: Partners }
document: t.doc
complete: no
entries: [ { member: p1, scope: firm, from: 2024-01-01, to: 2026-06-30 }, { member: p2 } ]
";
const BANNED: &str = "
list: t.banned
name: { zh: 黑名单, en: Banned }
document: t.doc
complete: yes
entries: [ { member: p2, from: 2025-01-01 }, { member: p3, scope: club } ]
";

const MONEY: [&str; 11] = [
    "0 CNY",
    "100万元",
    "10万元",
    "1 CNY",
    "50万元",
    "99.99 CNY",
    "300万元",
    "33.33 CNY",
    "7 CNY",
    "1000万元",
    "0.01 CNY",
];
const RATES: [&str; 8] = ["50%", "10%", "0.5%", "120%", "0%", "33.3333%", "5%", "100%"];
const KINDS: [&str; 3] = ["firm", "school", "club"];
const ROLES: [&str; 3] = ["buyer", "maker", "guest"];
const PLACES: [&str; 5] = ["shenzhen", "nanshan", "guangdong", "beijing", "longgang"];
const DATES: [&str; 6] = ["2025-06-01", "2024-02-29", "2026-01-01", "2020-12-31", "2026-05-20", "2018-01-31"];
const SIGNS: [&str; 6] = [">=", "<=", ">", "<", "=", "!="];

/// The measure under test.
pub(crate) const MAIN: &str = "t.main";

/// Writes rules. What is written depends on `choices` alone; `order` shuffles what has no order.
pub(crate) struct Writer {
    choices: Tape,
    order: Option<Tape>,
    /// Records of which there is a current one.
    scope: Vec<&'static str>,
    /// Names under `let` that may be used, with what they are.
    lets: Vec<(String, Kind)>,
    /// Whether the other measure may be referred to.
    other: bool,
    reviews: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Money,
    Rate,
}

/// From when the later versions are known.
pub(crate) const LATER: &str = "2025-09-01";

/// Versions that are published later: what they say, and whether they are written before the first one.
pub(crate) struct Later {
    pub(crate) choices: Tape,
    pub(crate) first: bool,
}

/// A catalogue of one or two random measures.
pub(crate) fn catalogue(choices: Tape, order: Option<Tape>, later: Option<Later>) -> Sources {
    let mut writer = Writer { choices, order, scope: Vec::new(), lets: Vec::new(), other: false, reviews: 0 };
    let mut catalogue: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for (name, text) in [("document.yaml", DOCUMENT), ("partners.yaml", PARTNERS), ("banned.yaml", BANNED)] {
        catalogue.insert(name.to_owned(), text.as_bytes().to_vec());
    }
    let two = writer.choices.chance(40);
    if two {
        catalogue.insert("other.yaml".to_owned(), (head("t.other") + &writer.version("2020-01-01")).into_bytes());
        writer.other = true;
    }
    let mut versions = vec![writer.version("2020-01-01")];
    if let Some(later) = later {
        writer.choices = later.choices;
        let start = writer.pick(&[
            "",
            "in_force: { from: 2024-06-01 }\n    ",
            "in_force: { from: 2023-01-01, to: 2026-03-31 }\n    ",
            "status: draft\n    ",
            "status: closed\n    ",
        ]);
        let text = writer.version(LATER).replacen("known_from", &format!("{start}known_from"), 1);
        versions.insert(usize::from(!later.first), text);
    }
    catalogue.insert("main.yaml".to_owned(), (head(MAIN) + &versions.concat()).into_bytes());
    Sources { vocabulary: BTreeMap::from([("test.yaml".to_owned(), VOCABULARY.as_bytes().to_vec())]), catalogue }
}

fn head(id: &str) -> String {
    format!(
        "measure: {id}\nname: {{ zh: 措施, en: Measure }}\ndocument: t.doc\nclause: 一\ntopic: any\napplies_to: organisation\nversions:\n"
    )
}

impl Writer {
    /// What has no order, in some order.
    fn arrange(&mut self, mut items: Vec<String>) -> Vec<String> {
        if let Some(order) = &mut self.order {
            for last in (1..items.len()).rev() {
                items.swap(last, order.below(last + 1));
            }
        }
        items
    }

    fn pick(&mut self, list: &[&str]) -> String {
        (*self.choices.pick(list)).to_owned()
    }

    fn several(&mut self, least: usize, most: usize, mut one: impl FnMut(&mut Self) -> String) -> Vec<String> {
        let count = least + self.choices.below(most - least + 1);
        let items = (0..count).map(|_| one(self)).collect();
        self.arrange(items)
    }

    fn has(&self, record: &str) -> bool {
        self.scope.contains(&record)
    }

    /// `f` where there is a current record.
    fn within<T>(&mut self, record: &'static str, f: impl FnOnce(&mut Self) -> T) -> T {
        self.scope.push(record);
        let result = f(self);
        self.scope.pop();
        result
    }

    fn operator(&mut self, sign: &str, depth: u32, one: fn(&mut Self, u32) -> String) -> String {
        let parts = self.several(2, 3, |writer| one(writer, depth - 1));
        format!("({})", parts.join(sign))
    }

    fn call(&mut self, name: &str, depth: u32, one: fn(&mut Self, u32) -> String) -> String {
        let parts = self.several(2, 3, |writer| one(writer, depth - 1));
        format!("{name}({})", parts.join(", "))
    }

    fn branch(&mut self, depth: u32, one: fn(&mut Self, u32) -> String) -> String {
        let (condition, yes, no) = (self.truth(depth - 1), one(self, depth - 1), one(self, depth - 1));
        format!("(if {condition} then {yes} else {no})")
    }

    /// ` where …`, or nothing.
    fn filter(&mut self, depth: u32) -> String {
        if self.choices.chance(60) { format!(" where {}", self.truth(depth.saturating_sub(1))) } else { String::new() }
    }

    pub(crate) fn truth(&mut self, depth: u32) -> String {
        if depth == 0 || self.choices.chance(25) {
            let mut simple = vec!["org.flag", "org.mark", "not org.flag"];
            if self.has("deal") {
                simple.extend(["deal.ok", "not deal.ok", "deal.ok"]);
            }
            return format!("({})", self.pick(&simple));
        }
        match self.choices.below(13) {
            0 => self.compare(depth, Self::money),
            1 => self.compare(depth, Self::rate),
            2 => self.compare(depth, Self::count),
            3 => self.compare(depth, Self::date),
            4 => self.compare(depth, Self::months),
            5 => self.operator(" and ", depth, Self::truth),
            6 => self.operator(" or ", depth, Self::truth),
            7 => format!("(not {})", self.truth(depth - 1)),
            8 => {
                let (subject, word) = (
                    if self.has("deal") && self.choices.chance(50) { "deal.kind" } else { "org.kind" },
                    self.pick(&["in", "not in"]),
                );
                let codes = self.several(1, 2, |writer| writer.pick(&KINDS));
                format!("({subject} {word} [{}])", codes.join(", "))
            }
            9 => format!("(org.roles has {})", self.pick(&ROLES)),
            10 => format!("(org.place within {})", self.pick(&PLACES)),
            11 => {
                let name = self.pick(&["any", "all"]);
                let filter = self.within("deal", |writer| format!(" where {}", writer.truth(depth - 1)));
                format!("({name}(deal{filter}))")
            }
            _ => {
                let (a, b) = (self.truth(depth - 1), self.truth(depth - 1));
                format!("({a} = {b})")
            }
        }
    }

    fn compare(&mut self, depth: u32, side: fn(&mut Self, u32) -> String) -> String {
        let (a, sign, b) = (side(self, depth - 1), self.pick(&SIGNS), side(self, depth - 1));
        format!("({a} {sign} {b})")
    }

    pub(crate) fn money(&mut self, depth: u32) -> String {
        let lets: Vec<String> =
            self.lets.iter().filter(|(_, kind)| *kind == Kind::Money).map(|(name, _)| name.clone()).collect();
        if !lets.is_empty() && self.choices.chance(20) {
            return lets[self.choices.below(lets.len())].clone();
        }
        if depth == 0 || self.choices.chance(20) {
            let mut simple = vec![
                "org.assets",
                "org.balance",
                "org.turnover",
                "org.revenue[year-1]",
                "org.rd[year-1]",
                "org.revenue[year]",
                "org.revenue[2024]",
            ];
            if self.has("deal") {
                simple.extend(["deal.amount", "deal.cost", "deal.amount", "deal.amount"]);
            }
            return if self.choices.chance(40) { self.pick(&simple) } else { self.pick(&MONEY) };
        }
        match self.choices.below(18) {
            0 => format!("({} * {})", self.rate(depth - 1), self.money(depth - 1)),
            1 => self.operator(" + ", depth, Self::money),
            2 => format!("({} - {})", self.money(depth - 1), self.money(depth - 1)),
            3 => self.call("min", depth, Self::money),
            4 => self.call("max", depth, Self::money),
            5 => self.branch(depth, Self::money),
            6 => format!("({} * {})", self.count(depth - 1), self.money(depth - 1)),
            7 => format!("({} / {})", self.money(depth - 1), self.count(depth - 1)),
            8 => format!("(up to {})", self.money(depth - 1)),
            9 => format!("between({}, {})", self.money(depth - 1), self.money(depth - 1)),
            10 | 11 => {
                let name = self.pick(&["sum", "max", "min"]);
                self.within("deal", |writer| {
                    let plain = writer.choices.chance(60);
                    let value = if plain {
                        "deal.amount".to_owned()
                    } else {
                        format!("(deal.amount {} {})", writer.pick(&["+", "-"]), writer.money(depth.min(2) - 1))
                    };
                    format!("{name}({value}{})", writer.filter(depth))
                })
            }
            12 => {
                let same =
                    if self.has("deal") && self.choices.chance(70) { " where support.deal = deal.id" } else { "" };
                format!("sum(support.amount{same})")
            }
            13 => format!("scale({}, {}, {})", self.money(depth - 1), self.money(depth - 1), self.money(depth - 1)),
            14 => format!("{}(org.rd[year-3..year-1])", self.pick(&["sum", "min", "max"])),
            15 => self.pick(&["received(\"t.main\")", "received(\"t.main\", year)"]),
            16 if self.other => "amount_of(\"t.other\")".to_owned(),
            _ => format!("(at least {})", self.money(depth - 1)),
        }
    }

    fn rate(&mut self, depth: u32) -> String {
        let lets: Vec<String> =
            self.lets.iter().filter(|(_, kind)| *kind == Kind::Rate).map(|(name, _)| name.clone()).collect();
        if !lets.is_empty() && self.choices.chance(30) {
            return lets[self.choices.below(lets.len())].clone();
        }
        if depth == 0 || self.choices.chance(30) {
            return if self.choices.chance(30) { "org.share".to_owned() } else { self.pick(&RATES) };
        }
        match self.choices.below(8) {
            0 => format!("({} / {})", self.money(depth - 1), self.money(depth - 1)),
            1 => format!("({} / {})", self.count(depth - 1), self.count(depth - 1)),
            2 => format!("({} / {} - 1)", self.money(depth - 1), self.money(depth - 1)),
            3 => self.operator(" + ", depth, Self::rate),
            // a product of rates is rounded, so that its order is not free
            4 => format!("({} * {})", self.rate(depth - 1), self.rate(depth - 1)),
            5 => self.branch(depth, Self::rate),
            6 => self.call("min", depth, Self::rate),
            _ => format!("(up to {})", self.rate(depth - 1)),
        }
    }

    fn count(&mut self, depth: u32) -> String {
        if depth == 0 || self.choices.chance(40) {
            let mut simple = vec!["org.staff", "1", "20", "3", "0", "review.score"];
            if self.has("deal") {
                simple.push("deal.score");
            }
            return self.pick(&simple);
        }
        match self.choices.below(7) {
            0 => self.within("deal", |writer| format!("count(deal{})", writer.filter(depth))),
            1 => format!("years_between({}, {})", self.date(depth - 1), self.date(depth - 1)),
            2 => format!("year_of({})", self.date(depth - 1)),
            3 => self.operator(" + ", depth, Self::count),
            4 => format!("({} - {})", self.count(depth - 1), self.count(depth - 1)),
            5 => self.operator(" * ", depth, Self::count),
            _ => self.branch(depth, Self::count),
        }
    }

    fn date(&mut self, depth: u32) -> String {
        if depth == 0 || self.choices.chance(40) {
            let mut simple = vec!["on", "org.founded_on", "org.listed_on"];
            simple.extend(DATES);
            if self.has("deal") {
                simple.extend(["deal.signed_on", "deal.signed_on"]);
            }
            return self.pick(&simple);
        }
        match self.choices.below(5) {
            0 => format!("({} + {})", self.date(depth - 1), self.months(depth - 1)),
            1 => format!("({} - {})", self.date(depth - 1), self.months(depth - 1)),
            2 => format!("({} - {})", self.date(depth - 1), self.pick(&["30 days", "1 days", "365 days"])),
            3 => self.call("max", depth, Self::date),
            _ => self.branch(depth, Self::date),
        }
    }

    fn months(&mut self, depth: u32) -> String {
        if depth == 0 || self.choices.chance(50) {
            return self.pick(&["12 months", "org.age", "org.term", "1 year", "24 months", "1 months"]);
        }
        match self.choices.below(3) {
            0 => format!("months_between({}, {})", self.date(depth - 1), self.date(depth - 1)),
            1 => self.operator(" + ", depth, Self::months),
            _ => self.call("min", depth, Self::months),
        }
    }

    /// A condition as a flow mapping.
    pub(crate) fn condition(&mut self, depth: u32) -> String {
        let mut body = match self.choices.below(if depth == 0 { 6 } else { 12 }) {
            0 => format!("is: '{}'", self.truth(depth.min(2) + 1)),
            1 => format!("fact: {}, {}: {}", self.pick(&["org.flag", "org.mark"]), "is", self.pick(&["yes", "no"])),
            2 => {
                let test = self.pick(&["in", "not_in"]);
                let codes = self.several(1, 2, |writer| writer.pick(&KINDS));
                format!("fact: org.kind, {test}: [{}]", codes.join(", "))
            }
            3 => format!("fact: org.place, {}: {}", self.pick(&["within", "not_within"]), self.pick(&PLACES)),
            4 => {
                format!("fact: org.roles, {}: {}", self.pick(&["has", "has_none_of", "has_any_of"]), self.pick(&ROLES))
            }
            5 => {
                let test = self.pick(&["at_least", "more_than", "at_most", "less_than"]);
                let subject = if self.has("deal") { "deal.amount" } else { "org.assets" };
                format!("fact: {subject}, {test}: '{}'", self.money(1))
            }
            6 => format!("all: [ {} ]", self.several(1, 3, |writer| writer.condition(depth - 1)).join(", ")),
            7 => format!("any: [ {} ]", self.several(1, 3, |writer| writer.condition(depth - 1)).join(", ")),
            8 => format!("not: {}", self.condition(depth - 1)),
            9 => {
                self.reviews += 1;
                format!(
                    "review: r{}, by: officer, label: {{ zh: 认定, en: Decided }}",
                    self.choices.below(self.reviews.min(3))
                )
            }
            10 => {
                let deal = self.has("deal");
                let member = if deal { "deal.partner" } else { "org.partner" };
                let mut text = format!("listed: {member}, list: {}", self.pick(&["t.partners", "t.banned"]));
                if self.choices.chance(50) {
                    text += &format!(", on: '{}'", self.date(1));
                }
                if self.choices.chance(50) {
                    text += if deal { ", scope: deal.kind" } else { ", scope: org.kind" };
                }
                text
            }
            _ if self.other => format!("measure: t.other, outcome: {}", self.pick(&["eligible", "not_eligible"])),
            _ => format!("is: '{}'", self.truth(depth + 1)),
        };
        if depth > 0 && self.choices.chance(15) {
            body += &format!(", unless: {}", self.condition(depth - 1));
        }
        format!("{{ {body} }}")
    }

    /// A table under `let`.
    fn table(&mut self, kind: Kind) -> String {
        let value = |writer: &mut Self| if kind == Kind::Money { writer.money(1) } else { writer.rate(1) };
        let (hit, ordered) = *self.choices.pick(&[("first", true), ("highest", false), ("sum", false)]);
        let (inputs, count) = *self.choices.pick(&[
            ("org.assets", 1),
            ("org.kind", 1),
            ("org.flag, org.staff", 2),
            ("org.share, org.place", 2),
            ("org.roles", 1),
            ("org.age, org.kind", 2),
        ]);
        let mut rows = Vec::new();
        for number in 0..1 + self.choices.below(3) {
            let cells: Vec<String> = inputs.split(", ").map(|input| self.cell(input, number)).collect();
            rows.push(format!("{{ when: [{}], then: '{}' }}", cells.join(", "), value(self)));
        }
        let mut rows = if ordered { rows } else { self.arrange(rows) };
        // a row for each kind covers everything without a last one
        if inputs != "org.kind" || rows.len() < KINDS.len() {
            rows.push(format!("{{ when: [{}], then: '{}' }}", vec!["\"-\""; count].join(", "), value(self)));
        }
        format!("{{ table: {hit}, inputs: [{inputs}], rows: [ {} ] }}", rows.join(", "))
    }

    /// The test of a cell; in later rows wider.
    fn cell(&mut self, input: &str, row: usize) -> String {
        let low = *[3_usize, 2, 1].get(row).unwrap_or(&1);
        let text = match input {
            "org.assets" => format!(">= {}00万元", low),
            "org.kind" => KINDS[row % 3].to_owned(),
            "org.flag" => self.pick(&["yes", "no", "-"]),
            "org.staff" => {
                if self.choices.chance(50) {
                    format!("[{}, {})", low, low * 20)
                } else {
                    format!("> {}", low * 10)
                }
            }
            "org.share" => format!(">= {}0%", low),
            "org.place" => {
                if self.choices.chance(50) {
                    format!("within {}", self.pick(&PLACES))
                } else {
                    "-".to_owned()
                }
            }
            "org.roles" => ROLES[row % 3].to_owned(),
            _ => format!("< {} months", 40 - low * 10),
        };
        format!("\"{text}\"")
    }

    /// A table that takes each slice at its own rate.
    fn marginal(&mut self) -> String {
        let steps = *self.choices.pick(&[["100万元", "300万元"], ["10万元", "org.assets"], ["50万元", "1000万元"]]);
        let input = self.money(1);
        let mut rows: Vec<String> =
            steps.iter().map(|limit| format!("{{ when: [\"<= {limit}\"], then: '{}' }}", self.slice_rate())).collect();
        rows.push(format!("{{ when: [\"-\"], then: '{}' }}", self.slice_rate()));
        format!("{{ table: marginal, inputs: ['{input}'], rows: [ {} ] }}", rows.join(", "))
    }

    fn slice_rate(&mut self) -> String {
        self.pick(&["10%", "5%", "org.share", "50%", "org.share / 2", "-5%"])
    }

    fn limit_amount(&mut self) -> String {
        if self.choices.chance(30) {
            self.money(2)
        } else {
            self.pick(&["100万元", "300万元", "50万元", "1000万元"])
        }
    }

    fn stacking(&mut self) -> String {
        match self.choices.below(3) {
            0 | 1 => {
                let own = self.pick(&["counts", "unclear"]);
                let received = if self.has("deal") {
                    "sum(support.amount where support.deal = deal.id)"
                } else {
                    "sum(support.amount)"
                };
                let received = if self.choices.chance(30) { self.money(2) } else { received.to_owned() };
                let over = if self.other { "[t.other]" } else { "[]" };
                format!("{{ ceiling: '{}', over: {over}, received: '{received}', own: {own} }}", self.money(2))
            }
            _ => format!("{{ ladder: steps, received: '{}' }}", self.pick(&["received(\"t.main\")", "30万元"])),
        }
    }

    /// A version of a measure.
    fn version(&mut self, known_from: &str) -> String {
        let eligible = self.several(0, 4, |writer| writer.condition(2));
        let each = self.choices.chance(45);
        let mut text = format!("  - known_from: {known_from}\n    eligible: [ {} ]\n", eligible.join(", "));
        if each {
            self.scope.push("deal");
            let conditions = self.several(0, 2, |writer| writer.condition(1));
            text += &format!("    each: {{ record: deal, where: [ {} ] }}\n", conditions.join(", "));
        }
        self.lets.clear();
        let mut lets = String::new();
        for number in 0..self.choices.below(3) {
            let (kind, body) = match self.choices.below(3) {
                0 => (Kind::Rate, self.table(Kind::Rate)),
                1 => (Kind::Money, self.table(Kind::Money)),
                _ => (Kind::Money, self.marginal()),
            };
            lets += &format!("      v{number}: {body}\n");
            self.lets.push((format!("v{number}"), kind));
        }
        if !lets.is_empty() {
            text += &format!("    let:\n{lets}");
        }
        text += &format!("    award:\n      kind: money\n      amount: '{}'\n", self.money(3));
        if self.choices.chance(25) {
            text += &format!("      at_least: '{}'\n", self.money(1));
        }
        if self.choices.chance(35) {
            text += &format!("      refuse_below: '{}'\n", self.money(1));
        }
        if self.choices.chance(30) {
            text += &format!(
                "      round: {}\n",
                self.pick(&["down to 1 CNY", "up to 100 CNY", "nearest to 1万元", "up to 0.01 CNY"])
            );
        }
        let limits = self.several(0, 2, |writer| {
            let per = if each {
                writer.pick(&["[deal]", "[org, year]", "[org, lifetime]", "[org]"])
            } else {
                writer.pick(&["[org, year]", "[org, lifetime]", "[org]"])
            };
            format!(
                "{{ per: {per}, at_most: '{}' }}",
                if each && per != "[deal]" { "300万元".to_owned() } else { writer.limit_amount() }
            )
        });
        text += &format!("      limits: [ {} ]\n", limits.join(", "));
        if self.choices.chance(25) {
            let part = self.pick(&["50% * award", "10万元", "min(award, 30万元)", "org.share * award"]);
            text += &format!(
                "      payout: [ {{ amount: '{part}', when: {{ zh: 先, en: first }} }}, {{ amount: rest, when: {{ zh: 后, en: then }} }} ]\n"
            );
        }
        // what a ladder leaves is taken before or after a ceiling as the rules are written
        let mut stacking: Vec<String> = (0..self.choices.below(3)).map(|_| self.stacking()).collect();
        if !stacking.iter().any(|rule| rule.contains("ladder")) {
            stacking = self.arrange(stacking);
        }
        text += &format!("    stacking: [ {} ]\n", stacking.join(", "));
        self.scope.clear();
        self.lets.clear();
        text
    }
}
