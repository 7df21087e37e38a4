//! Parties as columns: a batch of rows of a registry, one typed column for each fact, and the records below each row.
//!
//! What a column holds, by the type of its fact:
//!
//! | type | values | unit |
//! |---|---|---|
//! | `bool` | [`Values::Bits`] | yes is 1 |
//! | `money`, money for a unit | [`Values::I64`] or [`Values::I32`] | fen |
//! | `rate` | [`Values::I64`] or [`Values::I32`] | parts per million |
//! | `quantity` | [`Values::I64`] or [`Values::I32`] | thousandths of the unit |
//! | `count`, `months`, `days` | [`Values::I64`] or [`Values::I32`] | one |
//! | `date` | [`Values::I32`] | days since 1970-01-01 |
//! | `code` | [`Values::U8`] | index in the code list |
//! | `codes` | [`Values::U64`] | bit *i* for code *i* of the list |
//! | `place` | [`Values::U16`] | `PlaceId::index` |
//! | `text` | [`Values::U32`] | symbol: index in the program's texts, then in the frame's own |
//!
//! A value that is not known is 0 and its bit in [`Column::known`] is 0.

use std::sync::Arc;

use arrow::buffer::{BooleanBuffer, ScalarBuffer};

/// Rows that are computed at once.
pub const CHUNK: usize = 1024;

/// Words of 64 rows in a chunk.
pub const WORDS: usize = CHUNK / 64;

/// A fact that a registry has a column for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FactColumn {
    /// The fact's index in the vocabulary.
    pub fact: usize,
    /// The calendar year, if the fact is kept by year.
    pub year: Option<i32>,
}

/// Records that a registry has a table for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChildColumns {
    /// The record's index in the vocabulary.
    pub record: u16,
    /// The fields that there are columns for, by index in the record; 0 is the id.
    pub fields: Vec<u16>,
}

/// Which facts a registry has columns for. Whatever has none is unknown of every row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The facts.
    pub facts: Vec<FactColumn>,
    /// The records.
    pub children: Vec<ChildColumns>,
}

/// One bit for each row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bits {
    words: Arc<Vec<u64>>,
    len: usize,
}

impl Bits {
    /// Bits in words of 64, the first row lowest; bits beyond `len` must be 0.
    #[must_use]
    pub fn new(words: Vec<u64>, len: usize) -> Self {
        debug_assert_eq!(words.len(), len.div_ceil(64));
        Self { words: Arc::new(words), len }
    }

    /// The words.
    #[must_use]
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// How many rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// One bit.
    #[must_use]
    pub fn get(&self, row: usize) -> bool {
        self.words.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    /// How many are 1.
    #[must_use]
    pub fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }
}

impl FromIterator<bool> for Bits {
    fn from_iter<I: IntoIterator<Item = bool>>(bits: I) -> Self {
        let (mut words, mut len) = (Vec::new(), 0_usize);
        for bit in bits {
            if len % 64 == 0 {
                words.push(0);
            }
            if let Some(word) = words.last_mut() {
                *word |= u64::from(bit) << (len % 64);
            }
            len += 1;
        }
        Self { words: Arc::new(words), len }
    }
}

impl From<&BooleanBuffer> for Bits {
    fn from(buffer: &BooleanBuffer) -> Self {
        let chunks = buffer.bit_chunks();
        let mut words: Vec<u64> = chunks.iter().collect();
        if chunks.remainder_len() > 0 {
            words.push(chunks.remainder_bits());
        }
        Self { words: Arc::new(words), len: buffer.len() }
    }
}

/// The values of a column, one for each row.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Truth values.
    Bits(Bits),
    /// Whole numbers.
    I64(ScalarBuffer<i64>),
    /// Small whole numbers, and dates.
    I32(ScalarBuffer<i32>),
    /// Codes.
    U8(ScalarBuffer<u8>),
    /// Places.
    U16(ScalarBuffer<u16>),
    /// Texts.
    U32(ScalarBuffer<u32>),
    /// Sets of codes.
    U64(ScalarBuffer<u64>),
}

impl Values {
    /// How many rows.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Bits(values) => values.len(),
            Self::I64(values) => values.len(),
            Self::I32(values) => values.len(),
            Self::U8(values) => values.len(),
            Self::U16(values) => values.len(),
            Self::U32(values) => values.len(),
            Self::U64(values) => values.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One value as a number; sets of codes as their bits.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<i64> {
        match self {
            Self::Bits(values) => (row < values.len()).then(|| i64::from(values.get(row))),
            Self::I64(values) => values.get(row).copied(),
            Self::I32(values) => values.get(row).map(|value| i64::from(*value)),
            Self::U8(values) => values.get(row).map(|value| i64::from(*value)),
            Self::U16(values) => values.get(row).map(|value| i64::from(*value)),
            Self::U32(values) => values.get(row).map(|value| i64::from(*value)),
            Self::U64(values) => values.get(row).map(|value| value.cast_signed()),
        }
    }
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The values.
    pub values: Values,
    /// Which rows are known; `None` if all are.
    pub known: Option<Bits>,
}

impl Column {
    /// A column in which every row is known.
    #[must_use]
    pub fn full(values: Values) -> Self {
        Self { values, known: None }
    }

    /// A value, if it is known.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<i64> {
        if self.known.as_ref().is_some_and(|known| !known.get(row)) { None } else { self.values.get(row) }
    }
}

/// The records of one kind of all rows of a frame: those of row *i* are `offsets[i]..offsets[i + 1]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Children {
    /// One more than there are rows.
    pub offsets: Vec<u32>,
    /// Rows whose records are known, even if there are none; `None` if those of all rows are. A row that is not known
    /// has no records here.
    pub known: Option<Bits>,
    /// The fields, in the order of [`ChildColumns::fields`].
    pub columns: Vec<Column>,
}

/// A batch of parties.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    /// How many parties.
    pub len: usize,
    /// The facts, in the order of [`Layout::facts`].
    pub columns: Vec<Column>,
    /// The records, in the order of [`Layout::children`].
    pub children: Vec<Children>,
    /// Texts that the program does not know: the first has the symbol after the program's last.
    pub texts: Vec<String>,
}
