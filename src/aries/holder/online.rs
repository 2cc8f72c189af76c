//! Being online: a WebSocket to the mediator, or asking it now and then.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use tokio::{
    task::AbortHandle,
    time::{Instant, sleep},
};

use super::{HolderError, inner::Inner, state::BATCH, waiting::Awaited, wallet::Mediator};
use crate::aries::{
    didcomm::Message,
    protocol::{
        pickup::{self, Strategy},
        trust_ping,
    },
    transport::{
        SocketError,
        socket::{self, Inlet},
    },
};

/// How long after coming online, or after the last message, more are asked for where one question
/// brings one message (implicit pickup).
const ASKING: Duration = Duration::from_secs(2);
/// How many messages are asked for in this way: one who is written to all the time would else double
/// the mediator's load for ever.
const ASKS_MAX: u16 = 1_000;
/// A socket that closes earlier is like one that does not open: or a mediator that takes connections
/// and nothing else would be stormed.
const LASTING: Duration = Duration::from_secs(1);

impl Inner {
    /// Comes online: messages arrive from now on. Where the mediator can tell what it has, it has
    /// told: ACA-Py puts an answer aside that is ready while another one is on its way out.
    pub(super) async fn go_online(self: &Arc<Self>) -> Result<(), HolderError> {
        let mediator = self.state().wallet.mediator.clone().ok_or(HolderError::NoMediator)?;
        let settings = &self.agency.settings;
        // A record may be older than what is configured today.
        let socket = settings.socket_url.as_ref().or(mediator.socket.as_ref());
        let socket = socket.filter(|_| settings.socket);
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
            let polling = tokio::spawn(ask_now_and_then(Arc::downgrade(self)));
            let before = self.state().polling.replace(polling.abort_handle());
            before.iter().for_each(AbortHandle::abort);
        }
        match status {
            Some(seat) => {
                let line = &mediator.connection.line;
                self.found(seat, line, "the mediator's status", Some(asked)).await.map(drop)
            }
            None => Ok(()),
        }
    }

    /// Goes offline: what is sent to the holder waits at the mediator.
    pub(super) async fn go_offline(&self) {
        let left = self.state().leave();
        left.say_goodbye().await;
    }

    /// Opens the socket and reads from it in a task of its own.
    pub(super) async fn open_socket(self: &Arc<Self>, url: &str) -> Result<(), HolderError> {
        let stay = {
            let mut state = self.state();
            drop(state.leave());
            state.stay
        };
        let inlet = self.dial(url, stay).await?;
        let reader = Reader { holder: Arc::downgrade(self), url: url.into(), stay, failures: 0 };
        let reading = tokio::spawn(reader.read(inlet));
        let mut state = self.state();
        if state.stay == stay {
            state.reading = Some(reading);
        } else {
            reading.abort();
        }
        Ok(())
    }

    /// Opens the socket, unless the holder has left in the meantime.
    async fn dial(&self, url: &str, stay: u64) -> Result<Inlet, HolderError> {
        let agency = &self.agency;
        let (outlet, inlet) =
            socket::open(url, agency.tls.as_ref(), agency.settings.open_limit).await?;
        let mut state = self.state();
        if state.stay != stay {
            return Err(SocketError::Closed.into());
        }
        state.outlet = Some(Arc::new(outlet));
        Ok(inlet)
    }

    async fn dial_again(self: &Arc<Self>, url: &str, stay: u64) -> Result<Inlet, HolderError> {
        let inlet = self.dial(url, stay).await?;
        let mediator = self.state().wallet.mediator.clone();
        if let Some(mediator) = mediator {
            self.ask_for_messages(&mediator).await?;
        }
        Ok(inlet)
    }

    /// Gives up a socket that has closed; whether it was still the holder's.
    fn lose(&self, stay: u64) -> bool {
        let mut state = self.state();
        let is_ours = state.stay == stay;
        let _outlet = if is_ours { state.outlet.take() } else { None };
        is_ours
    }

    /// Asks the mediator for what it has, as the strategy does.
    async fn ask_for_messages(self: &Arc<Self>, mediator: &Mediator) -> Result<(), HolderError> {
        self.send(&mediator.connection.line, self.question()).await.map(drop)
    }

    /// Implicit pickup gives one message a question: while they come, more are asked for.
    pub(super) fn ask_on(self: &Arc<Self>) {
        let mediator = {
            let (mut state, now) = (self.state(), Instant::now());
            if state.asks_left == 0 || state.asks_until.is_none_or(|until| until <= now) {
                return;
            }
            state.asks_left -= 1;
            state.asks_until = Some(now + ASKING);
            state.wallet.mediator.clone()
        };
        if let Some(mediator) = mediator {
            self.answer(*mediator.connection.line.key.verkey(), trust_ping::ping(false));
        }
    }

    /// Whether the mediator has nothing more, and sends by itself what comes.
    fn has_all(&self) -> bool {
        let state = self.state();
        let live = state.outlet.is_some() && self.agency.settings.pickup.is_live();
        live && state.draining.is_empty()
    }

    fn question(&self) -> Message {
        match self.agency.settings.pickup {
            Strategy::Implicit => {
                let mut state = self.state();
                (state.asks_until, state.asks_left) = (Some(Instant::now() + ASKING), ASKS_MAX);
                trust_ping::ping(false)
            }
            Strategy::Pickup1 => pickup::v1::batch_pickup(BATCH),
            Strategy::Pickup2 { live } => {
                let mut state = self.state();
                state.wants_live = live;
                state.draining.ask()
            }
        }
    }
}

/// Takes messages in until the holder goes offline; a socket that closes is opened again.
struct Reader {
    holder: Weak<Inner>,
    url: Box<str>,
    /// The holder's stay that the socket is for.
    stay: u64,
    /// How often in a row it did not open, or did not last.
    failures: u32,
}

impl Reader {
    async fn read(mut self, mut inlet: Inlet) {
        loop {
            let opened = Instant::now();
            while let Some(packed) = inlet.next().await {
                let Some(holder) = self.holder.upgrade() else { return };
                holder.arrive(&packed, Instant::now());
            }
            if opened.elapsed() >= LASTING {
                self.failures = 0;
            }
            // What a reconnect takes is not needed while the socket is open.
            match Box::pin(self.reconnect()).await {
                Some(new) => inlet = new,
                None => return,
            }
        }
    }

    /// Opens the socket again, later with each failure; gives up only when the holder is gone.
    async fn reconnect(&mut self) -> Option<Inlet> {
        let mut closed = true;
        loop {
            let (first, longest) = {
                let holder = self.holder.upgrade()?;
                if !holder.lose(self.stay) {
                    return None;
                }
                if std::mem::take(&mut closed) {
                    holder.tell_trouble("websocket closed", format!("by {}", self.url));
                }
                holder.agency.settings.backoff
            };
            let wait = first.saturating_mul(2_u32.saturating_pow(self.failures)).min(longest);
            sleep(spread(wait)).await;
            self.failures = self.failures.saturating_add(1);
            let holder = self.holder.upgrade()?;
            match holder.dial_again(&self.url, self.stay).await {
                Ok(inlet) => return Some(inlet),
                Err(error) => holder.tell_trouble("reconnect failed", error.to_string()),
            }
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
        // What asking takes is not needed between two questions.
        if let Err(error) = Box::pin(holder.ask_for_messages(&mediator)).await {
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
