//! Custom conditions: functions of the user's that answer yes or no.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::condition::Condition;
use crate::drops::Foreign;
use crate::error::{Location, Problem, Result};
use crate::param::{Context, Dependency, ParamSet, ParamSpec};
use rocketry_syntax::ast::CondExpr;

/// A custom condition as it was declared: what `#[cond]` makes of a function.
#[derive(Debug)]
pub struct CondDef {
    /// The name of the function.
    pub name: &'static str,
    /// The phrase for strings, with `{captures}`.
    pub phrase: Option<&'static str>,
    /// Where the function is.
    pub location: Location,
    /// The captures, in the order in which `make` takes their texts.
    pub captures: &'static [&'static str],
    /// Makes a call from the captured texts, or says which text is not what its parameter needs.
    pub make: fn(&[&str]) -> Result<CondCall, String>,
}

/// A custom condition together with its arguments: ready to be asked.
pub struct CondCall {
    text: String,
    ask: Foreign<Box<Ask>>,
    specs: Vec<ParamSpec>,
    location: Option<Location>,
    shown: Vec<(&'static str, String)>,
    /// Tells one closure from another that reads the same; 0 for what its text and its place tell.
    closure: u64,
}

type Ask = dyn Fn(&Context<'_>) -> Result<bool> + Send + Sync;

/// What stands in a statement for a custom condition.
#[derive(Clone, Debug)]
pub enum Custom {
    /// A phrase of a string; which condition it means is known when the app is built.
    Phrase(Arc<str>),
    /// A condition.
    Call(Arc<CondCall>),
    /// A mistake in the statement, to be reported when the app is built.
    Invalid(Arc<Problem>),
}

/// A custom condition without arguments, as a word of expressions: `daily & is_workday`.
#[derive(Clone, Copy, Debug)]
pub struct CondWord(&'static CondDef);

impl CondWord {
    /// The word for a condition.
    pub const fn new(def: &'static CondDef) -> Self {
        CondWord(def)
    }
}

impl From<CondWord> for Condition {
    fn from(word: CondWord) -> Self {
        match word.0.call(&[]) {
            Ok(call) => Condition::custom(Custom::Call(Arc::new(call))),
            Err(message) => {
                let location = Some(word.0.location);
                Condition::custom(Custom::Invalid(Arc::new(Problem { message, location })))
            }
        }
    }
}

impl CondDef {
    /// The condition with these texts for its captures.
    ///
    /// # Errors
    ///
    /// Says which text is not what its parameter needs.
    pub fn call(&'static self, texts: &[&str]) -> Result<CondCall, String> {
        let call = (self.make)(texts).map_err(|mistake| format!("condition `{}`: {mistake}", self.name))?;
        Ok(self.named(call))
    }

    /// The condition with arguments given in Rust.
    pub fn condition(&'static self, call: CondCall) -> Condition {
        Condition::custom(Custom::Call(Arc::new(self.named(call))))
    }

    fn named(&'static self, mut call: CondCall) -> CondCall {
        call.text = self.text(&call.shown);
        call.location = Some(self.location);
        call
    }

    /// The condition as a user would write it.
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
    /// A call of a function with the parameters it takes; `shown` are the arguments that were given to it.
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

    /// A closure with the extractors that it takes, which equals no other.
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

    /// Whether a session parameter that is made by a function equals a text.
    pub(crate) fn param_is(name: &str, value: &str) -> Self {
        let text = format!("param '{name}' is '{value}'");
        let (name, value) = (name.to_owned(), value.to_owned());
        let ask = move |context: &Context<'_>| match context.session_value(&name) {
            Some(found) => Ok(found?.to_text().as_deref() == Some(&*value)),
            None => Ok(false),
        };
        CondCall {
            text,
            ask: Foreign::new(Box::new(ask)),
            specs: Vec::new(),
            location: None,
            shown: Vec::new(),
            closure: 0,
        }
    }

    /// Asks the condition.
    ///
    /// # Errors
    ///
    /// Passes on what went wrong with a parameter or in the function itself.
    pub fn ask(&self, context: &Context<'_>) -> Result<bool> {
        (self.ask)(context)
    }

    /// The parameters of the condition.
    pub(crate) fn specs(&self) -> &[ParamSpec] {
        &self.specs
    }

    /// What the parameters of the condition are made from.
    pub fn depends(&self) -> Vec<Dependency> {
        self.specs.iter().flat_map(ParamSpec::depends).collect()
    }

    /// What a call has in common with those that equal it.
    fn identity(&self) -> (&str, Option<Location>, u64) {
        (&self.text, self.location, self.closure)
    }

    /// Where the condition was declared.
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
        }
    }
}

/// Two calls are equal if they read the same and were declared at the same place. A closure only equals itself.
impl PartialEq for Custom {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Custom::Call(a), Custom::Call(b)) => a.identity() == b.identity(),
            (Custom::Phrase(a), Custom::Phrase(b)) => a == b,
            (Custom::Invalid(a), Custom::Invalid(b)) => a == b,
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
        }
    }
}

/// Reads a captured text as the type of its parameter.
///
/// # Errors
///
/// Names the parameter, the text and what is wrong with it.
pub fn capture<T>(text: &str, name: &str) -> Result<T, String>
where
    T: FromStr,
    T::Err: fmt::Display,
{
    text.parse()
        .map_err(|cause| format!("`{text}` can't be its `{name}`: {cause}"))
}

impl From<CondExpr<Custom>> for Condition {
    fn from(expr: CondExpr<Custom>) -> Self {
        Condition::new(expr)
    }
}
