mod acapy;
mod attribution;
mod credentials;
mod endings;
mod fake;
mod floods;
mod life;
mod menus;
mod pickup;
mod records;
mod regressions;
mod scripts;
mod secrets;
mod side;
mod strangers;
mod waits;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use fake::Fake;

use crate::aries::{
    compute::Computed,
    didcomm::{Kind, Message, invitation::Handshake},
    holder::{
        Agency, Exchanged, Holder, HolderError, HolderRecord, Means, Observer, Received, Sent,
        Settings, Trouble, Work,
    },
    protocol::basic_message,
};

/// All handshakes.
const HANDSHAKES: [Handshake; 3] =
    [Handshake::Connections1_0, Handshake::DidExchange1_0, Handshake::DidExchange1_1];

/// Hears what holders tell.
#[derive(Default)]
struct Ear {
    troubles: Mutex<Vec<Trouble>>,
    work: Mutex<Vec<Work>>,
    received: Mutex<Vec<Received>>,
    exchanges: Mutex<Vec<(&'static str, Exchanged)>>,
}

impl Observer for Ear {
    fn sent(&self, _: &Kind, _: Sent) {}

    fn received(&self, _: &Kind, figures: Received) {
        self.received.lock().unwrap().push(figures);
    }

    fn trouble(&self, trouble: &Trouble) {
        self.troubles.lock().unwrap().push(trouble.clone());
    }

    fn exchange(&self, protocol: &'static str, became: Exchanged) {
        self.exchanges.lock().unwrap().push((protocol, became));
    }

    fn computed(&self, what: Work, _: Computed<()>) {
        self.work.lock().unwrap().push(what);
    }
}

impl Ear {
    /// How often a kind of trouble was told.
    fn told(&self, kind: &str) -> usize {
        self.troubles.lock().unwrap().iter().filter(|it| it.kind == kind).count()
    }
}

/// A holder, and everybody else.
struct World {
    fake: Arc<Fake>,
    ear: Arc<Ear>,
    agency: Arc<Agency>,
    holder: Holder,
}

impl World {
    fn new(settings: Settings) -> Self {
        Self::of(Agency::new(settings, None, None))
    }

    fn of(agency: Agency) -> Self {
        let (fake, ear) = (Fake::new(), Arc::new(Ear::default()));
        let agency = Arc::new(agency);
        fake.posts_to(&agency);
        let means = Means { http: fake.clone(), observer: ear.clone() };
        let holder = Holder::create(Arc::clone(&agency), means, "ann");
        Self { fake, ear, agency, holder }
    }

    /// One whose holder takes answers back the way it asks.
    fn bare() -> Self {
        Self::new(Settings::default())
    }

    /// One whose holder is posted to, and that has connections with the inviter.
    async fn posted(connections: usize) -> (Self, Vec<String>) {
        let endpoint = Some("http://load".to_owned());
        let world = Self::new(Settings { endpoint, ..Settings::default() });
        let mut ids = Vec::new();
        for _ in 0..connections {
            ids.push(world.connect(Handshake::DidExchange1_1).await.unwrap());
        }
        (world, ids)
    }

    /// One whose holder has a mediator, is online, and has a connection with the inviter.
    async fn mediated(settings: Settings) -> (Self, String) {
        let world = Self::new(settings);
        world.holder.connect_mediator(&world.fake.mediator()).await.unwrap();
        world.holder.go_online().await.unwrap();
        let id = world.connect(Handshake::DidExchange1_1).await.unwrap();
        (world, id)
    }

    async fn connect(&self, handshake: Handshake) -> Result<String, HolderError> {
        self.holder.accept(&self.fake.inviter(handshake), "issuer", None).await
    }

    /// The same others, and another process with this holder.
    fn revived(&self, record: HolderRecord) -> Result<Holder, HolderError> {
        let means = Means { http: self.fake.clone(), observer: self.ear.clone() };
        let agency = Agency::new(self.agency.settings.clone(), None, None);
        Holder::revive(Arc::new(agency), means, record)
    }
}

fn text(content: &str) -> Message {
    basic_message::message(content, "2026-11-21T00:51:22Z")
}

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

/// Lets whatever is under way go on, without time passing.
async fn settle() {
    for _ in 0..1000 {
        tokio::task::yield_now().await;
    }
}
