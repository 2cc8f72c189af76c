//! Whether a system says that it lives.

use engine::{prelude::*, wallets::Wallet};

/// Asks the controller of `options.system` (the issuer) whether it lives.
pub async fn liveness(ctx: Context) -> Outcome {
    let system: String = ctx.option("system")?.unwrap_or_else(|| "issuer".into());
    let wallet = Wallet::create(&ctx).await?;
    ctx.transaction("Liveness", wallet.is_live(&system)).await
}
