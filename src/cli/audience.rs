//! Everyone who listens to a run of this command.

use std::io::{self, IsTerminal};

use super::{
    args::{Run, Tone},
    error::CliError,
    run_dir::RunDir,
};
use crate::{
    bus::{Bus, Subscribers, Subscription},
    observe::{Collector, Colour, Keep, Progress, Recorder, Series, Style},
    report::Tally,
};

/// Everyone who listens to a run.
pub(super) struct Audience {
    bus: Bus,
    tally: Subscription<Tally>,
    recorder: Subscription<Recorder>,
    collector: Option<Subscription<Collector>>,
    series: Subscription<Series>,
    progress: Subscription<Progress>,
}

impl Audience {
    /// Gives everyone a seat and opens the bus.
    pub(super) fn gather(
        directory: &RunDir,
        run: &Run,
        keep: Keep,
        progress: Progress,
    ) -> Result<Self, CliError> {
        let recorder = Recorder::open(&run.recorder_dir, keep)?;
        let wanted = (!run.no_messages).then(|| Collector::create(directory.path()));
        let collector = wanted.transpose()?;
        let series = Series::create(directory.path())?;
        let mut seats = Subscribers::default();
        let seated = || {
            Ok(Self {
                tally: seats.subscribe("tally", Tally::default())?,
                recorder: seats.subscribe_to_records("recorder", recorder)?,
                collector: collector
                    .map(|collector| seats.subscribe("collector", collector))
                    .transpose()?,
                series: seats.subscribe("series", series)?,
                progress: seats.subscribe("progress", progress)?,
                bus: std::mem::take(&mut seats).open()?,
            })
        };
        seated().map_err(CliError::Runtime)
    }

    pub(super) fn bus(&self) -> &Bus {
        &self.bus
    }

    /// Closes the bus, waits until everyone has heard all, and gives what they heard; and what
    /// kept somebody from keeping it, since the run's own verdict knows only of what failed
    /// before its end.
    pub(super) fn dismiss(self) -> Result<(Tally, Option<CliError>), CliError> {
        self.bus.close();
        // Everyone is waited for before the first failure counts.
        let progress = self.progress.join();
        let recorder = self.recorder.join().map_err(CliError::from);
        let recorder = recorder.and_then(|it| it.finish().map_err(CliError::Runtime));
        let collector = self.collector.map(Subscription::join).transpose();
        let series = self.series.join();
        let tally = self.tally.join()?;
        let others = [collector.err(), series.err(), progress.err()].into_iter().flatten();
        let failed = recorder.err().or_else(|| others.map(CliError::from).next());
        Ok((tally, failed))
    }
}

fn colour() -> Colour {
    match anstream::AutoStream::choice(&io::stderr()) {
        anstream::ColorChoice::Never => Colour::Off,
        _ => Colour::On,
    }
}

/// What shows a person how far the run is.
pub(super) fn progress(tone: &Tone) -> Progress {
    match (tone.quiet, io::stderr().is_terminal()) {
        (true, _) => Progress::new(Style::Silent),
        (false, true) => Progress::new(Style::Bars(colour())),
        (false, false) => Progress::new(Style::Plain(Box::new(io::stderr()))),
    }
}
