//! What becomes of exchanges, by events that may come twice, out of order, or not at all.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use super::course::{Course, STATES_MAX, Sighting, Standing};

/// Exchanges that are followed at a time; each takes some 300 bytes.
const OPEN_MAX: usize = 100_000;
/// Exchanges that are remembered when they are over, because an event may come late or twice.
const SETTLED_MAX: usize = 10_000;
/// What clocks may be apart before an agent's own times are not believed.
const LENIENCE: Duration = Duration::from_secs(1);

/// What has become of an exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// It began.
    Started,
    /// It came from one state to the next.
    Step {
        /// The one.
        from: &'static str,
        /// The next.
        to: &'static str,
        /// What lay between.
        took: Duration,
    },
    /// It came to its end.
    Finished {
        /// Since it began.
        took: Duration,
        /// What a verifier found.
        verified: Option<bool>,
    },
    /// It was given up.
    Failed {
        /// The state that says so.
        why: &'static str,
    },
    /// It was under way while nobody heard its events, and none was heard of it since.
    Lost,
    /// There was no room to follow it.
    Unfollowed,
}

/// What is told of an exchange of a protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The protocol, such as `issue-credential`.
    pub protocol: &'static str,
    /// What has become of it.
    pub progress: Progress,
}

/// Follows the exchanges of one agent that begin while it is listened to.
///
/// An exchange of which a later state is seen first has begun before, and is not counted, unless its
/// beginning turns out to have come late. Times between states are the agent's own where it tells them
/// and they can be, else those of the events' arrival.
#[derive(Debug)]
pub struct Tracker {
    exchanges: HashMap<Key, Exchange>,
    /// Those that are under way.
    open: usize,
    open_max: usize,
    /// Those that are over or have not begun, the oldest first; some are forgotten or under way.
    settled: VecDeque<Key>,
}

