//! Holds the project against recorded answers of others.
//!
//! There are two suites, each with a folder of its own and a `README.md` that tells the format: `tests/conformance` has
//! the answers of Python Rocketry, `tests/schedules` has what people write in crontabs and what other schedulers test.
//! `ROCKETRY_CONFORMANCE` and `ROCKETRY_SCHEDULES` name another folder, or a file. Every `.jsonl` file is judged. What
//! came of each kind of case is printed, with our answer wherever it differs because the reference is suspect or the
//! project decided otherwise; any other difference fails.

mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;

use serde_json::Value;

use support::verdict::Verdict;
use support::{cron, parse, periods, scenario, schedules, timeline};

type Check = fn(&Value) -> Verdict;

/// Data of one origin.
struct Suite {
    /// The folder in `tests`.
    folder: &'static str,
    /// The variable that names another folder, or a file.
    variable: &'static str,
    /// Every kind of case, and who judges it.
    kinds: &'static [(&'static str, Check)],
    /// Kinds that are there for reading, or that another test judges.
    unjudged: &'static [&'static str],
}

const SUITES: [Suite; 2] = [
    Suite {
        folder: "conformance",
        variable: "ROCKETRY_CONFORMANCE",
        kinds: &[
            ("contains", periods::check),
            ("roll", periods::check),
            ("period_invalid", periods::check),
            ("cron_contains", cron::check),
            ("cron_next", cron::check),
            ("cron_invalid", cron::check),
            ("parse", parse::check),
            ("parse_invalid", parse::check),
            ("parse_time", parse::check),
            ("parse_time_invalid", parse::check),
            ("scenario", scenario::check),
            ("timeline", timeline::check),
        ],
        unjudged: &[],
    },
    Suite {
        folder: "schedules",
        variable: "ROCKETRY_SCHEDULES",
        kinds: &[
            ("cron_accept", schedules::check),
            ("cron_reject", schedules::check),
            ("cron_next", schedules::check),
            ("cron_prev", schedules::check),
            ("cron_match", schedules::check),
            ("cron6_accept", schedules::check),
            ("cron6_reject", schedules::check),
            ("cron6_next", schedules::check),
            ("cron6_prev", schedules::check),
            ("cron6_match", schedules::check),
            ("pasted_next", schedules::check),
            ("statement_next", schedules::check),
            ("rocketry_text", schedules::check_text),
        ],
        // The test `ui` compiles the expressions.
        unjudged: &["cron_undecided", "rocketry_expr", "wish"],
    },
];

/// What the cases of one kind came to.
#[derive(Default)]
struct Tally {
    agreed: usize,
    decided: Vec<String>,
    suspects: Vec<String>,
    disagreed: Vec<String>,
}

impl Tally {
    fn count(&mut self, case: &Value, verdict: Verdict) {
        let id = case["id"]
            .as_str()
            .or_else(|| case["text"].as_str())
            .unwrap_or("no id");
        let line = |answer: &str| format!("{id}: {answer}, not {}", case["expected"]);
        match verdict {
            Verdict::Agreed => self.agreed += 1,
            Verdict::Decided { code, answer } => self.decided.push(format!("{code} {}", line(&answer))),
            Verdict::Suspect { code, answer } => self.suspects.push(format!("{code} {}", line(&answer))),
            Verdict::Disagreed { answer } => self.disagreed.push(format!("{}\n      {case}", line(&answer))),
        }
    }

    fn add(&mut self, other: Self) {
        self.agreed += other.agreed;
        self.decided.extend(other.decided);
        self.suspects.extend(other.suspects);
        self.disagreed.extend(other.disagreed);
    }

    fn cases(&self) -> usize {
        self.agreed + self.decided.len() + self.suspects.len() + self.disagreed.len()
    }

