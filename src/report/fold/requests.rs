//! What HTTP requests came to.

use std::{collections::BTreeMap, sync::Arc};

use super::{Bounded, Histogram, Merge};
use crate::bus::Request;

pub(super) const FAILURE_KINDS_MAX: usize = 100;

/// What HTTP requests came to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Requests {
    pub(crate) count: u64,
    /// Those without an answer, or with a status of 400 or more.
    pub(crate) failed: u64,
    pub(crate) statuses: BTreeMap<u16, u64>,
    /// Those without an answer, by kind of failure.
    pub(crate) failures: Bounded<Arc<str>, u64, FAILURE_KINDS_MAX>,
    pub(crate) sent_bytes: u64,
    pub(crate) received_bytes: u64,
    pub(crate) times: Times,
}

/// Where the time of requests went that were answered.
#[derive(Debug, Clone, Default)]
pub(crate) struct Times {
    /// Sending, waiting and receiving together.
    pub(crate) duration: Histogram,
    /// Waiting for a connection, looking its name up included.
    pub(crate) blocked: Histogram,
    pub(crate) connecting: Histogram,
    pub(crate) tls_handshaking: Histogram,
    pub(crate) sending: Histogram,
    pub(crate) waiting: Histogram,
    pub(crate) receiving: Histogram,
}

impl Requests {
    pub(crate) fn end(&mut self, request: &Request) {
        self.count += 1;
        let refused = request.status.is_some_and(|status| status >= 400);
        self.failed += u64::from(request.failure.is_some() || refused);
        if let Some(status) = request.status {
            *self.statuses.entry(status).or_default() += 1;
        }
        if let Some(kind) = &request.failure {
            self.failures.update(kind, |count| *count += 1);
        }
        self.sent_bytes = self.sent_bytes.saturating_add(request.sent_bytes);
        self.received_bytes = self.received_bytes.saturating_add(request.received_bytes);
        // How long nothing was waited for says nothing of the target, and would flatter it.
        if request.status.is_some() {
            self.times.record(request);
        }
    }
}

impl Merge for Requests {
    fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.failed += other.failed;
        for (status, count) in &other.statuses {
            *self.statuses.entry(*status).or_default() += count;
        }
        self.failures.merge(&other.failures);
        self.sent_bytes = self.sent_bytes.saturating_add(other.sent_bytes);
        self.received_bytes = self.received_bytes.saturating_add(other.received_bytes);
        self.times.merge(&other.times);
    }
}

impl Times {
    fn record(&mut self, it: &Request) {
        let duration = it.sending.saturating_add(it.waiting).saturating_add(it.receiving);
        self.duration.record(duration);
        self.blocked.record(it.blocked.saturating_add(it.looking_up));
        self.connecting.record(it.connecting);
        self.tls_handshaking.record(it.tls_handshaking);
        self.sending.record(it.sending);
        self.waiting.record(it.waiting);
        self.receiving.record(it.receiving);
    }

    fn merge(&mut self, other: &Self) {
        self.duration.merge(&other.duration);
        self.blocked.merge(&other.blocked);
        self.connecting.merge(&other.connecting);
        self.tls_handshaking.merge(&other.tls_handshaking);
        self.sending.merge(&other.sending);
        self.waiting.merge(&other.waiting);
        self.receiving.merge(&other.receiving);
    }

    /// Every time, with its name after `http_req_`.
    pub(crate) fn named(&self) -> [(&'static str, &Histogram); 7] {
        [
            ("duration", &self.duration),
            ("blocked", &self.blocked),
            ("connecting", &self.connecting),
            ("tls_handshaking", &self.tls_handshaking),
            ("sending", &self.sending),
            ("waiting", &self.waiting),
            ("receiving", &self.receiving),
        ]
    }
}
