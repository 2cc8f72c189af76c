//! What is claimed of every release, as trials.

use libtest_mimic::Trial;

use crate::{
    agents::Version, before, conversations, credentials, fleet::Fleet, handshakes, invitations,
    journeys, mediators, presentations, problems,
};

/// Something that is so, and what shows it.
pub(crate) struct Claim {
    name: &'static str,
    show: fn(&'static Fleet),
}

pub(crate) fn claim(name: &'static str, show: fn(&'static Fleet)) -> Claim {
    Claim { name, show }
}

/// All trials; those of a release that is not installed are ignored.
pub(crate) fn all() -> Vec<Trial> {
    Version::ALL.into_iter().flat_map(of).collect()
}

fn of(version: Version) -> Vec<Trial> {
    let subjects = [
        ("conversations", conversations::claims(version)),
        ("handshakes", handshakes::claims(version)),
        ("journeys", journeys::claims()),
        ("mediators", mediators::claims(version)),
        ("credentials", credentials::claims()),
        ("presentations", presentations::claims()),
        ("invitations", invitations::claims()),
        ("problems", problems::claims(version)),
        ("before", before::claims(version)),
    ];
    let mut trials = Vec::new();
    for (subject, claims) in subjects {
        trials.extend(claims.into_iter().map(|Claim { name, show }| {
            let name = format!("{}::{subject}::{name}", version.word());
            let trial = Trial::test(name, move || {
                show(Fleet::of(version));
                Ok(())
            });
            trial.with_ignored_flag(!version.is_installed())
        }));
    }
    trials
}
