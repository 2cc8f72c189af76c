//! Whole lives of credentials.

use serde_json::json;

use super::{
    World,
    office::{BEGINNING, Office, person, request},
};
use crate::aries::{
    anoncreds::Rejection,
    didcomm::Message,
    holder::{HolderRecord, Work, tests::seconds},
    protocol::{
        Format,
        issue_credential::{self, Attribute},
        notification,
        present_proof::{self, Verdict},
        revocation::{Revocable, Revoked},
    },
};

#[tokio::test(start_paused = true)]
async fn what_is_offered_is_kept_and_proved_in_all_formats() {
    let (world, id) = World::dealing().await;
    world.fake.office(|it| it.is_frank = true);
    for (at, index) in (1..=3).enumerate() {
        let format = Format::ALL[at];
        let accepted = world.issue(&id, format).await.unwrap().credential;
        assert_eq!(accepted.values, person());
        assert_eq!((accepted.connection.as_ref(), &*accepted.system), (Some(&id), "issuer"));
        assert_eq!(
            (accepted.registry.as_deref(), accepted.index),
            (Some("registry/1"), Some(index))
        );
        assert_eq!(world.fake.office(|it| it.acked.clone())[at], accepted.thread_id);
        assert_eq!(world.holder.credentials()[at], accepted);

        let asked = request(40, &json!({ "to": BEGINNING }));
        let asked = world.fake.office(|it| it.ask(format, asked));
        world.fake.say(0, &asked);
        let presented = world.holder.present(&id).await.unwrap();
        assert_eq!((presented.verdict, presented.prepared), (Some(Verdict::Verified), false));
        assert_eq!(presented.thread_id, asked.id);
    }
    let requests = world.fake.heard("request-credential");
    assert_eq!(requests.iter().map(|it| it.kind.major).collect::<Vec<_>>(), [1, 2, 2]);
    let work = world.ear.work.lock().unwrap().clone();
    let first =
        [Work::CredentialRequest, Work::Credential, Work::Witness, Work::Proof { prepared: false }];
    assert_eq!(work[..4], first);
    // The oldest credential answers, and its witness is kept.
    assert_eq!(work[6..7], [Work::Proof { prepared: false }]);
    assert_eq!(world.ear.troubles.lock().unwrap()[..], []);
}

