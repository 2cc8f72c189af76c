//! The least HTTP/1.1 that a test needs: one connection, one request at a time.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

use serde_json::Value;

use crate::sandbox::{Admin, Sandbox, Settings, Store, Switches};

/// An answer, read whole.
#[derive(Debug, PartialEq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<String>,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let named = |header: &&String| {
            header.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
        };
        self.headers.iter().find(named).map(|header| header[name.len() + 1..].trim())
    }
}

/// A keep-alive connection.
pub(super) struct Client(BufReader<TcpStream>);

impl Client {
    pub(super) fn of(sandbox: &Sandbox) -> Self {
        let stream = TcpStream::connect(sandbox.url().strip_prefix("http://").unwrap()).unwrap();
        // A sandbox that does not answer fails its test instead of holding it up.
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        Self(BufReader::new(stream))
    }

    pub(super) fn get(&mut self, path: &str) -> Answer {
        self.get_as(path, "x-nobody: 1")
    }

    /// The body of what is no text.
    pub(super) fn get_bytes(&mut self, path: &str) -> Vec<u8> {
        let request = format!("GET {path} HTTP/1.1\r\nhost: sandbox\r\n\r\n");
        self.0.get_mut().write_all(request.as_bytes()).unwrap();
        let (status, headers) = self.head();
        assert_eq!(status, 200, "{headers:?}");
        let mut body = vec![0; length(&headers)];
        self.0.read_exact(&mut body).unwrap();
        body
    }

    pub(super) fn get_as(&mut self, path: &str, header: &str) -> Answer {
        self.send(format!("GET {path} HTTP/1.1\r\nhost: sandbox\r\n{header}\r\n\r\n").as_bytes())
    }

    pub(super) fn post(&mut self, path: &str, body: &str) -> Answer {
        let length = body.len();
        let head = format!("POST {path} HTTP/1.1\r\nhost: sandbox\r\ncontent-length: {length}");
        self.send(format!("{head}\r\n\r\n{body}").as_bytes())
    }

    pub(super) fn put(&mut self, path: &str, body: impl AsRef<[u8]>) -> Answer {
        let body = body.as_ref();
        let (start, length) = ("HTTP/1.1\r\nhost: sandbox", body.len());
        let head = format!("PUT {path} {start}\r\ncontent-length: {length}\r\n\r\n");
        self.send(&[head.as_bytes(), body].concat())
    }

    /// Posts a packed message.
    pub(super) fn post_envelope(&mut self, path: &str, packed: &[u8]) -> Answer {
        self.post(path, std::str::from_utf8(packed).unwrap())
    }

    pub(super) fn delete(&mut self, path: &str) -> Answer {
        self.send(format!("DELETE {path} HTTP/1.1\r\nhost: sandbox\r\n\r\n").as_bytes())
    }

    /// Posts `{"username", "password"}`.
    pub(super) fn ask(&mut self, path: &str, username: &str, password: &str) -> Answer {
        let body = serde_json::json!({ "username": username, "password": password });
        self.post(path, &body.to_string())
    }

    /// Writes what may be no HTTP at all, and reads the answer.
    pub(super) fn send(&mut self, bytes: &[u8]) -> Answer {
        // A server may refuse, and close, before it has read everything.
        let _ = self.0.get_mut().write_all(bytes);
        self.read()
    }

    fn read(&mut self) -> Answer {
        let (status, headers) = self.head();
        let mut answer = Answer { status, headers, body: String::new() };
        let length = length(&answer.headers) as u64;
        self.0.by_ref().take(length).read_to_string(&mut answer.body).unwrap();
        answer
    }

    fn head(&mut self) -> (u16, Vec<String>) {
        let mut lines = self.0.by_ref().lines().map(Result::unwrap);
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        (status, lines.take_while(|line| !line.is_empty()).collect())
    }
}

fn length(headers: &[String]) -> usize {
    headers
        .iter()
        .find_map(|header| {
            let (name, value) = header.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().unwrap())
        })
        .unwrap_or(0)
}

pub(super) fn start(store: Store) -> Sandbox {
    start_with(store, Switches::default())
}

pub(super) fn start_with(store: Store, switches: Switches) -> Sandbox {
    let listen = ([127, 0, 0, 1], 0).into();
    Sandbox::start(Settings {
        listen,
        store,
        switches,
        admin: Admin::default(),
        registry_size: 10,
        open_registry: false,
    })
    .unwrap()
}
