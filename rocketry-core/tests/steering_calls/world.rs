//! An app on manual time, the calls made on it, and their outcomes.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use proptest::prelude::*;
use rocketry_core::testing::TestApp;
use rocketry_core::{
    Action, Config, Event, Events, Execution, OnExists, Params, Query, Queued, Record, Result, Rocketry,
    RunId, Runs, Session, Task, TaskBuilder, Timestamp, Zone,
};

use crate::calls::{Call, Case, Inner};
use crate::laws;
use crate::model::{Line, Model};

const START: &str = "2026-01-01T00:00:00Z";

/// A sort of task: those without a condition are modelled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    start: Option<&'static str>,
    /// How many seconds a run takes.
    length: u64,
    pub(crate) max_running: usize,
    execution: Execution,
    pub(crate) pooled: bool,
}

const fn kind(name: &'static str, start: Option<&'static str>, length: u64, max_running: usize) -> Kind {
    Kind {
        name,
        start,
        length,
        max_running,
        execution: Execution::Async,
        pooled: false,
    }
}

/// How many sorts of tasks have no condition; they come first.
const MODELLED: usize = 3;

/// The pool of the tasks that are pooled has room for one run.
pub(crate) const KINDS: [Kind; 7] = [
    kind("asked", None, 3, 1),
    kind("twofold", None, 5, 2),
    Kind {
        execution: Execution::Thread,
        ..kind("threaded", None, 2, 1)
    },
    kind("often", Some("every 4 seconds"), 3, 1),
    Kind {
        pooled: true,
        ..kind("follower", Some("after task 'asked'"), 2, 1)
    },
    Kind {
        pooled: true,
        ..kind("crowd", Some("every 2 seconds & param 'go' exists"), 1, 3)
    },
    Kind {
        execution: Execution::Main,
        ..kind("inline", Some("every 3 seconds"), 0, 1)
    },
];

/// What the runs have observed, and the calls that they still have to make.
#[derive(Default)]
pub(crate) struct Seen {
    inner: Vec<Inner>,
    /// The numbers of the runs requested with one, in the order in which they began.
    pub(crate) begun: Vec<(u64, String, RunId)>,
    asked: u64,
    /// Runs that were requested by other runs.
    queued: Vec<(u64, Queued)>,
    /// Tasks that were added by runs.
    added: Vec<(String, Kind)>,
}

type Shared = Arc<Mutex<Seen>>;

pub(crate) fn seen(shared: &Shared) -> MutexGuard<'_, Seen> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A current or deleted task.
struct Handle {
    task: Task,
    kind: usize,
    model: Option<Model>,
}

type Waiting = Pin<Box<dyn Future<Output = Result<()>>>>;

pub(crate) struct World {
    app: TestApp,
    shared: Shared,
    handles: Vec<Handle>,
    queued: Vec<(u64, Queued)>,
    runs: Vec<(Vec<String>, Runs)>,
    ends: Vec<Queued>,
    waiting: Vec<Waiting>,
    /// Seconds since the start.
    now: u64,
    /// Until when the app is paused.
    all_paused_until: u64,
    closed: bool,
    /// What the models say does not hold across a restart, whose time depends on tasks that have none.
    restarted: bool,
    /// How many records there were when the app was to end.
    at_close: Option<usize>,
    events: Events,
    /// The records of the log, followed by those reported by events.
    told: Vec<Record>,
}

fn builder(kind: &Kind, shared: &Shared) -> TaskBuilder {
    let (length, kind, shared) = (kind.length, *kind, shared.clone());
    let body = move |session: Session, this: Task, id: RunId, params: Params| {
        let shared = shared.clone();
        async move {
            begin(&shared, &session, &this, id, &params);
            if length > 0 {
                session.clock().sleep(Duration::from_secs(length)).await;
            }
        }
    };
    let mut task = Task::func(kind.name, body)
        .max_running(u32::try_from(kind.max_running).unwrap())
        .execution(kind.execution);
    if let Some(start) = kind.start {
        task = task.start(start);
    }
    if kind.pooled {
        task = task.pool("narrow");
    }
    task
}

