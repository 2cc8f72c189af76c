//! Rows that were made for other systems are turned away before anything starts.

use super::prepare::Choices;
use crate::{
    datapool::{DataPool, Mode, PoolError},
    journey::{Journey, Settings},
    plan::scenario::Row,
};

/// Which rows are held against `[config]` by the journeys that know how to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vetted {
    /// None: what `[config]` will say is not known yet.
    Nothing,
    /// Those that are lent.
    Lent,
    /// Those that are lent, and those recorded earlier that new ones will be added to.
    LentAndRecorded,
}

/// Reads every row that a journey may be lent, and vets it.
pub(super) fn lent(
    pool: &DataPool,
    (journey, row): (&Journey, &Row),
    config: &Settings,
    vetted: Vetted,
) -> Result<(), PoolError> {
    match vetted {
        Vetted::Nothing => journey.check(pool),
        Vetted::Lent | Vetted::LentAndRecorded if journey.vets_rows_it_takes() => {
            journey.vet(pool, config)
        }
        Vetted::Lent | Vetted::LentAndRecorded => {
            journey.check(pool)?;
            // What is vetted of a journey that records are the rows that it records.
            if row.records.is_some() { Ok(()) } else { journey.vet(pool, config) }
        }
    }
}

/// Vets the rows recorded earlier that a journey will add to.
pub(super) fn recorded(
    (journey, row): (&Journey, &Row),
    config: &Settings,
    choices: &Choices,
) -> Result<(), PoolError> {
    let Some(name) = &row.records else { return Ok(()) };
    let path = choices.recorder_dir.join(format!("{name}.msgpack"));
    if choices.vetted != Vetted::LentAndRecorded || !journey.vets() || !path.exists() {
        return Ok(());
    }
    journey.vet(&DataPool::open(name, &path, Mode::Recycle)?, config)
}
