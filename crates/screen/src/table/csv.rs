//! CSV files: UTF-8 with a header. A file is looked through once, so that it can be cut into parts at the ends of rows.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Take};
use std::path::Path;

use rules::diag::Text;

/// Bytes of a part, more or less.
const PART_BYTES: u64 = 16 << 20;
/// The longest row. One that seems longer has a quotation mark that is not closed.
const MAX_ROW_BYTES: u64 = 1 << 20;
/// Bytes that are looked at to tell the encoding.
const SAMPLE: usize = 64 << 10;

/// Where the rows of a CSV file are.
#[derive(Clone, Debug)]
pub(crate) struct CsvFile {
    /// How many cells a row has.
    pub(crate) width: usize,
    /// How many rows there are.
    pub(crate) rows: u64,
    pub(crate) parts: Vec<CsvPart>,
}

/// Whole rows of a CSV file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CsvPart {
    pub(crate) start: u64,
    pub(crate) end: u64,
    /// The line that the first row begins on, from 1.
    pub(crate) line: u64,
}

/// The rows of a part, one after the other.
pub(crate) struct Rows {
    file: BufReader<Take<File>>,
    raw: Vec<u8>,
    line: u64,
    cells: Vec<u8>,
    ends: Vec<usize>,
}

impl Rows {
    pub(crate) fn open(path: &Path, part: &CsvPart) -> std::io::Result<Self> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(part.start))?;
        let file = BufReader::with_capacity(1 << 18, file.take(part.end - part.start));
        Ok(Self { file, raw: Vec::new(), line: part.line, cells: Vec::new(), ends: Vec::new() })
    }

    /// Goes to the next row that is not blank; gives the line that it begins on.
    pub(crate) fn next(&mut self) -> std::io::Result<Option<u64>> {
        loop {
            self.raw.clear();
            let (first, mut at, mut seen) = (self.line, At::Start, 0);
            loop {
                let read = self.file.read_until(b'\n', &mut self.raw)?;
                self.line += u64::from(self.raw.ends_with(b"\n") && read > 0);
                for byte in self.raw.get(seen..).unwrap_or_default() {
                    at = at.after(*byte);
                }
                seen = self.raw.len();
                if read == 0 || at != At::Quoted {
                    break;
                }
            }
            if self.raw.is_empty() {
                return Ok(None);
            }
            let row = self.raw.strip_suffix(b"\n").unwrap_or(&self.raw);
            let row = row.strip_suffix(b"\r").unwrap_or(row);
            if row.is_empty() {
                continue;
            }
            self.cells.clear();
            self.ends.clear();
            let mut at = At::Start;
            for byte in row {
                match (at, byte) {
                    (At::Start, b'"') | (At::Quoted, b'"') => {}
                    (At::Start | At::Plain | At::Closed, b',') => self.ends.push(self.cells.len()),
                    _ => self.cells.push(*byte),
                }
                at = at.after(*byte);
            }
            self.ends.push(self.cells.len());
            return Ok(Some(first));
        }
    }

    /// How many cells the row has.
    pub(crate) fn width(&self) -> usize {
        self.ends.len()
    }

    /// A cell of the row, without its quotes.
    pub(crate) fn cell(&self, index: usize) -> &[u8] {
        let start = index.checked_sub(1).map_or(Some(&0), |before| self.ends.get(before));
        let range = start.zip(self.ends.get(index)).map(|(start, end)| *start..*end);
        range.and_then(|range| self.cells.get(range)).unwrap_or_default()
    }
}

/// The header of a file, and where its rows are.
pub(crate) fn open(path: &Path) -> Result<(Vec<String>, CsvFile), Text> {
    let io = |error: std::io::Error| Text::new(format!("无法读取：{error}"), format!("cannot be read: {error}"));
    let mut file = File::open(path).map_err(io)?;
    let mut sample = Vec::new();
    file.by_ref().take(SAMPLE as u64).read_to_end(&mut sample).map_err(io)?;
    encoding(&sample)?;
    file.seek(SeekFrom::Start(0)).map_err(io)?;
    let mark = if sample.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let scan = Scan::file(file, mark)?;
    let Some(header) = scan.header else {
        return Err(Text::new("没有表头", "there is no header"));
    };
    let mut first = Rows::open(path, &CsvPart { start: header.0, end: header.1, line: 1 }).map_err(io)?;
    first.next().map_err(io)?;
    let names: Vec<String> =
        (0..first.width()).map(|cell| String::from_utf8_lossy(first.cell(cell)).trim().to_owned()).collect();
    if names.iter().all(String::is_empty) {
        return Err(Text::new("没有表头", "there is no header"));
    }
    let body = CsvFile { width: names.len(), rows: scan.rows, parts: scan.parts };
    Ok((names, body))
}

