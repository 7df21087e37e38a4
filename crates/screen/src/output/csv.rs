//! Rows as CSV: UTF-8, quoted as RFC 4180 says, and harmless to spreadsheets.

use std::io::Write;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Date32Type, Decimal64Type, Decimal128Type, Int64Type, Schema};
use arrow::error::ArrowError;
use domain::Date;
use domain::text::harmless;

/// The mark by which spreadsheets know UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Columns of other types have no form in CSV.
pub(super) fn can_write(ty: &DataType) -> bool {
    match ty {
        DataType::Dictionary(_, inner) => matches!(**inner, DataType::Utf8),
        DataType::Decimal64(_, scale) | DataType::Decimal128(_, scale) => *scale >= 0,
        DataType::UInt64 => false,
        other => {
            other.is_integer()
                || matches!(other, DataType::Boolean | DataType::Date32 | DataType::Utf8 | DataType::Null)
        }
    }
}

/// The line of the names.
pub(super) fn head(schema: &Schema, mark: bool) -> Vec<u8> {
    let mut out = if mark { MARK.to_vec() } else { Vec::new() };
    for (index, field) in schema.fields().iter().enumerate() {
        separate(index, &mut out);
        text(field.name(), &mut out);
    }
    out.extend_from_slice(b"\r\n");
    out
}

/// A column, ready to be written cell by cell.
enum Cells {
    Null,
    Yes(BooleanArray),
    Number(Int64Array),
    Day(ArrayRef),
    Decimal(ArrayRef, u32),
    Wide(ArrayRef, u32),
    Text(StringArray),
    /// The texts, already quoted, and which of them each row has.
    Listed(Vec<Vec<u8>>, Vec<usize>),
}

impl Cells {
    fn new(array: &ArrayRef) -> Result<Self, ArrowError> {
        Ok(match array.data_type() {
            DataType::Boolean => Self::Yes(array.as_boolean().clone()),
            DataType::Date32 => Self::Day(array.clone()),
            DataType::Decimal64(_, scale) => Self::Decimal(array.clone(), u32::from(scale.unsigned_abs())),
            DataType::Decimal128(_, scale) => Self::Wide(array.clone(), u32::from(scale.unsigned_abs())),
            DataType::Utf8 => Self::Text(array.as_string().clone()),
            DataType::Dictionary(..) => {
                let dictionary = array.as_any_dictionary();
                let values = dictionary.values().as_string::<i32>();
                if values.is_empty() {
                    return Ok(Self::Null);
                }
                let quoted = values.iter().map(|value| {
                    let mut out = Vec::new();
                    text(value.unwrap_or_default(), &mut out);
                    out
                });
                Self::Listed(quoted.collect(), dictionary.normalized_keys())
            }
            ty if ty.is_integer() => {
                Self::Number(arrow::compute::cast(array, &DataType::Int64)?.as_primitive::<Int64Type>().clone())
            }
            _ => Self::Null,
        })
    }

    fn write(&self, row: usize, out: &mut Vec<u8>) -> Result<(), ArrowError> {
        match self {
            Self::Null => {}
            Self::Yes(values) => out.extend_from_slice(if values.value(row) { b"yes" } else { b"no" }),
            Self::Number(values) => write!(out, "{}", values.value(row))?,
            Self::Day(values) => {
                let days = values.as_primitive::<Date32Type>().value(row);
                let day = Date::from_days(days)
                    .ok_or_else(|| ArrowError::ComputeError(format!("day {days} is outside 1900–2199")))?;
                write!(out, "{day}")?;
            }
            Self::Decimal(values, scale) => {
                decimal(i128::from(values.as_primitive::<Decimal64Type>().value(row)), *scale, out)?;
            }
            Self::Wide(values, scale) => decimal(values.as_primitive::<Decimal128Type>().value(row), *scale, out)?,
            Self::Text(values) => text(values.value(row), out),
            Self::Listed(texts, keys) => {
                out.extend_from_slice(keys.get(row).and_then(|key| texts.get(*key)).map_or(&[], Vec::as_slice));
            }
        }
        Ok(())
    }
}

/// The rows of a batch, one a line.
pub(super) fn rows(batch: &RecordBatch, out: &mut Vec<u8>) -> Result<(), ArrowError> {
    let columns =
        batch.columns().iter().map(|array| Ok((array, Cells::new(array)?))).collect::<Result<Vec<_>, ArrowError>>()?;
    for row in 0..batch.num_rows() {
        for (index, (array, cells)) in columns.iter().enumerate() {
            separate(index, out);
            if array.is_valid(row) {
                cells.write(row, out)?;
            }
        }
        out.extend_from_slice(b"\r\n");
    }
    Ok(())
}

fn separate(index: usize, out: &mut Vec<u8>) {
    if index > 0 {
        out.push(b',');
    }
}

/// A number with so many digits behind the point.
fn decimal(value: i128, scale: u32, out: &mut Vec<u8>) -> Result<(), ArrowError> {
    let whole = 10_u128.checked_pow(scale).unwrap_or(u128::MAX);
    let (sign, value) = (if value < 0 { "-" } else { "" }, value.unsigned_abs());
    write!(out, "{sign}{}", value / whole)?;
    if scale > 0 {
        write!(out, ".{:0width$}", value % whole, width = usize::try_from(scale).unwrap_or_default())?;
    }
    Ok(())
}

/// A text; an empty one is quoted, so that it is not the same as none.
fn text(text: &str, out: &mut Vec<u8>) {
    let text = harmless(text);
    let quoted = text.is_empty() || text.contains([',', '"', '\r', '\n']) || text.trim().len() != text.len();
    if !quoted {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}
