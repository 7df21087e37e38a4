//! Makes the assets (styles, scripts, pictures) that are built into the program, with Node and its package manager.

use std::path::Path;
use std::process::Command;

fn main() {
    // read now, not when this script was compiled: a build folder may have been copied from another checkout
    let assets = Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("assets");
    for watched in ["css", "js", "charts", "img", "build.mjs", "package-lock.json"] {
        println!("cargo::rerun-if-changed={}", assets.join(watched).display());
    }
    println!("cargo::rerun-if-changed=locales");
    // npm writes this file last, so that it tells whether what is there belongs to the lock file
    let installed = assets.join("node_modules/.package-lock.json");
    if modified(&installed) < modified(&assets.join("package-lock.json")) {
        run(Command::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&assets));
    }
    let out = Path::new(&std::env::var_os("OUT_DIR").unwrap_or_default()).join("assets");
    run(Command::new("node").arg(assets.join("build.mjs")).arg(out));
}

fn modified(path: &Path) -> Option<std::time::SystemTime> {
    path.metadata().and_then(|metadata| metadata.modified()).ok()
}

/// Runs a command; where it fails, the build fails with what it said.
fn run(command: &mut Command) {
    let name = command.get_program().to_string_lossy().into_owned();
    match command.output() {
        Ok(output) if output.status.success() => {}
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            panic!("{name} failed with {}; it said:\n{said}", output.status);
        }
        Err(error) => panic!("cannot run {name}: {error}. Node 20 or newer is needed to build the pages' assets."),
    }
}
