//! The command as anyone runs it: in a directory of its own, and never for longer than a minute.

mod recorded;

use std::{
    fs,
    io::{Read, Write},
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, Sender, channel},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use engine::datapool::inspect;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

pub(crate) use self::recorded::holders;

/// What nothing takes that is not stuck.
const LIMIT: Duration = Duration::from_mins(1);
/// Between two looks at what another process does.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// A directory to run the command in.
pub(crate) struct Place(TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    /// A directory with the scenario `users.toml`, of 30 users.
    pub(crate) fn with_scenario() -> Self {
        let place = Self::new();
        let scenario = include_str!("../../journeys/scenarios/users.toml");
        place.write("users.toml", scenario);
        place.change("users.toml", "500 trips by 8 users", "30 trips by 4 users");
        place
    }

    /// A directory in which 30 users have been created.
    pub(crate) fn with_users() -> Self {
        let place = Self::with_scenario();
        place.engine("create-data users.toml").run().exits(0);
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// Replaces a text that a file must have.
    pub(crate) fn change(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert!(text.contains(from), "{name} has no {from:?}");
        self.write(name, &text.replace(from, to));
    }

    /// Bytes of a file; none if there is no such file yet.
    pub(crate) fn bytes(&self, name: &str) -> u64 {
        fs::metadata(self.path(name)).map_or(0, |file| file.len())
    }

    /// All files below a directory.
    pub(crate) fn files(&self, directory: &str) -> Vec<PathBuf> {
        let mut directories = vec![self.path(directory)];
        let mut files = Vec::new();
        while let Some(directory) = directories.pop() {
            for entry in fs::read_dir(directory).unwrap() {
                let entry = entry.unwrap();
                let is_directory = entry.file_type().unwrap().is_dir();
                if is_directory { &mut directories } else { &mut files }.push(entry.path());
            }
        }
        files
    }

    /// Rows that `users.msgpack` holds.
    pub(crate) fn users(&self) -> u64 {
        inspect::show(&self.path("recorder-data/users.msgpack")).unwrap().rows
    }

    /// Passwords of all users recorded.
    pub(crate) fn passwords(&self) -> Vec<String> {
        let mut lines = Vec::new();
        inspect::cat(&self.path("recorder-data/users.msgpack"), &mut lines).unwrap();
        let rows = serde_json::Deserializer::from_slice(&lines).into_iter::<serde_json::Value>();
        rows.map(|row| row.unwrap()["password"].as_str().unwrap().to_owned()).collect()
    }

    /// The command with arguments that have no spaces in them.
    pub(crate) fn engine(&self, arguments: &str) -> Engine {
        self.program(env!("CARGO_BIN_EXE_engine"), arguments)
    }

    /// Another program of journeys, with such arguments.
    pub(crate) fn program(&self, program: impl AsRef<Path>, arguments: &str) -> Engine {
        let mut command = Command::new(program.as_ref());
        command.args(arguments.split_whitespace()).current_dir(self.0.path());
        command.env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Engine(command)
    }
}

/// A command that has not started yet.
pub(crate) struct Engine(Command);

impl Engine {
    pub(crate) fn arg(mut self, argument: impl AsRef<Path>) -> Self {
        self.0.arg(argument.as_ref());
        self
    }

    pub(crate) fn volume(self, volume: &str) -> Self {
        self.arg("--volume").arg(volume)
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.0.env(name, value);
        self
    }

    pub(crate) fn run(self) -> Finished {
        self.start().wait()
    }

    /// Runs it with this to read.
    pub(crate) fn read(mut self, text: &str) -> Finished {
        let mut running = {
            self.0.stdin(Stdio::piped());
            self
        }
        .start();
        let mut stdin = running.child.stdin.take().unwrap();
        // A command that refuses before it reads hangs up.
        let _ = stdin.write_all(text.as_bytes());
        drop(stdin);
        running.wait()
    }

    /// Runs it with a reader that has hung up before a line was written.
    pub(crate) fn read_by_nobody(mut self) -> Finished {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        self.0.stdout(writer);
        self.run()
    }

    pub(crate) fn start(mut self) -> Running {
        let mut child = self.0.spawn().unwrap();
        let pid = Pid::from_child(&child);
        let (ended, end) = channel();
        thread::spawn(move || watch(pid, &end));
        let stdout = child.stdout.take().map(Heard::listen);
        let stderr = Heard::listen(child.stderr.take().unwrap());
        Running { child, pid, stdout, stderr, _ended: ended }
    }
}

/// Kills what does not end.
fn watch(pid: Pid, end: &Receiver<()>) {
    if end.recv_timeout(LIMIT) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
        // It may have ended just now.
        let _ = kill_process(pid, Signal::KILL);
    }
}

/// A command under way; dropped, it is killed.
pub(crate) struct Running {
    child: Child,
    pid: Pid,
    stdout: Option<Heard>,
    stderr: Heard,
    _ended: Sender<()>,
}

impl Running {
    /// Waits until something is so.
    pub(crate) fn until(&mut self, mut is_so: impl FnMut(&Self) -> bool) {
        while !is_so(self) {
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("{status} before it was so: {}", self.stderr());
            }
            thread::sleep(LOOK_EVERY);
        }
    }

    /// What it has said on standard error so far.
    pub(crate) fn stderr(&self) -> String {
        self.stderr.so_far()
    }

    /// What it has said on standard output so far.
    pub(crate) fn stdout(&self) -> String {
        self.stdout.as_ref().map(Heard::so_far).unwrap_or_default()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid, signal).unwrap();
    }

    pub(crate) fn wait(mut self) -> Finished {
        let status = self.child.wait().unwrap();
        let stdout = self.stdout.take().map(Heard::all).unwrap_or_default();
        let stderr = std::mem::replace(&mut self.stderr, Heard::listen(std::io::empty())).all();
        Finished { status, stdout, stderr }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Most have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a process says.
struct Heard {
    text: Arc<Mutex<Vec<u8>>>,
    thread: JoinHandle<()>,
}

impl Heard {
    fn listen(mut from: impl Read + Send + 'static) -> Self {
        let text = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&text);
        let thread = thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(read @ 1..) = from.read(&mut bytes) {
                heard.lock().unwrap().extend_from_slice(&bytes[..read]);
            }
        });
        Self { text, thread }
    }

    fn so_far(&self) -> String {
        String::from_utf8_lossy(&self.text.lock().unwrap()).into_owned()
    }

    fn all(self) -> String {
        let Self { text, thread } = self;
        thread.join().unwrap();
        String::from_utf8(std::mem::take(&mut text.lock().unwrap())).unwrap()
    }
}

/// A command that is over.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Finished {
    /// Holds the exit code against what it should be.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(
            self.status.code(),
            Some(code),
            "signal {:?}\n{}\n{}",
            self.status.signal(),
            self.stdout,
            self.stderr
        );
        self
    }

    /// Holds the error against what it should say.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "no {text:?} in:\n{}", self.stderr);
        self
    }
}
