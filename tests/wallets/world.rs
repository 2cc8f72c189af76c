//! A sandbox in a directory of its own, and holders that live on it.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use engine::{
    aries::{
        controller::{self, Controller, InvitationSource},
        didcomm::{Kind, invitation::Invitation},
        holder::{
            Agency, Holder, HolderError, HolderRecord, Means, Observer, Received, Sent, Settings,
            Trouble,
        },
        transport::{Answer, Body, Call, Http, HttpFailure, Method, Sending, fetch_invitation},
    },
    sandbox::{self, Admin, Sandbox, Store, Switches},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::Notify,
};

/// Longest that a holder of these tests waits.
pub(crate) const LIMIT: Duration = Duration::from_secs(10);

/// The least HTTP/1.1 that a holder needs: a connection for each request.
struct Plain;

impl Http for Plain {
    fn send(&self, call: Call) -> Sending<'_> {
        Box::pin(async move {
            let failure = |error: std::io::Error| HttpFailure {
                kind: "io".into(),
                message: error.to_string(),
            };
            exchange(call).await.map_err(failure)
        })
    }
}

async fn exchange(call: Call) -> std::io::Result<Answer> {
    let (host, path) = call.url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let method = if call.method == Method::Get { "GET" } else { "POST" };
    let (kind, body) = match call.body {
        Body::Empty => ("text/plain", Vec::new()),
        Body::Json(value) => ("application/json", value.to_string().into_bytes()),
        Body::Envelope(packed) => ("application/didcomm-envelope-enc", packed),
    };
    let length = body.len();
    let head = format!(
        "{method} /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\
         content-type: {kind}\r\ncontent-length: {length}\r\n\r\n"
    );
    let mut stream = TcpStream::connect(host).await?;
    stream.write_all(&[head.into_bytes(), body].concat()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let text = String::from_utf8_lossy(&answer);
    let (head, body) = text.split_once("\r\n\r\n").ok_or(std::io::ErrorKind::UnexpectedEof)?;
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Ok(Answer { status, location: None, body: body.to_owned().into() })
}

/// Hears what goes wrong.
#[derive(Default)]
pub(crate) struct Ear {
    troubles: Mutex<Vec<Trouble>>,
    more: Notify,
}

impl Observer for Ear {
    fn sent(&self, _: &Kind, _: Sent) {}

    fn received(&self, _: &Kind, _: Received) {}

    fn trouble(&self, trouble: &Trouble) {
        self.troubles.lock().unwrap().push(trouble.clone());
        self.more.notify_one();
    }
}

impl Ear {
    /// Waits until a kind of trouble was told so often.
    pub(crate) async fn hears(&self, kind: &str, times: usize) {
        let heard = async {
            while self.told(kind) < times {
                self.more.notified().await;
            }
        };
        let heard = tokio::time::timeout(LIMIT, heard).await;
        assert!(heard.is_ok(), "{kind} was told {} times: {self}", self.told(kind));
    }

    pub(crate) fn told(&self, kind: &str) -> usize {
        self.troubles.lock().unwrap().iter().filter(|it| it.kind == kind).count()
    }
}

impl std::fmt::Display for Ear {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.troubles.lock().unwrap())
    }
}

/// A sandbox in a directory of its own.
pub(crate) struct World {
    directory: TempDir,
    sandbox: Option<Sandbox>,
    pub(crate) issuer: Issuer,
}

/// Who invites, and writes.
pub(crate) struct Issuer(Controller);

