//! The table of handed-over runs: rows that workers take.

use std::collections::HashSet;
use std::time::Duration;

use postgres::Row;
use postgres::types::ToSql;
use rocketry_core::cluster::{Held, Holder, Job, JobEnd, JobNews, OpenJob, Taken, Work};
use rocketry_core::{Error, Result};

use super::connection::Connection;
use super::line::{Heard, Line};

/// The channel that notifies nodes of jobs. The payload is what has happened to them, and the schema.
const CHANNEL: &str = "rocketry_work";

/// Finds jobs by their indexes. Statements are prepared while the table is empty, and the server would go on to read and sort all of
/// it, since it keeps plans.
const BY_INDEX: &str = "SET jit = off; SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off";

/// The time limit of each call.
const PATIENCE: Duration = Duration::from_secs(10);

/// The runs that the leader hands over to nodes: rows in the schema of a [`PostgresLog`](crate::PostgresLog).
#[derive(Debug)]
pub struct PostgresWork {
    line: Line,
    /// The oldest transaction that was in progress when ends were last read, with its epoch.
    read_since: Option<i64>,
}

type Answer<T> = std::result::Result<T, postgres::Error>;

impl PostgresWork {
    /// Creates the table for the address of a log. Connects with the first call.
    ///
    /// # Errors
    ///
    /// Returns an error if the address is invalid.
    pub fn new(address: &str) -> Result<Self> {
        Ok(PostgresWork {
            line: Line::new(address, CHANNEL)?.with_settings(BY_INDEX),
            read_since: None,
        })
    }

    fn read<T: Send + 'static>(
        &mut self,
        question: impl FnOnce(&mut Connection) -> Answer<T> + Send + 'static,
    ) -> Result<T> {
        self.line.ask("read", PATIENCE, question)
    }

    fn write<T: Send + 'static>(
        &mut self,
        question: impl FnOnce(&mut Connection) -> Answer<T> + Send + 'static,
    ) -> Result<T> {
        self.line.ask("written", PATIENCE, question)
    }

    /// Changes a job on behalf of the leader. Returns whether it had an effect. The parameters are the term,
    /// the key, and further values.
    fn change(
        &mut self,
        change: &'static str,
        (term, key): (u64, &str),
        attempt: Option<u32>,
    ) -> Result<bool> {
        let (term, key) = (term.cast_signed(), storable(key));
        self.write(move |connection| {
            let attempt = attempt.map(u32::cast_signed);
            let mut values: Vec<&(dyn ToSql + Sync)> = vec![&term, &key];
            if let Some(attempt) = &attempt {
                values.push(attempt);
            }
            Ok(!connection.rows(change, &values)?.is_empty())
        })
    }
}

/// A text as PostgreSQL can store it.
fn storable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

fn storable_all(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| storable(text)).collect()
}

fn number(row: &Row, column: usize) -> Answer<u64> {
    row.try_get::<_, i64>(column).map(i64::unsigned_abs)
}

fn attempt(row: &Row, column: usize) -> Answer<u32> {
    row.try_get::<_, i32>(column).map(i32::unsigned_abs)
}

fn held(row: &Row) -> Answer<Held> {
    Ok(Held {
        key: row.try_get(0)?,
        attempt: attempt(row, 1)?,
        is_stopped: row.try_get(2)?,
    })
}

