//! The standard error of the app: its own messages, and the output of programs.
//!
//! A dedicated thread writes it, so a reader that does not read blocks only that thread.

use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// The maximum number of bytes that wait to be written. Further output is dropped, and a note reports its
/// length.
const MOST: usize = 1024 * 1024;

/// How long the app waits at its end for pending output.
const LAST: Duration = Duration::from_secs(1);

static STDERR: Stderr = Stderr {
    queue: Mutex::new(Queue::new()),
    changed: Condvar::new(),
};

/// Queues a chunk to be written to standard error. Never blocks.
pub(crate) fn add(chunk: &[u8]) {
    let mut queue = STDERR.queue();
    if !queue.has_writer {
        let writer = thread::Builder::new().name("rocketry-stderr".to_owned());
        queue.has_writer = writer.spawn(|| STDERR.write_all()).is_ok();
    }
    queue.add(chunk);
    drop(queue);
    STDERR.changed.notify_all();
}

/// Waits until everything is written, for at most a second.
pub(crate) fn finish() {
    let queue = STDERR.queue();
    drop(
        STDERR
            .changed
            .wait_timeout_while(queue, LAST, |queue| !queue.is_idle()),
    );
}

/// Returns true if everything is written.
pub(crate) fn is_idle() -> bool {
    STDERR.queue().is_idle()
}

struct Stderr {
    queue: Mutex<Queue>,
    changed: Condvar,
}

/// The output to be written.
struct Queue {
    bytes: Vec<u8>,
    /// The number of bytes that were dropped after it.
    left_out: usize,
    /// Whether some of it is being written right now.
    busy: bool,
    /// Whether a thread exists that writes it.
    has_writer: bool,
}

impl Queue {
    const fn new() -> Self {
        Queue {
            bytes: Vec::new(),
            left_out: 0,
            busy: false,
            has_writer: false,
        }
    }

    fn add(&mut self, chunk: &[u8]) {
        if self.left_out == 0 && self.bytes.len() + chunk.len() <= MOST {
            self.bytes.extend_from_slice(chunk);
        } else {
            self.left_out += chunk.len();
        }
    }

    fn is_idle(&self) -> bool {
        !self.busy && self.is_empty()
    }

    fn is_empty(&self) -> bool {
        self.bytes.is_empty() && self.left_out == 0
    }

    /// Takes all pending output, with a note about dropped bytes.
    fn take(&mut self) -> Vec<u8> {
        let mut bytes = std::mem::take(&mut self.bytes);
        let left_out = std::mem::take(&mut self.left_out);
        if left_out > 0 {
            bytes.extend_from_slice(format!("\n[{left_out} bytes are left out]\n").as_bytes());
        }
        bytes
    }
}

impl Stderr {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_all(&self) -> ! {
        let mut queue = self.queue();
        loop {
            queue.busy = !queue.is_empty();
            if queue.busy {
                let bytes = queue.take();
                drop(queue);
                write(&bytes);
                queue = self.queue();
            } else {
                self.changed.notify_all();
                let more = self.changed.wait_while(queue, |queue| queue.is_empty());
                queue = more.unwrap_or_else(PoisonError::into_inner);
            }
        }
    }
}

/// Writes without the lock of the standard library, which other code that prints may wait for. If standard
/// error is closed, the error is ignored.
#[cfg(unix)]
fn write(mut bytes: &[u8]) {
    while !bytes.is_empty() {
        match rustix::io::write(rustix::stdio::stderr(), bytes) {
            Ok(written) => bytes = &bytes[written..],
            Err(error) if io::Error::from(error).kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
}

/// If standard error is closed, the error is ignored.
#[cfg(not(unix))]
fn write(bytes: &[u8]) {
    use std::io::Write;
    let _ = io::stderr().write_all(bytes);
}

#[cfg(test)]
mod tests {
    use super::{MOST, Queue};

    #[test]
    fn what_does_not_fit_is_left_out_and_told() {
        let mut queue = Queue::new();
        queue.add(&vec![b'x'; MOST]);
        queue.add(b"more");
        queue.add(b"");
        let written = queue.take();
        assert!(written.ends_with(b"x\n[4 bytes are left out]\n"));
        assert!(queue.is_idle());
        queue.add(b"again");
        assert_eq!(queue.take(), b"again");
    }
}
