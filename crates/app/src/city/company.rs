//! What a made-up company is, as whole numbers: drawn from the proportions, and consistent within itself.

use domain::{Date, Money, PlaceId, PlaceTree};

use super::draw::Draw;
use super::tables::{Band, Given, Result, Shares, Tables, band, class, index, yes_no};

/// How many closed years the registers know.
pub const YEARS: usize = 3;

/// Revenue of the last closed year from which the statistics count a company as above scale.
const ABOVE_SCALE: i64 = 20_000_000;

/// What kind of body it is, by the codes of the vocabulary.
pub(super) const KINDS: [&str; 3] = ["enterprise", "branch", "institute"];

/// Statuses, by the codes of the vocabulary.
pub const STATUSES: [&str; 6] = ["hnte", "hnte_pool", "tech_sme", "innovative_sme", "srdi_sme", "little_giant"];

/// A made-up company. Money is in whole yuan, so that a column of it is a column of numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Company {
    /// The seed that it was drawn with.
    pub seed: u64,
    /// Its row in the registry, from 0.
    pub row: u32,
    pub(super) kind: usize,
    pub(super) industry: usize,
    /// Where it is registered.
    pub place: PlaceId,
    /// Where it operates.
    pub operating_place: PlaceId,
    /// Where it reports its statistics.
    pub statistics_place: PlaceId,
    /// When it was founded.
    pub founded_on: Date,
    /// Full months since it was founded.
    pub age: i32,
    /// Employees.
    pub staff: i64,
    /// Employees by another register, where the two disagree.
    pub staff_disputed: Option<i64>,
    /// Employees in research.
    pub rd_staff: i64,
    /// The closed years, the earliest first; nothing for years before it was founded.
    pub years: [Option<Year>; YEARS],
    /// Which of [`STATUSES`] it has.
    pub statuses: [bool; STATUSES.len()],
    /// When its certificate as a high-tech enterprise was issued, and whether it was the first.
    pub hnte: Option<(Date, bool)>,
    /// A code of the list of roles.
    pub(super) role: usize,
    pub(super) manufacturing: bool,
    pub(super) strategic_industry: bool,
    pub(super) in_hightech_zone: bool,
    pub(super) serious_dishonesty: bool,
    pub(super) credit_punishment: bool,
    pub(super) abnormal_operation: bool,
    pub(super) research_dishonesty: bool,
    /// How many intellectual property rights it has.
    pub rights: u32,
    pub(super) name: NameParts,
}

/// What a company's name is put together from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NameParts {
    pub(super) style: usize,
    pub(super) third: Option<u32>,
    pub(super) field: u32,
}

/// A closed year of a company. Amounts are whole yuan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Year {
    /// The calendar year.
    pub year: i32,
    /// Revenue.
    pub revenue: i64,
    /// Spending on research and development.
    pub rd: i64,
    /// What of it was spent on research by others.
    pub rd_outsourced: i64,
    /// Total assets at its end.
    pub assets: i64,
    /// Whether the extra tax deduction for research was declared.
    pub rd_super_deduction: bool,
    /// Whether it was in the scope of the research statistics.
    pub in_rd_statistics: bool,
    /// Whether it reported to the Torch statistics, where it had to.
    pub torch_statistics: Option<bool>,
    /// Whether there was a major accident.
    pub major_accident: bool,
}

impl Company {
    pub(super) fn is_enterprise(&self) -> bool {
        self.kind == 0
    }

    /// The last closed year, if there is one.
    pub fn last_year(&self) -> Option<&Year> {
        self.years.iter().rev().find_map(Option::as_ref)
    }

    pub(super) fn above_scale(&self) -> bool {
        self.last_year().is_some_and(|year| year.revenue >= ABOVE_SCALE)
    }

    /// Small or medium-sized by the standards of 2011 (工信部联企业〔2011〕300号): industry has other ends than the rest.
    pub(super) fn is_sme(&self) -> bool {
        let (staff, revenue) = if self.manufacturing { (1000, 400_000_000) } else { (300, 100_000_000) };
        self.staff < staff || self.last_year().is_none_or(|year| year.revenue < revenue)
    }
}

