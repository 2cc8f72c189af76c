//! Being online: a WebSocket to the mediator, or asking it now and then.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use tokio::{
    task::AbortHandle,
    time::{Instant, sleep},
};

use super::{
    HolderError,
    inner::{BATCH, Inner},
    waiting::Awaited,
    wallet::Mediator,
};
use crate::aries::{
    didcomm::Message,
    protocol::{
        pickup::{self, Strategy},
        trust_ping,
    },
    transport::socket::{self, Inlet},
};

/// How long after coming online, or after the last queued message, more are asked for where one
/// question brings one message (implicit pickup).
pub(super) const ASKING: Duration = Duration::from_secs(2);

impl Inner {
    /// Comes online: messages arrive from now on. Where the mediator can tell what it has, it has
    /// told: ACA-Py puts an answer aside that is ready while another one is on its way out.
    pub(super) async fn go_online(self: &Arc<Self>) -> Result<(), HolderError> {
        let mediator = self.state().wallet.mediator.clone().ok_or(HolderError::NoMediator)?;
        let settings = &self.agency.settings;
        let socket = mediator.socket.as_ref().filter(|_| settings.socket);
        if let Some(url) = socket
            && self.state().outlet.is_none()
        {
            self.open_socket(url).await?;
        }
        let status = matches!(settings.pickup, Strategy::Pickup2 { .. }).then(|| {
            let key = *mediator.connection.line.key.verkey();
            self.sit(key, Awaited::Kind(pickup::v2::STATUS))
        });
        let asked = Instant::now();
        self.ask_for_messages(&mediator).await?;
        if socket.is_none() || settings.pickup != Strategy::Implicit {
            let asking = tokio::spawn(ask_now_and_then(Arc::downgrade(self)));
            self.state().online.push(asking.abort_handle());
        }
        match status {
            Some(seat) => self.found(seat, "the mediator's status", Some(asked)).await.map(drop),
            None => Ok(()),
        }
    }

    /// Goes offline: what is sent to the holder waits at the mediator.
    pub(super) async fn go_offline(&self, politely: bool) {
        let (tasks, outlet) = {
            let mut state = self.state();
            (std::mem::take(&mut state.online), state.outlet.take())
        };
        tasks.iter().for_each(AbortHandle::abort);
        if let Some(outlet) = outlet.filter(|_| politely) {
            outlet.close().await;
        }
    }

    /// Opens the socket and reads from it in a task of its own.
    pub(super) async fn open_socket(self: &Arc<Self>, url: &str) -> Result<(), HolderError> {
        let inlet = self.dial(url).await?;
        let reading = tokio::spawn(read(Arc::downgrade(self), inlet, url.into()));
        let old = std::mem::replace(&mut self.state().online, vec![reading.abort_handle()]);
        old.iter().for_each(AbortHandle::abort);
        Ok(())
    }

    async fn dial(&self, url: &str) -> Result<Inlet, HolderError> {
        let agency = &self.agency;
        let (outlet, inlet) =
            socket::open(url, agency.tls.as_ref(), agency.settings.open_limit).await?;
        self.state().outlet = Some(Arc::new(outlet));
        Ok(inlet)
    }

    /// Asks the mediator for what it has, as the strategy does.
    async fn ask_for_messages(self: &Arc<Self>, mediator: &Mediator) -> Result<(), HolderError> {
        let line = &mediator.connection.line;
        for question in self.questions() {
            self.send(line, question).await?;
        }
        Ok(())
    }

    /// Whether the mediator has nothing more, and sends by itself what comes.
    fn has_all(&self) -> bool {
        let state = self.state();
        let live = state.outlet.is_some() && self.agency.settings.pickup.is_live();
        live && state.draining.is_empty()
    }

    fn questions(&self) -> Vec<Message> {
        match self.agency.settings.pickup {
            Strategy::Implicit => {
                self.state().asking_until = Some(Instant::now() + ASKING);
                vec![trust_ping::ping(false)]
            }
            Strategy::Pickup1 => vec![pickup::v1::batch_pickup(BATCH)],
            Strategy::Pickup2 { live: true } => {
                vec![pickup::v2::live_delivery_change(true), self.state().draining.ask()]
            }
            Strategy::Pickup2 { live: false } => vec![self.state().draining.ask()],
        }
    }
}

/// Takes messages in until the holder goes offline; a socket that closes is opened again.
async fn read(holder: Weak<Inner>, mut inlet: Inlet, url: Box<str>) {
    loop {
        while let Some(packed) = inlet.next().await {
            let Some(holder) = holder.upgrade() else { return };
            holder.arrive(&packed, Instant::now());
        }
        // What a reconnect takes is not needed while the socket is open.
        match Box::pin(reconnect(&holder, &url)).await {
            Some(new) => inlet = new,
            None => return,
        }
    }
}

/// Opens the socket again, later with each failure; gives up only when the holder is gone.
async fn reconnect(holder: &Weak<Inner>, url: &str) -> Option<Inlet> {
    let (mut wait, longest) = {
        let holder = holder.upgrade()?;
        holder.state().outlet = None;
        holder.tell_trouble("websocket closed", format!("by {url}"));
        holder.agency.settings.backoff
    };
    loop {
        sleep(spread(wait)).await;
        wait = (wait * 2).min(longest);
        let holder = holder.upgrade()?;
        let reopened = match holder.dial(url).await {
            Ok(inlet) => {
                let mediator = holder.state().wallet.mediator.clone();
                let asked = match mediator {
                    Some(mediator) => holder.ask_for_messages(&mediator).await,
                    None => Ok(()),
                };
                asked.map(|()| inlet)
            }
            Err(error) => Err(error),
        };
        match reopened {
            Ok(inlet) => return Some(inlet),
            Err(error) => holder.tell_trouble("reconnect failed", error.to_string()),
        }
    }
}

/// Asks again and again, where nothing comes by itself.
async fn ask_now_and_then(holder: Weak<Inner>) {
    loop {
        let Some(every) = holder.upgrade().map(|it| it.agency.settings.poll_every) else { return };
        sleep(every).await;
        let Some(holder) = holder.upgrade() else { return };
        if holder.has_all() {
            continue;
        }
        let Some(mediator) = holder.state().wallet.mediator.clone() else { return };
        if let Err(error) = holder.ask_for_messages(&mediator).await {
            holder.tell_trouble("pickup failed", error.to_string());
        }
    }
}

/// Half to the whole of a wait, so that ten thousand holders do not come back at once.
fn spread(wait: Duration) -> Duration {
    let mut byte = [0];
    // Without randomness the whole wait does.
    let _ = getrandom::fill(&mut byte);
    wait.mul_f64(1.0 - f64::from(byte[0]) / 512.0)
}
