//! Conditions: their results, their dependencies, and the time of their next change.
//!
//! A [`Condition`] is created by the user: an expression tree with names of tasks and phrases. A [`Plan`] is the same
//! tree prepared for one app. It answers three questions, each as a pure function of an [`Observation`]: whether the
//! condition is true, what it depends on, and the earliest instant at which it may change by time alone.

mod awaited;
mod cond_word;
mod condition;
mod custom;
mod depends;
mod facts;
pub(crate) mod foreseen;
mod from_fn;
mod observe;
mod occurrence;
pub(crate) mod operand;
mod over;
mod phrases;
mod plan;
mod renewal;
mod started_by;
mod task_ref;
mod windows;
pub mod words;

pub use crate::task_id::TaskId;
pub use cond_word::CondWord;
pub use condition::Condition;
pub(crate) use condition::{Form, both, either, labelled, negated, operators};
pub use custom::{CondCall, CondDef, Custom, Labelled, capture};
pub(crate) use custom::{in_zone, unlabelled};
pub use depends::{Dependencies, Need};
pub use facts::{Facts, Observation, Verdict};
pub use from_fn::{IntoAnswer, IntoCondCall};
pub(crate) use observe::ends;
pub(crate) use occurrence::uses;
pub(crate) use phrases::{KnownCond, Phrases};
pub(crate) use plan::{Node, Who, actions};
pub use plan::{Plan, Resolve};
pub use task_ref::{ByFunction, ByName, ByType, NamedFunction, Subject, TaskRef, TaskRefs, ThisTask};
pub use words::after::AfterTasks;
pub use words::arg::{IntoBound, IntoBounds, IntoDelta, IntoInterval, IntoPeriod};
pub use words::constant::Constant;
pub use words::cron::{Cron, CronFields, CronTime};
pub use words::cycle::Cycle;
pub use words::every::Every;
pub use words::mistake::Mistake;
pub use words::once::{OncePer, OneStartPer};
pub use words::retry::Retry;
pub use words::running::Running;
pub use words::scheduler::{SchedulerCycles, SchedulerRunning};
pub use words::status::{Happened, HappenedIn};
pub use words::time_of::{Time, TimeOf};
pub use words::weekday::Weekday;
