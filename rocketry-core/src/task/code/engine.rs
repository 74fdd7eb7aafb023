//! The engine of a run, and what a run may use of it.

use std::sync::OnceLock;

use rhai::packages::{Package, StandardPackage};
use rhai::{Dynamic, Engine, EvalAltResult, Position};

use crate::param::TerminationFlag;

/// How much code may use; a run that needs more has failed.
///
/// The limits of memory are for single values, and each look at one takes as long as the value is big. A map that grows key
/// by key is looked at when it is handed to a function. Code that is to have a bound for all of its memory
/// belongs in a process of its own, where the system can give it one.
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
    /// How many steps a run may take; 0 for no limit. The default is a hundred million: some seconds.
    pub operations: u64,
    /// How long a text may be, in bytes; 0 for no limit. The default is 16 MiB.
    pub text: usize,
    /// How many values an array or a map may have, those inside of others included; 0 for
    /// no limit. The default is a million.
    pub items: usize,
    /// How many variables there may be at a time. The default is a thousand.
    pub variables: usize,
    /// How deep functions may call each other. The default is 24; each call takes some of the stack of its thread.
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

/// How deep expressions may be nested, outside of functions and within.
const DEPTHS: (usize, usize) = (64, 32);

/// Why code has nothing to do: what `inaction` throws.
#[derive(Clone)]
pub(super) struct NothingToDo(pub(super) String);

/// An engine that reads code.
pub(super) fn reader() -> Engine {
    // The names are shared by all engines; an engine by itself is cheap.
    static STANDARD: OnceLock<StandardPackage> = OnceLock::new();
    let mut engine = Engine::new_raw();
    STANDARD
        .get_or_init(StandardPackage::new)
        .register_into_engine(&mut engine);
    engine.set_max_expr_depths(DEPTHS.0, DEPTHS.1);
    // So that a name that nothing has is found while reading. Code made of text would escape that.
    engine.set_strict_variables(true);
    engine.disable_symbol("eval").disable_symbol("import");
    engine
}

/// An engine that runs code until the flag is raised.
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
    // Nothing could end a run that sleeps.
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
