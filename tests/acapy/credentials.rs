//! What wallets are issued, lose, and are issued anew.

use crate::{
    fleet::Fleet,
    trials::{Claim, claim},
    world::World,
};

pub(crate) fn claims() -> Vec<Claim> {
    vec![
        claim("a_later_process_provisions_nothing_but_what_was_revoked", provisions_nothing),
        claim("a_revoked_credential_is_found_false_and_replaced", is_found_false),
        claim("wallets_are_told_of_revocations_by_2_0_too", is_told_by_2_0),
        claim("wallets_are_issued_more_than_one", are_issued_more),
    ]
}

fn provisions_nothing(fleet: &'static Fleet) {
    let world = World::of(fleet);
    let wallets = world.wallets("1.0");
    let made = wallets.create(2, 1).done(2);
    assert_eq!(made.transaction("Receive credential"), (2, 0));
    assert_eq!(world.connections(&wallets), [2, 2, 0]);
    let issued = world.issued(&wallets);
    assert_eq!(issued.len(), 2);

    let options = "request = \"adult\", presentations = 2";
    let run = wallets.run("present-and-revoke", "2 trips by 2 users", options).done(2);
    for (transaction, times) in [
        ("Send presentation", 4),
        ("Request verdict from verifier", 4),
        ("Request revocation from issuer", 2),
        ("Receive revocation notification", 2),
        ("Receive credential", 2),
    ] {
        assert_eq!(run.transaction(transaction), (times, 0), "{transaction}");
    }
    assert_eq!(run.troubles(), Vec::<String>::new());
    assert_eq!(world.connections(&wallets), [2, 2, 0]);
    let now = world.issued(&wallets);
    assert_eq!(now.len(), 4);
    // Who presents the new ones is issued none.
    let run = wallets.run("connectionless-present", "2 trips by 2 users", TODAY).done(2);
    assert_eq!(run.transaction("Request verdict from verifier"), (2, 0));
    assert_eq!(world.issued(&wallets), now);
}

const TODAY: &str = "request = \"today\"";

fn is_found_false(fleet: &'static Fleet) {
    let world = World::of(fleet);
    let wallets = world.holders();
    let options = "request = \"adult\", presentations = 2";
    let run = wallets.run("present-revoked", "2 trips by 2 users", options).done(2);
    // The journey fails where a verdict is another.
    assert_eq!(run.transaction("Request verdict from verifier"), (4, 0));
    assert_eq!(run.transaction("Receive revocation notification"), (2, 0));
    assert_eq!(run.troubles(), Vec::<String>::new());
    let run = wallets.run("connectionless-present", "2 trips by 2 users", TODAY).done(2);
    assert_eq!(run.transaction("Receive credential"), (0, 0));
    assert_eq!(run.transaction("Request verdict from verifier"), (2, 0));
}

fn is_told_by_2_0(fleet: &'static Fleet) {
    let wallets = World::of(fleet).wallets("2.0");
    wallets.create(2, 1).done(2);
    let options = "request = \"ever\", presentations = 1";
    let run = wallets.run("present-and-revoke", "2 trips by 2 users", options).done(2);
    assert_eq!(run.transaction("Receive revocation notification"), (2, 0));
    assert_eq!(run.troubles(), Vec::<String>::new());
}

fn are_issued_more(fleet: &'static Fleet) {
    let world = World::of(fleet);
    let wallets = world.holders();
    let run = wallets.run("issue", "2 trips by 2 users", "credentials = 2, keep = true").done(2);
    assert_eq!(run.transaction("Receive credential"), (4, 0));
    let held = wallets.recorded().into_iter().map(|it| it.credentials.len());
    assert_eq!(held.collect::<Vec<_>>(), [3, 3]);
    assert_eq!(world.issued(&wallets).len(), 6);
}
