//! From a request to its response: over which connection, how often, and along which redirects.

use http::Method;
use tokio::time;
use url::Position;

use super::{
    answer::{Answer, Whole},
    client::Trip,
    connection::{Connection, Exchange},
    error::{Flaw, HttpError, Kind},
    hop::Hop,
    outgoing::{Outgoing, Parts},
    redirect,
    request::{Call, RequestBuilder},
    response::Response,
};

impl RequestBuilder {
    /// Sends it, follows redirects, and reads the answer to its end.
    ///
    /// Any status is a response; see [`Response::error_for_status`].
    ///
    /// # Errors
    ///
    /// The request cannot be made of what was set, or no whole answer came in time.
    pub async fn send(self) -> Result<Response, HttpError> {
        let (trip, mut call) = (self.http.0, self.call?);
        let mut followed = 0;
        loop {
            let whole = trip.hop(&call).await.map_err(|flaw| call.failed(flaw))?;
            let to = match call.redirects {
                0 => None,
                _ => redirect::target(&call.url, whole.status, &whole.headers)
                    .map_err(|flaw| call.failed(flaw))?,
            };
            let Some(url) = to else { return Ok(call.answered(whole)) };
            if followed == call.redirects {
                let text = format!("more than {followed}");
                return Err(call.failed(Flaw::because(Kind::TooManyRedirects, text)));
            }
            followed += 1;
            call.follow(whole.status, url);
        }
    }
}

impl Call {
    fn answered(self, whole: Whole) -> Response {
        let Whole { status, headers, body, .. } = whole;
        Response { method: self.method, url: self.url, status, headers, body }
    }

    /// Whether sending it twice does no more than sending it once.
    fn is_idempotent(&self) -> bool {
        [Method::GET, Method::HEAD, Method::PUT, Method::DELETE, Method::OPTIONS]
            .contains(&self.method)
    }
}

impl Trip {
    /// Sends one request, which is told whatever becomes of it.
    async fn hop(&self, call: &Call) -> Result<Whole, Flaw> {
        let mut hop = Hop::begin(&*self.observer, &call.method);
        let whole = time::timeout(call.timeout, self.exchange(call, &mut hop))
            .await
            .unwrap_or_else(|_| Err(Kind::Timeout.into()));
        hop.end(whole.as_ref().map(|whole| whole.status));
        let whole = whole?;
        self.jar.keep(&call.url, &whole.headers);
        Ok(whole)
    }

    async fn exchange(&self, call: &Call, hop: &mut Hop<'_>) -> Result<Whole, Flaw> {
        let outgoing = self.outgoing(call);
        if let Some(mut connection) = self.idle_connection(call).await {
            hop.reuses();
            let mut exchange = self.begin(call, &outgoing);
            match exchange.run(&mut connection, hop).await {
                Ok(()) => return self.finish(call, exchange, connection),
                Err(flaw) if !may_repeat(call, &exchange, &flaw) => return Err(flaw),
                Err(_) => hop.again(),
            }
        }
        // Boxed, because it is rare and large: a waiting request should not make room for it.
        let mut connection = Box::pin(self.shared.dialer.dial(&call.url, hop)).await?;
        let mut exchange = self.begin(call, &outgoing);
        exchange.run(&mut connection, hop).await?;
        self.finish(call, exchange, connection)
    }

    fn outgoing(&self, call: &Call) -> Outgoing {
        let Call { method, url, headers, body, .. } = call;
        let cookies =
            if headers.contains_key(http::header::COOKIE) { None } else { self.jar.line(url) };
        let agent = &self.shared.agent;
        Outgoing::new(&Parts { method, url, agent, headers, cookies }, body.clone())
    }

    fn begin<'a>(&self, call: &'a Call, outgoing: &'a Outgoing) -> Exchange<'a> {
        let answer = Answer::new(&call.method, self.shared.settings.body_bytes_max);
        Exchange::new(outgoing, answer)
    }

    async fn idle_connection(&self, call: &Call) -> Option<Connection> {
        loop {
            let mut connection = self.pool().take(origin(call))?;
            if connection.is_quiet().await {
                return Some(connection);
            }
        }
    }

    fn finish(
        &self,
        call: &Call,
        exchange: Exchange<'_>,
        connection: Connection,
    ) -> Result<Whole, Flaw> {
        let whole = exchange.finish().ok_or(Kind::ClosedEarly)?;
        if whole.lasting {
            self.pool().give(origin(call), connection);
        }
        Ok(whole)
    }
}

/// Whether a request that failed on a connection that had served before may be sent once more: a
/// server closes idle connections when it likes, and that is nobody's failure.
fn may_repeat(call: &Call, exchange: &Exchange<'_>, flaw: &Flaw) -> bool {
    matches!(flaw.kind, Kind::ClosedEarly | Kind::Reset)
        && exchange.is_unanswered()
        && (exchange.is_unsent() || call.is_idempotent())
}

/// `http://host:port`; URLs have no user here.
fn origin(call: &Call) -> &str {
    &call.url[..Position::BeforePath]
}
