//! The runs that a node hands over, and the runs that it executes for the leader.

use std::collections::{HashMap, HashSet};
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, oneshot};

use super::assignment::AssignedRun;
use crate::cluster::{Held, Job, Work};
use crate::engine::run::{FIRST_ASSIGNED, Run, RunEnd, RunNumber};
use crate::log::Extra;
use crate::param::RunId;
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// Identifies a run in the whole cluster.
pub(crate) fn key_of(task: &str, run: &RunId, start: Timestamp) -> String {
    format!("{task} {run} {}", start.as_micros())
}

/// The runs that a node hands over while it leads, and the runs that it executes for a leader (possibly
/// itself).
pub(crate) struct WorkTable {
    /// Identifies this node.
    pub(super) worker: String,
    /// The connection for the calls that only a leader makes.
    pub(super) lead: Mutex<Box<dyn Work>>,
    pub(super) outgoing: Sender<Message>,
    given: Mutex<GivenRuns>,
    made: Mutex<HashMap<RunNumber, MadeRun>>,
    /// The ends of handed-over runs that the scheduler has not yet processed.
    late: Mutex<Vec<RunEnd>>,
    next_number: AtomicU64,
    /// Notified when a run that the node executes has ended or is told to end.
    changed: Notify,
}

/// A message to the table that the nodes share.
pub(super) enum Message {
    /// Hands over a run, in a term.
    HandOver(u64, Job),
    /// Tells a run to end, in a term.
    Stop(u64, String),
    /// The end of a run is recorded, in a term.
    Forget(u64, String),
    /// A run that this node executes has ended.
    End(RunNumber, String),
}

/// What happened to a handed-over run.
pub(crate) enum Fate {
    /// It has ended, as reported by the node that executed it.
    Ended(String),
    /// Its node is lost.
    Lost,
    /// No node has started it, and none will.
    Withdrawn,
}

/// The runs that this node has handed over, by their keys.
#[derive(Default)]
struct GivenRuns {
    all: HashMap<String, GivenRun>,
    /// How many of them have no fate yet.
    open: usize,
}

/// A run that this node has handed over, until its end is recorded.
pub(crate) struct GivenRun {
    pub(crate) task: TaskId,
    pub(crate) number: RunNumber,
    /// How many more times it is started if its node is lost.
    pub(crate) more_attempts: u32,
    /// Receives the fate of the run; `None` once it was sent.
    tell: Option<oneshot::Sender<Fate>>,
    /// Whether another node executes it.
    is_away: bool,
    is_stopped: bool,
}

/// A run that this node executes for the leader, until the leader has received its end.
struct MadeRun {
    key: String,
    attempt: u32,
    run: Arc<Run>,
    origin: Option<Arc<Extra>>,
    /// Whether its end is being reported.
    is_over: bool,
    is_lost: bool,
}

/// A run that was given up while it continued, or whose end was refused.
pub(super) struct Refused {
    pub(super) run: Arc<Run>,
    pub(super) attempt: u32,
}

/// The runs that the leader releases because other nodes continue them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LetGo {
    /// The runs that other nodes execute.
    Away,
    /// The runs that this node has not started.
    NotHere,
    All,
}

impl GivenRuns {
    fn add(&mut self, key: String, given: GivenRun) {
        self.open += 1;
        let before = self.all.insert(key, given);
        self.open -= usize::from(before.is_some_and(|before| before.tell.is_some()));
    }

    /// Takes out where the fate of a run is told. The run is forgotten, unless it is known until its end is recorded.
    fn close(&mut self, key: &str, stays: bool) -> Option<oneshot::Sender<Fate>> {
        let tell = self.all.get_mut(key)?.tell.take();
        self.open -= usize::from(tell.is_some());
        if !stays {
            self.all.remove(key);
        }
        tell
    }
}

impl WorkTable {
    pub(super) fn new(worker: String, lead: Box<dyn Work>, outgoing: Sender<Message>) -> Self {
        WorkTable {
            worker,
            lead: Mutex::new(lead),
            outgoing,
            given: Mutex::default(),
            made: Mutex::default(),
            late: Mutex::default(),
            next_number: AtomicU64::new(FIRST_ASSIGNED),
            changed: Notify::new(),
        }
    }

