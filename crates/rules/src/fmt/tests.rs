use proptest::prelude::*;

use super::scalar::width;
use super::{canonical, tidy};
use crate::yaml::{MAX_POLICY_BYTES, parse};

/// The canonical form of any tree, which a rule file is a part of.
fn any_form(source: &str) -> Result<String, Vec<crate::diag::Diagnostic>> {
    tidy(source, parse(source.as_bytes(), MAX_POLICY_BYTES)?)
}

/// Writes twice, and checks what must always hold.
fn written(source: &str) -> String {
    let out = any_form(source).unwrap_or_else(|findings| panic!("{findings:?}\n{source}"));
    let (before, after) =
        (parse(source.as_bytes(), MAX_POLICY_BYTES).unwrap(), parse(out.as_bytes(), MAX_POLICY_BYTES).unwrap());
    assert!(before.same(&after), "the meaning changed:\n{source}\n---\n{out}");
    let again = any_form(&out).unwrap_or_else(|findings| panic!("{findings:?}\n{out}"));
    assert_eq!(out, again, "not idempotent, from:\n{source}");
    assert!(out.ends_with('\n') && !out.ends_with("\n\n"), "{out:?}");
    out
}

#[track_caller]
fn check(source: &str, expected: &str) {
    assert_eq!(written(source), expected);
}

#[test]
fn keys_come_in_the_order_of_the_language() {
    check(
        "measure: a.b\nversions:\n- award: { amount: 1万元, kind: money }\n  known_from: 2025-01-01\n  in_force: { to: 2026-01-01, from: 2025-01-01 }\n  zzz: 1\n  aaa: 2\nname: { en: A, zh: 甲 }\n",
        "measure: a.b
name: { zh: 甲, en: A }

versions:
  - in_force: { from: 2025-01-01, to: 2026-01-01 }
    known_from: 2025-01-01
    award: { kind: money, amount: 1万元 }
    zzz: 1
    aaa: 2
",
    );
}

