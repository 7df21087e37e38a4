//! Columns as files hold them, turned into columns of a frame.
//!
//! Between the two stand arrays in one form for each type: 64-bit numbers, 32-bit numbers where the file has them or
//! the type is a date, 8-bit codes, 16-bit places, 64-bit sets, bits, and texts. They are cut, joined and sorted by
//! arrow's own kernels, and given on without a copy where nothing has to be changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Int32Array, Int64Array, StringBuilder, UInt8Array, UInt16Array,
    UInt64Array, new_null_array,
};
use arrow::buffer::{BooleanBuffer, NullBuffer};
use arrow::compute::cast;
use arrow::datatypes::{
    ArrowNativeType, ArrowPrimitiveType, DataType, Date32Type, Decimal128Type, Float64Type, Int32Type, Int64Type,
};
use rules::diag::Text;
use rules::vocabulary::Type;

use super::field::{Field, Reason, whole_only};
use super::mapping::Mapping;
use super::number;

/// The most rows of a batch that are told one by one; the others are counted.
pub const MAX_TOLD: usize = 1_000;
/// The most of them for which the nearest name is looked for.
const MAX_NEAR: usize = 20;

/// The rows of a batch that are left out.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    /// For each row whether it is; as long as the last that is.
    out: Vec<bool>,
    /// How many are, by column and reason.
    pub(crate) tally: BTreeMap<(String, Reason), u64>,
    /// The first ones: row in the batch, column, reason, what is wrong.
    pub(crate) told: Vec<(usize, String, Reason, Text)>,
}

impl Sink {
    /// Leaves a row out; only its first fault counts.
    pub(crate) fn reject(&mut self, row: usize, column: &str, reason: Reason, why: impl FnOnce(bool) -> Text) {
        if self.out.len() <= row {
            self.out.resize(row + 1, false);
        }
        if std::mem::replace(&mut self.out[row], true) {
            return;
        }
        match self.tally.get_mut(&(column.to_owned(), reason)) {
            Some(count) => *count += 1,
            None => {
                self.tally.insert((column.to_owned(), reason), 1);
            }
        }
        if self.told.len() < MAX_TOLD {
            let why = why(self.told.len() < MAX_NEAR);
            self.told.push((row, column.to_owned(), reason, why));
        }
    }

    fn cell(&mut self, row: usize, field: &Field, reason: Reason, cell: impl FnOnce() -> String) {
        self.reject(row, &field.column, reason, |near| field.explain(reason, &cell(), near));
    }

    /// Which of `len` rows stay; `None` if all do.
    pub(crate) fn kept(&self, len: usize) -> Option<BooleanArray> {
        if self.out.is_empty() {
            return None;
        }
        Some((0..len).map(|row| Some(!self.out.get(row).copied().unwrap_or(false))).collect())
    }

    pub(crate) fn is_out(&self, row: usize) -> bool {
        self.out.get(row).copied().unwrap_or(false)
    }
}

/// What is wrong with a column's type, if it cannot be read.
pub(crate) fn refused(field: &Field, found: &DataType) -> Option<Text> {
    use DataType as D;
    let text = |data: &D| matches!(data, D::Utf8 | D::LargeUtf8 | D::Utf8View);
    let measured = matches!(field.ty, Type::Money | Type::MoneyPer(_) | Type::Rate | Type::Quantity(_));
    let number = measured || whole_only(field.ty);
    let fits = match found {
        D::Null => true,
        D::Dictionary(_, values) => text(values),
        D::Date32 => field.ty == Type::Date,
        D::Boolean => field.ty == Type::Bool,
        D::Decimal32(..) | D::Decimal64(..) | D::Decimal128(..) | D::Float32 | D::Float64 => number,
        found => text(found) || found.is_integer(),
    };
    if !fits {
        let (zh, en) = wanted(field.ty);
        return Some(Text::new(
            format!("列 `{}` 的类型是 {found}，应为{zh}", field.column),
            format!("the column `{}` is {found}, and must be {en}", field.column),
        ));
    }
    if matches!(found, D::Float32 | D::Float64) && measured && !field.reading.rounded {
        return Some(Text::new(
            format!(
                "列 `{}` 是浮点数，不精确：请存为 decimal128 或整数，或在对照文件中写明 rounded: nearest",
                field.column
            ),
            format!(
                "the column `{}` holds floats, which are not exact: store decimal128 or whole numbers, or say \
                 `rounded: nearest` in the mapping",
                field.column
            ),
        ));
    }
    let fraction = matches!(found, D::Float32 | D::Float64) || found.is_decimal();
    (fraction && measured && field.reading.factor.is_none()).then(|| {
        let units = super::field::units(field.ty);
        Text::new(
            format!("列 `{}` 没有单位：请在对照文件中写明 unit（{units}）", field.column),
            format!("the column `{}` has no unit: say `unit` in the mapping ({units})", field.column),
        )
    })
}

