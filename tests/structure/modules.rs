//! Which module of the runtime uses which, and whether that follows the order of the design.

use std::collections::BTreeMap;

use crate::paths::paths;
use crate::tokens::tokens;

/// The modules of the runtime in reading order: each may use those above it. Equals share a line.
const ORDER: &[&[&str]] = &[
    &["threads"],
    &["drops"],
    &["error"],
    &["choice"],
    &["stderr"],
    &["time"],
    &["clock"],
    &["task_id"],
    &["param"],
    &["log"],
    &["failure"],
    &["cluster"],
    &["cond"],
    &["task"],
    &["group"],
    &["config"],
    &["hooks"],
    &["engine"],
    &["openapi"],
    &["explain"],
    &["preview"],
    &["dispatch"],
    &["session"],
    &["simulate"],
    &["export"],
    &["check"],
    &["exec"],
    &["scheduler"],
    &["registry"],
    &["app"],
    &["testing"],
    // Nothing may lean on it.
    &[EXPANSIONS],
];

/// The files of the engine in reading order: each may use those above it.
const ENGINE: &[&str] = &[
    "pools",
    "locations",
    "spec",
    "pause",
    "audit",
    "hold",
    "task_option",
    "changed_option",
    "waiters",
    "request_trace",
    "run",
    "backfill",
    "catch_up",
    "event",
    "condition_results",
    "unique",
    "run_queue",
    "last_result",
    "task_runs",
    "recent_ends",
    "entry",
    "deleted",
    "task_table",
    "option_value",
    "overrides",
    "deferred",
    "crashes",
    "fact_key",
    "facts",
    "absent_tasks",
    "lead",
    "log_gate",
    "name_index",
    "names",
    "ready_queue",
    "refusals",
    "skip_counts",
    "state",
    "failing",
    "first_seen",
    "subscriptions",
    "requests",
    "pausing",
    "backfilling",
    "holds",
    "admission",
    "settings",
    "decide",
    "standing",
    "due_since",
    "next_start",
    "holds_at",
    "statement_inputs",
    "skipping",
    "deferral",
    "clock_step",
    "catching_up",
    "missed_starts",
    "causes",
    "reclaim",
    "lifecycle",
    "standby",
    "definitions",
    "overriding",
    "runs",
    "adoption",
    "name_scope",
    "naming",
    "checks",
    "compiled_statements",
    "resolver",
    "compile",
    "catalogue",
    "timers",
    "deadlines",
    "effects",
    "due",
    "dispatcher",
    "state_copy",
    "simulator",
];

/// What the macros' expansions name: a view of everything, macros included.
const EXPANSIONS: &str = "private";

/// Names that `lib.rs` re-exports, each with the module it comes from.
pub(crate) type Exports = BTreeMap<String, String>;

/// Every use in a file of a module that stands below the file's own, as `file:line: …`.
///
/// `file` is relative to the folder of `lib.rs`. A module named `tests` may use anything: it is not part
/// of what it tests.
pub(crate) fn violations(file: &str, source: &str, exports: &Exports) -> Vec<String> {
    let mut found: Vec<String> = paths(file, source)
        .into_iter()
        .filter(|path| path.place.first().is_none_or(|module| module != EXPANSIONS))
        .filter(|path| !path.is_in_tests())
        .filter_map(|path| {
            let target = path.absolute()?;
            let complaint = complaint(&path.place, target.first()?, exports)?;
            Some(format!("{file}:{}: {complaint}", path.line))
        })
        .collect();
    found.dedup();
    found
}

/// Reads the `use` lines of `lib.rs`: after `pub use error::{Error, Result}`, `crate::Error` means `error`.
pub(crate) fn exports(lib: &str) -> Exports {
    let words = tokens(lib);
    let statements = words.split(|token| token.text == ";");
    let mut found = Exports::new();
    for statement in statements {
        let path = statement
            .iter()
            .map(|token| token.text.as_str())
            .skip_while(|&text| text != "use")
            .skip(1);
        let mut path = path.skip_while(|&text| matches!(text, "crate" | "self" | "::"));
        if let Some(module) = path.next().filter(|name| rank(name).is_some()) {
            found.extend(path.map(|name| (name.into(), module.into())));
        }
    }
    found
}

fn complaint(place: &[String], target: &str, exports: &Exports) -> Option<String> {
    let own = place.first()?;
    let target = exports.get(target).map_or(target, String::as_str);
    match (rank(own), rank(target)) {
        (Some(here), Some(there)) if there <= here => None,
        (Some(_), Some(_)) => Some(format!("`{own}` uses `{target}`, which stands below it")),
        (None, _) => Some(format!("`{own}` has no place in the order of the modules")),
        (_, None) => Some(format!(
            "`{own}` uses `crate::{target}`: write the module that it comes from"
        )),
    }
}

/// Every use in a file of the engine of one that stands below it in [`ENGINE`].
pub(crate) fn violations_in_engine(file: &str, source: &str) -> Vec<String> {
    let Some(own) = file
        .strip_prefix("engine/")
        .map(|file| file.trim_end_matches(".rs"))
    else {
        return Vec::new();
    };
    if own == "mod" {
        return Vec::new();
    }
    let place = |name: &str| ENGINE.iter().position(|known| *known == name);
    let Some(here) = place(own) else {
        return vec![format!("{file}: has no place in the order of the engine's files")];
    };
    let uses = siblings(source).into_iter();
    uses.filter(|(target, _)| place(target).is_none_or(|there| there > here))
        .map(|(target, line)| format!("{file}:{line}: `{own}` uses `{target}`, which stands below it"))
        .collect()
}

