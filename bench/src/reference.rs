//! The rules of the benchmark written out by hand in integers: what every engine's answer is compared with.
//!
//! Amounts come in fen; a rate is a whole number of hundredths, so a rate times an amount is a whole number of
//! hundredths of a fen, which is a ten-thousandth of a yuan. Nothing is rounded on the way.

use serde_json::{Map, Value};

/// Ten-thousandths of a yuan in a yuan: the unit of exact amounts.
pub(crate) const YUAN: i128 = 10_000;
/// Ten-thousandths of a yuan in a fen.
const FEN: i128 = 100;

/// The ten measures in the order of [`Amounts::each`], by their ids in `bench/rules`.
pub(crate) const MEASURES: [&str; 10] = [
    "bench.compute-voucher",
    "bench.model-voucher",
    "bench.data-voucher",
    "bench.rd-subsidy",
    "bench.high-tech-reward",
    "bench.growth-reward",
    "bench.loan-interest",
    "bench.rent",
    "bench.export-premium",
    "bench.patent-reward",
];

/// What the first rows of the generated companies add up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Control {
    /// How many companies.
    pub(crate) companies: usize,
    /// Their compute vouchers, in ten-thousandths of a yuan.
    pub(crate) compute_voucher: i128,
    /// Their totals, in ten-thousandths of a yuan.
    pub(crate) total: i128,
    /// Their totals when every measure rounds to the fen, in ten-thousandths of a yuan.
    pub(crate) total_to_the_fen: i128,
}

/// Control sums: the exact ones found with other engines, those to the fen with decimal arithmetic elsewhere.
pub(crate) const CONTROL: [Control; 3] = [
    Control {
        companies: 1_000,
        compute_voucher: 1_338_634_933_080,
        total: 2_130_495_040_706,
        total_to_the_fen: 2_130_495_049_700,
    },
    Control {
        companies: 5_000,
        compute_voucher: 6_450_198_309_940,
        total: 10_252_064_391_637,
        total_to_the_fen: 10_252_064_431_800,
    },
    Control {
        companies: 20_000,
        compute_voucher: 28_604_428_282_240,
        total: 44_900_364_631_666,
        total_to_the_fen: 44_900_364_779_000,
    },
];

impl Control {
    /// The sums over these companies.
    #[must_use]
    pub(crate) fn of(companies: &[Company]) -> Self {
        let mut sums = Self { companies: companies.len(), compute_voucher: 0, total: 0, total_to_the_fen: 0 };
        for company in companies {
            let exact = company.exact();
            let [compute_voucher, ..] = exact.each;
            sums.compute_voucher += compute_voucher;
            sums.total += exact.total;
            sums.total_to_the_fen += company.to_the_fen().total;
        }
        sums
    }
}

/// A made-up company, with its amounts in fen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Company {
    /// Its number.
    pub(crate) id: i64,
    /// The id of its city.
    pub(crate) city: String,
    /// The code of its kind.
    pub(crate) entity_type: String,
    /// The code of its industry.
    pub(crate) industry: String,
    /// Whether it is on the serious-dishonesty list.
    pub(crate) dishonest: bool,
    /// Whether it is a high-tech enterprise.
    pub(crate) high_tech: bool,
    /// Full years since its establishment.
    pub(crate) age_years: i64,
    /// Employees.
    pub(crate) staff: i64,
    /// Compute contracts.
    pub(crate) contract_amount: i64,
    /// Spending on models.
    pub(crate) model_spend: i64,
    /// Spending on data.
    pub(crate) data_spend: i64,
    /// Revenue of the last year.
    pub(crate) revenue: i64,
    /// Revenue of the year before.
    pub(crate) prev_revenue: i64,
    /// R&D expense of the last year.
    pub(crate) rd_spend: i64,
    /// Loan interest paid.
    pub(crate) loan_interest: i64,
    /// Area rented, in square metres.
    pub(crate) rent_area: i64,
    /// Export credit insurance premium.
    pub(crate) export_premium: i64,
    /// Invention patents granted.
    pub(crate) patents: i64,
}

