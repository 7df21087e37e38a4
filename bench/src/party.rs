//! A made-up company as Kapok knows it.

use domain::{Fact, FactKey, Money, Party, PartyKind, PlaceTree, Quantity, Unit, Value};

use crate::reference::Company;

/// The company with its seventeen facts, all of them known.
///
/// # Errors
/// Its city is not in the place table, or an amount is beyond what money can be.
pub(crate) fn party(company: &Company) -> Result<Party, String> {
    let city = PlaceTree::china().get(&company.city).ok_or_else(|| format!("there is no place `{}`", company.city))?;
    let money = |fen: i64| {
        Money::try_from_fen(fen)
            .map(Value::Money)
            .ok_or_else(|| format!("company {}: {fen} fen is too much", company.id))
    };
    let area = Quantity { milli: company.rent_area * 1000, unit: Unit::SquareMetre };
    let facts = [
        ("org.city", Value::Place(city)),
        ("org.entity_type", Value::Code(company.entity_type.clone())),
        ("org.industry", Value::Code(company.industry.clone())),
        ("org.dishonest", Value::Bool(company.dishonest)),
        ("org.high_tech", Value::Bool(company.high_tech)),
        ("org.age_years", Value::Count(company.age_years)),
        ("org.staff", Value::Count(company.staff)),
        ("org.contract_amount", money(company.contract_amount)?),
        ("org.model_spend", money(company.model_spend)?),
        ("org.data_spend", money(company.data_spend)?),
        ("org.revenue", money(company.revenue)?),
        ("org.prev_revenue", money(company.prev_revenue)?),
        ("org.rd_spend", money(company.rd_spend)?),
        ("org.loan_interest", money(company.loan_interest)?),
        ("org.rent_area", Value::Quantity(area)),
        ("org.export_premium", money(company.export_premium)?),
        ("org.patents", Value::Count(company.patents)),
    ];
    let mut party = Party::new(PartyKind::Organisation);
    party.id = Some(company.id.to_string());
    for (name, value) in facts {
        party.facts.insert(FactKey::new(name), Fact::known(value));
    }
    Ok(party)
}
