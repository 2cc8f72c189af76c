//! One pass from a scenario to its report; both phases and single trips go through here.

use std::time::{SystemTime, UNIX_EPOCH};

use tokio::{
    signal::unix::{SignalKind, signal},
    sync::mpsc,
};

use super::{
    args::{Run, Tone},
    audience::{Audience, progress},
    error::CliError,
    replay,
    run_dir::RunDir,
    say, targets,
};
use crate::{
    bus::{Bus, Ending, Phase},
    journey::{Journeys, http},
    observe::Keep,
    plan::{
        Scenario, Share,
        scenario::{Connections, HttpSettings},
    },
    report::{Paint, Report},
    run::{self, Choices, Means, Pacing, Prepared, Vetted, prepare},
    sandbox::Sandbox,
};

/// What a reader of the report must know of a verifier that verifies nothing.
const BLIND: &str = ", whose verifier is blind: it takes every presentation for true";

/// What shall be run, and how.
pub(super) struct Order<'a> {
    pub(super) scenario: Scenario,
    pub(super) phase: Phase,
    pub(super) keep: Keep,
    pub(super) run: &'a Run,
    pub(super) tone: &'a Tone,
}

/// Runs an order to its end and gives its report, which has been printed and kept.
pub(super) fn launch(order: Order, journeys: &Journeys) -> Result<Report, CliError> {
    let Order { run, tone, keep, .. } = order;
    let grace = order.scenario.grace;
    let Ready { prepared, http, sandbox } = make_ready(order, journeys)?;
    let header = prepared.header();
    let directory = RunDir::create(run.output.as_deref(), &header.scenario, header.began_unix_ms)?;

    let audience = Audience::gather(&directory, run, keep, progress(tone).with_drain(grace))?;
    let travelled = travel(prepared, audience.bus(), http);
    let (tally, failed) = audience.dismiss()?;
    travelled?;
    let report = replay::judge(tally)?;
    keep_report(&report, &directory)?;
    drop(sandbox);
    say::result(report.text(Paint::Colour))?;
    if !tone.quiet {
        say::remark(format_args!("run directory: {}", directory.path().display()));
    }
    match failed {
        Some(error) => Err(error),
        None => Ok(report),
    }
}

/// Finds what would keep an order from being carried out, and carries nothing out.
pub(super) fn rehearse(order: Order, journeys: &Journeys) -> Result<(), CliError> {
    make_ready(order, journeys).map(drop)
}

/// An order that can be carried out.
struct Ready {
    prepared: Prepared,
    http: http::Client,
    /// The embedded target, if the order is for it.
    sandbox: Option<Sandbox>,
}

fn make_ready(order: Order, journeys: &Journeys) -> Result<Ready, CliError> {
    let Order { mut scenario, phase, keep, run, .. } = order;
    let descriptors = run::raise_descriptor_limit();
    if run.no_thresholds {
        scenario.thresholds.clear();
    }
    let sandbox = targets::resolve(&mut scenario)?;
    let blind = if scenario.sandbox.blind { BLIND } else { "" };
    let remark = |it: &Sandbox| format!("target: embedded sandbox at {}{blind}", it.url());
    let remarks = sandbox.iter().map(remark);
    let choices = Choices {
        phase,
        share: run.changes.share.unwrap_or(Share::WHOLE),
        recorder_dir: run.recorder_dir.clone(),
        began_unix_ms: unix_ms(),
        descriptors,
        vetted: match keep {
            Keep::Append => Vetted::LentAndRecorded,
            Keep::Fresh => Vetted::Lent,
        },
        remarks: remarks.collect(),
    };
    let http = http::Client::new(http_settings(&scenario.http)?)?;
    let prepared = prepare(&scenario, journeys, &choices)?;
    Ok(Ready { prepared, http, sandbox })
}

/// Runs the trips on a runtime of their own, which is gone when this returns.
pub(super) fn travel(
    prepared: Prepared,
    bus: &Bus,
    http: http::Client,
) -> Result<Ending, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_name("trips")
        .build()
        .map_err(CliError::Runtime)?;
    let ending = runtime.block_on(async {
        let (asked, signals) = mpsc::channel(4);
        for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
            let (asked, mut signal) = (asked.clone(), signal(kind)?);
            tokio::spawn(async move {
                while signal.recv().await.is_some() && asked.send(()).await.is_ok() {}
            });
        }
        let means = Means { bus: bus.clone(), http, pacing: Pacing::Thread, signals };
        prepared.go(means).await
    });
    // A journey that blocks its thread must not keep the report from being made.
    runtime.shutdown_background();
    ending.map_err(CliError::Runtime)
}

/// Writes `summary.txt` and `summary.json`.
pub(super) fn keep_report(report: &Report, directory: &RunDir) -> Result<(), CliError> {
    directory.write("summary.txt", &report.text(Paint::Plain))?;
    directory.write("summary.json", &format!("{:#}\n", report.json()))
}

pub(super) fn http_settings(asked: &HttpSettings) -> Result<http::Settings, CliError> {
    let read = |path| std::fs::read(path).map_err(CliError::io("read", path));
    let ca = asked.ca.iter().map(read).collect::<Result<_, _>>()?;
    let default = http::Settings::default();
    Ok(http::Settings {
        timeout: asked.timeout,
        connect_timeout: asked.connect_timeout,
        redirects: asked.redirects as usize,
        insecure: asked.insecure,
        ca,
        connections: match asked.connections {
            Connections::Shared => http::Connections::Shared,
            Connections::Own => http::Connections::Own,
        },
        user_agent: asked.user_agent.clone().or(default.user_agent),
        body_bytes_max: usize::try_from(asked.max_body).unwrap_or(usize::MAX),
        ..default
    })
}

/// Milliseconds since the Unix epoch: for names and reports, never for measuring.
pub(super) fn unix_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
