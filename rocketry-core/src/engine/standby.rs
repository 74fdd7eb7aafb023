//! Standing by: resets a node that does not lead, or no longer leads, to the app as built.

use std::mem;
use std::sync::Arc;

use super::entry::TaskEntry;
use super::event::Event;
use super::fact_key::FactKey;
use super::facts::DurableFacts;
use super::names::Names;
use super::pools::Pools;
use super::spec::Spec;
use super::state::{Phase, State};
use crate::cond::Need;
use crate::config::Restarting;
use crate::param::Params;
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// The app as built, before it had any past.
pub(crate) struct Declared {
    tasks: Vec<(Arc<Spec>, i32, bool)>,
    names: Names,
    params: Params,
    pools: Pools,
    ends_app: Option<TaskId>,
}

impl Declared {
    /// What a state declares that knows no past yet.
    pub(crate) fn of(state: &State) -> Self {
        let tasks = state.tasks.iter();
        Declared {
            tasks: tasks
                .map(|entry| (entry.spec.clone(), entry.priority, entry.disabled))
                .collect(),
            names: state.names.clone(),
            params: state.params.clone(),
            pools: state.pools.clone(),
            ends_app: state.ends_app,
        }
    }

    fn entries(&self, extra: impl Iterator<Item = TaskEntry>) -> Vec<TaskEntry> {
        let tasks = self.tasks.iter();
        let tasks =
            tasks.map(|(spec, priority, disabled)| TaskEntry::shared(spec.clone(), *priority, *disabled));
        tasks.chain(extra).collect()
    }
}

impl State {
    /// Records which node leads. Returns true if that has changed.
    pub(crate) fn note_leader(&mut self, leader: Option<Arc<str>>) -> bool {
        if self.lead.leader == leader {
            return false;
        }
        self.lead.leader.clone_from(&leader);
        self.events.push(|| Event::LeaderChanged { leader });
        true
    }

    /// Notes which call of another node is made with this change.
    pub(crate) fn note_relayed(&mut self, number: u64) {
        let leads = self.phase != Phase::Standby && !self.lead.concedes;
        if leads && number > self.lead.relayed {
            self.lead.relayed = number;
            self.facts.set(&FactKey::Relayed, number.to_string());
        }
    }

    /// Winds up at once, because another node may lead: nothing of what happens here is recorded any more. The app then
    /// stands by, unless it shuts down anyway. Returns whether it has begun to wind up.
    pub(crate) fn concede(&mut self) -> bool {
        if self.phase == Phase::Standby || self.phase == Phase::Over || self.lead.concedes {
            return false;
        }
        self.lead.concedes = true;
        match self.restart {
            None if self.phase >= Phase::Closing => self.close(Phase::Forced),
            way => self.close_for_restart(way.unwrap_or(Restarting::Recall), Phase::Forced),
        }
        true
    }

    /// Resets the app to its state as built, and stands by. Tasks that were added while the app ran are
    /// removed. Returns the history that its statements need.
    pub(crate) fn stand_by(&mut self, declared: &Declared, now: Timestamp) -> Vec<Need> {
        let added = self.tasks.all_ids().skip(declared.tasks.len());
        let gone: Vec<TaskEntry> = added.map(|id| gone(self.task(id))).collect();
        let parts = (
            declared.entries(gone.into_iter()),
            declared.names.clone(),
            declared.params.clone(),
            declared.pools.clone(),
        );
        let next_run = self.next_run;
        let fresh = State::new(parts, &self.settings, now);
        let before = mem::replace(self, fresh);
        self.next_run = next_run.max(self.next_run);
        self.facts = DurableFacts::new(true, self.next_run);
        self.settings = before.settings;
        self.has_new_settings = true;
        self.cycles = before.cycles;
        self.events = before.events;
        self.waiters = before.waiters;
        self.refusals = before.refusals;
        self.only_requested = before.only_requested;
        self.lead.leader = before.lead.leader;
        self.ends_app = declared.ends_app;
        self.phase = before.phase;
        self.enter(Phase::Standby);
        let ids = self.ids();
        let missed = ids.flat_map(|id| self.subscribe(id)).collect();
        for id in self.ids() {
            self.unwatch_if_silent(id);
        }
        missed
    }
}

/// Returns the remainder of a task that the app does not declare. Its id is not reused.
fn gone(entry: &TaskEntry) -> TaskEntry {
    let mut spec = (*entry.spec).clone();
    spec.let_go();
    TaskEntry::gone(Arc::new(spec))
}
