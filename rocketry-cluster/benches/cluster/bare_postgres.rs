//! The floor on PostgreSQL: a leader that records, claims and hands over runs in one transaction, and takes in their ends in another;
//! workers that take many runs at a time and report their ends together. No statements, no lanes, no attempts, no limits.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use postgres::fallible_iterator::FallibleIterator as _;
use postgres::{Client, NoTls, Statement, Transaction};

use crate::{END, Figures, JOB, NODES, median, rate};

const TABLES: &str = "CREATE TABLE lead (term bigint); INSERT INTO lead VALUES (1); \
    CREATE TABLE record (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, task text, run_id bigint, action bigint, \
    created bigint, due bigint, start bigint); CREATE INDEX ON record (task, id); CREATE TABLE claim (key text PRIMARY KEY); \
    CREATE TABLE work (number bigint PRIMARY KEY, text text, worker bigint, ended text); \
    CREATE INDEX ON work (number) WHERE worker IS NULL; CREATE INDEX ON work (number) WHERE ended IS NOT NULL";

/// How many runs a write has at most.
const BATCH: usize = 1_000;

/// How many runs a worker takes at a time at most.
const MOST: i64 = 512;

/// The server would keep plans that it made for an empty table.
const BY_INDEX: &str = "SET jit = off; SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off";

/// How long a worker waits for news.
const REST: Duration = Duration::from_millis(500);

/// Measures a burst and single runs.
pub(crate) fn measure(address: &str, burst: usize, single: usize) -> Figures {
    let mut client = Client::connect(address, NoTls).expect("the server answers");
    client.batch_execute(TABLES).expect("the tables can be made");
    let mut leader = Leader::new(address);
    let (begun, begins) = channel();
    let is_over = Arc::<AtomicBool>::default();
    let workers: Vec<_> = (0..NODES)
        .map(|number| {
            let (address, begun, is_over) = (address.to_owned(), begun.clone(), is_over.clone());
            thread::spawn(move || work(&address, number, &begun, &is_over))
        })
        .collect();
    let mut waits: Vec<f64> = (0..single)
        .map(|number| {
            let asked = Instant::now();
            leader.start(number..number + 1);
            let begun = begins.recv().expect("the run begins");
            leader.record_ends(1);
            (begun - asked).as_secs_f64()
        })
        .collect();
    let asked = Instant::now();
    // One thread hands over, and one takes in, as ours.
    let mut taking_in = Leader::new(address);
    let takes_in = thread::spawn(move || taking_in.record_ends(burst));
    for first in (single..single + burst).step_by(BATCH) {
        leader.start(first..(first + BATCH).min(single + burst));
    }
    takes_in.join().expect("the ends are recorded");
    let took = asked.elapsed();
    is_over.store(true, Ordering::Relaxed);
    for worker in workers {
        worker.join().expect("the worker ends");
    }
    Figures {
        rate: rate(burst, took),
        dispatch: Duration::from_secs_f64(median(&mut waits)),
    }
}

struct Leader {
    client: Client,
    leads: Statement,
    claim: Statement,
    record: Statement,
    offer: Statement,
    ended: Statement,
    forget: Statement,
}

impl Leader {
    fn new(address: &str) -> Self {
        let mut client = Client::connect(address, NoTls).expect("the server answers");
        client.batch_execute("LISTEN ended").expect("it listens");
        client.batch_execute(BY_INDEX).expect("it is set");
        let mut prepare = |sql| client.prepare(sql).expect("it is right");
        Leader {
            leads: prepare("SELECT FROM lead WHERE term <= 1 FOR UPDATE"),
            claim: prepare("INSERT INTO claim SELECT * FROM unnest($1::text[])"),
            record: prepare(
                "INSERT INTO record (task, run_id, action, created, due, start) SELECT task, run, $3, run, run, run \
                 FROM unnest($1::text[], $2::bigint[]) AS new (task, run)",
            ),
            offer: prepare(
                "WITH made AS (INSERT INTO work (number, text) SELECT * FROM unnest($1::bigint[], $2::text[])) \
                 SELECT pg_notify('work', '')::text",
            ),
            ended: prepare("SELECT number, ended FROM work WHERE ended IS NOT NULL"),
            forget: prepare("DELETE FROM work WHERE number = ANY($1)"),
            client,
        }
    }

