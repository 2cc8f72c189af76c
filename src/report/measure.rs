//! One figure of a run, asked for by name: what thresholds are about.

use std::{fmt, sync::Arc, time::Duration};

use super::{
    figures::{number, per_second},
    fold::{Exchanges, Merge, Tally, Timing},
    scope::{Lane, Scope, Transaction, header, lanes, named},
    trend::{Quantile, Trend},
};

/// Names of all metrics that [`measure`] knows of itself; what journeys measure has other names.
///
/// `transaction`, `transaction_duration` and `service_time` take the name of a transaction as
/// selector, `sent` a kind of message, `recorded` a datapool, `exchanges` a side such as `issuer`, a
/// protocol or both (`issuer: issue-credential`), and all others a journey. Without a
/// selector, `service_time` is that of trips, and the others are of all there is.
pub const METRICS: [&str; 21] = [
    "transaction",
    "transaction_duration",
    "service_time",
    "iterations",
    "iteration_duration",
    "dropped_iterations",
    "schedule_lag",
    "http_reqs",
    "http_req_failed",
    "http_req_duration",
    "http_req_blocked",
    "http_req_connecting",
    "http_req_tls_handshaking",
    "http_req_sending",
    "http_req_waiting",
    "http_req_receiving",
    "data_sent",
    "data_received",
    "sent",
    "recorded",
    "exchanges",
];

/// What to make of a metric's samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Aggregate {
    /// The average of those that were seen.
    Avg,
    /// The least of those that were seen.
    Min,
    /// The 50th percentile.
    Med,
    /// The most of those that were seen.
    Max,
    /// A percentile, from 0 to 100.
    P(f64),
    /// How many.
    Count,
    /// How many a second; of `http_req_failed`, how much of all.
    Rate,
    /// How much of all that were completed, from 0 to 1, failed.
    Failed,
    /// How many exchanges are not known to have ended, whatever the reason.
    Pending,
}

impl fmt::Display for Aggregate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Avg => f.write_str("avg"),
            Self::Min => f.write_str("min"),
            Self::Med => f.write_str("med"),
            Self::Max => f.write_str("max"),
            Self::P(percent) => write!(f, "p({percent})"),
            Self::Count => f.write_str("count"),
            Self::Rate => f.write_str("rate"),
            Self::Failed => f.write_str("failed"),
            Self::Pending => f.write_str("pending"),
        }
    }
}

/// A figure of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// How long.
    Time(Quantile),
    /// How much of all, from 0 to 1.
    Fraction(f64),
    /// How many.
    Count(u64),
    /// How many a second.
    PerSecond(f64),
}

impl Value {
    /// The bare number: milliseconds, a fraction, a count or a rate.
    ///
    /// A time that is not known, because it falls among trips that were dropped or cancelled, is
    /// infinite: no upper limit holds for it.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn number(self) -> f64 {
        match self {
            Self::Time(quantile) => quantile.ms(),
            Self::Fraction(it) | Self::PerSecond(it) => it,
            Self::Count(count) => count as f64,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time(quantile) => quantile.fmt(f),
            Self::Fraction(it) => write!(f, "{:.2}%", it * 100.0),
            Self::Count(count) => count.fmt(f),
            Self::PerSecond(it) => write!(f, "{}/s", number(*it)),
        }
    }
}

/// Measures one figure; `None` where there is nothing to measure, or no such figure.
///
/// # Examples
/// The 95th percentile of the response times of a transaction:
/// `measure(&tally, "transaction", Some("Log in"), Aggregate::P(95.0))`.
#[must_use]
pub fn measure(
    tally: &Tally,
    metric: &str,
    selector: Option<&str>,
    aggregate: Aggregate,
) -> Option<Value> {
    let run = header(tally);
    let lanes = lanes(&run, tally);
    let meter = Meter { aggregate, run: tally.last };
    match metric {
        "transaction" | "transaction_duration" => {
            let transaction = transaction(&Scope::of(&lanes), selector)?;
            meter.timing(transaction.response(), &transaction.timing)
        }
        "service_time" if selector.is_some() => {
            let transaction = transaction(&Scope::of(&lanes), selector)?;
            meter.trend(Trend::complete(&transaction.timing.service))
        }
        "sent" => {
            let sent = Scope::of(&lanes).sent;
            let chosen = sent.iter().filter(|(kind, _)| selector.is_none_or(|it| it == *kind));
            meter.count(chosen.map(|(_, count)| count).sum())
        }
        "recorded" => {
            let all = tally.recorded.iter().map(|(name, it)| (named(name), it.rows));
            let chosen = all.filter(|(name, _)| selector.is_none_or(|it| it == name));
            meter.count(chosen.map(|(_, rows)| rows).sum())
        }
        "exchanges" => meter.exchanges(&exchanges(tally, selector)?),
        _ => meter.scope(metric, &of_journey(&lanes, selector)?),
    }
}

