//! A talk with whoever drives an agent: lines in, lines out, until it is told to stop.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt},
    task::JoinSet,
};

use super::{
    agent::Agent,
    command::{Command, Errand, Start},
    house::House,
    lines::{LINE_MAX, Line, Lines},
    reply::Reply,
    variables::Variables,
};

/// Commands that may be under way at a time; Akrida has one, and those that it has given up.
const UNDER_WAY_MAX: usize = 64;

/// The agent of a session, once it has started.
type Place = Arc<Mutex<Option<Arc<Agent>>>>;

/// Does what is read and writes an answer for each line, until it is told to stop or nothing more
/// comes.
pub(crate) async fn session(
    house: Arc<House>,
    variables: Variables,
    from: impl AsyncRead + Unpin,
    to: impl AsyncWrite + Unpin,
) -> io::Result<()> {
    converse(house, variables, Lines::new(from), to).await
}

pub(super) async fn converse(
    house: Arc<House>,
    variables: Variables,
    mut lines: Lines<impl AsyncRead + Unpin>,
    mut to: impl AsyncWrite + Unpin,
) -> io::Result<()> {
    let place = Place::default();
    let mut under_way = JoinSet::new();
    let ended = loop {
        let reply = tokio::select! {
            line = lines.next() => match line.map(|line| line.map(understood)) {
                Ok(Some(Ok(Command::Shutdown))) => {
                    break answer(&mut to, &Reply::done("Shutting down agent")).await;
                }
                Ok(Some(Ok(_))) if under_way.len() == UNDER_WAY_MAX => {
                    Reply::failed(format!("{UNDER_WAY_MAX} commands are under way already"))
                }
                Ok(Some(Ok(Command::Start(said)))) => {
                    let (house, variables) = (Arc::clone(&house), variables.clone());
                    under_way.spawn(start(house, variables, Arc::clone(&place), said));
                    continue;
                }
                Ok(Some(Ok(Command::Errand(errand)))) => {
                    under_way.spawn(run(Arc::clone(&place), errand));
                    continue;
                }
                Ok(Some(Err(refused))) => refused,
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            },
            Some(done) = under_way.join_next() => {
                done.unwrap_or_else(|error| Reply::failed(format!("the agent failed: {error}")))
            }
        };
        if let Err(error) = answer(&mut to, &reply).await {
            break Err(error);
        }
    };
    under_way.shutdown().await;
    let agent = taken(&place);
    if let Some(agent) = agent {
        agent.leave().await;
    }
    ended
}

fn understood(line: Line) -> Result<Command, Reply> {
    match line {
        Line::Text(text) => Command::parse(&text).map_err(|error| Reply::failed(error.to_string())),
        Line::TooLong => {
            Err(Reply::failed(format!("Invalid command: a line has {LINE_MAX} bytes at most")))
        }
        Line::NotUtf8 => Err(Reply::failed("Invalid command: the line is not UTF-8")),
    }
}

async fn answer(to: &mut (impl AsyncWrite + Unpin), reply: &Reply) -> io::Result<()> {
    to.write_all(&reply.line()).await?;
    to.flush().await
}

async fn start(house: Arc<House>, variables: Variables, place: Place, said: Start) -> Reply {
    let before = taken(&place);
    if let Some(before) = before {
        before.leave().await;
    }
    match Agent::start(&house, &variables, said).await {
        Ok((agent, config)) => {
            let agent = Some(Arc::new(agent));
            let other = std::mem::replace(&mut *locked(&place), agent);
            // One that another `start` has begun meanwhile.
            if let Some(other) = other {
                other.leave().await;
            }
            Reply::done(config)
        }
        Err(error) => Reply::failed(error.text()),
    }
}

async fn run(place: Place, errand: Errand) -> Reply {
    let agent = locked(&place).clone();
    match agent {
        Some(agent) => agent.run(errand).await.unwrap_or_else(|it| Reply::failed(it.text())),
        None => Reply::failed("there is no agent yet: `start` comes first"),
    }
}

fn taken(place: &Place) -> Option<Arc<Agent>> {
    locked(place).take()
}

fn locked(place: &Place) -> MutexGuard<'_, Option<Arc<Agent>>> {
    place.lock().unwrap_or_else(PoisonError::into_inner)
}
