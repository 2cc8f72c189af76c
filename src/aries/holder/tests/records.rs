//! A holder at rest.

use std::collections::BTreeMap;

use super::{HANDSHAKES, World, text};
use crate::aries::holder::{ConnectionRecord, HolderRecord, MediatorRecord, Settings};

/// Most bytes of a recorded holder with a mediator and one connection.
const BYTES_MAX: usize = 3_000;

#[tokio::test(start_paused = true)]
async fn a_recorded_holder_pings_and_is_written_to_in_another_process() {
    for handshake in HANDSHAKES {
        let (world, _) = World::mediated(Settings::default()).await;
        let id = world.connect(handshake).await.unwrap();
        world.holder.set_remote_id(&id, "theirs".to_owned());
        let record = world.holder.record();
        world.holder.go_offline().await;

        let revived = world.revived(record.clone()).unwrap();
        assert!(revived.record() == record);
        assert_eq!((revived.id(), revived.label()), (world.holder.id(), "ann"));
        assert_eq!(revived.remote_id(&id).as_deref(), Some("theirs"));
        world.fake.say(1, &text("while it was no more"));
        revived.go_online().await.unwrap();
        revived.ping_mediator().await.unwrap();
        revived.ping(&id).await.unwrap();
        assert_eq!(revived.receive_text(&id).await.unwrap(), "while it was no more");
    }
}

#[tokio::test(start_paused = true)]
async fn a_record_is_the_same_once_it_was_written_and_is_small() {
    for handshake in HANDSHAKES {
        let world = World::bare();
        world.holder.connect_mediator(&world.fake.mediator()).await.unwrap();
        world.holder.go_online().await.unwrap();
        world.connect(handshake).await.unwrap();
        let record = world.holder.record();
        let written = rmp_serde::to_vec_named(&record).unwrap();
        let read: HolderRecord = rmp_serde::from_slice(&written).unwrap();
        assert!(read == record);
        assert!(written.len() <= BYTES_MAX, "{} bytes", written.len());
    }
}

/// A record as a program without credentials wrote it.
#[derive(serde::Serialize)]
struct Earlier {
    id: String,
    version: u32,
    label: String,
    made_with: BTreeMap<String, String>,
    mediator: Option<MediatorRecord>,
    connections: Vec<ConnectionRecord>,
}

#[tokio::test(start_paused = true)]
async fn a_record_from_before_credentials_is_read() {
    let (world, _) = World::mediated(Settings::default()).await;
    let record = world.holder.record();
    let HolderRecord { id, version, label, made_with, mediator, connections, .. } = record.clone();
    let earlier = Earlier { id, version, label, made_with, mediator, connections };
    let written = rmp_serde::to_vec_named(&earlier).unwrap();
    let read: HolderRecord = rmp_serde::from_slice(&written).unwrap();
    assert!(read == record && read.credentials.is_empty() && read.link_secret.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_record_of_another_version_is_refused() {
    let world = World::bare();
    let record = HolderRecord { id: "h1".into(), version: 2, ..world.holder.record() };
    let refused = world.revived(record).err().unwrap();
    assert_eq!(refused.kind(), "bad record");
    insta::assert_snapshot!(
        refused,
        @"the recorded holder h1 is of format version 2, and this program reads 1; provision it again"
    );
}
