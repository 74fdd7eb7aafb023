//! Arguments that are functions.

use std::any::{Any, type_name};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::argument::rows;
use super::evaluation::{Argument, Context, Dependency, Origin, ParamSpec};
use super::typed::{Extract, Param, ParamSet};
use super::value::Value;
use crate::drops::Foreign;
use crate::error::{Location, Result};

/// A function that supplies the value of a parameter, with parameters of its own. `#[param]` creates one from
/// a function.
#[derive(Clone)]
pub struct ParamFn {
    call: Foreign<Arc<Call>>,
    specs: Arc<[ParamSpec]>,
}

type Call = dyn Fn(&Context<'_>) -> Result<Value> + Send + Sync;

impl ParamFn {
    /// Creates a parameter function from a function and its parameters.
    pub fn new<P: ParamSet>(
        params: P,
        function: impl Fn(P::Values) -> Result<Value> + Send + Sync + 'static,
    ) -> Self {
        let specs = params.specs();
        ParamFn::taking(&specs, move |context| function(params.resolve(context)?))
    }

    /// Creates a parameter function that resolves its parameters itself.
    pub(crate) fn taking(
        specs: &[ParamSpec],
        call: impl Fn(&Context<'_>) -> Result<Value> + Send + Sync + 'static,
    ) -> Self {
        ParamFn {
            call: Foreign::new(Arc::new(call)),
            specs: specs.into(),
        }
    }
}

/// The argument for a value that is supplied by a function: `FuncArg(greeting)`, or a closure without
/// parameters.
#[derive(Clone)]
pub struct FuncArg {
    function: ParamFn,
    name: &'static str,
}

/// Creates an argument whose function is called each time the value is needed: `FuncArg(|| 5)`. The parameters of the
/// function are extractors, as in `FuncArg(|now: Now| now.year())`. For other parameters use [`func!`](crate::func)
/// or `#[param]`.
#[allow(non_snake_case, reason = "reads as the type it makes, as in Rocketry")]
#[track_caller]
pub fn FuncArg<Marker, F: IntoParamFn<Marker>>(function: F) -> FuncArg {
    let function = function.into_param_fn(Location::caller());
    FuncArg {
        function,
        name: type_name::<F>(),
    }
}

/// A function or closure that can supply a value. Its parameters are extractors.
///
/// `Marker` only distinguishes signatures for the compiler.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't make a parameter's value",
    note = "`func!(|count: u32| …)` takes session parameters by their names; without `func!`, all parameters are extractors such as `Session` or `Now`",
    note = "the function returns a value that can be shared between threads"
)]
pub trait IntoParamFn<Marker> {
    /// Converts the function into a parameter function.
    fn into_param_fn(self, location: Location) -> ParamFn;
}

/// Marks a signature.
pub struct Taking<T>(PhantomData<T>);

macro_rules! signatures {
    ($($name:ident)*) => {
        impl<Func, Ret, $($name),*> IntoParamFn<Taking<(Ret, $($name,)*)>> for Func
        where
            Func: Fn($($name),*) -> Ret + Send + Sync + 'static,
            Ret: Any + Send + Sync,
            $($name: Extract + 'static),*
        {
            #[allow(non_snake_case, reason = "one name for the type and its value")]
            fn into_param_fn(self, location: Location) -> ParamFn {
                let _ = location;
                let params = ($(Param::<$name>::extractor(stringify!($name), location),)*);
                ParamFn::new(params, move |($($name,)*)| Ok(Value::new(self($($name),*))))
            }
        }
    };
}

signatures!();
signatures!(A);
signatures!(A B);
signatures!(A B C);

impl FuncArg {
    /// Creates an argument from a function with parameters of its own.
    pub fn of(name: &'static str, function: ParamFn) -> Self {
        FuncArg { function, name }
    }
}

impl Argument for FuncArg {
    fn value(&self, context: &Context<'_>) -> Result<Value> {
        (self.function.call)(context)
    }

    fn depends(&self) -> Vec<Dependency> {
        let taken = self.function.specs.iter().filter(|spec| !spec.brings_itself());
        taken
            .map(|spec| Dependency::Own {
                name: (*spec.name).into(),
                otherwise: spec.depends(),
            })
            .collect()
    }

    fn origins(&self) -> Vec<Origin<'_>> {
        vec![Origin::Function(&self.function.specs)]
    }
}

impl fmt::Display for FuncArg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FuncArg({})", self.name)
    }
}

rows!(FuncArg);