    fn report(&self, kind: &str) -> String {
        let Self {
            agreed,
            decided,
            suspects,
            disagreed,
        } = self;
        let (decided_here, suspect, wrong) = (decided.len(), suspects.len(), disagreed.len());
        let cases = self.cases();
        let mut report = format!(
            "{kind}: {cases} cases, {agreed} agreed, {decided_here} decided, {suspect} suspect, {wrong} wrong\n"
        );
        for line in decided {
            let _ = writeln!(report, "    decided {line}");
        }
        for line in suspects {
            let _ = writeln!(report, "    suspect {line}");
        }
        for line in disagreed {
            let _ = writeln!(report, "    WRONG {line}");
        }
        report
    }
}

/// What the cases came to, by kind.
type Tallies = BTreeMap<String, Tally>;

fn main() -> ExitCode {
    if std::env::args().any(|arg| arg == "--list") {
        println!("conformance: test");
        return ExitCode::SUCCESS;
    }
    let wrong: usize = SUITES.iter().map(Suite::wrong).sum();
    let word = if wrong == 0 { "ok" } else { "FAILED" };
    println!("\ntest result: {word}. {wrong} failed; 0 ignored");
    if wrong == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

impl Suite {
    /// Judges all cases, prints what came of every kind, and counts what is wrong.
    fn wrong(&self) -> usize {
        let (files, is_own) = self.files();
        let judged = thread::scope(|scope| {
            let judges: Vec<_> = files
                .iter()
                .map(|file| scope.spawn(|| self.judge(file)))
                .collect();
            judges
                .into_iter()
                .map(|judge| judge.join().expect("a judge that reports"))
                .collect::<Vec<_>>()
        });
        let mut tallies = Tallies::new();
        for (kind, tally) in judged.into_iter().flatten() {
            tallies.entry(kind).or_default().add(tally);
        }
        for (kind, tally) in &tallies {
            print!("{}", tally.report(kind));
        }
        let missing: Vec<&str> = self
            .kinds
            .iter()
            .map(|(kind, _)| *kind)
            .filter(|kind| is_own && !tallies.contains_key(*kind))
            .collect();
        if !missing.is_empty() {
            println!("there are no cases of: {}", missing.join(", "));
        }
        let cases: usize = tallies.values().map(Tally::cases).sum();
        println!("{}: {cases} cases\n", self.folder);
        missing.len() + tallies.values().map(|tally| tally.disagreed.len()).sum::<usize>()
    }

    /// Judges every case of a file.
    fn judge(&self, file: &Path) -> Tallies {
        let mut kinds = Tallies::new();
        let data = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        for (number, line) in data
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty())
        {
            let place = || format!("{}:{}", file.display(), number + 1);
            match serde_json::from_str::<Value>(line) {
                Ok(case) => {
                    let kind = case["kind"].as_str().unwrap_or("no kind").to_owned();
                    if !self.unjudged.contains(&&*kind) {
                        let verdict = self.verdict(&kind, &case);
                        kinds.entry(kind).or_default().count(&case, verdict);
                    }
                }
                Err(error) => {
                    let wrong = &mut kinds.entry("no case".to_owned()).or_default().disagreed;
                    wrong.push(format!("{}: {error}", place()));
                }
            }
        }
        kinds
    }

    /// What we say to a case. A panic is an answer too, and a wrong one.
    fn verdict(&self, kind: &str, case: &Value) -> Verdict {
        let Some((_, check)) = self.kinds.iter().find(|(name, _)| *name == kind) else {
            return Verdict::Disagreed {
                answer: format!("cases of the kind {kind} are not known"),
            };
        };
        catch_unwind(AssertUnwindSafe(|| check(case))).unwrap_or_else(|_| Verdict::Disagreed {
            answer: "a panic".to_owned(),
        })
    }

    /// The files of cases in the order of their names, and whether they are those of the project.
    fn files(&self) -> (Vec<PathBuf>, bool) {
        let Some(place) = std::env::var_os(self.variable).map(PathBuf::from) else {
            let own = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("tests")
                .join(self.folder);
            return (files(&own), true);
        };
        (
            if place.is_file() {
                vec![place]
            } else {
                files(&place)
            },
            false,
        )
    }
}

/// The files of cases in a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("a readable folder").path());
    let mut files: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .collect();
    files.sort();
    files
}
