//! What it takes a thread of this machine to wake another one, so that the figures of two machines can be compared.

use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use crate::report::median;

const TIMES: usize = 500;

/// How long a thread must have slept to sleep deeply, as one that waits for an instant does.
const SLEEP: Duration = Duration::from_micros(500);

/// The median, in microseconds.
pub(crate) fn micros() -> f64 {
    let (sender, calls) = channel::<Instant>();
    let woken = thread::spawn(move || -> Vec<f64> {
        let took = calls.iter().map(|from| from.elapsed().as_secs_f64() * 1e6);
        took.collect()
    });
    for _ in 0..TIMES {
        thread::sleep(SLEEP);
        sender.send(Instant::now()).expect("the thread waits");
    }
    drop(sender);
    median(&mut woken.join().expect("the thread did not panic"))
}
