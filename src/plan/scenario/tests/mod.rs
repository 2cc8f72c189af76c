//! What a scenario file says, and what is said of a wrong one.

mod config;
mod keys;
mod messages;

use super::Scenario;

const ROW: &str = "[[load]]\njourney = \"sign-in\"\nvolume = \"hold 5/s for 10s\"\n";

fn scenario(text: &str) -> Scenario {
    Scenario::parse(text, "scenarios/wallets.toml").unwrap()
}
