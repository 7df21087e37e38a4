//! `kapok assess --ask`, answered through standard input.

use crate::run::{GROWTH, Run, file, kapok, rules, typed};

const VOUCHER: &str = "sz.training-voucher.demand-2026";
const KNOWN: &str = "\
party: organisation
name: 示例
org.kind: enterprise
org.legal_person: yes
org.roles: []
supports: []
awards: []
";

const PLACE: &str = "Place of registration";

/// Asks about one measure in English.
fn ask(name: &str, party: &str, measures: &[&str], answers: &str) -> Run {
    let path = file(&format!("ask/{name}.yaml"), party);
    let mut args = vec!["assess", "--party", &path, "--on", "2026-05-20", "--lang", "en", "--ask"];
    if !measures.is_empty() {
        args.push("--measure");
        args.extend(measures);
    }
    let run = typed(&args, answers);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.starts_with("示例"), "the answer follows: {}", run.out);
    run
}

/// How many times an answer was waited for.
fn prompts(run: &Run) -> usize {
    run.err.lines().filter(|line| line.starts_with("> ") || *line == ">").count()
}

/// How often a question was put.
fn put(run: &Run, question: &str) -> usize {
    run.err.lines().filter(|line| line.contains(question)).count()
}

/// The question that still waits for an answer, if any: the last of `questions` that was put.
fn waiting<'q>(run: &Run, answered: usize, questions: &[(&'q str, &'q str)]) -> Option<(&'q str, &'q str)> {
    (prompts(run) > answered).then(|| {
        let of = |line: &str| questions.iter().find(|(question, _)| line.contains(question));
        *run.err.lines().rev().find_map(of).unwrap_or_else(|| panic!("an unexpected question\n{}", run.err))
    })
}

#[test]
fn it_stops_when_no_missing_fact_can_change_the_bundle() {
    let list = "{ member: 示例智算, scope: training, from: 2025-01-01 }";
    let party = format!("{KNOWN}lists: {{ sz.training-voucher.providers: [ {list} ] }}\n");
    let questions = [
        (PLACE, "nanshan"),
        ("Date of establishment", "2025-09-20"),
        ("List the compute service contracts", "1"),
        ("Provider is a related party", "no"),
        ("Contract amount", "12000000"),
        ("Who is the provider", "示例智算"),
        ("Date of signature", "2026-03-01"),
        ("Service item", "training"),
        ("Use of the compute", "training"),
    ];
    // whatever the order of the questions: each is answered once, and then there is none
    let mut answers = String::new();
    let mut put = Vec::new();
    while let Some((question, answer)) = waiting(&ask("stops", &party, &[VOUCHER], &answers), put.len(), &questions) {
        assert!(!put.contains(&question), "{question} comes back");
        put.push(question);
        answers += answer;
        answers += "\n";
    }
    assert!(put.len() > 5, "{put:?}");
    let run = ask("stops", &party, &[VOUCHER], &format!("{answers}left over\n"));
    assert!(!run.err.contains("left over"), "a question that changes nothing: {}", run.err);
    assert!(run.out.contains("7,200,000"), "{}", run.out);
}

#[test]
fn what_could_only_replace_something_better_is_not_asked() {
    let party = file("ask/better/party.yaml", "party: organisation\norg.revenue: { 2025: 3000万元 }\n");
    let asked = |name: &str, amount: &str| {
        let other = GROWTH[..GROWTH.find("example:").unwrap()]
            .replace("measure: demo.growth", "measure: demo.other")
            .replace("year-1", "year-2")
            .replace("min(1% * org.revenue[year-2], 50万元)", amount)
            + "    stacking: [ { exclusive: [demo.growth], cite: 第二条 } ]\n";
        let folder = rules(&format!("ask/better/{name}"), GROWTH);
        file(&format!("ask/better/{name}/catalogue/demo/other.yaml"), &other);
        let run = typed(&["assess", "--party", &party, "--on", "2026-05-20", "--rules", &folder, "--ask"], "");
        assert_eq!(run.code, 0, "{}", run.err);
        prompts(&run)
    };
    // 300,000 are certain, and at most one of the two is paid
    assert_eq!(asked("less", "10万元"), 0);
    assert_eq!(asked("more", "40万元"), 1);
}

