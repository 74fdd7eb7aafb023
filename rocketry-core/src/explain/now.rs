//! Explains a task at the present or at an instant in the future, assuming that everything else stays the
//! same.

use std::sync::Arc;

use super::change::triggers;
use super::clockface::Clockface;
use super::evidence::OpenRun;
use super::explanation::Explanation;
use super::held::HeldBy;
use super::leaf::MOST_RUNS;
use super::node::Node;
use super::outlook::Outlook;
use super::reader::{Known, Reader};
use super::statement::StatementReader;
use crate::cond::Observation;
use crate::engine::decide::{Decision, Start};
use crate::engine::hold::Hold;
use crate::engine::holds_at::holds_at;
use crate::engine::next_start::next_start;
use crate::engine::run::Running;
use crate::engine::spec::Statement;
use crate::engine::standing::{Answers, decide_about, is_finished};
use crate::engine::state::{Phase, State};
use crate::engine::statement_inputs::{seen_by_end, seen_by_start};
use crate::log::Cause;
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// Explains a task at an instant that is not in the past.
pub(crate) fn explain(state: &State, id: TaskId, at: Timestamp, now: Timestamp) -> Explanation {
    Scene::new(state, id, at).explain(now)
}

/// A task at an instant.
struct Scene<'a> {
    state: &'a State,
    id: TaskId,
    at: Timestamp,
    face: Clockface,
    decision: Decision,
    start: Option<StatementReader<'a>>,
    end: Option<StatementReader<'a>>,
    /// The tree of the start condition.
    tree: Option<Node>,
}

