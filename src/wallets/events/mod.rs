//! What the systems under test say becomes of their exchanges, heard for as long as a run lasts.

use std::{convert::Infallible, future::pending, sync::Arc, time::Duration};

use tokio::{
    sync::OnceCell,
    time::{sleep, timeout},
};
use tokio_rustls::TlsConnector;

use super::webhooks::{self, Post, WEBHOOKS, WebhookSettings};
use crate::{
    aries::controller::{
        self,
        events::{Ear, Events, Feed, Notice, Progress, Told, Tracker, Unreadable, Whose},
    },
    journey::{Change, Company, Context, Failure, Settings},
};

/// How long what is under way at the end of a run is waited for.
const GRACE: Duration = Duration::from_secs(2);
/// The waits before the first attempt to hear a system again and, doubling, before the last.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(30));

/// Which systems are heard, and how.
pub(super) struct EventSettings {
    feeds: Vec<(Arc<str>, Feed)>,
    posts: Vec<(Arc<str>, Whose)>,
    webhooks: Option<WebhookSettings>,
}

impl EventSettings {
    /// Reads them: `events` of each controller, and `webhooks`.
    pub(super) fn read(config: &Settings) -> Result<Self, String> {
        let webhooks = WebhookSettings::read(config).map_err(|error| error.to_string())?;
        let (mut feeds, mut posts) = (Vec::new(), Vec::new());
        for (name, value) in config.iter().filter(|(_, value)| value.get("events").is_some()) {
            let settings = controller::Settings::from_value(value.clone())
                .map_err(|error| format!("`{name}` in [config]: {error}"))?;
            let party = Arc::from(name.as_str());
            match settings.events() {
                Some(Events::WebSocket) => {
                    feeds.extend(Feed::of(&settings).map(|feed| (party, feed)));
                }
                Some(Events::Webhooks) if webhooks.is_none() => {
                    return Err(format!(
                        "`{WEBHOOKS}` in [config] is not set, where the {name} is to post its events; \
                         write it like {}",
                        webhooks::EXAMPLE
                    ));
                }
                Some(Events::Webhooks) => posts.push((party, settings.whose())),
                None => {}
            }
        }
        Ok(Self { feeds, posts, webhooks })
    }
}

/// Whether systems are heard, or why not.
type Listening = OnceCell<Result<(), String>>;

/// Has the systems heard from before the first exchange until after the last; the first trip that asks
/// begins with it while the others wait.
pub(super) async fn listen(ctx: &Context) -> Result<(), Failure> {
    let shared = ctx.shared(|| Ok(Listening::new()))?;
    // What did not go the first time is not tried again by each trip.
    let listening = shared.get_or_init(|| Box::pin(begin(ctx))).await;
    listening.clone().map_err(|why| Failure::new("events", why))
}

async fn begin(ctx: &Context) -> Result<(), String> {
    let EventSettings { feeds, posts, webhooks } = EventSettings::read(ctx.settings())?;
    let tls = if feeds.is_empty() { None } else { ctx.http().tls().await };
    let mut sources = Vec::new();
    for (party, feed) in feeds {
        let ear = feed.open(tls.as_ref()).await;
        let ear = Some(Box::new(ear.map_err(|error| format!("the {party}: {error}"))?));
        sources.push((party, Source::Feed { feed, ear, tls: tls.clone() }));
    }
    let webhooks = webhooks.filter(|_| !posts.is_empty());
    let mut taken = match webhooks {
        Some(webhooks) => {
            let wrong = |error| format!("`{WEBHOOKS}` in [config]: listen: {error}");
            Some(webhooks.bind().await.map_err(wrong)?)
        }
        None => None,
    };
    if let Some(taken) = &mut taken {
        for (party, whose) in posts {
            let source = Source::Post(taken.admit(&party, whose));
            sources.push((party, source));
        }
    }
    // Nothing is waited for from here on: a trip that is cut off has begun with none of it, or with all.
    for (party, source) in sources {
        ctx.accompany(|company| Listener::new(party, company, source).listen());
    }
    if let Some(taken) = taken {
        ctx.accompany(|_| taken.serve());
    }
    Ok(())
}

