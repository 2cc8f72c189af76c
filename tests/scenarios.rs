//! The scenarios and journeys of the repository belong together.
#![expect(clippy::unwrap_used, reason = "a test may")]

use std::{fs, path::Path};

use engine::plan::Scenario;

#[expect(unreachable_pub, reason = "journeys read as a user's own crate would")]
#[path = "../journeys/mod.rs"]
mod journeys;

fn scenarios() -> Vec<Scenario> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("journeys/scenarios");
    let paths = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let scenarios: Vec<_> = paths.map(|path| Scenario::open(&path).unwrap()).collect();
    assert!(scenarios.len() >= 3);
    scenarios
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
