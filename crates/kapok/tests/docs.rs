//! What the documents name is there.

use std::path::Path;

#[test]
fn every_policy_that_the_language_page_points_to_is_in_the_catalogue() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(root.join("docs/rules.md")).expect("the page on the language is there");
    let (_, table) = page.split_once("## 18. Where policies use it").expect("the page has the table");
    let mut named = 0;
    for line in table.lines().filter(|line| line.starts_with("| ") && !line.contains("none in the catalogue")).skip(1) {
        let cell = line.trim_end_matches('|').rsplit('|').next().expect("a row has cells").trim();
        for path in cell.split([',', ';']).map(str::trim) {
            let place = root.join("catalogue").join(path);
            assert!(
                place.is_dir() || place.with_extension("yaml").is_file(),
                "docs/rules.md points to {path}, which is not there"
            );
            named += 1;
        }
    }
    assert!(named > 40, "only {named} policies were found in the table");
}
