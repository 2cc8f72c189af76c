//! A promise that a message has been kept, signed by the subscriber that keeps it.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

/// What is called once the message has been kept, or with the reason why it was not.
type Signature = Box<dyn FnOnce(Result<(), String>) + Send>;

/// A receipt that a publisher asks for; the first signature counts.
///
/// A receipt that is dropped unsigned is signed as refused, so that nobody waits for ever.
#[derive(Clone)]
pub struct Receipt(Arc<Unsigned>);

struct Unsigned(Mutex<Option<Signature>>);

impl Receipt {
    /// Makes a receipt; `signed` is called once, on the thread of whoever signs.
    pub fn new(signed: impl FnOnce(Result<(), String>) + Send + 'static) -> Self {
        Self(Arc::new(Unsigned(Mutex::new(Some(Box::new(signed))))))
    }

    /// Signs: the message has been kept, or could not be for the reason given.
    pub fn sign(&self, kept: Result<(), String>) {
        self.0.sign(kept);
    }
}

impl Unsigned {
    fn sign(&self, kept: Result<(), String>) {
        let signature = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(signature) = signature {
            signature(kept);
        }
    }
}

impl Drop for Unsigned {
    fn drop(&mut self) {
        self.sign(Err("no recorder took it".into()));
    }
}

impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Receipt")
    }
}

impl PartialEq for Receipt {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
