//! The floors hold: no folder imports what the table does not allow it to.
#![expect(clippy::unwrap_used, reason = "a test may")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// Who may import whom; `ARCHITECTURE.md` says what each deliberately does not know.
const FLOORS: &[(&str, &[&str])] = &[
    ("msgpack", &[]),
    ("quantity", &[]),
    ("plan", &[]),
    ("datapool", &[]),
    ("bus", &[]),
    ("journey", &["bus", "datapool"]),
    ("observe", &["bus"]),
    ("report", &["bus", "plan"]),
    ("run", &["bus", "journey", "plan", "datapool"]),
    ("aries", &[]),
    ("wallets", &["aries", "journey"]),
    ("akrida", &["aries", "journey", "wallets"]),
    ("sandbox", &["aries"]),
    (
        "cli",
        &[
            "akrida", "aries", "bus", "datapool", "journey", "observe", "plan", "report", "run",
            "sandbox",
        ],
    ),
];

/// Who may import whom in `src/aries`.
const TOWER: &[(&str, &[&str])] = &[
    ("anoncreds", &[]),
    ("compute", &[]),
    ("didcomm", &[]),
    ("protocol", &["didcomm"]),
    ("transport", &["didcomm"]),
    ("controller", &["didcomm", "transport"]),
    ("ledger", &["anoncreds", "compute", "transport"]),
    ("holder", &["anoncreds", "compute", "didcomm", "ledger", "protocol", "transport"]),
];

/// What any floor may stand on; it imports nothing of the crate.
const GROUND: &[&str] = &["msgpack", "quantity"];

const LINES_MAX: usize = 300;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The first path segments that follow `root` in a file, nested braces included.
fn imports(source: &str, root: &str) -> Vec<String> {
    let code: String = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let mut found = Vec::new();
    for after in code.split(root).skip(1) {
        match after.strip_prefix('{') {
            Some(list) => found.extend(first_segments(list)),
            None => found.push(word(after)),
        }
    }
    found
}

/// `bus::{A, B}, plan::C}` names `bus` and `plan`.
fn first_segments(list: &str) -> Vec<String> {
    let (mut depth, mut start, mut found) = (0, true, Vec::new());
    for (at, letter) in list.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => start = true,
            letter if start && letter.is_alphabetic() => {
                found.push(word(&list[at..]));
                start = false;
            }
            _ => {}
        }
    }
    found
}

fn word(text: &str) -> String {
    text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
}

#[test]
fn every_folder_of_src_has_a_row_in_the_table() {
    let rows: Vec<_> = FLOORS.iter().map(|(folder, _)| *folder).collect();
    for entry in fs::read_dir(root().join("src")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let known = if path.is_dir() {
            rows.contains(&name.as_str())
        } else {
            ["lib", "main"].contains(&name.as_str())
        };
        assert!(known, "src/{name} is in no row of the table");
    }
}

#[test]
fn no_folder_imports_what_its_row_does_not_allow() {
    assert_eq!(wrong_imports("src", "crate::", FLOORS), BTreeMap::new());
}

#[test]
fn no_floor_of_the_tower_imports_one_above_it() {
    assert_eq!(wrong_imports("src/aries", "aries::", TOWER), BTreeMap::new());
}

fn wrong_imports(
    folders: &str,
    prefix: &str,
    floors: &[(&str, &[&str])],
) -> BTreeMap<PathBuf, String> {
    let mut wrong = BTreeMap::new();
    for (folder, allowed) in floors {
        for file in rust_files(&root().join(folders).join(folder)) {
            for import in imports(&fs::read_to_string(&file).unwrap(), prefix) {
                let fine = import == *folder
                    || allowed.contains(&import.as_str())
                    || GROUND.contains(&import.as_str());
                if !fine {
                    wrong.insert(file.clone(), import);
                }
            }
        }
    }
    wrong
}

#[test]
fn the_ground_stands_on_nothing() {
    let rows = FLOORS.iter().filter(|(folder, _)| GROUND.contains(folder));
    assert!(rows.clone().count() == GROUND.len() && rows.clone().all(|(_, on)| on.is_empty()));
}

#[test]
fn the_check_itself_sees_nested_imports() {
    let source =
        "use crate::{\n    bus::{Event, Message},\n    plan::Arrival,\n};\ncrate::run::go();";
    assert_eq!(imports(source, "crate::"), ["bus", "plan", "run"]);
}

#[test]
fn no_file_holds_more_than_three_hundred_lines() {
    let folders = ["src", "journeys", "tests", "benches"].map(|folder| root().join(folder));
    for file in folders.iter().flat_map(|folder| rust_files(folder)) {
        let lines = fs::read_to_string(&file).unwrap().lines().count();
        assert!(lines <= LINES_MAX, "{} has {lines} lines", file.display());
    }
}
