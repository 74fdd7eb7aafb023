//! Nodes whose roles are set by the test.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rocketry_cluster::twin::{TwinLog, TwinRelay, TwinWork};
use rocketry_core::cluster::{Cluster, Membership, Relay, Seat, SharedLog, Work};
use rocketry_core::log::{Page, Past, Retention, Write};
use rocketry_core::testing::TestApp;
use rocketry_core::{Due, Error, Query, Result, Rocketry, RunLog, Task, TaskBuilder, Timestamp};

/// A cluster in which the test determines the leader.
#[derive(Clone, Default)]
pub(crate) struct Scripted {
    log: TwinLog,
    /// Whether the node can't write to the log.
    is_log_full: Arc<AtomicBool>,
    /// How calls are carried, if they are.
    relay: Option<TwinRelay>,
    /// How runs are handed over, if they are.
    work: Option<TwinWork>,
    seats: Arc<Mutex<Vec<Seat>>>,
    resigned: Arc<Mutex<usize>>,
    left: Arc<Mutex<usize>>,
    /// The instances of the nodes that were asked to drain.
    pub(crate) asked_to_drain: Arc<Mutex<Vec<String>>>,
}

/// The log as one node sees it.
struct NodeLog {
    log: TwinLog,
    is_full: Arc<AtomicBool>,
}

impl SharedLog for NodeLog {
    fn write_claiming(&self, write: &Write<'_>, claims: &[Arc<str>]) -> Result<()> {
        if self.is_full.load(Ordering::Relaxed) {
            return Err(Error::log("the disk is full"));
        }
        self.log.write_claiming(write, claims)
    }

    fn writes(&self) -> Result<Option<u64>> {
        self.log.writes()
    }
}

impl RunLog for NodeLog {
    fn write(&self, write: &Write<'_>) -> Result<()> {
        self.write_claiming(write, &[])
    }

    fn query(&self, query: &Query) -> Result<Page> {
        self.log.query(query)
    }

    fn count(&self, query: &Query) -> Result<u64> {
        self.log.count(query)
    }

    fn load(&self) -> Result<Past> {
        self.log.load()
    }

    fn forget(&self, retention: &Retention) -> Result<u64> {
        self.log.forget(retention)
    }
}

struct Member(Scripted);

impl Membership for Member {
    fn resign(&self) {
        *self.0.resigned.lock().unwrap() += 1;
    }

    fn ask_to_drain(&self, instance: &str) {
        self.0.asked_to_drain.lock().unwrap().push(instance.to_owned());
    }

    fn leave(&self) {
        *self.0.left.lock().unwrap() += 1;
    }
}

impl Cluster for Scripted {
    fn open_log(&self) -> Result<Box<dyn SharedLog>> {
        Ok(Box::new(NodeLog {
            log: self.log.clone(),
            is_full: self.is_log_full.clone(),
        }))
    }

    fn join(&self, seat: Seat) -> Result<Box<dyn Membership>> {
        self.seats.lock().unwrap().push(seat);
        Ok(Box::new(Member(self.clone())))
    }

    fn open_relay(&self) -> Result<Option<Box<dyn Relay>>> {
        let relay = self.relay.clone();
        Ok(relay.map(|relay| Box::new(relay) as Box<dyn Relay>))
    }

    fn open_work(&self) -> Result<Option<Box<dyn Work>>> {
        let work = self.work.clone();
        Ok(work.map(|work| Box::new(work) as Box<dyn Work>))
    }
}

/// A node of it.
pub(crate) struct Node {
    pub(crate) app: TestApp,
    pub(crate) seat: Seat,
    /// How its calls are carried, if they are.
    pub(crate) relay: Option<TwinRelay>,
    /// How its runs are handed over, if they are.
    pub(crate) work: Option<TwinWork>,
    is_log_full: Arc<AtomicBool>,
}

impl Scripted {
    /// A cluster whose nodes carry calls to the leader.
    pub(crate) fn carrying() -> Self {
        Scripted {
            relay: Some(TwinRelay::default()),
            ..Scripted::default()
        }
    }

    /// A cluster whose leader hands over runs to all nodes.
    pub(crate) fn working() -> Self {
        Scripted {
            work: Some(TwinWork::default()),
            ..Scripted::carrying()
        }
    }

    /// Starts a node, which stands by.
    pub(crate) fn node(&self, app: Rocketry, at: &str) -> Node {
        let relay = self.relay.as_ref().map(TwinRelay::of_another_node);
        let work = self.work.as_ref().map(TwinWork::of_another_node);
        let own = Scripted {
            relay: relay.clone(),
            work: work.clone(),
            is_log_full: Arc::default(),
            ..self.clone()
        };
        let is_log_full = own.is_log_full.clone();
        let app = TestApp::start(app.cluster(own), at).unwrap();
        let seat = self.seats.lock().unwrap().last().unwrap().clone();
        Node {
            app,
            seat,
            relay,
            work,
            is_log_full,
        }
    }

    /// How often a node has left.
    pub(crate) fn left(&self) -> usize {
        *self.left.lock().unwrap()
    }

    /// How often a node has resigned.
    pub(crate) fn resigned(&self) -> usize {
        *self.resigned.lock().unwrap()
    }
}

impl Node {
    /// Makes the node the leader until the test changes it.
    pub(crate) fn lead(&mut self, term: u64) {
        self.seat.lead(term, Duration::MAX);
        self.app.settle();
    }

    /// Sets whether the node's writes to the log fail.
    pub(crate) fn fill_log(&self, is_full: bool) {
        self.is_log_full.store(is_full, Ordering::Relaxed);
    }
}

/// The journal written by the functions of all nodes.
pub(crate) type Told = Arc<Mutex<Vec<(String, Timestamp)>>>;

/// A task that records when it was due.
pub(crate) fn telling(name: &str, start: &str, told: &Told) -> TaskBuilder {
    let (told, own) = (told.clone(), name.to_owned());
    let function = move |due: Due| told.lock().unwrap().push((own.clone(), due.0));
    Task::func(name.to_owned(), function)
        .start(start)
        .execution(rocketry_core::Execution::Main)
}

/// Returns the occurrences that were recorded more than once.
pub(crate) fn doubled(told: &Told) -> Vec<(String, Timestamp)> {
    let mut all = told.lock().unwrap().clone();
    all.sort();
    let pairs = all.windows(2).filter(|pair| pair[0] == pair[1]);
    pairs.map(|pair| pair[0].clone()).collect()
}
