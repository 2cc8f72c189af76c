//! What flags of the command make of a scenario's volume.

use std::time::Duration;

use super::{Fault, Open, OverrideError, Stage, Users, Volume, VolumeError, stage::Level};
use crate::quantity::{Rate, Span};

impl Volume {
    /// An open volume that holds `rate` for as long as this one lasts.
    ///
    /// # Errors
    /// When this one has no length, or the new one is out of bounds.
    pub fn with_rate(self, rate: Rate) -> Result<Self, OverrideError> {
        let lasts = self.duration().ok_or_else(|| self.refusal("rate"))?;
        hold(rate, lasts, Open::new).map(Self::Open)
    }

    /// A volume that holds the peak of this one for `lasts`.
    ///
    /// # Errors
    /// When this one ends with its trips, or the new one is out of bounds.
    pub fn with_duration(self, lasts: Duration) -> Result<Self, OverrideError> {
        match self {
            Self::Open(open) => hold(open.peak(), lasts, Open::new).map(Self::Open),
            Self::Users(users) => hold(users.peak(), lasts, Users::new).map(Self::Users),
            Self::Trips(_) => Err(self.refusal("duration")),
        }
    }

    fn refusal(&self, quantity: &'static str) -> OverrideError {
        OverrideError::TripsByUsers { volume: self.to_string(), quantity }
    }
}

fn hold<L: Level, V>(
    level: L,
    lasts: Duration,
    new: impl Fn(Vec<Stage<L>>) -> Result<V, (usize, Fault)>,
) -> Result<V, OverrideError> {
    let text = || format!("{}{} for {}", L::HELD, level.show(), Span(lasts));
    let refused = |fault| VolumeError::new(0, &text(), fault);
    if level == L::default() {
        return Err(refused(Fault::Nothing).into());
    }
    let stage = Stage { from: level, to: level, lasts };
    Ok(new(vec![stage]).map_err(|(_, fault)| refused(fault))?)
}