fn wanted(ty: Type) -> (&'static str, &'static str) {
    match ty {
        Type::Bool => ("布尔、0 和 1 或文字", "boolean, 0 and 1, or text"),
        Type::Date => ("date32 或文字", "date32 or text"),
        Type::Code(_) | Type::Codes(_) | Type::Place | Type::Text => ("文字或整数", "text or whole numbers"),
        _ => ("整数、decimal128 或文字", "whole numbers, decimal128 or text"),
    }
}

/// The form that a type's values have between file and frame.
pub(crate) fn form(ty: Type) -> DataType {
    match ty {
        Type::Bool => DataType::Boolean,
        Type::Date => DataType::Int32,
        Type::Code(_) => DataType::UInt8,
        Type::Codes(_) => DataType::UInt64,
        Type::Place => DataType::UInt16,
        Type::Text => DataType::Utf8,
        _ => DataType::Int64,
    }
}

/// Turns a column into its form. Rows with values that mean nothing go to the sink; their values here mean nothing.
///
/// # Errors
/// When arrow cannot cast the column, which [`refused`] has ruled out.
pub(crate) fn decode(
    field: &Field,
    array: &ArrayRef,
    mapping: &Mapping,
    sink: &mut Sink,
) -> Result<ArrayRef, arrow::error::ArrowError> {
    use DataType as D;
    Ok(match array.data_type() {
        D::Null => new_null_array(&form(field.ty), array.len()),
        _ if field.ty == Type::Text => texts(field, &cast(array, &D::Utf8)?, mapping, sink),
        D::Dictionary(..) => {
            let array = cast(array, &D::Dictionary(Box::new(D::Int32), Box::new(D::Utf8)))?;
            dictionary(field, &array, mapping, sink)
        }
        D::Utf8 | D::LargeUtf8 | D::Utf8View => {
            let array = cast(array, &D::Utf8)?;
            let cells = array.as_string::<i32>();
            gather(
                field,
                array.len(),
                sink,
                |row| {
                    let cell = Some(cells.value(row)).filter(|cell| cells.is_valid(row) && !mapping.is_null(cell));
                    cell.map(|cell| field.parse(cell))
                },
                |row| cells.value(row).to_owned(),
            )
        }
        D::Boolean => Arc::clone(array),
        D::Date32 => {
            let days = array.as_primitive::<Date32Type>();
            let days = Int32Array::new(days.values().clone(), days.nulls().cloned());
            narrow(field, &days, sink)
        }
        D::Float32 | D::Float64 => {
            let array = cast(array, &D::Float64)?;
            let floats = array.as_primitive::<Float64Type>();
            gather(
                field,
                array.len(),
                sink,
                |row| {
                    let value = floats.is_valid(row).then(|| floats.value(row)).filter(|value| !value.is_nan());
                    value.map(|value| field.ranged(number::float(value, field.factor(), field.reading.rounded)?))
                },
                |row| floats.value(row).to_string(),
            )
        }
        found if found.is_decimal() || *found == D::UInt64 => {
            let (array, scale) = match found {
                D::Decimal128(_, scale) => (Arc::clone(array), *scale),
                D::Decimal32(_, scale) | D::Decimal64(_, scale) => (cast(array, &D::Decimal128(38, *scale))?, *scale),
                _ => (cast(array, &D::Decimal128(20, 0))?, 0),
            };
            let digits = array.as_primitive::<Decimal128Type>();
            let plain = |row: usize| digits.value_as_string(row);
            let named = !is_number(field.ty);
            gather(
                field,
                array.len(),
                sink,
                |row| {
                    digits.is_valid(row).then(|| {
                        if named {
                            field.parse(&plain(row))
                        } else {
                            field.ranged(shifted(digits.value(row), scale, field)?)
                        }
                    })
                },
                plain,
            )
        }
        D::Int32 if is_number(field.ty) && field.factor() == 1 => {
            narrow(field, array.as_primitive::<Int32Type>(), sink)
        }
        _ => {
            let array = cast(array, &D::Int64)?;
            integers(field, array.as_primitive::<Int64Type>(), sink)
        }
    })
}

