//! One fake agent: whom it has invited, and what it says to whom.

use std::collections::{HashSet, VecDeque};

use super::{credentials::Office, fake::Ill};
use crate::aries::{
    didcomm::{
        KeyPair, Kind, Message, Verkey,
        did::{DidMethod, OwnDid, Service},
        envelope::{Channel, Envelope},
        invitation::{Handshake, Invitation, Reach},
    },
    protocol::{
        Party, Responder,
        mediation::{self, Outcome, mediator},
        notification, out_of_band,
        pickup::{Delivered, v1, v2},
        routing, trust_ping,
    },
};

pub(super) const MEDIATOR: &str = "http://mediator";
pub(super) const INVITER: &str = "http://inviter";

/// One fake agent.
pub(super) struct Side {
    url: &'static str,
    /// Signs its answers.
    invited: KeyPair,
    pub(super) links: Vec<Link>,
    /// The mediator's: whom messages are forwarded through, and for which keys.
    routing: KeyPair,
    keylist: HashSet<Verkey>,
    pub(super) queue: VecDeque<Vec<u8>>,
    denies: bool,
    /// Issues and verifies, if it does.
    pub(super) office: Option<Office>,
}

/// Somebody whom it knows.
pub(super) struct Link {
    pub(super) key: KeyPair,
    pub(super) channel: Channel,
    pub(super) service: Service,
}

/// What it says to somebody.
pub(super) struct Reaction {
    pub(super) link: usize,
    pub(super) packed: Vec<u8>,
}

impl Side {
    pub(super) fn mediator() -> Self {
        Self::new(MEDIATOR)
    }

    pub(super) fn inviter() -> Self {
        Self::new(INVITER)
    }

    fn new(url: &'static str) -> Self {
        Self {
            url,
            invited: KeyPair::generate(),
            links: Vec::new(),
            routing: KeyPair::generate(),
            keylist: HashSet::new(),
            queue: VecDeque::new(),
            denies: false,
            office: None,
        }
    }

    pub(super) fn deny(&mut self) {
        self.denies = true;
    }

    pub(super) fn knows(&self, key: &Verkey) -> bool {
        self.keylist.contains(key)
    }

    pub(super) fn invitation(&self, handshake: Handshake) -> Invitation {
        let service = Service {
            recipients: vec![*self.invited.verkey()],
            routing: Vec::new(),
            endpoint: self.url.to_owned(),
            priority: 0,
        };
        Invitation {
            id: "the invitation".to_owned(),
            label: Some(self.url.to_owned()),
            handshakes: vec![handshake],
            services: vec![Reach::Service(service)],
            attached: Vec::new(),
            out_of_band: true,
        }
    }

    /// Takes a packed message; gives what it says, and what this says to that.
    pub(super) fn react(&mut self, packed: &[u8], ill: Option<Ill>) -> (Message, Option<Reaction>) {
        let envelope = Envelope::parse(packed).unwrap();
        let is_ours = |key: &KeyPair| envelope.recipients().any(|it| it == key.verkey());
        let invited = *self.invited.verkey();
        let known = |link: &Link| *link.key.verkey() != invited && is_ours(&link.key);
        let link = self.links.iter().position(known);
        let key = link.map_or(&self.invited, |link| &self.links[link].key);
        let message = Message::parse(&envelope.open(key, None).unwrap().plaintext).unwrap();
        let (link, answer) = match link {
            Some(link) => (link, self.answer(&message)),
            None if message.fields.contains_key("~service") => self.pass(&message),
            None => self.meet(&message, ill),
        };
        let answer = match ill {
            Some(Ill::Problem(code)) => Some(notification::problem_report(&message, code, "sorry")),
            Some(Ill::Silent | Ill::Status(_) | Ill::Forged | Ill::Hanging) | None => answer,
        };
        let pack = |it: Message| self.links[link].channel.pack(&it.to_bytes());
        let reaction = answer.map(|it| Reaction { link, packed: pack(it) });
        (message, reaction)
    }