fn number(n: u64) -> Params {
    Params::new().with("n", n)
}

/// The first step of a run: notes its request, and makes a call itself.
fn begin(shared: &Shared, session: &Session, this: &Task, id: RunId, params: &Params) {
    let asked = params.get("n").and_then(|entry| entry.plain()?.get::<u64>());
    let inner = {
        let mut seen = seen(shared);
        seen.begun.extend(asked.map(|n| (n, this.name().to_owned(), id)));
        seen.inner.pop()
    };
    if let Some(inner) = inner {
        call_inside(shared, session, inner);
    }
}

fn call_inside(shared: &Shared, session: &Session, inner: Inner) {
    let find = |kind: usize| session.task(KINDS[MODELLED + kind].name);
    match inner {
        Inner::Run(kind) => {
            let Ok(task) = find(kind) else { return };
            // In one go, as another run may do the same on its thread: numbers are in the order of the queue.
            let mut seen = seen(shared);
            seen.asked += 1;
            let n = seen.asked;
            seen.queued.push((n, task.run(number(n))));
        }
        Inner::Disable(kind) => drop(find(kind).map(|task| task.disable())),
        Inner::Enable(kind) => drop(find(kind).map(|task| task.enable())),
        Inner::Terminate(kind) => drop(find(kind).map(|task| task.terminate())),
        Inner::Pause(kind, length) => drop(find(kind).map(|task| pause(&task, session, length))),
        Inner::Resume(kind) => drop(find(kind).map(|task| task.resume())),
        Inner::SkipNext(kind) => drop(find(kind).map(|task| task.skip_next())),
        Inner::SetStart(kind, start) => drop(find(kind).and_then(|task| task.set_start(start))),
        Inner::SetPriority(kind, priority) => drop(find(kind).map(|task| task.set_priority(priority))),
        Inner::SetParam(go) => set_go(session, go),
        Inner::Replace(kind) => {
            let before = find(kind).ok();
            let kind = KINDS[MODELLED + kind];
            // Its statement may mention a task that was deleted.
            let added = session.add_as(builder(&kind, shared), OnExists::Replace);
            // Another run may have deleted the task in between, so that this one is a second with its name.
            let added = added.ok().filter(|added| before.as_ref() != Some(added));
            seen(shared)
                .added
                .extend(added.map(|task| (task.name().to_owned(), kind)));
        }
        Inner::Delete(kind) => drop(find(kind).map(|task| task.delete())),
    }
}

fn pause(task: &Task, session: &Session, seconds: Option<u64>) {
    match seconds {
        None => task.pause(),
        Some(seconds) => task.pause_until(later(session, seconds)),
    }
}

fn later(session: &Session, seconds: u64) -> Timestamp {
    Timestamp::from_micros(session.now().as_micros() + i64::try_from(seconds).unwrap() * 1_000_000)
}

fn next(shared: &Shared) -> u64 {
    let mut seen = seen(shared);
    seen.asked += 1;
    seen.asked
}

fn set_go(session: &Session, go: bool) {
    if go {
        session.set_param("go", true);
    } else {
        session.remove_param("go");
    }
}

impl World {
    pub(crate) fn new(case: &Case) -> Self {
        let shared = Shared::default();
        let config = Config {
            zone: Zone::UTC,
            timeout: None,
            ..Config::default()
        };
        let app = Rocketry::builder().config(config).pool("narrow", 1);
        let app = KINDS
            .iter()
            .fold(app, |app, kind| app.task(builder(kind, &shared)));
        let app = TestApp::start(app, START).expect("the app is sound");
        let handles = (0..KINDS.len()).map(|kind| Handle {
            task: app.session().task(KINDS[kind].name).unwrap(),
            kind,
            model: modelled(kind),
        });
        let handles = handles.collect();
        seen(&shared).inner.clone_from(&case.inner);
        World {
            events: app.session().subscribe(),
            told: records(app.session()),
            handles,
            app,
            shared,
            queued: Vec::new(),
            runs: Vec::new(),
            ends: Vec::new(),
            waiting: Vec::new(),
            now: 0,
            all_paused_until: 0,
            closed: false,
            restarted: false,
            at_close: None,
        }
    }

