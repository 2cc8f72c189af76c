//! A run from its first message to its last.

use std::{
    future::Future,
    io,
    sync::{Arc, OnceLock},
    time::Duration,
};

use tokio::{
    sync::{Notify, mpsc, oneshot, watch},
    task::JoinSet,
    time::Instant,
};

use super::{
    agenda::Agenda,
    pacer::{self, Pacing},
    prepare::{Prepared, PreparedRow},
    row::Row,
    runner::Runner,
    supervise::{Ends, supervise},
    users::Crowd,
};
use crate::{
    bus::{Bus, Ending, Event, Message},
    journey::{Surroundings, http},
    plan::{Schedule, Share, Volume},
};

/// What a run is done with.
pub struct Means {
    /// Where everything is told.
    pub bus: Bus,
    /// The process's HTTP connections.
    pub http: http::Client,
    /// What keeps the time.
    pub pacing: Pacing,
    /// One message a signal: the first drains, the second ends at once.
    pub signals: mpsc::Receiver<()>,
}

/// Time between the decision to begin and the first arrival, so that nothing is late at first.
const RUN_UP: Duration = Duration::from_millis(10);

impl Prepared {
    /// Runs to the end, which always comes, and says why it came.
    ///
    /// Must be called within a tokio runtime; trips run on it.
    ///
    /// # Errors
    /// When the operating system has no thread left for the pacer.
    pub async fn go(self, means: Means) -> io::Result<Ending> {
        let Means { bus, http, pacing, signals } = means;
        let (stopping, stops) = watch::channel(false);
        let (header, grace) = (self.header.clone(), self.grace);
        let share = Share::new(header.share.0, header.share.1).unwrap_or(Share::WHOLE);
        // Laid out before the run begins: a long one of Poisson takes a second or two.
        let schedules = schedules(&self.rows, share);
        let began = Instant::now() + RUN_UP;
        let rows = self.into_rows(&bus, &http, began, &stops);
        let runner = Arc::new(Runner::new(rows, bus.clone(), began, stopping));
        runner.tell(Event::Began(Box::new(header.clone())));
        bus.flush();

        let rows = 0..u16::try_from(runner.rows().len()).unwrap_or(u16::MAX);
        let crowds: Vec<_> = rows.filter_map(|row| Crowd::of_row(&runner, row, share)).collect();
        let handed_over = hand_over(Agenda::new(Arc::clone(&runner), schedules), &crowds, pacing)?;
        let mut ends = Ends { plan: plan_end(&runner), grace, signals, heeded: 0 };
        let ending = supervise(&runner, &mut ends, handed_over).await;
        for crowd in &crowds {
            crowd.account();
        }
        if let Some(row) = runner.rows().first() {
            ends.await_last(row.around.shared.settle()).await;
        }
        // Trips that never yield are left behind, and heard no more.
        bus.publish_last(Message { at: runner.now(), event: Event::Finished });
        Ok(ending)
    }

    fn into_rows(
        self,
        bus: &Bus,
        http: &http::Client,
        began: Instant,
        stopping: &watch::Receiver<bool>,
    ) -> Vec<Row> {
        let (config, shared) = (Arc::new(self.config), Arc::default());
        let pool_of = |row: &PreparedRow| row.pool.as_ref().map(|(pool, _)| Arc::as_ptr(pool));
        let pools: Vec<_> = self.rows.iter().map(pool_of).collect();
        let bells: Vec<Arc<Notify>> = pools.iter().map(|_| Arc::default()).collect();
        let lay = |(index, row): (usize, PreparedRow)| {
            let shares_pool = |other: &usize| {
                *other == index || (pools[index].is_some() && pools[*other] == pools[index])
            };
            let around = Surroundings {
                bus: bus.clone(),
                began,
                began_unix_ms: self.header.began_unix_ms,
                seed: self.header.seed,
                journey: row.plan.journey.as_str().into(),
                config: Arc::clone(&config),
                options: row.options,
                shared: Arc::clone(&shared),
                http: http.clone(),
                stopping: stopping.clone(),
            };
            let neighbours: Vec<_> = (0..pools.len()).filter(shares_pool).collect();
            Row {
                index: index_of(index),
                journey: row.journey,
                pool: row.pool,
                volume: row.plan.volume,
                max_in_flight: row.max_in_flight,
                max_backlog: row.plan.max_backlog,
                max_trip: row.plan.max_trip,
                around: Arc::new(around),
                returned: Arc::clone(&bells[neighbours[0]]),
                neighbours: neighbours.into_iter().map(index_of).collect(),
                over: OnceLock::new(),
            }
        };
        self.rows.into_iter().enumerate().map(lay).collect()
    }
}

fn index_of(row: usize) -> u16 {
    u16::try_from(row).expect("a plan has at most 65,535 rows")
}

/// Sets the pacer and the users going; the future ends when nothing more will come of them.
fn hand_over(
    agenda: Agenda,
    crowds: &[Arc<Crowd>],
    pacing: Pacing,
) -> io::Result<impl Future<Output = ()> + use<>> {
    let mut going = JoinSet::new();
    match pacing {
        Pacing::Runtime => {
            going.spawn(pacer::on_runtime(agenda));
        }
        Pacing::Thread => {
            let (done, all_done) = oneshot::channel::<()>();
            pacer::thread(agenda, move || drop(done))?;
            going.spawn(async move { drop(all_done.await) });
        }
    }
    for crowd in crowds {
        going.spawn(Arc::clone(crowd).gather());
    }
    Ok(async move { while going.join_next().await.is_some() {} })
}

fn schedules(rows: &[PreparedRow], share: Share) -> Vec<(u16, Schedule)> {
    let schedule = |(index, row): (usize, &PreparedRow)| match &row.plan.volume {
        Volume::Open(open) => {
            Some((index_of(index), Schedule::new(open, row.plan.arrival, row.seed, share)))
        }
        Volume::Users(_) | Volume::Trips(_) => None,
    };
    rows.iter().enumerate().filter_map(schedule).collect()
}

/// When the plan is over; `None` if some row ends with its trips and not with the clock.
fn plan_end(runner: &Runner) -> Option<Duration> {
    let ends: Option<Vec<_>> = runner.rows().iter().map(|row| row.volume.duration()).collect();
    ends?.into_iter().max()
}
