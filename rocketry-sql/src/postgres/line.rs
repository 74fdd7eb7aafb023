//! A connection that answers within time limits, and waits for what others tell.

use std::time::Duration;

use postgres::fallible_iterator::FallibleIterator as _;
use rocketry_core::Result;

use super::connection::{Connection, Target};
use super::failure::is_lost;
use super::worker::Worker;

/// A connection that answers within time limits, and waits for notifications on a channel.
#[derive(Debug)]
pub(super) struct Line {
    target: Target,
    channel: &'static str,
    worker: Worker<Option<Open>>,
}

struct Open {
    connection: Connection,
    /// Whether this connection listens for notifications. It starts to listen when it first waits, because only waiting consumes them.
    listens: bool,
}

impl Line {
    /// A line to the server at the address of a log. Connects with the first question.
    ///
    /// # Errors
    ///
    /// Fails if the address is invalid.
    pub(super) fn new(address: &str, channel: &'static str) -> Result<Self> {
        let target = Target::read(address)?.writable();
        let worker = Worker::start(None, &target.store)?;
        Ok(Line {
            target,
            channel,
            worker,
        })
    }

    /// Waits until others tell something, or the time is up. Returns whether they may have told something: also when it begins
    /// to listen, as that may have been before.
    pub(super) fn wait(&mut self, limit: Duration) -> bool {
        let listen = format!("LISTEN {}", self.channel);
        let waited = self.on_open("read", limit * 2 + Duration::from_secs(1), move |open| {
            if !open.listens {
                open.connection.client.batch_execute(&listen)?;
                open.listens = true;
                return Ok(true);
            }
            let mut told = open.connection.client.notifications();
            let any = told.timeout_iter(limit).next()?.is_some();
            // The others that are there tell nothing new.
            while told.iter().next()?.is_some() {}
            Ok(any)
        });
        waited.unwrap_or_else(|_| {
            // The next question says what is wrong.
            std::thread::sleep(limit);
            false
        })
    }

    /// Asks the server.
    ///
    /// # Errors
    ///
    /// Fails without an answer in time. What was to be written may still be.
    pub(super) fn ask<T: Send + 'static>(
        &mut self,
        done: &'static str,
        limit: Duration,
        question: impl FnOnce(&mut Connection) -> std::result::Result<T, postgres::Error> + Send + 'static,
    ) -> Result<T> {
        self.on_open(done, limit, |open| question(&mut open.connection))
    }

    /// Asks the server what can't be asked again after a failure. A connection that was lost while nothing was asked is replaced first.
    ///
    /// # Errors
    ///
    /// Fails without an answer in time. What was to be written may still be.
    pub(super) fn ask_once<T: Send + 'static>(
        &mut self,
        done: &'static str,
        limit: Duration,
        question: impl FnOnce(&mut Connection) -> std::result::Result<T, postgres::Error> + Send + 'static,
    ) -> Result<T> {
        // If this fails, the connection is gone, and the question gets a new one.
        let _ = self.ask(done, limit, |connection| connection.client.simple_query(""));
        self.ask(done, limit, question)
    }

    fn on_open<T: Send + 'static>(
        &mut self,
        done: &'static str,
        limit: Duration,
        act: impl FnOnce(&mut Open) -> std::result::Result<T, postgres::Error> + Send + 'static,
    ) -> Result<T> {
        let target = self.target.clone();
        let answer = self
            .worker
            .ask_within(limit, done, move |line: &mut Option<Open>| {
                let is_open = |open: &Open| !open.connection.client.is_closed();
                if !line.as_ref().is_some_and(is_open) {
                    let connection = target.connect()?;
                    *line = Some(Open {
                        connection,
                        listens: false,
                    });
                }
                let open = line.as_mut().expect("it was opened above");
                act(open).map_err(|cause| {
                    if is_lost(&cause) {
                        *line = None;
                    }
                    target.store.postgres(done, cause)
                })
            });
        if self.worker.is_stuck() {
            // The next question gets a connection of its own: this one may be silent for long.
            self.worker = Worker::start(None, &self.target.store)?;
        }
        answer
    }
}
