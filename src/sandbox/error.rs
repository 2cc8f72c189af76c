//! What can keep a sandbox from serving.

use std::{io, net::SocketAddr, path::PathBuf};

use super::Switches;

/// Why a sandbox did not start, or did not end as it should.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The address is taken, not ours, or not allowed.
    #[error("cannot listen on {listen}; is it in use? port 0 takes any free one: 127.0.0.1:0")]
    Listen {
        /// The address asked for.
        listen: SocketAddr,
        /// What the operating system says.
        source: io::Error,
    },
    /// The port that the directory remembers is taken.
    #[error(
        "cannot listen on {listen}, where the holders that {} knows look for it; stop whatever \
         listens there, or begin with another directory",
        directory.display()
    )]
    PortTaken {
        /// The address that the sandbox had.
        listen: SocketAddr,
        /// The directory that remembers it.
        directory: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// What is kept of a party is not what a sandbox writes.
    #[error(
        "cannot read what is kept of the {party}; move aries.sqlite away to begin with nothing"
    )]
    Unreadable {
        /// Whose it is.
        party: &'static str,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// The keys of a party cannot be written.
    #[error("cannot keep the sandbox's keys: {reason}")]
    NotKept {
        /// What the database says.
        reason: String,
    },
    /// The directory of the users cannot be made or written to.
    #[error("cannot keep anything in {}; name a directory that can be written to", directory.display())]
    Directory {
        /// The directory asked for.
        directory: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// Another sandbox has its users in the directory.
    #[error("{} is in use by another sandbox; stop it or name another directory", directory.display())]
    InUse {
        /// The directory asked for.
        directory: PathBuf,
    },
    /// The database of the users does not open, or does not close.
    #[error("cannot use what is kept in {}; move the file away to begin with none", file.display())]
    Database {
        /// The database file.
        file: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// The switches make no sense.
    #[error(
        "cannot fail a share of {failure_rate} of all answers; \
         it goes from 0 to 1, and 0.01 is one in a hundred"
    )]
    FailureRate {
        /// [`Switches::failure_rate`] as given.
        failure_rate: f64,
    },
    /// The share of lost messages makes no sense.
    #[error(
        "cannot lose a share of {loss} of all messages; \
         it goes from 0 to 1, and 0.01 is one in a hundred"
    )]
    Loss {
        /// [`Switches::loss`] as given.
        loss: f64,
    },
    /// The window of the freeze ends before it begins.
    #[error("cannot freeze from {from:?} to {to:?}; a window ends after it begins: 3s to 4s")]
    Freeze {
        /// Its begin.
        from: std::time::Duration,
        /// Its end.
        to: std::time::Duration,
    },
    /// No revocation registry has this size.
    #[error(
        "cannot make revocation registries of size {size}; 2 to 32768 are possible, such as 1000"
    )]
    RegistrySize {
        /// [`Settings::registry_size`](super::Settings::registry_size) as given.
        size: u32,
    },
    /// The operating system has no thread or no event queue left.
    #[error("cannot start a thread for the sandbox")]
    Thread(#[source] io::Error),
    /// A thread of the sandbox panicked.
    #[error("the sandbox has panicked; its users are kept up to the last answer")]
    Panicked,
}

impl SandboxError {
    /// Refuses a size that no registry has.
    pub(super) fn check_size(size: u32) -> Result<(), Self> {
        if (2..=32_768).contains(&size) { Ok(()) } else { Err(Self::RegistrySize { size }) }
    }

    /// Refuses switches that mean nothing.
    pub(super) fn check(switches: &Switches) -> Result<(), Self> {
        let Switches { failure_rate, loss, .. } = *switches;
        if !(0.0..=1.0).contains(&failure_rate) {
            return Err(Self::FailureRate { failure_rate });
        }
        if !(0.0..=1.0).contains(&loss) {
            return Err(Self::Loss { loss });
        }
        match &switches.freeze {
            Some(window) if window.end < window.start => {
                Err(Self::Freeze { from: window.start, to: window.end })
            }
            Some(_) | None => Ok(()),
        }
    }
}
