//! The shape of the house, read from the source: dependencies between capabilities run one way, the clock is asked in
//! one place, and no file outgrows its room.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found
}

/// The capabilities in the order of `lib.rs`.
fn order() -> Vec<String> {
    let lib = include_str!("../src/lib.rs");
    let names = lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    names.map(String::from).collect()
}

/// The capability a file belongs to: the first name below `src`.
fn room(path: &Path) -> String {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

#[test]
fn no_capability_leans_on_one_below_it() {
    let order = order();
    let place = |name: &str| order.iter().position(|capability| capability == name);
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        let room = room(&path);
        let Some(own) = place(&room) else { continue };
        // What tests lean on, and what comments point to, does not count.
        let code =
            text.split("#[cfg(test)]").next().unwrap().lines().filter(|line| !line.trim_start().starts_with("//"));
        for used in code.flat_map(|line| line.split("crate::").skip(1)) {
            let name: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if place(&name).is_some_and(|other| other > own) {
                wrong.push(format!("{} uses {name}", path.display()));
            }
        }
    }
    assert_eq!(wrong, [""; 0], "lib.rs lists the capabilities in the order in which they may use each other");
}

#[test]
fn the_engine_knows_no_http() {
    for (path, text) in sources("src") {
        for word in ["axum::", "http::", "leptos::", "tower::"] {
            assert!(!text.contains(&format!("use {word}")), "{} uses {word}", path.display());
        }
    }
}