impl<'a> Scene<'a> {
    fn new(state: &'a State, id: TaskId, at: Timestamp) -> Self {
        let spec = &state.task(id).spec;
        let face = Clockface {
            now: at,
            zone: spec.zone,
        };
        let reader = |statement: Option<&'a Arc<Statement>>, seen: Observation<'a>| {
            let statement = statement?;
            let asked = state.asked.of(id, statement);
            Some(StatementReader::new(
                statement,
                Reader::new(state, seen, asked, Known::ALL),
            ))
        };
        let start = reader(spec.start.as_ref(), seen_by_start(state, id, at));
        let end = reader(spec.rare.end.as_ref(), seen_by_end(state, id, at));
        let answers = |reader: &Option<StatementReader<'_>>| {
            let reader = reader.as_ref();
            reader.map_or_else(Vec::new, StatementReader::answers)
        };
        let answers = Answers {
            start: answers(&start),
            end: answers(&end),
            name: None,
        };
        Scene {
            state,
            id,
            at,
            face,
            decision: decide_about(state, id, at, &answers),
            tree: start.as_ref().map(|start| start.tree(face)),
            start,
            end,
        }
    }

    fn explain(self, now: Timestamp) -> Explanation {
        let entry = self.state.task(self.id);
        let (due, holds) = (self.due(), self.holds());
        let outlook = self.outlook(due, &holds);
        Explanation {
            task: entry.spec.name.clone(),
            at: self.at,
            now,
            zone: entry.spec.zone,
            sentence: self.sentence(&outlook),
            outlook,
            due,
            starts: match self.decision.start {
                Start::Due | Start::Requested | Start::CatchUp | Start::Backfill => Some(true),
                Start::Unknown => None,
                _ => Some(false),
            },
            holds,
            skips: self.decision.start == Start::Skip,
            end: self.end.map(|end| end.tree(self.face)),
            running: listed(entry.runs.running.iter()),
            queued: entry.queue.len(),
            catch_up: entry.spec.catch_up(),
            catching_up: self.state.catch_ups.left(self.id),
            gaps: Vec::new(),
            start: self.tree,
        }
    }

    /// The sentence at the top. For an app that is not running, it describes what happens once the app runs.
    fn sentence(&self, outlook: &Outlook) -> String {
        let sentence = outlook.sentence(&self.state.task(self.id).spec.name, self.face);
        if self.runs() {
            sentence
        } else {
            format!("the app does not run; once it does, {sentence}")
        }
    }

    /// Returns true if the app is running.
    fn runs(&self) -> bool {
        self.state.is_started || self.state.phase != Phase::Starting
    }

    /// Returns whether a run is due or requested.
    fn due(&self) -> Option<bool> {
        if self.is_requested() || self.makes_up() || self.state.deferred.start(self.id).is_some() {
            return Some(true);
        }
        self.tree.as_ref().map_or(Some(false), |start| start.truth)
    }

    fn is_requested(&self) -> bool {
        let first = self.state.task(self.id).queue.front();
        first.is_some_and(|request| !request.if_due)
    }

    /// Returns true if a run starts for an instant in the past.
    fn makes_up(&self) -> bool {
        matches!(self.decision.start, Start::CatchUp | Start::Backfill)
    }

    /// What holds a run back.
    fn holds(&self) -> Vec<HeldBy> {
        let due = self.due() == Some(true);
        let holds = holds_at(self.state, self.id, self.at, self.decision.start);
        let tells = holds.into_iter().filter(|hold| match hold {
            Hold::FirstRun { .. } | Hold::Finished => !due,
            Hold::Disabled | Hold::OnlyRequested => !self.is_requested() && !self.makes_up(),
            _ => true,
        });
        let explained = tells.map(|hold| {
            let runs = self.runs_in_the_way(&hold);
            HeldBy::new(hold, runs, self.face)
        });
        explained.collect()
    }

    fn runs_in_the_way(&self, hold: &Hold) -> Vec<OpenRun> {
        match hold {
            Hold::Running { .. } | Hold::Overlap => listed(self.state.task(self.id).runs.running.iter()),
            Hold::Pool { pool, used, .. } => match self.state.pools.find(pool) {
                Ok(pool) => {
                    let tasks = self.state.tasks.iter();
                    let all = tasks.flat_map(|task| task.runs.running.iter());
                    let within = all.filter(|running| running.run.spec.pools().contains(&pool));
                    listed(within.take(*used))
                }
                Err(_) => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    fn outlook(&self, due: Option<bool>, holds: &[HeldBy]) -> Outlook {
        let requested = self.is_requested();
        match self.decision.start {
            Start::Due | Start::Requested => return Outlook::Starts { requested },
            Start::CatchUp | Start::Backfill => return self.made_up_for(),
            Start::Unknown => return self.asks_now(),
            Start::Skip => return Outlook::Skips,
            _ => {}
        }
        let weightiest = holds.iter().find(|held| {
            !matches!(
                held.hold,
                Hold::NotRunning | Hold::FirstRun { .. } | Hold::Finished
            )
        });
        match weightiest {
            None if due == Some(true) && !self.runs() => Outlook::Starts { requested },
            Some(held) if due == Some(true) => Outlook::Waits {
                due: self.due_since().filter(|_| !requested),
                requested,
                hold: held.text.clone(),
            },
            Some(held) if held.until.is_none() && !matches!(held.hold, Hold::Running { .. }) => {
                Outlook::Held {
                    hold: held.text.clone(),
                }
            }
            _ => self.later(),
        }
    }

    /// The past instant for which a run starts.
    fn made_up_for(&self) -> Outlook {
        let caught_up = self
            .state
            .catch_ups
            .next(self.id)
            .map(|due| (due, Cause::CatchUp));
        let next = caught_up.or_else(|| self.state.backfills.next(self.id));
        match next {
            Some((due, cause)) => Outlook::MakesUp { due, cause },
            None => self.later(),
        }
    }

    fn asks_now(&self) -> Outlook {
        let start = self.start.as_ref();
        Outlook::Asks {
            conditions: start.map_or_else(Vec::new, |start| start.asks(self.at)),
        }
    }

    fn due_since(&self) -> Option<Timestamp> {
        let entry = self.state.task(self.id);
        let waiting = self
            .state
            .pools
            .wait_of(self.id)
            .map(|waiting| waiting.position.1);
        let late = Some(entry.due_since).filter(|since| *since < Timestamp::MAX);
        let deferred = self.state.deferred.start(self.id).map(|start| start.due);
        let stated = self.tree.as_ref().and_then(|start| start.since);
        deferred.or(waiting).or(late).or(stated)
    }

    /// When, or after which event, the next run starts if nothing is due.
    fn later(&self) -> Outlook {
        let entry = self.state.task(self.id);
        let Some(start) = &self.start else {
            return Outlook::NoStatement;
        };
        if is_finished(self.state, self.id, self.at) {
            return Outlook::Finished;
        }
        let running = entry.is_full();
        let Some(at) = next_start(self.state, self.id, self.at) else {
            let triggers = self.tree.as_ref().map_or_else(Vec::new, triggers);
            return Outlook::StartsOn { triggers, running };
        };
        // Jitter delays the start, not the change of the statement.
        let turn = if entry.spec.rare.jitter.is_zero() {
            at
        } else {
            start.flips_at().unwrap_or(at)
        };
        Outlook::StartsAt {
            at,
            turns: start.turns(turn),
            asks: start.asks(turn),
            running,
            after_skip: self.state.skips.next.contains(&self.id),
        }
    }
}

fn listed<'a>(runs: impl Iterator<Item = &'a Running>) -> Vec<OpenRun> {
    let open = |running: &Running| OpenRun {
        task: running.run.info.task.clone(),
        run_id: running.run.info.run_id.clone(),
        start: running.run.start,
    };
    runs.take(MOST_RUNS).map(open).collect()
}
