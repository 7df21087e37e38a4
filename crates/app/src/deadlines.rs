//! Dates to keep, as a list and as a calendar (RFC 5545) that mail and calendar programs read.

use domain::Date;
use rules::Lang;
use rules::diag::Text;
use rules::report::Report;

use crate::answer::{Group, group};

/// A date to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The day.
    pub date: Date,
    /// What for.
    pub what: Text,
    /// The measure's id.
    pub measure: String,
    /// The measure's name.
    pub name: Text,
    /// Where it can be read.
    pub url: Option<String>,
}

/// The dates of all measures that the party gets or may get, from the day of the assessment on, the nearest first.
#[must_use]
pub fn due(report: &Report) -> Vec<Due> {
    let on = Date::parse(&report.on).unwrap_or(Date::MIN);
    let open = |group| matches!(group, Group::Eligible | Group::Undetermined | Group::NeedsPerson);
    let mut found: Vec<Due> = report
        .measures
        .iter()
        .filter(|measure| open(group(measure)))
        .flat_map(|measure| {
            measure.deadlines.iter().filter_map(|deadline| {
                Some(Due {
                    date: Date::parse(&deadline.date).ok().filter(|date| *date >= on)?,
                    what: deadline.what.clone(),
                    measure: measure.measure.clone(),
                    name: measure.name.clone(),
                    url: measure.citation.url.clone(),
                })
            })
        })
        .collect();
    found.sort_by(|a, b| a.date.cmp(&b.date).then_with(|| a.measure.cmp(&b.measure)));
    found
}

/// How many days before a date the calendar reminds of it.
const REMIND: u32 = 7;

/// Octets that a line of a calendar has at most, without its end.
const LINE: usize = 75;

/// Dates as a calendar: each a whole day with a reminder a week before. `now` is in seconds since 1970. An event keeps its
/// id as long as it is the same date of the same measure, so that a calendar that is read again moves nothing and
/// doubles nothing.
#[must_use]
pub fn calendar(due: &[Due], lang: Lang, name: &str, now: u64) -> String {
    let mut out = String::new();
    let mut line = |text: &str| fold(text, &mut out);
    line("BEGIN:VCALENDAR");
    line("VERSION:2.0");
    line("PRODID:-//Kapok//Deadlines//ZH");
    line("CALSCALE:GREGORIAN");
    line("METHOD:PUBLISH");
    line(&format!("X-WR-CALNAME:{}", escaped(name)));
    line(&format!("NAME:{}", escaped(name)));
    line("REFRESH-INTERVAL;VALUE=DURATION:P1D");
    line("X-PUBLISHED-TTL:P1D");
    let stamp = instant(now);
    for one in due {
        let summary = format!("{}{}{}", one.name.get(lang), colon(lang), one.what.get(lang));
        let next = one.date.checked_add_days(1).unwrap_or(one.date);
        line("BEGIN:VEVENT");
        line(&format!("UID:{}-{}@kapok", one.measure, compact(one.date)));
        line(&format!("DTSTAMP:{stamp}"));
        line(&format!("DTSTART;VALUE=DATE:{}", compact(one.date)));
        line(&format!("DTEND;VALUE=DATE:{}", compact(next)));
        line(&format!("SUMMARY:{}", escaped(&summary)));
        if let Some(url) = &one.url {
            line(&format!("DESCRIPTION:{}", escaped(url)));
            line(&format!("URL:{}", url.replace(['\r', '\n'], "")));
        }
        line("TRANSP:TRANSPARENT");
        line("BEGIN:VALARM");
        line("ACTION:DISPLAY");
        line(&format!("DESCRIPTION:{}", escaped(&summary)));
        line(&format!("TRIGGER:-P{REMIND}D"));
        line("END:VALARM");
        line("END:VEVENT");
    }
    line("END:VCALENDAR");
    out
}

const fn colon(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "：",
        Lang::En => ": ",
    }
}

fn compact(date: Date) -> String {
    date.to_string().replace('-', "")
}

/// An instant in UTC: `20260520T040000Z`.
fn instant(now: u64) -> String {
    let day = i32::try_from(now / 86_400).ok().and_then(Date::from_days).unwrap_or(Date::MAX);
    let second = now % 86_400;
    format!("{}T{:02}{:02}{:02}Z", compact(day), second / 3600, second / 60 % 60, second % 60)
}

/// Text as a value: what would end it or begin another is escaped.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Writes a line, broken into pieces of 75 octets at most and never inside a character.
fn fold(text: &str, out: &mut String) {
    let mut width = 0;
    for c in text.chars() {
        if width + c.len_utf8() > LINE {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(c);
        width += c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one() -> Due {
        Due {
            date: Date::new(2026, 12, 31).unwrap(),
            what: Text::new("申报截止", "applications close"),
            measure: "sz.demo".to_owned(),
            name: Text::new("一项名称很长的措施，带有逗号；也带有分号和反斜杠，长得一行放不下", "Demo; a\\b, c"),
            url: Some("https://stic.sz.gov.cn/a,b".to_owned()),
        }
    }

    #[test]
    fn a_calendar_has_whole_days_stable_ids_and_the_given_time() {
        let text = calendar(&[one()], Lang::En, "Deadlines", 1_779_249_600);
        for line in [
            "UID:sz.demo-20261231@kapok",
            "DTSTAMP:20260520T040000Z",
            "DTSTART;VALUE=DATE:20261231",
            "DTEND;VALUE=DATE:20270101",
            "SUMMARY:Demo\\; a\\\\b\\, c: applications close",
            "URL:https://stic.sz.gov.cn/a,b",
            "TRIGGER:-P7D",
        ] {
            assert!(text.contains(&format!("{line}\r\n")), "{line} in {text}");
        }
    }

    #[test]
    fn long_lines_are_folded_between_characters() {
        let text = calendar(&[one()], Lang::Zh, "截止日期", 0);
        assert!(text.replace("\r\n", "").chars().all(|c| c != '\n' && c != '\r'), "a line ends with CR and LF");
        assert!(text.lines().all(|line| line.len() <= LINE), "{text}");
        let unfolded = text.replace("\r\n ", "");
        assert!(
            unfolded.contains("SUMMARY:一项名称很长的措施，带有逗号；也带有分号和反斜杠，长得一行放不下：申报截止\r\n")
        );
    }

    #[test]
    fn no_text_can_begin_a_line_of_its_own() {
        let mut due = one();
        due.name = Text::same("a\r\nATTACH:x");
        due.url = Some("https://x\r\nATTACH:x".to_owned());
        assert!(!calendar(&[due], Lang::Zh, "n\nATTACH:y", 0).contains("\nATTACH"));
    }
}
