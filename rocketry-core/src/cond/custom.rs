//! Custom conditions: user functions that return `bool`.

use std::convert::Infallible;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rocketry_syntax::ast::CondExpr;

use crate::drops::Foreign;
use crate::error::{Error, Kind, Location, Problem, Result};
use crate::param::{Context, Dependency, ParamSet, ParamSpec};

/// A custom condition as declared, which `#[cond]` creates from a function.
#[derive(Debug)]
pub struct CondDef {
    /// The name of the function.
    pub name: &'static str,
    /// The phrase for strings, with `{captures}`.
    pub phrase: Option<&'static str>,
    /// The place of the function.
    pub location: Location,
    /// The captures, in the order in which `make` expects their texts.
    pub captures: &'static [&'static str],
    /// Creates a call from the captured texts, or returns a message with the text that does not fit its parameter.
    pub make: fn(&[&str]) -> Result<CondCall, String>,
}

/// A custom condition with its arguments, which can be evaluated.
pub struct CondCall {
    text: String,
    ask: Foreign<Box<Ask>>,
    specs: Vec<ParamSpec>,
    location: Option<Location>,
    shown: Vec<(&'static str, String)>,
    /// Distinguishes closures with the same text; 0 if text and place identify the call.
    closure: u64,
}

type Ask = dyn Fn(&Context<'_>) -> Result<bool> + Send + Sync;

/// A custom condition in a statement.
#[derive(Clone, Debug)]
pub enum Custom {
    /// A phrase in a string, which is resolved to a condition when the app is built.
    Phrase(Arc<str>),
    /// A call of a custom condition.
    Call(Arc<CondCall>),
    /// A mistake in the statement, which is reported when the app is built.
    Invalid(Arc<Problem>),
    /// A part of the statement with a label.
    Labelled(Arc<Labelled>),
}

/// A part of a statement with a label: see [`Condition::label`](crate::Condition::label).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Labelled {
    /// The label.
    pub label: Arc<str>,
    /// The part.
    pub part: CondExpr<Custom>,
}

/// The expression tree of a statement without its labels.
pub(crate) fn unlabelled(expr: CondExpr<Custom>) -> CondExpr<Custom> {
    map_labelled(expr, &mut |labelled| unlabelled(labelled.part.clone()))
}

/// The expression tree of a statement in a time zone, including labelled parts.
pub(crate) fn in_zone(expr: CondExpr<Custom>, zone: &str) -> CondExpr<Custom> {
    let zoned = map_labelled(expr, &mut |labelled| {
        CondExpr::Custom(Custom::Labelled(Arc::new(Labelled {
            label: labelled.label.clone(),
            part: in_zone(labelled.part.clone(), zone),
        })))
    });
    zoned.in_zone(zone)
}

fn map_labelled(
    expr: CondExpr<Custom>,
    map: &mut impl FnMut(&Labelled) -> CondExpr<Custom>,
) -> CondExpr<Custom> {
    let mut each = |custom| {
        Ok::<_, Infallible>(match custom {
            Custom::Labelled(labelled) => map(&labelled),
            other => CondExpr::Custom(other),
        })
    };
    let Ok(mapped) = expr.try_map_custom(&mut each);
    mapped
}

impl CondDef {
    /// Creates the condition with these texts for its captures.
    ///
    /// # Errors
    ///
    /// Returns a message with the text that does not fit its parameter.
    pub fn call(&'static self, texts: &[&str]) -> Result<CondCall, String> {
        let call = (self.make)(texts).map_err(|mistake| format!("condition `{}`: {mistake}", self.name))?;
        Ok(self.named(call))
    }

    pub(super) fn named(&'static self, mut call: CondCall) -> CondCall {
        call.text = self.text(&call.shown);
        call.location = Some(self.location);
        call
    }

    /// Returns the condition as a user would write it.
    fn text(&self, shown: &[(&'static str, String)]) -> String {
        let Some(phrase) = self.phrase else {
            let args: Vec<String> = shown
                .iter()
                .map(|(name, value)| format!("{name}={value:?}"))
                .collect();
            return if args.is_empty() {
                self.name.to_owned()
            } else {
                format!("{}({})", self.name, args.join(", "))
            };
        };
        shown.iter().fold(phrase.to_owned(), |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), value)
        })
    }
}