    fn given(&self) -> MutexGuard<'_, GivenRuns> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn made(&self) -> MutexGuard<'_, HashMap<RunNumber, MadeRun>> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn late(&self) -> MutexGuard<'_, Vec<RunEnd>> {
        self.late.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn send(&self, message: Message) {
        // This only fails once the app has ended.
        let _ = self.outgoing.send(message);
    }

    /// Hands over a run. Returns the receiver of its fate.
    pub(crate) fn hand_over(&self, term: u64, job: Job, run: &Run) -> oneshot::Receiver<Fate> {
        let fate = self.follow(job.key.clone(), run);
        self.send(Message::HandOver(term, job));
        fate
    }

    /// Follows a handed-over run.
    pub(super) fn follow(&self, key: String, run: &Run) -> oneshot::Receiver<Fate> {
        let (tell, fate) = oneshot::channel();
        let given = GivenRun {
            task: run.task(),
            number: run.number,
            more_attempts: run.spec.rare.more_attempts,
            tell: Some(tell),
            is_away: false,
            is_stopped: false,
        };
        self.given().add(key, given);
        fate
    }

    /// Tells a handed-over run to end.
    pub(crate) fn stop(&self, term: u64, key: &str) {
        self.send(Message::Stop(term, key.to_owned()));
    }

    /// Tells a run to end if this node executes it.
    pub(crate) fn stop_here(&self, key: &str) {
        if let Some(given) = self.given().all.get_mut(key) {
            given.is_stopped = true;
        }
        for made in self.made().values().filter(|made| made.key == key) {
            made.run.info.flag.set();
        }
        self.changed.notify_waiters();
    }

    /// Sends the fate of a run. An ended run is remembered until its end is recorded.
    pub(super) fn tell(&self, key: &str, fate: Fate) {
        let tell = self.given().close(key, matches!(fate, Fate::Ended(_)));
        if let Some(tell) = tell {
            // Nothing may wait for the run any more.
            let _ = tell.send(fate);
        }
    }

    /// The maximum number of attempts of a handed-over run; `None` if the run is unknown.
    pub(super) fn attempts_of(&self, key: &str) -> Option<u32> {
        let runs = self.given();
        let given = runs.all.get(key);
        given.map(|given| given.more_attempts.saturating_add(1))
    }

    /// Records that other nodes execute these runs.
    pub(super) fn note_away(&self, held: &[Held]) {
        let mut runs = self.given();
        for held in held {
            if let Some(given) = runs.all.get_mut(&held.key) {
                given.is_away = true;
            }
        }
    }