#[test]
fn free_names_keep_their_order() {
    check(
        "measure: a\nversions:\n  - let: { z: 1, a: { rows: [ { then: 1, when: ['-'] } ], inputs: [z], table: first } }\nexample: { org.z: 1, on: 2025-01-01, org.rd: { 2025: 1, 2024: 2 }, lists: { l: [ { to: 2025-01-02, member: m } ] } }\ncases: [ { expect: { amount: 1, outcome: eligible }, with: { z: 1, contracts: [ { id: c } ] }, name: n } ]\n",
        "measure: a

versions:
  - let:
      z: 1
      a:
        table: first
        inputs: [z]
        rows:
          - { when: [\"-\"], then: 1 }

example:
  org.z: 1
  on: 2025-01-01
  org.rd: { 2025: 1, 2024: 2 }
  lists:
    l:
      - { member: m, to: 2025-01-02 }

cases:
  - name: n
    with:
      z: 1
      contracts:
        - { id: c }
    expect: { outcome: eligible, amount: 1 }
",
    );
}

#[test]
fn vocabulary_has_one_fact_an_entry_and_the_header_stays_on_top() {
    check(
        "# About the file.\ncodes: { k: { values: { b: { en: B, zh: 乙 }, a: { zh: 甲, en: A } }, label: { zh: 表, en: List } } }\nfacts:\n  org.b: { label: { zh: 事实, en: Fact }, type: bool }\n  org.a: { type: money }\n",
        "# About the file.
facts:
  org.b: { type: bool, label: { zh: 事实, en: Fact } }
  org.a: { type: money }

codes:
  k:
    label: { zh: 表, en: List }
    values:
      b: { zh: 乙, en: B }
      a: { zh: 甲, en: A }
",
    );
}

#[test]
fn questions_keep_the_order_in_which_they_are_asked() {
    check(
        "questions: { z: { facts: [org.b, org.a], ask: { en: Ask, zh: 问 }, label: { zh: 题, en: Q } }, a: { facts: [loans] } }\n",
        "questions:
  z:
    label: { zh: 题, en: Q }
    ask: { zh: 问, en: Ask }
    facts: [org.b, org.a]
  a:
    facts: [loans]
",
    );
}

#[test]
fn scalars_are_quoted_only_where_they_must_be() {
    check(
        "a: \"yes\"\nb: '[1, 2)'\nc: \"org.rd[year-1]\"\nd: { e: \"org.rd[year-1]\", f: 'tag:x', g: \"a -\" }\nh: >-\n  two\n  lines\ni: |\n  x: y\n  z\nj:\nk: 'it''s'\nl: \"a # b\"\nm: \"a#b\"\nn: \"-\"\no: -5\np: \"a\\u200bb\"\nq: \"50%: x\"\n\"r:s\": http://x\n",
        "a: yes
b: \"[1, 2)\"
c: org.rd[year-1]
d: { e: \"org.rd[year-1]\", f: tag:x, g: \"a -\" }
h: two lines
i: \"x: y\\nz\\n\"
j: \"\"
k: it's
l: \"a # b\"
m: a#b
n: \"-\"
o: -5
p: \"a\\u200bb\"
q: \"50%: x\"
r:s: http://x
",
    );
}

#[test]
fn wide_lines_become_blocks() {
    assert_eq!(width("宽字ab“”"), 8);
    let (fits, wide) = ("字".repeat(46), "字".repeat(47));
    check(&format!("a: {{ zh: {fits}, b: 1}}\n"), &format!("a: {{ zh: {fits}, b: 1 }}\n"));
    check(&format!("a: {{ zh: {wide}, b: 1 }}\n"), &format!("a:\n  zh: {wide}\n  b: 1\n"));
    check(&format!("a: [{wide}, bbbbbbbbbbb]\n"), &format!("a:\n  - {wide}\n  - bbbbbbbbbbb\n"));
}

#[test]
fn comments_stay_with_their_entries() {
    check(
        "# top

# more
measure: a # the id
# before the name
name: { zh: 甲, en: A } # the name
versions: # several
  # the first
  - known_from: 2025-01-01 # seen
    # why
    award: { kind: money } # paid
    # - end of the version
  # end of the versions
cases:
    - name: x # case
      expect: # result
        outcome: eligible
#     - name: out
# last
",
        "# top
# more
measure: a # the id
# before the name
name: { zh: 甲, en: A } # the name

# several
versions:
  # the first
  - known_from: 2025-01-01 # seen
    # why
    award: { kind: money } # paid
    # - end of the version
  # end of the versions

cases:
  - name: x # case
    expect: { outcome: eligible } # result
#     - name: out
# last
",
    );
}

#[test]
fn comments_in_brackets_make_a_block() {
    check(
        "a: [ # open\n  1, # one\n  # before two\n  2,\n  3 # three\n  # end\n] # closed\nb: { x: 1, # x\n  y: [ # empty\n  ] }\n",
        "# open
# closed
a:
  - 1 # one
  # before two
  - 2
  - 3 # three
  # end
b:
  x: 1 # x
  y: [] # empty
",
    );
}

#[test]
fn comments_of_the_first_entry_move_before_the_dash() {
    check(
        "- # a\n  # b\n  x: # c\n    - 1\n    # d\n  y: 1\n- - # e\n    1\n",
        "# a\n# b\n# c\n- x:\n    - 1\n    # d\n  y: 1\n- [1] # e\n",
    );
    check("- x: 1 # a\n- x:\n    # b\n    - 1\n", "- { x: 1 } # a\n- x:\n    # b\n    - 1\n");
}

#[test]
fn comments_and_scalars_are_told_apart() {
    check(
        "a: | # head\n\n  x # y\n   # z\n # out\nb: '# no' # yes\nc: \"\\\n  # no\" # yes\nd: |2 # head\n   x\n",
        "a: \"\\nx # y\\n # z\\n\" # head
# out
b: \"# no\" # yes
c: \"# no\" # yes
d: \" x\\n\" # head
",
    );
}

#[test]
fn odd_files() {
    check("# a\nx # b\n# c\n", "# a\nx\n# b\n# c\n");
    check("--- # a\n{ # b\n} # c\n# d\n", "# a\n{}\n# b\n# c\n# d\n");
    check("%YAML 1.2\n---\na: 1\n...\n# end\n", "a: 1\n# end\n");
    check("\u{feff}a: 1\r\n# b\r\nb: # c\r\n  - 1\r\n", "a: 1\n# b\nb: [1] # c\n");
    check("? a # x\n: b # y\n", "# x\n# y\na: b\n");
    check("a:\n- x\n# b\nb: 1\n", "a: [x]\n# b\nb: 1\n");
}

#[test]
fn findings_are_handed_on() {
    let code = |source: &str| canonical(source).unwrap_err().first().map(|finding| finding.code);
    assert_eq!(code("a: [\n"), Some("E0103"));
    assert_eq!(code("a: 1\na: 2\n"), Some("E0109"));
    assert_eq!(code(&format!("{{ \"{}\": 1 }}", "k".repeat(1001))), Some("E0118"));
    assert_eq!(code(&format!("a: [{}1]", "1,".repeat(400_000))), Some("E0119"));
}

#[test]
fn what_is_no_mapping_is_no_rule_file() {
    for source in ["name,org.kind\nA,enterprise\n", "- 1\n- 2\n", "\"text\"\n"] {
        let findings = canonical(source).unwrap_err();
        assert_eq!((findings.len(), findings[0].code, findings[0].line), (1, "E0128", 1), "{source}");
    }
    assert_eq!(canonical("\u{feff}a:   1\n").as_deref(), Ok("a: 1\n"));
}

#[test]
fn every_file_of_the_catalogue_and_vocabulary() {
    let files = ["catalogue", "vocabulary"].into_iter().flat_map(crate::repository::files);
    for (_, bytes) in files {
        let source = String::from_utf8(bytes).unwrap();
        // A file that is not YAML is the business of the checker.
        if parse(source.as_bytes(), MAX_POLICY_BYTES).is_ok() {
            written(&source);
        }
    }
}

/// A tree to write in some way that is not canonical.
#[derive(Clone, Debug)]
enum Tree {
    Text(String),
    Seq(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z0-9_.-]{1,6}",
        2 => "[-?:,\\[\\]{}#&*!|>'\"%@`~= a字。\\\\]{0,6}",
        1 => Just(String::new()),
        1 => "(a|字|: |:| #|# |\n|\t| |\r|-|--- |\\.\\.\\.|\u{feff}|\u{85}|\u{2028}|\u{0}|\u{7f}|😀|\u{3000}|\"|'|,|\\]|\\}){0,6}",
        1 => Just("字".repeat(60)),
        1 => any::<String>(),
        1 => prop::sample::select(vec!["measure", "versions", "eligible", "all", "let", "example", "cases", "zh", "en", "facts", "codes", "values", "list", "lists", "rows"]).prop_map(str::to_owned),
    ]
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = text().prop_map(Tree::Text);
    leaf.prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Tree::Seq),
            prop::collection::vec((text(), inner), 0..5).prop_map(|entries| {
                let mut unique: Vec<(String, Tree)> = Vec::new();
                for (key, value) in entries {
                    if key.chars().count() < 90 && unique.iter().all(|(other, _)| *other != key) {
                        unique.push((key, value));
                    }
                }
                Tree::Map(unique)
            }),
        ]
    })
}

