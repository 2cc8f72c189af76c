//! One WebSocket of a holder: what it says is heard, what waits for it flows.

use std::{
    convert::Infallible,
    future::pending,
    pin::{Pin, pin},
    sync::Arc,
    time::Duration,
};

use axum::extract::ws::{Message as Frame, WebSocket};
use bytes::Bytes;
use tokio::time::{sleep, timeout};

use super::{
    Flow, Heard, Holder, Mediator,
    inbox::{Line, Way},
};
use crate::aries::protocol::pickup::v2;

/// How long a reader may take to make room for one frame.
const PATIENCE: Duration = Duration::from_secs(10);
/// Messages in one live delivery.
const DELIVERY_MAX: usize = 10;

/// The holder that a socket is open to, and the line to it.
type Open = Option<(Arc<Holder>, Arc<Line>)>;

/// The socket is closed.
struct Closed;

impl Mediator {
    /// Serves a socket to its end.
    pub(super) async fn serve(&self, mut socket: WebSocket) {
        let counts = &self.desk.office.counts;
        counts.sockets.one();
        let mut open = None;
        let life = async {
            match self.gate.socket_life() {
                Some(life) => sleep(life).await,
                None => pending().await,
            }
        };
        let Err(Closed) = self.talk(&mut socket, &mut open, pin!(life)).await;
        self.hang_up(&mut open).await;
        // Whoever is gone needs no goodbye.
        let _ = timeout(PATIENCE, socket.send(Frame::Close(None))).await;
        counts.sockets.less(1);
    }

    /// Hears and sends until the socket is closed, or its life is over; a message that is being
    /// sent then is sent to its end.
    async fn talk(
        &self,
        socket: &mut WebSocket,
        open: &mut Open,
        mut life: Pin<&mut impl Future<Output = ()>>,
    ) -> Result<Infallible, Closed> {
        loop {
            tokio::select! {
                () = &mut life => return Err(Closed),
                frame = socket.recv() => match frame {
                    Some(Ok(Frame::Binary(bytes))) => self.say(socket, open, &bytes).await?,
                    Some(Ok(Frame::Text(text))) => self.say(socket, open, text.as_bytes()).await?,
                    // Pongs are sent by the layer below.
                    Some(Ok(Frame::Ping(_) | Frame::Pong(_))) => {}
                    Some(Ok(Frame::Close(_)) | Err(_)) | None => return Err(Closed),
                },
                () = woken(open) => {}
            }
            self.flow(socket, open).await?;
        }
    }

    /// Hears what came over the socket, and answers.
    async fn say(
        &self,
        socket: &mut WebSocket,
        open: &mut Open,
        bytes: &[u8],
    ) -> Result<(), Closed> {
        // What is no message has no answer: whose should it be?
        let Ok(heard) = self.hear(bytes).await.inspect_err(|error| self.refuse(error)) else {
            return Ok(());
        };
        let Heard { answer, holder, flow } = heard;
        if let Some(answer) = answer {
            self.gate.hold().await;
            send(socket, answer.into()).await?;
        }
        if let Some(holder) = holder {
            self.route(open, holder, flow).await;
        }
        Ok(())
    }

    /// Whatever is for a holder goes the way that its last message came, if that asked for it.
    async fn route(&self, open: &mut Open, holder: Arc<Holder>, flow: Flow) {
        let now = match open {
            Some((of, line)) if Arc::ptr_eq(of, &holder) && of.inbox.is_open(line) => {
                Some(line.way)
            }
            Some(_) | None => None,
        };
        let way = match (flow, now) {
            (Flow::Live | Flow::Asked | Flow::Implicit, Some(Way::Delivered))
            | (Flow::Implicit, Some(Way::AsTheyCame)) => return,
            (Flow::Live, _) => Some(Way::Delivered),
            (Flow::Implicit, None) => Some(Way::AsTheyCame),
            (Flow::Off | Flow::Asked, _) => None,
        };
        self.hang_up(open).await;
        if let Some(way) = way {
            let line = Line::new(way);
            holder.inbox.open(&line);
            *open = Some((holder, line));
        }
    }

    /// Sends all that is to flow now.
    async fn flow(&self, socket: &mut WebSocket, open: &mut Open) -> Result<(), Closed> {
        let Some((holder, line)) = open else { return Ok(()) };
        let inbox = &holder.inbox;
        match line.way {
            Way::AsTheyCame => {
                while let Some(parcel) = inbox.next(line) {
                    if send(socket, parcel.message.clone()).await.is_err() {
                        inbox.put_back(parcel);
                        return Err(Closed);
                    }
                    if parcel.kept {
                        self.gone(vec![parcel]).await;
                    }
                }
            }
            Way::Delivered => loop {
                let next = inbox.deliver(line, DELIVERY_MAX);
                if next.is_empty() {
                    break;
                }
                let delivery = v2::delivery(None, &next);
                let packed = self.desk.pack(&holder.connection, &delivery).map_err(|_| Closed)?;
                send(socket, packed.into()).await?;
            },
        }
        if line.is_slow() {
            return Err(Closed);
        }
        if !inbox.is_open(line) {
            // The holder has come by another way since.
            *open = None;
        }
        Ok(())
    }

    /// Lets nothing flow any more; what did not yet is kept.
    async fn hang_up(&self, open: &mut Open) {
        if let Some((holder, line)) = open.take() {
            holder.inbox.close(&line);
            // A sandbox that cannot write has failed louder elsewhere.
            let _ = self.keep(&holder, holder.inbox.unkept()).await;
        }
    }
}

async fn woken(open: &Open) {
    match open {
        Some((_, line)) => line.wake.notified().await,
        None => pending().await,
    }
}

async fn send(socket: &mut WebSocket, message: Bytes) -> Result<(), Closed> {
    match timeout(PATIENCE, socket.send(Frame::Binary(message))).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(Closed),
    }
}
