//! A holder in this process, where no journey does what is claimed.

use std::{
    io::{Read, Write},
    net::TcpStream,
    num::NonZeroUsize,
    sync::Arc,
};

use engine::aries::{
    compute::Compute,
    didcomm::Kind,
    holder::{Agency, Holder, Means, Observer, Received, Sent, Settings, Trouble},
    ledger::{self, Ledger},
    transport::{Answer, Body, Call, Http, HttpFailure, Method, Sending, fetch_invitation},
};
use tokio::task::spawn_blocking;

use crate::{agents::Agent, mediators::invitation, world::World};

/// A holder that is online with a mediator.
pub(crate) async fn online(world: &World, mediator: &Agent) -> Holder {
    let compute = Arc::new(Compute::new(NonZeroUsize::MIN));
    let published = ledger::Settings::from_value(world.ledger().into()).unwrap();
    let ledger = Arc::new(Ledger::new(published, Arc::clone(&compute)));
    let agency = Agency::new(Settings::default(), None, None).with_credentials(ledger, compute);
    let means = Means { http: Arc::new(Plain), observer: Arc::new(Deaf) };
    let holder = Holder::create(Arc::new(agency), means, "ann");
    let mediator = fetch_invitation(&Plain, &invitation(mediator)).await.unwrap();
    holder.connect_mediator(&mediator).await.unwrap();
    holder.go_online().await.unwrap();
    holder
}

/// Whoever waits for something hears of it anyway.
struct Deaf;

impl Observer for Deaf {
    fn sent(&self, _: &Kind, _: Sent) {}

    fn received(&self, _: &Kind, _: Received) {}

    fn trouble(&self, _: &Trouble) {}
}

/// The least HTTP that a holder needs: a connection for each request.
struct Plain;

impl Http for Plain {
    fn send(&self, call: Call) -> Sending<'_> {
        Box::pin(async move {
            let answered = spawn_blocking(|| exchange(call)).await.unwrap();
            answered.map_err(|it| HttpFailure { kind: "io".into(), message: it.to_string() })
        })
    }
}

fn exchange(call: Call) -> std::io::Result<Answer> {
    let place = call.url.strip_prefix("http://").unwrap();
    let (host, path) = place.split_once('/').unwrap_or((place, ""));
    let method = if call.method == Method::Get { "GET" } else { "POST" };
    let (kind, body) = match call.body {
        Body::Empty => ("text/plain", Vec::new()),
        Body::Json(value) => ("application/json", value.to_string().into_bytes()),
        Body::Envelope(packed) => ("application/didcomm-envelope-enc", packed),
    };
    let length = body.len();
    let head = format!(
        "{method} /{path} HTTP/1.0\r\nhost: {host}\r\ncontent-type: {kind}\r\n\
         content-length: {length}\r\n\r\n"
    );
    let mut stream = TcpStream::connect(host)?;
    stream.write_all(&[head.into_bytes(), body].concat())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|it| it == b"\r\n\r\n").unwrap();
    let status = std::str::from_utf8(&answer[9..12]).unwrap().parse().unwrap();
    Ok(Answer { status, location: None, body: answer.split_off(end + 4).into() })
}
