//! Invitations that bring an offer or a question.

use serde_json::json;

use super::{
    Office, World, agency,
    office::{BEGINNING, request},
};
use crate::aries::{
    didcomm::{
        Message,
        invitation::{Handshake, Invitation},
    },
    holder::{Settings, tests::side::MEDIATOR},
    protocol::Format,
};

impl World {
    /// One whose holder has a mediator, an endpoint, or neither; nobody knows it otherwise.
    async fn strange(is_mediated: bool, endpoint: Option<&str>) -> Self {
        let endpoint = endpoint.map(str::to_owned);
        let world = Self::of(agency(Settings { endpoint, ..Settings::default() }));
        world.fake.state().inviter.office = Some(Office::new());
        if is_mediated {
            world.holder.connect_mediator(&world.fake.mediator()).await.unwrap();
            world.holder.go_online().await.unwrap();
        }
        world
    }

    /// An invitation of the inviter's that brings a message.
    fn bringing(&self, message: &Message, handshakes: &[Handshake]) -> Invitation {
        let invitation = self.fake.inviter(Handshake::DidExchange1_1);
        Invitation {
            handshakes: handshakes.to_vec(),
            attached: vec![message.clone().with_parent("the invitation")],
            ..invitation
        }
    }

    fn asking(&self) -> Message {
        let asked = request("name", &json!({ "to": BEGINNING }));
        self.fake.office(|it| it.ask(Format::AnonCreds, asked))
    }
}

#[tokio::test(start_paused = true)]
async fn invitations_without_a_handshake_are_answered_wherever_the_holder_is_reached() {
    for (is_mediated, endpoint) in [(true, None), (false, Some("http://load")), (false, None)] {
        let world = World::strange(is_mediated, endpoint).await;
        let offer = world.fake.office(|it| it.offer(Format::AnonCreds));
        let invitation = world.bringing(&offer, &[]);
        let accepted = world.holder.accept_credential_from(&invitation, "issuer").await.unwrap();
        assert_eq!(accepted.credential.connection, None);
        assert_eq!(accepted.credential.system, "issuer");

        let asked = world.asking();
        let presented = world.holder.present_to(&world.bringing(&asked, &[])).await.unwrap();
        assert_eq!((presented.connection, presented.thread_id), (None, asked.id));
        assert!(world.is_verified());
        assert_eq!(world.fake.office(|it| it.acked.len()), 1);

        let said = world.fake.heard("presentation").remove(0);
        assert_eq!(said.thread.pthid.as_deref(), Some("the invitation"));
        let service = &said.fields["~service"];
        let key = service["recipientKeys"][0].as_str().unwrap().parse().unwrap();
        let expected = match (is_mediated, endpoint) {
            (true, _) => MEDIATOR,
            (false, Some(endpoint)) => endpoint,
            (false, None) => "didcomm:transport/queue",
        };
        assert_eq!(service["serviceEndpoint"], expected);
        assert_eq!(service["routingKeys"].as_array().unwrap().len(), usize::from(is_mediated));
        // Nothing of it is left, neither here nor at the mediator.
        assert!(!world.fake.state().mediator.knows(&key));
        assert!(world.holder.0.state().passing.is_empty());
        assert!(world.agency.resident(&key).is_none());
        assert!(world.holder.record().connections.is_empty());
        assert_eq!(world.ear.troubles.lock().unwrap()[..], []);
    }
}

#[tokio::test(start_paused = true)]
async fn invitations_with_a_handshake_lead_to_a_connection_first() {
    let world = World::strange(false, Some("http://load")).await;
    let offer = world.fake.office(|it| it.offer(Format::AnonCreds));
    let invitation = world.bringing(&offer, &super::super::HANDSHAKES);
    let accepted = world.holder.accept_credential_from(&invitation, "issuer").await.unwrap();
    assert_eq!(accepted.credential.connection, world.holder.connections("issuer").pop());

    let invitation = world.bringing(&world.asking(), &super::super::HANDSHAKES);
    let presented = world.holder.present_to(&invitation).await.unwrap();
    assert_eq!(presented.connection, world.holder.connections("verifier").pop());
    assert!(presented.connection.is_some() && world.is_verified());
}

#[tokio::test(start_paused = true)]
async fn an_invitation_that_brings_something_else_is_not_answered() {
    let world = World::strange(false, None).await;
    let invitation = world.bringing(&world.asking(), &[]);
    let refused = world.holder.accept_credential_from(&invitation, "issuer").await.unwrap_err();
    assert_eq!(refused.kind(), "nothing attached");
    insta::assert_snapshot!(refused, @"the invitation has no offer of a credential attached");
    assert!(world.fake.state().heard.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_stranger_cannot_answer_for_whom_the_holder_met_in_passing() {
    let world = World::strange(false, Some("http://load")).await;
    let offer = world.fake.office(|it| it.offer(Format::AnonCreds));
    let invitation = world.bringing(&offer, &[]);
    world.holder.accept_credential_from(&invitation, "issuer").await.unwrap();
    world.fake.fall_ill(super::super::fake::Ill::Silent);
    let asked = world.asking();
    let invitation = world.bringing(&asked, &[]);
    let stranger = async {
        super::super::settle().await;
        while world.fake.heard("presentation").is_empty() {
            tokio::task::yield_now().await;
        }
        let links = world.fake.state().inviter.links.len();
        let ack =
            Message::answer("https://didcomm.org/present-proof/2.0/ack".parse().unwrap(), &asked);
        let ack = ack.with("status", "OK").with("verification_result", "true");
        let packed = world.fake.pack_by_a_stranger(links - 1, &ack);
        assert!(world.fake.post(Some(packed)));
    };
    let (presented, ()) = tokio::join!(world.holder.present_to(&invitation), stranger);
    assert_eq!(presented.unwrap_err().kind(), "no response");
    assert_eq!(world.ear.told("unreadable message"), 1);
}
