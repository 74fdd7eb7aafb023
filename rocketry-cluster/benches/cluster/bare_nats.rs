//! The floor on NATS: a leader that records the starts of many runs in a message, if it knows the one before, and publishes their jobs as a
//! batch in a work queue; workers that fetch many jobs from its consumer at a time, record their ends in a message, and acknowledge the jobs.
//! No statements, no lanes, no attempts, no limits.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use async_nats::{Client, HeaderMap, Message, StatusCode};
use futures_util::StreamExt as _;
use serde_json::{Value as Json, json};
use tokio::runtime::Runtime;
use tokio::sync::Notify;

use crate::{END, Figures, JOB, NODES, median, rate};

/// How many runs a write has at most: the servers take no larger batch.
const BATCH: usize = 1_000;

/// How many jobs a worker fetches at a time at most.
const MOST: usize = 512;

/// The ends that are recorded.
#[derive(Default)]
struct Ended {
    count: AtomicUsize,
    changed: Notify,
}

impl Ended {
    async fn reach(&self, count: usize) {
        while self.count.load(Ordering::Relaxed) < count {
            self.changed.notified().await;
        }
    }
}

/// Measures a burst and single runs.
pub(crate) fn measure(address: &str, burst: usize, single: usize) -> Figures {
    let runtime = Runtime::new().expect("the runtime can be made");
    let (server, name) = address.rsplit_once('/').expect("it has a name");
    let (begun, begins) = channel();
    let ended = Arc::<Ended>::default();
    let mut leader = runtime.block_on(Leader::new(server, name));
    for _ in 0..NODES {
        let (server, name) = (server.to_owned(), name.to_owned());
        let (begun, ended) = (begun.clone(), ended.clone());
        runtime.spawn(async move {
            let worker = async_nats::connect(server).await.expect("the server answers");
            work(&worker, &name, &begun, &ended).await;
        });
    }
    let mut waits: Vec<f64> = (0..single)
        .map(|number| {
            let asked = Instant::now();
            runtime.block_on(leader.start(number..number + 1));
            let begun = begins.recv().expect("the run begins");
            runtime.block_on(ended.reach(number + 1));
            (begun - asked).as_secs_f64()
        })
        .collect();
    let asked = Instant::now();
    runtime.block_on(async {
        for first in (single..single + burst).step_by(BATCH) {
            leader.start(first..(first + BATCH).min(single + burst)).await;
        }
        ended.reach(single + burst).await;
    });
    let took = asked.elapsed();
    runtime.shutdown_timeout(Duration::from_secs(1));
    Figures {
        rate: rate(burst, took),
        dispatch: Duration::from_secs_f64(median(&mut waits)),
    }
}

struct Leader {
    client: Client,
    name: String,
    /// The number of the last message with starts.
    last: u64,
}

impl Leader {
    async fn new(server: &str, name: &str) -> Self {
        let client = async_nats::connect(server).await.expect("the server answers");
        let log = json!({ "name": format!("{name}-log"), "subjects": [format!("{name}.start"), format!("{name}.end")], "storage": "file" });
        let work = json!({ "name": format!("{name}-work"), "subjects": [format!("{name}.work")], "storage": "file",
            "retention": "workqueue", "allow_atomic": true });
        ask(&client, &format!("STREAM.CREATE.{name}-log"), &log).await;
        ask(&client, &format!("STREAM.CREATE.{name}-work"), &work).await;
        let consumer = json!({ "stream_name": format!("{name}-work"), "config": { "durable_name": "workers", "ack_policy": "explicit",
            "ack_wait": 30_000_000_000_u64, "max_ack_pending": 1_000_000 } });
        let subject = format!("CONSUMER.DURABLE.CREATE.{name}-work.workers");
        ask(&client, &subject, &consumer).await;
        Leader {
            client,
            name: name.to_owned(),
            last: 0,
        }
    }

