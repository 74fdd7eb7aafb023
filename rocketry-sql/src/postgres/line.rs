//! A connection with time limits, which can wait for notifications.

use std::time::Duration;

use postgres::fallible_iterator::FallibleIterator as _;
use rocketry_core::Result;

use super::connection::{Connection, Target};
use super::failure::is_lost;
use super::worker::Worker;

/// A connection with time limits, which can wait for notifications on a channel.
#[derive(Debug)]
pub(super) struct Line {
    target: Target,
    channel: &'static str,
    /// The statement that sets up each connection.
    settings: &'static str,
    worker: Worker<Option<Open>>,
}

/// The notifications that have arrived.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// Their texts; empty at the time limit.
    Texts(Vec<String>),
    /// Earlier ones were not received.
    Anything,
}

struct Open {
    connection: Connection,
    /// Whether this connection listens for notifications. It starts to listen when it first waits, because only waiting consumes them.
    listens: bool,
}

impl Line {
    /// Creates a line to the server at the address of a log. Connects with the first request.
    ///
    /// # Errors
    ///
    /// Returns an error if the address is invalid.
    pub(super) fn new(address: &str, channel: &'static str) -> Result<Self> {
        let target = Target::read(address)?.writable();
        let worker = Worker::start(None, &target.store)?;
        Ok(Line {
            target,
            channel,
            settings: "",
            worker,
        })
    }

    /// Sets up each connection with a statement.
    pub(super) fn with_settings(self, settings: &'static str) -> Self {
        Line { settings, ..self }
    }

    /// Waits for a notification, or until the time limit. Returns whether there may have been one, which
    /// includes the first call, because earlier ones were not received.
    pub(super) fn wait(&mut self, limit: Duration) -> bool {
        self.listen(limit) != Heard::Texts(Vec::new())
    }

    /// Waits in the same way, and returns the notifications.
    pub(super) fn listen(&mut self, limit: Duration) -> Heard {
        let listen = format!("LISTEN {}", self.channel);
        let waited = self.on_open("read", limit * 2 + Duration::from_secs(1), move |open| {
            if !open.listens {
                open.connection.client.batch_execute(&listen)?;
                open.listens = true;
                return Ok(Heard::Anything);
            }
            let mut told = open.connection.client.notifications();
            let mut texts: Vec<String> = Vec::new();
            let mut next = told.timeout_iter(limit).next()?;
            while let Some(notification) = next {
                // Most are the same.
                if texts.last().is_none_or(|last| last != notification.payload()) {
                    texts.push(notification.payload().to_owned());
                }
                next = told.iter().next()?;
            }
            Ok(Heard::Texts(texts))
        });
        waited.unwrap_or_else(|_| {
            // The next request reports the error.
            std::thread::sleep(limit);
            Heard::Texts(Vec::new())
        })
    }

    /// Sends a request.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no response in time. A write may still take effect.
    pub(super) fn ask<T: Send + 'static>(
        &mut self,
        done: &'static str,
        limit: Duration,
        question: impl FnOnce(&mut Connection) -> std::result::Result<T, postgres::Error> + Send + 'static,
    ) -> Result<T> {
        self.on_open(done, limit, |open| question(&mut open.connection))
    }

    /// Sends a request that must not be repeated after a failure. A connection that was lost while idle is
    /// replaced first.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no response in time. A write may still take effect.
    pub(super) fn ask_once<T: Send + 'static>(
        &mut self,
        done: &'static str,
        limit: Duration,
        question: impl FnOnce(&mut Connection) -> std::result::Result<T, postgres::Error> + Send + 'static,
    ) -> Result<T> {
        // If this fails, the connection is lost, and the request gets a new one.
        let _ = self.ask(done, limit, |connection| connection.client.simple_query(""));
        self.ask(done, limit, question)
    }

    fn on_open<T: Send + 'static>(
        &mut self,
        done: &'static str,
        limit: Duration,
        act: impl FnOnce(&mut Open) -> std::result::Result<T, postgres::Error> + Send + 'static,
    ) -> Result<T> {
        let (target, settings) = (self.target.clone(), self.settings);
        let answer = self
            .worker
            .ask_within(limit, done, move |line: &mut Option<Open>| {
                let is_open = |open: &Open| !open.connection.client.is_closed();
                if !line.as_ref().is_some_and(is_open) {
                    let mut connection = target.connect()?;
                    let set = connection.client.batch_execute(settings);
                    set.map_err(|cause| target.store.postgres(done, cause))?;
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
            // The next request gets a new connection, because this one may not respond for long.
            self.worker = Worker::start(None, &self.target.store)?;
        }
        answer
    }
}
