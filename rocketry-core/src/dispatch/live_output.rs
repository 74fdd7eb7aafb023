//! The output of programs while their runs are in progress.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::param::RunId;

/// The number of bytes of output to keep.
const KEPT: usize = 64 * 1024;

/// The outputs of the runs in progress that are programs.
#[derive(Clone, Default)]
pub(crate) struct LiveOutputs(Arc<Mutex<HashMap<RunId, Live>>>);

/// An output, as seen by its readers.
#[derive(Clone)]
struct Live {
    printed: Arc<Mutex<Printed>>,
    /// The number of printed bytes. Closed at the end of the program.
    told: watch::Receiver<u64>,
}

/// The end of the output.
#[derive(Default)]
struct Printed {
    bytes: Vec<u8>,
    /// The number of bytes before these.
    before: u64,
}

/// The output of a program, as seen by its run.
pub(crate) struct LiveOutput {
    run_id: RunId,
    all: LiveOutputs,
    printed: Arc<Mutex<Printed>>,
    total: watch::Sender<u64>,
}

/// The output of a program while its run is in progress: see [`Session::output`](crate::Session::output).
pub struct Output {
    live: Live,
    /// The number of bytes read.
    at: u64,
}

impl LiveOutputs {
    /// Starts the output of a run.
    pub(crate) fn begin(&self, run_id: &RunId) -> LiveOutput {
        let (total, told) = watch::channel(0);
        let printed = Arc::<Mutex<Printed>>::default();
        let live = Live {
            printed: printed.clone(),
            told,
        };
        lock(&self.0).insert(run_id.clone(), live);
        LiveOutput {
            run_id: run_id.clone(),
            all: self.clone(),
            printed,
            total,
        }
    }

    /// The output of a run, from the first byte that is still kept.
    pub(crate) fn of(&self, run_id: &RunId) -> Option<Output> {
        let live = lock(&self.0).get(run_id).cloned()?;
        Some(Output { live, at: 0 })
    }
}

impl LiveOutput {
    /// Adds a chunk of output.
    pub(crate) fn push(&self, chunk: &[u8]) {
        let mut printed = lock(&self.printed);
        printed.bytes.extend_from_slice(chunk);
        // Up to twice the limit is kept, so that not every chunk moves the rest.
        let surplus = printed.bytes.len().saturating_sub(KEPT);
        if surplus > KEPT {
            printed.bytes.drain(..surplus);
            printed.before += surplus as u64;
        }
        drop(printed);
        self.total.send_modify(|total| *total += chunk.len() as u64);
    }
}

impl Drop for LiveOutput {
    fn drop(&mut self) {
        let mut all = lock(&self.all.0);
        // A later run may have the same id, if its task sets it.
        if let Entry::Occupied(entry) = all.entry(self.run_id.clone())
            && Arc::ptr_eq(&entry.get().printed, &self.printed)
        {
            entry.remove();
        }
    }
}

impl Output {
    /// Waits for further output. Returns `None` once the program has ended and everything was read.
    ///
    /// A reader that falls more than 64 KiB behind misses a part; a note in the text gives its length.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<String> {
        loop {
            // Later output triggers a notification.
            self.live.told.mark_unchanged();
            let is_over = self.live.told.has_changed().is_err();
            let text = self.take(is_over);
            if !text.is_empty() {
                return Some(text);
            }
            if is_over {
                return None;
            }
            // An error means that the program has ended; the remaining output is still returned.
            let _ = self.live.told.changed().await;
        }
    }

    /// Returns the unread output without waiting. It may be empty.
    pub fn so_far(&mut self) -> String {
        self.take(false)
    }

    fn take(&mut self, is_over: bool) -> String {
        let printed = lock(&self.live.printed);
        let missed = printed.before.saturating_sub(self.at);
        self.at += missed;
        let read = usize::try_from(self.at - printed.before).unwrap_or(usize::MAX);
        let new = printed.bytes.get(read..).unwrap_or_default();
        let whole = if is_over { new.len() } else { whole_letters(new) };
        let text = String::from_utf8_lossy(&new[..whole]);
        self.at += whole as u64;
        if missed > 0 && whole > 0 {
            return format!("[{missed} bytes are left out]\n{text}");
        }
        text.into_owned()
    }
}

impl std::fmt::Debug for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Output")
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

/// The length of the bytes without an incomplete character at their end.
fn whole_letters(bytes: &[u8]) -> usize {
    let tail = bytes.len().saturating_sub(4);
    // Invalid bytes before the last characters do not matter here.
    match bytes.utf8_chunks().last() {
        Some(last) if !last.invalid().is_empty() => {
            let start = bytes.len() - last.invalid().len();
            let is_cut = std::str::from_utf8(last.invalid()).is_err_and(|error| error.error_len().is_none());
            if is_cut && start >= tail {
                start
            } else {
                bytes.len()
            }
        }
        _ => bytes.len(),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::{KEPT, LiveOutputs, whole_letters};
    use crate::param::RunId;
    use crate::session::block_on;

    #[test]
    fn each_reader_gets_everything_until_the_end() {
        let all = LiveOutputs::default();
        let id = RunId::Number(1);
        let live = all.begin(&id);
        live.push(b"one\n");
        let (mut first, mut second) = (all.of(&id).unwrap(), all.of(&id).unwrap());
        assert_eq!(block_on(first.next()).as_deref(), Some("one\n"));
        assert_eq!(first.so_far(), "");
        live.push("tw\u{f6}\n".as_bytes());
        drop(live);
        assert_eq!(block_on(first.next()).as_deref(), Some("tw\u{f6}\n"));
        assert_eq!(block_on(first.next()), None);
        assert_eq!(block_on(second.next()).as_deref(), Some("one\ntw\u{f6}\n"));
        assert_eq!(block_on(second.next()), None);
        assert!(all.of(&id).is_none());
    }

    #[test]
    fn a_letter_that_is_cut_waits_for_its_rest() {
        let all = LiveOutputs::default();
        let id = RunId::Number(1);
        let live = all.begin(&id);
        let mut output = all.of(&id).unwrap();
        live.push(b"a\xe2\x82");
        assert_eq!(output.so_far(), "a");
        live.push(b"\xacb");
        assert_eq!(output.so_far(), "\u{20ac}b");
        live.push(b"\xff\xff\xe2");
        assert_eq!(output.so_far(), "\u{fffd}\u{fffd}");
        drop(live);
        assert_eq!(block_on(output.next()).as_deref(), Some("\u{fffd}"));
        assert_eq!(whole_letters(b""), 0);
    }

    #[test]
    fn memory_is_bounded_and_a_slow_reader_is_told_what_it_missed() {
        let all = LiveOutputs::default();
        let id = RunId::Number(1);
        let live = all.begin(&id);
        let mut output = all.of(&id).unwrap();
        for _ in 0..100 {
            live.push(&[b'x'; KEPT / 4]);
        }
        let text = output.so_far();
        assert!(text.len() <= 2 * KEPT + 100, "{}", text.len());
        let missed = 25 * KEPT - text.matches('x').count();
        assert!(text.starts_with(&format!("[{missed} bytes are left out]\n")));
    }

    #[test]
    fn a_later_run_with_the_same_id_keeps_its_output() {
        let all = LiveOutputs::default();
        let id = RunId::Number(1);
        let first = all.begin(&id);
        let _second = all.begin(&id);
        drop(first);
        assert!(all.of(&id).is_some());
    }
}
