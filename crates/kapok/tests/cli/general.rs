//! What holds for every command: help, colour, exit codes, completions.

use crate::run::{kapok, with};

/// Every command that does something, as its words; found by asking for help, so that none is forgotten.
fn commands() -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut open = vec![Vec::new()];
    while let Some(words) = open.pop() {
        let help = help(&words);
        let inner: Vec<String> = help
            .lines()
            .skip_while(|line| *line != "Commands:")
            .skip(1)
            .take_while(|line| line.starts_with("  "))
            .filter(|line| line.chars().nth(2).is_some_and(|first| first != ' '))
            .filter_map(|line| line.split_whitespace().next())
            .filter(|name| *name != "help")
            .map(str::to_owned)
            .collect();
        if inner.is_empty() {
            found.push(words);
        } else {
            open.extend(inner.into_iter().map(|name| [words.as_slice(), &[name]].concat()));
        }
    }
    found
}

fn help(words: &[String]) -> String {
    let args: Vec<&str> = words.iter().map(String::as_str).chain(["--help"]).collect();
    let run = kapok(&args);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{words:?}");
    run.out
}

#[test]
fn the_help_of_every_command_has_an_example() {
    let commands = commands();
    for expected in [&["assess"][..], &["completions"], &["policy", "check"], &["policy", "test"]] {
        assert!(commands.iter().any(|words| words == expected), "{expected:?} is not among {commands:?}");
    }
    for words in commands {
        let help = help(&words);
        let (_, examples) = help.split_once("Example").unwrap_or_else(|| panic!("{words:?} has no example"));
        assert!(examples.contains(&format!("  kapok {}", words.join(" "))), "{words:?} has no example of itself");
    }
}

#[test]
fn completions_know_the_commands() {
    for shell in ["bash", "zsh", "fish"] {
        let run = kapok(&["completions", shell]);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{shell}");
        for word in ["kapok", "assess", "policy", "party", "known-on"] {
            assert!(run.out.contains(word), "{shell} lacks {word}");
        }
    }
}

#[test]
fn nothing_is_coloured_that_is_not_seen_on_a_terminal() {
    let wrong = crate::run::file("general/wrong.yaml", "org.kynd: enterprise\n");
    let party = "demo/companies/ai-startup.yaml";
    let runs: [&[&str]; 6] = [
        &["--help"],
        &["assess", "--party", party, "--on", "2026-05-20"],
        &["assess", "--party", party, "--on", "2026-05-20", "--why", "sz.training-voucher.demand-2026"],
        &["assess", "--party", &wrong],
        &["assess", "--party", "no-such-file.yaml"],
        &["policy", "check"],
    ];
    for args in runs {
        for variables in [&[][..], &[("NO_COLOR", "1")], &[("NO_COLOR", ""), ("TERM", "xterm-256color")]] {
            let run = with(args, "", variables);
            assert!(!run.out.contains('\u{1b}') && !run.err.contains('\u{1b}'), "{args:?} {variables:?}: {run:?}");
        }
    }
}

#[test]
fn a_command_that_is_none_is_refused_with_the_nearest_one() {
    let run = kapok(&["asses"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("'assess'"), "{}", run.err);
}

#[test]
fn without_a_command_the_help_is_shown() {
    let run = kapok(&[]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("Usage: kapok") && run.err.contains("Start here"), "{}", run.err);
}

#[test]
fn the_version_is_that_of_the_package() {
    assert_eq!(kapok(&["--version"]).out.trim_end(), concat!("kapok ", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_reader_that_stops_reading_is_no_mistake() {
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_kapok"))
        .args(["assess", "--party", "demo/companies/robot-maker.yaml", "--on", "2026-05-20", "--json"])
        .current_dir(crate::run::root())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}
