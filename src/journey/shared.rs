//! What all trips of a run have in common, made by the first that asks.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{Failure, company::Companions};

/// One value of each type, for all trips of all rows of a run.
#[derive(Default)]
pub struct Shared {
    values: Mutex<HashMap<TypeId, Arc<Slot>>>,
    companions: Companions,
}

/// Locked while its value is made, so that the values of other types can be had meanwhile.
type Slot = Mutex<Option<Arc<dyn Any + Send + Sync>>>;

impl Shared {
    /// The value of type `T`; `make` makes it if there is none yet.
    pub(super) fn get<T, F>(&self, make: F) -> Result<Arc<T>, Failure>
    where
        T: Send + Sync + 'static,
        F: FnOnce() -> Result<T, Failure>,
    {
        let slot = Arc::clone(lock(&self.values).entry(TypeId::of::<T>()).or_default());
        let mut slot = lock(&slot);
        let value = match &*slot {
            Some(value) => Arc::clone(value),
            None => Arc::clone(slot.insert(Arc::new(make()?))),
        };
        drop(slot);
        Ok(value.downcast().expect("a slot holds the type that it is filed under"))
    }

    pub(super) fn companions(&self) -> &Companions {
        &self.companions
    }

    /// Says to what goes on beside the trips that they are over, and waits until it has ended, for
    /// some seconds at most.
    pub async fn settle(&self) {
        self.companions.settle().await;
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shared")
    }
}

/// A `make` that panicked has left its slot empty, which is how the next trip wants to find it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::{
        panic::{AssertUnwindSafe, catch_unwind},
        sync::{
            Barrier,
            atomic::{AtomicUsize, Ordering},
        },
        thread,
    };

    use super::*;

    #[test]
    fn of_many_who_ask_at_the_same_time_one_makes_it() {
        let (shared, times) = (Shared::default(), AtomicUsize::new(0));
        let at_once = Barrier::new(8);
        let ask = || {
            at_once.wait();
            let make = || Ok(times.fetch_add(1, Ordering::Relaxed));
            shared.get::<usize, _>(make).unwrap()
        };
        let values: Vec<_> = thread::scope(|scope| {
            let asked: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
            asked.into_iter().map(|it| it.join().unwrap()).collect()
        });
        assert_eq!(times.into_inner(), 1);
        assert!(values.iter().all(|value| Arc::ptr_eq(value, &values[0])));
    }

    #[test]
    fn after_a_failure_or_a_panic_the_next_who_asks_makes_it() {
        let shared = Shared::default();
        let failed = shared.get::<u8, _>(|| Err(Failure::new("no issuer", "connection refused")));
        assert_eq!(failed.unwrap_err().kind(), "no issuer");
        let panicked = catch_unwind(AssertUnwindSafe(|| shared.get::<u8, _>(|| panic!("no"))));
        assert!(panicked.is_err());
        assert_eq!(*shared.get(|| Ok(7_u8)).unwrap(), 7);
        assert_eq!(*shared.get(|| Ok(8_u8)).unwrap(), 7);
    }

    #[test]
    fn one_value_may_be_made_of_another() {
        let shared = Shared::default();
        let text = shared.get(|| Ok(format!("port {}", shared.get(|| Ok(8020_u16))?)));
        assert_eq!(*text.unwrap(), "port 8020");
        assert_eq!(*shared.get(|| Ok(1_u16)).unwrap(), 8020);
    }
}
