//! A sandbox in a process of its own.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use rustix::process::Signal;
use serde_json::Value;

use crate::command::{Engine, Place, Running};

/// A sandbox that stands alone, and its URL.
pub(super) struct Standing {
    running: Running,
    url: String,
}

impl Standing {
    pub(super) fn start(place: &Place) -> Self {
        let sandbox = "sandbox --listen 127.0.0.1:0 --directory sandbox-data";
        let mut running = place.engine(sandbox).start();
        running.until(|it| it.stdout().ends_with('\n'));
        let url = running.stdout().trim_end().to_owned();
        Self { running, url }
    }

    /// A command for this sandbox.
    pub(super) fn engine(&self, place: &Place, arguments: &str) -> Engine {
        let url = &self.url;
        let systems = ["mediator", "issuer", "verifier"].map(|it| format!("-e {it}={url}/{it}"));
        place.engine(&format!("{arguments} {} -e ledger={url}/registry", systems.join(" ")))
    }

    /// The same for a scenario whose issuer is a table, with what is not its URL.
    pub(super) fn engine_with_issuer(&self, place: &Place, arguments: &str) -> Engine {
        let url = &self.url;
        let systems = ["mediator", "verifier"].map(|it| format!("-e {it}={url}/{it}"));
        let issuer = format!("-e issuer.url={url}/issuer -e ledger={url}/registry");
        place.engine(&format!("{arguments} {} {issuer}", systems.join(" ")))
    }

    /// Some of its counters.
    pub(super) fn stats<const N: usize>(&self, names: [&str; N]) -> [u64; N] {
        names.map(|name| self.stat(name))
    }

    /// One of its counters.
    pub(super) fn stat(&self, name: &str) -> u64 {
        let mut stream = TcpStream::connect(self.url.strip_prefix("http://").unwrap()).unwrap();
        let request = "GET /sandbox/stats HTTP/1.1\r\nhost: sandbox\r\nconnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        let stats: Value = serde_json::from_str(body).unwrap();
        stats[name].as_u64().unwrap()
    }

    pub(super) fn stop(self) {
        self.running.signal(Signal::TERM);
        self.running.wait();
    }
}
