//! One number of a rule, varied step by step.

use rules::diag::Text;
use rules::yaml::{self, Node};

/// Steps of a sweep at most.
pub const MOST_STEPS: usize = 51;

/// Which number is varied, and how: `measure.id:rate=40%..70%/5%`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sweep {
    /// The measure.
    pub measure: String,
    /// Where the number stands in the version: `rate` for the named value, or keys such as `eligible.revenue.at_least`
    /// and `award.limits.0.at_most`.
    pub path: String,
    /// The values, as they are written.
    pub values: Vec<String>,
}

impl Sweep {
    /// Reads a sweep.
    ///
    /// # Errors
    /// What is wrong with it and what would be right.
    pub fn parse(text: &str) -> Result<Self, Text> {
        let form = || {
            Text::new(
                format!("`{text}` 不是扫描的写法：应如 sz.measure:rate=40%..70%/5%"),
                format!("`{text}` is not a sweep: write one like sz.measure:rate=40%..70%/5%"),
            )
        };
        let (target, range) = text.split_once('=').ok_or_else(form)?;
        let (measure, path) = target.split_once(':').ok_or_else(form)?;
        let (from, rest) = range.split_once("..").ok_or_else(form)?;
        let (to, step) = rest.split_once('/').ok_or_else(form)?;
        if measure.trim().is_empty() || path.trim().is_empty() {
            return Err(form());
        }
        let parts = [from, to, step].map(|part| number(part.trim()));
        let [Some((from, unit)), Some((to, unit_to)), Some((step, unit_step))] = parts else { return Err(form()) };
        if unit != unit_to || unit != unit_step {
            return Err(Text::new(
                format!("`{range}` 的三个数应有相同的单位"),
                format!("the three numbers of `{range}` must have the same unit"),
            ));
        }
        let scale = from.scale.max(to.scale).max(step.scale);
        let (from, to, step) = (from.at(scale), to.at(scale), step.at(scale));
        if step <= 0 || to < from {
            return Err(Text::new(
                format!("`{range}` 应由小到大，步长大于零"),
                format!("`{range}` must go up, by a step above zero"),
            ));
        }
        let count = (to - from) / step + 1;
        if count > MOST_STEPS as i128 {
            return Err(Text::new(
                format!("共 {count} 步，最多 {MOST_STEPS} 步：请加大步长"),
                format!("these are {count} steps, and {MOST_STEPS} are the most: take a greater step"),
            ));
        }
        let values = (0..count).map(|index| format!("{}{unit}", written(from + index * step, scale))).collect();
        Ok(Self { measure: measure.trim().to_owned(), path: path.trim().to_owned(), values })
    }

    /// The text of the measure's file with another value at the place. `version` is the one that is varied, from 0.
    ///
    /// # Errors
    /// When the place is not there or does not hold one number.
    pub fn set(&self, bytes: &[u8], version: usize, value: &str) -> Result<Vec<u8>, Text> {
        let missing = || {
            Text::new(
                format!("{} 的第{}版中没有 `{}`", self.measure, version + 1, self.path),
                format!("version {} of {} has no `{}`", version + 1, self.measure, self.path),
            )
        };
        let root = yaml::parse(bytes, yaml::MAX_POLICY_BYTES).map_err(|_| missing())?;
        let version = root.get("versions").and_then(Node::seq).and_then(|all| all.get(version)).ok_or_else(missing)?;
        let node = match self.path.split_once('.') {
            None => version.get("let").and_then(|lets| lets.get(&self.path)).or_else(|| version.get(&self.path)),
            Some(_) => self.path.split('.').try_fold(version, step_into),
        };
        let node = node.ok_or_else(missing)?;
        let text = node.text().unwrap_or_default();
        // what a person sets up to a limit is still set up to it
        let prefix = ["up to ", "at least "].into_iter().find(|prefix| text.starts_with(prefix)).unwrap_or_default();
        let one = text
            .strip_prefix(prefix)
            .and_then(number)
            .is_some_and(|(_, unit)| !unit.contains(['+', '-', '*', '/', '(', ')', '[', ',', '>', '<', '=']));
        if !one {
            return Err(Text::new(
                format!("`{}` 不是单个数：{text}", self.path),
                format!("`{}` is not a single number: {text}", self.path),
            ));
        }
        // places are counted in characters
        let all = std::str::from_utf8(bytes).map_err(|_| missing())?;
        let byte = |at: u32| all.char_indices().nth(at as usize).map_or(all.len(), |(byte, _)| byte);
        let (Some(before), Some(after)) = (all.get(..byte(node.span.start)), all.get(byte(node.span.end)..)) else {
            return Err(missing());
        };
        Ok(format!("{before}{prefix}{value}{after}").into_bytes())
    }
}

