//! Whether the sums are right.

use std::path::Path;

use rules::ir::Program;
use screen::{MeasureTotals, Plan, Totals};
use serde_json::Value;

use super::fen;

/// Control sums for so many companies.
pub(crate) struct Control {
    sums: Value,
    gaps: Value,
}

impl Control {
    /// Reads `control.json` and `control_unknown5.json`.
    ///
    /// # Errors
    /// When there are none for so many companies.
    pub(crate) fn read(folder: &Path, rows: u64) -> Result<Self, String> {
        let read = |name: &str| -> Result<Value, String> {
            let path = folder.join(name);
            let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            let mut all: Value = serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
            let found = all.get_mut(rows.to_string()).map(Value::take);
            found.ok_or_else(|| format!("{} has no sums for {rows} companies", path.display()))
        };
        Ok(Self { sums: read("control.json")?, gaps: read("control_unknown5.json")? })
    }

    /// Compares counts, and sums to the fen.
    pub(crate) fn check(&self, program: &Program, plan: &Plan<'_>, totals: &Totals) -> Result<(), String> {
        for (id, totals) in named(program, plan, totals) {
            same(id, "eligible", &self.sums["eligible"][id], totals.all.eligible)?;
            if let Some(sum) = self.sum(id)? {
                if fen(totals.all.lo) != sum {
                    return Err(format!("{id}: {} fen instead of {sum}", fen(totals.all.lo)));
                }
                if totals.all.lo != totals.all.hi || totals.all.endless > 0 {
                    return Err(format!("{id}: a range although everything is known"));
                }
            }
        }
        Ok(())
    }

    /// With gaps: compares counts, and whether the true sums lie within the ranges.
    pub(crate) fn check_gaps(&self, program: &Program, plan: &Plan<'_>, totals: &Totals) -> Result<(), String> {
        for (id, totals) in named(program, plan, totals) {
            same(id, "eligible", &self.gaps["eligible"][id], totals.all.eligible)?;
            same(id, "undetermined", &self.gaps["undetermined"][id], totals.all.undetermined)?;
            if let Some(sum) = self.sum(id)? {
                let (lo, hi) = (fen(totals.all.lo), fen(totals.all.hi));
                if sum < lo || (totals.all.endless == 0 && hi < sum) {
                    return Err(format!("{id}: {sum} fen is not within {lo} to {hi}"));
                }
            }
        }
        Ok(())
    }

    /// A sum in fen.
    fn sum(&self, id: &str) -> Result<Option<i128>, String> {
        let Some(text) = self.sums["to_the_fen"][id].as_str() else { return Ok(None) };
        let (yuan, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = format!("{yuan}{part:0<2}");
        digits.parse().map(Some).map_err(|error| format!("{id}: {text}: {error}"))
    }
}

fn same(id: &str, what: &str, expected: &Value, found: u64) -> Result<(), String> {
    match expected.as_u64() {
        Some(expected) if expected != found => Err(format!("{id}: {found} {what} instead of {expected}")),
        _ => Ok(()),
    }
}

fn named<'a>(
    program: &'a Program,
    plan: &'a Plan<'_>,
    totals: &'a Totals,
) -> impl Iterator<Item = (&'a str, &'a MeasureTotals)> {
    plan.measures.iter().zip(&totals.measures).filter_map(|(screened, totals)| {
        Some((program.catalogue.measures.get(screened.measure as usize)?.id.as_str(), totals))
    })
}