/// A measure or vocabulary, as far as the top goes, so that every layout is met.
fn file() -> impl Strategy<Value = Tree> {
    let below = |keys: &'static [&'static str]| {
        (
            prop::collection::vec(tree(), keys.len()),
            prop::sample::subsequence(keys.to_vec(), 1..=keys.len()).prop_shuffle(),
        )
            .prop_map(|(values, keys)| Tree::Map(keys.into_iter().map(str::to_owned).zip(values).collect()))
    };
    let version = below(&["note", "let", "eligible", "each", "award", "stacking", "procedure", "known_from"]);
    let head = |key: &str, rest: Vec<(&str, Tree)>| {
        let rest = rest.into_iter().map(|(key, value)| (key.to_owned(), value));
        Tree::Map(std::iter::once((key.to_owned(), Tree::Text("x".to_owned()))).chain(rest).collect())
    };
    prop_oneof![
        (prop::collection::vec(version, 0..3), tree(), tree()).prop_map(move |(versions, example, cases)| head(
            "measure",
            vec![("cases", cases), ("versions", Tree::Seq(versions)), ("example", example)]
        )),
        below(&["facts", "records", "codes", "questions"]),
        tree(),
    ]
}

/// Takes choices in a fixed order, and writes with odd indentation, line breaks and comments.
struct Untidy {
    choices: Vec<u8>,
    next: usize,
    out: String,
    comments: usize,
}

impl Untidy {
    fn choose(&mut self, of: u8) -> u8 {
        self.next += 1;
        self.choices[self.next % self.choices.len()].wrapping_add((self.next / self.choices.len()) as u8) % of
    }

    fn line_end(&mut self, indent: usize) {
        if self.choose(4) == 0 {
            self.comment(" ");
        }
        self.out.push('\n');
        while self.choose(5) == 0 {
            let blanks = match self.choose(4) {
                0 => 0,
                1 => indent + 2,
                _ => indent,
            };
            self.comment(&" ".repeat(blanks));
            self.out.push('\n');
        }
    }

    fn comment(&mut self, before: &str) {
        self.out.push_str(&format!("{before}# c{}.", self.comments));
        self.comments += 1;
    }

