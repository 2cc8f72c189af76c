//! Exchanges: messages in a fixed order on one thread, each from the side whose turn it is.

use super::{
    ProtocolError, notification,
    turn::{due, out_of_turn, wrong},
};
use crate::aries::didcomm::{Kind, Message, Thread};

/// Where one exchange stands, on either side of it.
#[derive(Debug)]
pub(super) struct Exchange {
    /// What is said in it, in this order.
    steps: &'static [Kind],
    thread: Thread,
    /// Which step is next; behind the last one when the exchange has ended.
    due: usize,
}

impl Exchange {
    /// Begins with a message of ours.
    pub(super) fn begin(steps: &'static [Kind], step: usize) -> (Self, Message) {
        let message = Message::new(steps[step].clone());
        let thread = thread_of(&message);
        (Self { steps, thread, due: step + 1 }, message)
    }

    /// Begins with a message of theirs, in whichever of the versions it is of.
    pub(super) fn begun<T>(
        versions: &[&'static [Kind]],
        step: usize,
        message: &Message,
        read: impl FnOnce(&Message) -> Result<T, ProtocolError>,
    ) -> Result<(Self, T), ProtocolError> {
        let steps = versions.iter().find(|steps| message.kind.is(&steps[step]));
        let steps = steps.ok_or_else(|| out_of_turn(message, &versions[0][step].name))?;
        let read = read(message)?;
        Ok((Self { steps, thread: thread_of(message), due: step + 1 }, read))
    }

    /// Takes a message of theirs; what is refused changes nothing, but for a reported problem, which
    /// ends the exchange.
    pub(super) fn hear<T>(
        &mut self,
        step: usize,
        message: &Message,
        read: impl FnOnce(&Message) -> Result<T, ProtocolError>,
    ) -> Result<T, ProtocolError> {
        let thid = message.thread.thid.as_ref();
        if thid.is_some() && thid != self.thread.thid.as_ref() {
            return Err(wrong(message, "is on the thread of another exchange"));
        }
        let Some(expected) = self.steps.get(self.due) else {
            return Err(self.not_due(message.kind.clone()));
        };
        if let Some(problem) = notification::problem(message) {
            self.end();
            return Err(ProtocolError::Problem(problem));
        }
        if step != self.due {
            return Err(self.not_due(message.kind.clone()));
        }
        due(message, expected, &expected.name)?;
        if thid.is_none() {
            return Err(wrong(message, "does not say which exchange it belongs to"));
        }
        let read = read(message)?;
        self.due += 1;
        Ok(read)
    }

    /// Sends a message of ours.
    pub(super) fn say(&mut self, step: usize) -> Result<Message, ProtocolError> {
        let kind = self.steps[step].clone();
        if step != self.due {
            return Err(self.not_due(kind));
        }
        self.due += 1;
        Ok(self.message(kind))
    }

    /// Ends it from our side.
    pub(super) fn abandon(
        &mut self,
        code: &str,
        explanation: &str,
    ) -> Result<Message, ProtocolError> {
        let kind = problem_report(&self.steps[0]);
        if self.due >= self.steps.len() {
            return Err(self.not_due(kind));
        }
        self.end();
        Ok(notification::described(self.message(kind), code, explanation))
    }

    pub(super) fn thread_id(&self) -> &str {
        self.thread.thid.as_deref().unwrap_or_default()
    }

    fn end(&mut self) {
        self.due = self.steps.len();
    }

    fn message(&self, kind: Kind) -> Message {
        Message { thread: self.thread.clone(), ..Message::new(kind) }
    }

    fn not_due(&self, got: Kind) -> ProtocolError {
        let expected = self.steps.get(self.due).map_or("no further message", |kind| &*kind.name);
        ProtocolError::OutOfTurn { expected, got }
    }
}

/// The report that says why a message which would have begun an exchange was not taken. What came out
/// of turn, acks and reports are not answered: it would not end.
pub(super) fn refusal(
    versions: &[&'static [Kind]],
    message: &Message,
    error: &ProtocolError,
    code: &str,
) -> Option<Message> {
    match error {
        ProtocolError::Wrong { .. } | ProtocolError::Message(_) => {}
        ProtocolError::OutOfTurn { .. } | ProtocolError::Problem(_) => return None,
    }
    let steps = versions.iter().find(|steps| message.kind.belongs_to(&steps[0]))?;
    if notification::is_notice(message) {
        return None;
    }
    let report = Message::new(problem_report(&steps[0]));
    let report = Message { thread: thread_of(message), ..report };
    Some(notification::described(report, code, &error.to_string()))
}

fn problem_report(of: &Kind) -> Kind {
    Kind { name: "problem-report".into(), ..of.clone() }
}

fn thread_of(message: &Message) -> Thread {
    let thid = Some(message.thread_id().to_owned());
    Thread { thid, pthid: message.thread.pthid.clone() }
}
