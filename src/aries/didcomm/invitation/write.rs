//! Writing invitations, the inviter's side, in ACA-Py's shapes.

use serde_json::{Map, Value, json};

use super::{
    Handshake, Invitation, Reach,
    json::{CONNECTIONS, OUT_OF_BAND},
};
use crate::aries::didcomm::{Verkey, base64, did::Service};

/// What an invitation is written as.
#[derive(Clone, Copy)]
enum Form {
    OutOfBand,
    Connections,
    Message,
}

impl Form {
    const fn parameter(self) -> &'static str {
        match self {
            Self::OutOfBand => "oob",
            Self::Connections => "c_i",
            Self::Message => "d_m",
        }
    }
}

impl Invitation {
    /// The invitation as JSON: out-of-band 1.1; if it is not out-of-band, connections 1.0 (with the
    /// first of its services), or the attached message itself if there is no handshake.
    #[must_use]
    pub fn to_value(&self) -> Value {
        match (self.form(), self.attached.first()) {
            (Form::Message, Some(message)) => message.to_value(),
            (Form::Connections, _) => self.as_connections(),
            (Form::OutOfBand | Form::Message, _) => self.as_out_of_band(),
        }
    }

    /// The invitation as a URL: `base` with `oob=`, `c_i=` or `d_m=`.
    #[must_use]
    pub fn to_url(&self, base: &str) -> String {
        let joint = if base.contains('?') { '&' } else { '?' };
        let encoded = base64::encode(self.to_value().to_string());
        format!("{base}{joint}{}={encoded}", self.form().parameter())
    }

    fn form(&self) -> Form {
        if self.out_of_band {
            Form::OutOfBand
        } else if self.handshakes == [Handshake::Connections1_0] {
            Form::Connections
        } else if self.handshakes.is_empty() && !self.attached.is_empty() {
            Form::Message
        } else {
            Form::OutOfBand
        }
    }

    fn as_out_of_band(&self) -> Value {
        let mut fields = self.head(OUT_OF_BAND.to_string());
        let uris = self.handshakes.iter().map(|it| Value::from(it.uri()));
        fields.insert("handshake_protocols".into(), uris.collect());
        let services = self.services.iter().map(|reach| match reach {
            Reach::Did(did) => Value::from(did.as_str()),
            Reach::Service(service) => inline(service),
        });
        fields.insert("services".into(), services.collect());
        if !self.attached.is_empty() {
            let attached = self.attached.iter().enumerate().map(|(place, message)| {
                json!({
                    "@id": format!("request-{place}"),
                    "mime-type": "application/json",
                    "data": { "json": message.to_value() },
                })
            });
            fields.insert("requests~attach".into(), attached.collect());
        }
        Value::Object(fields)
    }

    fn as_connections(&self) -> Value {
        let mut fields = self.head(CONNECTIONS.to_string());
        match self.services.first() {
            Some(Reach::Did(did)) => {
                fields.insert("did".into(), did.as_str().into());
            }
            Some(Reach::Service(service)) => {
                fields.extend(reached(service, Verkey::to_string));
            }
            None => {}
        }
        Value::Object(fields)
    }

    fn head(&self, kind: String) -> Map<String, Value> {
        let mut fields = Map::new();
        fields.insert("@type".into(), kind.into());
        fields.insert("@id".into(), self.id.as_str().into());
        fields.extend(self.label.as_deref().map(|label| ("label".into(), label.into())));
        fields
    }
}

fn inline(service: &Service) -> Value {
    let mut fields = reached(service, Verkey::did_key_url);
    fields.insert("id".into(), "#inline".into());
    fields.insert("type".into(), "did-communication".into());
    if service.priority != 0 {
        fields.insert("priority".into(), service.priority.into());
    }
    Value::Object(fields)
}

fn reached(service: &Service, written: impl Fn(&Verkey) -> String) -> Map<String, Value> {
    let keys = |keys: &[Verkey]| keys.iter().map(&written).collect::<Value>();
    let mut fields = Map::new();
    fields.insert("recipientKeys".into(), keys(&service.recipients));
    if !service.routing.is_empty() {
        fields.insert("routingKeys".into(), keys(&service.routing));
    }
    fields.insert("serviceEndpoint".into(), service.endpoint.as_str().into());
    fields
}