/// An entry of a mapping by its key; of a list by its place from 0, or by its `id`.
fn step_into<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    match node.seq() {
        None => node.get(key),
        Some(items) => match key.parse::<usize>() {
            Ok(index) => items.get(index),
            Err(_) => items.iter().find(|item| item.get("id").and_then(Node::text) == Some(key)),
        },
    }
}

#[derive(Clone, Copy)]
struct Number {
    digits: i128,
    scale: u32,
}

impl Number {
    fn at(self, scale: u32) -> i128 {
        self.digits * 10_i128.pow(scale.saturating_sub(self.scale))
    }
}

/// A number and the unit behind it.
fn number(text: &str) -> Option<(Number, &str)> {
    let (negative, body) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let end = body.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(body.len());
    let (figures, unit) = body.split_at_checked(end)?;
    let (whole, fraction) = figures.split_once('.').unwrap_or((figures, ""));
    let digits: String = whole.chars().filter(|c| *c != ',').chain(fraction.chars()).collect();
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain || digits.len() > 18 || fraction.len() > 9 {
        return None;
    }
    let digits: i128 = digits.parse().ok()?;
    Some((Number { digits: if negative { -digits } else { digits }, scale: u32::try_from(fraction.len()).ok()? }, unit))
}

fn written(digits: i128, scale: u32) -> String {
    let place = 10_i128.pow(scale);
    let sign = if digits < 0 { "-" } else { "" };
    let (whole, rest) = (digits.abs() / place, digits.abs() % place);
    let fraction = format!("{rest:0width$}", width = scale as usize);
    match fraction.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        fraction => format!("{sign}{whole}.{fraction}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_exact_and_keep_their_unit() {
        let sweep = Sweep::parse("a.b:rate=0.5%..2%/0.5%").unwrap();
        assert_eq!((sweep.measure.as_str(), sweep.path.as_str()), ("a.b", "rate"));
        assert_eq!(sweep.values, ["0.5%", "1%", "1.5%", "2%"]);
        assert_eq!(
            Sweep::parse("a:let.x=1,000万元..1,500万元/250万元").unwrap().values,
            ["1000万元", "1250万元", "1500万元"]
        );
    }

    #[test]
    fn what_is_no_sweep_is_told() {
        for wrong in
            ["", "a=1..2/1", "a:b=1..2", "a:b=1%..2/1", "a:b=2..1/1", "a:b=1..2/0", "a:b=0..1000/1", ":b=1..2/1"]
        {
            assert!(Sweep::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn one_number_of_the_text_changes_and_nothing_else() {
        let text = "measure: a\nversions:\n  - let: { rate: up to 50%, sum: 1 + 2 } # half\n    eligible:\n      - { id: revenue, at_least: 1万元 }\n";
        let set = |target: &str, value: &str| {
            Sweep::parse(&format!("a:{target}=1..2/1")).unwrap().set(text.as_bytes(), 0, value)
        };
        let new = |target: &str, value: &str| String::from_utf8(set(target, value).unwrap()).unwrap();
        assert_eq!(new("rate", "60%"), text.replace("50%", "60%"));
        assert_eq!(new("let.rate", "60%"), text.replace("50%", "60%"));
        assert_eq!(new("eligible.revenue.at_least", "2万元"), text.replace("1万元", "2万元"));
        assert_eq!(new("eligible.0.at_least", "2万元"), text.replace("1万元", "2万元"));
        assert!(set("sum", "3").unwrap_err().en.contains("not a single number"));
        assert!(set("none", "3").unwrap_err().en.contains("has no"));
    }
}
