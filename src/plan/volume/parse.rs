//! A volume's text: stages, joined by commas, that have to fit each other.

use std::str::FromStr;

use super::{
    Fault, Open, Stage, Trips, Users, Volume, VolumeError,
    clause::{Clause, Step},
    stage::Level,
};

impl FromStr for Volume {
    type Err = VolumeError;

    fn from_str(text: &str) -> Result<Self, VolumeError> {
        let texts: Vec<&str> = text.split(',').map(str::trim).collect();
        let named = |(index, fault): (usize, Fault)| VolumeError::new(index, texts[index], fault);
        let clauses = texts
            .iter()
            .enumerate()
            .map(|(index, text)| Clause::parse(text).map_err(|fault| named((index, fault))))
            .collect::<Result<Vec<_>, _>>()?;
        assemble(&clauses).map_err(named)
    }
}

fn assemble(clauses: &[Clause]) -> Result<Volume, (usize, Fault)> {
    if let [clause] = clauses {
        match *clause {
            Clause::TripsAt(trips, rate) => {
                return Open::trips_at(trips, rate).map(Volume::Open).map_err(|fault| (0, fault));
            }
            Clause::TripsBy(trips, users) => return Ok(Volume::Trips(Trips::new(trips, users))),
            Clause::Wait(_) | Clause::Rate(_) | Clause::Users(_) => {}
        }
    }
    let first = clauses.iter().find(|clause| !matches!(clause, Clause::Wait(_)));
    if matches!(first, Some(Clause::Users(_))) {
        let stages = stages(clauses, |clause| match clause {
            Clause::Users(step) => Some(step),
            Clause::Wait(_) | Clause::Rate(_) | Clause::TripsAt(..) | Clause::TripsBy(..) => None,
        })?;
        Users::new(stages).map(Volume::Users)
    } else {
        let stages = stages(clauses, |clause| match clause {
            Clause::Rate(step) => Some(step),
            Clause::Wait(_) | Clause::Users(_) | Clause::TripsAt(..) | Clause::TripsBy(..) => None,
        })?;
        Open::new(stages).map(Volume::Open)
    }
}

/// Joins clauses to stages, each of which starts where the one before it ended.
fn stages<L: Level>(
    clauses: &[Clause],
    step_of: impl Fn(Clause) -> Option<Step<L>>,
) -> Result<Vec<Stage<L>>, (usize, Fault)> {
    let mut level = L::default();
    let mut stages = Vec::with_capacity(clauses.len());
    for (index, clause) in clauses.iter().enumerate() {
        let stage = match (*clause, step_of(*clause)) {
            (Clause::Wait(lasts), _) => Stage { from: L::default(), to: L::default(), lasts },
            (_, Some(Step::Hold { level, lasts })) => Stage { from: level, to: level, lasts },
            (_, Some(Step::Ramp { from, to, lasts })) => {
                ramp(from.unwrap_or(level), to, lasts).map_err(|fault| (index, fault))?
            }
            (Clause::TripsAt(..) | Clause::TripsBy(..), None) => {
                return Err((index, Fault::NotAlone));
            }
            (Clause::Rate(_) | Clause::Users(_), None) => return Err((index, Fault::Mixed)),
        };
        level = stage.to;
        stages.push(stage);
    }
    Ok(stages)
}

fn ramp<L: Level>(from: L, to: L, lasts: std::time::Duration) -> Result<Stage<L>, Fault> {
    if from == to && to == L::default() {
        return Err(Fault::Nothing);
    }
    Ok(Stage { from, to, lasts })
}
