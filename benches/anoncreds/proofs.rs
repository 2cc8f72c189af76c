//! What proofs take of a processor, and nothing beside them.

use std::{
    hint::black_box,
    io::{self, Write},
    thread,
    time::Duration,
};

use engine::aries::anoncreds::{Choice, Error, Held, LinkSecret, Prepared, PresentationRequest};
use rustix::time::{ClockId, clock_gettime};

use crate::desk::{Desk, Done};

/// Makes `count` proofs on each of so many threads, and tells what one took.
///
/// It is the time of the threads that is counted, not of the clock on the wall. Threads beside each
/// other share caches and often a core: who is compared with one has to have as many.
pub(crate) fn measure(desk: &Desk, secret: &LinkSecret, threads: u32, count: u32) -> Done<()> {
    let (request, held) = (desk.question()?, [desk.held(secret)?]);
    let choice = Choice::first_fit(&request, &held)?;
    let prove = || prove(&request, &choice, &held, secret, count);
    let all: Result<Duration, Error> = thread::scope(|scope| {
        let all: Vec<_> = (0..threads).map(|_| scope.spawn(prove)).collect();
        all.into_iter().map(|it| it.join().expect("proofs do not panic")).sum()
    });
    let each = all?.as_secs_f64() / f64::from(threads * count);
    writeln!(io::stdout(), "ms of CPU a proof: {:.3}", each * 1e3)?;
    Ok(())
}

fn prove(
    request: &PresentationRequest,
    choice: &Choice,
    held: &[Held],
    secret: &LinkSecret,
    count: u32,
) -> Result<Duration, Error> {
    let begun = cpu_time();
    for _ in 0..count {
        let prepared = Prepared::new(request, choice, held, secret)?;
        black_box(prepared.finish(&request.nonce)?);
    }
    Ok(cpu_time().saturating_sub(begun))
}

/// The processor's time that this thread has had.
fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let (secs, nanos) = (u64::try_from(time.tv_sec), u32::try_from(time.tv_nsec));
    Duration::new(secs.unwrap_or(0), nanos.unwrap_or(0))
}
