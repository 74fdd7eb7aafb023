//! Pauses and resumes tasks, and lets them skip starts.

use super::event::{Event, SkipReason};
use super::fact_key::FactKey;
use super::pause::{Pause, PauseScope};
use super::state::State;
use crate::log::Action;
use crate::task_id::TaskId;
use crate::time::Timestamp;

impl State {
    /// Begins a pause, or changes when one ends. A pause is a fact, so it survives a restart.
    pub(crate) fn pause(&mut self, scope: PauseScope, until: Option<Timestamp>, now: Timestamp) {
        let pause = self.pauses.begin(scope, until, now);
        let key = FactKey::Paused(pause.scope.clone());
        self.facts.set(&key, pause.to_json());
        self.mark_scope(&pause.scope);
        self.events.push(|| Event::Paused(pause));
    }

    /// Ends a pause, if there is one.
    pub(crate) fn resume(&mut self, scope: &PauseScope) {
        if self.pauses.end(scope) {
            self.facts.remove(&FactKey::Paused(scope.clone()));
            self.mark_scope(scope);
            self.events.push(|| Event::Resumed(scope.clone()));
        }
    }

    /// Ends the pauses of a task that have ended by themselves.
    #[inline]
    pub(crate) fn end_pauses(&mut self, id: TaskId, now: Timestamp) {
        if !self.pauses.is_empty() {
            self.end_pauses_of(id, now);
        }
    }

    fn end_pauses_of(&mut self, id: TaskId, now: Timestamp) {
        let pauses = self.pauses.of(&self.task(id).spec);
        let over = pauses.filter(|pause| !pause.lasts(now));
        let over: Vec<PauseScope> = over.map(|pause| pause.scope.clone()).collect();
        for scope in &over {
            self.resume(scope);
        }
    }

    /// Restores a pause of an earlier life of the app, unless it has ended since.
    pub(crate) fn restore_pause(&mut self, pause: Pause, now: Timestamp) {
        if pause.lasts(now) {
            let since = pause.since.min(now);
            self.pauses.put(Pause { since, ..pause });
        } else {
            self.facts.remove(&FactKey::Paused(pause.scope));
        }
    }

    /// The pauses that hold a task back, the widest first. An app that runs only what is requested pauses nothing.
    pub(crate) fn pauses_of(&self, id: TaskId, now: Timestamp) -> impl Iterator<Item = &Pause> {
        let pauses = self.pauses.of(&self.task(id).spec);
        pauses.filter(move |pause| !self.only_requested && pause.lasts(now))
    }

    /// The pause that holds a task back for longest.
    #[inline]
    pub(crate) fn longest_pause(&self, id: TaskId, now: Timestamp) -> Option<&Pause> {
        if self.pauses.is_empty() {
            return None;
        }
        self.pauses_of(id, now).max_by_key(|pause| pause.end())
    }

    /// When the first pause of a task ends: an instant that has passed if there is none, and [`Timestamp::MAX`] if none
    /// ends by itself.
    #[inline]
    pub(crate) fn pause_ends(&self, id: TaskId, now: Timestamp) -> Timestamp {
        if self.pauses.is_empty() {
            return Timestamp::MIN;
        }
        let ends = self.pauses_of(id, now).map(Pause::end);
        ends.min().unwrap_or(Timestamp::MIN)
    }

    /// Lets the next start of a task by its schedule be skipped.
    pub(crate) fn skip_next(&mut self, id: TaskId) {
        if self.skips.next.insert(id) {
            let task = self.task(id).spec.name.clone();
            self.facts.set(&FactKey::SkipNext(task.clone()), "true");
            self.events.push(|| Event::SkipsNext { task });
            self.mark(id);
        }
    }

    /// Lets the next start of a task be made after all, if it was to be skipped.
    pub(crate) fn do_not_skip_next(&mut self, id: TaskId) {
        if self.skips.next.remove(&id) {
            let task = self.task(id).spec.name.clone();
            self.facts.remove(&FactKey::SkipNext(task));
            self.mark(id);
        }
    }

    /// Skips a start that is due. The schedule counts it as a start that was made.
    pub(crate) fn skip_start(&mut self, id: TaskId, now: Timestamp) {
        let due = self.due_at(id, now);
        let counts_for = self.deferred.start(id).map_or(now, |start| start.due);
        self.set_deferral(id, None);
        let entry = &mut self.tasks[id];
        entry.due_since = Timestamp::MAX;
        entry.runs.history.skip(due, now, counts_for);
        if entry.runs.history.open().is_empty() {
            self.facts.note_counted(&entry.spec.name, &entry.runs.history);
        }
        self.do_not_skip_next(id);
        self.skip(id, SkipReason::Asked, &[due]);
        self.mark_with_dependents(id);
    }

    /// Has the schedule of a task continue after an instant for which it was started, if it knows only of starts before.
    pub(crate) fn go_on_after(&mut self, id: TaskId, due: Timestamp) {
        let history = &mut self.tasks[id].runs.history;
        if history.last(Action::Run).is_some_and(|last| last < due) {
            history.skip(due, due, due);
            self.mark_with_dependents(id);
        }
    }

    fn mark_scope(&mut self, scope: &PauseScope) {
        match scope {
            PauseScope::App => self.mark_all(),
            PauseScope::Group(group) => {
                for id in self.tasks_of(group) {
                    self.mark(id);
                }
            }
            PauseScope::Task(task) => {
                if let Some(id) = self.find_exact(task) {
                    self.mark(id);
                }
            }
        }
    }

    /// The tasks of a group, in the order in which they were declared.
    pub(crate) fn tasks_of(&self, group: &str) -> Vec<TaskId> {
        let ids = self.ids();
        ids.filter(|id| {
            let entry = self.task(*id);
            !entry.deleted && entry.spec.rare.group.as_deref() == Some(group)
        })
        .collect()
    }
}
