//! Tasks whose code is read at run time: from a text, or from a file that is read again for each run.

mod builder;
mod engine;
mod json;
mod mistake;
mod program;

use std::path::PathBuf;
use std::sync::Arc;

use super::outcome::Outcome;
use super::work::Work;
use crate::error::{Location, Result};
use crate::param::{Context, ParamSpec};
pub(crate) use builder::{code, script};
pub use engine::CodeLimits;
use program::Program;

/// The code of a task from [`Task::code`](crate::Task::code) or [`Task::script`](crate::Task::script).
#[derive(Clone)]
pub(crate) struct Code {
    source: Source,
    limits: CodeLimits,
    location: Location,
}

#[derive(Clone)]
enum Source {
    /// Parsed once. Errors prevent the app from being built.
    Text(Option<Arc<Program>>),
    /// Read again for each run.
    File { path: PathBuf, function: Option<String> },
}

impl Code {
    /// Returns the parameters, as far as they are known before a run.
    pub(super) fn specs(&self) -> Vec<ParamSpec> {
        match &self.source {
            Source::Text(Some(program)) => program.specs(),
            Source::Text(None) | Source::File { .. } => Vec::new(),
        }
    }

    /// Returns whether the code, and so its parameters, may change between runs.
    pub(super) fn is_read_at_each_run(&self) -> bool {
        matches!(self.source, Source::File { .. })
    }

    /// Returns the parameters of a run that starts now; none if the code can't be read.
    #[cfg(unix)]
    pub(super) fn specs_of_run(&self) -> Vec<ParamSpec> {
        self.program()
            .map_or_else(|_| Vec::new(), |program| program.specs())
    }

    /// Resolves the parameters for a run.
    ///
    /// # Errors
    ///
    /// Returns an error that names the first parameter that is not available or that a script can't represent. An
    /// error in the code itself becomes the outcome of the run.
    pub(super) fn prepare(&self, context: &Context<'_>) -> Result<Work> {
        let program = match self.program() {
            Ok(program) => program,
            Err(message) => return Ok(Work::Blocking(Box::new(|| Outcome::Fail(message.into())))),
        };
        let values = program.resolve(context)?;
        let flag = context.run().map(|run| run.flag().clone()).unwrap_or_default();
        let limits = self.limits;
        Ok(Work::Blocking(Box::new(move || {
            program.run(values, flag, limits)
        })))
    }

    fn program(&self) -> Result<Arc<Program>, String> {
        match &self.source {
            Source::Text(program) => program.clone().ok_or_else(|| "the code can't be read".to_owned()),
            Source::File { path, function } => {
                let program = Program::read(path, function.as_deref(), self.location)?;
                Ok(Arc::new(program))
            }
        }
    }
}
