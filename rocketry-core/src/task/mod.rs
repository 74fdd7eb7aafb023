//! Tasks: their builders, the outcomes of their functions, and their status.

mod allow;
mod attempts;
mod builder;
mod catch_up;
#[cfg(feature = "script")]
mod code;
mod command;
mod first_run;
mod func;
mod handler;
mod jitter;
pub mod kind;
mod on_crash;
mod outcome;
mod overlap;
mod pool_and_lane;
mod returned;
mod status;
mod work;

pub(crate) use builder::Rare as Declared;
pub use builder::{Execution, NewRun, RunIdFn, TaskBuilder};
pub use catch_up::CatchUp;
#[cfg(feature = "script")]
pub use code::CodeLimits;
#[cfg(feature = "script")]
pub(crate) use code::{code, script};
pub(crate) use command::Invocation;
pub use command::{CommandLine, IntoCommand, command};
pub use first_run::FirstRun;
pub use func::{Async, Blocking, IntoHandler, Made, func};
pub use handler::Handler;
pub(crate) use jitter::delay;
pub use on_crash::OnCrash;
pub use outcome::{Inaction, Outcome};
pub use overlap::Overlap;
pub(crate) use pool_and_lane::lane_mistake;
pub use returned::{IntoOutcome, Returned};
pub use status::Status;
pub(crate) use work::guarded;
pub use work::{UserFuture, Work};
