//! What the admin API tells of records, heard as ACA-Py's is.

use std::time::Duration;

use serde_json::json;

use super::{
    credentials::issue,
    wallet::{Met, Wallet},
};
use crate::{
    aries::controller::{
        Settings,
        events::{Ear, Feed, FeedError, Notice, Standing},
    },
    sandbox::{
        Admin, Sandbox, Settings as HowToBe, Store, Switches,
        tests::client::{Client, start},
    },
};

fn feed(sandbox: &Sandbox, party: &str, api_key: &str) -> Feed {
    let settings = json!({ "url": format!("{}/{party}", sandbox.url()), "api_key": api_key });
    Feed::of(&Settings::from_value(settings).unwrap()).unwrap()
}

/// The next things that are said of exchanges, such as `issue-credential offer-sent`.
async fn sightings<const N: usize>(ear: &mut Ear) -> [String; N] {
    let mut seen = [const { String::new() }; N];
    let mut left = seen.iter_mut();
    let mut next = left.next();
    while let Some(place) = next {
        let notice = ear.next().await.unwrap().unwrap();
        let Notice::Sighting(it) = notice else {
            next = Some(place);
            continue;
        };
        assert!(it.stamped.is_some() && !it.id.is_empty());
        *place = match it.standing {
            Standing::At(state) => format!("{} {}", it.course.protocol, it.course.states[state]),
            Standing::GivenUp(why) => format!("{} {why}", it.course.protocol),
            Standing::Deleted => format!("{} deleted", it.course.protocol),
        };
        next = left.next();
    }
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_listens_hears_of_each_change_of_a_record() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let mut ear = feed(&sandbox, "issuer", "").open(None).await.unwrap();
    let met = Met::new(client, "/issuer");
    assert_eq!(
        sightings(&mut ear).await,
        ["connections request-received", "connections response-sent", "connections completed"]
    );
    let wallet = &mut Wallet::new(client);
    issue(client, &met, wallet);
    assert_eq!(
        sightings(&mut ear).await,
        ["offer-sent", "request-received", "credential-issued", "done"]
            .map(|state| format!("issue-credential {state}"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_does_not_know_the_key_is_told_so_and_nothing_else() {
    let admin = Admin { api_key: Some("swordfish".into()), token_life: None };
    let listen = ([127, 0, 0, 1], 0).into();
    let (store, switches) = (Store::Memory, Switches::default());
    let settings =
        HowToBe { listen, store, switches, admin, registry_size: 10, open_registry: false };
    let sandbox = Sandbox::start(settings).unwrap();
    feed(&sandbox, "verifier", "swordfish").open(None).await.map(drop).unwrap();
    let refused = feed(&sandbox, "verifier", "shark").open(None).await.map(drop).unwrap_err();
    assert!(matches!(refused, FeedError::Refused { .. }), "{refused}");
    let told = refused.to_string().replace(&sandbox.url().replace("http", "ws"), "URL");
    insta::assert_snapshot!(
        told,
        @"no events at URL/verifier/ws: it does not take our key; set `api_key` to its `--admin-api-key`"
    );
}

#[tokio::test]
async fn what_cannot_be_heard_says_which_setting_would_do() {
    let nobody = json!({ "url": "http://127.0.0.1:1/issuer" });
    let feed = Feed::of(&Settings::from_value(nobody).unwrap()).unwrap();
    let opened = tokio::time::timeout(Duration::from_secs(5), feed.open(None)).await.unwrap();
    insta::assert_snapshot!(
        opened.map(drop).unwrap_err(),
        @r#"no events at ws://127.0.0.1:1/issuer/ws: cannot connect to 127.0.0.1:1: Connection refused (os error 111); `events = "websocket"` needs ACA-Py's own admin port (`--admin`), behind a proxy that takes no WebSockets set `events = "webhooks"`"#
    );
}