/// Which rows a column is not empty in; a column that there is not is empty everywhere.
///
/// # Errors
/// When arrow cannot read the texts of the column.
pub(crate) fn present(
    array: Option<&ArrayRef>,
    len: usize,
    mapping: &Mapping,
) -> Result<BooleanBuffer, arrow::error::ArrowError> {
    use DataType as D;
    let Some(array) = array else { return Ok(BooleanBuffer::new_unset(len)) };
    match array.data_type() {
        D::Utf8 | D::LargeUtf8 | D::Utf8View | D::Dictionary(..) => {
            let cells = cast(array, &D::Utf8)?;
            Ok(cells.as_string::<i32>().iter().map(|cell| cell.is_some_and(|cell| !mapping.is_null(cell))).collect())
        }
        D::Null => Ok(BooleanBuffer::new_unset(len)),
        _ => Ok(array.nulls().map_or_else(|| BooleanBuffer::new_set(len), |nulls| nulls.inner().clone())),
    }
}

fn is_number(ty: Type) -> bool {
    form(ty) == DataType::Int64
}

fn shifted(digits: i128, scale: i8, field: &Field) -> Result<i64, Reason> {
    let up = u32::from(scale.unsigned_abs());
    if scale < 0 {
        let power = 10_i128.checked_pow(up).and_then(|power| digits.checked_mul(power)).ok_or(Reason::Size)?;
        return Ok(number::scaled(power, 0, field.factor(), false)?);
    }
    Ok(number::scaled(digits, up, field.factor(), field.reading.rounded)?)
}

fn integers(field: &Field, array: &Int64Array, sink: &mut Sink) -> ArrayRef {
    if !is_number(field.ty) {
        // codes and dates written as numbers: mostly the same few
        let mut last = None;
        return gather(
            field,
            array.len(),
            sink,
            |row| {
                let value = array.is_valid(row).then(|| array.value(row))?;
                match last {
                    Some((known, read)) if known == value => Some(read),
                    _ => {
                        let read = field.parse(&value.to_string());
                        last = Some((value, read));
                        Some(read)
                    }
                }
            },
            |row| array.value(row).to_string(),
        );
    }
    if field.factor() == 1 {
        return narrow(field, array, sink);
    }
    gather(
        field,
        array.len(),
        sink,
        |row| array.is_valid(row).then(|| field.ranged(number::times(array.value(row), field.factor())?)),
        |row| array.value(row).to_string(),
    )
}

/// Numbers in the right unit: nothing is copied, they are only looked at.
fn narrow<T>(field: &Field, array: &arrow::array::PrimitiveArray<T>, sink: &mut Sink) -> ArrayRef
where
    T: ArrowPrimitiveType<Native: Into<i64>>,
{
    let (lo, hi) = field.range;
    let within = |value: T::Native| {
        let value: i64 = value.into();
        value >= lo && value <= hi
    };
    // without a branch, so that it becomes vector instructions
    if !array.values().iter().fold(true, |all, value| all & within(*value)) {
        for row in 0..array.len() {
            if array.is_valid(row) && !within(array.value(row)) {
                let value: i64 = array.value(row).into();
                let reason =
                    if value.unsigned_abs() > number::LIMIT.unsigned_abs() { Reason::Size } else { Reason::Range };
                sink.cell(row, field, reason, || value.to_string());
            }
        }
    }
    Arc::new(array.clone())
}

