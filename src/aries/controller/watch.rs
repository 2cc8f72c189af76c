//! Looking at something now and then until it has ended.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

use super::{
    answer::Answered,
    custom::{Action, Place},
    error::ControllerError,
    gate::Question,
    system::System,
    template::Filled,
};
use crate::aries::transport::Http;

/// Time between the first two looks; it doubles from look to look.
pub(super) const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Time between two looks at most.
pub(super) const LOOK_EVERY_MAX: Duration = Duration::from_secs(2);
/// States of what its owner has given up.
pub(super) const GIVEN_UP: [&str; 2] = ["error", "abandoned"];

/// What is looked at.
pub(super) struct Watch<'a> {
    pub(super) question: Question,
    /// Where the answer has the state.
    pub(super) state: &'a str,
    /// States that are waited for.
    pub(super) is: Vec<&'a str>,
    /// Where the answer has why it was given up.
    pub(super) reason: Option<&'a str>,
}

/// What has become of it.
pub(super) enum Seen {
    /// It is in a state that was waited for.
    Ended(Answered),
    /// It will never be in one; why, after a colon, may be empty.
    GivenUp { state: String, reason: String, waited: Duration },
    /// The time was over.
    Unended { state: String, waited: Duration },
}

impl<'a> Watch<'a> {
    /// What a scenario says is to be looked at.
    pub(super) fn custom(action: &'a Action, filled: Filled<'_>) -> Self {
        let is = action.is.iter().map(String::as_str).collect();
        Self {
            question: action.question(filled),
            state: action.place(Place::State),
            is,
            reason: None,
        }
    }

    /// Looks until an exchange is over, for `limit` at most.
    pub(super) async fn end(
        self,
        http: &dyn Http,
        system: &System,
        limit: Duration,
    ) -> Result<Answered, ControllerError> {
        match self.see(http, system, limit).await? {
            Seen::Ended(answer) => Ok(answer),
            Seen::GivenUp { state, reason, .. } => Err(ControllerError::GivenUp { state, reason }),
            Seen::Unended { state, waited } => Err(ControllerError::NotOver { state, waited }),
        }
    }

    /// Looks until there is nothing more to wait for, for `limit` at most.
    pub(super) async fn see(
        self,
        http: &dyn Http,
        system: &System,
        limit: Duration,
    ) -> Result<Seen, ControllerError> {
        let began = Instant::now();
        let (mut last, mut pause) = (String::from("unknown"), LOOK_EVERY);
        let looks = async {
            loop {
                let answer = system.ask_json(http, self.question.clone()).await?;
                let state = answer.text(self.state).ok_or_else(|| answer.lacks("state"))?;
                last = crate::quantity::shortened(state);
                if self.is.contains(&state) {
                    return Ok(Seen::Ended(answer));
                }
                if GIVEN_UP.contains(&state) {
                    let reason = self.reason.and_then(|place| answer.text(place));
                    let reason = system.gate.excerpt(reason.unwrap_or_default().as_bytes(), &[]);
                    return Ok(Seen::GivenUp {
                        state: last.clone(),
                        reason,
                        waited: began.elapsed(),
                    });
                }
                sleep(pause).await;
                pause = (pause * 2).min(LOOK_EVERY_MAX);
            }
        };
        match timeout_at(began + limit, looks).await {
            Ok(seen) => seen,
            Err(_) => Ok(Seen::Unended { state: last, waited: began.elapsed() }),
        }
    }
}