/// An amount of whole yuan.
pub(super) fn money(yuan: i64) -> Money {
    Money::from_yuan(yuan).unwrap_or(Money::MAX)
}

/// The proportions that companies are drawn from. A field has the name of its table.
pub(super) struct Proportions {
    /// The day as of which the registers are read.
    pub(super) snapshot: Date,
    pub(super) industries: Vec<String>,
    pub(super) roles: Vec<String>,
    place: Shares<(usize, PlaceId)>,
    age_months: Shares<(usize, Band)>,
    industry: Shares<usize>,
    kind: Shares<usize>,
    staff: Given<(usize, Band)>,
    staff_disputed: Shares<bool>,
    operating_elsewhere: Shares<bool>,
    statistics_at_operation: Shares<bool>,
    in_hightech_zone: Given<bool>,
    manufacturing: Given<bool>,
    strategic_industry: Given<bool>,
    revenue_per_head: Given<Band>,
    growth_percent: Shares<Band>,
    rd_staff_percent: Given<Band>,
    rd_cost_per_head: Shares<Band>,
    rd_outsourced_percent: Shares<Band>,
    assets_percent: Shares<Band>,
    rd_super_deduction: Given<bool>,
    in_rd_statistics: Given<bool>,
    torch_statistics: Shares<bool>,
    hnte: Given<bool>,
    hnte_first_when_older: Shares<bool>,
    hnte_pool: Shares<bool>,
    tech_sme: Given<bool>,
    innovative_sme: Given<bool>,
    srdi_sme: Shares<bool>,
    little_giant: Shares<bool>,
    role: Shares<usize>,
    rights: Given<Band>,
    serious_dishonesty: Shares<bool>,
    credit_punishment: Shares<bool>,
    abnormal_operation: Shares<bool>,
    research_dishonesty: Shares<bool>,
    major_accident: Shares<bool>,
    name_style: Shares<usize>,
    third_character: Shares<bool>,
}

impl Proportions {
    pub(super) fn new(tables: &Tables, snapshot: Date) -> Result<Self> {
        let places = tables.values("place");
        let ages = tables.values("age_months");
        let industries = tables.values("industry");
        let sizes = tables.values("staff");
        let roles = tables.values("role");
        let kinds = KINDS.map(str::to_owned);
        let styles = super::name::STYLES.map(str::to_owned);
        let answers = ["no", "yes"].map(str::to_owned);
        let by_size = |table| -> Result<Given<bool>> { tables.given(table, &sizes, yes_no) };
        Ok(Self {
            snapshot,
            place: tables.shares("place", |id| Some((index(&places)(id)?, PlaceTree::china().get(id)?)))?,
            age_months: tables.shares("age_months", class(&ages))?,
            industry: tables.shares("industry", index(&industries))?,
            kind: tables.shares("kind", index(&kinds))?,
            staff: tables.given("staff", &ages, class(&sizes))?,
            staff_disputed: tables.chance("staff_disputed")?,
            operating_elsewhere: tables.chance("operating_elsewhere")?,
            statistics_at_operation: tables.chance("statistics_at_operation")?,
            in_hightech_zone: tables.given("in_hightech_zone", &places, yes_no)?,
            manufacturing: tables.given("manufacturing", &industries, yes_no)?,
            strategic_industry: tables.given("strategic_industry", &industries, yes_no)?,
            revenue_per_head: tables.given("revenue_per_head", &ages, band)?,
            growth_percent: tables.shares("growth_percent", band)?,
            rd_staff_percent: tables.given("rd_staff_percent", &industries, band)?,
            rd_cost_per_head: tables.shares("rd_cost_per_head", band)?,
            rd_outsourced_percent: tables.shares("rd_outsourced_percent", band)?,
            assets_percent: tables.shares("assets_percent", band)?,
            rd_super_deduction: by_size("rd_super_deduction")?,
            in_rd_statistics: tables.given("in_rd_statistics", &answers, yes_no)?,
            torch_statistics: tables.chance("torch_statistics")?,
            hnte: by_size("hnte")?,
            hnte_first_when_older: tables.chance("hnte_first_when_older")?,
            hnte_pool: tables.chance("hnte_pool")?,
            tech_sme: by_size("tech_sme")?,
            innovative_sme: by_size("innovative_sme")?,
            srdi_sme: tables.chance("srdi_sme")?,
            little_giant: tables.chance("little_giant")?,
            role: tables.shares("role", index(&roles))?,
            rights: tables.given("rights", &sizes, band)?,
            serious_dishonesty: tables.chance("serious_dishonesty")?,
            credit_punishment: tables.chance("credit_punishment")?,
            abnormal_operation: tables.chance("abnormal_operation")?,
            research_dishonesty: tables.chance("research_dishonesty")?,
            major_accident: tables.chance("major_accident")?,
            name_style: tables.shares("name_style", index(&styles))?,
            third_character: tables.chance("third_character")?,
            industries,
            roles,
        })
    }

