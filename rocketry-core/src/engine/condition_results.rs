//! The last results of custom conditions, kept for handles and explanations.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::spec::Statement;
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// A result of a custom condition.
#[derive(Clone, Debug)]
pub(crate) struct ConditionResult {
    /// The result; a call that failed counts as false.
    pub(crate) answer: bool,
    /// When the condition was evaluated.
    pub(crate) at: Timestamp,
    /// Since when the results have been the same.
    pub(crate) since: Timestamp,
    /// The duration of the call.
    pub(crate) took: Duration,
    /// Why the call failed, if it did.
    pub(crate) error: Option<Arc<str>>,
}

/// The last results of the custom conditions of all tasks. Few tasks have any.
#[derive(Default)]
pub(crate) struct ConditionResults(HashMap<TaskId, Vec<StatementResults>>);

/// The last results of the custom conditions of a statement.
struct StatementResults {
    statement: Arc<Statement>,
    answers: Box<[Option<ConditionResult>]>,
}

impl ConditionResults {
    /// Stores results, each with the position of the custom condition in its statement.
    pub(crate) fn note(
        &mut self,
        id: TaskId,
        statement: &Arc<Statement>,
        answers: Vec<(usize, ConditionResult)>,
    ) {
        let all = self.0.entry(id).or_default();
        let known = all
            .iter()
            .position(|known| Arc::ptr_eq(&known.statement, statement));
        let known = known.unwrap_or_else(|| {
            all.push(StatementResults {
                statement: statement.clone(),
                answers: vec![None; statement.plan.customs().len()].into(),
            });
            all.len() - 1
        });
        for (place, asked) in answers {
            let last = &mut all[known].answers[place];
            let same = last.as_ref().filter(|last| last.answer == asked.answer);
            let since = same.map_or(asked.since, |last| last.since);
            *last = Some(ConditionResult { since, ..asked });
        }
    }

    /// Returns the last results of the custom conditions of a statement. Empty if none was evaluated.
    pub(crate) fn of(&self, id: TaskId, statement: &Arc<Statement>) -> &[Option<ConditionResult>] {
        let all = self.0.get(&id).into_iter().flatten();
        let mut known = all.filter(|known| Arc::ptr_eq(&known.statement, statement));
        known.next().map_or(&[], |known| &known.answers)
    }

    /// Returns the error of the last evaluation of a task's custom conditions, if any of them failed.
    pub(crate) fn error(&self, id: TaskId) -> Option<Arc<str>> {
        let all = self
            .0
            .get(&id)?
            .iter()
            .flat_map(|known| known.answers.iter().flatten());
        let last = all.clone().map(|asked| asked.at).max()?;
        let mut failed = all
            .filter(|asked| asked.at == last)
            .filter_map(|asked| asked.error.clone());
        failed.next_back()
    }

    /// Removes the results of a task that was deleted or whose statements have changed.
    pub(crate) fn forget(&mut self, id: TaskId) {
        self.0.remove(&id);
    }
}
