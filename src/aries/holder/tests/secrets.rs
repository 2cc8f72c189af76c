//! No seed is in anything that may be written down but a record.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};

use super::{HANDSHAKES, World, fake::Ill, text};
use crate::aries::holder::Settings;

/// A seed as somebody may have written it.
fn written(seed: &[u8; 32]) -> Vec<String> {
    let hex: String = seed.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(digit).collect();
    let list = format!("{seed:?}");
    vec![
        list.trim_matches(['[', ']']).to_owned(),
        list.replace(' ', "").trim_matches(['[', ']']).to_owned(),
        hex.to_uppercase(),
        hex,
        bs58::encode(seed).into_string(),
        STANDARD_NO_PAD.encode(seed),
        URL_SAFE_NO_PAD.encode(seed),
    ]
}

fn digit(of: u8) -> char {
    char::from_digit(of.into(), 16).unwrap()
}

#[tokio::test(start_paused = true)]
async fn no_seed_is_in_errors_troubles_or_what_can_be_printed() {
    let (world, id) = World::mediated(Settings::default()).await;
    let mut said = Vec::new();
    for ill in [Ill::Silent, Ill::Status(500), Ill::Problem("x"), Ill::Forged, Ill::Hanging] {
        world.fake.fall_ill(ill);
        for error in [
            world.connect(HANDSHAKES[1]).await.err(),
            world.holder.ping(&id).await.err(),
            world.holder.ping_mediator().await.err(),
            world.holder.receive_text(&id).await.err(),
        ] {
            said.extend(error.map(|it| format!("{it} {it:?}")));
        }
    }
    world.fake.fall_ill(None);
    let forged = world.fake.pack_by_a_stranger(0, &text("believe me"));
    world.fake.state().mediator.queue.push_back(forged);
    world.holder.ping_mediator().await.unwrap();
    tokio::time::sleep(super::seconds(10)).await;
    said.push(format!("{:?}", world.ear.troubles.lock().unwrap()));
    assert!(said.len() > 10);
    let heard = world.fake.state().heard.iter().map(|it| it.to_value().to_string()).collect();
    said.push(heard);

    let record = world.holder.record();
    let connections =
        record.connections.iter().chain(record.mediator.iter().map(|it| &it.connection));
    for connection in connections {
        for secret in written(&connection.seed) {
            assert!(secret.len() >= 32);
            for text in &said {
                assert!(!text.contains(&secret), "{text}");
            }
        }
    }
}

#[test]
fn what_holds_seeds_cannot_be_printed() {
    use crate::aries::{
        didcomm::KeyPair,
        holder::{ConnectionRecord, Holder, HolderRecord},
    };

    // Of a type that is `Debug` its own constant is found before the trait's.
    trait Unprintable {
        const PRINTS: bool = false;
    }
    impl<T> Unprintable for T {}
    struct Of<T>(std::marker::PhantomData<T>);
    impl<T: std::fmt::Debug> Of<T> {
        const PRINTS: bool = true;
    }
    const {
        assert!(!Of::<HolderRecord>::PRINTS);
        assert!(!Of::<ConnectionRecord>::PRINTS);
        assert!(!Of::<Holder>::PRINTS);
        assert!(Of::<KeyPair>::PRINTS);
    }

    let key = KeyPair::generate();
    let shown = format!("{key:?}");
    assert!(written(key.seed()).iter().all(|secret| !shown.contains(secret)), "{shown}");
}
