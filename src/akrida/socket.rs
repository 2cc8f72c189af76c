//! Many agents in one process, each behind a connection to a socket that is its user's alone.

use std::{
    fs, io,
    os::unix::{
        fs::{FileTypeExt, MetadataExt},
        net::UnixStream,
    },
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use rustix::{
    fs::Mode,
    process::{geteuid, umask},
};
use tokio::{
    net::UnixListener,
    sync::Semaphore,
    task::JoinSet,
    time::{sleep, timeout},
};

use super::{
    error::AkridaError,
    house::House,
    lines::{Line, Lines},
    session::converse,
    variables::Variables,
};

/// Agents at a time; who comes then waits until one has gone.
const AGENTS_MAX: usize = 20_000;
/// How long nobody is let in when the system has no more files to give.
const PAUSE: Duration = Duration::from_millis(100);
/// How long a relay may take to say who it is; it says so first of all.
const FIRST_LINE: Duration = Duration::from_secs(10);

/// Lets agents live here until this is dropped: one for each connection to the socket at `path`, which
/// is removed then. What its relay's environment does not say, `variables` do.
pub(crate) async fn serve(
    path: &Path,
    house: Arc<House>,
    variables: Variables,
) -> Result<(), AkridaError> {
    let listener = listen(path)?;
    let _socket = Socket::at(path)?;
    let places = Arc::new(Semaphore::new(AGENTS_MAX));
    let mut agents = JoinSet::new();
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return Ok(()) };
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!("cannot let an agent in: {error}");
                sleep(PAUSE).await;
                continue;
            }
        };
        while agents.try_join_next().is_some() {}
        let (house, variables) = (Arc::clone(&house), variables.clone());
        agents.spawn(async move {
            let (from, to) = stream.into_split();
            let mut lines = Lines::new(from);
            // A relay says its variables first; who says something else is none.
            if let Ok(Ok(Some(Line::Text(line)))) = timeout(FIRST_LINE, lines.next()).await
                && let Some(said) = Variables::read(&line)
                && let Err(error) = converse(house, said.or(&variables), lines, to).await
            {
                tracing::debug!("an agent's relay has gone: {error}");
            }
            drop(place);
        });
    }
}

/// A socket that is removed when nobody serves it any more.
struct Socket {
    path: PathBuf,
    /// Device and inode: another may have taken its place.
    file: (u64, u64),
}

impl Socket {
    fn at(path: &Path) -> Result<Self, AkridaError> {
        let found = fs::symlink_metadata(path).map_err(AkridaError::socket("look at", path))?;
        Ok(Self { path: path.to_owned(), file: (found.dev(), found.ino()) })
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let is_ours = |found: fs::Metadata| (found.dev(), found.ino()) == self.file;
        if fs::symlink_metadata(&self.path).is_ok_and(is_ours) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn listen(path: &Path) -> Result<UnixListener, AkridaError> {
    check(path)?;
    match fs::symlink_metadata(path) {
        Ok(found) if !found.file_type().is_socket() => {
            return Err(AkridaError::NoSocket(path.to_owned()));
        }
        Ok(_) if UnixStream::connect(path).is_ok() => {
            return Err(AkridaError::Served(path.to_owned()));
        }
        // Whoever served it was killed.
        Ok(_) => fs::remove_file(path).map_err(AkridaError::socket("remove", path))?,
        Err(_) => {}
    }
    // It is made with its mode: nobody else may come in, not even for a moment.
    let before = umask(Mode::RWXG | Mode::RWXO | Mode::XUSR);
    let listener = UnixListener::bind(path);
    umask(before);
    listener.map_err(AkridaError::socket("listen at", path))
}

/// Refuses a directory in which somebody else could put a socket of theirs.
pub(super) fn check(path: &Path) -> Result<(), AkridaError> {
    let directory = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let found = fs::metadata(directory).map_err(AkridaError::socket("look at", directory))?;
    let refused = |why| Err(AkridaError::Directory { directory: directory.to_owned(), why });
    if found.uid() != geteuid().as_raw() {
        return refused("is somebody else's");
    }
    if found.mode() & 0o022 != 0 {
        return refused("is open to others");
    }
    Ok(())
}

/// Connects to a socket that is its user's alone.
pub(super) fn connect(path: &Path) -> Result<UnixStream, AkridaError> {
    check(path)?;
    let unserved = |source: io::Error| AkridaError::Unserved { path: path.to_owned(), source };
    UnixStream::connect(path).map_err(unserved)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_directory_that_others_may_write_to_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("agents");
        for (mode, fine) in [(0o700, true), (0o755, true), (0o770, false), (0o777, false)] {
            let mode = fs::Permissions::from_mode(mode);
            fs::set_permissions(directory.path(), mode).unwrap();
            assert_eq!(check(&path).is_ok(), fine);
        }
    }
}
