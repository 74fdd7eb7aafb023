//! Parameters: values, where they come from, and how a function's signature is filled.
//!
//! A parameter is resolved late, when its run is about to start: the run's own parameters (its batch) come
//! first, then the task's, then what the signature says, then the session's parameter of the same name.

mod argument;
pub(crate) mod circles;
mod context;
pub mod crossing;
mod finite;
pub(crate) mod fit;
mod flag;
mod func;
pub(crate) mod graph;
mod identity;
mod json;
pub mod probe;
pub mod read;
mod store;
mod typed;
mod value;
mod wire;

pub use argument::{Arg, Argument, CliArg, Dependency, EnvArg, FirstOf, Origin, Return, SimpleArg};
pub use context::{Context, Host, RunContext, RunId};
pub(crate) use flag::RunFlag;
pub use flag::TerminationFlag;
pub use func::{FuncArg, IntoParamFn, ParamFn, Taking};
pub(crate) use identity::Identity;
pub(crate) use json::Unwritable;
pub use store::{Entry, Params};
pub use typed::{Extract, Param, ParamSet, ParamSpec};
pub use value::{Mismatch, Value};
pub(crate) use wire::Wire;
