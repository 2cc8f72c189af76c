//! A fake of everybody else: a mediator and an inviter behind one HTTP client, without a socket.

use std::{
    sync::{Arc, Mutex, MutexGuard, OnceLock, Weak},
    time::Duration,
};

use super::{
    credentials::Office,
    side::{MEDIATOR, Reaction, Side},
};
use crate::aries::{
    didcomm::{
        KeyPair, Message,
        envelope::{Channel, forward},
        invitation::{Handshake, Invitation},
    },
    holder::Agency,
    transport::{Answer, Body, Call, Http, HttpFailure, Method, Sending},
};

/// When the fake's HTTP client gives up on a server that hangs.
pub(super) const GIVES_UP: Duration = Duration::from_mins(1);

/// What the others do instead of what they should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ill {
    /// They take messages and say nothing.
    Silent,
    /// They answer with this status.
    Status(u16),
    /// They report a problem of this code.
    Problem(&'static str),
    /// A stranger signs their answers to requests for a connection.
    Forged,
    /// They do not answer at all.
    Hanging,
}

/// What becomes of a body on its way to the holder.
pub(super) type Fate = Box<dyn FnMut(Vec<u8>) -> Vec<u8> + Send>;

/// Everybody else.
pub(super) struct Fake {
    state: Mutex<State>,
    /// Who is posted to, where holders have an endpoint.
    agency: OnceLock<Weak<Agency>>,
}

pub(super) struct State {
    pub(super) mediator: Side,
    pub(super) inviter: Side,
    pub(super) ill: Option<Ill>,
    /// All that a holder has said, in order.
    pub(super) heard: Vec<Message>,
    /// Calls under way now, and the most at any time.
    pub(super) under_way: (usize, usize),
    pub(super) fate: Option<Fate>,
}

impl Fake {
    pub(super) fn new() -> Arc<Self> {
        let state = State {
            mediator: Side::mediator(),
            inviter: Side::inviter(),
            ill: None,
            heard: Vec::new(),
            under_way: (0, 0),
            fate: None,
        };
        Arc::new(Self { state: Mutex::new(state), agency: OnceLock::new() })
    }

    pub(super) fn posts_to(&self, agency: &Arc<Agency>) {
        // The first agency's holders are the ones that are posted to.
        let _ = self.agency.set(Arc::downgrade(agency));
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Does something at the inviter's office.
    pub(super) fn office<T>(&self, deal: impl FnOnce(&mut Office) -> T) -> T {
        deal(self.state().inviter.office.as_mut().unwrap())
    }

    pub(super) fn fall_ill(&self, ill: impl Into<Option<Ill>>) {
        self.state().ill = ill.into();
    }

    /// The mediator's invitation.
    pub(super) fn mediator(&self) -> Invitation {
        self.state().mediator.invitation(Handshake::DidExchange1_1)
    }

    /// An invitation of the inviter's that allows one handshake.
    pub(super) fn inviter(&self, handshake: Handshake) -> Invitation {
        self.state().inviter.invitation(handshake)
    }

    /// What holders have said of one name, such as `ping`.
    pub(super) fn heard(&self, name: &str) -> Vec<Message> {
        self.state().heard.iter().filter(|it| it.kind.name == name).cloned().collect()
    }

    /// A message of the inviter's to its connection number `link`, packed.
    pub(super) fn pack(&self, link: usize, message: &Message) -> Vec<u8> {
        self.state().inviter.links[link].channel.pack(&message.to_bytes())
    }

    /// The same by somebody whom the holder does not know.
    pub(super) fn pack_by_a_stranger(&self, link: usize, message: &Message) -> Vec<u8> {
        let theirs = *self.state().inviter.links[link].channel.theirs();
        let channel = Channel::new(&KeyPair::generate(), &theirs).unwrap();
        channel.pack(&message.to_bytes())
    }

    /// The inviter sends its connection number `link` a message.
    pub(super) fn say(&self, link: usize, message: &Message) {
        let packed = self.pack(link, message);
        let posted = self.state().reach(link, packed);
        self.post(posted);
    }

    /// Posts to the holder's endpoint; whether it has taken it.
    pub(super) fn post(&self, packed: Option<Vec<u8>>) -> bool {
        let agency = self.agency.get().and_then(Weak::upgrade);
        packed.is_some_and(|it| agency.unwrap().receive(&it))
    }

    fn answer(&self, url: &str, packed: &[u8]) -> Answer {
        let (body, posted) = {
            let mut state = self.state();
            let (body, posted) = state.take(url, packed);
            (state.fate.as_mut().map_or_else(|| body.clone(), |it| it(body.clone())), posted)
        };
        self.post(posted);
        Answer { status: 200, location: None, body: body.into() }
    }
}

impl State {
    /// Takes a message; gives what comes back with it, and what is posted to the holder.
    fn take(&mut self, url: &str, packed: &[u8]) -> (Vec<u8>, Option<Vec<u8>>) {
        let ill = self.ill;
        let is_mediator = url == MEDIATOR;
        let side = if is_mediator { &mut self.mediator } else { &mut self.inviter };
        let (message, reaction) = side.react(packed, ill);
        self.heard.push(message.clone());
        if ill == Some(Ill::Silent) {
            return (Vec::new(), None);
        }
        match reaction {
            Some(Reaction { packed, .. }) if message.wants_return_route() => (packed, None),
            Some(Reaction { link, packed }) if !is_mediator => {
                (Vec::new(), self.reach(link, packed))
            }
            None if is_mediator && message.wants_return_route() => {
                (self.mediator.queue.pop_front().unwrap_or_default(), None)
            }
            Some(_) | None => (Vec::new(), None),
        }
    }

    /// Leaves a packed message of the inviter's at the mediator, or gives it back to be posted.
    fn reach(&mut self, link: usize, packed: Vec<u8>) -> Option<Vec<u8>> {
        let link = &self.inviter.links[link];
        if link.service.endpoint != MEDIATOR {
            return Some(packed).filter(|_| link.service.endpoint.starts_with("http"));
        }
        let forwarded = forward(packed, link.channel.theirs(), &link.service.routing).unwrap();
        self.mediator.take_in(&forwarded);
        None
    }
}

impl Http for Fake {
    fn send(&self, call: Call) -> Sending<'_> {
        if call.method == Method::Get {
            let answer = self.office(|it| it.get(&call.url));
            return Box::pin(async { Ok(answer) });
        }
        let Body::Envelope(packed) = call.body else { panic!("{} is sent no envelope", call.url) };
        Box::pin(async move {
            self.state().enter();
            let ill = self.state().ill;
            let answer = match ill {
                Some(Ill::Hanging) => {
                    tokio::time::sleep(GIVES_UP).await;
                    Err(HttpFailure { kind: "timeout".into(), message: "no answer".into() })
                }
                Some(Ill::Status(status)) => {
                    Ok(Answer { status, location: None, body: "busy".into() })
                }
                Some(Ill::Silent | Ill::Problem(_) | Ill::Forged) | None => {
                    Ok(self.answer(&call.url, &packed))
                }
            };
            self.state().under_way.0 -= 1;
            answer
        })
    }
}

impl State {
    fn enter(&mut self) {
        self.under_way.0 += 1;
        self.under_way.1 = self.under_way.1.max(self.under_way.0);
    }
}