#[tokio::test(start_paused = true)]
async fn holders_may_begin() {
    let (world, id) = World::dealing().await;
    for format in Format::ALL {
        let filter = json!({ "cred_def_id": Office::definition_id() });
        let preview = person().into_iter().map(|(name, value)| Attribute::new(name, value));
        let proposal = issue_credential::Proposal {
            format,
            filter: filter.as_object().unwrap().clone(),
            preview: preview.collect(),
        };
        world.fake.office(|it| it.format = format);
        let accepted = world.holder.propose_credential(&id, &proposal).await.unwrap();
        assert_eq!(accepted.credential.values, person());

        let asked = request("name", &json!({ "to": BEGINNING }));
        let payload = serde_json::to_value(asked).unwrap();
        let proposal = present_proof::Proposal { format, payload };
        let presented = world.holder.propose_presentation(&id, &proposal).await.unwrap();
        assert_eq!(presented.verdict, None);
        assert!(world.is_verified());
    }
    assert_eq!(world.holder.credentials().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn what_is_told_to_be_revoked_is_deleted_and_acked_where_that_is_asked() {
    let (world, id) = World::dealing().await;
    for (time, version) in [(BEGINNING + 1, 1), (BEGINNING + 2, 2), (BEGINNING + 3, 0)] {
        let credential = world.issue(&id, Format::AnonCreds).await.unwrap().credential;
        let revoked = world.fake.office(|it| it.revoke(credential.index.unwrap(), time));
        let notice = match version {
            1 => revoked.message_1(),
            2 => revoked.message_2().unwrap().with("~please_ack", json!({ "on": ["RECEIPT"] })),
            _ => {
                let by = Revocable::Thread(credential.thread_id.clone());
                Revoked { by, ..revoked }.message_1()
            }
        };
        world.fake.say(0, &notice);
        assert_eq!(world.holder.await_revocation(&id).await.unwrap(), credential);
        assert_eq!(world.holder.credentials(), []);
        super::super::settle().await;
        let acks = world.fake.heard("ack");
        let acked = acks.iter().any(|it| it.thread_id() == notice.id);
        assert_eq!(acked, version == 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_proof_with_a_revoked_credential_is_false_and_no_error() {
    // One that has proved before updates its witness; one that has not makes it from nothing.
    for proves_before in [true, false] {
        let (world, id) = World::dealing().await;
        let credential = world.issue(&id, Format::AnonCreds).await.unwrap().credential;
        if proves_before {
            world.prove(&id, "name", BEGINNING).await.unwrap();
            assert!(world.is_verified());
        }
        world.fake.office(|it| it.revoke(credential.index.unwrap(), BEGINNING + 1));
        world.holder.mark_revoked(&credential.id);
        world.prove(&id, "name", BEGINNING + 1).await.unwrap();
        let found = world.fake.office(|it| it.found().unwrap_err());
        assert!(matches!(found, Rejection::False), "{found}");
        // Who asks for an earlier time is told the truth of then.
        world.prove(&id, "name", BEGINNING).await.unwrap();
        assert!(world.is_verified());
    }
}

#[tokio::test(start_paused = true)]
async fn another_credential_answers_for_one_that_is_known_to_be_revoked() {
    let (world, id) = World::dealing().await;
    let first = world.issue(&id, Format::AnonCreds).await.unwrap().credential;
    world.issue(&id, Format::AnonCreds).await.unwrap();
    world.fake.office(|it| it.revoke(first.index.unwrap(), BEGINNING + 1));
    world.holder.mark_revoked(&first.id);
    world.prove(&id, "name", BEGINNING + 1).await.unwrap();
    assert!(world.is_verified());
    assert_eq!(world.holder.credentials().len(), 2);
    assert_eq!((world.holder.forget_revoked(), world.holder.forget_revoked()), (1, 0));
    assert_eq!(world.holder.credentials().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_comes_twice_begins_nothing_the_second_time() {
    let (world, id) = World::dealing().await;
    let offer = world.fake.office(|it| it.offer(Format::AnonCreds));
    // Twice before anybody waits, and once after.
    world.fake.say(0, &offer);
    world.fake.say(0, &offer);
    world.holder.accept_credential(&id).await.unwrap();
    world.fake.say(0, &offer);
    let another = world.fake.office(|it| it.offer(Format::AnonCreds));
    world.fake.say(0, &another);
    let second = world.holder.accept_credential(&id).await.unwrap().credential;
    assert_eq!(second.thread_id, another.id);
    assert_eq!(world.ear.told("repeated message"), 1);
    // What is reported of an exchange that is over does not end the next.
    let report = notification::problem_report(&offer, "late", "");
    world.fake.say(0, &report);
    world.prove(&id, "name", BEGINNING).await.unwrap();
    assert!(world.is_verified());
}

#[tokio::test(start_paused = true)]
async fn the_link_secret_is_in_no_message_and_nothing_that_is_told() {
    let (world, id) = World::dealing().await;
    world.issue(&id, Format::AnonCreds).await.unwrap();
    world.prove(&id, "name", BEGINNING).await.unwrap();
    let refused = world.prove(&id, 43, BEGINNING).await.unwrap_err();
    let secret = serde_json::to_value(world.holder.record().link_secret.unwrap()).unwrap();
    let secret = secret.as_str().unwrap();
    assert!(secret.len() > 60, "{secret}");
    let presented = world.fake.office(|it| format!("{:?}", it.presented));
    let heard: String =
        world.fake.state().heard.iter().map(|it| it.to_value().to_string()).collect();
    let told = format!("{:?} {refused} {refused:?}", world.ear.troubles.lock().unwrap());
    for said in [presented, heard, told, format!("{:?}", world.holder.credentials())] {
        assert!(!said.contains(secret));
    }
}

#[tokio::test(start_paused = true)]
async fn whatever_a_holder_does_with_credentials_can_move_to_another_thread() {
    fn moves<T: Send>(_: T) {}
    let (world, id) = World::dealing().await;
    let invitation = world.fake.inviter(crate::aries::holder::tests::HANDSHAKES[0]);
    let holder = &world.holder;
    moves(holder.accept_credential(&id));
    moves(holder.accept_credential_from(&invitation, "issuer"));
    moves(holder.present(&id));
    moves(holder.present_to(&invitation));
    moves(holder.await_revocation(&id));
    moves(holder.prepare(&request("name", &json!(null))));
}

#[tokio::test(start_paused = true)]
async fn a_recorded_holder_proves_in_another_process() {
    let (world, id) = World::dealing().await;
    let offer = world.fake.office(|it| it.offer(Format::Indy));
    world.fake.say(0, &offer);
    let credential = world.holder.accept_credential(&id).await.unwrap().credential;
    world.holder.set_credential_remote_id(&credential.id, "theirs".to_owned());
    let written = rmp_serde::to_vec_named(&world.holder.record()).unwrap();
    let record: HolderRecord = rmp_serde::from_slice(&written).unwrap();
    assert!(record == world.holder.record());

    let World { fake, ear, holder, agency: _gone } = world;
    drop(holder);
    let (again, _) = World::dealing().await;
    let means = crate::aries::holder::Means { http: fake.clone(), observer: ear.clone() };
    let agency = std::sync::Arc::clone(&again.agency);
    let holder = crate::aries::holder::Holder::revive(agency, means, record).unwrap();
    assert_eq!(holder.credentials()[0].remote_id.as_deref(), Some("theirs"));
    let say = |message: &Message| assert!(again.agency.receive(&fake.pack(0, message)));
    // What it was offered then is not offered again.
    say(&offer);
    let asked = request("name", &json!({ "to": BEGINNING }));
    say(&fake.office(|it| it.ask(Format::Indy, asked)));
    let presenting = tokio::time::timeout(seconds(1), holder.present(&id)).await;
    // Its ack is posted to the agency that is gone.
    assert!(presenting.is_err());
    assert!(fake.office(|it| it.found().is_ok()));
    assert_eq!(ear.told("repeated message"), 1);
}

#[tokio::test(start_paused = true)]
async fn what_an_earlier_trip_left_behind_is_not_taken_for_what_was_asked_for() {
    let (world, id) = World::dealing().await;
    let [left, asked] = [(); 2].map(|()| world.fake.office(|it| it.offer(Format::AnonCreds)));
    let gone = notification::problem_report(&left, "gone", "");
    for said in [&left, &gone, &asked] {
        world.fake.say(0, said);
    }
    let accepted = world.holder.accept_credential_on(&id, &asked.id).await.unwrap().credential;
    assert_eq!(accepted.thread_id, asked.id);
    // Nor if it comes while the holder waits.
    let [left, asked] = [(); 2].map(|()| {
        let request = request("name", &json!({ "to": BEGINNING }));
        world.fake.office(|it| it.ask(Format::AnonCreds, request))
    });
    let (presented, ()) = tokio::join!(world.holder.present_on(&id, &asked.id), async {
        tokio::task::yield_now().await;
        for said in [&left, &asked] {
            world.fake.say(0, said);
        }
    });
    assert_eq!(presented.unwrap().thread_id, asked.id);
    // What is reported of it ends the wait.
    let offer = world.fake.office(|it| it.offer(Format::AnonCreds));
    world.fake.say(0, &notification::problem_report(&offer, "denied", ""));
    let denied = world.holder.accept_credential_on(&id, &offer.id).await.unwrap_err();
    assert_eq!(denied.kind(), "problem report: denied");
}
