//! Builder methods for code.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use super::engine::CodeLimits;
use super::program::Program;
use super::{Code, Source};
use crate::error::Location;
use crate::task::TaskBuilder;
use crate::task::handler::Handler;

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

    /// Selects the function of a script to call. Its parameters are the task parameters with the same names;
    /// its return value is the result.
    ///
    /// Statements outside of functions run first. A task without a name is called `path:function`.
    pub fn function(mut self, name: impl Into<String>) -> Self {
        let script = self.handler.as_mut().and_then(Handler::as_code_mut);
        let Some(Source::File { path, function }) = script.map(|code| &mut code.source) else {
            self.problem(format!("`function` of task `{}`: it is not a script", self.name));
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