/// Where events come from.
enum Source {
    Feed {
        feed: Feed,
        /// `None` while it is away.
        ear: Option<Box<Ear>>,
        tls: Option<TlsConnector>,
    },
    Post(Post),
}

impl Source {
    /// The next event; `None` once it is away.
    async fn next(&mut self) -> Option<Result<Notice, Unreadable>> {
        match self {
            Self::Feed { ear, .. } => match ear {
                Some(open) => {
                    let next = open.next().await;
                    if next.is_none() {
                        *ear = None;
                    }
                    next
                }
                None => None,
            },
            Self::Post(post) => match post.recv().await {
                None => pending().await,
                next => next,
            },
        }
    }

    /// Waits until it is there again.
    async fn come_back(&mut self) {
        let Self::Feed { feed, ear, tls } = self else { return };
        let mut pause = BACKOFF.0;
        while ear.is_none() {
            sleep(pause).await;
            pause = (pause * 2).min(BACKOFF.1);
            *ear = feed.open(tls.as_ref()).await.ok().map(Box::new);
        }
    }
}

/// Hears one system.
struct Listener {
    party: Arc<str>,
    company: Company,
    source: Source,
    tracker: Tracker,
    /// When it was heard last.
    heard: Duration,
    /// When it was heard last before it went away, while it is.
    gone: Option<Duration>,
}

impl Listener {
    fn new(party: Arc<str>, company: Company, source: Source) -> Self {
        let heard = company.now();
        Self { party, company, source, tracker: Tracker::default(), heard, gone: None }
    }

    /// Listens until the run is over, and a moment longer where something is to be expected.
    async fn listen(mut self) {
        let mut company = self.company.clone();
        tokio::select! {
            () = company.over() => {}
            never = self.hear() => match never {},
        }
        let rest = async {
            while self.tracker.is_expectant() {
                self.hear_one().await;
            }
        };
        // What has not come by then is pending, which is told as it is.
        let _ = timeout(GRACE, rest).await;
        self.is_back();
        let Self { party, company, tracker, .. } = self;
        tracker.close().into_iter().for_each(|told| tell(&company, &party, told));
    }

    async fn hear(&mut self) -> Infallible {
        loop {
            self.hear_one().await;
        }
    }

    /// Hears one event, or waits until there can be one again.
    async fn hear_one(&mut self) {
        match self.source.next().await {
            Some(Ok(notice)) => self.take(notice),
            Some(Err(error)) => {
                tracing::warn!("{}: {error}", self.party);
                // It may have been any.
                self.tracker.miss();
            }
            None => {
                self.gone.get_or_insert(self.heard);
                self.tracker.miss();
                self.source.come_back().await;
                self.is_back();
            }
        }
    }

    fn take(&mut self, notice: Notice) {
        self.heard = self.company.now();
        if let Notice::Sighting(sighting) = notice {
            for told in self.tracker.hear(sighting, self.heard) {
                tell(&self.company, &self.party, told);
            }
        }
    }

    /// Tells for how long it was away, if it was.
    fn is_back(&mut self) {
        self.heard = self.company.now();
        if let Some(gone) = self.gone.take() {
            self.company.tell_unheard(&self.party, self.heard.saturating_sub(gone));
        }
    }
}

fn tell(company: &Company, party: &Arc<str>, Told { protocol, progress }: Told) {
    let change = match progress {
        Progress::Started => Change::Started,
        Progress::Step { from, to, took } => {
            Change::Step { from: from.into(), to: to.into(), took }
        }
        Progress::Finished { took, verified } => Change::Finished { took, verified },
        Progress::Failed { why } => Change::Failed { why: why.into() },
        Progress::Lost => Change::Lost,
        Progress::Unfollowed => Change::Unfollowed,
    };
    company.tell_exchange(party, protocol, change);
}

#[cfg(test)]
mod tests;
