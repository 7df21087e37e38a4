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

#[test]
fn a_generated_registry_is_clean_without_a_mapping() {
    let folder = folder("clean");
    let out = folder.join("city.parquet").to_str().unwrap().to_owned();
    let made = kapok(&["registry", "generate", "--rows", "2000", "--out", &out, "--json"]).json();
    let run = kapok(&["registry", "check", &out, "--lang", "en"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    assert!(run.out.contains("2000 rows, 51 columns of facts; 2000 rows can be used, 0 are left out"), "{}", run.out);
    assert!(run.out.contains("org.staff") && run.out.contains("██") && run.out.contains("enterprise"), "{}", run.out);
    let profile = kapok(&["registry", "check", &out, "--json"]).json();
    assert_eq!((&profile["rows"], &profile["rejected"]), (&2000.into(), &0.into()));
    assert_eq!((&profile["duplicates"]["rows"], &profile["duplicates"]["missing"]), (&0.into(), &0.into()));
    assert_eq!((&profile["orphans"][0]["record"], &profile["orphans"][0]["records"]), (&"patent".into(), &0.into()));
    assert!(made["patents"]["rows"].as_u64().unwrap() > 1000);
    // without the file of the rights
    std::fs::remove_file(folder.join("city.patent.parquet")).unwrap();
    let run = kapok(&["registry", "check", &out, "--lang", "en"]);
    assert!(run.code == 2 && run.out.is_empty() && run.err.contains("stand beside its companies"), "{run:?}");
}

#[test]
fn what_cannot_be_used_is_told_with_the_row() {
    let folder = folder("check");
    let at = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    std::fs::write(at("a.csv"), "code,area,org.staff\nA,深圳,1\nA,nanshan,\nB,Nowhere,2\nC,福田,many\n").unwrap();
    std::fs::write(at("m.yaml"), "id: code\ncolumns: { area: org.place }\n").unwrap();
    let args = ["registry", "check", &at("a.csv"), "--mapping", &at("m.yaml"), "--lang"];
    let english = kapok(&[&args[..], &["en"]].concat());
    assert_eq!((english.code, english.err.as_str()), (1, ""));
    for told in [
        "area: no such code or place, 1 rows left out",
        "a.csv:4: ",
        "org.staff: no value of this kind, 1 rows left out",
        "a.csv:5: ",
        "ids that occur twice: 1 ids, 1 rows too many, such as A",
        "50.0 %",
        "4 rows, 2 columns of facts; 2 rows can be used, 2 are left out",
    ] {
        assert!(english.out.contains(told), "{told}\n{}", english.out);
    }
    let chinese = kapok(&[&args[..], &["zh"]].concat());
    assert!(chinese.code == 1 && chinese.out.contains("没有这一项或这个地方，略去 1 行"), "{}", chinese.out);
    std::fs::write(at("m.yaml"), "id: code\ncolumns: { area: org.plaze }\n").unwrap();
    let run = kapok(&[&args[..], &["en"]].concat());
    assert!(run.code == 2 && run.out.is_empty() && run.err.contains("org.place"), "{run:?}");
    let run = kapok(&["registry", "check", "s3://bucket/a.parquet", "--lang", "en"]);
    assert!(run.code == 2 && run.err.contains("not supported yet"), "{run:?}");
}