/// What a company gets, in ten-thousandths of a yuan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Amounts {
    /// Each of [`MEASURES`].
    pub(crate) each: [i128; 10],
    /// All of them, of the two rewards only the greater one, at most 20 million yuan.
    pub(crate) total: i128,
}

impl Company {
    /// Reads one line of the generated companies.
    ///
    /// # Errors
    /// The column that is missing or has another type.
    pub(crate) fn read(line: &str) -> Result<Self, String> {
        let row: Map<String, Value> =
            serde_json::from_str(line).map_err(|error| format!("a company cannot be read: {error}"))?;
        let column = |name: &str| row.get(name).ok_or_else(|| format!("a company has no `{name}`"));
        let number = |name: &str| column(name)?.as_i64().ok_or_else(|| format!("`{name}` is not a whole number"));
        let flag = |name: &str| column(name)?.as_bool().ok_or_else(|| format!("`{name}` is neither true nor false"));
        let code =
            |name: &str| column(name)?.as_str().map(str::to_owned).ok_or_else(|| format!("`{name}` is not a text"));
        Ok(Self {
            id: number("company_id")?,
            city: code("city")?,
            entity_type: code("entity_type")?,
            industry: code("industry")?,
            dishonest: flag("dishonest")?,
            high_tech: flag("high_tech")?,
            age_years: number("age_years")?,
            staff: number("staff")?,
            contract_amount: number("contract_amount")?,
            model_spend: number("model_spend")?,
            data_spend: number("data_spend")?,
            revenue: number("revenue")?,
            prev_revenue: number("prev_revenue")?,
            rd_spend: number("rd_spend")?,
            loan_interest: number("loan_interest")?,
            rent_area: number("rent_area")?,
            export_premium: number("export_premium")?,
            patents: number("patents")?,
        })
    }

    /// Reads every line of a text.
    ///
    /// # Errors
    /// The first line that cannot be read, with its number.
    pub(crate) fn read_all(text: &str) -> Result<Vec<Self>, String> {
        text.lines()
            .enumerate()
            .map(|(i, line)| Self::read(line).map_err(|error| format!("line {}: {error}", i + 1)))
            .collect()
    }

    /// What the company gets, nothing rounded.
    #[must_use]
    pub(crate) fn exact(&self) -> Amounts {
        let each = self.each();
        Amounts { each, total: total(&each) }
    }

    /// What the company gets when every measure rounds to the nearest fen, half a fen up, as the measures in
    /// `bench/rules` do. Still in ten-thousandths of a yuan.
    #[must_use]
    pub(crate) fn to_the_fen(&self) -> Amounts {
        let each = self.each().map(|amount| (amount + FEN / 2) / FEN * FEN);
        Amounts { each, total: total(&each) }
    }

    fn each(&self) -> [i128; 10] {
        let supported = self.city == "shenzhen"
            && ["enterprise", "university", "institute"].contains(&self.entity_type.as_str())
            && !self.dishonest;
        if !supported {
            return [0; 10];
        }
        let enterprise = self.entity_type == "enterprise";
        let startup = self.age_years <= 5 && self.staff <= 200;
        let (revenue, before, research) =
            (i128::from(self.revenue), i128::from(self.prev_revenue), i128::from(self.rd_spend));
        let if_so = |condition: bool, amount: i128| if condition { amount } else { 0 };
        let share = |percent: i128, fen: i64, cap: i128| (percent * i128::from(fen)).min(cap * YUAN);

        let data_rate = if ["ai", "medical"].contains(&self.industry.as_str()) { 40 } else { 30 };
        let intense = revenue > 0 && research * 100 >= revenue * 5;
        let small = self.staff <= 300 && revenue <= fen(400_000_000);
        [
            share(if startup { 60 } else { 50 }, self.contract_amount, 10_000_000),
            if_so(enterprise, share(50, self.model_spend, 2_000_000)),
            share(data_rate, self.data_spend, 5_000_000),
            if_so(enterprise && intense, by_slices(research).min(8_000_000 * YUAN)),
            if_so(self.high_tech, if self.staff < 300 { 200_000 * YUAN } else { 300_000 * YUAN }),
            if_so(enterprise && before > 0, growth(revenue, before)),
            if_so(small, share(50, self.loan_interest, 1_000_000)),
            if_so(startup, i128::from(self.rent_area.min(500)) * 180 * YUAN),
            share(30, self.export_premium, 500_000),
            if_so(self.patents >= 5, (i128::from(self.patents) * 10_000).min(500_000) * YUAN),
        ]
    }
}

