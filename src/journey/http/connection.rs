//! One connection, and one request and its answer over it.
//!
//! The task that waits for the answer is the one that reads it: an idle connection costs no task,
//! no buffer and no wake-up.

use std::{
    cell::RefCell,
    future::poll_fn,
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tokio_rustls::client::TlsStream;

use super::{
    answer::{Answer, Whole},
    error::Flaw,
    hop::{Hop, Phase},
    outgoing::Outgoing,
};

/// How much is read at once.
const READ_BYTES: usize = 64 << 10;

thread_local! {
    // One for all connections of a thread: nothing stays in it between two polls.
    static SCRATCH: RefCell<Box<[u8]>> = RefCell::new(vec![0; READ_BYTES].into());
}

/// A connection that serves one request at a time.
pub(super) enum Connection {
    Tcp(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Connection {
    /// Whether an idle connection may serve again: neither closed nor spoken to out of turn.
    pub(super) async fn is_quiet(&mut self) -> bool {
        poll_fn(|context| {
            SCRATCH.with_borrow_mut(|scratch| {
                let read = self.poll_read(context, &mut ReadBuf::new(scratch));
                Poll::Ready(read.is_pending())
            })
        })
        .await
    }

    fn poll_read(
        &mut self,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self {
            Self::Tcp(stream) => Pin::new(stream).poll_read(context, into),
            Self::Tls(stream) => Pin::new(stream).poll_read(context, into),
        }
    }

    fn poll_write(&mut self, context: &mut Context<'_>, from: &Unsent) -> Poll<io::Result<usize>> {
        match self {
            Self::Tcp(stream) => poll_write(stream, context, from),
            Self::Tls(stream) => poll_write(stream, context, from),
        }
    }

    fn poll_flush(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Tcp(stream) => Pin::new(stream).poll_flush(context),
            Self::Tls(stream) => Pin::new(stream).poll_flush(context),
        }
    }
}

/// What is left to send: of the head, and of the body.
type Unsent<'a> = [&'a [u8]; 2];

fn poll_write<S: AsyncWrite + Unpin>(
    stream: &mut S,
    context: &mut Context<'_>,
    from: &Unsent<'_>,
) -> Poll<io::Result<usize>> {
    match from {
        [head, []] => Pin::new(stream).poll_write(context, head),
        [[], body] => Pin::new(stream).poll_write(context, body),
        both => Pin::new(stream).poll_write_vectored(context, &both.map(IoSlice::new)),
    }
}

/// One request and its answer.
pub(super) struct Exchange<'a> {
    outgoing: &'a Outgoing,
    answer: Answer<'a>,
    sent: usize,
    sending: Sending,
}

enum Sending {
    UnderWay,
    Done,
    /// Why no more could be written; an answer may have come all the same.
    Broken(io::Error),
}

impl<'a> Exchange<'a> {
    pub(super) fn new(outgoing: &'a Outgoing, answer: Answer<'a>) -> Self {
        Self { outgoing, answer, sent: 0, sending: Sending::UnderWay }
    }

    /// Sends the request and reads the answer to its end.
    pub(super) async fn run(
        &mut self,
        connection: &mut Connection,
        hop: &mut Hop<'_>,
    ) -> Result<(), Flaw> {
        hop.enter(Phase::Sending);
        let ended = poll_fn(|context| self.poll(connection, hop, context)).await;
        self.note(hop);
        ended
    }

    /// Whether nothing of the request has been written.
    pub(super) fn is_unsent(&self) -> bool {
        self.sent == 0
    }

    /// Whether nothing of an answer has come.
    pub(super) fn is_unanswered(&self) -> bool {
        !self.answer.has_begun()
    }

    /// The whole answer, once it has run.
    pub(super) fn finish(self) -> Option<Whole> {
        let sent = matches!(self.sending, Sending::Done);
        self.answer.finish().map(|whole| Whole { lasting: whole.lasting && sent, ..whole })
    }

    fn note(&self, hop: &mut Hop<'_>) {
        let sent = self.sent.saturating_sub(self.outgoing.head.len());
        hop.moved(sent, self.answer.body_bytes());
    }

    fn poll(
        &mut self,
        connection: &mut Connection,
        hop: &mut Hop<'_>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), Flaw>> {
        if matches!(self.sending, Sending::UnderWay) {
            match self.poll_send(connection, context) {
                Poll::Ready(Ok(())) => {
                    self.sending = Sending::Done;
                    if self.is_unanswered() {
                        hop.enter(Phase::Waiting);
                    }
                }
                Poll::Ready(Err(error)) => self.sending = Sending::Broken(error),
                Poll::Pending => {}
            }
        }
        // Read even while sending: whoever refuses a long body answers before its end.
        let received = self.poll_receive(connection, hop, context);
        if received.is_pending() {
            self.note(hop);
        }
        received
    }

    fn poll_send(
        &mut self,
        connection: &mut Connection,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        let Outgoing { head, body } = self.outgoing;
        while self.sent < head.len() + body.len() {
            let unsent =
                [&head[self.sent.min(head.len())..], &body[self.sent.saturating_sub(head.len())..]];
            match ready!(connection.poll_write(context, &unsent))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => self.sent += written,
            }
        }
        connection.poll_flush(context)
    }

    fn poll_receive(
        &mut self,
        connection: &mut Connection,
        hop: &mut Hop<'_>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), Flaw>> {
        SCRATCH.with_borrow_mut(|scratch| {
            loop {
                let mut buffer = ReadBuf::new(scratch);
                let read = ready!(connection.poll_read(context, &mut buffer));
                match (read, buffer.filled()) {
                    (Err(error), _) => return Poll::Ready(Err(self.broken(error.into()))),
                    (Ok(()), []) => {
                        let closed = self.answer.close();
                        return Poll::Ready(closed.map_err(|flaw| self.broken(flaw)));
                    }
                    (Ok(()), bytes) => {
                        if self.is_unanswered() {
                            hop.enter(Phase::Receiving);
                        }
                        if self.answer.feed(bytes)? {
                            return Poll::Ready(Ok(()));
                        }
                    }
                }
            }
        })
    }

    /// The first thing that went wrong is what is told.
    fn broken(&mut self, reading: Flaw) -> Flaw {
        match std::mem::replace(&mut self.sending, Sending::Done) {
            Sending::Broken(writing) => writing.into(),
            Sending::UnderWay | Sending::Done => reading,
        }
    }
}
