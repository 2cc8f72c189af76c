//! Whatever becomes of the messages of a whole life, it ends, and nothing is believed that nobody said.

use proptest::{
    collection::vec,
    prelude::{Just, ProptestConfig, Strategy as _, any, prop_oneof, proptest},
};
use tokio::time::Instant;

use super::{HANDSHAKES, World, fake::Fake, seconds, text};
use crate::aries::{
    holder::Settings,
    protocol::{
        action_menu::{Menu, MenuOption},
        pickup::Strategy,
    },
};

/// What becomes of one answer on its way.
#[derive(Debug, Clone)]
enum Step {
    Arrives,
    Lost,
    /// Something that was said before comes in its place.
    Swapped(usize),
    /// A byte of it is another.
    Flipped(usize, u8),
    Cut(usize),
}

fn step() -> impl proptest::strategy::Strategy<Value = Step> {
    prop_oneof![
        8 => Just(Step::Arrives),
        1 => Just(Step::Lost),
        2 => any::<usize>().prop_map(Step::Swapped),
        1 => (any::<usize>(), 1..=255_u8).prop_map(|(at, with)| Step::Flipped(at, with)),
        1 => any::<usize>().prop_map(Step::Cut),
    ]
}

/// Has answers go the way of a script; when it is over they arrive.
fn tamper(fake: &Fake, script: Vec<Step>) {
    let mut script = script.into_iter();
    let mut said: Vec<Vec<u8>> = Vec::new();
    fake.state().fate = Some(Box::new(move |mut body| {
        if !body.is_empty() {
            said.push(body.clone());
        }
        match script.next().unwrap_or(Step::Arrives) {
            Step::Lost => body.clear(),
            Step::Swapped(with) if !said.is_empty() => body.clone_from(&said[with % said.len()]),
            Step::Flipped(at, with) if !body.is_empty() => {
                let at = at % body.len();
                body[at] ^= with;
            }
            Step::Cut(at) => body.truncate(at % (body.len() + 1)),
            Step::Arrives | Step::Swapped(_) | Step::Flipped(..) => {}
        }
        body
    }));
}

/// A life in which anything may fail; gives the texts that were received.
async fn live(world: &World) -> Vec<String> {
    let (holder, fake) = (&world.holder, &world.fake);
    let mut received = Vec::new();
    let _ = holder.connect_mediator(&fake.mediator()).await;
    let _ = holder.go_online().await;
    for handshake in HANDSHAKES {
        let Ok(id) = world.connect(handshake).await else { continue };
        let link = fake.state().inviter.links.len() - 1;
        let option = MenuOption {
            name: "yes".into(),
            title: String::new(),
            description: String::new(),
            form: None,
        };
        let menu = Menu { title: String::new(), description: String::new(), options: vec![option] };
        for n in 0..3 {
            fake.say(link, &text(&format!("said {link} {n}")));
        }
        fake.say(link, &menu.message());
        let _ = holder.ping(&id).await;
        let _ = holder.choose(&id, "yes").await;
        for _ in 0..3 {
            received.extend(holder.receive_text(&id).await);
        }
        let _ = holder.ping_mediator().await;
    }
    holder.go_offline().await;
    received
}

/// All of it holds of one script.
async fn check(script: Vec<Step>, pickup: Strategy) {
    let world = World::new(Settings { pickup, ..Settings::default() });
    tamper(&world.fake, script);
    let begun = Instant::now();
    let received = live(&world).await;
    // Some thirty waits of thirty seconds.
    assert!(begun.elapsed() < seconds(1800), "{:?}", begun.elapsed());
    for text in received {
        let said: Vec<_> = text.split(' ').collect();
        let ["said", link, n] = said[..] else { panic!("nobody said {text:?}") };
        assert!(link.parse::<usize>().unwrap() < 3 && n.parse::<usize>().unwrap() < 3);
    }
    let record = world.holder.record();
    let state = world.fake.state();
    for known in &record.connections {
        let links = &state.inviter.links;
        assert!(
            links
                .iter()
                .any(|it| *it.key.verkey() == known.recipient && *it.channel.theirs() == known.key),
            "a connection with somebody else"
        );
    }
    if let Some(mediator) = record.mediator {
        let known = mediator.connection;
        assert!(state.mediator.links.iter().any(|it| *it.key.verkey() == known.recipient));
    }
}

#[tokio::test(start_paused = true)]
async fn a_life_without_accidents_hears_all_that_was_said() {
    let world = World::bare();
    let received = live(&world).await;
    let said = (0..9).map(|n| format!("said {} {}", n / 3, n % 3));
    assert!(received.into_iter().eq(said));
    assert_eq!(world.fake.heard("perform").len(), 3);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_life_ends_whatever_becomes_of_its_messages(
        script in vec(step(), 0..60),
        pickup in prop_oneof![
            Just(Strategy::Implicit),
            Just(Strategy::Pickup1),
            Just(Strategy::Pickup2 { live: false }),
        ],
    ) {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_time().start_paused(true).build().unwrap();
        runtime.block_on(check(script, pickup));
    }
}
