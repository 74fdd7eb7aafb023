//! The script engine of a run, and its limits.

use std::sync::OnceLock;

use rhai::packages::{Package, StandardPackage};
use rhai::{Dynamic, Engine, EvalAltResult, Position};

use crate::param::TerminationFlag;

/// Limits for the code of a task. A run that exceeds one fails.
///
/// Memory limits apply to single values, and checking a value takes time proportional to its size. A map that grows
/// key by key is checked when it is passed to a function. To limit the total memory of code, run it in a process of
/// its own, which the operating system can limit.
///
/// ```
/// # #[cfg(any())]
/// use rocketry::{CodeLimits, Task};
/// # use rocketry_core::{CodeLimits, Task};
///
/// let limits = CodeLimits { operations: 1_000, ..CodeLimits::default() };
/// let task = Task::code("sum", "let sum = 0; for n in 0..10 { sum += n } sum").code_limits(limits);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeLimits {
    /// The maximum number of steps of a run; 0 means no limit. The default is a hundred million, which takes some
    /// seconds.
    pub operations: u64,
    /// The maximum length of a text, in bytes; 0 means no limit. The default is 16 MiB.
    pub text: usize,
    /// The maximum number of values in an array or a map, nested values included; 0 means no limit. The default is a
    /// million.
    pub items: usize,
    /// The maximum number of variables at a time. The default is a thousand.
    pub variables: usize,
    /// The maximum depth of function calls. The default is 24; each call uses part of the stack of its thread.
    pub calls: usize,
}

impl Default for CodeLimits {
    fn default() -> Self {
        CodeLimits {
            operations: 100_000_000,
            text: 16 * 1024 * 1024,
            items: 1_000_000,
            variables: 1_000,
            calls: 24,
        }
    }
}

/// The maximum nesting depth of expressions, outside of functions and within.
const DEPTHS: (usize, usize) = (64, 32);

/// The value that `inaction` throws: the reason why there is nothing to do.
#[derive(Clone)]
pub(super) struct NothingToDo(pub(super) String);

/// Creates an engine that parses code.
pub(super) fn reader() -> Engine {
    // All engines share the names, so creating one is cheap.
    static STANDARD: OnceLock<StandardPackage> = OnceLock::new();
    let mut engine = Engine::new_raw();
    STANDARD
        .get_or_init(StandardPackage::new)
        .register_into_engine(&mut engine);
    engine.set_max_expr_depths(DEPTHS.0, DEPTHS.1);
    // Reports unknown names when the code is parsed. Code evaluated from text would not be checked.
    engine.set_strict_variables(true);
    engine.disable_symbol("eval").disable_symbol("import");
    engine
}

/// Creates an engine that runs code until the flag is set.
pub(super) fn runner(flag: TerminationFlag, limits: CodeLimits) -> Engine {
    let mut engine = reader();
    engine
        .set_max_operations(limits.operations)
        .set_max_string_size(limits.text)
        .set_max_array_size(limits.items)
        .set_max_map_size(limits.items)
        .set_max_variables(limits.variables)
        .set_max_call_levels(limits.calls);
    engine.on_progress(move |_| flag.is_set().then_some(Dynamic::UNIT));
    engine.on_print(|text| println!("{text}"));
    engine.on_debug(|text, _, place| println!("{text} at {place}"));
    engine.register_fn("inaction", inaction);
    // A run that sleeps could not be terminated.
    engine.register_fn("sleep", |_: i64| no_sleep());
    engine.register_fn("sleep", |_: f64| no_sleep());
    engine
}

fn inaction(reason: &str) -> Result<(), Box<EvalAltResult>> {
    let reason = Dynamic::from(NothingToDo(reason.to_owned()));
    Err(EvalAltResult::ErrorRuntime(reason, Position::NONE).into())
}

fn no_sleep() -> Result<(), Box<EvalAltResult>> {
    Err("a task does not sleep: let it start again later".into())
}