    fn meet(&mut self, request: &Message, ill: Option<Ill>) -> (usize, Option<Message>) {
        let key = KeyPair::generate();
        let is_old = request.kind.minor == 0;
        let method = if is_old { DidMethod::Unqualified } else { DidMethod::Peer4 };
        let did = OwnDid::new(method, key.verkey(), self.url, &[]);
        let me = Party { label: self.url, key: &key, did: &did };
        let stranger = KeyPair::generate();
        let signer = if ill == Some(Ill::Forged) { &stranger } else { &self.invited };
        let (_, met) = Responder::receive(request, signer, &me, 0).unwrap();
        let service = met.their_doc.unwrap().services.remove(0);
        let channel = Channel::new(&key, &service.recipients[0]).unwrap();
        self.links.push(Link { key, channel, service });
        (self.links.len() - 1, Some(met.answer))
    }

    /// Talks to somebody who says where the answer goes, and is not known.
    fn pass(&mut self, message: &Message) -> (usize, Option<Message>) {
        let service = &message.fields["~service"];
        let keys = |field: &str| -> Vec<Verkey> {
            let keys = service[field].as_array().unwrap().iter();
            keys.map(|key| key.as_str().unwrap().parse().unwrap()).collect()
        };
        let service = Service {
            recipients: keys("recipientKeys"),
            routing: keys("routingKeys"),
            endpoint: service["serviceEndpoint"].as_str().unwrap().to_owned(),
            priority: 0,
        };
        let channel = Channel::new(&self.invited, &service.recipients[0]).unwrap();
        self.links.push(Link { key: self.invited.clone(), channel, service });
        (self.links.len() - 1, self.answer(message))
    }

    fn answer(&mut self, asked: &Message) -> Option<Message> {
        let is = |kind: &Kind| asked.kind.is(kind);
        if is(&mediation::REQUEST) && self.denies {
            Some(mediator::deny(asked))
        } else if is(&mediation::REQUEST) {
            Some(mediator::grant(asked, MEDIATOR, &[*self.routing.verkey()]))
        } else if is(&mediation::UPDATE) {
            Some(self.update(asked))
        } else if is(&out_of_band::REUSE) {
            Some(out_of_band::accept_reuse(asked).unwrap())
        } else if is(&v1::BATCH_PICKUP) {
            Some(self.batch(asked))
        } else if is(&v2::STATUS_REQUEST) || is(&v2::MESSAGES_RECEIVED) {
            Some(self.status(asked))
        } else if is(&v2::DELIVERY_REQUEST) {
            let limit = v2::read_delivery_request(asked).unwrap().limit;
            Some(v2::delivery(Some(asked), &self.kept(limit)))
        } else {
            let dealt = self.office.as_mut().and_then(|office| office.answer(asked));
            dealt.or_else(|| trust_ping::answer(asked))
        }
    }

    fn update(&mut self, asked: &Message) -> Message {
        let updates = mediator::read_update(asked).unwrap();
        for update in &updates {
            match update.action {
                mediation::Action::Add => self.keylist.insert(update.key),
                mediation::Action::Remove => self.keylist.remove(&update.key),
            };
        }
        let results: Vec<_> = updates.into_iter().map(|it| (it, Outcome::Success)).collect();
        mediator::update_response(asked, &results)
    }

    fn batch(&mut self, asked: &Message) -> Message {
        let items = self.kept(v1::read_batch_pickup(asked).unwrap());
        self.queue.drain(..items.len());
        v1::batch(asked, &items)
    }

    fn status(&mut self, asked: &Message) -> Message {
        if let Ok(received) = v2::read_received(asked) {
            self.queue.retain(|packed| !received.contains(&id(packed)));
        }
        let message_count = self.queue.len() as u64;
        v2::Status { message_count, live_delivery: false, recipient: None }.message(asked)
    }

    fn kept(&self, limit: usize) -> Vec<Delivered> {
        let item = |packed: &Vec<u8>| Delivered { id: id(packed), packed: packed.clone() };
        self.queue.iter().take(limit).map(item).collect()
    }

    /// Takes a forward in, if it is for one of its keys.
    pub(super) fn take_in(&mut self, packed: &[u8]) {
        let opened = Envelope::parse(packed).unwrap().open(&self.routing, None).unwrap();
        let message = Message::parse(&opened.plaintext).unwrap();
        let forward = routing::read_forward(&message).unwrap();
        if self.keylist.contains(&forward.to) {
            self.queue.push_back(forward.packed);
        }
    }
}

/// What a mediator calls a packed message: no two have the same end.
fn id(packed: &[u8]) -> String {
    String::from_utf8_lossy(&packed[packed.len() - 40..]).into_owned()
}
