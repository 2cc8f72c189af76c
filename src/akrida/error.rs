//! Why an agent cannot be lived in or reached.

use std::{io, path::PathBuf};

/// Why agents cannot be served, or reached.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AkridaError {
    /// Others could listen in.
    #[error(
        "{directory} {why}: agents are reached through a socket in a directory of your own, such \
         as one that `mkdir -m 700 agents` makes"
    )]
    Directory { directory: PathBuf, why: &'static str },
    /// Somebody serves there already.
    #[error("{0} is served already")]
    Served(PathBuf),
    /// What is there is something else.
    #[error("{0} is there and is no socket; name another path")]
    NoSocket(PathBuf),
    /// The socket is not to be had.
    #[error("cannot {action} {path}")]
    Socket { action: &'static str, path: PathBuf, source: io::Error },
    /// Nobody answers there.
    #[error("nobody serves agents at {path}; start `engine akrida-agent --serve {path}` first")]
    Unserved { path: PathBuf, source: io::Error },
    /// Lines cannot be read or written.
    #[error("cannot go on talking")]
    Talk(#[source] io::Error),
}

impl AkridaError {
    pub(super) fn socket(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Socket { action, path, source }
    }
}
