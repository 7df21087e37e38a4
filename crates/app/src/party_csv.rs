//! Party files as CSV: a header of fact names, and one party a row.

use rules::diag::{Diagnostic, Span};
use rules::yaml::{self, Kind, Node};

/// Each row as a tree, as if it were YAML. Empty cells are unknown. Every finding names its cell.
pub fn rows(name: &str, bytes: &[u8]) -> Result<Vec<Node>, Vec<Diagnostic>> {
    let wrong = |span: Span, zh: String, en: String| Diagnostic::error("E0630", span, zh, en).in_file(name);
    let whole = |line: u32| Span { line, column: 1, start: 0, end: 1 };
    if bytes.len() > yaml::MAX_PARTY_BYTES {
        return Err(vec![wrong(
            whole(0),
            format!("文件过大：最多 {} 字节", yaml::MAX_PARTY_BYTES),
            format!("the file is larger than {} bytes", yaml::MAX_PARTY_BYTES),
        )]);
    }
    let mut reader = csv::ReaderBuilder::new().flexible(false).trim(csv::Trim::All).from_reader(bytes);
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(_) => {
            return Err(vec![wrong(whole(1), "表头不是 UTF-8 文字".into(), "the header is not UTF-8 text".into())]);
        }
    };
    let names = cells(bytes, 0);
    let mut roots = Vec::new();
    let mut findings = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let start = error.position().map_or(0, csv::Position::byte);
                let span = cells(bytes, start).first().map_or(whole(0), |cell| Span { end: cell.start + 1, ..*cell });
                let (zh, en) = told(&error);
                findings.push(wrong(span, zh, en));
                continue;
            }
        };
        let places = cells(bytes, record.position().map_or(0, csv::Position::byte));
        let line = places.first().map_or(0, |cell| cell.line);
        let node = |text: &str, places: &[Span], index: usize| Node {
            span: places.get(index).copied().unwrap_or(whole(line)),
            kind: Kind::Scalar { text: text.to_owned(), quoted: false },
        };
        let filled = header.iter().zip(&record).enumerate().filter(|(_, (_, value))| !value.is_empty());
        let entries = filled.map(|(index, (key, value))| (node(key, &names, index), node(value, &places, index)));
        roots.push(Node { span: whole(line), kind: Kind::Map(entries.collect()) });
    }
    if roots.is_empty() && findings.is_empty() {
        findings.push(wrong(whole(1), "没有一行数据".into(), "there is no row".into()));
    }
    if findings.is_empty() { Ok(roots) } else { Err(findings) }
}

/// What is wrong with a row, in Chinese and English.
fn told(error: &csv::Error) -> (String, String) {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => (
            format!("此行有 {len} 格，表头有 {expected_len} 格"),
            format!("the row has {len} cells, and the header has {expected_len}"),
        ),
        csv::ErrorKind::Utf8 { .. } => ("此行不是 UTF-8 文字".into(), "the row is not UTF-8 text".into()),
        _ => ("此行无法读取".into(), "the row cannot be read".into()),
    }
}

/// Where the cells of the record stand that begins at a byte, blank lines before it left out.
fn cells(bytes: &[u8], start: u64) -> Vec<Span> {
    let start = usize::try_from(start).unwrap_or(0).min(bytes.len());
    let (before, rest) = bytes.split_at_checked(start).unwrap_or((bytes, &[]));
    let (before, text) = (String::from_utf8_lossy(before), String::from_utf8_lossy(rest));
    let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    let mut line = before.matches('\n').count() + 1;
    let mut column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next_if(|c| matches!(c, '\r' | '\n' | '\u{feff}')) {
        if c == '\n' {
            (line, column) = (line + 1, 1);
        }
    }
    let mut found = Vec::new();
    loop {
        // quotes count where they begin the cell; blanks around it are not a part of it
        let opens = rest.peek() == Some(&'"');
        while rest.next_if(|c| matches!(c, ' ' | '\t')).is_some() {
            column += 1;
        }
        let (first_line, first) = (line, column);
        let mut behind = column;
        let mut quoted = false;
        while let Some(&c) = rest.peek() {
            if !quoted && matches!(c, ',' | '\r' | '\n') {
                break;
            }
            rest.next();
            quoted ^= opens && c == '"';
            column += 1;
            if c == '\n' {
                (line, column) = (line + 1, 1);
            }
            if !c.is_whitespace() && line == first_line {
                behind = column;
            }
        }
        let width = (behind - first).max(1);
        found.push(Span { line: number(first_line), column: number(first), start: 0, end: number(width) });
        if rest.next() != Some(',') {
            return found;
        }
        column += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(node: &Node) -> (u32, u32, u32) {
        (node.span.line, node.span.column, node.span.end)
    }

    #[test]
    fn every_cell_knows_its_place_and_width() {
        let text = "name,org.kind , org.status\r\n甲,enterprize,\"hnte, srdi\"\r\n\r\n乙,,\"a\nb\"\r\n";
        let rows = rows("x.csv", text.as_bytes()).unwrap();
        let places: Vec<_> = rows
            .iter()
            .map(|row| row.map().unwrap().iter().map(|(key, value)| (place(key), place(value))).collect::<Vec<_>>())
            .collect();
        assert_eq!(places[0], [((1, 1, 4), (2, 1, 1)), ((1, 6, 8), (2, 3, 10)), ((1, 17, 10), (2, 14, 12))]);
        assert_eq!(places[1], [((1, 1, 4), (4, 1, 1)), ((1, 17, 10), (4, 4, 2))]);
    }

    #[test]
    fn a_row_that_cannot_be_read_is_told_in_both_languages() {
        let findings = rows("x.csv", b"\xef\xbb\xbfa,b\n1\n\xff,2\n").unwrap_err();
        let told: Vec<_> = findings
            .iter()
            .map(|finding| (finding.line, finding.message.zh.as_str(), finding.message.en.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                (2, "此行有 1 格，表头有 2 格", "the row has 1 cells, and the header has 2"),
                (3, "此行不是 UTF-8 文字", "the row is not UTF-8 text"),
            ]
        );
        for text in ["", "a,b\n"] {
            assert_eq!(rows("x.csv", text.as_bytes()).unwrap_err()[0].message.zh, "没有一行数据");
        }
    }
}
