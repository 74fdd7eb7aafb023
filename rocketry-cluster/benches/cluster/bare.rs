//! The floor: a leader and workers that insert, claim and take the same rows, and do nothing else.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use postgres::fallible_iterator::FallibleIterator as _;
use postgres::{Client, NoTls};

use crate::server::Server;
use crate::{Figures, NODES, median, rate};

const TABLES: &str = "CREATE TABLE record (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, task text, run_id bigint, \
    action bigint, created bigint); CREATE TABLE claim (key text PRIMARY KEY); \
    CREATE TABLE work (number bigint PRIMARY KEY, text text, worker bigint, ended text); \
    CREATE INDEX ON work (number) WHERE worker IS NULL; CREATE INDEX ON work (number) WHERE ended IS NOT NULL";

/// How many runs a write has at most.
const BATCH: usize = 1_000;

/// How many runs a worker takes at a time at most.
const MOST: i64 = 512;

/// How long a worker waits for news.
const REST: Duration = Duration::from_millis(500);

/// What a run is described with: about as much as ours.
const TEXT: &str = "{\"request\":{\"task\":\"reports::number_12345\",\"run_id\":{\"number\":1796062085499173},\"due\":1796062085499173,\
    \"batch\":{},\"own\":{},\"session\":{},\"results\":{}},\"number\":12345,\"start\":1796062085499173,\"cause\":\"statement\",\"upstream\":[]}";

/// Measures a burst and single runs.
pub(crate) fn measure(server: &Server, burst: usize, single: usize) -> Figures {
    let address = server.fresh("cluster_bare");
    let mut leader = Leader::new(&address);
    leader
        .client
        .batch_execute(TABLES)
        .expect("the tables can be made");
    let (begun, begins) = channel();
    let is_over = Arc::<AtomicBool>::default();
    let workers: Vec<_> = (0..NODES)
        .map(|number| {
            let (address, begun, is_over) = (address.clone(), begun.clone(), is_over.clone());
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
    let mut taking_in = Leader::new(&address);
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
}

impl Leader {
    fn new(address: &str) -> Self {
        let mut client = Client::connect(address, NoTls).expect("the server answers");
        client.batch_execute("LISTEN ended").expect("it listens");
        Leader { client }
    }

    /// Records the starts of runs with their claims, and hands the runs over.
    fn start(&mut self, runs: std::ops::Range<usize>) {
        const CLAIM: &str = "INSERT INTO claim SELECT * FROM unnest($1::text[])";
        const OFFER: &str = "WITH made AS (INSERT INTO work (number, text) SELECT number, $2 FROM unnest($1::bigint[]) AS number) \
                             SELECT pg_notify('work', '')::text";
        let numbers: Vec<i64> = runs.map(|run| i64::try_from(run).expect("few runs")).collect();
        let claims: Vec<String> = numbers
            .iter()
            .map(|run| format!("reports::number_{run}@0"))
            .collect();
        let mut write = self.client.transaction().expect("it begins");
        write.execute(CLAIM, &[&claims]).expect("they are claimed");
        record(&mut write, &numbers, 0);
        write.commit().expect("it is committed");
        self.client
            .query(OFFER, &[&numbers, &TEXT])
            .expect("they are handed over");
    }

    /// Records the ends of as many runs, as workers report them.
    fn record_ends(&mut self, runs: usize) {
        const ENDED: &str = "SELECT number FROM work WHERE ended = 'done'";
        const FORGET: &str = "DELETE FROM work WHERE number = ANY($1)";
        let mut left = runs;
        while left > 0 {
            let rows = self.client.query(ENDED, &[]).expect("they are read");
            let ended: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
            if ended.is_empty() {
                await_news(&mut self.client);
                continue;
            }
            let mut write = self.client.transaction().expect("it begins");
            record(&mut write, &ended, 1);
            write.commit().expect("it is committed");
            self.client
                .execute(FORGET, &[&ended])
                .expect("they are forgotten");
            left -= ended.len();
        }
    }
}

fn record(write: &mut postgres::Transaction<'_>, runs: &[i64], action: i64) {
    const RECORD: &str = "INSERT INTO record (task, run_id, action, created) SELECT * FROM \
                          unnest($1::text[], $2::bigint[], $3::bigint[], $2::bigint[])";
    let tasks: Vec<String> = runs.iter().map(|run| format!("reports::number_{run}")).collect();
    let actions = vec![action; runs.len()];
    write
        .execute(RECORD, &[&tasks, &runs, &actions])
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
    const TAKE: &str = "UPDATE work SET worker = $1 WHERE number IN (SELECT number FROM work WHERE worker IS NULL \
                        ORDER BY number LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING number";
    const END: &str = "WITH ended AS (UPDATE work SET ended = 'done' WHERE number = ANY($1)) SELECT pg_notify('ended', '')::text";
    let mut client = Client::connect(address, NoTls).expect("the server answers");
    client.batch_execute("LISTEN work").expect("it listens");
    let number = i64::try_from(number).expect("few");
    while !is_over.load(Ordering::Relaxed) {
        let rows = client.query(TAKE, &[&number, &MOST]).expect("they are taken");
        let taken: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
        if taken.is_empty() {
            await_news(&mut client);
            continue;
        }
        for _ in &taken {
            let _ = begun.send(Instant::now());
        }
        client.query(END, &[&taken]).expect("they are reported");
    }
}
