//! Rules: what to notify of, and for which tasks.

use std::time::Duration;

use rocketry_core::cond::IntoDelta;
use serde::{Deserialize, Serialize};

/// What is wrong with a task, or with the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Trouble {
    /// Runs of the task fail.
    Failing,
    /// The task is due and does not start, or a start was missed.
    Late,
    /// A run takes much longer than the runs of the task usually take.
    Overrun,
    /// The task has not succeeded for a long time.
    NoSuccess,
    /// The run log can't be written, so no run starts.
    LogPaused,
}

impl Trouble {
    /// The name, as in its JSON: `failing`, `late`, `overrun`, `no_success`, `log_paused`.
    pub const fn name(self) -> &'static str {
        match self {
            Trouble::Failing => "failing",
            Trouble::Late => "late",
            Trouble::Overrun => "overrun",
            Trouble::NoSuccess => "no_success",
            Trouble::LogPaused => "log_paused",
        }
    }
}

/// What to notify of, and for which tasks: all, unless the rule says otherwise.
///
/// Of several rules for one kind of trouble, the first that covers a task applies to it.
///
/// ```
/// use rocketry::notify::Rule;
///
/// let rules = [
///     Rule::failures(3).for_tasks(["fetch"]),
///     Rule::failure(),
///     Rule::late("10 minutes"),
///     Rule::overrun(3.0),
///     Rule::no_success_within("1 day").for_group("reports"),
///     Rule::log_paused(),
/// ];
/// ```
#[derive(Clone, Debug)]
pub struct Rule {
    pub(crate) limit: Limit,
    scope: Scope,
    except: Vec<String>,
    /// What is wrong with the rule itself.
    pub(crate) mistake: Option<String>,
}

/// When something counts as trouble.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Limit {
    /// So many failures in a row.
    Failures(u64),
    /// A start that is so late.
    Late(Duration),
    /// A run that takes this multiple of the usual time.
    Overrun(f64),
    /// No success for so long.
    NoSuccess(Duration),
    LogPaused,
}

#[derive(Clone, Debug)]
enum Scope {
    All,
    Tasks(Vec<String>),
    Group(String),
}

impl Rule {
    fn new(limit: Limit) -> Self {
        Rule {
            limit,
            scope: Scope::All,
            except: Vec::new(),
            mistake: None,
        }
    }

    fn of_length(length: impl IntoDelta, what: &str, limit: impl FnOnce(Duration) -> Limit) -> Self {
        match length.delta() {
            Ok(length) => Rule::new(limit(length.into())),
            Err(mistake) => Rule {
                mistake: Some(format!("{what}: {mistake}")),
                ..Rule::new(limit(Duration::ZERO))
            },
        }
    }

    /// Notifies of a run that fails, panics, takes longer than its timeout or is cut off by a crash of the app. The next run that
    /// succeeds, or finds nothing to do, ends the incident.
    pub fn failure() -> Self {
        Rule::failures(1)
    }

    /// Notifies when so many runs in a row have failed. A limit of 0 is a mistake, which keeps the app from starting.
    pub fn failures(in_a_row: u64) -> Self {
        let mut rule = Rule::new(Limit::Failures(in_a_row));
        if in_a_row == 0 {
            rule.mistake = Some("failures in a row: expected 1 or more, found 0".to_owned());
        }
        rule
    }

    /// Notifies when a task is due by its schedule and has not started within a time, whatever it waits for, and when the app finds
    /// out that a start was missed. Starts that an operator prevents (a pause, a disabled task, a skipped start) are not late.
    /// The next start ends the incident.
    ///
    /// A task whose statement asks a custom condition is late if the condition's last answer was yes.
    pub fn late(grace: impl IntoDelta) -> Self {
        Rule::of_length(grace, "grace of late starts", Limit::Late)
    }

    /// Notifies when a run takes longer than this multiple of the usual time, which is the median of the last successful
    /// runs of the task, at most 20. A task without three of them, and a run of less than ten seconds, never overrun. The end of
    /// the run ends the incident. A multiple of less than 1 is a mistake, which keeps the app from starting.
    pub fn overrun(times: f64) -> Self {
        let mut rule = Rule::new(Limit::Overrun(times));
        if !(1.0..=1e6).contains(&times) {
            rule.mistake = Some(format!(
                "multiple of the usual time: expected a number from 1 to 1000000, found {times}"
            ));
        }
        rule
    }

    /// Notifies when a task has not succeeded for a time: since its last success or, if it has none, since it was
    /// first seen. Meanwhile the task is neither paused nor disabled. The next success ends the incident.
    pub fn no_success_within(length: impl IntoDelta) -> Self {
        Rule::of_length(length, "time without a success", Limit::NoSuccess)
    }

    /// Notifies when the run log can't be written, so that no run starts.
    pub fn log_paused() -> Self {
        Rule::new(Limit::LogPaused)
    }

    /// Limits the rule to some tasks. A name that no task has keeps the app from starting.
    #[must_use]
    pub fn for_tasks<S: Into<String>>(mut self, tasks: impl IntoIterator<Item = S>) -> Self {
        self.scope = Scope::Tasks(tasks.into_iter().map(Into::into).collect());
        self
    }

    /// Limits the rule to the tasks of a group.
    #[must_use]
    pub fn for_group(mut self, group: impl Into<String>) -> Self {
        self.scope = Scope::Group(group.into());
        self
    }

    /// Leaves some tasks out.
    #[must_use]
    pub fn except<S: Into<String>>(mut self, tasks: impl IntoIterator<Item = S>) -> Self {
        self.except.extend(tasks.into_iter().map(Into::into));
        self
    }

    /// The trouble that the rule is about.
    pub fn trouble(&self) -> Trouble {
        match self.limit {
            Limit::Failures(_) => Trouble::Failing,
            Limit::Late(_) => Trouble::Late,
            Limit::Overrun(_) => Trouble::Overrun,
            Limit::NoSuccess(_) => Trouble::NoSuccess,
            Limit::LogPaused => Trouble::LogPaused,
        }
    }

    /// Whether the rule covers a task.
    pub(crate) fn covers(&self, task: &str, group: Option<&str>) -> bool {
        let is_in = match &self.scope {
            Scope::All => true,
            Scope::Tasks(tasks) => tasks.iter().any(|name| name == task),
            Scope::Group(of) => group == Some(of),
        };
        is_in && !self.except.iter().any(|name| name == task)
    }

    /// The tasks that the rule names.
    pub(crate) fn named(&self) -> impl Iterator<Item = &str> {
        let tasks = match &self.scope {
            Scope::Tasks(tasks) => tasks.as_slice(),
            Scope::All | Scope::Group(_) => &[],
        };
        tasks.iter().chain(&self.except).map(String::as_str)
    }

    /// The group that the rule names.
    pub(crate) fn group(&self) -> Option<&str> {
        match &self.scope {
            Scope::Group(group) => Some(group),
            Scope::All | Scope::Tasks(_) => None,
        }
    }
}
