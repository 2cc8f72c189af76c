//! What an agent says of itself: ACA-Py's admin API.

use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::Duration,
};

use serde_json::Value;

/// Longest wait for one answer.
const ANSWER_LIMIT: Duration = Duration::from_secs(30);
/// How often, and how long apart, something is looked at that is to become so.
const LOOKS: (usize, Duration) = (300, Duration::from_millis(50));

/// An admin API, and the key to it.
pub(crate) struct Admin {
    pub(crate) url: String,
    pub(crate) key: String,
}

impl Admin {
    pub(crate) fn new(url: &str, key: &str) -> Self {
        Self { url: url.to_owned(), key: key.to_owned() }
    }

    /// The controller as `[config]` names it.
    pub(crate) fn controller(&self) -> String {
        format!("url = \"{}\", api_key = \"{}\"", self.url, self.key)
    }

    #[track_caller]
    pub(crate) fn get(&self, path: &str) -> Value {
        self.accepted("GET", path, None)
    }

    #[track_caller]
    pub(crate) fn post(&self, path: &str, body: &Value) -> Value {
        self.accepted("POST", path, Some(body))
    }

    #[track_caller]
    fn accepted(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let (status, answer) = self.ask(method, path, body);
        assert_eq!(status, 200, "{method} {path}: {answer}");
        answer
    }

    /// The status and body of an answer; what is not JSON is a text.
    pub(crate) fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let host = self.url.strip_prefix("http://").unwrap();
        let body = body.map(Value::to_string).unwrap_or_default();
        // 1.0: its answers come in one piece, and end with the connection.
        let request = format!(
            "{method} {path} HTTP/1.0\r\nhost: {host}\r\nx-api-key: {}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.key,
            body.len()
        );
        let mut stream = TcpStream::connect(host).unwrap();
        stream.set_read_timeout(Some(ANSWER_LIMIT)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap_or_else(|_| body.into()))
    }

    /// Looks at something until it is so.
    #[track_caller]
    pub(crate) fn until(&self, path: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let (times, apart) = LOOKS;
        let mut last = self.get(path);
        for _ in 0..times {
            if is_so(&last) {
                return last;
            }
            thread::sleep(apart);
            last = self.get(path);
        }
        panic!("{path} stays {last}");
    }
}