impl Work for PostgresWork {
    fn lead(&mut self, term: u64) -> Result<Vec<OpenJob>> {
        const LEAD: &str = "INSERT INTO rocketry_work_lead AS lead (term) VALUES ($1) \
                            ON CONFLICT (id) DO UPDATE SET term = $1 WHERE lead.term <= $1 RETURNING term";
        const READ: &str = "SELECT key, attempt, worker, text FROM rocketry_work ORDER BY number";
        // A worker without jobs that still exists returns with its next beat.
        const CLEAR: &str = "DELETE FROM rocketry_worker AS worker WHERE NOT EXISTS \
                             (SELECT FROM rocketry_work AS work WHERE work.worker = worker.worker AND ended IS NULL)";
        const TERM: &str = "SELECT term FROM rocketry_work_lead";
        let led = self.write(move |connection| {
            if connection.rows(LEAD, &[&term.cast_signed()])?.is_empty() {
                return connection.row(TERM).and_then(|row| number(&row, 0)).map(Err);
            }
            connection.rows(CLEAR, &[])?;
            let open = |row: &Row| {
                Ok(OpenJob {
                    key: row.try_get(0)?,
                    attempt: attempt(row, 1)?,
                    worker: row.try_get(2)?,
                    text: row.try_get(3)?,
                })
            };
            let rows = connection.rows(READ, &[])?;
            rows.iter().map(open).collect::<Answer<Vec<_>>>().map(Ok)
        })?;
        led.map_err(|newer| Error::superseded(term, newer))
    }

    fn hand_over(&mut self, term: u64, batch: u64, jobs: &[Job]) -> Result<()> {
        const ADD: &str = "WITH lead AS (UPDATE rocketry_work_lead SET batch = $2 \
                           WHERE term = $1 AND batch IS DISTINCT FROM $2 RETURNING term), \
                           made AS (INSERT INTO rocketry_work (key, lane, text) \
                           SELECT job.key, job.lane, job.text FROM lead, \
                           unnest($3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS job (key, lane, text, place) \
                           ORDER BY job.place ON CONFLICT DO NOTHING) \
                           SELECT pg_notify('rocketry_work', 'offered ' || current_schema())::text FROM lead";
        const TERM: &str = "SELECT term FROM rocketry_work_lead";
        let (leads, number_of_batch) = (term.cast_signed(), batch.cast_signed());
        let keys: Vec<String> = jobs.iter().map(|job| storable(&job.key)).collect();
        let texts: Vec<String> = jobs.iter().map(|job| storable(&job.text)).collect();
        let lanes: Vec<Option<String>> = jobs.iter().map(|job| job.lane.as_deref().map(storable)).collect();
        let leader = self.write(move |connection| {
            let values: [&(dyn ToSql + Sync); 5] = [&leads, &number_of_batch, &keys, &lanes, &texts];
            if connection.rows(ADD, &values)?.is_empty() {
                // It was added before, or another node leads.
                return connection.row(TERM).and_then(|row| number(&row, 0));
            }
            Ok(term)
        })?;
        if leader == term {
            return Ok(());
        }
        Err(Error::superseded(term, leader))
    }

    fn stop(&mut self, term: u64, key: &str) -> Result<bool> {
        // A worker that takes the job meanwhile has the row locked, so it is found as taken.
        const REMOVE: &str = "WITH lead AS MATERIALIZED (SELECT term FROM rocketry_work_lead WHERE term = $1 FOR SHARE) \
                              DELETE FROM rocketry_work USING lead WHERE key = $2 AND worker IS NULL RETURNING key";
        const STOP: &str = "WITH lead AS MATERIALIZED (SELECT term FROM rocketry_work_lead WHERE term = $1 FOR SHARE), \
                            stopped AS (UPDATE rocketry_work SET is_stopped = true FROM lead WHERE key = $2 RETURNING key) \
                            SELECT pg_notify('rocketry_work', 'stopped ' || current_schema())::text FROM stopped";
        if self.change(REMOVE, (term, key), None)? {
            return Ok(true);
        }
        self.change(STOP, (term, key), None)?;
        Ok(false)
    }

    fn ended(&mut self) -> Result<Vec<(String, String)>> {
        const READ: &str = "SELECT key, ended FROM rocketry_work WHERE ended IS NOT NULL ORDER BY number";
        self.read(|connection| {
            let rows = connection.rows(READ, &[])?;
            rows.iter()
                .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
                .collect()
        })
    }