    /// Returns true if any of these runs is awaited.
    pub(super) fn awaits_any<'a>(&self, mut keys: impl Iterator<Item = &'a str>) -> bool {
        let runs = self.given();
        keys.any(|key| runs.all.contains_key(key))
    }

    /// The number of handed-over runs whose end has not been processed yet.
    pub(crate) fn given_count(&self) -> usize {
        let late = self.late().len();
        late + self.given().open
    }

    /// Forgets a run whose end is recorded. Returns whether it was handed over.
    pub(super) fn settle(&self, key: &str) -> bool {
        let mut runs = self.given();
        let has_ended = runs.all.get(key).is_some_and(|given| given.tell.is_none());
        has_ended && runs.all.remove(key).is_some()
    }

    /// Releases runs that continue without this leader.
    pub(super) fn let_go(&self, which: LetGo) -> Vec<GivenRun> {
        let here: Vec<String> = self.made().values().map(|made| made.key.clone()).collect();
        let goes = |key: &String, given: &mut GivenRun| match which {
            LetGo::All => true,
            LetGo::Away => given.is_away && given.tell.is_some(),
            LetGo::NotHere => !here.contains(key) && given.tell.is_some(),
        };
        let mut runs = self.given();
        let goes: Vec<GivenRun> = runs.all.extract_if(goes).map(|(_, given)| given).collect();
        runs.open -= goes.iter().filter(|given| given.tell.is_some()).count();
        goes
    }

    /// The number for a run that this node executes for the leader.
    pub(super) fn next_number(&self) -> RunNumber {
        self.next_number.fetch_add(1, Ordering::Relaxed)
    }

    /// Adds a run that this node starts for the leader.
    pub(super) fn begin(&self, key: String, attempt: u32, assigned: &AssignedRun) {
        let run = &assigned.run;
        if self.given().all.get(&key).is_some_and(|given| given.is_stopped) {
            run.info.flag.set();
        }
        let made = MadeRun {
            key,
            attempt,
            run: run.clone(),
            origin: assigned.origin.clone(),
            is_over: false,
            is_lost: false,
        };
        self.made().insert(run.number, made);
    }

    /// Why a run started that this node executes.
    pub(in crate::session) fn origin_of(&self, number: RunNumber) -> Option<Arc<Extra>> {
        self.made().get(&number)?.origin.clone()
    }

    /// Reports the end of a run that this node executes for the leader.
    pub(crate) fn end(&self, number: RunNumber, end: String) {
        if let Some(made) = self.made().get_mut(&number) {
            made.is_over = true;
        }
        self.send(Message::End(number, end));
    }

    /// The key and the attempt of a run that this node executes.
    pub(super) fn made_job(&self, number: RunNumber) -> Option<(String, u32)> {
        let all = self.made();
        all.get(&number).map(|made| (made.key.clone(), made.attempt))
    }

    /// Forgets a run that this node has executed, after the leader has received its end.
    pub(super) fn forget_made(&self, number: RunNumber) -> Option<Refused> {
        let made = self.made().remove(&number)?;
        self.changed.notify_waiters();
        Some(Refused {
            run: made.run,
            attempt: made.attempt,
        })
    }

    /// The number of runs that this node executes for the leader.
    pub(crate) fn made_count(&self) -> usize {
        self.made().len()
    }

    /// The number of runs that this node executes for the leader and that have not ended.
    pub(super) fn unfinished(&self) -> usize {
        self.made().values().filter(|made| !made.is_over).count()
    }

    /// Compares the runs that this node executes with those that it holds. Ends runs that are told to end.
    /// Returns the runs that the leader has given up, and the jobs that this node does not know.
    pub(super) fn compare(&self, held: Vec<Held>) -> (Vec<Refused>, Vec<Held>) {
        let attempts = held.iter().map(|held| ((&*held.key, held.attempt), held));
        let attempts: HashMap<(&str, u32), &Held> = attempts.collect();
        let mut all = self.made();
        let mut lost = Vec::new();
        for made in all.values_mut().filter(|made| !made.is_over) {
            let found = attempts.get(&(&*made.key, made.attempt));
            if found.is_none_or(|held| held.is_stopped) {
                made.run.info.flag.set();
            }
            if found.is_none() && !std::mem::replace(&mut made.is_lost, true) {
                lost.push(Refused {
                    run: made.run.clone(),
                    attempt: made.attempt,
                });
            }
        }
        self.changed.notify_waiters();
        let known: HashSet<&str> = all.values().map(|made| &*made.key).collect();
        let unknown = held.into_iter().filter(|held| !known.contains(&*held.key));
        (lost, unknown.collect())
    }

    /// Tells the picked runs of this node to end.
    pub(crate) fn stop_made(&self, picked: impl Fn(&Run) -> bool) {
        for made in self.made().values().filter(|made| picked(&made.run)) {
            made.run.info.flag.set();
        }
    }

    /// The runs that this node executes.
    pub(super) fn all_made(&self) -> Vec<Refused> {
        let all = self.made();
        let refused = |made: &MadeRun| Refused {
            run: made.run.clone(),
            attempt: made.attempt,
        };
        all.values().map(refused).collect()
    }

    /// Waits until this node executes no run.
    pub(super) async fn finish(&self) {
        self.until(HashMap::is_empty).await;
    }

    /// Waits until this node executes no run other than those that were told to end.
    pub(super) async fn finish_unstopped(&self) {
        let is_stopped = |made: &MadeRun| made.run.info.flag.is_set();
        self.until(|all| all.values().all(is_stopped)).await;
    }

    /// Waits until a condition is true for the runs that this node executes.
    async fn until(&self, is_so: impl Fn(&HashMap<RunNumber, MadeRun>) -> bool) {
        loop {
            let mut changed = pin!(self.changed.notified());
            changed.as_mut().enable();
            if is_so(&self.made()) {
                return;
            }
            changed.await;
        }
    }
}