/// The control sums for this many of the first companies, if there are any.
#[must_use]
pub(crate) fn control(companies: usize) -> Option<Control> {
    CONTROL.into_iter().find(|control| control.companies == companies)
}

/// Fen in an amount of whole yuan.
const fn fen(yuan: i128) -> i128 {
    yuan * 100
}

/// 10 % of the first million yuan, 8 % of the next nine, 5 % of what is above.
fn by_slices(spend: i128) -> i128 {
    let (first, second) = (fen(1_000_000), fen(10_000_000));
    10 * spend.min(first) + 8 * (spend.min(second) - first).max(0) + 5 * (spend - second).max(0)
}

/// The first row that holds: a revenue, what it is of the year before in hundredths, and the reward in yuan.
fn growth(revenue: i128, before: i128) -> i128 {
    let rows = [
        (1_000_000_000, 110, 1_000_000),
        (100_000_000, 115, 500_000),
        (20_000_000, 120, 300_000),
        (5_000_000, 130, 100_000),
    ];
    let row = rows.into_iter().find(|(least, percent, _)| revenue >= fen(*least) && revenue * 100 >= before * percent);
    row.map_or(0, |(_, _, reward)| reward * YUAN)
}

fn total(each: &[i128; 10]) -> i128 {
    let [compute, model, data, research, high_tech, growth, loan, rent, export, patents] = *each;
    (compute + model + data + research + high_tech.max(growth) + loan + rent + export + patents).min(20_000_000 * YUAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first thousand of the generated companies.
    const SAMPLE: &str = include_str!("../rules/sample-1000.jsonl");

    #[test]
    fn the_sample_adds_up_to_the_control_sums() {
        let companies = Company::read_all(SAMPLE).expect("the sample is well formed");
        assert_eq!(Some(Control::of(&companies)), control(1_000));
    }

    fn company() -> Company {
        Company {
            id: 0,
            city: "shenzhen".into(),
            entity_type: "enterprise".into(),
            industry: "ai".into(),
            dishonest: false,
            high_tech: true,
            age_years: 3,
            staff: 50,
            contract_amount: 1_000_000_001,
            model_spend: 0,
            data_spend: 0,
            revenue: 20_000_000_000,
            prev_revenue: 10_000_000_000,
            rd_spend: 1_200_000_000,
            loan_interest: 0,
            rent_area: 200,
            export_premium: 0,
            patents: 5,
        }
    }

    #[test]
    fn fractions_of_a_fen_are_kept_or_rounded_as_asked() {
        let [exact, rounded] = [company().exact(), company().to_the_fen()];
        assert_eq!(exact.each[0], 6_000_000 * YUAN + 60); // 60 % of 10,000,000.01 yuan is 6,000,000.006
        assert_eq!(rounded.each[0], 6_000_000 * YUAN + 100);
        assert_eq!(exact.each[3], 920_000 * YUAN); // three slices
        assert_eq!(exact.total, 7_506_000 * YUAN + 60); // of the two rewards only the half million for growth
    }

    #[test]
    fn nothing_for_a_unit_that_is_not_supported() {
        let away = Company { city: "beijing".into(), ..company() };
        assert_eq!(away.exact(), Amounts { each: [0; 10], total: 0 });
    }

    #[test]
    fn a_column_that_is_missing_is_named() {
        assert_eq!(Company::read("{\"company_id\":1}"), Err("a company has no `city`".into()));
    }
}
