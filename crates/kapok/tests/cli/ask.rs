//! `kapok assess --ask`, answered through standard input.

use crate::run::{Run, file, kapok, typed};

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

const PLACE: &str = "Place of registration";

#[test]
fn it_stops_when_no_missing_fact_can_change_the_bundle() {
    let answers = "nanshan\n2025-09-20\n1\nno\n12000000\n示例智算\ntraining\n";
    let given =
        "lists: { sz.training-voucher.providers: [ { member: 示例智算, scope: training, from: 2025-01-01 } ] }\n";
    // what is asked decides the order; every line that is left over was not asked for
    let party = format!("{KNOWN}{given}org.place: nanshan\norg.founded_on: 2025-09-20\n");
    let run = ask(
        "stops",
        &party,
        &[VOUCHER],
        "1\nno\n12000000\n示例智算\ntraining\n2026-03-01\ntraining\nleft over\nleft over\n",
    );
    assert!(!run.err.contains("left over"), "{}", run.err);
    assert!(run.out.contains("7,200,000"), "{}", run.out);
    assert!(prompts(&run) <= answers.lines().count(), "{}", run.err);
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
