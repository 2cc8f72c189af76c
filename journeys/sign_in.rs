//! Logs a recorded user in.

use engine::prelude::*;
use serde::Deserialize;

use super::sign_up::User;

#[derive(Deserialize)]
struct Profile {
    username: String,
}

/// Logs a recorded user in and looks at its profile, as the session cookie allows.
pub async fn sign_in(ctx: Context, user: User) -> Outcome {
    let app = ctx.config("app_url")?;
    ctx.transaction("Log in", async {
        ctx.http().post(format!("{app}/login")).json(&user).send().await?.error_for_status()?;
        Ok(())
    })
    .await?;
    if let Some(think) = ctx.option::<Think>("think")? {
        ctx.think(think).await;
    }
    ctx.transaction("See profile", async {
        let answer = ctx.http().get(format!("{app}/me")).send().await?.error_for_status()?;
        let profile: Profile = answer.json()?;
        if profile.username == user.username {
            Ok(())
        } else {
            Err(Failure::new("wrong user", format!("signed in as {}", profile.username)))
        }
    })
    .await
}
