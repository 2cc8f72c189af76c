//! Explicit pickup: what waits is asked for, and what is delivered is acknowledged.

use serde_json::Value;

use super::{
    holder::{Holder, Socket, envelope, open},
    mediator::forwarded,
};
use crate::{
    aries::{
        didcomm::KeyPair,
        protocol::{
            mediation::Granted,
            pickup::{
                Delivered, v1,
                v2::{self, Status},
            },
        },
    },
    sandbox::{
        Sandbox, Store,
        tests::client::{Client, start},
    },
};

struct Stage {
    sandbox: Sandbox,
    client: Client,
    holder: Holder,
    key: KeyPair,
    granted: Granted,
}

impl Stage {
    fn set() -> Self {
        let sandbox = start(Store::Memory);
        let mut client = Client::of(&sandbox);
        let (holder, key) = (Holder::of_mediator(&mut client), KeyPair::generate());
        let granted = holder.be_granted(&mut client, *key.verkey());
        Self { sandbox, client, holder, key, granted }
    }

    /// Leaves a message; tells how it looks on its way.
    fn leave(&mut self, text: &str) -> Value {
        let (packed, message) = forwarded(text, self.key.verkey(), &self.granted.routing);
        assert_eq!(self.client.post_envelope("/mediator", &message).status, 200);
        packed
    }
}

fn packed(delivered: &[Delivered]) -> Vec<Value> {
    delivered.iter().map(|it| envelope(&it.packed)).collect()
}

fn received(delivered: &[Delivered]) -> crate::aries::didcomm::Message {
    v2::messages_received(delivered.iter().map(|it| it.id.as_str()))
}

#[test]
fn what_is_delivered_stays_until_it_is_acknowledged() {
    let stage = &mut Stage::set();
    let sent = ["one", "two", "three"].map(|text| stage.leave(text));
    let Stage { client, holder, .. } = stage;
    let count = |client: &mut Client, asked| {
        Status::read(&holder.ask(client, asked).unwrap()).unwrap().message_count
    };
    assert_eq!(count(client, v2::status_request(None)), 3);
    let stranger = *KeyPair::generate().verkey();
    assert_eq!(count(client, v2::status_request(Some(&stranger))), 0);
    let deliver = |client: &mut Client, limit| {
        let answer = holder.ask(client, v2::delivery_request(limit)).unwrap();
        v2::read_delivery(&answer).unwrap()
    };
    let first = deliver(client, 2);
    assert_eq!(packed(&first), sent[..2]);
    assert_eq!(deliver(client, 2), first);
    assert_eq!(count(client, received(&first)), 1);
    let rest = deliver(client, 10);
    assert_eq!(packed(&rest), sent[2..]);
    assert_eq!(count(client, received(&rest)), 0);
    // What was acknowledged already is nothing to complain of.
    assert_eq!(count(client, received(&rest)), 0);
}

#[test]
fn a_batch_is_gone_once_it_is_sent() {
    let stage = &mut Stage::set();
    let sent = ["one", "two", "three"].map(|text| stage.leave(text));
    let Stage { client, holder, .. } = stage;
    let answer = holder.ask(client, v1::status_request()).unwrap();
    assert_eq!(v1::read_status(&answer).unwrap(), 3);
    let batch = |client: &mut Client| {
        v1::read_batch(&holder.ask(client, v1::batch_pickup(2)).unwrap()).unwrap()
    };
    assert_eq!(packed(&batch(client)), sent[..2]);
    assert_eq!(packed(&batch(client)), sent[2..]);
    assert_eq!(packed(&batch(client)), Vec::<Value>::new());
}

#[tokio::test]
async fn live_deliveries_come_by_themselves_and_again_if_nobody_acknowledges_them() {
    let stage = &mut Stage::set();
    let queued = stage.leave("queued");
    let mut socket = Socket::of(&stage.sandbox).await;
    let status = socket.ask(&stage.holder, v2::live_delivery_change(true)).await;
    assert!(Status::read(&status).unwrap().live_delivery);
    let delivered = v2::read_delivery(&open(&socket.next().await, &stage.holder.key)).unwrap();
    assert_eq!(packed(&delivered), [queued]);
    let status = socket.ask(&stage.holder, received(&delivered)).await;
    assert_eq!(Status::read(&status).unwrap().message_count, 0);

    let live = stage.leave("live");
    let delivered = v2::read_delivery(&open(&socket.next().await, &stage.holder.key)).unwrap();
    assert_eq!(packed(&delivered), [live]);
    drop(socket);
    let mut socket = Socket::of(&stage.sandbox).await;
    let answer = socket.ask(&stage.holder, v2::delivery_request(10)).await;
    assert_eq!(v2::read_delivery(&answer).unwrap(), delivered);
}
