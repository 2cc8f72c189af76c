//! The ways to get messages from a mediator.

use std::{fmt, str::FromStr};

use crate::quantity::shortened;

/// How messages are got from a mediator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Strategy {
    /// They come by themselves over a socket that is kept open (RFC 0092).
    Implicit,
    /// They are asked for in batches (RFC 0212).
    Pickup1,
    /// They are asked for and acknowledged (RFC 0685).
    Pickup2 {
        /// Whether they come by themselves once the queue is empty.
        live: bool,
    },
}

impl Strategy {
    /// Whether messages come by themselves over a socket that is open.
    #[must_use]
    pub fn is_live(self) -> bool {
        matches!(self, Self::Implicit | Self::Pickup2 { live: true })
    }
}

/// Why a text names no way to get messages.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is no pickup strategy, which is implicit, pickup-1.0, pickup-2.0 or pickup-2.0-live"
)]
pub struct StrategyError {
    text: String,
}

impl FromStr for Strategy {
    type Err = StrategyError;

    fn from_str(text: &str) -> Result<Self, StrategyError> {
        match text {
            "implicit" => Ok(Self::Implicit),
            "pickup-1.0" => Ok(Self::Pickup1),
            "pickup-2.0" => Ok(Self::Pickup2 { live: false }),
            "pickup-2.0-live" => Ok(Self::Pickup2 { live: true }),
            _ => Err(StrategyError { text: shortened(text) }),
        }
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Implicit => "implicit",
            Self::Pickup1 => "pickup-1.0",
            Self::Pickup2 { live: false } => "pickup-2.0",
            Self::Pickup2 { live: true } => "pickup-2.0-live",
        })
    }
}
