//! Recorded handshakes with ACA-Py lead to the keys that the agents used next.

use serde_json::Value;

use super::{Run, Said, flows, key};
use crate::aries::{
    didcomm::{
        Message, Verkey,
        did::{self, DidMethod, OwnDid},
        invitation::Handshake,
    },
    protocol::{Inviter, Party, ProtocolError, Requester, Responder},
};

/// A request, its response and what follows it.
struct Recorded<'a> {
    agent: String,
    run: &'a Run,
    request: &'a Said,
    response: &'a Said,
    after: &'a Said,
}

fn check_all(check: impl Fn(&Recorded)) -> usize {
    let mut count = 0;
    for (flow, runs) in flows() {
        for run in &runs {
            for recorded in handshakes(&flow, run) {
                check(&recorded);
                count += 1;
            }
        }
    }
    count
}

fn handshakes<'a>(flow: &str, run: &'a Run) -> Vec<Recorded<'a>> {
    let requests = run.messages.iter().filter(|it| {
        let kind = it.message().kind;
        kind.name == "request" && kind.protocol != "coordinate-mediation"
    });
    requests
        .map(|request| {
            let id = request.message().id;
            let response = |it: &&Said| {
                let message = it.message();
                message.kind.name == "response" && message.thread_id() == id
            };
            let response = run.messages.iter().find(|it| response(it)).unwrap();
            let after = |it: &&Said| match &*it.message().kind.name {
                "complete" => it.message().thread_id() == id,
                "ping" => request.message().kind.protocol == "connections",
                _ => false,
            };
            let after = run.messages.iter().find(|it| after(it)).unwrap();
            let agent = format!("{flow}, {}", run.agent);
            Recorded { agent, run, request, response, after }
        })
        .collect()
}

impl Recorded<'_> {
    fn handshake(&self) -> Handshake {
        let kind = self.request.message().kind;
        match (&*kind.protocol, kind.minor) {
            ("connections", _) => Handshake::Connections1_0,
            (_, 0) => Handshake::DidExchange1_0,
            _ => Handshake::DidExchange1_1,
        }
    }

    /// The keys of the invitation, which are those that the request was packed for.
    fn invited(&self) -> (Option<String>, Vec<Verkey>) {
        let packed_for: Vec<Verkey> =
            self.request.recipient_keys.iter().map(|it| it.parse().unwrap()).collect();
        let Some(invitation) = &self.run.invitation else { return (None, packed_for) };
        let service = invitation.pointer("/services/0");
        let did = service.and_then(Value::as_str);
        let keys: Vec<Verkey> = match (did, service) {
            (Some(did), _) => did::read(did).unwrap().unwrap().keys,
            (None, service) => {
                let keys = service.unwrap_or(invitation)["recipientKeys"].as_array().unwrap();
                keys.iter().map(|it| it.as_str().unwrap().parse().unwrap()).collect()
            }
        };
        assert!(packed_for.iter().all(|it| keys.contains(it)), "{}", self.agent);
        (did.map(str::to_owned), keys)
    }

    fn requester(&self, keys: &[Verkey]) -> Requester {
        let (did, _) = self.invited();
        let request = self.request.message();
        let invitation = request.thread.pthid.as_deref().unwrap();
        let inviter = Inviter { did: did.as_deref(), keys };
        Requester::waiting(self.handshake(), request.id, invitation, inviter)
    }
}

#[test]
fn a_recorded_response_leads_to_the_keys_that_were_used_next() {
    let count = check_all(|recorded| {
        let (_, keys) = recorded.invited();
        let mut requester = recorded.requester(&keys);
        let response = recorded.response.message();
        let established = requester.receive(&response).unwrap();
        let service = &established.their_doc.unwrap().services[0];
        for used in &recorded.after.recipient_keys {
            assert_eq!(service.recipients, [used.parse().unwrap()], "{}", recorded.agent);
        }
        if let Some(sender) = &recorded.response.sender_key {
            assert_eq!(service.recipients, [sender.parse().unwrap()], "{}", recorded.agent);
        }
        assert!(service.endpoint.starts_with("http://127.0.0.1:8"), "{}", service.endpoint);

        let after = recorded.after.message();
        assert_eq!(established.answer.kind, after.kind, "{}", recorded.agent);
        assert_eq!(established.answer.thread, after.thread, "{}", recorded.agent);
    });
    assert_eq!(count, 20);
}

#[test]
fn a_recorded_response_is_refused_if_somebody_else_had_invited() {
    check_all(|recorded| {
        let mut requester = recorded.requester(&[*key(9).verkey()]);
        let refused = requester.receive(&recorded.response.message());
        assert!(matches!(refused, Err(ProtocolError::Wrong { .. })), "{}", recorded.agent);
    });
}

#[test]
fn a_recorded_request_is_answered_and_completed() {
    let invited = key(1);
    let did = OwnDid::new(DidMethod::Unqualified, invited.verkey(), "http://127.0.0.1", &[]);
    let me = Party { label: "we", key: &invited, did: &did };
    check_all(|recorded| {
        let request = recorded.request.message();
        let (mut responder, established) =
            Responder::receive(&request, &invited, &me, 1_800_000_000).unwrap();
        let doc = established.their_doc.unwrap();
        if let Some(sender) = &recorded.request.sender_key {
            assert_eq!(doc.services[0].recipients, [sender.parse().unwrap()], "{}", recorded.agent);
        }
        let Message { kind, thread, .. } = established.answer;
        assert_eq!(kind, recorded.response.message().kind);
        assert_eq!(thread, recorded.response.message().thread);
        responder.complete(&recorded.after.message()).unwrap();
    });
}