/// Reads row by row into the form of the field's type.
fn gather(
    field: &Field,
    len: usize,
    sink: &mut Sink,
    mut read: impl FnMut(usize) -> Option<Result<i64, Reason>>,
    shown: impl Fn(usize) -> String,
) -> ArrayRef {
    let mut known = arrow::array::BooleanBufferBuilder::new(len);
    let mut values: Vec<i64> = Vec::with_capacity(len);
    for row in 0..len {
        let value = match read(row) {
            None => None,
            Some(Ok(value)) => Some(value),
            Some(Err(reason)) => {
                sink.cell(row, field, reason, || shown(row));
                None
            }
        };
        known.append(value.is_some());
        values.push(value.unwrap_or(0));
    }
    let nulls = Some(NullBuffer::new(known.finish())).filter(|nulls| nulls.null_count() > 0);
    array_of(field.ty, values, nulls)
}

fn array_of(ty: Type, values: Vec<i64>, nulls: Option<NullBuffer>) -> ArrayRef {
    fn small<T: TryFrom<i64> + Default>(values: &[i64]) -> Vec<T> {
        // every value comes from a list or range that fits
        values.iter().map(|value| T::try_from(*value).unwrap_or_default()).collect()
    }
    match form(ty) {
        DataType::Boolean => {
            Arc::new(BooleanArray::new(BooleanBuffer::collect_bool(values.len(), |row| values[row] != 0), nulls))
        }
        DataType::Int32 => Arc::new(Int32Array::new(small::<i32>(&values).into(), nulls)),
        DataType::UInt8 => Arc::new(UInt8Array::new(small::<u8>(&values).into(), nulls)),
        DataType::UInt16 => Arc::new(UInt16Array::new(small::<u16>(&values).into(), nulls)),
        DataType::UInt64 => {
            let sets: Vec<u64> = values.iter().map(|value| value.cast_unsigned()).collect();
            Arc::new(UInt64Array::new(sets.into(), nulls))
        }
        _ => Arc::new(Int64Array::new(values.into(), nulls)),
    }
}

/// A dictionary: every value is read once, and only those that rows have can be wrong.
fn dictionary(field: &Field, array: &ArrayRef, mapping: &Mapping, sink: &mut Sink) -> ArrayRef {
    let array = array.as_dictionary::<Int32Type>();
    let names = array.values().as_string::<i32>();
    let values: Vec<Option<Result<i64, Reason>>> =
        (names.iter()).map(|name| name.filter(|name| !mapping.is_null(name)).map(|name| field.parse(name))).collect();
    let key = |row: usize| array.keys().is_valid(row).then(|| array.keys().value(row).as_usize());
    let shown = |row| key(row).map(|key| names.value(key).to_owned()).unwrap_or_default();
    gather(field, array.len(), sink, |row| key(row).and_then(|key| values.get(key).copied().flatten()), shown)
}

fn texts(field: &Field, array: &ArrayRef, mapping: &Mapping, sink: &mut Sink) -> ArrayRef {
    let cells = array.as_string::<i32>();
    let mut texts = StringBuilder::with_capacity(cells.len(), cells.value_data().len());
    for (row, cell) in cells.iter().enumerate() {
        let text = cell.filter(|cell| !mapping.is_null(cell)).map(|cell| field.text(cell));
        match text {
            Some(Ok(text)) => texts.append_value(text),
            Some(Err(reason)) => {
                texts.append_null();
                sink.cell(row, field, reason, || cells.value(row).to_owned());
            }
            None => texts.append_null(),
        }
    }
    Arc::new(texts.finish())
}
