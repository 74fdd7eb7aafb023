//! Holds the project against recorded answers of the reference implementation.
//!
//! The cases lie in `tests/conformance/`, or in the folder that the variable `ROCKETRY_CONFORMANCE` names; its
//! `README.md` tells the format. Where an answer differs because the reference is suspect, the case is listed
//! with our answer (`cargo test --test conformance -- --nocapture`); any other difference fails.

mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use support::verdict::Verdict;
use support::{cron, parse, periods, scenario, timeline};

type Check = fn(&Value) -> Verdict;

/// Every kind of case, and who judges it.
const KINDS: &[(&str, Check)] = &[
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
];

#[test]
fn periods_contains() {
    judge("periods_contains.jsonl");
}

#[test]
fn periods_roll() {
    judge("periods_roll.jsonl");
}

#[test]
fn cron_expressions() {
    judge("cron.jsonl");
}

#[test]
fn statements() {
    judge("parse.jsonl");
}

#[test]
fn scenarios() {
    judge("scenario.jsonl");
}

#[test]
fn timelines() {
    judge("timeline.jsonl");
}

#[test]
fn every_kind_has_cases() {
    let files = fs::read_dir(folder())
        .expect("the folder of the data")
        .map(|file| file.unwrap().path());
    let data = files.filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    let present: Vec<String> = data
        .flat_map(|path| cases(&path))
        .map(|case| text(&case, "kind"))
        .collect();
    for (kind, _) in KINDS {
        assert!(
            present.iter().any(|it| it == kind),
            "there are no cases of the kind {kind}"
        );
    }
}

/// What the cases of one kind came to.
#[derive(Default)]
struct Tally {
    agreed: usize,
    decided: usize,
    suspects: Vec<String>,
    disagreed: Vec<String>,
}

impl Tally {
    fn count(&mut self, case: &Value, verdict: Verdict) {
        let line = |answer: &str| format!("{}: {answer}, not {}", text(case, "id"), case["expected"]);
        match verdict {
            Verdict::Agreed => self.agreed += 1,
            Verdict::Decided { .. } => self.decided += 1,
            Verdict::Suspect { code, answer } => self.suspects.push(format!("{code} {}", line(&answer))),
            Verdict::Disagreed { answer } => self.disagreed.push(format!("{}\n      {case}", line(&answer))),
        }
    }

    fn report(&self, kind: &str) -> String {
        let Self {
            agreed,
            decided,
            suspects,
            disagreed,
        } = self;
        let cases = agreed + decided + suspects.len() + disagreed.len();
        let (suspect, wrong) = (suspects.len(), disagreed.len());
        let mut report = format!(
            "{kind}: {cases} cases, {agreed} agreed, {decided} decided, {suspect} suspect, {wrong} wrong\n"
        );
        for line in suspects {
            let _ = writeln!(report, "    suspect {line}");
        }
        for line in disagreed {
            let _ = writeln!(report, "    WRONG {line}");
        }
        report
    }
}

/// Judges every case of a file.
fn judge(file: &str) {
    let mut kinds: BTreeMap<String, Tally> = BTreeMap::new();
    for case in cases(&folder().join(file)) {
        let kind = text(&case, "kind");
        let known = KINDS.iter().find(|(name, _)| *name == kind);
        let (_, check) = known.unwrap_or_else(|| panic!("{file} has cases of the unknown kind {kind}"));
        kinds.entry(kind).or_default().count(&case, check(&case));
    }
    assert!(!kinds.is_empty(), "{file} has no cases");
    let report: String = kinds.iter().map(|(kind, tally)| tally.report(kind)).collect();
    println!("{report}");
    assert!(
        kinds.values().all(|tally| tally.disagreed.is_empty()),
        "{file} has wrong answers, see above"
    );
}

fn folder() -> PathBuf {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    std::env::var_os("ROCKETRY_CONFORMANCE").map_or_else(default, PathBuf::from)
}

fn cases(file: &Path) -> Vec<Value> {
    let data = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    data.lines()
        .map(|line| serde_json::from_str(line).expect("a case is a line of JSON"))
        .collect()
}

fn text(case: &Value, field: &str) -> String {
    case[field]
        .as_str()
        .unwrap_or_else(|| panic!("{case} has no {field}"))
        .to_owned()
}
