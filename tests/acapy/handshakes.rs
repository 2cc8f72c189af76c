//! Connections with real agents, in each way that they offer.

use serde_json::Value;

use crate::{
    agents::Version,
    fleet::Fleet,
    runs::Wallets,
    trials::{Claim, claim},
};

pub(crate) fn claims(version: Version) -> Vec<Claim> {
    let mut claims = vec![
        claim("a_wallet_connects_by_didexchange_1_0", |fleet| {
            connects(fleet, "didexchange/1.0", "did:peer:4");
        }),
        claim("a_wallet_connects_by_didexchange_1_1_with_did_peer_4", |fleet| {
            connects(fleet, "didexchange/1.1", "did:peer:4");
        }),
        claim("a_wallet_connects_by_didexchange_1_1_with_did_peer_2", |fleet| {
            connects(fleet, "didexchange/1.1", "did:peer:2");
        }),
        claim("a_wallet_connects_by_didexchange_1_1_with_an_unqualified_did", |fleet| {
            connects(fleet, "didexchange/1.1", "unqualified");
        }),
        claim("of_all_that_an_invitation_offers_the_best_is_taken", takes_the_best),
        claim("many_wallets_answer_one_invitation", answer_one_invitation),
        claim("a_recorded_wallet_connects_once_more", connects_once_more),
    ];
    if version == Version::V0_12_8 {
        claims.push(claim("a_wallet_connects_by_connections_1_0_and_out_of_band", |fleet| {
            connects(fleet, "connections/1.0", "did:peer:4");
        }));
        claims.push(claim("a_wallet_answers_an_invitation_of_connections_1_0", answers_legacy));
    }
    claims
}

/// Wallets connect by this handshake and with this kind of DID, and the issuer says so.
fn connects(fleet: &Fleet, handshake: &str, did: &str) {
    let config = format!(
        "{}\nwallets = {{ handshake = \"{handshake}\", did = \"{did}\" }}",
        fleet.issuer_with(&format!("handshake = [\"{handshake}\"]"))
    );
    let wallets = Wallets::of(&config);
    wallets.make(2);
    for connection in completed(fleet, &wallets) {
        assert_eq!(connection["connection_protocol"], handshake, "{connection}");
        let theirs = connection["their_did"].as_str().unwrap();
        // The older handshakes know no others.
        let qualified = handshake == "didexchange/1.1" && did != "unqualified";
        let is_so = if qualified { theirs.starts_with(did) } else { !theirs.contains(':') };
        assert!(is_so, "{connection}");
    }
}

fn takes_the_best(fleet: &Fleet) {
    let offered = "handshake = [\"didexchange/1.0\", \"didexchange/1.1\"]";
    let wallets = Wallets::of(&fleet.issuer_with(offered));
    wallets.make(2);
    for connection in completed(fleet, &wallets) {
        assert_eq!(connection["connection_protocol"], "didexchange/1.1", "{connection}");
    }
}

fn answers_legacy(fleet: &Fleet) {
    let wallets = Wallets::of(&fleet.issuer_with("legacy = true"));
    wallets.make(2);
    for connection in completed(fleet, &wallets) {
        assert_eq!(connection["connection_protocol"], "connections/1.0", "{connection}");
    }
}

fn answer_one_invitation(fleet: &Fleet) {
    let wallets = Wallets::of(&fleet.issuer_with("multi_use = true"));
    wallets.make(4);
    let connections = completed(fleet, &wallets);
    assert_eq!(connections.len(), 4);
    let invitation = &connections[0]["invitation_msg_id"];
    for connection in &connections {
        assert_eq!(connection["invitation_msg_id"], *invitation, "{connection}");
    }
}

fn connects_once_more(fleet: &Fleet) {
    let wallets = Wallets::of(&fleet.issuer_with(""));
    wallets.make(2);
    wallets.run("connect", "2 trips by 2 users", "keep = false").done(2);
    assert_eq!(completed(fleet, &wallets).len(), 2);
    wallets.run("connect", "2 trips by 2 users", "keep = true").done(2);
    assert_eq!(completed(fleet, &wallets).len(), 4);
}

/// The issuer's records of the wallets' connections, once all are completed.
fn completed(fleet: &Fleet, wallets: &Wallets) -> Vec<Value> {
    let record = |id: String| {
        let is_completed = |it: &Value| it["rfc23_state"] == "completed";
        let path = format!("/connections/{id}");
        fleet.issuer.admin.until(&path, is_completed)
    };
    wallets.connection_ids().into_iter().map(record).collect()
}