#[test]
fn nothing_is_asked_where_nothing_can_change() {
    let refused = ask("refused", &format!("{KNOWN}org.place: beijing\n"), &[VOUCHER], "nanshan\n");
    assert_eq!(prompts(&refused), 0, "{}", refused.err);
    let path = "demo/companies/ai-startup.yaml";
    let settled = typed(&["assess", "--party", path, "--on", "2026-05-20", "--ask", "--measure", VOUCHER], "x\n");
    assert_eq!((settled.code, prompts(&settled)), (0, 0), "{}", settled.err);
}

#[test]
fn an_empty_line_skips_and_the_question_does_not_come_back() {
    let run = ask("skips", KNOWN, &[VOUCHER], &"\n".repeat(50));
    assert_eq!(put(&run, PLACE), 1, "{}", run.err);
    assert!(prompts(&run) > 1 && prompts(&run) < 50, "{}", run.err);
    let path = file("ask/skips.yaml", KNOWN);
    let plain = kapok(&["assess", "--party", &path, "--on", "2026-05-20", "--lang", "en", "--measure", VOUCHER]);
    assert_eq!(run.out, plain.out, "nothing was learnt");
}

#[test]
fn a_question_mark_skips_too() {
    let run = ask("question-mark", KNOWN, &[VOUCHER], "?\n");
    assert_eq!((put(&run, PLACE), prompts(&run)), (1, 2), "{}", run.err);
}

#[test]
fn a_wrong_answer_may_be_corrected() {
    let run = ask("corrects", KNOWN, &[VOUCHER], "nanshann\nnanshan\n");
    assert!(run.err.contains("`nanshann`"), "{}", run.err);
    assert_eq!(put(&run, PLACE), 2, "the question once, the mistake once: {}", run.err);
    assert_eq!(prompts(&run), 3, "wrong, right, and the next question: {}", run.err);
    let path = file("ask/corrected.yaml", &format!("{KNOWN}org.place: nanshan\n"));
    let plain = kapok(&["assess", "--party", &path, "--on", "2026-05-20", "--lang", "en", "--measure", VOUCHER]);
    assert_eq!(run.out, plain.out, "only the right answer counts");
}

#[test]
fn a_wrong_number_of_records_may_be_corrected() {
    let run = ask(
        "records",
        &format!("{KNOWN}org.place: nanshan\norg.founded_on: 2025-09-20\n"),
        &[VOUCHER],
        "-1\nmany\n9999\n2\n",
    );
    assert_eq!(prompts(&run), 5, "{}", run.err);
    assert!(run.out.contains("contract 1") && run.out.contains("contract 2"), "{}", run.out);
}

#[test]
fn no_records_is_an_answer() {
    let party = format!("{KNOWN}org.place: nanshan\norg.founded_on: 2025-09-20\n");
    for none in ["0", "none"] {
        let run = ask(&format!("no-records-{none}"), &party, &[VOUCHER], &format!("{none}\n"));
        assert_eq!(prompts(&run), 1, "{}", run.err);
        assert!(run.out.contains("not eligible"), "{}", run.out);
    }
}

#[test]
fn q_and_the_end_of_the_input_stop() {
    let stopped = ask("stopped", KNOWN, &[], "q\nnanshan\n");
    assert_eq!(prompts(&stopped), 1, "{}", stopped.err);
    let ended = ask("ended", KNOWN, &[], "");
    assert_eq!(ended.out, stopped.out);
}

#[test]
fn the_questions_go_to_standard_error_and_the_answer_to_standard_output() {
    let run = ask("streams", KNOWN, &[VOUCHER], "q\n");
    let asked = "best bundle so far";
    assert!(run.err.contains(asked) && !run.out.contains(asked));
    assert!(!run.err.contains('┌') && run.out.contains('┌'));
}

#[test]
fn one_party_is_asked_and_a_person_reads_the_answer() {
    let two = file("ask/two.csv", "name,org.kind\n甲,enterprise\n乙,enterprise\n");
    let run = kapok(&["assess", "--party", &two, "--ask"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.err);
    let run = kapok(&["assess", "--party", "demo/companies/little-known.yaml", "--ask", "--json"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.err);
}

#[test]
fn a_question_that_is_answered_wrongly_again_and_again_is_skipped() {
    let nonsense = "neither yes nor no\n".repeat(2_000);
    let run = crate::run::typed(
        &[
            "assess",
            "--party",
            "demo/companies/little-known.yaml",
            "--on",
            "2026-05-20",
            "--ask",
            "--table",
            "--lang",
            "en",
        ],
        &nonsense,
    );
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("This question is skipped for now."), "{}", run.err);
}