    fn new_ends(&mut self) -> Result<Vec<(String, String)>> {
        // A row that was invisible at the last read was written by a transaction that was in progress then, or began later.
        const READ: &str = "SELECT txid_snapshot_xmin(txid_current_snapshot()), key, ended FROM (SELECT) AS one \
                            LEFT JOIN rocketry_work AS work ON ended IS NOT NULL AND \
                            ($1::bigint IS NULL OR age(work.xmin) <= age((($1 & 4294967295)::text)::xid)) ORDER BY number";
        let since = self.read_since;
        let (since, ends) = self.read(move |connection| {
            let rows = connection.rows(READ, &[&since])?;
            let since = rows.first().map(|row| row.try_get(0)).transpose()?;
            let mut ends = Vec::with_capacity(rows.len());
            for row in &rows {
                if let Some(key) = row.try_get(1)? {
                    ends.push((key, row.try_get(2)?));
                }
            }
            Ok((since, ends))
        })?;
        self.read_since = since;
        Ok(ends)
    }

    fn holders(&mut self) -> Result<Vec<Holder>> {
        const READ: &str = "SELECT holder.worker, COALESCE(beat, 0) FROM (SELECT DISTINCT worker FROM rocketry_work \
                            WHERE worker IS NOT NULL AND ended IS NULL) AS holder \
                            LEFT JOIN rocketry_worker USING (worker)";
        self.read(|connection| {
            let rows = connection.rows(READ, &[])?;
            let holder = |row: &Row| {
                Ok(Holder {
                    worker: row.try_get(0)?,
                    beat: number(row, 1)?,
                })
            };
            rows.iter().map(holder).collect()
        })
    }

    fn held_by(&mut self, worker: &str) -> Result<Vec<Held>> {
        const READ: &str =
            "SELECT key, attempt, is_stopped FROM rocketry_work WHERE worker = $1 AND ended IS NULL";
        let worker = storable(worker);
        self.read(move |connection| connection.rows(READ, &[&worker])?.iter().map(held).collect())
    }

    fn offer_again(&mut self, term: u64, key: &str, attempt: u32) -> Result<bool> {
        const OFFER: &str = "WITH lead AS MATERIALIZED (SELECT term FROM rocketry_work_lead WHERE term = $1 FOR SHARE), \
                             offered AS (UPDATE rocketry_work SET worker = NULL, attempt = attempt + 1 FROM lead \
                             WHERE key = $2 AND attempt = $3 AND worker IS NOT NULL AND ended IS NULL RETURNING key) \
                             SELECT pg_notify('rocketry_work', 'offered ' || current_schema())::text FROM offered";
        self.change(OFFER, (term, key), Some(attempt))
    }

    fn give_up(&mut self, term: u64, key: &str, attempt: u32) -> Result<bool> {
        const REMOVE: &str = "WITH lead AS MATERIALIZED (SELECT term FROM rocketry_work_lead WHERE term = $1 FOR SHARE) \
                              DELETE FROM rocketry_work USING lead \
                              WHERE key = $2 AND attempt = $3 AND worker IS NOT NULL AND ended IS NULL RETURNING key";
        self.change(REMOVE, (term, key), Some(attempt))
    }

    fn forget(&mut self, term: u64, keys: &[String]) -> Result<()> {
        const REMOVE: &str = "WITH lead AS MATERIALIZED (SELECT term FROM rocketry_work_lead WHERE term = $1 FOR SHARE) \
                              DELETE FROM rocketry_work USING lead WHERE key = ANY($2)";
        let (term, keys) = (term.cast_signed(), storable_all(keys));
        self.write(move |connection| connection.rows(REMOVE, &[&term, &keys]).map(drop))
    }