    pub(crate) fn call(&mut self, call: &Call) {
        let session = self.app.session().clone();
        let count = self.handles.len();
        let pick = |index: &usize| index % count;
        match call {
            Call::Run(index) => {
                let n = next(&self.shared);
                let handle = &mut self.handles[pick(index)];
                self.queued.push((n, handle.task.run(number(n))));
                handle.ask();
            }
            Call::ForceRun(index) => {
                let handle = &mut self.handles[pick(index)];
                self.ends.push(handle.task.force_run());
                handle.ask();
            }
            Call::RunAll(indices) | Call::RunDue(indices) => {
                let names = indices.iter().map(|index| self.handles[pick(index)].task.name());
                let mut names: Vec<String> = names.map(str::to_owned).collect();
                let due = matches!(call, Call::RunDue(_));
                let runs = if due {
                    session.run_due(&*names)
                } else {
                    session.run(&*names)
                };
                let unknown = names.iter().any(|name| session.task(name).is_err());
                let Ok(runs) = runs else {
                    assert!(unknown, "each of {names:?} has a task");
                    return;
                };
                assert!(!unknown, "{names:?}");
                names.sort_unstable();
                names.dedup();
                for handle in self.handles.iter_mut().filter(|_| !due) {
                    if names.iter().any(|name| name == handle.task.name()) && !handle.task.is_deleted() {
                        handle.ask();
                    }
                }
                self.runs.push((names, runs));
            }
            Call::Disable(index) => self.handles[pick(index)].task.disable(),
            Call::Enable(index) => self.handles[pick(index)].task.enable(),
            Call::Terminate(index) => {
                let handle = &mut self.handles[pick(index)];
                handle.task.terminate();
                handle.with(Model::stop);
            }
            Call::Pause(..)
            | Call::Resume(_)
            | Call::SkipNext(_)
            | Call::PauseAll(_)
            | Call::ResumeAll
            | Call::SkipNextOfAll => self.hold_back(call),
            Call::SetStart(index, start) => {
                let handle = &self.handles[pick(index)];
                if handle.model.is_none() {
                    // The task that it mentions may have been deleted.
                    drop(handle.task.set_start(*start));
                }
            }
            Call::SetEnd(index, end) => {
                let handle = &self.handles[pick(index)];
                if handle.model.is_none() {
                    handle.task.set_end(*end).unwrap();
                }
            }
            Call::SetPriority(index, priority) => self.handles[pick(index)].task.set_priority(*priority),
            Call::SetOwnParam(index, value) => {
                self.handles[pick(index)].task.set_param("value", *value);
            }
            Call::SetParam(go) => set_go(&session, *go),
            Call::Add(kind, way) => self.add(kind % KINDS.len(), *way),
            Call::Delete(index) => {
                let handle = &mut self.handles[pick(index)];
                handle.task.delete();
                handle.with(Model::close);
            }
            Call::NextEnd(index) => self.ends.push(self.handles[pick(index)].task.next_end()),
            Call::WaitFor(index, status) => {
                let (task, status) = (self.handles[pick(index)].task.clone(), *status);
                self.waiting
                    .push(Box::pin(async move { task.wait_for(status).await }));
            }
            Call::Settle => self.settle(),
            Call::Pass(seconds) => self.pass(*seconds),
            Call::ShutDown | Call::ShutDownNow => self.shut_down(call),
            Call::Restart | Call::RestartNow => {
                let now = matches!(call, Call::RestartNow);
                let begun = if now {
                    session.restart_now()
                } else {
                    session.restart()
                };
                assert_eq!(begun.is_ok(), !self.closed);
                self.restarted = true;
            }
        }
    }

