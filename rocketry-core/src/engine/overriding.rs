//! Changes options of tasks, and resets them to the values in the code.

use std::sync::Arc;

use super::changed_option::Override;
use super::event::Event;
use super::fact_key::FactKey;
use super::option_value::OptionValue;
use super::overrides::{Overridden, OverrideFact};
use super::state::State;
use super::task_option::TaskOption;
use crate::task_id::TaskId;
use crate::time::Timestamp;

impl State {
    /// Changes an option of a task on behalf of someone. `is_readable` says whether the run log can keep the value.
    pub(crate) fn override_option(
        &mut self,
        id: TaskId,
        value: OptionValue,
        is_readable: bool,
        by: Option<Arc<str>>,
        now: Timestamp,
    ) {
        let option = value.option();
        let before = self.task(id).option(option);
        let known = self.facts.options.take(id, option);
        let is_known = known.is_some();
        let declared = known.map_or_else(|| before.clone(), |known| known.declared);
        if !value.is_same(&declared) {
            let replaced = before.text();
            let overridden = Overridden {
                declared,
                replaced,
                by,
                at: now,
            };
            let task = self.task(id).spec.name.clone();
            let json = overridden.to_json(is_readable.then(|| value.json()));
            self.facts
                .put(&FactKey::Option(option, task), json.map(Arc::from));
            self.facts.options.insert(id, overridden);
        } else if is_known {
            self.forget_override(id, option);
        }
        self.put_option(id, value);
    }

    /// Restores an override of an earlier life of the app, unless the code has changed since.
    pub(crate) fn restore_option(
        &mut self,
        id: TaskId,
        value: OptionValue,
        fact: Option<OverrideFact>,
        now: Timestamp,
    ) {
        let option = value.option();
        let declared = self.task(id).option(option);
        if let Some(fact) = &fact
            && !fact.still_holds(&declared)
        {
            return self.supersede(id, value.text(), fact.over(declared, now));
        }
        let overridden = match fact {
            Some(fact) => fact.over(declared, now),
            None => Overridden {
                replaced: declared.text(),
                declared,
                by: None,
                at: now,
            },
        };
        self.facts.options.insert(id, overridden);
        let task = self.task(id).spec.name.clone();
        self.facts.restore_override(FactKey::Option(option, task));
        self.put_option(id, value);
    }

    /// Drops an override, because the code has changed.
    fn supersede(&mut self, id: TaskId, value: Option<String>, overridden: Overridden) {
        self.forget_override(id, overridden.declared.option());
        let view = overridden.view(&self.task(id).spec.name, &overridden.declared);
        self.facts.options.superseded.push(Override { value, ..view });
    }

    /// Returns the values in the code of the options that were changed.
    pub(crate) fn declared_options(&self, id: TaskId) -> Vec<OptionValue> {
        let overridden = self.facts.options.of(id);
        overridden
            .map(|(_, overridden)| overridden.declared.clone())
            .collect()
    }

    /// Resets an option of a task to the value in the code.
    pub(crate) fn reset_option(&mut self, id: TaskId, option: TaskOption) {
        if let Some(Overridden { declared, .. }) = self.facts.options.take(id, option) {
            self.forget_override(id, option);
            self.put_option(id, declared);
        }
    }

    /// The overrides of a task, for people to read.
    pub(crate) fn overrides_of(&self, id: TaskId) -> Vec<Override> {
        let entry = self.task(id);
        let overridden = self.facts.options.of(id);
        overridden
            .map(|(option, overridden)| overridden.view(&entry.spec.name, &entry.option(option)))
            .collect()
    }

    fn forget_override(&mut self, id: TaskId, option: TaskOption) {
        let task = self.task(id).spec.name.clone();
        self.facts.remove(&FactKey::Option(option, task));
    }

    /// Changes an option of a task. A start that was due and not made yet is not made if its condition changes.
    fn put_option(&mut self, id: TaskId, value: OptionValue) {
        match value {
            OptionValue::Start(statement) => {
                self.edit_spec(id, |spec| spec.start = statement);
                self.drop_deferred(id);
            }
            OptionValue::End(statement) => self.edit_spec(id, |spec| spec.rare.end = statement),
            OptionValue::Timeout(timeout) => self.edit_spec(id, |spec| spec.timeout = timeout),
            OptionValue::MaxRunning(count) => self.edit_spec(id, |spec| spec.max_running = count),
            OptionValue::Execution(execution) => {
                self.edit_spec(id, |spec| spec.set_execution(execution));
                // It may wait for room where it no longer runs.
                self.leave_pool_queue(id);
            }
            OptionValue::Priority(priority) => {
                self.set_priority(id, priority);
                let task = self.task(id).spec.name.clone();
                self.events.push(|| Event::TaskChanged { task });
            }
            OptionValue::Disabled(disabled) => self.set_disabled(id, disabled),
        }
    }
}
