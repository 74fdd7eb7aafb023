//! Arguments that are parts of the running app.

use std::fmt;
use std::ops::Shr;
use std::sync::Arc;

use crate::error::Result;
use crate::param::{Argument, Context, Dependency, FirstOf, Value};

/// The argument for another task, as a parameter of type [`Task`](struct@crate::session::Task).
/// [`Task("fetch")`](Task()) creates it.
#[derive(Clone)]
pub struct TaskArg {
    name: Arc<str>,
}

/// Creates the argument for another task, for a parameter of type [`Task`](struct@crate::session::Task):
/// `#[arg(Task("fetch"))]`, or `#[arg(Task(fetch))]` with the function.
///
/// ```
/// use rocketry::{Session, Task, TaskBuilder};
///
/// let later = |task: TaskBuilder| task.argument("other", Task("reports::fetch"));
/// ```
#[allow(non_snake_case, reason = "reads as the type it makes, as in Rocketry")]
pub fn Task(name: impl Into<Arc<str>>) -> TaskArg {
    TaskArg { name: name.into() }
}

impl Argument for TaskArg {
    fn value(&self, context: &Context<'_>) -> Result<Value> {
        Ok(Value::new(context.session()?.task(&*self.name)?))
    }

    fn depends(&self) -> Vec<Dependency> {
        vec![Dependency::Task(self.name.clone())]
    }
}

impl fmt::Display for TaskArg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Task({:?})", self.name)
    }
}

impl<Rhs: Argument> Shr<Rhs> for TaskArg {
    type Output = FirstOf;

    fn shr(self, rhs: Rhs) -> FirstOf {
        FirstOf::new(self) >> rhs
    }
}
