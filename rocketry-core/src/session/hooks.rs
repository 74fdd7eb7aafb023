//! Functions that are called at turns in the life of an app.

use std::fmt;
use std::sync::Arc;

use crate::error::{Error, Kind, Location, Result};
use crate::param::{Context, ParamSet, ParamSpec, Value};
use crate::task::{Outcome, guarded};

/// When a hook is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HookKind {
    /// Before anything runs. What it returns is kept until the app has ended.
    Setup,
    /// When the start-up tasks have ended, before the first task starts by its statement.
    Startup,
    /// When the last run has ended.
    Shutdown,
    /// Before every cycle of the scheduler.
    Cycle,
    /// Before every run, on the scheduler.
    TaskExecute,
}

/// A function of a hook, with its parameters.
#[derive(Clone)]
pub struct HookFn {
    call: Arc<Call>,
    specs: Arc<[ParamSpec]>,
}

type Call = dyn Fn(&Context<'_>) -> Result<Outcome> + Send + Sync;

/// A hook of an app.
#[derive(Clone)]
pub(crate) struct Hook {
    pub(crate) kind: HookKind,
    pub(crate) name: &'static str,
    pub(crate) location: Location,
    pub(crate) function: HookFn,
}

impl HookFn {
    /// A function and what it takes.
    pub fn new<P: ParamSet>(
        params: P,
        function: impl Fn(P::Values) -> Outcome + Send + Sync + 'static,
    ) -> Self {
        let specs = params.specs().into();
        let call = move |context: &Context<'_>| Ok(function(params.resolve(context)?));
        HookFn {
            call: Arc::new(call),
            specs,
        }
    }

    pub(crate) fn specs(&self) -> &[ParamSpec] {
        &self.specs
    }
}

impl Hook {
    /// Calls the hook; gives back what it returned.
    pub(crate) fn call(&self, context: &Context<'_>) -> Result<Value> {
        let call = || match (self.function.call)(context) {
            Ok(outcome) => outcome,
            Err(error) => Outcome::Fail(error.to_string().into()),
        };
        guarded(call).into_value().map_err(|message| {
            Error::at(
                Kind::State,
                format!("hook `{}`: {message}", self.name),
                Some(self.location),
            )
        })
    }
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hook({:?}, {})", self.kind, self.name)
    }
}

/// The hooks of an app, by kind.
#[derive(Debug, Default)]
pub(crate) struct Hooks(Vec<Hook>);

impl Hooks {
    pub(crate) fn new(hooks: Vec<Hook>) -> Self {
        Hooks(hooks)
    }

    /// The hooks of a kind, in the order of their declaration.
    pub(crate) fn of(&self, kind: HookKind) -> impl Iterator<Item = &Hook> {
        self.0.iter().filter(move |hook| hook.kind == kind)
    }
}