/// The first names of paths that begin with `super::`, outside of tests, each with its line.
fn siblings(source: &str) -> Vec<(String, usize)> {
    let tokens = tokens(source);
    let tests = tokens
        .windows(2)
        .position(|pair| pair[0].text == "mod" && pair[1].text == "tests");
    let code = &tokens[..tests.unwrap_or(tokens.len())];
    let paths = code.windows(3);
    paths
        .filter(|path| path[0].text == "super" && path[1].text == "::")
        .map(|path| (path[2].text.clone(), path[2].line))
        .collect()
}

fn rank(module: &str) -> Option<usize> {
    ORDER.iter().position(|equals| equals.contains(&module))
}

#[cfg(test)]
mod tests {
    use super::{Exports, exports, violations, violations_in_engine};

    fn check(file: &str, source: &str) -> Vec<String> {
        violations(file, source, &Exports::new())
    }

    #[test]
    fn a_use_of_a_module_below_names_file_line_and_both_modules() {
        assert_eq!(
            check(
                "time/anchored.rs",
                "use crate::error::Error;\nuse crate::cond::Condition;"
            ),
            ["time/anchored.rs:2: `time` uses `cond`, which stands below it"],
        );
    }

    #[test]
    fn modules_above_equals_and_the_own_one_may_be_used() {
        assert!(
            check(
                "cond/mod.rs",
                "use crate::time::Period; use crate::cond::every::Every;"
            )
            .is_empty()
        );
        assert!(check("app.rs", "use crate::group::Group;").is_empty());
        assert!(check("private.rs", "pub use crate::{testing, error::Error};").is_empty());
    }

    #[test]
    fn nothing_may_use_what_is_for_expansions_only() {
        assert_eq!(check("testing.rs", "use crate::private::Probe;").len(), 1);
    }

    #[test]
    fn a_path_in_an_expression_or_a_macro_is_a_use() {
        assert_eq!(
            check("log/memory.rs", "fn f() { crate::task::Task::new(); }").len(),
            1
        );
        assert_eq!(
            check("log/memory.rs", "macro_rules! m { () => { $crate::task::Task } }").len(),
            1
        );
    }

    #[test]
    fn every_member_of_a_group_is_a_use() {
        let source = "use crate::{error::{self, Error}, task::{Task, Status}, clock, exec,};";
        assert_eq!(
            check("log/mod.rs", source),
            [
                "log/mod.rs:1: `log` uses `task`, which stands below it",
                "log/mod.rs:1: `log` uses `exec`, which stands below it",
            ]
        );
    }

    #[test]
    fn super_is_followed_out_of_files_and_inline_modules() {
        assert!(check("time/mod.rs", "mod a { use super::task::X; } use self::task::Y;").is_empty());
        assert_eq!(
            check("time/mod.rs", "mod a { fn f() {} use super::super::task::X; }").len(),
            1
        );
        assert_eq!(
            check("time/mod.rs", "mod a { fn f() {} } use super::task::X;").len(),
            1
        );
        assert_eq!(
            check("clock/jump.rs", "use super::super::{time::Timestamp, task::X};").len(),
            1
        );
    }

    #[test]
    fn prose_tests_and_visibilities_are_no_uses() {
        assert!(check("time/mod.rs", "/// See [`crate::task`].\npub(crate) fn f() {}").is_empty());
        assert!(check("time/mod.rs", "mod tests { use crate::task::Task; }").is_empty());
        assert!(check("time/tests.rs", "use crate::task::Task;").is_empty());
    }

    #[test]
    fn the_root_may_use_everything() {
        assert!(check("lib.rs", "pub use crate::testing::Sim; pub mod error;").is_empty());
    }

    #[test]
    fn a_re_export_of_the_root_stands_for_its_module() {
        let exports =
            exports("mod error;\npub use error::{Error, Result as Outcome};\npub use crate::task::Task;");
        assert!(violations("time/mod.rs", "use crate::{Error, Outcome};", &exports).is_empty());
        assert_eq!(
            violations("time/mod.rs", "use crate::Task;", &exports),
            ["time/mod.rs:1: `time` uses `task`, which stands below it"],
        );
    }

    #[test]
    fn a_file_of_the_engine_uses_only_files_above_it() {
        let source = "use super::state::State;\nuse super::dispatcher::Dispatcher;\nmod tests { use super::timers::X; }";
        assert_eq!(
            violations_in_engine("engine/runs.rs", source),
            ["engine/runs.rs:2: `runs` uses `dispatcher`, which stands below it"],
        );
        assert_eq!(violations_in_engine("engine/unheard.rs", "").len(), 1);
        assert!(violations_in_engine("engine/mod.rs", source).is_empty());
        assert!(violations_in_engine("session/mod.rs", source).is_empty());
    }

    #[test]
    fn what_cannot_be_placed_is_reported() {
        for (file, source) in [
            ("time/mod.rs", "use crate::*;"),
            ("time/mod.rs", "use crate::Unheard;"),
            ("helpers.rs", "use crate::error::Error;"),
        ] {
            assert_eq!(check(file, source).len(), 1, "{file}: {source}");
        }
    }
}
