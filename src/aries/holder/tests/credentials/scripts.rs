//! Whatever becomes of offers, questions and notifications, no wait hangs.

use proptest::{
    collection::vec,
    prelude::{ProptestConfig, Strategy, any, proptest},
};
use serde_json::json;

use super::{World, office::BEGINNING, office::request};
use crate::aries::{didcomm::Message, holder::tests::seconds, protocol::Format};

/// What the inviter says and the holder does, in any order.
#[derive(Debug, Clone, Copy)]
enum Step {
    Offer,
    Ask,
    Revoke,
    /// Something that was said before, once more.
    Repeat(usize),
    Accept,
    Present,
    AwaitRevocation,
}

fn step() -> impl Strategy<Value = Step> {
    (0..15_u8, any::<usize>()).prop_map(|(which, at)| match which {
        0..2 => Step::Offer,
        2 => Step::Ask,
        3 => Step::Revoke,
        4..8 => Step::Repeat(at),
        8..13 => Step::Accept,
        13 => Step::Present,
        _ => Step::AwaitRevocation,
    })
}

async fn check(script: Vec<Step>) {
    let (world, id) = World::dealing().await;
    let (mut said, mut offered, mut time) = (Vec::<Message>::new(), 0, BEGINNING);
    for step in script {
        let message = match step {
            Step::Offer => {
                offered += 1;
                Some(world.fake.office(|it| it.offer(Format::AnonCreds)))
            }
            Step::Ask => {
                let asked = request("name", &json!(null));
                Some(world.fake.office(|it| it.ask(Format::AnonCreds, asked)))
            }
            Step::Revoke => {
                time += 1;
                let index = world.holder.credentials().first().and_then(|it| it.index);
                let revoked = world.fake.office(|it| it.revoke(index.unwrap_or(30), time));
                Some(revoked.message_1())
            }
            Step::Repeat(at) if !said.is_empty() => Some(said[at % said.len()].clone()),
            Step::Repeat(_) => None,
            Step::Accept | Step::Present | Step::AwaitRevocation => {
                let begun = tokio::time::Instant::now();
                let _ = match step {
                    Step::Accept => world.holder.accept_credential(&id).await.map(drop),
                    Step::Present => world.holder.present(&id).await.map(drop),
                    _ => world.holder.await_revocation(&id).await.map(drop),
                };
                // Two waits of thirty seconds.
                assert!(begun.elapsed() <= seconds(60), "{:?}", begun.elapsed());
                None
            }
        };
        if let Some(message) = message {
            world.fake.say(0, &message);
            said.push(message);
        }
        let credentials = world.holder.credentials();
        assert!(credentials.len() <= offered);
        let mut threads: Vec<_> = credentials.iter().map(|it| &it.thread_id).collect();
        threads.dedup();
        assert_eq!(threads.len(), credentials.len());
    }
    let heard = world.fake.heard("request-credential");
    let mut threads: Vec<_> = heard.iter().map(Message::thread_id).collect();
    threads.sort_unstable();
    assert!(threads.is_sorted_by(|one, other| one < other), "an offer was taken twice");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_wait_hangs_and_no_offer_is_taken_twice(script in vec(step(), 4..24)) {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_time().start_paused(true).build().unwrap();
        runtime.block_on(check(script));
    }
}
