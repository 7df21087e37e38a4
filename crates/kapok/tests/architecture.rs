//! What `docs/architecture.md` and `docs/dependencies.md` say about crates is true: the arrows between them, the
//! dependencies that only one of them may have, and the list of what is depended on and why.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The packages of the workspace by name. What they declare is enough, so that nothing is resolved or fetched.
static PACKAGES: LazyLock<BTreeMap<String, Package>> = LazyLock::new(|| {
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec().unwrap();
    metadata.packages.into_iter().map(|package| (package.name.to_string(), package)).collect()
});

/// The names of what a package depends on, of our own or of others, for some kinds of dependency.
fn dependencies(package: &str, ours: bool, kinds: &[DependencyKind]) -> BTreeSet<String> {
    let package = PACKAGES.get(package).unwrap_or_else(|| panic!("there is no crate `{package}`"));
    package
        .dependencies
        .iter()
        .filter(|dependency| dependency.path.is_some() == ours && kinds.contains(&dependency.kind))
        .map(|dependency| dependency.name.clone())
        .collect()
}

const ALL: [DependencyKind; 3] = [DependencyKind::Normal, DependencyKind::Development, DependencyKind::Build];

fn document(name: &str) -> String {
    std::fs::read_to_string(root().join("docs").join(name)).unwrap_or_else(|error| panic!("docs/{name}: {error}"))
}

#[test]
fn arrows_between_crates_point_one_way() {
    let allowed: BTreeMap<&str, &[&str]> = [
        ("domain", &[][..]),
        ("rules", &["domain"]),
        ("screen", &["domain", "rules"]),
        ("app", &["domain", "rules", "screen"]),
        ("web", &["app", "domain", "rules"]),
        ("kapok", &["app", "domain", "rules", "screen", "web"]),
        ("kapok-bench", &["domain", "rules", "screen"]),
    ]
    .into();
    let known: Vec<&str> = PACKAGES.keys().map(String::as_str).collect();
    assert_eq!(
        known,
        allowed.keys().copied().collect::<Vec<_>>(),
        "a new crate needs its arrows here and in docs/architecture.md"
    );
    for (package, allowed) in allowed {
        // tests count too: an arrow in a test is an arrow
        let found = dependencies(package, true, &ALL);
        assert!(
            found.iter().all(|name| allowed.contains(&name.as_str())),
            "`{package}` may depend on {allowed:?} and depends on {found:?}"
        );
    }
}

#[test]
fn some_dependencies_have_one_owner() {
    let owners = [
        ("saphyr-parser", "rules"),
        ("annotate-snippets", "rules"),
        ("clap", "kapok"),
        ("clap_complete", "kapok"),
        ("anyhow", "kapok"),
        ("comfy-table", "kapok"),
        ("csv", "app"),
        ("pulp", "screen"),
        ("askama", "web"),
        ("axum", "web"),
        ("fluent-bundle", "web"),
        ("utoipa", "web"),
    ];
    for (dependency, owner) in owners {
        for package in PACKAGES.keys().filter(|package| *package != owner) {
            assert!(
                !dependencies(package, false, &ALL).contains(dependency),
                "only `{owner}` may use {dependency}, and `{package}` does"
            );
        }
        assert!(dependencies(owner, false, &ALL).contains(dependency), "`{owner}` no longer uses {dependency}");
    }
}

#[test]
fn domain_knows_no_format() {
    let found = dependencies("domain", false, &[DependencyKind::Normal, DependencyKind::Build]);
    for format in ["serde", "serde_json", "schemars", "csv", "saphyr-parser"] {
        assert!(!found.contains(format), "`domain` depends on {format}");
    }
}

#[test]
fn pure_crates_bring_no_clock_randomness_or_input() {
    for package in ["domain", "rules", "app"] {
        for impure in ["tokio", "rand", "getrandom", "chrono", "time", "jiff", "reqwest", "sqlx", "tempfile"] {
            assert!(
                !dependencies(package, false, &[DependencyKind::Normal]).contains(impure),
                "`{package}` depends on {impure}"
            );
        }
    }
}

/// The names in the first cells of the tables of a document: `` | `name` | … | ``.
fn rows(document: &str) -> BTreeSet<String> {
    document
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(name, _)| name.to_owned())
        .collect()
}

#[test]
fn every_direct_dependency_has_its_reason() {
    let mut used: BTreeSet<String> = PACKAGES.keys().flat_map(|package| dependencies(package, false, &ALL)).collect();
    let peers = root().join("bench/peers");
    let python = std::fs::read_to_string(peers.join("requirements.txt")).unwrap();
    used.extend(
        python
            .lines()
            .filter_map(|line| line.split_once("=="))
            .map(|(name, _)| name.split('[').next().unwrap().to_owned()),
    );
    let python = std::fs::read_to_string(root().join("e2e/requirements.txt")).unwrap();
    used.extend(
        python
            .lines()
            .filter_map(|line| line.split_once("=="))
            .map(|(name, _)| name.split('[').next().unwrap().to_owned()),
    );
    for folder in ["bench/peers", "crates/web/assets", "e2e"] {
        let text = std::fs::read_to_string(root().join(folder).join("package.json")).unwrap();
        let node: serde_json::Value = serde_json::from_str(&text).unwrap();
        for kind in ["dependencies", "devDependencies"] {
            used.extend(node[kind].as_object().into_iter().flat_map(serde_json::Map::keys).cloned());
        }
    }

    let told = rows(&document("dependencies.md"));
    let lacking: Vec<&String> = used.difference(&told).collect();
    let stale: Vec<&String> = told.difference(&used).collect();
    assert!(
        lacking.is_empty() && stale.is_empty(),
        "docs/dependencies.md lacks {lacking:?} and names {stale:?}, which nothing uses"
    );
}

#[test]
fn every_crate_is_in_the_overview() {
    let overview = document("architecture.md");
    for package in PACKAGES.keys() {
        assert!(overview.contains(&format!("`{package}`")), "docs/architecture.md does not name `{package}`");
    }
    assert!(overview.lines().count() <= 300, "docs/architecture.md is to be read in one go");
}