type Key = (&'static str, String);

impl Default for Tracker {
    fn default() -> Self {
        Self::with_room_for(OPEN_MAX)
    }
}

impl Tracker {
    /// Follows so many exchanges at a time.
    #[must_use]
    pub fn with_room_for(open_max: usize) -> Self {
        Self { exchanges: HashMap::new(), open: 0, open_max, settled: VecDeque::new() }
    }

    /// Takes what was seen, which came `at` a time since the run began; says what follows from it.
    pub fn hear(&mut self, sighting: Sighting, at: Duration) -> Vec<Told> {
        let Sighting { course, id, standing, stamped, verified } = sighting;
        let key = (course.protocol, id);
        let full = self.open >= self.open_max;
        let known = self.exchanges.contains_key(&key);
        let fresh = || Exchange::new(course);
        let exchange = self.exchanges.entry(key.clone()).or_insert_with(fresh);
        let was_open = exchange.life == Life::Open;
        let progress = if full && !was_open && exchange.would_begin(standing) {
            exchange.life = Life::Unfollowed;
            vec![Progress::Unfollowed]
        } else {
            exchange.see(standing, Moment { at, stamped }, verified)
        };
        let is_open = exchange.life == Life::Open;
        self.open = self.open + usize::from(is_open) - usize::from(was_open);
        if !is_open && (was_open || !known) {
            self.settle(key);
        }
        progress.into_iter().map(|progress| Told { protocol: course.protocol, progress }).collect()
    }

    /// Notes that events may have been missed: of what is under way nothing is known until it is heard
    /// of again.
    pub fn miss(&mut self) {
        self.exchanges.values_mut().for_each(|it| it.in_doubt = true);
    }

    /// Whether more is to be expected of what is under way.
    #[must_use]
    pub fn is_expectant(&self) -> bool {
        self.open > 0 && self.exchanges.values().any(Exchange::is_expected)
    }

    /// Says at the end what is known no better.
    #[must_use]
    pub fn close(self) -> Vec<Told> {
        let told = |it: &Exchange| {
            let protocol = it.course.protocol;
            it.last_word().map(|progress| Told { protocol, progress })
        };
        self.exchanges.values().filter_map(told).collect()
    }

    #[cfg(test)]
    pub(super) fn room_taken(&self) -> usize {
        self.exchanges.len().max(self.settled.len())
    }

    /// Notes what may be forgotten when there is more of it.
    fn settle(&mut self, key: Key) {
        self.settled.push_back(key);
        if self.settled.len() > SETTLED_MAX
            && let Some(oldest) = self.settled.pop_front()
            && self.exchanges.get(&oldest).is_some_and(|it| it.life != Life::Open)
        {
            self.exchanges.remove(&oldest);
        }
    }
}

/// When an exchange came to a state.
#[derive(Debug, Clone, Copy)]
struct Moment {
    /// When the event came, since the run began.
    at: Duration,
    /// The agent's own time, in nanoseconds since 1970.
    stamped: Option<i64>,
}

impl Moment {
    fn since(self, earlier: Self) -> Duration {
        let own = self.stamped.zip(earlier.stamped).and_then(|(to, from)| to.checked_sub(from));
        let own = own.and_then(|nanos| u64::try_from(nanos).ok()).map(Duration::from_nanos);
        // What began while it was listened to cannot have taken longer than that.
        own.filter(|it| *it <= self.at.max(earlier.at).saturating_add(LENIENCE))
            .unwrap_or_else(|| self.at.saturating_sub(earlier.at))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Life {
    /// Its beginning was not seen.
    Unbegun,
    Open,
    Over,
    Unfollowed,
}

#[derive(Debug)]
struct Exchange {
    course: &'static Course,
    reached: [Option<Moment>; STATES_MAX],
    life: Life,
    given_up: Option<&'static str>,
    deleted: bool,
    verified: Option<bool>,
    in_doubt: bool,
}

impl Exchange {
    fn new(course: &'static Course) -> Self {
        Self {
            course,
            reached: [None; STATES_MAX],
            life: Life::Unbegun,
            given_up: None,
            deleted: false,
            verified: None,
            in_doubt: false,
        }
    }

    fn would_begin(&self, standing: Standing) -> bool {
        self.life == Life::Unbegun && self.course.begins_with(standing)
    }

    fn see(&mut self, standing: Standing, moment: Moment, verified: Option<bool>) -> Vec<Progress> {
        let begins = self.would_begin(standing);
        self.in_doubt = false;
        self.verified = verified.or(self.verified);
        let mut told = Vec::new();
        match standing {
            // What is over is removed as well, and its end may be told after that.
            Standing::Deleted => self.deleted = true,
            Standing::GivenUp(why) => self.given_up = Some(why),
            Standing::At(place) if self.reached[place].is_none() => {
                self.reached[place] = Some(moment);
                if matches!(self.life, Life::Open | Life::Over) {
                    told.extend(self.steps(place.saturating_sub(1)..place + 1));
                }
            }
            Standing::At(_) => {}
        }
        if begins {
            self.life = Life::Open;
            told.push(Progress::Started);
            told.extend(self.steps(0..self.course.last()));
        }
        if self.life == Life::Open {
            let end = self.end();
            if end.is_some() {
                self.life = Life::Over;
            }
            told.extend(end);
        }
        told
    }

    /// The steps from these states to their next ones, as far as both are known.
    fn steps(&self, from: std::ops::Range<usize>) -> impl Iterator<Item = Progress> {
        from.filter_map(|place| {
            let (from, to) =
                (self.reached[place]?, self.reached.get(place + 1).copied().flatten()?);
            let [from_name, to_name] = [self.course.states[place], self.course.states[place + 1]];
            Some(Progress::Step { from: from_name, to: to_name, took: to.since(from) })
        })
    }

    fn end(&self) -> Option<Progress> {
        let first = self.reached.iter().flatten().next();
        if let (Some(end), Some(first)) = (self.reached[self.course.last()], first) {
            return Some(Progress::Finished { took: end.since(*first), verified: self.verified });
        }
        self.given_up.map(|why| Progress::Failed { why })
    }

    fn is_expected(&self) -> bool {
        self.life == Life::Open && !self.deleted && !self.in_doubt
    }

    fn last_word(&self) -> Option<Progress> {
        match self.life {
            Life::Open if self.deleted => Some(Progress::Failed { why: "deleted" }),
            Life::Open if self.in_doubt => Some(Progress::Lost),
            Life::Open | Life::Unbegun | Life::Over | Life::Unfollowed => None,
        }
    }
}
