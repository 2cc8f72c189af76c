//! Proofs that were prepared.

use serde_json::json;

use super::{
    World,
    office::{BEGINNING, request},
};
use crate::aries::{holder::Work, protocol::Format};

#[tokio::test(start_paused = true)]
async fn a_prepared_proof_holds_like_another_and_is_used_once() {
    let (world, id) = World::dealing().await;
    world.issue(&id, Format::AnonCreds).await.unwrap();
    world.holder.prepare(&request(40, &json!({ "to": BEGINNING }))).await.unwrap();
    for prepared in [true, false] {
        let presented = world.prove(&id, 40, BEGINNING + 5).await.unwrap();
        assert_eq!(presented.prepared, prepared);
        assert!(world.is_verified());
    }
    let proofs = |prepared| {
        let work = world.ear.work.lock().unwrap();
        work.iter().filter(|it| **it == Work::Proof { prepared }).count()
    };
    assert_eq!((proofs(true), proofs(false)), (1, 1));
    let shown = world.fake.office(|it| it.presented.clone());
    assert_eq!(shown[0].1["requested_proof"], shown[1].1["requested_proof"]);
    assert_eq!(shown[0].1["identifiers"], shown[1].1["identifiers"]);
    // Two proofs from one would give the link secret away.
    assert_ne!(shown[0].1["proof"]["proofs"], shown[1].1["proof"]["proofs"]);
}

#[tokio::test(start_paused = true)]
async fn what_was_prepared_for_another_question_or_time_is_not_used() {
    let (world, id) = World::dealing().await;
    world.issue(&id, Format::AnonCreds).await.unwrap();
    world.holder.prepare(&request(40, &json!({ "to": BEGINNING }))).await.unwrap();
    for (score, from) in [(41, 0), (40, BEGINNING + 1)] {
        let asked = request(score, &json!({ "from": from, "to": BEGINNING + 2 }));
        let asked = world.fake.office(|it| it.ask(Format::AnonCreds, asked));
        world.fake.say(0, &asked);
        assert!(!world.holder.present(&id).await.unwrap().prepared, "{score} {from}");
    }
    let unasked = world.fake.office(|it| {
        let asked = request(40, &json!(null));
        it.ask(Format::AnonCreds, asked)
    });
    world.fake.say(0, &unasked);
    assert!(!world.holder.present(&id).await.unwrap().prepared);
    assert!(world.prove(&id, 40, BEGINNING).await.unwrap().prepared);
}

#[tokio::test(start_paused = true)]
async fn the_last_two_that_were_prepared_are_kept() {
    let (world, id) = World::dealing().await;
    world.issue(&id, Format::AnonCreds).await.unwrap();
    for name in ["name", "score", "expiry", "score"] {
        world.holder.prepare(&request(name, &json!({ "to": BEGINNING }))).await.unwrap();
    }
    for (name, prepared) in [("name", false), ("score", true), ("score", false), ("expiry", true)] {
        let presented = world.prove(&id, name, BEGINNING).await.unwrap();
        assert_eq!(presented.prepared, prepared, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_prepared_is_dropped_when_a_credential_comes_goes_or_is_marked() {
    let (world, id) = World::dealing().await;
    let credential = world.issue(&id, Format::AnonCreds).await.unwrap().credential;
    let asked = request("name", &json!({ "to": BEGINNING + 9 }));
    let prepare = || world.holder.prepare(&asked);
    let is_used = || async { world.prove(&id, "name", BEGINNING + 9).await.unwrap().prepared };
    prepare().await.unwrap();
    world.holder.mark_revoked(&credential.id);
    assert!(!is_used().await);
    prepare().await.unwrap();
    world.issue(&id, Format::AnonCreds).await.unwrap();
    assert!(!is_used().await);
    prepare().await.unwrap();
    let revoked = world.fake.office(|it| it.revoke(credential.index.unwrap(), BEGINNING + 1));
    world.fake.say(0, &revoked.message_1());
    world.holder.await_revocation(&id).await.unwrap();
    assert!(!is_used().await);
    // A proof that was begun before is not kept after.
    let (prepared, ()) = tokio::join!(prepare(), async {
        tokio::task::yield_now().await;
        world.holder.mark_revoked(&world.holder.credentials()[0].id);
    });
    prepared.unwrap();
    assert!(!is_used().await);
}

#[tokio::test(start_paused = true)]
async fn nothing_that_was_computed_ahead_is_told_as_waited_for() {
    let (world, id) = World::dealing().await;
    world.issue(&id, Format::AnonCreds).await.unwrap();
    world.ear.work.lock().unwrap().clear();
    world.holder.prepare(&request("name", &json!({ "to": BEGINNING }))).await.unwrap();
    assert_eq!(*world.ear.work.lock().unwrap(), [Work::Preparation]);
}
