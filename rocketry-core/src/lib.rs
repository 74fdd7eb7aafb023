//! The runtime of Rocketry: periods, conditions, tasks and the scheduler.
//!
//! Use the crate `rocketry`, which adds the macros. The modules stand in reading order; each uses only those
//! before it.

mod error;
pub mod time;
mod clock;
pub mod param;
pub mod log;
pub mod cond;
mod task;
mod session;
mod exec;
mod scheduler;
mod registry;
mod group;
mod app;
pub mod testing;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use app::{App, Rocketry};
pub use clock::Clock;
pub use cond::words as conds;
pub use cond::{CondWord, Condition};
pub use error::{Error, Location, Problem, Result};
pub use group::Group;
pub use log::{Action, MemoryLog, Query, Record, RunLog};
pub use param::{Params, RunId, TerminationFlag, Value};
pub use registry::TaskType;
pub use session::{Config, Due, Now, Session, Task};
pub use task::{Execution, Inaction, NewRun, Outcome, Returned, Status, TaskBuilder};
pub use time::{Timestamp, Zone};
