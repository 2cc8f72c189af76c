//! Claims about holders that have credentials, with real ones.

mod anybody;
mod invited;
mod lives;
mod office;
mod prepared;
mod refusals;
mod scripts;

use std::{num::NonZeroUsize, sync::Arc};

use serde_json::json;

pub(super) use office::{Office, REGISTRY};

use office::Asked;

use super::World;
use crate::aries::{
    compute::Compute,
    holder::{Accepted, Agency, HolderError, Presented, Settings},
    ledger::{self, Ledger},
    protocol::Format,
};

/// An agency whose holders deal in credentials.
fn agency(settings: Settings) -> Agency {
    let compute = Arc::new(Compute::new(NonZeroUsize::MIN));
    let published = ledger::Settings::from_value(json!({ "kind": "registry", "url": REGISTRY }));
    let ledger = Ledger::new(published.unwrap(), Arc::clone(&compute));
    Agency::new(settings, None, None).with_credentials(Arc::new(ledger), compute)
}

impl World {
    /// One whose holder is posted to, and has a connection with an inviter that issues and verifies.
    async fn dealing() -> (Self, String) {
        let endpoint = Some("http://load".to_owned());
        let world = Self::of(agency(Settings { endpoint, ..Settings::default() }));
        world.fake.state().inviter.office = Some(Office::new());
        let id = world.connect(super::HANDSHAKES[2]).await.unwrap();
        (world, id)
    }

    /// The inviter offers a credential, and the holder accepts it.
    async fn issue(&self, connection: &str, format: Format) -> Result<Accepted, HolderError> {
        let offer = self.fake.office(|it| it.offer(format));
        self.fake.say(0, &offer);
        self.holder.accept_credential(connection).await
    }

    /// The inviter asks something, and that nothing was revoked until a time; the holder presents.
    async fn prove(
        &self,
        connection: &str,
        asked: impl Into<Asked>,
        until: u64,
    ) -> Result<Presented, HolderError> {
        let request = office::request(asked, &json!({ "to": until }));
        let request = self.fake.office(|it| it.ask(Format::AnonCreds, request));
        self.fake.say(0, &request);
        self.holder.present(connection).await
    }

    /// Whether the last presentation holds.
    fn is_verified(&self) -> bool {
        self.fake.office(|it| it.found().is_ok())
    }
}
