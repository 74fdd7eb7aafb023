//! Explains a task at an instant in the past, from the run log.

use std::collections::HashMap;
use std::sync::Arc;

use rocketry_syntax::ast::Delta;

use super::clockface::Clockface;
use super::evidence::OpenRun;
use super::explanation::Explanation;
use super::held::HeldBy;
use super::leaf::MOST_RUNS;
use super::node::Node;
use super::outlook::Outlook;
use super::reader::{Known, Reader};
use super::statement::StatementReader;
use crate::cond::{Facts, Observation};
use crate::engine::hold::Hold;
use crate::engine::spec::{Spec, Statement};
use crate::engine::state::State;
use crate::log::{Action, Cause, History, OpenRun as OpenRunOfHistory, Record, StartedBy};
use crate::param::Params;
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// The content of the run log about an instant.
#[derive(Default)]
pub(crate) struct PastTask {
    /// The past of the tasks that the statements mention, up to the instant.
    pub(crate) histories: HashMap<TaskId, History>,
    /// The start of the task at that instant.
    pub(crate) started: Option<Record>,
    /// Descriptions of what the log does not cover.
    pub(crate) gaps: Vec<String>,
    /// Whether the log covers the instant at all.
    pub(crate) is_reached: bool,
}

impl PastTask {
    /// Adds a record of a task up to the instant. Records arrive in order.
    pub(crate) fn note(&mut self, id: TaskId, spec: &Spec, record: &Record) {
        let history = self.histories.entry(id).or_default();
        if record.action != Action::Run {
            return history.record(record);
        }
        let by = match record.cause() {
            Some(Cause::Retry { .. }) => StartedBy::Retry,
            Some(Cause::Request { .. } | Cause::Batch { .. } | Cause::Backfill { .. })
                if spec.start.is_some() =>
            {
                StartedBy::Request
            }
            _ => StartedBy::Schedule,
        };
        // A deferred start counts for the time at which it was due.
        let is_deferred = record.message.is_some() || !spec.rare.jitter.is_zero();
        let counts_for = if is_deferred { record.due } else { record.created };
        history.start(record, by, counts_for);
    }
}

/// Explains a task at an instant in the past.
pub(crate) fn explain_past(
    state: &State,
    id: TaskId,
    (at, now): (Timestamp, Timestamp),
    past: PastTask,
) -> Explanation {
    let spec = &state.task(id).spec;
    let zone = spec.zone;
    let face = Clockface { now: at, zone };
    let facts = PastFacts {
        state,
        histories: &past.histories,
        none: History::default(),
        at,
    };
    let then = Then::read(&facts, id, face);
    let due = then.due().filter(|_| past.is_reached);
    let full = then.full.filter(|_| past.started.is_none());
    let full = full.map(|full| HeldBy::new(full, then.running.clone(), face));
    let outlook = outlook(past.started.as_ref(), due);
    Explanation {
        task: spec.name.clone(),
        at,
        now,
        zone: spec.zone,
        sentence: outlook.sentence(&spec.name, face),
        outlook,
        due,
        starts: past.is_reached.then_some(past.started.is_some()),
        holds: full.into_iter().collect(),
        skips: false,
        start: then.start,
        end: then.end,
        running: then.running,
        queued: 0,
        catch_up: None,
        catching_up: 0,
        gaps: gaps(past),
    }
}

/// The state at the instant.
struct Then {
    start: Option<Node>,
    end: Option<Node>,
    running: Vec<OpenRun>,
    full: Option<Hold>,
}

impl Then {
    fn due(&self) -> Option<bool> {
        self.start.as_ref().map_or(Some(false), |start| start.truth)
    }

    fn read(facts: &PastFacts<'_>, id: TaskId, face: Clockface) -> Self {
        let spec = &facts.state.task(id).spec;
        let read = |statement: &Arc<Statement>| node(facts, id, spec, statement, face);
        let open = facts.history(id).open();
        Then {
            start: spec.start.as_ref().map(read),
            end: spec.rare.end.as_ref().map(read),
            running: listed(open, spec),
            full: full(open, spec),
        }
    }
}

fn listed(open: &[OpenRunOfHistory], spec: &Spec) -> Vec<OpenRun> {
    let run = |run: &OpenRunOfHistory| OpenRun {
        task: spec.name.clone(),
        run_id: run.run_id.clone(),
        start: run.start,
    };
    open.iter().take(MOST_RUNS).map(run).collect()
}

/// The hold if the task had its maximum number of runs.
fn full(open: &[OpenRunOfHistory], spec: &Spec) -> Option<Hold> {
    let limit = spec.max_running as usize;
    let running = open.len();
    (running >= limit).then_some(Hold::Running { running, limit })
}

fn outlook(started: Option<&Record>, due: Option<bool>) -> Outlook {
    match started {
        Some(record) => Outlook::Started {
            run_id: record.run_id.clone(),
            cause: record.cause().cloned().unwrap_or_default(),
        },
        None => Outlook::StartedNone { due },
    }
}

fn gaps(past: PastTask) -> Vec<String> {
    let mut gaps = past.gaps;
    gaps.push("the statements are those of now".to_owned());
    gaps.push(
        "the run log does not tell parameters, answers of conditions, and what else held a run back then"
            .to_owned(),
    );
    gaps
}

fn node(facts: &PastFacts<'_>, id: TaskId, spec: &Spec, statement: &Arc<Statement>, face: Clockface) -> Node {
    let seen = Observation {
        now: facts.at,
        zone: spec.zone,
        owner: id,
        facts,
        answers: &[],
        runs_over: false,
        retries: true,
    };
    let known = Known {
        params: false,
        startup: facts.at >= facts.state.startup(),
        cycles: false,
        answers: false,
    };
    let reader = Reader::new(facts.state, seen, &[], known);
    StatementReader::new(statement, reader).tree(face)
}

/// The app as it was, as far as the run log shows.
struct PastFacts<'a> {
    state: &'a State,
    histories: &'a HashMap<TaskId, History>,
    /// The past of a task without records.
    none: History,
    at: Timestamp,
}

impl Facts for PastFacts<'_> {
    fn history(&self, task: TaskId) -> &History {
        self.histories.get(&task).unwrap_or(&self.none)
    }

    fn startup(&self) -> Timestamp {
        self.state.startup()
    }

    fn cycles(&self) -> u64 {
        self.state.cycles()
    }

    fn params(&self) -> &Params {
        Facts::params(self.state)
    }

    fn poll_interval(&self) -> Delta {
        self.state.poll_interval()
    }

    fn waits_since(&self, task: TaskId) -> Option<Timestamp> {
        self.state.waits_since(task).filter(|since| *since <= self.at)
    }
}
