//! The promises of the client, kept against a server that does as it is told.

mod answers;
mod cookies;
mod failures;
mod names;
mod phases;
mod redirects;
mod requests;
mod reuse;
mod tls;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use super::{Client, Http, Observer, Settings};
use crate::bus;

pub(super) const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// What has been told.
#[derive(Default)]
struct Told(Mutex<Vec<bus::Request>>);

impl Observer for Told {
    fn request(&self, request: Box<bus::Request>) {
        self.0.lock().unwrap().push(*request);
    }
}

impl Told {
    /// One line a request: `GET 200`, `POST refused`, `GET 200 reused`.
    fn lines(&self) -> String {
        let line = |it: &bus::Request| {
            let ended = match (&it.status, &it.failure) {
                (Some(status), None) => status.to_string(),
                (None, Some(kind)) => kind.to_string(),
                both => format!("{both:?}"),
            };
            format!("{} {ended}{}", it.method, if it.reused { " reused" } else { "" })
        };
        self.0.lock().unwrap().iter().map(line).collect::<Vec<_>>().join(", ")
    }

    fn last(&self) -> bus::Request {
        self.0.lock().unwrap().last().cloned().unwrap()
    }
}

/// A trip, and what it is told to have done.
fn trip(settings: Settings) -> (Http, Arc<Told>) {
    let told = Arc::new(Told::default());
    (Client::new(settings).unwrap().for_trip(Arc::<Told>::clone(&told)), told)
}

/// The server's end of a connection.
struct Peer {
    stream: TcpStream,
    /// Its number, from 0.
    number: usize,
}

impl Peer {
    /// Reads the next request with its body; empty once the client has hung up.
    async fn request(&mut self) -> String {
        let mut text = String::new();
        while !is_whole(&text) {
            let mut bytes = [0; 4096];
            match self.stream.read(&mut bytes).await {
                Ok(0) | Err(_) => return String::new(),
                Ok(count) => text.push_str(std::str::from_utf8(&bytes[..count]).unwrap()),
            }
        }
        text
    }

    async fn answer(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).await.unwrap();
    }
}

fn is_whole(request: &str) -> bool {
    let Some((head, body)) = request.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    body.len() >= length.map_or(0, |digits| digits.parse().unwrap())
}

/// Serves each connection by `script` and says where.
async fn serve<S, F>(script: S) -> String
where
    S: Fn(Peer) -> F + Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        for number in 0.. {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(script(Peer { stream, number }));
        }
    });
    url
}

/// Answers every request with what `answer` makes of it.
async fn respond<A>(answer: A) -> String
where
    A: Fn(&str) -> String + Clone + Send + Sync + 'static,
{
    serve(move |mut peer| {
        let answer = answer.clone();
        async move {
            loop {
                let request = peer.request().await;
                if request.is_empty() {
                    return;
                }
                peer.answer(&answer(&request)).await;
            }
        }
    })
    .await
}

/// Answers one request on each connection with `answer`, and hangs up.
async fn respond_once(answer: &'static str) -> String {
    serve(move |mut peer| async move {
        peer.request().await;
        peer.answer(answer).await;
    })
    .await
}

/// Lets everything happen that can happen without time going by; needs a paused clock.
async fn settle() {
    tokio::time::sleep(Duration::from_nanos(1)).await;
}

/// The request's line and headers of a name, as a server sees them.
fn header<'a>(request: &'a str, name: &str) -> Option<&'a str> {
    request.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}
