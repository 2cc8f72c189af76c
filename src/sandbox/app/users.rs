//! The one thread that owns the database: what many ask for at a time, it commits at a time.

use std::{
    mem,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
};

use tokio::sync::{mpsc, oneshot};

use super::{
    credentials::Secret,
    database::{Account, Created, Database, NewUser},
};
use crate::sandbox::{SandboxError, Store};

/// Questions that may wait for the database; who asks one more waits to ask.
const QUEUE: usize = 4_096;
/// Questions answered, and writes committed, at a time.
const BATCH: usize = 512;

/// Why the database gave no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum UsersError {
    #[error("the users cannot be read or written: {0}")]
    Database(Arc<rusqlite::Error>),
    #[error("the sandbox is about to end")]
    Ending,
}

type Answer<T> = oneshot::Sender<Result<T, UsersError>>;

enum Question {
    Create { user: NewUser, answer: Answer<Created> },
    Find { username: String, answer: Answer<Option<Account>> },
}

/// A way to ask the database; clones ask the same one.
#[derive(Clone)]
pub(in super::super) struct Users {
    questions: mpsc::Sender<Question>,
    count: Arc<AtomicU64>,
}

/// The thread of the database; it ends when nobody can ask any more.
pub(in super::super) type Keeper = JoinHandle<Result<(), SandboxError>>;

impl Users {
    pub(in super::super) fn open(store: &Store) -> Result<(Self, Keeper), SandboxError> {
        let database = Database::open(store)?;
        let count = Arc::new(AtomicU64::new(database.users()));
        let (questions, asked) = mpsc::channel(QUEUE);
        let users = Self { questions, count: Arc::clone(&count) };
        let keeper = thread::Builder::new()
            .name("sandbox-users".into())
            .spawn(move || keep(database, asked, &count))
            .map_err(SandboxError::Thread)?;
        Ok((users, keeper))
    }

    /// How many users there are, whenever it is read.
    pub(in super::super) fn count(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.count)
    }

    /// Creates a user; answers when it is committed.
    pub(super) async fn create(
        &self,
        username: String,
        secret: Secret,
    ) -> Result<Created, UsersError> {
        let user = NewUser { username, secret };
        self.ask(|answer| Question::Create { user, answer }).await
    }

    pub(super) async fn find(&self, username: String) -> Result<Option<Account>, UsersError> {
        self.ask(|answer| Question::Find { username, answer }).await
    }

    async fn ask<T>(&self, question: impl FnOnce(Answer<T>) -> Question) -> Result<T, UsersError> {
        let (answer, answered) = oneshot::channel();
        self.questions.send(question(answer)).await.map_err(|_| UsersError::Ending)?;
        answered.await.map_err(|_| UsersError::Ending)?
    }
}

fn keep(
    mut database: Database,
    mut asked: mpsc::Receiver<Question>,
    count: &AtomicU64,
) -> Result<(), SandboxError> {
    let mut batch = Vec::with_capacity(BATCH);
    while asked.blocking_recv_many(&mut batch, BATCH) > 0 {
        let (mut new_users, mut creators, mut finds) = (Vec::new(), Vec::new(), Vec::new());
        for question in mem::take(&mut batch) {
            match question {
                Question::Create { user, answer } => {
                    new_users.push(user);
                    creators.push(answer);
                }
                Question::Find { username, answer } => finds.push((username, answer)),
            }
        }
        create(&mut database, &new_users, creators, count);
        // Whoever asked and went away does not need the answer.
        for (username, answer) in finds {
            let found = database.find(&username);
            let _ = answer.send(found.map_err(|error| UsersError::Database(Arc::new(error))));
        }
    }
    database.close()
}

fn create(
    database: &mut Database,
    new_users: &[NewUser],
    creators: Vec<Answer<Created>>,
    count: &AtomicU64,
) {
    if new_users.is_empty() {
        return;
    }
    let created = database.create(new_users).map_err(Arc::new);
    count.store(database.users(), Ordering::Relaxed);
    for (n, answer) in creators.into_iter().enumerate() {
        let answered = match &created {
            Ok(created) => Ok(created[n]),
            Err(error) => Err(UsersError::Database(Arc::clone(error))),
        };
        let _ = answer.send(answered);
    }
}
