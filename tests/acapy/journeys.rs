//! The journeys of wallets without credentials, unchanged.

use std::fs;

use crate::{
    admin::Admin,
    command::Place,
    fleet::Fleet,
    mediators::{invitation, mediated},
    runs::{Summary, Wallets},
    trials::{Claim, claim},
};

pub(crate) fn claims() -> Vec<Claim> {
    vec![
        claim("wallets_ping_their_mediator", |fleet| {
            let run = mediated(fleet).run("ping-mediator", FOUR, "pings = 3").done(4);
            assert_eq!(run.transaction("Ping mediator"), (12, 0));
        }),
        claim("wallets_stay_online", |fleet| {
            let options = "stay = \"1500ms\", heartbeat = \"400ms\"";
            let run = mediated(fleet).run("idle-wallet", FOUR, options).done(4);
            assert_eq!(run.transaction("Still online"), (4, 0));
            let (pings, failed) = run.transaction("Ping mediator");
            assert!(pings >= 4 && failed == 0, "{pings}, {failed}");
        }),
        claim("wallets_come_back_when_they_lost_their_socket", |fleet| {
            let run = mediated(fleet).run("reconnect-storm", FOUR, "losses = 2").done(4);
            assert_eq!(run.transaction("Reconnect"), (8, 0));
        }),
        claim("a_message_of_twenty_kilobytes_arrives", |fleet| {
            let run = mediated(fleet).run("receive-message", FOUR, "bytes = 20000").done(4);
            assert_eq!(run.transaction("Receive message"), (4, 0));
        }),
        claim("the_scenarios_of_this_repository_run_on_agents", run_scenarios),
        claim("an_agent_says_that_it_lives", |fleet| {
            let wallets = Wallets::of(&fleet.issuer_with(""));
            let run = wallets.run_alone("liveness", FOUR).done(4);
            assert_eq!(run.transaction("Liveness"), (4, 0));
        }),
    ]
}

const FOUR: &str = "4 trips by 2 users";

/// What docs/wallets.md says to type, with smaller volumes.
fn run_scenarios(fleet: &Fleet) {
    let place = Place::new();
    place.write("messages.toml", include_str!("../../journeys/scenarios/messages.toml"));
    place.write("mediator.toml", include_str!("../../journeys/scenarios/mediator.toml"));
    let Admin { url, key } = &fleet.issuer.admin;
    let systems = format!(
        "-e mediator={} -e issuer={{url=\"{url}\",api_key=\"{key}\"}}",
        invitation(&fleet.mediator)
    );
    for (phase, volume, trips) in [
        ("create-data messages.toml --fresh", "8 trips by 2 users", 8),
        ("scenario run messages.toml", "2 trips by 2 users", 4),
        ("scenario run mediator.toml", "2 trips by 2 users", 10),
    ] {
        let run = place.engine(&format!("{phase} {systems} -o run"));
        let run = run.volume(volume).run();
        let summary = Summary::of(&place, "run");
        assert_eq!(summary.ended(), (trips, 0), "{phase}: {run:?}");
        fs::remove_dir_all(place.path("run")).unwrap();
    }
}
