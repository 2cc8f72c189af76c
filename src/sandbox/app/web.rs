//! What the sandbox answers to whom.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::Ordering};

use axum::{
    Json, Router,
    body::{Bytes, to_bytes},
    extract::{DefaultBodyLimit, Request, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use rand::rngs::StdRng;
use serde_json::json;

use super::{
    credentials::{Credentials, CredentialsError, Secret},
    database::{Created, USERS_MAX},
    sessions::{SESSIONS_MAX, Sessions, Token, User},
    users::{Users, UsersError},
};
use crate::sandbox::{gate::Gate, wire};

/// Largest body, in bytes.
const BODY_MAX: usize = 64 * 1024;

/// What the handlers share.
pub(in super::super) struct App {
    users: Users,
    sessions: Mutex<Sessions>,
    rng: Mutex<StdRng>,
}

impl App {
    pub(in super::super) fn new(users: Users, rng: StdRng) -> Self {
        let sessions = Mutex::new(Sessions::new(SESSIONS_MAX));
        Self { users, sessions, rng: Mutex::new(rng) }
    }

    pub(in super::super) fn router(self) -> Router {
        let app = Arc::new(self);
        Router::new()
            .route("/", get(async || "ok\n"))
            .route("/users/create", post(create))
            .route("/login", post(log_in))
            .route("/me", get(me))
            .route("/count", get(count))
            .fallback(async || Refusal::new(StatusCode::NOT_FOUND, "there is nothing here"))
            .layer(DefaultBodyLimit::max(BODY_MAX))
            .with_state(app)
    }
}

/// Lets whatever is asked of these routes pass the gate.
pub(in super::super) fn behind(gate: &Arc<Gate>, routes: Router) -> Router {
    routes.layer(from_fn_with_state(Arc::clone(gate), pass_gate))
}

type Body = Result<Bytes, BytesRejection>;

async fn create(State(app): State<Arc<App>>, body: Body) -> Result<Response, Refusal> {
    let Credentials { username, password } = Credentials::parse(&body?)?;
    let secret = Secret::of(&password, &mut *lock(&app.rng));
    match app.users.create(username.clone(), secret).await? {
        Created::User(id) => Ok((StatusCode::CREATED, Json(User { id, username })).into_response()),
        Created::Taken => {
            Err(Refusal::new(StatusCode::CONFLICT, format!("the username `{username}` is taken")))
        }
        Created::Full => Err(Refusal::new(
            StatusCode::INSUFFICIENT_STORAGE,
            format!("there are {USERS_MAX} users already; begin with an empty directory"),
        )),
    }
}

async fn log_in(State(app): State<Arc<App>>, body: Body) -> Result<Response, Refusal> {
    let Credentials { username, password } = Credentials::parse(&body?)?;
    let account = app.users.find(username.clone()).await?;
    let Some(account) = account.filter(|account| account.secret.opens_with(&password)) else {
        return Err(Refusal::new(StatusCode::UNAUTHORIZED, "wrong username or password"));
    };
    let token = Token::random(&mut *lock(&app.rng));
    lock(&app.sessions).begin(token, User { id: account.id, username });
    let cookie = format!("session={token}; Path=/; HttpOnly; SameSite=Lax");
    let body = Json(json!({ "token": token.to_string() }));
    Ok(([(header::SET_COOKIE, cookie)], body).into_response())
}

async fn me(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, Refusal> {
    let user = token(&headers).and_then(|token| lock(&app.sessions).user(token));
    user.map(|user| Json(&*user).into_response()).ok_or_else(|| {
        Refusal::new(StatusCode::UNAUTHORIZED, "not logged in; POST /login answers with a session")
    })
}

async fn count(State(app): State<Arc<App>>) -> Response {
    Json(json!({ "users": app.users.count().load(Ordering::Relaxed) })).into_response()
}

async fn pass_gate(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    let visit = gate.enter();
    let response = if visit.fails() {
        // A body left unread would close the connection: another failure than the one asked for.
        let _ = to_bytes(request.into_body(), wire::MESSAGE_MAX).await;
        Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "one of those that were to fail")
            .into_response()
    } else {
        next.run(request).await
    };
    visit.leave().await;
    response
}

fn token(headers: &HeaderMap) -> Option<Token> {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Some(token) = bearer.and_then(|value| value.strip_prefix("Bearer ")) {
        return Token::parse(token);
    }
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|cookie| cookie.trim().strip_prefix("session="))
        .and_then(Token::parse)
}

/// The handlers hold a lock for a few instructions, never across an await.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A request that is not answered with what it asked for.
struct Refusal {
    status: StatusCode,
    error: String,
}

impl Refusal {
    fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self { status, error: error.into() }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "error": self.error }))).into_response()
    }
}

impl From<BytesRejection> for Refusal {
    fn from(rejection: BytesRejection) -> Self {
        let error = match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => format!("the body is larger than {BODY_MAX} bytes"),
            _ => rejection.body_text(),
        };
        Self::new(rejection.status(), error)
    }
}

impl From<CredentialsError> for Refusal {
    fn from(error: CredentialsError) -> Self {
        let status = match &error {
            CredentialsError::NotJson(_) => StatusCode::BAD_REQUEST,
            CredentialsError::NotAnObject
            | CredentialsError::Missing { .. }
            | CredentialsError::NotAString { .. }
            | CredentialsError::Length { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::new(status, error.to_string())
    }
}

impl From<UsersError> for Refusal {
    fn from(error: UsersError) -> Self {
        let status = match &error {
            UsersError::Database(_) => StatusCode::INTERNAL_SERVER_ERROR,
            UsersError::Ending => StatusCode::SERVICE_UNAVAILABLE,
        };
        Self::new(status, error.to_string())
    }
}
