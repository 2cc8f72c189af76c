//! Everything that happens in a single trip, line by line.

use std::{
    fmt::Write as _,
    io::{self, Write},
};

use super::say::unless_closed;
use crate::bus::{Change, End, Event, Message, Request, Subscriber};

/// Prints what it hears, and remembers how the trip ended.
pub(super) struct Trace<W> {
    out: W,
    failed: bool,
}

impl<W: Write + Send + 'static> Trace<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, failed: true }
    }

    /// Whether the trip did anything but end as it should.
    pub(super) fn failed(&self) -> bool {
        self.failed
    }
}

impl<W: Write + Send + 'static> Subscriber for Trace<W> {
    fn receive(&mut self, message: &Message) -> io::Result<()> {
        unless_closed(self.tell(message))
    }

    fn rest(&mut self) -> io::Result<()> {
        unless_closed(self.out.flush())
    }
}

impl<W: Write> Trace<W> {
    fn tell(&mut self, message: &Message) -> io::Result<()> {
        let at = format!("{:>10.3} ms", message.at.as_secs_f64() * 1000.0);
        let out = &mut self.out;
        match &message.event {
            Event::Started { .. } => writeln!(out, "{at}  the trip begins"),
            Event::Request { transaction, request, .. } => {
                let within = transaction.as_deref().unwrap_or("no transaction");
                writeln!(out, "{at}  http {} [{within}]", describe(request))
            }
            Event::Transaction { name, service, end, .. } => {
                writeln!(out, "{at}  transaction {name}: {} in {service:.1?}", ended(end))
            }
            Event::Recorded { name, bytes, .. } => {
                writeln!(out, "{at}  recorded a row of {bytes} bytes to {name}")
            }
            Event::Purged { name, .. } => writeln!(out, "{at}  purged {name}"),
            Event::Sent { kind, fields, .. } => writeln!(out, "{at}  sent {kind}: {fields}"),
            Event::Measured { values, .. } => values
                .iter()
                .try_for_each(|it| writeln!(out, "{at}  measured {}: {:.1?}", it.name, it.took)),
            Event::Exchange { party, protocol, change } => {
                writeln!(out, "{at}  {protocol}, as {party} tell: {}", became(change))
            }
            Event::Unheard { party, lasted } => {
                writeln!(out, "{at}  {party} was not heard for {lasted:.1?}")
            }
            Event::Dropped { reason, .. } => writeln!(out, "{at}  no trip: {reason:?}"),
            Event::Ended { service, end, .. } => {
                self.failed = *end != End::Done;
                writeln!(out, "{at}  the trip: {} in {service:.1?}", ended(end))
            }
            Event::Began(_)
            | Event::Health(_)
            | Event::Stalled { .. }
            | Event::Draining(_)
            | Event::Finished => Ok(()),
        }
    }
}

fn ended(end: &End) -> String {
    match end {
        End::Done => "done".into(),
        End::Cancelled => "cancelled".into(),
        End::Failed { kind, message: Some(message) } => format!("failed, {kind}: {message}"),
        End::Failed { kind, message: None } => format!("failed, {kind}"),
    }
}

fn became(change: &Change) -> String {
    match change {
        Change::Started => "started".into(),
        Change::Step { from, to, took } => format!("{from} → {to} in {took:.1?}"),
        Change::Finished { took, verified: None } => format!("finished in {took:.1?}"),
        Change::Finished { took, verified: Some(true) } => format!("verified in {took:.1?}"),
        Change::Finished { took, verified: Some(false) } => {
            format!("found false in {took:.1?}")
        }
        Change::Failed { why } => format!("failed, {why}"),
        Change::Lost => "lost from sight".into(),
        Change::Unfollowed => "not followed".into(),
    }
}

/// `POST 201, 20 bytes, waiting 2.5ms, receiving 0.1ms`
fn describe(request: &Request) -> String {
    let answer = match (request.status, &request.failure) {
        (Some(status), None) => status.to_string(),
        (_, failure) => failure.as_deref().unwrap_or("no answer").into(),
    };
    let mut text = format!(
        "{} {answer}, {} bytes sent, {} received",
        request.method, request.sent_bytes, request.received_bytes
    );
    let phases = [
        ("blocked", request.blocked),
        ("looking up", request.looking_up),
        ("connecting", request.connecting),
        ("tls", request.tls_handshaking),
        ("sending", request.sending),
        ("waiting", request.waiting),
        ("receiving", request.receiving),
    ];
    for (phase, took) in phases.into_iter().filter(|(_, took)| !took.is_zero()) {
        write!(text, ", {phase} {took:.1?}").expect("writing to a String never fails");
    }
    text
}
