//! Why a text is no volume.

use thiserror::Error;

use crate::quantity::{QuantityError, shortened};

/// A volume with a stage that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("stage {number} `{text}`: {fault}; a right one is `{}`", example(.text, .fault))]
pub struct VolumeError {
    /// Number of the stage at fault, from 1.
    pub number: usize,
    /// Its text.
    pub text: String,
    /// What is wrong with it.
    pub fault: Fault,
}

impl VolumeError {
    pub(super) fn new(index: usize, text: &str, fault: Fault) -> Self {
        Self { number: index + 1, text: shortened(text), fault }
    }
}

/// What is wrong with a stage.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    /// There is nothing between two commas.
    #[error("there is nothing before or after a comma")]
    Empty,
    /// None of the forms.
    #[error("no stage is written like this")]
    Unknown,
    /// A quantity in it is wrong.
    #[error(transparent)]
    Quantity(#[from] QuantityError),
    /// A rate or a number of users that is zero, without a wait.
    #[error("zero starts nothing; a pause is written `wait 1m`")]
    Nothing,
    /// Trips by nobody.
    #[error("zero does not mean unlimited: there have to be users")]
    NoUsers,
    /// A number of trips that is zero.
    #[error("zero does not mean unlimited: there have to be trips")]
    NoTrips,
    /// A duration of zero.
    #[error("zero does not mean unlimited: it has to last some time")]
    NoTime,
    /// Arrivals and users in one volume.
    #[error(
        "arrivals per second and a number of users are two models of load, \
         which do not mix in one volume: use two rows"
    )]
    Mixed,
    /// A number of trips beside other stages.
    #[error("a number of trips has to be the only stage of its volume")]
    NotAlone,
    /// Only waits.
    #[error("no stage of this volume starts a trip")]
    OnlyWaits,
    /// More trips than may be.
    #[error("the volume comes to more than 1,000,000,000,000 trips here")]
    TooManyTrips,
    /// Longer than a plan may last.
    #[error("the volume comes to more than 30 days here")]
    TooLong,
    /// Rates that cannot be added up without rounding.
    #[error("its rate does not add up with the others exactly: write fewer decimals")]
    Unlike,
}

/// A flag that does not fit the volume it is to change.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OverrideError {
    /// `1000 trips by 8 users` ends when its trips are done, as fast as its users are.
    #[error(
        "`{volume}` has no {quantity} to change: it ends when its trips are done; \
         write another volume, such as `hold 50/s for 5m`"
    )]
    TripsByUsers {
        /// The volume.
        volume: String,
        /// What was to be changed.
        quantity: &'static str,
    },
    /// The changed volume cannot be.
    #[error(transparent)]
    Volume(#[from] VolumeError),
}

/// A right text that is most like the wrong one.
fn example(text: &str, fault: &Fault) -> &'static str {
    let has = |word| text.contains(word);
    if *fault == Fault::Mixed {
        if has("user") {
            "ramp to 50/s over 30s, hold 50/s for 5m"
        } else {
            "ramp to 200 users over 30s, 200 users for 5m"
        }
    } else if *fault == Fault::OnlyWaits {
        "wait 1m, hold 50/s for 5m"
    } else if has("trip") {
        if has("by") { "1000 trips by 8 users" } else { "1000 trips at 20/s" }
    } else if has("ramp") {
        if has("user") { "ramp to 200 users over 30s" } else { "ramp to 50/s over 30s" }
    } else if has("wait") {
        "wait 1m"
    } else if has("user") {
        "200 users for 5m"
    } else if text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty() {
        "1_000 trips at 20/s"
    } else {
        "hold 50/s for 5m"
    }
}
