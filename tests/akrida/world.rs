//! What Akrida's scenarios ask of issuers and verifiers, asked of a sandbox.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
};

use engine::sandbox::{Admin, Sandbox, Settings, Store, Switches};
use serde_json::{Value, json};

/// What a sandbox's credentials say something of.
const ATTRIBUTES: [&str; 6] =
    ["name", "given_names", "birthdate_dateint", "score", "occupation", "expiry"];

/// A sandbox, and the environment of agents that live on it.
pub(crate) struct World {
    sandbox: Sandbox,
    mediator: String,
    ledger: String,
}

impl World {
    pub(crate) fn new() -> Self {
        let sandbox = Sandbox::start(Settings {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            store: Store::Memory,
            switches: Switches::default(),
            admin: Admin::default(),
            registry_size: 8,
            open_registry: false,
        })
        .unwrap();
        let (mediator, ledger) = (sandbox.target("mediator"), sandbox.target("ledger"));
        Self { sandbox, mediator, ledger }
    }

    /// The environment that Akrida's `.env` makes, with a ledger.
    pub(crate) fn variables(&self) -> [(&str, &str); 4] {
        [
            ("MEDIATION_URL", &self.mediator),
            ("VERIFIED_TIMEOUT_SECONDS", "20"),
            ("AGENT_LOGGING_LEVEL", "7"),
            ("ENGINE_AKRIDA_LEDGER", &self.ledger),
        ]
    }

    /// As `get_invite` does: an invitation's URL, and the inviter's name for the connection.
    pub(crate) fn invite(&self, system: &str) -> (String, String) {
        let handshakes =
            ["https://didcomm.org/didexchange/1.0", "https://didcomm.org/didexchange/1.1"];
        let invitation = self.post(
            &format!("{system}/out-of-band/create-invitation?auto_accept=true"),
            &json!({ "handshake_protocols": handshakes }),
        );
        let id = invitation["invi_msg_id"].as_str().unwrap();
        let found = self.get(&format!("{system}/connections?invitation_msg_id={id}"));
        (text(&invitation["invitation_url"]), text(&found["results"][0]["connection_id"]))
    }

    /// As `issue_credential` of `acapy_v2` does.
    pub(crate) fn issue(&self, connection: &str) {
        let created = self.get("issuer/credential-definitions/created");
        let definition = &created["credential_definition_ids"][0];
        let attributes = ATTRIBUTES
            .map(|name| json!({ "mime-type": "text/plain", "name": name, "value": "test" }));
        self.post(
            "issuer/issue-credential-2.0/send",
            &json!({
                "auto_issue": true,
                "connection_id": connection,
                "credential_preview": {
                    "@type": "issue-credential/2.0/credential-preview",
                    "attributes": attributes,
                },
                "filter": { "indy": { "cred_def_id": definition } },
            }),
        );
    }

    /// As `request_verification` of `acapy_v2` does; gives the exchange's id.
    pub(crate) fn request(&self, connection: &str, attribute: &str) -> String {
        let asked = json!({
            "auto_verify": false,
            "auto_remove": false,
            "connection_id": connection,
            "presentation_request": { "indy": {
                "name": "PerfScore",
                "version": "1.0",
                "requested_attributes": { attribute: { "name": attribute } },
                "requested_predicates": {},
            } },
        });
        text(&self.post("verifier/present-proof-2.0/send-request", &asked)["pres_ex_id"])
    }

    /// Has a presentation verified that has been received; gives the verdict.
    pub(crate) fn verify(&self, exchange: &str) -> Value {
        let record = format!("verifier/present-proof-2.0/records/{exchange}");
        while self.get(&record)["state"] != "presentation-received" {}
        self.post(&format!("{record}/verify-presentation"), &json!({}))["verified"].take()
    }

    pub(crate) fn send(&self, connection: &str, content: &str) {
        let path = format!("issuer/connections/{connection}/send-message");
        self.post(&path, &json!({ "content": content }));
    }

    /// Waits until the inviter can use a connection.
    pub(crate) fn until_ready(&self, system: &str, connection: &str) {
        while self.get(&format!("{system}/connections/{connection}"))["rfc23_state"] != "completed"
        {
        }
    }

    fn get(&self, path: &str) -> Value {
        self.exchange("GET", path, &[])
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        self.exchange("POST", path, body.to_string().as_bytes())
    }

    fn exchange(&self, method: &str, path: &str, body: &[u8]) -> Value {
        let url = self.sandbox.url();
        let host = url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        let length = body.len();
        let head = format!(
            "{method} /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n"
        );
        stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200"), "{method} {path}: {answer}");
        serde_json::from_str(body).unwrap()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}