    /// Pauses, resumes, or skips starts.
    fn hold_back(&mut self, call: &Call) {
        let session = self.app.session().clone();
        let count = self.handles.len();
        let pick = |index: &usize| index % count;
        match call {
            Call::Pause(index, length) => {
                let now = self.now;
                let handle = &mut self.handles[pick(index)];
                pause(&handle.task, &session, *length);
                handle.with(|model| model.pause_until = until(now, *length));
            }
            Call::Resume(index) => {
                let handle = &mut self.handles[pick(index)];
                handle.task.resume();
                handle.with(|model| model.pause_until = 0);
            }
            Call::SkipNext(index) => self.handles[pick(index)].task.skip_next(),
            Call::PauseAll(length) => {
                match length {
                    None => session.pause(),
                    Some(seconds) => session.pause_until(later(&session, *seconds)),
                }
                self.pause_all(until(self.now, *length));
            }
            Call::ResumeAll => {
                session.resume();
                self.pause_all(0);
            }
            Call::SkipNextOfAll => session.skip_next(),
            other => unreachable!("{other:?} holds nothing back"),
        }
    }

    fn pause_all(&mut self, until: u64) {
        self.all_paused_until = until;
        for handle in &mut self.handles {
            handle.with(|model| model.app_pause_until = until);
        }
    }

    fn shut_down(&mut self, call: &Call) {
        let session = self.app.session().clone();
        if matches!(call, Call::ShutDownNow) {
            session.shut_down_now();
            self.handles
                .iter_mut()
                .for_each(|handle| handle.with(Model::stop));
        } else {
            session.shut_down();
        }
        self.handles
            .iter_mut()
            .for_each(|handle| handle.with(Model::close));
        self.at_close.get_or_insert(records(&session).len());
        self.closed = true;
    }

    /// Adds a task of a kind, in the way that is wanted if there is one of its name.
    fn add(&mut self, kind: usize, way: OnExists) {
        let session = self.app.session().clone();
        let before = session.task(KINDS[kind].name).ok();
        let added = session.add_as(builder(&KINDS[kind], &self.shared), way);
        match (before, way) {
            (Some(_), OnExists::Raise) => assert!(added.unwrap_err().is_state()),
            (Some(before), OnExists::Ignore | OnExists::Replace) => {
                // Its statement may mention a task that was deleted.
                assert!(added.map_or(true, |added| added == before));
            }
            (Some(_), OnExists::Rename) | (None, _) => {
                let Ok(task) = added else { return };
                let mut model = modelled(kind);
                let paused = self.all_paused_until;
                if let Some(model) = &mut model {
                    model.app_pause_until = paused;
                }
                if self.closed {
                    model.iter_mut().for_each(Model::close);
                }
                self.handles.push(Handle { task, kind, model });
            }
        }
    }

    /// Takes the records out of the events. None may be missed: each call makes far fewer than a subscriber may be behind.
    fn listen(&mut self) {
        while let Some(event) = self.events.try_next() {
            match event {
                Event::Started(record) | Event::Ended(record) => self.told.push(record),
                Event::Lagged { missed } => panic!("{missed} events are missed"),
                _ => {}
            }
        }
    }

    fn settle(&mut self) {
        self.app.settle();
        self.listen();
        let now = self.now;
        self.handles
            .iter_mut()
            .for_each(|handle| handle.with(|model| model.settle(now)));
        self.handles
            .iter()
            .for_each(|handle| laws::of_holds(&handle.task));
        self.waiting
            .retain_mut(|waiting| ready(waiting.as_mut()).is_none());
    }

    fn pass(&mut self, seconds: u64) {
        self.settle();
        let until = self.now + seconds;
        self.app.run_for(Duration::from_secs(seconds));
        loop {
            let models = self.handles.iter().filter_map(|handle| handle.model.as_ref());
            let next = models.filter_map(Model::next_change).min();
            let Some(next) = next.filter(|next| *next <= until) else {
                break;
            };
            for handle in &mut self.handles {
                handle.with(|model| model.settle(next));
            }
        }
        self.now = until;
        self.settle();
    }

