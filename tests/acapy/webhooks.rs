//! What agents tell of their own accord: their webhooks.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread,
    time::Duration,
};

use serde_json::Value;

/// Longest wait for something to be told.
const LIMIT: Duration = Duration::from_secs(20);

/// Hears what agents are told to post to [`url`](Self::url).
pub(crate) struct Webhooks {
    url: String,
    heard: Arc<Heard>,
}

#[derive(Default)]
struct Heard {
    posts: Mutex<Vec<(String, Value)>>,
    more: Condvar,
}

impl Webhooks {
    pub(crate) fn listen() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let heard = Arc::new(Heard::default());
        let ear = Arc::clone(&heard);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let heard = Arc::clone(&ear);
                // Who hangs up has nothing more to say.
                thread::spawn(move || heard.listen(&stream));
            }
        });
        Self { url, heard }
    }

    /// For `--webhook-url`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Waits for a post about a topic that is so; it may have come before.
    #[track_caller]
    pub(crate) fn until(&self, topic: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let posts = self.heard.posts.lock().unwrap_or_else(PoisonError::into_inner);
        let find = |posts: &[(String, Value)]| {
            posts.iter().find(|it| it.0 == topic && is_so(&it.1)).map(|it| it.1.clone())
        };
        let missing = |posts: &mut Vec<_>| find(posts).is_none();
        let (posts, _) = self.heard.more.wait_timeout_while(posts, LIMIT, missing).unwrap();
        let of_topic = || posts.iter().filter(|it| it.0 == topic).map(|it| &it.1);
        find(&posts).unwrap_or_else(|| panic!("of {topic}: {:?}", of_topic().collect::<Vec<_>>()))
    }
}

impl Heard {
    /// Hears one connection to its end.
    fn listen(&self, mut stream: &TcpStream) -> Option<()> {
        let mut reader = BufReader::new(stream);
        loop {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                (reader.read_until(b'\n', &mut head).ok()? > 0).then_some(())?;
            }
            let head = String::from_utf8(head).ok()?.to_ascii_lowercase();
            let (_, length) = head.split_once("content-length: ")?;
            let mut body = vec![0; length.lines().next()?.parse().ok()?];
            reader.read_exact(&mut body).ok()?;
            let topic = head.split_once("/topic/")?.1.split(['/', ' ']).next()?.to_owned();
            let post = (topic, serde_json::from_slice(&body).ok()?);
            self.posts.lock().unwrap_or_else(PoisonError::into_inner).push(post);
            self.more.notify_all();
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").ok()?;
        }
    }
}
