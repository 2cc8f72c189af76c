//! Creates a user through the application's API and records it.

use engine::prelude::*;
use rand::{RngExt, distr::Alphanumeric};
use serde::{Deserialize, Serialize};

/// A row of `recorder-data/users.msgpack`.
#[derive(Serialize, Deserialize)]
pub struct User {
    /// Unique over all runs.
    pub username: String,
    /// Made up at sign-up.
    pub password: String,
}

/// Creates a user with a new name and records it under `users`.
pub async fn sign_up(ctx: Context) -> Outcome {
    let app = ctx.config("app_url")?;
    let password = ctx.rng().sample_iter(Alphanumeric).take(16).map(char::from).collect();
    let user = User { username: format!("user-{}", ctx.unique()), password };
    ctx.transaction("Create user", async {
        ctx.http()
            .post(format!("{app}/users/create"))
            .json(&user)
            .send()
            .await?
            .error_for_status()?;
        Ok(())
    })
    .await?;
    ctx.record("users", &user).await
}
