//! A task of the app, with all of its state that changes while the app runs.

use std::sync::Arc;

use super::hold::HeldBy;
use super::recent_ends::RecentEnds;
use super::run_queue::RunQueue;
use super::spec::Spec;
use super::task_runs::TaskRuns;
use crate::log::Record;
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// A task of the app.
#[allow(clippy::struct_excessive_bools, reason = "each is an independent flag")]
pub(crate) struct TaskEntry {
    pub(crate) spec: Arc<Spec>,
    pub(crate) priority: i32,
    pub(crate) disabled: bool,
    /// Whether the task was removed from the app. Its id is not reused.
    pub(crate) deleted: bool,
    /// The runs of the task, past and in progress.
    pub(crate) runs: TaskRuns,
    /// Runs that were requested and have not started, oldest first.
    pub(crate) queue: RunQueue,
    /// The tasks whose statements mention this one.
    pub(crate) dependents: Dependents,
    /// Whether the task is in the ready queue.
    pub(crate) dirty: bool,
    /// Whether a run has reached its deadline and has not been told to stop yet.
    pub(crate) overdue: bool,
    /// Whether its timer has fired and `due_since` has not been computed yet.
    pub(crate) timer_fired: bool,
    /// Whether its start condition depends on time and its own past only.
    pub(crate) self_contained: bool,
    /// What kept a run from starting, according to the last decision.
    pub(crate) held: Option<HeldBy>,
    /// Since when the start condition has been true by passing of time, if the scheduler came late to see it; else
    /// [`Timestamp::MAX`].
    pub(crate) due_since: Timestamp,
    /// When time next calls for a decision about the task.
    pub(crate) wake: Timestamp,
    /// The instant of the task's timer, which may be before `wake`.
    pub(crate) timer: Timestamp,
}

/// The tasks whose statements mention a task, and the ends that they may wait for. Few tasks have dependents.
#[derive(Clone, Default)]
pub(crate) struct Dependents(Option<Box<Mentions>>);

#[derive(Clone, Default)]
struct Mentions {
    /// In the order of their ids.
    tasks: Vec<TaskId>,
    /// Those for which starts count, and not only the ends of runs.
    on_start: Vec<TaskId>,
    ends: RecentEnds,
}

impl Dependents {
    pub(crate) fn get(&self, index: usize) -> Option<TaskId> {
        self.0.as_ref()?.tasks.get(index).copied()
    }

    /// The dependents for which starts count.
    pub(crate) fn get_on_start(&self, index: usize) -> Option<TaskId> {
        self.0.as_ref()?.on_start.get(index).copied()
    }

    pub(crate) fn add(&mut self, task: TaskId, on_start: bool) {
        let mentions = self.0.get_or_insert_default();
        insert_sorted(&mut mentions.tasks, task);
        if on_start {
            insert_sorted(&mut mentions.on_start, task);
        }
    }

    /// Records the end of a run for those that may wait for it.
    pub(crate) fn note_end(&mut self, record: &Record) {
        if let Some(mentions) = &mut self.0 {
            mentions.ends.note(record);
        }
    }

    /// Follows a change of the clock by `micros`.
    pub(crate) fn follow_step(&mut self, micros: i64, now: Timestamp) {
        if let Some(mentions) = &mut self.0 {
            mentions.ends.follow_step(micros, now);
        }
    }

    /// Restores the last end of a run.
    pub(crate) fn restore_end(&mut self, record: &Record) {
        self.0.get_or_insert_default().ends.note(record);
    }

    /// The last ends, if any task may wait for them.
    pub(crate) fn ends(&self) -> Option<&RecentEnds> {
        self.0.as_ref().map(|mentions| &mentions.ends)
    }

    /// Returns true if no statement mentions the task.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.as_ref().is_none_or(|mentions| mentions.tasks.is_empty())
    }

    pub(crate) fn remove(&mut self, task: TaskId) {
        if let Some(mentions) = &mut self.0 {
            remove_sorted(&mut mentions.tasks, task);
            remove_sorted(&mut mentions.on_start, task);
        }
        self.0.take_if(|mentions| mentions.tasks.is_empty());
    }
}

/// Inserts a task into a sorted list, once. Tasks subscribe in order at first, so most go to the end.
pub(crate) fn insert_sorted(tasks: &mut Vec<TaskId>, task: TaskId) {
    if let Err(place) = tasks.binary_search(&task) {
        tasks.insert(place, task);
    }
}

/// Removes a task from a sorted list.
pub(crate) fn remove_sorted(tasks: &mut Vec<TaskId>, task: TaskId) {
    if let Ok(place) = tasks.binary_search(&task) {
        tasks.remove(place);
    }
}

impl TaskEntry {
    /// A task that has never run.
    pub(crate) fn new(spec: Spec, priority: i32, disabled: bool) -> Self {
        TaskEntry::shared(Arc::new(spec), priority, disabled)
    }

    /// A task that has never run, with a definition that is shared already.
    pub(super) fn shared(spec: Arc<Spec>, priority: i32, disabled: bool) -> Self {
        TaskEntry {
            self_contained: spec.is_self_contained(),
            spec,
            priority,
            disabled,
            deleted: false,
            queue: RunQueue::default(),
            runs: TaskRuns::default(),
            dependents: Dependents::default(),
            dirty: false,
            overdue: false,
            timer_fired: false,
            held: None,
            due_since: Timestamp::MAX,
            wake: Timestamp::MAX,
            timer: Timestamp::MAX,
        }
    }

    /// Creates the remainder of a deleted task.
    pub(super) fn gone(spec: Arc<Spec>) -> Self {
        let mut gone = TaskEntry::shared(spec, 0, true);
        gone.deleted = true;
        gone
    }

    /// Returns true if nothing remains of the task, not even its name.
    pub(super) fn is_gone(&self) -> bool {
        self.deleted && self.spec.name.is_empty()
    }

    /// Returns true if the task's statements mention anything that it has to be told of or that has to be kept for it.
    pub(crate) fn subscribes(&self) -> bool {
        self.spec
            .statements()
            .any(|statement| !statement.plan.is_simple())
    }

    /// Returns true if a statement of the task has custom conditions, which are called again after each poll interval.
    pub(crate) fn is_polled(&self) -> bool {
        self.spec
            .statements()
            .any(|statement| !statement.plan.customs().is_empty())
    }

    /// Returns true if the task has as many concurrent runs as it may.
    pub(crate) fn is_full(&self) -> bool {
        self.runs.running.len() >= self.spec.max_running as usize
    }
}

#[cfg(test)]
mod tests {
    use super::TaskEntry;
    use crate::engine::spec::Spec;
    use crate::engine::task_runs::Runs;

    /// An app may have a million tasks, and most may never have run.
    #[test]
    fn a_task_is_small() {
        assert!(size_of::<TaskEntry>() <= 72, "{}", size_of::<TaskEntry>());
        assert!(size_of::<Spec>() <= 96, "{}", size_of::<Spec>());
        assert!(size_of::<Runs>() <= 184, "{}", size_of::<Runs>());
    }
}
