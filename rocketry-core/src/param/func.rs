//! Arguments that are functions.

use std::fmt;
use std::sync::Arc;

use super::argument::{Argument, Dependency};
use super::context::Context;
use super::typed::{ParamSet, ParamSpec};
use super::value::Value;
use crate::error::Result;

/// A function that makes a parameter's value, from parameters of its own: what `#[param]` turns one into.
#[derive(Clone)]
pub struct ParamFn {
    call: Arc<Call>,
    specs: Arc<[ParamSpec]>,
}

type Call = dyn Fn(&Context<'_>) -> Result<Value> + Send + Sync;

impl ParamFn {
    /// A function and what it takes.
    pub fn new<P: ParamSet>(
        params: P,
        function: impl Fn(P::Values) -> Result<Value> + Send + Sync + 'static,
    ) -> Self {
        let specs = params.specs().into();
        let call = move |context: &Context<'_>| function(params.resolve(context)?);
        ParamFn {
            call: Arc::new(call),
            specs,
        }
    }
}

/// A value made by a function: `FuncArg(greeting)`, or a closure without parameters.
#[derive(Clone)]
pub struct FuncArg {
    function: ParamFn,
    name: &'static str,
}

/// A value made by a function without parameters, each time it is asked for: `FuncArg(|| 5)`.
#[allow(non_snake_case, reason = "reads as the type it makes, as in Rocketry")]
pub fn FuncArg<T, F>(function: F) -> FuncArg
where
    T: std::any::Any + Send + Sync,
    F: Fn() -> T + Send + Sync + 'static,
{
    let function = ParamFn::new((), move |()| Ok(Value::new(function())));
    FuncArg {
        function,
        name: std::any::type_name::<F>(),
    }
}

impl FuncArg {
    /// A value made by a function that takes parameters itself.
    pub fn of(name: &'static str, function: ParamFn) -> Self {
        FuncArg { function, name }
    }
}

impl Argument for FuncArg {
    fn value(&self, context: &Context<'_>) -> Result<Value> {
        (self.function.call)(context)
    }

    fn depends(&self) -> Vec<Dependency> {
        self.function.specs.iter().flat_map(ParamSpec::depends).collect()
    }
}

impl fmt::Display for FuncArg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FuncArg({})", self.name)
    }
}