/// The exchanges of a side or a protocol, or of both.
fn exchanges(tally: &Tally, selector: Option<&str>) -> Option<Exchanges> {
    let is_meant = |(protocol, party): &(Arc<str>, Arc<str>)| {
        selector.is_none_or(|it| {
            it == &**party || it == &**protocol || it == format!("{party}: {protocol}")
        })
    };
    let all = tally.exchanges.iter();
    let chosen = all.filter(|(place, _)| place.map_or(selector.is_none(), is_meant));
    chosen.map(|(_, it)| it.clone()).reduce(|mut sum, it| {
        sum.merge(&it);
        sum
    })
}

fn of_journey(lanes: &[Lane<'_>], journey: Option<&str>) -> Option<Scope> {
    let chosen =
        |lane: &&Lane<'_>| journey.is_none_or(|it| it == lane.journey() || it == lane.label);
    let mut chosen = lanes.iter().filter(chosen).peekable();
    chosen.peek()?;
    Some(Scope::of(chosen))
}

fn transaction(scope: &Scope, name: Option<&str>) -> Option<Transaction> {
    match name {
        Some(name) => scope.transactions.get(name).cloned(),
        None => (!scope.transactions.is_empty()).then(|| scope.any_transaction()),
    }
}

/// An aggregate of a run of a length.
#[derive(Debug, Clone, Copy)]
struct Meter {
    aggregate: Aggregate,
    run: Duration,
}

impl Meter {
    fn scope(self, metric: &str, scope: &Scope) -> Option<Value> {
        let (trips, requests) = (&scope.trips, &scope.requests);
        match metric {
            "iterations" | "iteration_duration" => self.timing(scope.response(), &trips.timing),
            "dropped_iterations" => self.count(trips.dropped()),
            "service_time" => self.trend(Trend::complete(&trips.timing.service)),
            "schedule_lag" => self.trend(Trend::complete(&trips.timing.lag)),
            "http_reqs" => self.count(requests.count),
            "http_req_failed" => self.fraction(requests.failed, requests.count),
            "data_sent" => self.count(requests.sent_bytes),
            "data_received" => self.count(requests.received_bytes),
            _ => {
                let of_http = |part| requests.times.named().into_iter().find(|(it, _)| *it == part);
                let times = metric.strip_prefix("http_req_").and_then(of_http).map(|(_, it)| it);
                self.trend(Trend::complete(times.or_else(|| scope.measured.get(metric))?))
            }
        }
    }

    fn exchanges(self, it: &Exchanges) -> Option<Value> {
        match self.aggregate {
            Aggregate::Count => Some(Value::Count(it.started)),
            Aggregate::Failed => self.fraction(it.failed, it.finished + it.failed),
            Aggregate::Pending => Some(Value::Count(it.unknown())),
            _ => self.trend(Trend::complete(&it.took)),
        }
    }

    fn timing(self, response: Trend<'_>, timing: &Timing) -> Option<Value> {
        match self.aggregate {
            Aggregate::Failed => self.fraction(timing.failed, timing.completed()),
            _ => self.trend(response),
        }
    }

    fn trend(self, trend: Trend<'_>) -> Option<Value> {
        let exact = |it: Option<Duration>| it.map(Quantile::Exact);
        let quantile = match self.aggregate {
            Aggregate::Avg => exact(trend.seen.avg()),
            Aggregate::Min => exact(trend.seen.min()),
            Aggregate::Max => exact(trend.seen.max()),
            Aggregate::Med => trend.percentile(50.0),
            Aggregate::P(percent) => trend.percentile(percent),
            Aggregate::Count | Aggregate::Rate => return self.count(trend.seen.count()),
            Aggregate::Failed | Aggregate::Pending => None,
        };
        quantile.map(Value::Time)
    }

    fn count(self, count: u64) -> Option<Value> {
        match self.aggregate {
            Aggregate::Count => Some(Value::Count(count)),
            Aggregate::Rate => Some(Value::PerSecond(per_second(count, self.run))),
            _ => None,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    fn fraction(self, part: u64, of: u64) -> Option<Value> {
        match self.aggregate {
            Aggregate::Rate | Aggregate::Failed if of > 0 => {
                Some(Value::Fraction(part as f64 / of as f64))
            }
            _ => None,
        }
    }
}
