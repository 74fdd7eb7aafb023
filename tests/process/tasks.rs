//! The tasks of these tests, in a module of their own.

use std::sync::Arc;

use anyhow::Context;
use rocketry::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Report {
    pub(crate) name: String,
    pub(crate) numbers: Vec<f64>,
}

/// Has no words in JSON.
#[derive(Clone)]
pub(crate) struct Door(pub(crate) &'static str);

#[param("c")]
fn c() -> String {
    "session".to_owned()
}

#[task(execution = "process", parameters = { a = "task" })]
fn levels(
    #[arg(SimpleArg("function"))] a: String,
    #[arg(SimpleArg("function"))] b: String,
    c: String,
) -> String {
    format!("{a} {b} {c}")
}

#[param("pid")]
fn pid() -> u32 {
    std::process::id()
}

#[task(execution = "process")]
fn pids(pid: u32) -> [u32; 2] {
    [pid, std::process::id()]
}

#[param("line")]
fn line(volume: i64) -> String {
    format!("volume {volume}")
}

#[param("page")]
fn page(#[arg("line")] text: String) -> String {
    format!("<{text}>")
}

#[task(execution = "process")]
async fn nested(#[arg(EnvArg("ROCKETRY_INTERNAL_NOT_THERE") >> Arg("page"))] text: String) -> String {
    text
}

#[param("label")]
fn label(door: Door) -> String {
    door.0.to_owned()
}

#[task(execution = "process", group = guarded)]
fn pass(label: String) -> String {
    label
}

#[task(execution = "process")]
fn knock(label: String) -> String {
    label
}

#[task]
async fn load() -> Report {
    Report {
        name: "numbers".to_owned(),
        numbers: vec![1.0, 2.0, 3.5],
    }
}

#[task(after_success(load), execution = "process")]
fn sum(#[arg(Return(load))] report: Arc<Report>) -> anyhow::Result<Report> {
    Ok(Report {
        name: format!("sum of {}", report.name),
        numbers: vec![report.numbers.iter().sum()],
    })
}

#[task]
fn show(#[arg(Return(sum))] report: Report) -> String {
    format!("{}: {:?}", report.name, report.numbers)
}

#[task(execution = "process")]
async fn fail() -> anyhow::Result<()> {
    Err(anyhow::anyhow!("no such luck")).context("the report could not be read")
}

#[task(execution = "process")]
fn itself(id: RunId, due: Due, flag: TerminationFlag, now: Now, config: Config) -> (String, String, bool) {
    assert!(now.timestamp_micros() >= due.0.as_micros());
    assert_eq!(config.max_process_count, None);
    (id.to_string(), due.0.to_string(), flag.is_set())
}

#[param("cycles")]
fn cycles(session: Session) -> u64 {
    session.cycles()
}

#[task(execution = "process")]
fn detour(cycles: u64) -> u64 {
    cycles
}
