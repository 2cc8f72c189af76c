//! Explicit pickup: messages are asked for (RFC 0212, RFC 0685).

use std::sync::Arc;

use super::{Flow, Heard, Holder, Mediator, Refused, inbox::Parcel};
use crate::aries::{
    didcomm::Message,
    protocol::{
        notification,
        pickup::{Delivered, v1, v2},
    },
};

impl Mediator {
    pub(super) async fn pick_up(
        &self,
        holder: Arc<Holder>,
        asked: &Message,
    ) -> Result<Heard, Refused> {
        let (kind, inbox) = (&asked.kind, &holder.inbox);
        let mut flow = Flow::Asked;
        let answer = if kind.is(&v2::STATUS_REQUEST) {
            let recipient = v2::read_status_request(asked)?;
            let message_count = inbox.count(recipient);
            Some(v2::Status { message_count, recipient, live_delivery: false }.message(asked))
        } else if kind.is(&v2::DELIVERY_REQUEST) {
            let v2::DeliveryRequest { limit, recipient } = v2::read_delivery_request(asked)?;
            let waiting = inbox.show(limit, recipient);
            Some(if waiting.is_empty() {
                v2::Status { recipient, ..v2::Status::default() }.message(asked)
            } else {
                v2::delivery(Some(asked), &waiting)
            })
        } else if kind.is(&v2::MESSAGES_RECEIVED) {
            self.gone(inbox.acknowledge(&v2::read_received(asked)?)).await;
            let message_count = inbox.count(None);
            Some(v2::Status { message_count, ..v2::Status::default() }.message(asked))
        } else if kind.is(&v2::LIVE_DELIVERY_CHANGE) {
            let live_delivery = v2::read_live_delivery_change(asked)?;
            flow = if live_delivery { Flow::Live } else { Flow::Off };
            let message_count = inbox.count(None);
            Some(v2::Status { message_count, live_delivery, recipient: None }.message(asked))
        } else if kind.is(&v1::BATCH_PICKUP) {
            let parcels = inbox.take(v1::read_batch_pickup(asked)?);
            let items: Vec<_> = parcels.iter().map(item).collect();
            self.gone(parcels).await;
            Some(v1::batch(asked, &items))
        } else if kind.is(&v1::STATUS_REQUEST) {
            Some(v1::status(asked, inbox.count(None)))
        } else if kind.is(&v1::NOOP) {
            flow = Flow::Implicit;
            None
        } else {
            notification::unsupported(asked)
        };
        let heard = self.reply(holder, asked, answer).await?;
        Ok(Heard { flow, ..heard })
    }
}

fn item(parcel: &Parcel) -> Delivered {
    Delivered { id: parcel.number.to_string(), packed: parcel.message.to_vec() }
}
