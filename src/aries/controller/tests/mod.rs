//! Controllers asked through an HTTP client that only pretends.

mod acapy;
mod credentials;
mod custom;
mod hostile;
mod presentations;
mod publication;
mod settings;
mod traction;

use std::{
    fmt::Write,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::Value;

use super::{Controller, Settings, error::written, token::Clock};
use crate::aries::transport::{Answer, Body, Call, Http, HttpFailure, Sending};

/// An HTTP client that writes down what it is asked and answers as it is told, after a while.
struct FakeHttp {
    asked: Mutex<Vec<String>>,
    answer: Box<Answering>,
}

type Answering = dyn Fn(&str) -> Result<Answer, HttpFailure> + Send + Sync;

impl FakeHttp {
    /// Answers a request, written out in full, with a status and a body.
    fn new(answer: impl Fn(&str) -> (u16, String) + Send + Sync + 'static) -> Self {
        Self::that(move |asked| {
            let (status, body) = answer(asked);
            Ok(Answer { status, location: None, body: body.into() })
        })
    }

    fn that(answer: impl Fn(&str) -> Result<Answer, HttpFailure> + Send + Sync + 'static) -> Self {
        Self { asked: Mutex::default(), answer: Box::new(answer) }
    }

    /// Answers everything with the same JSON.
    fn saying(answer: &Value) -> Self {
        let answer = answer.to_string();
        Self::new(move |_| (200, answer.clone()))
    }

    /// All it was asked.
    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Http for FakeHttp {
    fn send(&self, call: Call) -> Sending<'_> {
        let text = as_sent(&call);
        self.asked.lock().unwrap().push(text.clone());
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(10)).await;
            (self.answer)(&text)
        })
    }
}

fn as_sent(call: &Call) -> String {
    let mut text = format!("{} {}", written(call.method), call.url);
    for (name, value) in &call.headers {
        write!(text, "\n{name}: {value}").unwrap();
    }
    match &call.body {
        Body::Empty => {}
        Body::Json(value) => write!(text, "\n{value}").unwrap(),
        Body::Envelope(_) => panic!("controllers are not sent envelopes"),
    }
    text
}

fn settings(toml: &str) -> Settings {
    let table: toml::Table = toml.parse().unwrap();
    Settings::from_value(serde_json::to_value(&table["it"]).unwrap()).unwrap()
}

fn refusal(toml: &str) -> String {
    let table: toml::Table = toml.parse().unwrap();
    let value = serde_json::to_value(&table["it"]).unwrap();
    Settings::from_value(value).unwrap_err().to_string()
}

fn controller(toml: &str) -> Controller {
    Controller::new(settings(toml))
}

fn controller_at(toml: &str, clock: impl Fn() -> u64 + Send + Sync + 'static) -> Controller {
    let clock: Clock = Arc::new(clock);
    Controller::with_clock(settings(toml), clock)
}
