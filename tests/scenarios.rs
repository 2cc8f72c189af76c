//! The scenarios and journeys of the repository belong together.
#![expect(clippy::unwrap_used, reason = "a test may")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use engine::plan::Scenario;

#[expect(unreachable_pub, reason = "journeys read as a user's own crate would")]
#[path = "../journeys/mod.rs"]
mod journeys;

fn files(directory: &str, extension: &str) -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
    let paths = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension().is_some_and(|it| it == extension)).collect()
}

fn scenarios() -> Vec<Scenario> {
    let paths = files("journeys/scenarios", "toml");
    assert!(paths.len() >= 3);
    paths.iter().map(|path| Scenario::open(path).unwrap()).collect()
}

#[test]
fn every_scenario_names_journeys_that_exist() {
    for scenario in scenarios() {
        for row in scenario.create.iter().chain(&scenario.load) {
            assert!(journeys::all().find(&row.journey).is_some(), "{}", row.journey);
        }
    }
}

#[test]
fn every_journey_is_used_by_a_scenario_and_says_what_it_does() {
    let scenarios = scenarios();
    for (name, journey) in journeys::all().iter() {
        let rows = scenarios.iter().flat_map(|it| it.create.iter().chain(&it.load));
        assert!(rows.clone().any(|row| row.journey == name), "no scenario runs {name}");
        assert!(!journey.about().is_empty(), "{name} says nothing of itself");
    }
}

#[test]
fn the_scenario_in_the_readme_is_right() {
    let readme = include_str!("../README.md");
    let (_, rest) = readme.split_once("```toml\n").unwrap();
    let (scenario, _) = rest.split_once("```").unwrap();
    Scenario::parse(scenario, "README.md").unwrap();
}

#[test]
fn every_option_of_a_scenario_is_one_that_its_journey_reads() {
    let benches = ["benches/wallets", "benches/credentials"].map(|it| files(it, "toml"));
    let benches = benches.iter().flatten().map(|path| Scenario::open(path).unwrap());
    let journeys = journeys::all();
    let mut seen = 0;
    for scenario in scenarios().into_iter().chain(benches) {
        for row in scenario.create.iter().chain(&scenario.load) {
            let read = journeys.find(&row.journey).unwrap().options().unwrap();
            for option in row.options.keys() {
                assert!(
                    read.contains(&option.as_str()),
                    "{}: {}: {option}",
                    scenario.name,
                    row.journey
                );
                seen += 1;
            }
        }
    }
    assert!(seen > 10, "only {seen} options seen");
}

#[test]
fn every_journey_names_the_options_that_it_reads_and_no_others() {
    let items = items();
    for (name, journey) in journeys::all().iter() {
        let read = options_of(&name.replace('-', "_"), &items, &mut BTreeSet::new());
        let named = journey.options().unwrap_or_else(|| panic!("{name} names no options"));
        let named: BTreeSet<_> = named.iter().map(|it| (*it).to_owned()).collect();
        assert_eq!(named, read, "{name}");
    }
}

/// The source of each function and `impl` of the journeys, by its name.
fn items() -> BTreeMap<String, String> {
    let sources = files("journeys", "rs").into_iter().map(|path| fs::read_to_string(path).unwrap());
    let mut items = BTreeMap::new();
    for source in sources {
        for item in source.split("\n}\n") {
            let code = item.lines().filter(|line| !line.trim_start().starts_with("//"));
            let code = code.collect::<Vec<_>>().join("\n");
            let head = ["\npub async fn ", "\nasync fn ", "\npub fn ", "\nfn ", "\nimpl "];
            if let Some((_, rest)) = head.iter().find_map(|head| code.split_once(head)) {
                let name = rest.split(|it: char| !it.is_alphanumeric() && it != '_').next();
                items.insert(name.unwrap().to_owned(), rest.to_owned());
            }
        }
    }
    items
}

/// The options that an item reads, by itself and by what it calls.
fn options_of(
    name: &str,
    items: &BTreeMap<String, String>,
    seen: &mut BTreeSet<String>,
) -> BTreeSet<String> {
    if !seen.insert(name.to_owned()) {
        return BTreeSet::new();
    }
    let code = &items[name];
    let readers = [".option", "times("].iter().flat_map(|reader| code.split(reader).skip(1));
    // Only a literal that is an argument of the call itself names an option.
    let literals = readers.filter_map(|rest| rest.split_once('"')).filter(|it| !it.0.contains(')'));
    let mut read: BTreeSet<_> =
        literals.map(|(_, rest)| rest.split('"').next().unwrap().to_owned()).collect();
    for called in items.keys().filter(|called| calls(code, called)) {
        read.append(&mut options_of(called, items, seen));
    }
    read
}

/// Whether code calls a function, or one of a type; a method of the same name is another one.
fn calls(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = &code[at + name.len()..];
        (after.starts_with('(') || after.starts_with("::"))
            && !before.is_some_and(|it| it == '.' || it == '_' || it.is_alphanumeric())
    })
}
