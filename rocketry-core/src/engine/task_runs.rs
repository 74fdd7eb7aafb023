//! The past and current runs of a task: state that only a task that has run needs.

use std::ops::{Deref, DerefMut};

use super::last_result::LastResult;
use super::run::Running;
use crate::log::{History, OneOrMany};

/// The runs of a task behind a pointer, which a task gets with its first run: of many tasks, few may have run.
#[derive(Default)]
pub(crate) struct TaskRuns(Option<Box<Runs>>);

/// The runs of a task that has run, or whose past a statement looks back to.
#[derive(Default)]
pub(crate) struct Runs {
    pub(crate) history: History,
    pub(crate) running: OneOrMany<Running>,
    pub(crate) result: LastResult,
}

impl TaskRuns {
    /// The runs, unless there were none so far.
    #[inline]
    pub(crate) fn get(&self) -> Option<&Runs> {
        self.0.as_deref()
    }

    /// The runs to be changed, unless there were none so far.
    pub(crate) fn get_mut(&mut self) -> Option<&mut Runs> {
        self.0.as_deref_mut()
    }
}

impl From<Runs> for TaskRuns {
    fn from(runs: Runs) -> Self {
        TaskRuns(Some(Box::new(runs)))
    }
}

impl Deref for TaskRuns {
    type Target = Runs;

    #[inline]
    fn deref(&self) -> &Runs {
        static NONE: Runs = Runs {
            history: History::NEW,
            running: OneOrMany::None,
            result: LastResult::Missing,
        };
        self.0.as_deref().unwrap_or(&NONE)
    }
}

impl DerefMut for TaskRuns {
    #[inline]
    fn deref_mut(&mut self) -> &mut Runs {
        self.0.get_or_insert_default()
    }
}
