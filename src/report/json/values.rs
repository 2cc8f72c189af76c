//! Figures as JSON.

use std::time::Duration;

use serde_json::{Map, Value as Json, json};

use super::super::{
    fold::{Histogram, Timing},
    trend::{Quantile, Trend, ms},
};

pub(super) type Object = Map<String, Json>;

const NAMES: [&str; 5] = ["med", "p(90)", "p(95)", "p(99)", "p(99.9)"];
const PERCENTS: [f64; 5] = [50.0, 90.0, 95.0, 99.0, 99.9];

/// The values of a trend, in milliseconds; those of an empty one are null.
pub(super) fn values(trend: Trend<'_>) -> Object {
    let exact = |it: Option<Duration>| it.map_or(Json::Null, |it| json!(ms(it)));
    let mut values = Map::new();
    values.insert("count".into(), json!(trend.seen.count()));
    values.insert("avg".into(), exact(trend.seen.avg()));
    values.insert("min".into(), exact(trend.seen.min()));
    values.insert("max".into(), exact(trend.seen.max()));
    if trend.censored > 0 {
        values.insert("censored".into(), json!(trend.censored));
    }
    let percentiles = trend.percentiles(PERCENTS).map_or([None; 5], |all| all.map(Some));
    for (name, percentile) in NAMES.into_iter().zip(percentiles) {
        quantile(&mut values, name, percentile);
    }
    values
}

/// Inserts a percentile, or what it is at least.
pub(super) fn quantile(values: &mut Object, name: &str, quantile: Option<Quantile>) {
    let value = match quantile {
        Some(Quantile::Exact(value)) => json!(ms(value)),
        Some(Quantile::Censored(at_least)) => {
            values.insert(format!("{name}_at_least"), json!(ms(at_least)));
            Json::Null
        }
        None => Json::Null,
    };
    values.insert(name.into(), value);
}

/// The values of a trend that misses nothing.
pub(super) fn seen(histogram: &Histogram) -> Object {
    values(Trend::complete(histogram))
}

/// How something ended, and how long it took.
pub(super) fn timing(timing: &Timing, response: Trend<'_>) -> Object {
    let mut object = Map::new();
    object.insert("count".into(), json!(timing.completed()));
    object.insert("failed".into(), json!(timing.failed));
    object.insert("cancelled".into(), json!(timing.cancelled));
    object.insert("response".into(), values(response).into());
    object.insert("service".into(), seen(&timing.service).into());
    object.insert("lag".into(), seen(&timing.lag).into());
    object
}
