//! The statements that were compiled, so that equal ones are compiled once and shared.

use std::borrow::Borrow;
use std::collections::HashSet;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::spec::Statement;
use crate::cond::Form;

/// The number of statements to keep even if no task has them.
const SPARE: usize = 1024;

/// Compiled statements, found by how they were written.
#[derive(Default)]
pub(super) struct CompiledStatements {
    all: HashSet<CompiledStatement>,
    /// The last that was found: tasks of a group and those made in a loop often share one condition.
    last: Option<Arc<Statement>>,
    /// The number of statements in use when unused ones were last removed.
    in_use: usize,
}

struct CompiledStatement(Arc<Statement>);

impl CompiledStatements {
    pub(super) fn get(&mut self, form: &Form) -> Option<Arc<Statement>> {
        let last = self.last.as_ref();
        if let Some(last) = last.filter(|last| last.condition.form().is_the_same(form)) {
            return Some(last.clone());
        }
        self.last = self.all.get(form).map(|known| known.0.clone());
        self.last.clone()
    }

    /// Adds a statement. Statements that no task uses are removed occasionally.
    pub(super) fn insert(&mut self, statement: Arc<Statement>) {
        if self.all.len() >= 2 * self.in_use + SPARE {
            self.all.retain(|known| Arc::strong_count(&known.0) > 1);
            self.in_use = self.all.len();
        }
        self.all.insert(CompiledStatement(statement));
    }
}

impl Borrow<Form> for CompiledStatement {
    fn borrow(&self) -> &Form {
        self.0.condition.form()
    }
}

impl PartialEq for CompiledStatement {
    fn eq(&self, other: &Self) -> bool {
        Borrow::<Form>::borrow(self) == other.borrow()
    }
}

impl Eq for CompiledStatement {}

impl Hash for CompiledStatement {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.condition.form().hash(state);
    }
}