    /// The company of a row.
    pub(super) fn company(&self, seed: u64, row: u32) -> Company {
        let mut draw = Draw::company(seed, row);
        let draw = &mut draw;
        let (place_class, place) = self.place.draw(draw);
        let (age_class, months) = self.age_months.draw(draw);
        let founded_on = self.founded_on(months, draw);
        let industry = self.industry.draw(draw);
        let (size, staff) = self.staff.draw(age_class, draw);
        let staff = draw.skewed(staff.low, staff.high);
        let operating_place = if self.operating_elsewhere.draw(draw) { self.place.draw(draw).1 } else { place };
        let there = self.statistics_at_operation.draw(draw);
        let off = draw.between(1, (staff / 5).max(1));
        let percent = self.rd_staff_percent.draw(industry, draw);
        let mut company = Company {
            seed,
            row,
            kind: self.kind.draw(draw),
            industry,
            place,
            operating_place,
            statistics_place: if there { operating_place } else { place },
            founded_on,
            age: founded_on.months_until(self.snapshot),
            staff,
            staff_disputed: self.staff_disputed.draw(draw).then_some(staff + off),
            rd_staff: staff * draw.between(percent.low, percent.high) / 100,
            years: [None; YEARS],
            statuses: [false; STATUSES.len()],
            hnte: None,
            role: self.role.draw(draw),
            manufacturing: self.manufacturing.draw(industry, draw),
            strategic_industry: self.strategic_industry.draw(industry, draw),
            in_hightech_zone: self.in_hightech_zone.draw(place_class, draw),
            serious_dishonesty: self.serious_dishonesty.draw(draw),
            credit_punishment: self.credit_punishment.draw(draw),
            abnormal_operation: self.abnormal_operation.draw(draw),
            research_dishonesty: self.research_dishonesty.draw(draw),
            rights: 0,
            name: NameParts {
                style: self.name_style.draw(draw),
                third: self.third_character.draw(draw).then(|| draw.below(u32::MAX)),
                field: draw.below(u32::MAX),
            },
        };
        self.years(&mut company, age_class, size, draw);
        self.statuses(&mut company, size, draw);
        let rights = self.rights.draw(size, draw);
        company.rights = u32::try_from(draw.between(rights.low, rights.high)).unwrap_or_default();
        company
    }

    fn founded_on(&self, months: Band, draw: &mut Draw) -> Date {
        let months = i32::try_from(draw.between(months.low, months.high)).unwrap_or_default();
        let days = i32::try_from(draw.below(28)).unwrap_or_default();
        let day = self.snapshot.checked_add_months(-months).and_then(|day| day.checked_add_days(-days));
        day.unwrap_or(self.snapshot)
    }