/// Refuses what is surely not UTF-8. Single broken rows are told when they are read.
fn encoding(sample: &[u8]) -> Result<(), Text> {
    if sample.starts_with(&[0xff, 0xfe]) || sample.starts_with(&[0xfe, 0xff]) {
        return Err(Text::new("文件是 UTF-16 编码：请用 UTF-8 另存", "the file is UTF-16: save it as UTF-8"));
    }
    let whole = sample.len() < SAMPLE;
    let mut lines: Vec<&[u8]> = sample.split(|byte| *byte == b'\n').collect();
    if !whole && lines.len() > 1 {
        lines.pop();
    }
    let wide = lines.iter().filter(|line| !line.is_ascii());
    let (all, bad) = wide.fold((0, 0), |(all, bad), line| {
        (all + 1, bad + usize::from(std::str::from_utf8(line).is_err_and(|error| error.error_len().is_some() || whole)))
    });
    let header = lines.first().is_some_and(|line| std::str::from_utf8(line).is_err());
    if header || bad * 2 > all {
        return Err(Text::new(
            "文件不是 UTF-8 编码，可能是 GB18030 或 GBK：请用 UTF-8 另存，例如 iconv -f GB18030 -t UTF-8",
            "the file is not UTF-8, but perhaps GB18030 or GBK: save it as UTF-8, for example with iconv -f GB18030 -t UTF-8",
        ));
    }
    Ok(())
}

/// Where in a row the next byte stands. Quotes count where they begin a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Start,
    Plain,
    Quoted,
    Closed,
}

impl At {
    fn after(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::Quoted, b'"') => Self::Closed,
            (Self::Quoted, _) | (Self::Start | Self::Closed, b'"') => Self::Quoted,
            (_, b',' | b'\n') => Self::Start,
            _ => Self::Plain,
        }
    }
}

#[derive(Default)]
struct Scan {
    header: Option<(u64, u64)>,
    parts: Vec<CsvPart>,
    rows: u64,
}

impl Scan {
    fn file(mut file: File, mark: u64) -> Result<Self, Text> {
        let io = |error: std::io::Error| Text::new(format!("无法读取：{error}"), format!("cannot be read: {error}"));
        file.seek(SeekFrom::Start(mark)).map_err(io)?;
        let mut scan = Self::default();
        let mut buffer = vec![0_u8; 1 << 18];
        let (mut at, mut offset, mut line) = (At::Start, mark, 1_u64);
        let (mut row, mut row_line, mut blank) = (mark, 1_u64, true);
        loop {
            let read = file.read(&mut buffer).map_err(io)?;
            let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
            for byte in bytes {
                offset += 1;
                line += u64::from(*byte == b'\n');
                blank &= matches!(byte, b'\r' | b'\n');
                if *byte == b'\n' && at != At::Quoted {
                    scan.row(row, offset, row_line, blank);
                    (row, row_line, blank) = (offset, line, true);
                }
                at = at.after(*byte);
            }
            if offset - row > MAX_ROW_BYTES {
                return Err(unclosed(row_line));
            }
        }
        if at == At::Quoted {
            return Err(unclosed(row_line));
        }
        scan.row(row, offset, row_line, blank);
        Ok(scan)
    }

    fn row(&mut self, start: u64, end: u64, line: u64, blank: bool) {
        if blank {
            return;
        }
        if self.header.is_none() {
            self.header = Some((start, end));
            return;
        }
        self.rows += 1;
        match self.parts.last_mut() {
            Some(part) if end - part.start <= PART_BYTES => part.end = end,
            _ => self.parts.push(CsvPart { start, end, line }),
        }
    }
}

fn unclosed(line: u64) -> Text {
    Text::new(
        format!("从第 {line} 行开始的一行没有结束：引号未成对，或一行超过 1 MiB"),
        format!(
            "the row that begins on line {line} does not end: a quotation mark is not closed, or it has over 1 MiB"
        ),
    )
}