    /// Records the starts of runs with their claims, and hands the runs over.
    async fn start(&mut self, runs: std::ops::Range<usize>) {
        let start = |run: usize| json!({ "task": format!("reports::number_{run}"), "run": run, "action": "run", "created": run, "due": run, "start": run });
        let starts: Vec<Json> = runs.clone().map(start).collect();
        let claims: Vec<String> = runs
            .clone()
            .map(|run| format!("reports::number_{run}@0"))
            .collect();
        let text = json!({ "term": 1, "records": starts, "claims": claims }).to_string();
        let mut headers = HeaderMap::new();
        headers.insert("Nats-Expected-Last-Subject-Sequence", self.last.to_string());
        self.last = confirmed(&self.client, format!("{}.start", self.name), headers, text).await;
        let (id, count) = (runs.start, runs.len());
        let subject = format!("{}.work", self.name);
        for number in 1..=count {
            let mut headers = HeaderMap::new();
            if count > 1 {
                headers.insert("Nats-Batch-Id", format!("batch-{id}"));
                headers.insert("Nats-Batch-Sequence", number.to_string());
            }
            if number < count {
                let sent = self
                    .client
                    .publish_with_headers(subject.clone(), headers, JOB.into());
                sent.await.expect("it is sent");
                continue;
            }
            if count > 1 {
                headers.insert("Nats-Batch-Commit", "1");
            }
            confirmed(&self.client, subject.clone(), headers, JOB.to_owned()).await;
        }
    }
}

/// Asks the servers something, and returns the answer.
async fn ask(client: &Client, what: &str, asked: &Json) -> Json {
    let answer = client.request(format!("$JS.API.{what}"), asked.to_string().into());
    read(&answer.await.expect("the server answers"))
}

fn read(answer: &Message) -> Json {
    let answer: Json = serde_json::from_slice(&answer.payload).expect("it is JSON");
    assert!(answer.get("error").is_none(), "{answer}");
    answer
}

/// Publishes a message; returns its number once it is kept.
async fn confirmed(client: &Client, subject: String, headers: HeaderMap, text: String) -> u64 {
    let answer = client.request_with_headers(subject, headers, text.into());
    let answer = read(&answer.await.expect("the server answers"));
    answer["seq"].as_u64().expect("it has a number")
}

/// Fetches jobs, makes them and records their ends.
async fn work(client: &Client, name: &str, begun: &Sender<Instant>, ended: &Ended) {
    let inbox = client.new_inbox();
    let mut jobs = client.subscribe(inbox.clone()).await.expect("the server answers");
    let next = format!("$JS.API.CONSUMER.MSG.NEXT.{name}-work.workers");
    let fetch = json!({ "batch": MOST, "expires": 5_000_000_000_u64 }).to_string();
    let mut wanted = 0;
    loop {
        if wanted == 0 {
            let asked = client.publish_with_reply(next.clone(), inbox.clone(), fetch.clone().into());
            if asked.await.is_err() {
                // The measurement has ended.
                return;
            }
            wanted = MOST;
        }
        let mut taken = Vec::new();
        let mut job = jobs.next().await;
        while let Some(message) = job {
            if matches!(
                message.status,
                Some(StatusCode::TIMEOUT | StatusCode::NOT_FOUND | StatusCode::REQUEST_TERMINATED)
            ) {
                wanted = 0;
            } else {
                wanted -= 1;
                let _ = begun.send(Instant::now());
                taken.push(message);
            }
            if wanted == 0 {
                break;
            }
            // Those that have come meanwhile go along.
            job = tokio::time::timeout(Duration::ZERO, jobs.next())
                .await
                .unwrap_or_default();
        }
        if !taken.is_empty() {
            end(client, name, &taken).await;
            ended.count.fetch_add(taken.len(), Ordering::Relaxed);
            ended.changed.notify_one();
        }
    }
}

/// Records the ends of jobs, and acknowledges the jobs.
async fn end(client: &Client, name: &str, taken: &[Message]) {
    let end = |_: &Message| json!({ "task": "reports::number_12345", "run": 12345, "action": "success", "end": END });
    let ends: Vec<Json> = taken.iter().map(end).collect();
    let text = Json::from(ends).to_string();
    confirmed(client, format!("{name}.end"), HeaderMap::new(), text).await;
    for job in taken {
        let reply = job.reply.clone().expect("a job is acknowledged");
        // The last ones may come after the measurement has ended.
        let _ = client.publish(reply, "+ACK".into()).await;
    }
}