    /// Ends the app, and checks all outcomes against the laws.
    pub(crate) fn end(mut self) -> Result<(), TestCaseError> {
        self.settle();
        if !self.closed {
            self.shut_down(&Call::ShutDown);
        }
        // Longer than any run takes.
        self.pass(60);
        let session = self.app.session().clone();
        self.app.shut_down();
        while let Some(event) = self.events.try_next() {
            if let Event::Started(record) | Event::Ended(record) = event {
                self.told.push(record);
            }
        }
        let log = records(&session);
        prop_assert_eq!(&log, &self.told, "the events do not tell what the log has");
        let kinds = self
            .handles
            .iter()
            .map(|handle| (handle.task.name().to_owned(), KINDS[handle.kind]));
        let mut seen = seen(&self.shared);
        let kinds: Vec<_> = kinds.chain(seen.added.drain(..)).collect();
        laws::of_the_log(&log, &kinds)?;
        let late = &log[self.at_close.unwrap()..];
        let started = late.iter().find(|record| record.action == Action::Run);
        prop_assert_eq!(started, None, "a run began while the app was ending");
        for waiting in &mut self.waiting {
            prop_assert!(ready(waiting.as_mut()).is_some(), "somebody waits for ever");
        }
        let mut asked = std::mem::take(&mut seen.queued);
        asked.append(&mut self.queued);
        laws::of_asked_runs(&log, &seen.begun, asked)?;
        laws::of_waits(&log, self.ends, self.runs)?;
        for handle in &self.handles {
            let same = |other: &&Handle| other.task.name() == handle.task.name();
            let anew = handle.task.is_deleted() || self.handles.iter().filter(same).count() > 1;
            laws::of_a_task(&log, &handle.task, anew)?;
        }
        if self.restarted {
            return Ok(());
        }
        models_agree(&log, &self.handles)
    }
}

/// Whether the tasks without a condition have run exactly as modelled.
fn models_agree(log: &[Record], handles: &[Handle]) -> Result<(), TestCaseError> {
    let mut expected: HashMap<&str, Vec<Line>> = HashMap::new();
    for handle in handles {
        let Some(model) = &handle.model else { continue };
        let lines = expected.entry(handle.task.name()).or_default();
        lines.extend(&model.ended);
    }
    let zero: Timestamp = START.parse().unwrap();
    let seconds = |at: Timestamp| at.since(zero).as_secs();
    for (name, mut expected) in expected {
        let ends = log
            .iter()
            .filter(|record| &*record.task == name && record.action.is_end());
        let line = |record: &Record| Line {
            start: seconds(record.start),
            end: seconds(record.created),
            action: record.action,
        };
        let mut found: Vec<Line> = ends.map(line).collect();
        found.sort_unstable();
        expected.sort_unstable();
        prop_assert_eq!(found, expected, "the runs of `{}`", name);
    }
    Ok(())
}

fn until(now: u64, length: Option<u64>) -> u64 {
    length.map_or(u64::MAX, |length| now + length)
}

fn modelled(kind: usize) -> Option<Model> {
    let Kind {
        length, max_running, ..
    } = KINDS[kind];
    (kind < MODELLED).then(|| Model::new(length, max_running))
}

impl Handle {
    fn with(&mut self, change: impl FnOnce(&mut Model)) {
        self.model.as_mut().map(change);
    }

    fn ask(&mut self) {
        self.with(Model::ask);
    }
}

pub(crate) fn records(session: &Session) -> Vec<Record> {
    session.log(&Query::new()).expect("the log can be read")
}

/// Polls a future once, and returns its output if it is ready.
pub(crate) fn ready<F: Future + ?Sized>(future: Pin<&mut F>) -> Option<F::Output> {
    match future.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}
