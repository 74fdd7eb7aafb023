//! Runs requested from nodes, and their outcomes.

use rocketry_core::Action;

use crate::engine::{Engine, Row};
use crate::node::{ASKED, REQUESTS};

/// A run that was requested from a node.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) node: String,
    /// Whether it was handed in for the leader, and not withdrawn.
    is_call: bool,
    /// The answer that its node received. There is at most one.
    told: Vec<String>,
    /// The starts of its runs.
    starts: Vec<Row>,
}

impl Request {
    /// Returns the name of a request. No name is a prefix of another.
    pub(crate) fn name(number: u32) -> String {
        format!("request-{number}.")
    }

    /// Returns the requests that the nodes have read, out of the first `count`.
    pub(crate) fn read_all(engine: &mut impl Engine, journal: &str, count: u32) -> Vec<Self> {
        let lines = std::fs::read_to_string(format!("{journal}{REQUESTS}")).unwrap_or_default();
        let (rows, calls) = (engine.records_after(0), engine.calls());
        let starts = rows
            .into_iter()
            .filter(|row| row.action == Action::Run && row.task == ASKED);
        let starts: Vec<Row> = starts.collect();
        let names = (1..=count).map(Self::name);
        names
            .filter_map(|name| Self::read(&name, &lines, &starts, &calls))
            .collect()
    }

    fn read(name: &str, lines: &str, starts: &[Row], calls: &[String]) -> Option<Self> {
        let mut own = lines
            .lines()
            .filter_map(|line| line.strip_prefix(name)?.trim_start().split_once(' '));
        let (node, asked) = own.next()?;
        assert_eq!(asked, "asked");
        let is_own = |row: &&Row| row.cause.ends_with(name);
        Some(Request {
            node: node.to_owned(),
            is_call: calls.iter().any(|call| call.contains(name)),
            told: own.map(|(_, told)| told.to_owned()).collect(),
            starts: starts.iter().filter(is_own).cloned().collect(),
        })
    }

    /// Whether its run has started, or will not.
    pub(crate) fn is_decided(&self) -> bool {
        !self.starts.is_empty() || self.is_refused() || !self.is_call && self.is_told()
    }

    pub(crate) fn is_told(&self) -> bool {
        !self.told.is_empty()
    }

    fn is_refused(&self) -> bool {
        self.told.iter().any(|told| told.contains("was not made"))
    }

    /// What must not be, if it is so.
    pub(crate) fn mistake(&self) -> Option<&'static str> {
        let has_ended = self.told.iter().any(|told| told.starts_with("ended "));
        let is_unknown = self.told.iter().any(|told| told.contains("can't be waited for"));
        match self.starts.len() {
            0 if has_ended => Some("told to have ended, and never started"),
            0 if self.is_call && !self.is_refused() => Some("handed in, and neither made nor refused"),
            0 if !self.is_call && !self.is_refused() && !is_unknown => Some("lost without a word"),
            1 if self.is_refused() => Some("made, and told to be not made"),
            2.. => Some("made twice"),
            _ if self.told.len() > 1 => Some("told twice"),
            _ if self.is_told() && !self.is_refused() && !has_ended && !is_unknown => {
                Some("told what is not so")
            }
            _ => None,
        }
    }
}
