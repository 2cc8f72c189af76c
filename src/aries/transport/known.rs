//! Documents that were resolved already: ten thousand holders of one issuer ask once.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared},
};

use crate::aries::didcomm::did::{DidDoc, ResolveError, Resolver, Resolving};

/// Documents that are kept; of more, the one asked for first is resolved anew.
const KEPT_MAX: usize = 1_000;

/// A document, or what all who wait for it are told.
type Answer = Shared<BoxFuture<'static, Result<DidDoc, Arc<ResolveError>>>>;

/// Asks a resolver once about each DID, however many want to know at a time. Documents are kept;
/// what fails is asked for again by whoever comes later.
pub struct KnownDids {
    resolver: Arc<dyn Resolver>,
    answers: Mutex<VecDeque<(String, Answer)>>,
}

impl KnownDids {
    /// Knows none yet.
    #[must_use]
    pub fn new(resolver: Arc<dyn Resolver>) -> Self {
        Self { resolver, answers: Mutex::default() }
    }

    /// The answer that there is or will be; the first who wants it has the resolver asked.
    fn answer(&self, did: &str) -> Answer {
        let mut answers = self.answers();
        let failed = |answer: &Answer| answer.peek().is_some_and(Result::is_err);
        answers.retain(|(_, answer)| !failed(answer));
        if let Some((_, answer)) = answers.iter().find(|(known, _)| known == did) {
            return answer.clone();
        }
        if answers.len() >= KEPT_MAX {
            answers.pop_front();
        }
        let (resolver, asked) = (Arc::clone(&self.resolver), did.to_owned());
        let answer = async move { resolver.resolve(&asked).await.map_err(Arc::new) };
        let answer = answer.boxed().shared();
        answers.push_back((did.to_owned(), answer.clone()));
        answer
    }

    fn answers(&self) -> MutexGuard<'_, VecDeque<(String, Answer)>> {
        // Nothing panics while it holds the answers.
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Resolver for KnownDids {
    fn resolve<'a>(&'a self, did: &'a str) -> Resolving<'a> {
        Box::pin(async move { Ok(self.answer(did).await?) })
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        time::Duration,
    };

    use futures_util::future::join_all;
    use tokio::time::{sleep, timeout};

    use super::*;

    /// Answers after a second; fails the first `failures` times.
    #[derive(Default)]
    struct Slow {
        asked: AtomicUsize,
        failures: usize,
    }

    impl Resolver for Slow {
        fn resolve<'a>(&'a self, did: &'a str) -> Resolving<'a> {
            let failed = self.asked.fetch_add(1, Ordering::Relaxed) < self.failures;
            Box::pin(async move {
                sleep(Duration::from_secs(1)).await;
                if failed {
                    return Err(ResolveError::Nobody { did: did.to_owned() });
                }
                Ok(DidDoc { did: did.to_owned(), ..DidDoc::default() })
            })
        }
    }

    fn knowing(failures: usize) -> (Arc<Slow>, KnownDids) {
        let slow = Arc::new(Slow { failures, ..Slow::default() });
        (Arc::clone(&slow), KnownDids::new(slow))
    }

    const DID: &str = "did:web:example.com";

    #[tokio::test(start_paused = true)]
    async fn ten_thousand_who_ask_at_once_and_those_after_them_are_one_question() {
        let (slow, known) = knowing(0);
        let found = join_all((0..10_000).map(|_| known.resolve(DID))).await;
        assert!(found.into_iter().all(|it| it.unwrap().did == DID));
        assert_eq!(known.resolve(DID).await.unwrap().did, DID);
        assert_eq!(slow.asked.load(Ordering::Relaxed), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_told_to_all_who_wait_and_to_nobody_after() {
        let (slow, known) = knowing(1);
        let found = join_all((0..100).map(|_| known.resolve(DID))).await;
        let told: Vec<_> = found.into_iter().map(|it| it.unwrap_err().to_string()).collect();
        assert!(told.iter().all(|it| it.starts_with("nobody to ask about `did:web:example.com`")));
        assert_eq!(known.resolve(DID).await.unwrap().did, DID);
        assert_eq!(slow.asked.load(Ordering::Relaxed), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_gives_up_takes_no_answer_from_the_others() {
        let (slow, known) = knowing(0);
        let (first, second) = tokio::join!(
            timeout(Duration::from_millis(500), known.resolve(DID)),
            known.resolve(DID),
        );
        assert!(first.is_err());
        assert_eq!(second.unwrap().did, DID);
        assert_eq!(slow.asked.load(Ordering::Relaxed), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_than_a_thousand_documents_are_kept() {
        let (slow, known) = knowing(0);
        let dids: Vec<_> = (0..=KEPT_MAX).map(|number| format!("did:sov:{number}")).collect();
        join_all(dids.iter().map(|did| known.resolve(did))).await;
        assert_eq!(known.answers().len(), KEPT_MAX);
        known.resolve(&dids[KEPT_MAX]).await.unwrap();
        assert_eq!(slow.asked.load(Ordering::Relaxed), KEPT_MAX + 1);
        known.resolve(&dids[0]).await.unwrap();
        assert_eq!(slow.asked.load(Ordering::Relaxed), KEPT_MAX + 2);
    }
}