    /// Records the starts of runs with their claims, and hands the runs over.
    fn start(&mut self, runs: std::ops::Range<usize>) {
        let numbers: Vec<i64> = runs.map(|run| i64::try_from(run).expect("few runs")).collect();
        let claims: Vec<String> = numbers
            .iter()
            .map(|run| format!("reports::number_{run}@0"))
            .collect();
        let texts = vec![JOB; numbers.len()];
        let mut write = self.client.transaction().expect("it begins");
        write.query_one(&self.leads, &[]).expect("it leads");
        write.execute(&self.claim, &[&claims]).expect("they are claimed");
        record(&mut write, &self.record, &numbers, 0);
        write
            .query(&self.offer, &[&numbers, &texts])
            .expect("they are handed over");
        write.commit().expect("it is committed");
    }

    /// Records the ends of as many runs, as workers report them.
    fn record_ends(&mut self, runs: usize) {
        let mut left = runs;
        while left > 0 {
            let rows = self.client.query(&self.ended, &[]).expect("they are read");
            let ended: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
            if ended.is_empty() {
                await_news(&mut self.client);
                continue;
            }
            let mut write = self.client.transaction().expect("it begins");
            write.query_one(&self.leads, &[]).expect("it leads");
            record(&mut write, &self.record, &ended, 1);
            write
                .execute(&self.forget, &[&ended])
                .expect("they are forgotten");
            write.commit().expect("it is committed");
            left -= ended.len();
        }
    }
}

fn record(write: &mut Transaction<'_>, statement: &Statement, runs: &[i64], action: i64) {
    let tasks: Vec<String> = runs.iter().map(|run| format!("reports::number_{run}")).collect();
    write
        .execute(statement, &[&tasks, &runs, &action])
        .expect("they are recorded");
}

fn await_news(client: &mut Client) {
    let mut news = client.notifications();
    let told = news.timeout_iter(REST).next().expect("the server answers");
    if told.is_some() {
        // The others that are there tell nothing new.
        while news.iter().next().expect("the server answers").is_some() {}
    }
}

/// Takes runs, makes them and reports their ends, until it is over.
fn work(address: &str, number: usize, begun: &Sender<Instant>, is_over: &AtomicBool) {
    const TAKE: &str = "WITH found AS MATERIALIZED (SELECT number FROM work WHERE worker IS NULL \
                        ORDER BY number LIMIT $2 FOR UPDATE SKIP LOCKED) \
                        UPDATE work SET worker = $1 FROM found WHERE work.number = found.number RETURNING work.number, text";
    const REPORT: &str = "WITH ended AS (UPDATE work SET ended = told.text FROM unnest($1::bigint[], $2::text[]) AS told (number, text) \
                          WHERE work.number = told.number AND worker = $3) SELECT pg_notify('ended', '')::text";
    let mut client = Client::connect(address, NoTls).expect("the server answers");
    client.batch_execute("LISTEN work").expect("it listens");
    client.batch_execute(BY_INDEX).expect("it is set");
    let number = i64::try_from(number).expect("few");
    let take = client.prepare(TAKE).expect("it is right");
    let report = client.prepare(REPORT).expect("it is right");
    while !is_over.load(Ordering::Relaxed) {
        let rows = client.query(&take, &[&number, &MOST]).expect("they are taken");
        let taken: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
        if taken.is_empty() {
            await_news(&mut client);
            continue;
        }
        for _ in &taken {
            let _ = begun.send(Instant::now());
        }
        let ends = vec![END; taken.len()];
        client
            .query(&report, &[&taken, &ends, &number])
            .expect("they are reported");
    }
}