    /// The closed years: the last one from the staff, the ones before by going back along the growth.
    fn years(&self, company: &mut Company, age_class: usize, size: usize, draw: &mut Draw) {
        let (per_head, cost) = (self.revenue_per_head.draw(age_class, draw), self.rd_cost_per_head.draw(draw));
        let (per_head, cost) = (draw.skewed(per_head.low, per_head.high), draw.between(cost.low, cost.high));
        let growth = self.growth_percent.draw(draw);
        let growth = draw.between(growth.low, growth.high);
        let outsourced = self.rd_outsourced_percent.draw(draw);
        let assets = self.assets_percent.draw(draw);
        let assets = draw.between(assets.low, assets.high);
        // Thousands a head and single yuan beside them, as no real amount is round.
        let mut amount = |thousands: i64, heads: i64| match thousands * heads {
            0 => 0,
            thousands => thousands * 1000 + i64::from(draw.below(1000)),
        };
        let (mut revenue, mut rd) = (amount(per_head, company.staff), amount(cost, company.rd_staff));
        let founded = company.founded_on;
        for (back, slot) in company.years.iter_mut().rev().enumerate() {
            let year = self.snapshot.year() - 1 - i32::try_from(back).unwrap_or_default();
            if year < founded.year() {
                break;
            }
            let months = if year == founded.year() { 13 - i64::from(founded.month()) } else { 12 };
            let (revenue_then, rd_then) = (revenue * months / 12, rd * months / 12);
            let above = usize::from(revenue_then >= ABOVE_SCALE);
            *slot = Some(Year {
                year,
                revenue: revenue_then,
                rd: rd_then,
                rd_outsourced: rd_then * draw.between(outsourced.low, outsourced.high) / 100,
                assets: revenue_then * assets / 100 + company.staff * 30_000,
                rd_super_deduction: rd_then > 0 && self.rd_super_deduction.draw(size, draw),
                in_rd_statistics: self.in_rd_statistics.draw(above, draw),
                torch_statistics: None,
                major_accident: self.major_accident.draw(draw),
            });
            (revenue, rd) = (revenue * 100 / (100 + growth), rd * 100 / (100 + growth));
        }
    }

    /// Statuses rest on what they ask for: a firm, some years, a size, and the status before them.
    fn statuses(&self, company: &mut Company, size: usize, draw: &mut Draw) {
        let first = self.hnte_first_when_older.draw(draw);
        let (back, month, day) = (draw.below(YEARS as u32), 11 + draw.below(2), 1 + draw.below(28));
        let firm = company.is_enterprise();
        let small = company.last_year().is_some_and(|year| {
            company.staff <= 500 && year.revenue <= 200_000_000 && year.assets <= 200_000_000 && year.rd > 0
        });
        let hnte = self.hnte.draw(size, draw) && firm && company.age >= 24;
        let pool = self.hnte_pool.draw(draw) && firm && company.age >= 12 && !hnte;
        let tech_sme = self.tech_sme.draw(size, draw) && firm && small;
        let innovative = self.innovative_sme.draw(size, draw) && firm && company.age >= 24;
        let srdi = self.srdi_sme.draw(draw) && innovative && company.age >= 36;
        let giant = self.little_giant.draw(draw) && srdi && hnte;
        company.statuses = [hnte, pool, tech_sme, innovative, srdi, giant];
        if !hnte {
            return;
        }
        let last = self.snapshot.year() - 1;
        let year = last - i32::try_from(back).unwrap_or_default();
        let of_year = |year| Date::new(year, month, day).unwrap_or(self.snapshot);
        let old_enough = |day: &Date| company.founded_on.months_until(*day) >= 12;
        let issued = Some(of_year(year)).filter(old_enough).unwrap_or_else(|| of_year(last));
        company.hnte = Some((issued, first || company.founded_on.months_until(issued) < 48));
        for year in company.years.iter_mut().flatten() {
            let reported = self.torch_statistics.draw(draw);
            year.torch_statistics = (year.year >= issued.year()).then_some(reported);
        }
    }
}
