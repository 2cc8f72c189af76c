//! Presentations as journeys make them: wait, be asked, answer, hear what was found.

use std::pin::pin;

use engine::{
    prelude::*,
    wallets::{AskedToPresent, Wallet},
};

/// How a row's presentations are to be: its `options`.
pub struct Presentations {
    /// One of `[config.proof_requests]`; not needed where there is but one.
    request: Option<String>,
    /// How long to wait before each.
    think: Option<Think>,
    /// Whether proofs are prepared meanwhile.
    prepare: bool,
    /// Whether the verifier is asked what it found.
    verdict: bool,
}

impl Presentations {
    /// Those of `options.request`, `options.think`, `options.prepare` (true) and `options.verdict`
    /// (true).
    pub fn of(ctx: &Context) -> Result<Self, Failure> {
        Ok(Self {
            request: ctx.option("request")?,
            think: ctx.option("think")?,
            prepare: ctx.option("prepare")?.unwrap_or(true),
            verdict: ctx.option("verdict")?.unwrap_or(true),
        })
    }

    /// Waits as a user who thinks; the next proof is prepared meanwhile, as far as there is time.
    pub async fn wait(&self, ctx: &Context, wallet: &Wallet) -> Outcome {
        let Some(think) = self.think else { return Ok(()) };
        let mut thinking = pin!(ctx.think(think));
        if self.prepare {
            tokio::select! {
                () = &mut thinking => return Ok(()),
                prepared = wallet.prepare(self.request.as_deref()) => prepared?,
            }
        }
        thinking.await;
        Ok(())
    }

    /// Asks the verifier for an invitation with a proof request attached, and answers that; the
    /// verifier is expected to find it true, or false.
    pub async fn by_invitation(&self, ctx: &Context, wallet: &Wallet, expected: bool) -> Outcome {
        let request = wallet.request_proof_invitation("verifier", self.request.as_deref());
        let asked = ctx.transaction("Request invitation from verifier", request).await?;
        ctx.transaction("Send presentation", wallet.present_to(&asked)).await?;
        self.verdict(ctx, wallet, &asked, expected).await
    }

    /// Has the verifier ask along a connection, and answers.
    pub async fn along(&self, ctx: &Context, wallet: &Wallet, connection: &str) -> Outcome {
        let request = wallet.request_presentation("verifier", connection, self.request.as_deref());
        let asked = ctx.transaction("Request presentation", request).await?;
        ctx.transaction("Send presentation", wallet.present(connection, &asked)).await?;
        self.verdict(ctx, wallet, &asked, true).await
    }

    async fn verdict(
        &self,
        ctx: &Context,
        wallet: &Wallet,
        asked: &AskedToPresent,
        expected: bool,
    ) -> Outcome {
        if !self.verdict {
            return Ok(());
        }
        ctx.transaction("Request verdict from verifier", async {
            match (wallet.verdict(asked).await?, expected) {
                (true, true) | (false, false) => Ok(()),
                (false, true) => {
                    let why = "the verifier says that the presentation is false";
                    Err(Failure::new("not verified", why))
                }
                (true, false) => {
                    let why =
                        "the verifier says that the presentation of a revoked credential is true";
                    Err(Failure::new("verified though revoked", why))
                }
            }
        })
        .await
    }
}
