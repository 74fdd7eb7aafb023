//! The facts that a durable run log has to store: all changes made while the app runs.

use std::collections::{BTreeSet, HashMap};
use std::mem;
use std::sync::Arc;

use super::fact_key::FactKey;
use super::overrides::Overrides;
use super::run_queue::RunRequest;
use super::task_option::TaskOption;
use crate::log::{Counted, CountedFact, Fact, History};
use crate::param::Entry;
use crate::time::Timestamp;

/// The value of a parameter that was removed.
pub(crate) const REMOVED: &str = "null";

/// The maximum number of reported texts to remember.
const MOST_LOST: usize = 1000;

/// Facts that wait for the next write, in the order in which they arose.
#[derive(Default)]
pub(crate) struct DurableFacts {
    /// Whether the run log keeps facts.
    is_kept: bool,
    unwritten: Vec<Fact>,
    next_request: u64,
    /// The origins of options of tasks that differ from the code.
    pub(crate) options: Overrides,
    /// The overrides of what the code declares.
    overrides: BTreeSet<FactKey>,
    /// The parameters among them that the code declares as well: once removed, they are to stay removed.
    over_code: BTreeSet<FactKey>,
    /// The counts of the schedules of tasks, as far as they are stored as facts.
    counted: HashMap<Arc<str>, Counted>,
    /// The tasks with a fact about when they were first seen.
    first_seen: BTreeSet<Arc<str>>,
    /// Losses that were already reported.
    lost: BTreeSet<String>,
}

impl DurableFacts {
    pub(crate) fn new(is_kept: bool, next_request: u64) -> Self {
        DurableFacts {
            is_kept,
            next_request,
            ..DurableFacts::default()
        }
    }

    /// Numbers requests after one that exists.
    pub(crate) fn number_after(&mut self, request: u64) {
        self.next_request = self.next_request.max(request + 1);
    }

    /// Numbers requests for a lead. No two leads use the same number, or the removal of one request would be taken for that of
    /// another one, which happens once; later leads use greater ones.
    pub(crate) fn number_for_lead(&mut self, term: u64) {
        const FIRST: u64 = 1 << 62;
        self.next_request = FIRST + (term << 32);
    }

    /// Takes the facts that are to be written.
    pub(crate) fn take(&mut self) -> Vec<Fact> {
        mem::take(&mut self.unwritten)
    }

    /// Records the value of a fact.
    pub(crate) fn set(&mut self, key: &FactKey, value: impl Into<Arc<str>>) {
        self.put(key, Some(value.into()));
    }

    /// Records that a fact no longer holds.
    pub(crate) fn remove(&mut self, key: &FactKey) {
        self.put(key, None);
        self.overrides.remove(key);
    }

    /// Records that a parameter is set, in place of `before`. Without JSON it can't be written.
    pub(crate) fn put_param(&mut self, key: &FactKey, json: Option<Arc<str>>, before: Option<&Entry>) {
        self.note_if_declared(key, before);
        self.put(key, json);
    }

    /// Records that a parameter is removed, which was `before`. A restart brings back what the code declares, so the removal
    /// of that is a fact; of any other parameter nothing is left.
    pub(crate) fn remove_param(&mut self, key: &FactKey, before: Option<&Entry>) {
        self.note_if_declared(key, before);
        if self.over_code.contains(key) {
            self.set(key, REMOVED);
        } else {
            self.remove(key);
        }
    }

    /// Records that a fact of an earlier life of the app sets a parameter, or removes it, in place of `before`.
    pub(crate) fn restore_param(&mut self, key: &FactKey, is_set: bool, before: Option<&Entry>) {
        self.note_if_declared(key, before);
        if is_set || self.over_code.contains(key) {
            self.restore_override(key.clone());
        } else {
            // The code no longer declares what was removed.
            self.remove(key);
        }
    }

    fn note_if_declared(&mut self, key: &FactKey, before: Option<&Entry>) {
        if before.is_some_and(Entry::is_declared) {
            self.over_code.insert(key.clone());
        }
    }

    /// Records the value of a fact; `None` removes it, also where the new value can't be written.
    pub(crate) fn put(&mut self, key: &FactKey, value: Option<Arc<str>>) {
        self.restore_override(key.clone());
        if self.is_kept {
            let key = key.to_string().into();
            self.unwritten.push(Fact { key, value });
        }
    }