/// A holder with a mediator and a connection with the issuer.
pub(crate) struct Known {
    pub(crate) holder: Holder,
    /// What the holder calls the connection.
    pub(crate) id: String,
    /// What the issuer calls it.
    pub(crate) remote: String,
    pub(crate) ear: Arc<Ear>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(Switches::default())
    }

    pub(crate) fn with(switches: Switches) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let sandbox = start(directory.path(), switches);
        let url = sandbox.target("issuer").into();
        let issuer = Issuer(Controller::new(controller::Settings::from_value(url).unwrap()));
        Self { directory, sandbox: Some(sandbox), issuer }
    }

    /// Ends the sandbox; its directory stays.
    pub(crate) fn stop(&mut self) {
        self.sandbox.take().unwrap().stop().unwrap();
    }

    /// Starts it again in its directory, where it was.
    pub(crate) fn start(&mut self, switches: Switches) {
        self.sandbox = Some(start(self.directory.path(), switches));
    }

    /// What the sandbox has counted.
    async fn stats(&self) -> serde_json::Value {
        let url = format!("{}/sandbox/stats", self.sandbox.as_ref().unwrap().url());
        let call = Call { method: Method::Get, url, headers: Vec::new(), body: Body::Empty };
        serde_json::from_slice(&Plain.send(call).await.unwrap().body).unwrap()
    }

    /// Waits until a number of the sandbox's statistics is as it should be.
    pub(crate) async fn until(&self, name: &str, number: u64) {
        let counted = async { while self.stats().await[name] != number {} };
        let counted = tokio::time::timeout(LIMIT, counted).await;
        assert!(counted.is_ok(), "`{name}` does not become {number}");
    }

    pub(crate) async fn know(&self, settings: Settings) -> Known {
        let ear = Arc::new(Ear::default());
        let agency = Arc::new(Agency::new(settings, None, None));
        let means = Means { http: Arc::new(Plain), observer: ear.clone() };
        let holder = Holder::create(agency, means, "ann");
        let mediator = self.sandbox.as_ref().unwrap().target("mediator");
        let mediator = fetch_invitation(&Plain, &mediator).await.unwrap();
        holder.connect_mediator(&mediator).await.unwrap();
        holder.go_online().await.unwrap();
        let (invitation, remote) = self.issuer.invite().await;
        let id = holder.accept(&invitation, "issuer", None).await.unwrap();
        let remote = self.issuer.name(remote).await;
        Known { holder, id, remote, ear }
    }
}

fn start(directory: &Path, switches: Switches) -> Sandbox {
    Sandbox::start(sandbox::Settings {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        store: Store::Directory(directory.to_owned()),
        switches,
        admin: Admin::default(),
        registry_size: sandbox::Settings::REGISTRY_SIZE,
        open_registry: false,
    })
    .unwrap()
}

/// Brings a holder to life in another agency.
pub(crate) fn revive(settings: Settings, record: HolderRecord) -> (Holder, Arc<Ear>) {
    let ear = Arc::new(Ear::default());
    let means = Means { http: Arc::new(Plain), observer: ear.clone() };
    let agency = Arc::new(Agency::new(settings, None, None));
    (Holder::revive(agency, means, record).unwrap(), ear)
}

impl Issuer {
    async fn invite(&self) -> (Invitation, controller::Invited) {
        let invited = self.0.invitation(&Plain, "ann").await.unwrap();
        let invitation = match &invited.invitation {
            InvitationSource::Text(text) => fetch_invitation(&Plain, text).await.unwrap(),
            InvitationSource::Json(value) => Invitation::from_value(value.clone()).unwrap(),
        };
        (invitation, invited)
    }

    async fn name(&self, invited: controller::Invited) -> String {
        match invited.connection_id.clone() {
            Some(id) => id,
            None => self.0.connection_id(&Plain, &invited, "").await.unwrap(),
        }
    }

    pub(crate) async fn write(&self, to: &Known, text: &str) {
        self.0.send_message(&Plain, &to.remote, text).await.unwrap();
    }
}

impl Known {
    pub(crate) async fn read(&self) -> Result<String, HolderError> {
        self.holder.receive_text(&self.id).await
    }
}

/// How holders of these tests behave: they come back at once, and do not wait long.
pub(crate) fn settings() -> Settings {
    Settings {
        answer_limit: LIMIT,
        poll_every: Duration::from_millis(20),
        backoff: (Duration::from_millis(10), Duration::from_millis(40)),
        ..Settings::default()
    }
}