impl CondCall {
    /// Creates a call of a function with its parameters; `shown` are the arguments of the call.
    pub fn new<P: ParamSet>(
        params: P,
        function: impl Fn(P::Values) -> Result<bool> + Send + Sync + 'static,
        shown: Vec<(&'static str, String)>,
    ) -> Self {
        let specs = params.specs();
        let ask = move |context: &Context<'_>| function(params.resolve(context)?);
        CondCall {
            text: String::new(),
            ask: Foreign::new(Box::new(ask)),
            specs,
            location: None,
            shown,
            closure: 0,
        }
    }

    /// Creates a call of a closure with its extractors, which is equal to no other call.
    pub(super) fn unnamed<P: ParamSet>(
        text: String,
        location: Location,
        params: P,
        function: impl Fn(P::Values) -> Result<bool> + Send + Sync + 'static,
    ) -> Self {
        static LAST: AtomicU64 = AtomicU64::new(0);
        CondCall {
            text,
            location: Some(location),
            closure: LAST.fetch_add(1, Ordering::Relaxed) + 1,
            ..CondCall::new(params, function, Vec::new())
        }
    }

    /// Creates a condition that compares a session parameter made by a function with a text.
    pub(crate) fn param_is(name: &str, value: &str) -> Self {
        let text = format!("param '{name}' is '{value}'");
        let (name, value) = (name.to_owned(), value.to_owned());
        let ask = move |context: &Context<'_>| match context.session_value(&name) {
            Some(found) => Ok(found?.to_text().as_deref() == Some(&*value)),
            None => Ok(false),
        };
        CondCall::built_in(text, ask)
    }

    /// Creates a condition that has only a text and is never evaluated.
    pub(crate) fn unforeseen(text: String) -> Self {
        CondCall::built_in(text, |_| Err(Error::new(Kind::State, "it can't be foreseen")))
    }

    fn built_in(text: String, ask: impl Fn(&Context<'_>) -> Result<bool> + Send + Sync + 'static) -> Self {
        CondCall {
            text,
            ask: Foreign::new(Box::new(ask)),
            specs: Vec::new(),
            location: None,
            shown: Vec::new(),
            closure: 0,
        }
    }

    /// Evaluates the condition.
    ///
    /// # Errors
    ///
    /// Returns the error of a parameter or of the function.
    pub fn ask(&self, context: &Context<'_>) -> Result<bool> {
        (self.ask)(context)
    }

    /// Returns the parameters of the condition.
    pub(crate) fn specs(&self) -> &[ParamSpec] {
        &self.specs
    }

    /// Returns the dependencies of the parameters.
    pub fn depends(&self) -> Vec<Dependency> {
        self.specs.iter().flat_map(ParamSpec::depends).collect()
    }

    /// Returns the key that equal calls share.
    fn identity(&self) -> (&str, Option<Location>, u64) {
        (&self.text, self.location, self.closure)
    }

    /// Returns whether both are the same condition with the same arguments.
    pub(super) fn is_same(&self, other: &CondCall) -> bool {
        self.identity() == other.identity()
    }

    /// Returns the place of the declaration.
    pub fn location(&self) -> Option<Location> {
        self.location
    }
}

impl fmt::Display for CondCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for CondCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CondCall({})", self.text)
    }
}

impl fmt::Display for Custom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Custom::Phrase(text) => f.write_str(text),
            Custom::Invalid(problem) => fmt::Display::fmt(problem, f),
            Custom::Call(call) => fmt::Display::fmt(call, f),
            Custom::Labelled(labelled) => match &labelled.part {
                joined @ (CondExpr::All(_) | CondExpr::Any(_)) => write!(f, "({joined})"),
                other => fmt::Display::fmt(other, f),
            },
        }
    }
}

/// Calls are equal if they have the same text and the same place of declaration. A closure is only equal to itself.
impl PartialEq for Custom {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Custom::Call(a), Custom::Call(b)) => a.identity() == b.identity(),
            (Custom::Phrase(a), Custom::Phrase(b)) => a == b,
            (Custom::Invalid(a), Custom::Invalid(b)) => a == b,
            (Custom::Labelled(a), Custom::Labelled(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Custom {}

impl Hash for Custom {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Custom::Call(call) => (0u8, call.identity()).hash(state),
            Custom::Phrase(text) => (1u8, text).hash(state),
            Custom::Invalid(problem) => (2u8, problem).hash(state),
            Custom::Labelled(labelled) => (3u8, labelled).hash(state),
        }
    }
}

/// Parses a captured text as the type of its parameter.
///
/// # Errors
///
/// Returns a message that names the parameter, the text and the mistake.
pub fn capture<T>(text: &str, name: &str) -> Result<T, String>
where
    T: FromStr,
    T::Err: fmt::Display,
{
    text.parse()
        .map_err(|cause| format!("`{text}` can't be its `{name}`: {cause}"))
}
