//! What holders do not take, and say so.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{
    World,
    office::{BEGINNING, request},
};
use crate::aries::{
    didcomm::Message,
    holder::tests::{seconds, settle},
    protocol::{Format, notification},
};

/// What the holder has reported to the other side.
fn reported(world: &World) -> Vec<String> {
    let heard = world.fake.state().heard.clone();
    heard.iter().filter_map(notification::problem).map(|it| it.code).collect()
}

/// The same message with something else attached.
fn carrying(message: Message, field: &str, payload: &Value) -> Message {
    let mut attached = message.fields[field].clone();
    attached[0]["data"] = json!({ "base64": STANDARD.encode(payload.to_string()) });
    message.with(field, attached)
}

#[tokio::test(start_paused = true)]
async fn without_a_ledger_nothing_is_dealt_in() {
    let (world, ids) = World::posted(1).await;
    let refused = world.holder.accept_credential(&ids[0]).await.unwrap_err();
    assert_eq!(refused.kind(), "no ledger");
    insta::assert_snapshot!(refused, @"no ledger is configured; credentials need one");
    assert_eq!(world.holder.present(&ids[0]).await.unwrap_err().kind(), "no ledger");
    let asked = request(1, &json!(null));
    assert_eq!(world.holder.prepare(&asked).await.unwrap_err().kind(), "no ledger");
}

