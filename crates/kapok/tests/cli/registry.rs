//! `kapok registry`: registries of made-up companies.

use std::path::{Path, PathBuf};

use crate::run::kapok;

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("registry").join(name);
    std::fs::remove_dir_all(&folder).ok();
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn files(folder: &Path) -> usize {
    folder.read_dir().unwrap().count()
}

#[test]
fn a_registry_is_written_with_its_rights_beside_it() {
    let folder = folder("both");
    let out = folder.join("city.csv");
    let run = kapok(&["registry", "generate", "--rows", "50", "--out", out.to_str().unwrap(), "--lang", "en"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.contains("50 made-up companies") && run.out.contains("companies a second"), "{}", run.out);
    let text = std::fs::read_to_string(&out).unwrap();
    assert!(text.starts_with("uscc,name,org.above_scale,") && text.lines().count() == 51);
    assert!(text.lines().skip(1).all(|line| line.contains("（虚构）")));
    let rights = std::fs::read_to_string(folder.join("city.patent.csv")).unwrap();
    assert!(rights.starts_with("uscc,patent.id,patent.kind,patent.class,patent.granted_on\r\n"), "{rights}");
    assert_eq!(files(&folder), 2);
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_the_summary_as_json() {
    let folder = folder("json");
    let made = |name: &str, seed: &str, threads: &str| {
        let (out, children) = (folder.join(name), folder.join(format!("rights-{name}")));
        let args = ["registry", "generate", "--rows", "3000", "--seed", seed, "--threads", threads, "--json"];
        let files = ["--out", out.to_str().unwrap(), "--children", children.to_str().unwrap()];
        let summary = kapok(&[&args[..], &files].concat()).json();
        assert_eq!(summary["companies"]["rows"], 3000);
        assert_eq!(summary["companies"]["bytes"], std::fs::metadata(&out).unwrap().len());
        assert!(summary["patents"]["rows"].as_u64().unwrap() > 1000 && summary["rows_per_second"].is_u64());
        (std::fs::read(out).unwrap(), std::fs::read(children).unwrap())
    };
    let one = made("one.parquet", "7", "1");
    assert!(one == made("two.parquet", "7", "2") && one != made("three.parquet", "8", "2"));
}

#[test]
fn what_cannot_be_written_is_told_in_both_languages() {
    let folder = folder("wrong");
    let at = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    for (name, lang, told) in [
        ("x.xlsx", "en", "has to end in .parquet or .csv"),
        ("x.xlsx", "zh", "应以 .parquet 或 .csv 结尾"),
        ("none/x.csv", "en", "make it first"),
        ("none/x.csv", "zh", "请先建立该文件夹"),
    ] {
        let run = kapok(&["registry", "generate", "--rows", "5", "--out", &at(name), "--lang", lang]);
        assert!(run.code == 2 && run.out.is_empty() && run.err.contains(told), "{run:?}");
    }
    let same = at("x.csv");
    let run = kapok(&["registry", "generate", "--rows", "5", "--out", &same, "--children", &same, "--lang", "en"]);
    assert!(run.code == 2 && run.err.contains("the same file"), "{run:?}");
    assert_eq!(files(&folder), 0);
}
