//! Why a request failed: what to count it by, and what to read.

use std::{borrow::Cow, error::Error, fmt, io};

use http::{Method, StatusCode};
use tokio_rustls::rustls;
use url::{Position, Url};

type Cause = Box<dyn Error + Send + Sync>;

/// Why a request failed.
pub struct HttpError(Box<Failed>);

struct Failed {
    method: Method,
    url: String,
    flaw: Flaw,
}

impl HttpError {
    pub(super) fn new(method: &Method, url: &Url, flaw: Flaw) -> Self {
        Self(Box::new(Failed { method: method.clone(), url: public(url), flaw }))
    }

    pub(super) fn bad_url(method: Method, text: &str, flaw: Flaw) -> Self {
        let bare = text.split(['?', '#']).next().unwrap_or_default();
        let url = bare.rsplit_once('@').map_or(bare.to_owned(), |(_, after)| format!("…{after}"));
        Self(Box::new(Failed { method, url, flaw }))
    }

    /// What to count it by.
    ///
    /// No connection: `no such host`, `refused`, `unreachable`, `connect timeout`, `tls`,
    /// `no local port`, `too many open files`. No whole answer: `timeout`, `reset`, `closed early`,
    /// `protocol`, `body too large`, `too many redirects`, `io`. An answer that is not what was
    /// wanted: `http 503` and the like, `bad json`, `bad text`. Nothing that could be asked:
    /// `bad url`, `bad request`. Only ever told, of a request that was dropped: `cancelled`.
    #[must_use]
    pub fn kind(&self) -> Cow<'static, str> {
        self.0.flaw.kind.name()
    }

    /// The status, if it is the status that is held to be a failure.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self.0.flaw.kind {
            Kind::Status(status) => Some(status),
            _ => None,
        }
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Failed { method, url, flaw } = &*self.0;
        write!(f, "{method} {url}: {}", flaw.kind.name())?;
        flaw.cause.as_ref().map_or(Ok(()), |cause| write!(f, ": {cause}"))
    }
}

impl fmt::Debug for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HttpError({self})")
    }
}

impl Error for HttpError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        // The cause itself is in the message already.
        self.0.flaw.cause.as_ref()?.source()
    }
}

/// The URL as anyone may read it: no user, no password, no query.
fn public(url: &Url) -> String {
    let host = &url[Position::BeforeHost..Position::AfterPath];
    format!("{}://{host}", url.scheme())
}

/// What went wrong, before it is known where.
#[derive(Debug)]
pub(super) struct Flaw {
    pub(super) kind: Kind,
    cause: Option<Cause>,
}

impl Flaw {
    pub(super) fn because(kind: Kind, cause: impl Into<Cause>) -> Self {
        Self { kind, cause: Some(cause.into()) }
    }
}

impl From<Kind> for Flaw {
    fn from(kind: Kind) -> Self {
        Self { kind, cause: None }
    }
}

impl From<io::Error> for Flaw {
    fn from(error: io::Error) -> Self {
        Self { kind: Kind::of(&error), cause: Some(error.into()) }
    }
}

/// What to count a failure by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    BadJson,
    BadRequest,
    BadText,
    BadUrl,
    BodyTooLarge,
    Cancelled,
    ClosedEarly,
    ConnectTimeout,
    Io,
    NoLocalPort,
    NoSuchHost,
    Protocol,
    Refused,
    Reset,
    Status(StatusCode),
    Timeout,
    Tls,
    TooManyOpenFiles,
    TooManyRedirects,
    Unreachable,
}

impl Kind {
    pub(super) fn name(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::BadJson => "bad json",
            Self::BadRequest => "bad request",
            Self::BadText => "bad text",
            Self::BadUrl => "bad url",
            Self::BodyTooLarge => "body too large",
            Self::Cancelled => "cancelled",
            Self::ClosedEarly => "closed early",
            Self::ConnectTimeout => "connect timeout",
            Self::Io => "io",
            Self::NoLocalPort => "no local port",
            Self::NoSuchHost => "no such host",
            Self::Protocol => "protocol",
            Self::Refused => "refused",
            Self::Reset => "reset",
            Self::Status(status) => return Cow::Owned(format!("http {}", status.as_u16())),
            Self::Timeout => "timeout",
            Self::Tls => "tls",
            Self::TooManyOpenFiles => "too many open files",
            Self::TooManyRedirects => "too many redirects",
            Self::Unreachable => "unreachable",
        })
    }

    pub(super) fn of(error: &io::Error) -> Self {
        use io::ErrorKind as E;
        if let Some(inner) = error.get_ref()
            && inner.is::<rustls::Error>()
        {
            return Self::Tls;
        }
        // EMFILE and ENFILE, which have no `ErrorKind`.
        if matches!(error.raw_os_error(), Some(23 | 24)) {
            return Self::TooManyOpenFiles;
        }
        match error.kind() {
            E::ConnectionRefused => Self::Refused,
            E::ConnectionReset | E::BrokenPipe | E::ConnectionAborted => Self::Reset,
            E::UnexpectedEof => Self::ClosedEarly,
            E::TimedOut => Self::Timeout,
            E::AddrNotAvailable => Self::NoLocalPort,
            E::HostUnreachable | E::NetworkUnreachable | E::NetworkDown => Self::Unreachable,
            _ => Self::Io,
        }
    }
}