#[tokio::test(start_paused = true)]
async fn credentials_that_are_not_what_was_offered_are_declined_and_not_kept() {
    let (world, id) = World::dealing().await;
    for (forge, kind) in [
        (
            (|it| it.values.get_mut("score").unwrap().encoded = "43".into())
                as super::office::Forging,
            "bad credential",
        ),
        (|it| it.values.get_mut("score").unwrap().raw = "43".into(), "wrong message"),
        (|it| it.rev_reg_id = None, "bad credential"),
        (|it| it.witness = None, "bad credential"),
        (|it| it.cred_def_id = "another".into(), "bad credential"),
        (
            |it| {
                it.values.remove("score");
            },
            "bad credential",
        ),
    ] {
        world.fake.office(|it| it.forging = Some(forge));
        let before = reported(&world).len();
        assert_eq!(world.issue(&id, Format::AnonCreds).await.unwrap_err().kind(), kind);
        assert_eq!(reported(&world)[before..], ["issuance-abandoned"]);
    }
    assert_eq!(world.holder.credentials(), []);
    assert_eq!(world.fake.office(|it| it.acked.len()), 0);
    world.fake.office(|it| it.forging = None);
    world.issue(&id, Format::AnonCreds).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn offers_and_questions_that_cannot_be_read_are_declined() {
    let (world, id) = World::dealing().await;
    let huge = json!("x".repeat(300_000));
    for payload in [json!(null), json!({}), json!([[[]]]), huge] {
        let offer = world.fake.office(|it| it.offer(Format::AnonCreds));
        world.fake.say(0, &carrying(offer, "offers~attach", &payload));
        let refused = world.holder.accept_credential(&id).await.unwrap_err();
        assert_eq!(refused.kind(), "unreadable document");
        assert!(refused.to_string().len() < 300, "{refused}");

        let asked = request(40, &json!(null));
        let asked = world.fake.office(|it| it.ask(Format::AnonCreds, asked));
        world.fake.say(0, &carrying(asked, "request_presentations~attach", &payload));
        let refused = world.holder.present(&id).await.unwrap_err();
        assert_eq!(refused.kind(), "unreadable document");
    }
    assert_eq!(reported(&world), ["issuance-abandoned", "abandoned"].repeat(4));
}

#[tokio::test(start_paused = true)]
async fn questions_that_no_credential_answers_are_declined() {
    let (world, id) = World::dealing().await;
    world.issue(&id, Format::AnonCreds).await.unwrap();
    assert_eq!(world.prove(&id, 43, BEGINNING).await.unwrap_err().kind(), "nothing fits");
    let mut asked = request(1, &json!(null));
    let (_, good) = asked.requested_predicates.pop_first().unwrap();
    asked.requested_predicates = (0..33).map(|n| (n.to_string(), good.clone())).collect();
    let asked = world.fake.office(|it| it.ask(Format::AnonCreds, asked));
    world.fake.say(0, &asked);
    let refused = world.holder.present(&id).await.unwrap_err();
    insta::assert_snapshot!(
        refused,
        @"the proof request that was sent asks for 33 predicates, and 32 are the most"
    );
    assert_eq!(reported(&world), ["abandoned", "abandoned"]);
}

#[tokio::test(start_paused = true)]
async fn a_question_of_very_many_parts_is_refused_whatever_is_in_them() {
    let (world, id) = World::dealing().await;
    world.issue(&id, Format::AnonCreds).await.unwrap();
    let mut asked = serde_json::to_value(request("name", &json!(null))).unwrap();
    for part in 0..300 {
        asked["requested_attributes"][part.to_string()] = json!({ "names": [] });
    }
    let asked = serde_json::from_value(asked).unwrap();
    let asked = world.fake.office(|it| it.ask(Format::AnonCreds, asked));
    world.fake.say(0, &asked);
    let refused = world.holder.present(&id).await.unwrap_err();
    insta::assert_snapshot!(
        refused,
        @"the proof request that was sent asks for 301 attributes, and 250 are the most"
    );
}

#[tokio::test(start_paused = true)]
async fn formats_that_are_not_known_are_declined() {
    let (world, id) = World::dealing().await;
    let offer = world.fake.office(|it| it.offer(Format::AnonCreds));
    let formats = json!([{ "attach_id": "anoncreds", "format": "aries/ld-proof-vc-detail@v1.0" }]);
    world.fake.say(0, &offer.with("formats", formats));
    assert_eq!(world.holder.accept_credential(&id).await.unwrap_err().kind(), "wrong message");
    assert_eq!(reported(&world), ["issuance-abandoned"]);
}

#[tokio::test(start_paused = true)]
async fn a_problem_report_ends_a_wait_at_once() {
    let (world, id) = World::dealing().await;
    let begun = tokio::time::Instant::now();
    for what in ["offer", "request", "notice"] {
        let report = notification::problem_report(&super::super::text(""), "no", "");
        let waiting = async {
            match what {
                "offer" => world.holder.accept_credential(&id).await.unwrap_err(),
                "request" => world.holder.present(&id).await.unwrap_err(),
                _ => world.holder.await_revocation(&id).await.unwrap_err(),
            }
        };
        let saying = async {
            settle().await;
            world.fake.say(0, &report);
        };
        let (error, ()) = tokio::join!(waiting, saying);
        assert_eq!(error.kind(), "problem report: no");
    }
    assert_eq!(begun.elapsed(), seconds(0));
}

#[tokio::test(start_paused = true)]
async fn words_about_credentials_that_are_not_theirs_delete_nothing() {
    let (world, id) = World::dealing().await;
    let credential = world.issue(&id, Format::AnonCreds).await.unwrap().credential;
    let verifier = world.fake.inviter(super::super::HANDSHAKES[2]);
    let verifier = world.holder.accept(&verifier, "verifier", None).await.unwrap();
    let revoked = world.fake.office(|it| it.revoke(credential.index.unwrap(), BEGINNING + 1));
    let begun = tokio::time::Instant::now();
    let chatter = async {
        // It goes on and on, and makes the wait no longer.
        for _ in 0..100 {
            world.fake.say(1, &revoked.message_1());
            tokio::time::sleep(seconds(1)).await;
        }
    };
    let waiting = world.holder.await_revocation(&verifier);
    let error = tokio::select! { it = waiting => it.unwrap_err(), () = chatter => panic!() };
    assert_eq!(error.kind(), "no response");
    assert_eq!(begun.elapsed(), seconds(30));
    assert_eq!(world.holder.credentials(), [credential]);
    assert!(world.ear.told("unknown credential") >= 30);
}
