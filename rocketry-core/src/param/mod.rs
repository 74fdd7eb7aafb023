//! Parameters: values, their sources, and the arguments of functions.
//!
//! A parameter is resolved when its run is about to start. The parameters of the run (its batch) take
//! precedence over those of the task, followed by the source in the signature and the session parameter with
//! the same name.

mod argument;
mod context;
pub(crate) mod cycles;
mod evaluation;
mod finite;
mod flag;
mod func;
pub(crate) mod graph;
mod identity;
mod json;
pub(crate) mod options;
pub mod probe;
pub mod read;
mod run_id;
mod store;
pub mod transferable;
pub(crate) mod type_check;
mod typed;
mod value;
mod wire;

pub use argument::{Arg, CliArg, EnvArg, FirstOf, Return, SimpleArg};
pub use evaluation::{Argument, Context, Dependency, Entry, Host, Origin, ParamSpec, Params, RunContext};
pub(crate) use flag::RunFlag;
pub use flag::TerminationFlag;
pub use func::{FuncArg, IntoParamFn, ParamFn, Taking};
pub(crate) use identity::Identity;
pub(crate) use json::Unwritable;
pub use run_id::RunId;
pub use typed::{Extract, Param, ParamSet};
pub use value::{Mismatch, Value};
pub(crate) use wire::Wire;
