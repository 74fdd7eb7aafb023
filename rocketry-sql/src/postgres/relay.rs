//! The relay of a cluster: rows that the leader takes in the order of their numbers.

use std::time::Duration;

use postgres::Row;
use rocketry_core::cluster::Relay;
use rocketry_core::{Clock, Result};

use super::connection::Connection;
use super::line::Line;

/// The channel that notifies nodes of calls and answers. The payload is the schema.
const CHANNEL: &str = "rocketry_call";

/// The time limit of each call.
const PATIENCE: Duration = Duration::from_secs(10);

/// The calls by which nodes that stand by forward requests and changes to the leader: rows in the schema of a
/// [`PostgresLog`](crate::PostgresLog).
#[derive(Debug)]
pub struct PostgresRelay(Line);

impl PostgresRelay {
    /// Creates the relay for the address of a log. Connects with the first call.
    ///
    /// # Errors
    ///
    /// Returns an error if the address is invalid.
    pub fn new(address: &str) -> Result<Self> {
        Ok(PostgresRelay(Line::new(address, CHANNEL)?))
    }
}

impl Relay for PostgresRelay {
    fn hand_in(&mut self, call: &str) -> Result<u64> {
        // One after the other, because otherwise a number could be visible before a lower one.
        const ADD: &str = "WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended( \
                           'rocketry calls ' || current_schema(), 0))) \
                           INSERT INTO rocketry_call (made, call) SELECT $1, $2 FROM turn \
                           RETURNING number, pg_notify('rocketry_call', current_schema())::text";
        let (made, call) = (Clock::system().now().as_micros(), call.replace('\0', "\u{fffd}"));
        self.0.ask_once("written", PATIENCE, move |connection| {
            let rows = connection.rows(ADD, &[&made, &call])?;
            rows[0].try_get::<_, i64>(0).map(i64::unsigned_abs)
        })
    }

    fn take_up(&mut self, after: u64) -> Result<Vec<(u64, String)>> {
        const TAKE: &str = "WITH taken AS (UPDATE rocketry_call SET is_taken = true \
                            WHERE number > $1 AND NOT is_withdrawn RETURNING number, call) \
                            SELECT number, call FROM taken ORDER BY number";
        let after = after.cast_signed();
        self.numbered("written", move |connection| connection.rows(TAKE, &[&after]))
    }

    fn answer(&mut self, number: u64, answer: &str) -> Result<()> {
        const ANSWER: &str = "WITH answered AS (UPDATE rocketry_call SET answer = $2 WHERE number = $1 RETURNING number) \
                              SELECT pg_notify('rocketry_call', current_schema())::text FROM answered";
        let (number, answer) = (number.cast_signed(), answer.replace('\0', "\u{fffd}"));
        self.0.ask("written", PATIENCE, move |connection| {
            connection.rows(ANSWER, &[&number, &answer]).map(drop)
        })
    }

    fn answer_rest(&mut self, up_to: u64, answer: &str) -> Result<()> {
        const ANSWER: &str = "WITH answered AS (UPDATE rocketry_call SET answer = $2 \
                              WHERE number <= $1 AND answer IS NULL AND NOT is_withdrawn RETURNING number) \
                              SELECT pg_notify('rocketry_call', current_schema())::text FROM answered";
        let (up_to, answer) = (up_to.cast_signed(), answer.to_owned());
        self.0.ask("written", PATIENCE, move |connection| {
            connection.rows(ANSWER, &[&up_to, &answer]).map(drop)
        })
    }

    fn answers(&mut self, numbers: &[u64]) -> Result<Vec<(u64, String)>> {
        const READ: &str =
            "SELECT number, answer FROM rocketry_call WHERE number = ANY($1) AND answer IS NOT NULL";
        let numbers: Vec<i64> = numbers.iter().map(|number| number.cast_signed()).collect();
        self.numbered("read", move |connection| connection.rows(READ, &[&numbers]))
    }

    fn withdraw(&mut self, number: u64) -> Result<bool> {
        const WITHDRAW: &str = "UPDATE rocketry_call SET is_withdrawn = true WHERE number = $1 AND NOT is_taken RETURNING number";
        let number = number.cast_signed();
        self.0.ask("written", PATIENCE, move |connection| {
            connection.rows(WITHDRAW, &[&number]).map(|rows| !rows.is_empty())
        })
    }

    fn wait(&mut self, limit: Duration) {
        self.0.wait(limit);
    }
}

impl PostgresRelay {
    /// Queries numbers with texts.
    fn numbered(
        &mut self,
        done: &'static str,
        ask: impl FnOnce(&mut Connection) -> std::result::Result<Vec<Row>, postgres::Error> + Send + 'static,
    ) -> Result<Vec<(u64, String)>> {
        self.0.ask(done, PATIENCE, move |connection| {
            let rows = ask(connection)?;
            let read = |row: &Row| Ok((row.try_get::<_, i64>(0)?.unsigned_abs(), row.try_get(1)?));
            rows.iter().map(read).collect()
        })
    }
}
