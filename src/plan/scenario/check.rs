//! What the keys of a scenario have to be to each other.

use std::{collections::BTreeMap, num::NonZeroU32, path::Path};

use super::{
    Datapool, Row, Scenario, config, explain,
    file::{File, FileRow},
    place,
};
use crate::plan::{
    POISSON_TRIPS_MAX, Spacing, Threshold,
    volume::{Model, Volume},
};
use crate::quantity::shortened;

/// The most rows that a phase may have.
const ROWS_MAX: usize = 1_000;

/// Something wrong with a key.
pub(super) struct Wrong {
    pub(super) path: String,
    pub(super) message: String,
}

impl Wrong {
    pub(super) fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into() }
    }
}

/// The scenario that a file says.
pub(super) fn scenario(file: File, path: &Path) -> Result<Scenario, Wrong> {
    if file.create.is_empty() && file.load.is_empty() {
        return Err(Wrong::new(
            "",
            "there is nothing to run: a scenario has rows such as [[load]] \
             with `journey = \"sign-in\"` and `volume = \"hold 50/s for 5m\"`",
        ));
    }
    config::check_plain(&file.config, "config")?;
    check_sources(&file.datapool)?;
    let stem = || path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let name = file.name.or_else(stem).unwrap_or_default();
    if name.trim().is_empty() {
        return Err(Wrong::new(
            "name",
            "a scenario has to have a name, such as `name = \"wallets\"`",
        ));
    }
    Ok(Scenario {
        name,
        description: file.description,
        seed: file.seed,
        max_dropped: file.max_dropped,
        grace: file.grace,
        config: file.config,
        create: rows(file.create, "create", &file.datapool)?,
        load: rows(file.load, "load", &file.datapool)?,
        datapools: file.datapool,
        http: file.http,
        sandbox: file.sandbox,
        thresholds: thresholds(&file.thresholds)?,
    })
}

fn check_sources(datapools: &BTreeMap<String, Datapool>) -> Result<(), Wrong> {
    let nowhere = datapools.iter().find(|(_, datapool)| datapool.source.as_os_str().is_empty());
    nowhere.map_or(Ok(()), |(name, _)| {
        let path = place::join(&place::join("datapool", name), "source");
        Err(Wrong::new(path, "a datapool needs a file, such as `recorder-data/holders.msgpack`"))
    })
}

fn rows(
    rows: Vec<FileRow>,
    table: &str,
    datapools: &BTreeMap<String, Datapool>,
) -> Result<Vec<Row>, Wrong> {
    if rows.len() > ROWS_MAX {
        return Err(Wrong::new(table, format!("there are more than {ROWS_MAX} rows")));
    }
    rows.into_iter()
        .enumerate()
        .map(|(index, file)| {
            let path = place::index(table, index);
            let at = |key, message| Wrong::new(place::join(&path, key), message);
            check_names(&file, table, datapools).map_err(|(key, message)| at(key, message))?;
            config::check_plain(&file.options, &place::join(&path, "options"))?;
            row(file).map_err(|(key, message)| at(key, message))
        })
        .collect()
}

type WrongKey = (&'static str, String);

fn check_names(
    row: &FileRow,
    table: &str,
    datapools: &BTreeMap<String, Datapool>,
) -> Result<(), WrongKey> {
    if row.journey.is_empty() {
        return Err(("journey", "a row needs a journey, such as `sign-in`".into()));
    }
    if let Some(name) = row.datapool.as_ref().filter(|name| !datapools.contains_key(*name)) {
        let names: Vec<&str> = datapools.keys().map(String::as_str).collect();
        let suggestion = if names.is_empty() {
            r#"write one with `source = "recorder-data/holders.msgpack"`"#.to_owned()
        } else {
            explain::suggestion(name, &names)
        };
        let name = shortened(name);
        return Err(("datapool", format!("there is no [datapool.{name}]: {suggestion}")));
    }
    let Some(records) = &row.records else { return Ok(()) };
    if table != "create" {
        let message = "what a journey records is named in [[create]] alone; \
                       a load keeps the rows of its `datapool`";
        return Err(("records", message.into()));
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if records.is_empty() || records.starts_with('.') || !records.chars().all(allowed) {
        let records = shortened(records);
        let message = format!(
            "`{records}` is no name of a datapool to record: it may have letters, digits, `-`, `_` \
             and, but for its start, `.`, such as `holders`"
        );
        return Err(("records", message));
    }
    Ok(())
}

fn row(file: FileRow) -> Result<Row, WrongKey> {
    if file.arrival.is_some() && file.volume.model() == Model::Closed {
        let message = format!(
            "users of `{}` begin anew when they are done, so nothing arrives: leave it out, or \
             write a volume such as `hold 50/s for 5m`",
            file.volume
        );
        return Err(("arrival", message));
    }
    let arrival = file.arrival.unwrap_or_default();
    if let (Spacing::Poisson, Volume::Open(open)) = (arrival, &file.volume)
        && open.trips() > POISSON_TRIPS_MAX
    {
        let message = "with poisson arrivals a volume comes to 100,000,000 trips at most; \
                       a right one is `hold 50/s for 5m`";
        return Err(("volume", message.into()));
    }
    let max_in_flight = match file.max_in_flight.map(NonZeroU32::new) {
        Some(None) => {
            let message = "zero does not mean unlimited: write a number such as `5000`, or leave \
                           it out for the default";
            return Err(("max_in_flight", message.into()));
        }
        max_in_flight => max_in_flight.flatten(),
    };
    Ok(Row {
        journey: file.journey,
        datapool: file.datapool,
        volume: file.volume,
        arrival,
        max_in_flight,
        max_backlog: file.max_backlog,
        max_trip: file.max_trip,
        options: file.options,
        records: file.records,
    })
}

fn thresholds(file: &BTreeMap<String, Vec<String>>) -> Result<Vec<Threshold>, Wrong> {
    let mut thresholds = Vec::new();
    for (metric, expressions) in file {
        let path = place::join("thresholds", metric);
        if expressions.is_empty() {
            return Err(Wrong::new(
                path,
                "a threshold needs conditions, such as [\"p(95)<500ms\"]",
            ));
        }
        for (index, expression) in expressions.iter().enumerate() {
            let threshold = Threshold::parse(metric, expression)
                .map_err(|error| Wrong::new(place::index(&path, index), error.to_string()))?;
            thresholds.push(threshold);
        }
    }
    Ok(thresholds)
}
