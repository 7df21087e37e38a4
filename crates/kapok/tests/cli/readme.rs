//! The examples in the two READMEs are what the program prints.

use crate::run::{kapok, root};

/// What is shown in place of lines that are left out.
const TRIMMED: &str = "…";

/// The examples in a document: commands, each with the lines shown below it.
fn examples(document: &str) -> Vec<(String, Vec<String>)> {
    let text = std::fs::read_to_string(root().join(document)).unwrap();
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match line {
            "```console" => inside = true,
            "```" => inside = false,
            _ if !inside => {}
            _ => match (line.strip_prefix("$ kapok "), found.last_mut()) {
                (Some(command), _) => found.push((command.to_owned(), Vec::new())),
                (None, Some((_, shown))) => shown.push(line.to_owned()),
                (None, None) => panic!("{document}: an example begins with a command, not with {line}"),
            },
        }
    }
    found
}

#[test]
fn the_examples_are_real() {
    for document in ["README.md", "README.zh-CN.md"] {
        let examples = examples(document);
        assert!(examples.len() >= 3, "{document} shows {} commands", examples.len());
        for (command, shown) in examples {
            let run = kapok(&command.split_whitespace().collect::<Vec<_>>());
            assert_eq!((run.code, run.err.as_str()), (0, ""), "{document}: {command}");
            let mut printed = run.out.lines();
            let mut gap = false;
            for line in shown {
                if line == TRIMMED {
                    gap = true;
                    continue;
                }
                let found = if gap { printed.any(|other| other == line) } else { printed.next() == Some(&line) };
                assert!(
                    found,
                    "{document}: `kapok {command}` does not print, at this place:\n{line}\nbut:\n{}",
                    run.out
                );
                gap = false;
            }
            assert!(gap || printed.next().is_none(), "{document}: `kapok {command}` prints more than is shown");
        }
    }
}