    fn scalar(&mut self, text: &str) {
        let simple = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric());
        let written = match self.choose(3) {
            0 if simple => text.to_owned(),
            1 if simple || !text.chars().any(|c| c.is_control() || "\u{feff}\u{85}\u{2028}\u{2029}".contains(c)) => {
                format!("'{}'", text.replace('\'', "''"))
            }
            _ => {
                let escape = |c: char| {
                    if c.is_ascii_alphanumeric() || c == '#' || c == ' ' || c == '字' {
                        c.to_string()
                    } else {
                        format!("\\U{:08x}", u32::from(c))
                    }
                };
                format!("\"{}\"", text.chars().map(escape).collect::<String>())
            }
        };
        self.out.push_str(&written);
    }

    fn flow(&mut self, tree: &Tree, indent: usize) {
        let brackets = match tree {
            Tree::Text(text) => return self.scalar(text),
            Tree::Seq(_) => ('[', ']'),
            Tree::Map(_) => ('{', '}'),
        };
        self.out.push(brackets.0);
        self.flow_gap(indent);
        let count = match tree {
            Tree::Seq(items) => items.len(),
            Tree::Map(entries) => entries.len(),
            Tree::Text(_) => 0,
        };
        for index in 0..count {
            match tree {
                Tree::Seq(items) => self.flow(&items[index], indent),
                Tree::Map(entries) => {
                    self.scalar(&entries[index].0);
                    self.out.push_str(": ");
                    self.flow(&entries[index].1, indent);
                }
                Tree::Text(_) => {}
            }
            self.flow_gap(indent);
            if index + 1 < count {
                self.out.push(',');
                self.flow_gap(indent);
            }
        }
        self.out.push(brackets.1);
    }

    fn flow_gap(&mut self, indent: usize) {
        self.out.push(' ');
        if self.choose(8) == 0 {
            self.line_end(indent);
            self.out.push_str(&" ".repeat(indent + 1));
        }
    }

    /// The value behind a key or dash, to the end of its last line.
    fn value(&mut self, tree: &Tree, indent: usize) {
        let step = indent + 1 + usize::from(self.choose(3));
        match tree {
            Tree::Seq(items) if !items.is_empty() && self.choose(3) != 0 => {
                self.line_end(step);
                self.seq(items, step);
            }
            Tree::Map(entries) if !entries.is_empty() && self.choose(3) != 0 => {
                self.line_end(step);
                self.map(entries, step);
            }
            tree => {
                self.out.push(' ');
                self.flow(tree, step);
                self.line_end(indent);
            }
        }
    }

    fn seq(&mut self, items: &[Tree], indent: usize) {
        for item in items {
            self.out.push_str(&" ".repeat(indent));
            self.out.push('-');
            match item {
                Tree::Map(entries) if !entries.is_empty() && self.choose(2) == 0 => {
                    self.out.push(' ');
                    let start = self.out.len();
                    self.map(entries, indent + 2);
                    // The first line goes behind the dash.
                    self.out.replace_range(start..start + indent + 2, "");
                }
                item => self.value(item, indent),
            }
        }
    }

    fn map(&mut self, entries: &[(String, Tree)], indent: usize) {
        for (key, value) in entries {
            self.out.push_str(&" ".repeat(indent));
            self.scalar(key);
            self.out.push(':');
            self.value(value, indent);
        }
    }
}

/// The numbers of the comments of a text that the untidy writer made. Scalars never have `# c` and a number and a point.
fn numbers(text: &str, count: usize) -> Vec<usize> {
    (0..count).filter(|number| text.matches(&format!("# c{number}.")).count() == 1).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn any_tree_in_any_layout(tree in file(), choices in prop::collection::vec(any::<u8>(), 1..40)) {
        let mut untidy = Untidy { choices, next: 0, out: String::new(), comments: 0 };
        match &tree {
            Tree::Map(entries) if !entries.is_empty() => untidy.map(entries, 0),
            Tree::Seq(items) if !items.is_empty() => untidy.seq(items, 0),
            tree => {
                untidy.flow(tree, 0);
                untidy.line_end(0);
            }
        }
        let (source, count) = (untidy.out, untidy.comments);
        let out = written(&source);
        prop_assert_eq!(numbers(&out, count).len(), count, "a comment was lost:\n{}\n---\n{}", source, out);
    }

    #[test]
    fn any_text_keeps_its_meaning(text in text(), key in text()) {
        prop_assume!(key.chars().count() < 90);
        let quote = |text: &str| format!("\"{}\"", text.chars().map(|c| format!("\\U{:08x}", u32::from(c))).collect::<String>());
        written(&quote(&text));
        written(&format!("{}: {}", quote(&key), quote(&text)));
        written(&format!("- [{0}, {0}]\n- {{ {1}: {0} }}\n- {0}", quote(&text), quote(&key)));
    }
}
