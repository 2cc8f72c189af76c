//! The journeys of this program: one file each, named here.

use engine::prelude::*;

mod get;
mod record;
mod sign_in;
mod sign_up;

/// All journeys by name.
pub fn all() -> Journeys {
    Journeys::default()
        .with("get", get::get)
        .about("gets one URL: [config] url")
        .with("record", record::record)
        .about("records rows and does nothing else: for measuring the recorder")
        .with("sign-in", sign_in::sign_in)
        .about("logs a recorded user in and looks at its profile: [config] app_url")
        .with("sign-up", sign_up::sign_up)
        .about("creates a user and records it under `users`: [config] app_url")
}
