//! Lost messages and closed sockets.

use std::time::Duration;

use super::{
    holder::{Holder, Socket, wait_for},
    mediator::forwarded,
};
use crate::{
    aries::protocol::trust_ping,
    sandbox::{
        Store, Switches,
        tests::client::{Client, start_with},
    },
};

#[test]
fn a_share_of_messages_is_taken_and_lost() {
    let switches = Switches { loss: 0.25, ..Switches::default() };
    let sandbox = start_with(Store::Memory, switches);
    let client = &mut Client::of(&sandbox);
    // Request and complete are the first two.
    let holder = Holder::of_mediator(client);
    let answered: Vec<_> =
        (2..10).map(|_| holder.ask(client, trust_ping::ping(true)).is_some()).collect();
    assert_eq!(answered, [true, false, true, true, true, false, true, true]);
    assert_eq!(client.get("/sandbox/stats").json()["lost"], 2);
}

#[tokio::test]
async fn a_socket_is_closed_when_its_time_has_come_and_what_waits_is_kept() {
    let life = Duration::from_millis(50);
    let switches = Switches { close_sockets_after: Some(life), ..Switches::default() };
    let sandbox = start_with(Store::Memory, switches);
    let client = &mut Client::of(&sandbox);
    let holder = Holder::of_mediator(client);
    let granted = holder.be_granted(client, *holder.key.verkey());
    Socket::of(&sandbox).await.ends().await;
    wait_for(client, "sockets", 0);
    let (packed, message) = forwarded("later", holder.key.verkey(), &granted.routing);
    client.post_envelope("/mediator", &message);
    assert_eq!(holder.collect(client), Some(packed));
}
