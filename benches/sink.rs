//! The other end of a bench: answers any HTTP/1.1 request with two bytes, as cheaply as it can,
//! and remembers when each one came in.
//!
//! It prints its address, and at its end (SIGTERM, ctrl-c, or after `--for`) how many requests
//! came. `GET /stamps` answers that number at any time, and writes the stamps so far.

use std::{
    fs,
    io::{self, Write},
    net::SocketAddr,
    ops::Range,
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use clap::Parser;
use rustix::{
    process::{Resource, Rlimit, getrlimit, setrlimit},
    time::{ClockId, clock_gettime},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
    runtime::{Builder, Runtime},
    signal::unix::{SignalKind, signal},
    sync::OnceCell,
    time::{Instant, sleep, sleep_until},
};

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const BACKLOG: u32 = 4_096;
/// Bytes of a connection's buffer; it grows only for a larger request.
const BUFFER: usize = 1_024;
/// Largest request, in bytes.
const REQUEST_MAX: usize = 1 << 20;
/// Stamps kept at most, eight bytes each.
const STAMPS_MAX: usize = 50_000_000;

/// A keep-alive HTTP/1.1 sink for benches.
#[derive(Parser)]
struct Options {
    /// Where to listen; port 0 takes any free one
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Threads that answer
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// A file for arrival times: nanoseconds of `CLOCK_MONOTONIC`, one a line
    #[arg(long)]
    stamp: Option<PathBuf>,
    /// Answers that would start within this time after the first request wait for its end: 3s..4s
    #[arg(long, value_parser = window)]
    freeze: Option<Range<Duration>>,
    /// Never answer
    #[arg(long)]
    hold: bool,
    /// End by itself after this time
    #[arg(long = "for", default_value = "900s", value_parser = span)]
    lasts: Duration,
}

struct Sink {
    options: Options,
    first: OnceCell<Instant>,
    requests: AtomicU64,
    stamps: Mutex<Vec<u64>>,
}

fn main() -> io::Result<()> {
    let options = Options::parse();
    // One file a connection: as many as this process may have.
    let limit = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
    let runtime = runtime(options.threads)?;
    let sink = Arc::new(Sink {
        options,
        first: OnceCell::new(),
        requests: AtomicU64::new(0),
        stamps: Mutex::default(),
    });
    runtime.block_on(listen(&sink))?;
    sink.write_stamps()?;
    writeln!(io::stdout(), "{} requests", sink.requests.load(Ordering::Relaxed))
}

fn runtime(threads: usize) -> io::Result<Runtime> {
    if threads > 1 {
        Builder::new_multi_thread().worker_threads(threads).enable_all().build()
    } else {
        Builder::new_current_thread().enable_all().build()
    }
}

async fn listen(sink: &Arc<Sink>) -> io::Result<()> {
    let address = sink.options.listen;
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    let listener = socket.listen(BACKLOG)?;
    writeln!(io::stdout(), "{}", listener.local_addr()?)?;
    io::stdout().flush()?;
    let (mut term, mut interrupt) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let accepting = tokio::spawn(accept(listener, Arc::clone(sink)));
    tokio::select! {
        _ = term.recv() => {}
        _ = interrupt.recv() => {}
        () = sleep(sink.options.lasts) => {}
        _ = accepting => {}
    }
    Ok(())
}

async fn accept(listener: TcpListener, sink: Arc<Sink>) {
    loop {
        match listener.accept().await {
            Ok((connection, _)) => {
                let sink = Arc::clone(&sink);
                // A connection's error is its client's business.
                tokio::spawn(async move { sink.serve(connection).await });
            }
            Err(_) => sleep(Duration::from_millis(10)).await,
        }
    }
}

impl Sink {
    async fn serve(&self, mut connection: TcpStream) -> io::Result<()> {
        connection.set_nodelay(true)?;
        let mut received = Vec::with_capacity(BUFFER);
        let mut answers = Vec::new();
        while received.len() < REQUEST_MAX && connection.read_buf(&mut received).await? > 0 {
            let now = now();
            let mut read = 0;
            while let Some(request) = Request::parse(&received[read..]) {
                read += request.length;
                self.answer(&request, now, &mut answers)?;
            }
            received.drain(..read);
            if !answers.is_empty() {
                self.wait_for_the_end_of_the_freeze().await;
                connection.write_all(&answers).await?;
                answers.clear();
            }
        }
        Ok(())
    }

    fn answer(&self, request: &Request, now: u64, answers: &mut Vec<u8>) -> io::Result<()> {
        if request.asks_for_stamps {
            self.write_stamps()?;
            let count = self.requests.load(Ordering::Relaxed).to_string();
            let length = count.len();
            return write!(answers, "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{count}");
        }
        self.requests.fetch_add(1, Ordering::Relaxed);
        if self.options.stamp.is_some() {
            let mut stamps = self.stamps();
            if stamps.len() < STAMPS_MAX {
                stamps.push(now);
            }
        }
        if !self.options.hold {
            answers.extend_from_slice(ANSWER);
        }
        Ok(())
    }

    async fn wait_for_the_end_of_the_freeze(&self) {
        if let Some(window) = &self.options.freeze {
            let first = *self.first.get_or_init(async || Instant::now()).await;
            if window.contains(&first.elapsed()) {
                sleep_until(first + window.end).await;
            }
        }
    }

    fn write_stamps(&self) -> io::Result<()> {
        let Some(file) = &self.options.stamp else { return Ok(()) };
        let mut stamps = self.stamps().clone();
        stamps.sort_unstable();
        let mut lines = Vec::with_capacity(stamps.len() * 20);
        stamps.iter().try_for_each(|stamp| writeln!(lines, "{stamp}"))?;
        fs::write(file, lines)
    }

    fn stamps(&self) -> MutexGuard<'_, Vec<u64>> {
        self.stamps.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that has come in whole.
struct Request {
    length: usize,
    asks_for_stamps: bool,
}

impl Request {
    fn parse(received: &[u8]) -> Option<Self> {
        let head = received.windows(4).position(|it| it == b"\r\n\r\n")? + 4;
        let length = head.checked_add(body_length(&received[..head]))?;
        let asks_for_stamps = received.starts_with(b"GET /stamps ");
        (length <= received.len()).then_some(Self { length, asks_for_stamps })
    }
}

/// The `Content-Length` of a head; a body in chunks is not for this sink.
fn body_length(head: &[u8]) -> usize {
    const NAME: &[u8] = b"\ncontent-length:";
    // Most requests have no body, and say so by their first letter.
    if head.starts_with(b"GET ") {
        return 0;
    }
    head.windows(NAME.len())
        .position(|it| it.eq_ignore_ascii_case(NAME))
        .and_then(|at| head[at + NAME.len()..].split(|byte| *byte == b'\r').next())
        .and_then(|value| str::from_utf8(value).ok()?.trim().parse().ok())
        .unwrap_or(0)
}

fn now() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    now.tv_sec.unsigned_abs() * 1_000_000_000 + now.tv_nsec.unsigned_abs()
}

fn window(text: &str) -> Result<Range<Duration>, String> {
    let (from, to) = text.split_once("..").ok_or("write it as 3s..4s")?;
    Ok(span(from)?..span(to)?)
}

fn span(text: &str) -> Result<Duration, String> {
    let seconds = text.strip_suffix('s').and_then(|it| it.parse().ok());
    let span = seconds.and_then(|it| Duration::try_from_secs_f64(it).ok());
    span.ok_or_else(|| format!("{text} is no time in seconds; write it as 3s or 0.5s"))
}
