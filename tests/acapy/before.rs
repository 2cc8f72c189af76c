//! Credentials by the protocols of version 1.0, which later releases know by a plugin alone.

use crate::{
    agents::Version,
    fleet::Fleet,
    trials::{Claim, claim},
    world::World,
};

pub(crate) fn claims(version: Version) -> Vec<Claim> {
    match version {
        Version::V0_12_8 => vec![claim("credentials_are_presented_revoked_and_replaced", live)],
        Version::V1_7_0 => Vec::new(),
    }
}

/// One wallet after the other: of revocations that come together such an issuer forgets some.
const BY_ONE: &str = "2 trips by 1 user";

fn live(fleet: &'static Fleet) {
    let world = World::before(fleet);
    let wallets = world.holders();
    let run = |journey: &str, options: &str| {
        let run = wallets.run(journey, BY_ONE, options).done(2);
        assert_eq!(run.troubles(), Vec::<String>::new());
        run
    };
    let ran = run("present-and-revoke", "request = \"adult\", presentations = 2");
    assert_eq!(ran.transaction("Request verdict from verifier"), (4, 0));
    assert_eq!(ran.transaction("Receive revocation notification"), (2, 0));
    assert_eq!(ran.transaction("Receive credential"), (2, 0));
    let ran = run("present-revoked", "request = \"adult\"");
    assert_eq!(ran.transaction("Request verdict from verifier"), (2, 0));
    let ran = run("connectionless-present", "request = \"today\"");
    assert_eq!(ran.transaction("Request verdict from verifier"), (2, 0));
    assert_eq!(world.connections(&wallets), [2, 2, 0]);
    let ran = run("present", "request = \"ever\"");
    assert_eq!(ran.transaction("Request verdict from verifier"), (2, 0));
    assert_eq!(world.connections(&wallets), [2, 2, 2]);
}