    fn take(&mut self, worker: &str, lanes: &[String], but: &[String], most: usize) -> Result<Vec<Taken>> {
        const TAKE: &str = "WITH found AS MATERIALIZED (SELECT number FROM rocketry_work WHERE worker IS NULL \
                            AND (lane IS NULL OR lane = ANY($2)) AND NOT key = ANY($3) \
                            ORDER BY number LIMIT $4 FOR UPDATE SKIP LOCKED), \
                            taken AS (UPDATE rocketry_work AS work SET worker = $1 FROM found \
                            WHERE work.number = found.number RETURNING work.number, key, attempt, text) \
                            SELECT key, attempt, text FROM taken ORDER BY number";
        let (worker, lanes, but) = (storable(worker), storable_all(lanes), storable_all(but));
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.write(move |connection| {
            let rows = connection.rows(TAKE, &[&worker, &lanes, &but, &most])?;
            let taken = |row: &Row| {
                Ok(Taken {
                    key: row.try_get(0)?,
                    attempt: attempt(row, 1)?,
                    text: row.try_get(2)?,
                })
            };
            rows.iter().map(taken).collect()
        })
    }

    fn extend(&mut self, worker: &str) -> Result<Vec<Held>> {
        const EXTEND: &str = "WITH beat AS (INSERT INTO rocketry_worker AS worker VALUES ($1, 1) \
                              ON CONFLICT (worker) DO UPDATE SET beat = worker.beat + 1) \
                              SELECT key, attempt, is_stopped FROM rocketry_work WHERE worker = $1 AND ended IS NULL";
        let worker = storable(worker);
        self.write(move |connection| connection.rows(EXTEND, &[&worker])?.iter().map(held).collect())
    }

    fn release(&mut self, worker: &str, key: &str, attempt: u32) -> Result<()> {
        const RELEASE: &str = "WITH offered AS (UPDATE rocketry_work SET worker = NULL \
                               WHERE worker = $1 AND key = $2 AND attempt = $3 AND ended IS NULL RETURNING key) \
                               SELECT pg_notify('rocketry_work', 'offered ' || current_schema())::text FROM offered";
        let (worker, key, attempt) = (storable(worker), storable(key), attempt.cast_signed());
        self.write(move |connection| connection.rows(RELEASE, &[&worker, &key, &attempt]).map(drop))
    }

    fn end_all(&mut self, worker: &str, ends: &[JobEnd]) -> Result<Vec<bool>> {
        // Several notifications of one statement with the same text are one.
        const END: &str = "WITH ended AS (UPDATE rocketry_work AS work SET ended = COALESCE(work.ended, told.text) \
                           FROM unnest($2::text[], $3::int[], $4::text[]) AS told (key, attempt, text) \
                           WHERE worker = $1 AND work.key = told.key AND work.attempt = told.attempt RETURNING work.key, work.attempt) \
                           SELECT key, attempt, pg_notify('rocketry_work', 'ended ' || current_schema())::text FROM ended";
        let worker = storable(worker);
        let keys: Vec<String> = ends.iter().map(|end| storable(&end.key)).collect();
        let attempts: Vec<i32> = ends.iter().map(|end| end.attempt.cast_signed()).collect();
        let texts: Vec<String> = ends.iter().map(|end| storable(&end.text)).collect();
        self.write(move |connection| {
            let values: [&(dyn ToSql + Sync); 4] = [&worker, &keys, &attempts, &texts];
            let rows = connection.rows(END, &values)?;
            let kept = rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?)));
            let kept = kept.collect::<Answer<HashSet<(&str, i32)>>>()?;
            let told = keys.iter().zip(&attempts);
            Ok(told
                .map(|(key, attempt)| kept.contains(&(&**key, *attempt)))
                .collect())
        })
    }

    fn wait(&mut self, limit: Duration) -> JobNews {
        let Heard::Texts(texts) = self.line.listen(limit) else {
            return JobNews::ALL;
        };
        let news = texts.iter().map(|text| match text.split(' ').next() {
            Some("offered") => JobNews {
                offered: true,
                ..JobNews::default()
            },
            Some("ended") => JobNews {
                ended: true,
                ..JobNews::default()
            },
            _ => JobNews::ALL,
        });
        news.fold(JobNews::default(), JobNews::and)
    }
}
