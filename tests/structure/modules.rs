//! Which module of the runtime uses which, and whether that follows the order of the design.

use std::collections::BTreeMap;

use crate::tokens::{Token, tokens};

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
    &["cond"],
    &["task"],
    &["group"],
    &["config"],
    &["hooks"],
    &["engine"],
    &["dispatch"],
    &["session"],
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
    "hold",
    "event",
    "pools",
    "spec",
    "waiters",
    "run",
    "unique",
    "run_queue",
    "last_result",
    "entry",
    "deferred",
    "crashes",
    "fact_key",
    "facts",
    "absent",
    "log_gate",
    "name_index",
    "names",
    "ready_queue",
    "refusals",
    "skip_counts",
    "state",
    "subscriptions",
    "requests",
    "holds",
    "admission",
    "decide",
    "standing",
    "skipping",
    "deferral",
    "clock_step",
    "opening",
    "lifecycle",
    "definitions",
    "runs",
    "name_scope",
    "naming",
    "checks",
    "compiled_statements",
    "compile",
    "timers",
    "effects",
    "dispatcher",
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
    uses(module_path(file), source)
        .into_iter()
        .filter(|found| found.place.first().is_none_or(|module| module != EXPANSIONS))
        .filter(|found| !found.place.iter().any(|part| part == "tests"))
        .filter_map(|found| Some(format!("{file}:{}: {}", found.line, found.complaint(exports)?)))
        .collect()
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

/// A path that starts at the root of the crate: where it is written and the first name in it.
struct Use {
    place: Vec<String>,
    target: String,
    line: usize,
}

impl Use {
    fn complaint(&self, exports: &Exports) -> Option<String> {
        let own = self.place.first()?;
        let target = exports.get(&self.target).unwrap_or(&self.target);
        match (rank(own), rank(target)) {
            (Some(here), Some(there)) if there <= here => None,
            (Some(_), Some(_)) => Some(format!("`{own}` uses `{target}`, which stands below it")),
            (None, _) => Some(format!("`{own}` has no place in the order of the modules")),
            (_, None) => Some(format!(
                "`{own}` uses `crate::{target}`: write the module that it comes from"
            )),
        }
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

fn module_path(file: &str) -> Vec<String> {
    let path = file.trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/')
        .filter(|&part| part != "lib")
        .map(String::from)
        .collect()
}

fn uses(place: Vec<String>, source: &str) -> Vec<Use> {
    let tokens = tokens(source);
    let mut reader = Reader {
        tokens: &tokens,
        place,
        inline: Vec::new(),
        depth: 0,
        uses: Vec::new(),
    };
    while reader.step() {}
    reader.uses
}

struct Reader<'a> {
    tokens: &'a [Token],
    place: Vec<String>,
    /// The depth of braces at which each inline module around the reader was opened.
    inline: Vec<usize>,
    depth: usize,
    uses: Vec<Use>,
}

impl Reader<'_> {
    fn step(&mut self) -> bool {
        match (self.text(0), self.text(1), self.text(2)) {
            (None, ..) => return false,
            (Some("mod"), Some(name), Some("{")) => {
                self.place.push(name.into());
                self.inline.push(self.depth);
                self.advance(2);
            }
            (Some("crate" | "self" | "super"), Some("::"), _) => self.path(self.place.clone()),
            (Some("{"), ..) => {
                self.depth += 1;
                self.advance(1);
            }
            (Some("}"), ..) => self.close(),
            _ => self.advance(1),
        }
        true
    }

    fn text(&self, ahead: usize) -> Option<&str> {
        self.tokens.get(ahead).map(|token| token.text.as_str())
    }

    fn advance(&mut self, by: usize) {
        self.tokens = self.tokens.get(by..).unwrap_or_default();
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        if self.inline.pop_if(|opened| *opened == self.depth).is_some() {
            self.place.pop();
        }
        self.advance(1);
    }

    /// Follows a path from `base` to the first name in it; that is a use when `base` is then the root.
    fn path(&mut self, mut base: Vec<String>) {
        while let [Token { text, line }, rest @ ..] = self.tokens {
            match text.as_str() {
                "crate" => base.clear(),
                "super" => _ = base.pop(),
                "self" | "::" => {}
                "{" => return self.group(&base),
                name => {
                    if base.is_empty() {
                        self.uses.push(Use {
                            place: self.place.clone(),
                            target: name.into(),
                            line: *line,
                        });
                    }
                    return;
                }
            }
            self.tokens = rest;
        }
    }

    fn group(&mut self, base: &[String]) {
        self.advance(1);
        while self.text(0).is_some_and(|text| text != "}") {
            self.path(base.to_vec());
            self.skip_to_next_in_group();
        }
        self.advance(1);
    }

    fn skip_to_next_in_group(&mut self) {
        let mut depth = 0_usize;
        while let Some(text) = self.text(0) {
            match text {
                "," if depth == 0 => return self.advance(1),
                "}" if depth == 0 => return,
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => {}
            }
            self.advance(1);
        }
    }
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
