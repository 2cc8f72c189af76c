//! What wallets present, and how they are asked to.

use crate::{
    fleet::Fleet,
    trials::{Claim, claim},
    world::World,
};

pub(crate) fn claims() -> Vec<Claim> {
    vec![
        claim("along_a_connection_groups_and_predicates_are_verified", along_a_connection),
        claim("without_a_connection_nothing_stays_of_it", without_a_connection),
    ]
}

fn along_a_connection(fleet: &'static Fleet) {
    let world = World::of(fleet);
    let wallets = world.holders();
    let options = "request = \"adult\", presentations = 2, think = \"200ms\"";
    let run = wallets.run("present", "2 trips by 2 users", options).done(2);
    assert_eq!(run.transaction("Accept connection"), (2, 0));
    assert_eq!(run.transaction("Request verdict from verifier"), (4, 0));
    assert_eq!(world.connections(&wallets), [2, 2, 2]);
    for request in ["today", "ever"] {
        let options = format!("request = \"{request}\"");
        let run = wallets.run("present", "2 trips by 2 users", &options).done(2);
        assert_eq!(run.transaction("Request verdict from verifier"), (2, 0));
        assert_eq!(run.troubles(), Vec::<String>::new());
    }
    assert_eq!(world.connections(&wallets), [2, 2, 2]);
}

fn without_a_connection(fleet: &'static Fleet) {
    let world = World::of(fleet);
    let wallets = world.holders();
    let options = "request = \"adult\", presentations = 2, think = \"200ms\"";
    let run = wallets.run("connectionless-present", "2 trips by 2 users", options).done(2);
    assert_eq!(run.transaction("Request verdict from verifier"), (4, 0));
    assert_eq!(run.troubles(), Vec::<String>::new());
    assert_eq!(world.connections(&wallets), [2, 2, 0]);
    assert_eq!(world.issued(&wallets).len(), 2);
}
