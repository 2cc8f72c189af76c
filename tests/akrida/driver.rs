//! The end of the pipes that Locust has.

use std::{
    io::{BufRead, BufReader, Read, Write},
    os::unix::process::ExitStatusExt,
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio},
    sync::mpsc::{RecvTimeoutError, Sender, channel},
    thread,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

/// What nothing takes that is not stuck.
const LIMIT: Duration = Duration::from_mins(1);

/// A command that talks.
pub(crate) struct Driver {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
    _ended: Sender<()>,
}

/// The command with these arguments and variables and no others.
pub(crate) fn engine(arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_engine"));
    command.arg("akrida-agent").args(arguments).env_clear().envs(variables.iter().copied());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

impl Driver {
    pub(crate) fn start(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        Self::of(engine(arguments, variables))
    }

    /// Stuck ones are killed.
    fn of(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let (pid, (ended, end)) = (Pid::from_child(&child), channel::<()>());
        thread::spawn(move || {
            if end.recv_timeout(LIMIT) == Err(RecvTimeoutError::Timeout) {
                let _ = kill_process(pid, Signal::KILL);
            }
        });
        let (to, from) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, to, from, _ended: ended }
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) {
        self.to.as_mut().unwrap().write_all(bytes).unwrap();
    }

    /// Writes a command as Locust does.
    pub(crate) fn command(&mut self, command: &Value) {
        self.write(format!("{command}\n").as_bytes());
    }

    /// The next line, which must be an object.
    pub(crate) fn hear(&mut self) -> Value {
        let mut line = String::new();
        self.from.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line:?}: {}", self.stderr()))
    }

    /// Says something and hears what comes of it.
    pub(crate) fn ask(&mut self, command: &Value) -> Value {
        self.command(command);
        self.hear()
    }

    /// The same, which must come to something good; gives the result.
    pub(crate) fn does(&mut self, command: &Value) -> Value {
        let mut reply = self.ask(command);
        assert_eq!(reply["error"], 0, "{command}: {reply}");
        reply["result"].take()
    }

    /// The same, which must fail; gives the text.
    pub(crate) fn fails(&mut self, command: &Value) -> String {
        let reply = self.ask(command);
        assert_eq!(reply["error"], 1, "{command}: {reply}");
        reply["result"].as_str().unwrap().to_owned()
    }

    /// Starts the agent with mediation; gives its `agentConfig`.
    pub(crate) fn mediated(&mut self, config: &Value) -> Value {
        let start =
            json!({ "cmd": "start", "withMediation": true, "port": 1, "agentConfig": config });
        self.does(&start)
    }

    /// Ends it as Locust does.
    pub(crate) fn shut_down(mut self) {
        assert_eq!(self.does(&json!({ "cmd": "shutdown" })), "Shutting down agent");
        assert_eq!(self.end(), (0, String::new()));
    }

    /// Hangs up; gives the exit code and what is left on standard output.
    pub(crate) fn end(mut self) -> (i32, String) {
        drop(self.to.take());
        let mut rest = String::new();
        self.from.read_to_string(&mut rest).unwrap();
        (code(self.child.wait().unwrap()), rest)
    }

    /// Ends it by a signal.
    pub(crate) fn terminate(mut self) -> i32 {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
        code(self.child.wait().unwrap())
    }

    /// What it has said on standard error, when it has ended.
    pub(crate) fn stderr(&mut self) -> String {
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        said
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn code(status: ExitStatus) -> i32 {
    status.code().or(status.signal().map(|it| 128 + it)).unwrap()
}

/// Waits until there is a socket at `path`.
pub(crate) fn until_served(path: &Path) {
    let begun = std::time::SystemTime::now();
    while std::os::unix::net::UnixStream::connect(path).is_err() {
        assert!(begun.elapsed().unwrap() < LIMIT, "nobody serves {}", path.display());
        thread::sleep(Duration::from_millis(2));
    }
}
