//! Which systems holders were made with, and that a scenario is for the same.

use super::settings::WalletSettings;
use crate::{
    aries::{
        controller::{self, Controller},
        didcomm::invitation,
        holder::HolderRecord,
    },
    journey::Settings,
};

/// The mediator's name in `[config]`.
pub(super) const MEDIATOR: &str = "mediator";

/// Refuses a holder that was made with other systems than those of `[config]`: for
/// [`Journeys::vet`](crate::journey::Journeys::vet).
///
/// # Errors
/// Which system differs, and what to do.
pub fn made_with_these(config: &Settings, holder: &HolderRecord) -> Result<(), String> {
    for (system, made_with) in &holder.made_with {
        match identity(config, system)? {
            Some(now) if now != *made_with => {
                return Err(format!(
                    "holder {} was made with the {system} {made_with}, and this scenario is for {now}; \
                     provision holders for it (`engine create-data … --fresh`), or keep those of \
                     each system apart (`--recorder-dir DIR`)",
                    holder.id
                ));
            }
            Some(_) | None => {}
        }
    }
    Ok(())
}

/// Who a system of `[config]` is, told without asking it; nothing for one that is not configured.
pub(super) fn identity(config: &Settings, system: &str) -> Result<Option<String>, String> {
    if system == MEDIATOR {
        let settings = WalletSettings::read(config).map_err(|error| error.to_string())?;
        return Ok(settings.mediator.map(|it| invitation::identity(&it.invitation)));
    }
    let Some(value) = config.get(system) else { return Ok(None) };
    controller::Settings::from_value(value.clone())
        .map(|settings| Some(Controller::new(settings).identity().to_owned()))
        .map_err(|error| format!("`{system}` in [config]: {error}"))
}
