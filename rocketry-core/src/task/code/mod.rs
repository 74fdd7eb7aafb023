//! Tasks whose code is read at run time: from a text, or from a file that is read again for each run.

mod engine;
mod json;
mod mistake;
mod program;

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::builder::TaskBuilder;
use super::handler::{Handler, Work};
use super::outcome::Outcome;
use crate::error::{Location, Result};
use crate::param::{Context, ParamSpec};
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

/// Creates a task from code.
#[track_caller]
pub(crate) fn code(name: impl Into<Cow<'static, str>>, source: &str) -> TaskBuilder {
    let location = Location::caller();
    let mut task = TaskBuilder::new(name, location);
    let program = Program::of(source, location).map(Arc::new);
    let program = program.map_err(|mistake| task.problem(format!("code of task `{}`: {mistake}", task.name)));
    task.with_code(Source::Text(program.ok()))
}

/// Creates a task from a file with code.
#[track_caller]
pub(crate) fn script(path: &Path) -> TaskBuilder {
    let task = TaskBuilder::new(path.to_string_lossy().into_owned(), Location::caller());
    let path = path.to_owned();
    task.with_code(Source::File { path, function: None })
}

impl TaskBuilder {
    fn with_code(self, source: Source) -> Self {
        let limits = CodeLimits::default();
        let location = self.location;
        self.handler(Handler::code(Code {
            source,
            limits,
            location,
        }))
    }

    /// Calls a function of a script. Its parameters get the values of the task parameters with the same names; its
    /// return value is the result.
    ///
    /// Statements outside of functions run first. A task without a name is called `path:function`.
    pub fn function(mut self, name: impl Into<String>) -> Self {
        let script = self.handler.as_mut().and_then(Handler::as_code_mut);
        let Some(Source::File { path, function }) = script.map(|code| &mut code.source) else {
            self.problem(format!("`function` of task `{}`: it is no script", self.name));
            return self;
        };
        let name = name.into();
        if path.to_string_lossy() == self.name {
            self.name = format!("{}:{name}", self.name).into();
        }
        *function = Some(name);
        self
    }

    /// Sets the limits for the code of a task.
    pub fn code_limits(mut self, limits: CodeLimits) -> Self {
        match self.handler.as_mut().and_then(Handler::as_code_mut) {
            Some(code) => code.limits = limits,
            None => self.problem(format!("`code_limits` of task `{}`: it has no code", self.name)),
        }
        self
    }
}
