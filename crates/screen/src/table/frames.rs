//! Arrays in one form as the columns of a frame.

use std::collections::BTreeMap;

use arrow::array::{Array, ArrayRef, AsArray, StringArray};
use arrow::buffer::{NullBuffer, ScalarBuffer};
use arrow::datatypes::{self as t, ArrowPrimitiveType, DataType};

use crate::frame::{Bits, Column, Values};

/// Gives each text of a frame its number: that of the program, or a new one behind those.
#[derive(Debug, Default)]
pub(crate) struct Symbols {
    new: BTreeMap<String, u32>,
    pub(crate) texts: Vec<String>,
}

impl Symbols {
    fn symbol(&mut self, text: &str, known: &Known) -> u32 {
        if let Some(symbol) = known.index.get(text).or_else(|| self.new.get(text)) {
            return *symbol;
        }
        let symbol = known.count + u32::try_from(self.texts.len()).unwrap_or(0);
        self.new.insert(text.to_owned(), symbol);
        self.texts.push(text.to_owned());
        symbol
    }
}

/// The texts of a program.
#[derive(Debug, Default)]
pub(crate) struct Known {
    index: BTreeMap<String, u32>,
    count: u32,
}

impl Known {
    pub(crate) fn new(texts: &[String]) -> Self {
        let index = texts.iter().cloned().zip(0..).collect();
        Self { index, count: u32::try_from(texts.len()).unwrap_or(u32::MAX) }
    }
}

/// An array as a column of a frame.
pub(crate) fn column(array: &ArrayRef, symbols: &mut Symbols, known: &Known) -> Column {
    let nulls = array.nulls().filter(|nulls| nulls.null_count() > 0);
    fn plain<T: ArrowPrimitiveType>(array: &ArrayRef, nulls: Option<&NullBuffer>) -> ScalarBuffer<T::Native> {
        let values = array.as_primitive::<T>().values();
        match nulls {
            None => values.clone(),
            Some(nulls) => {
                let value = |(value, known): (&T::Native, bool)| if known { *value } else { T::Native::default() };
                values.iter().zip(nulls.iter()).map(value).collect()
            }
        }
    }
    let values = match array.data_type() {
        DataType::Boolean => {
            let bits = array.as_boolean().values();
            Values::Bits(Bits::from(&nulls.map_or_else(|| bits.clone(), |nulls| bits & nulls.inner())))
        }
        DataType::Int32 => Values::I32(plain::<t::Int32Type>(array, nulls)),
        DataType::UInt8 => Values::U8(plain::<t::UInt8Type>(array, nulls)),
        DataType::UInt16 => Values::U16(plain::<t::UInt16Type>(array, nulls)),
        DataType::UInt64 => Values::U64(plain::<t::UInt64Type>(array, nulls)),
        DataType::Utf8 => {
            let texts: &StringArray = array.as_string::<i32>();
            Values::U32(texts.iter().map(|text| text.map_or(0, |text| symbols.symbol(text, known))).collect())
        }
        _ => Values::I64(plain::<t::Int64Type>(array, nulls)),
    };
    Column { values, known: nulls.map(|nulls| Bits::from(nulls.inner())) }
}
