//! Python beside the tests: an environment of its own under `target/`, and what runs in it.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/interop");

/// Installs the Python packages on first use, and returns their interpreter.
fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python");
        // Another test binary may want to install at the same time.
        let lock =
            File::create(venv.with_extension("lock")).expect("the folder for test files is there");
        lock.lock().expect("the lock file can be locked");
        run(Command::new("sh").arg(format!("{SCRIPTS}/install.sh")).arg(&venv));
        venv.join("bin/python")
    })
}

/// A script of this folder, to be run.
pub(crate) fn script(name: &str) -> Command {
    let mut command = Command::new(python());
    command.arg(format!("{SCRIPTS}/{name}"));
    command
}

/// Runs to the end, and returns what was printed.
pub(crate) fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed:\n{errors}");
    String::from_utf8(output.stdout).expect("scripts print text")
}