    /// Records that a fact of an earlier life of the app overrides the code.
    pub(crate) fn restore_override(&mut self, key: FactKey) {
        if key.is_override() {
            self.overrides.insert(key);
        }
    }

    /// The overrides of what the code declares.
    pub(crate) fn overrides(&self) -> impl Iterator<Item = &FactKey> {
        self.overrides.iter()
    }

    /// The number of the next request.
    pub(crate) fn next_request(&self) -> u64 {
        self.next_request
    }

    /// Records a requested run, if it can be written.
    pub(crate) fn add_request(&mut self, request: &mut RunRequest) {
        if let Some(json) = request.json.take().filter(|_| self.is_kept) {
            let number = self.next_request;
            self.next_request += 1;
            request.number = Some(number);
            self.set(&FactKey::Request(number), json);
        }
    }

    /// Records that a requested run begins, or is not made.
    pub(crate) fn remove_request(&mut self, request: &RunRequest) {
        if let Some(number) = request.number {
            self.remove(&FactKey::Request(number));
        }
    }

    /// Records what the schedule of a task counts when a run has ended, unless the records contain it.
    #[inline]
    pub(crate) fn note_counted(&mut self, task: &Arc<str>, history: &History) {
        if self.is_kept {
            self.keep_counted(task, history);
        }
    }

    fn keep_counted(&mut self, task: &Arc<str>, history: &History) {
        match history.counted_beyond_records() {
            Some(counted) if self.counted.get(task) != Some(&counted) => {
                let fact = CountedFact::now(counted, history.last_action());
                self.set(&FactKey::Counted(task.clone()), fact.to_json());
                self.counted.insert(task.clone(), counted);
            }
            None if self.counted.remove(task).is_some() => self.remove(&FactKey::Counted(task.clone())),
            _ => {}
        }
    }

    /// Records that a fact of an earlier life of the app says what the schedule of a task counts.
    pub(crate) fn restore_counted(&mut self, task: Arc<str>, counted: Counted) {
        self.counted.insert(task, counted);
    }

    /// Records when a task was first seen, unless that is known.
    pub(crate) fn note_first_seen(&mut self, task: &Arc<str>, at: Timestamp) {
        if self.first_seen.insert(task.clone()) {
            self.set(&FactKey::FirstSeen(task.clone()), at.as_micros().to_string());
        }
    }

    /// Records that a fact of an earlier life of the app says when a task was first seen.
    pub(crate) fn restore_first_seen(&mut self, task: Arc<str>) {
        self.first_seen.insert(task);
    }

    /// Records that it no longer matters when a task was first seen.
    #[inline]
    pub(crate) fn forget_first_seen(&mut self, task: &Arc<str>) {
        if !self.first_seen.is_empty() && self.first_seen.remove(task) {
            self.remove(&FactKey::FirstSeen(task.clone()));
        }
    }

    /// Returns true if there is a fact when a task was first seen.
    pub(crate) fn knows_first_seen(&self, task: &Arc<str>) -> bool {
        self.first_seen.contains(task)
    }

    /// Records that a task is gone.
    pub(crate) fn remove_task(&mut self, task: &Arc<str>) {
        for option in TaskOption::ALL {
            self.remove(&FactKey::Option(option, task.clone()));
        }
        let of_task = [
            FactKey::Result,
            FactKey::Deferred,
            FactKey::Crashes,
            FactKey::Counted,
            FactKey::FirstSeen,
            FactKey::CatchUp,
            FactKey::CatchUpPlace,
        ];
        for key in of_task {
            self.remove(&key(task.clone()));
        }
        let first = FactKey::TaskParam(task.clone(), "".into());
        let params = self.overrides.range(first..);
        let params: Vec<FactKey> = params
            .take_while(|key| matches!(key, FactKey::TaskParam(of, _) if of == task))
            .cloned()
            .collect();
        for key in params {
            self.remove(&key);
            self.over_code.remove(&key);
        }
        self.counted.remove(task);
        self.first_seen.remove(task);
    }

    /// Returns true if a loss has not been reported yet. Returns true once per text, as long as there are few
    /// of them.
    pub(crate) fn is_newly_lost(&mut self, what: String) -> bool {
        if self.lost.len() == MOST_LOST {
            self.lost.clear();
        }
        self.lost.insert(what)
    }
}
