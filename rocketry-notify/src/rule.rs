//! Rules: what to report, and for which tasks.

use std::time::Duration;

use rocketry_core::cond::IntoDelta;
use serde::{Deserialize, Serialize};

/// A kind of trouble of a task or of the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Trouble {
    /// Runs of the task fail.
    Failing,
    /// The task is due but does not start, or a start was missed.
    Late,
    /// A run takes much longer than usual for the task.
    Overrun,
    /// The task has not succeeded for a long time.
    NoSuccess,
    /// The run log can't be written, so no run starts.
    LogPaused,
}

impl Trouble {
    /// Returns the name, as in its JSON: `failing`, `late`, `overrun`, `no_success`, `log_paused`.
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

/// What to report, and for which tasks. By default, a rule covers all tasks.
///
/// If several rules for the same kind of trouble cover a task, the first one applies.
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
    /// The mistake in the rule, if any.
    pub(crate) mistake: Option<String>,
}

/// The threshold of a rule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Limit {
    /// This many consecutive failures.
    Failures(u64),
    /// A start that is this late.
    Late(Duration),
    /// A run that takes this multiple of the usual time.
    Overrun(f64),
    /// No success for this long.
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

    /// Reports a run that fails, panics, exceeds its timeout or is interrupted by a crash of the app. The
    /// incident ends with the next run that succeeds or has nothing to do.
    pub fn failure() -> Self {
        Rule::failures(1)
    }

    /// Reports a number of consecutive failures. A number of 0 is a mistake, which prevents the app from
    /// starting.
    pub fn failures(in_a_row: u64) -> Self {
        let mut rule = Rule::new(Limit::Failures(in_a_row));
        if in_a_row == 0 {
            rule.mistake = Some("failures in a row: expected 1 or more, found 0".to_owned());
        }
        rule
    }

    /// Reports a task that is due by its schedule and has not started within `grace`, whatever it waits for,
    /// and a start that turns out to be missed. Starts that an operator prevents (by a pause, by disabling
    /// the task, by skipping the start) are not late. The incident ends with the next start.
    ///
    /// A task with a custom condition in its statement is late if the condition's last result was `true`.
    pub fn late(grace: impl IntoDelta) -> Self {
        Rule::of_length(grace, "grace of late starts", Limit::Late)
    }

    /// Reports a run that takes longer than this multiple of the usual time, which is the median of the last
    /// successful runs of the task (at most 20). Tasks with fewer than three of those, and runs of less than
    /// ten seconds, never overrun. The incident ends with the run. A multiple of less than 1 is a mistake,
    /// which prevents the app from starting.
    pub fn overrun(times: f64) -> Self {
        let mut rule = Rule::new(Limit::Overrun(times));
        if !(1.0..=1e6).contains(&times) {
            rule.mistake = Some(format!(
                "multiple of the usual time: expected a number from 1 to 1000000, found {times}"
            ));
        }
        rule
    }

    /// Reports a task that has not succeeded for this long: since its last success or, if there is none,
    /// since the app first had the task. Tasks that are paused or disabled are not reported. The incident
    /// ends with the next success.
    pub fn no_success_within(length: impl IntoDelta) -> Self {
        Rule::of_length(length, "time without a success", Limit::NoSuccess)
    }

    /// Reports a run log that can't be written, so that no run starts.
    pub fn log_paused() -> Self {
        Rule::new(Limit::LogPaused)
    }

    /// Limits the rule to some tasks. A name without a task prevents the app from starting.
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

    /// Excludes some tasks.
    #[must_use]
    pub fn except<S: Into<String>>(mut self, tasks: impl IntoIterator<Item = S>) -> Self {
        self.except.extend(tasks.into_iter().map(Into::into));
        self
    }

    /// Returns the kind of trouble that the rule reports.
    pub fn trouble(&self) -> Trouble {
        match self.limit {
            Limit::Failures(_) => Trouble::Failing,
            Limit::Late(_) => Trouble::Late,
            Limit::Overrun(_) => Trouble::Overrun,
            Limit::NoSuccess(_) => Trouble::NoSuccess,
            Limit::LogPaused => Trouble::LogPaused,
        }
    }

    /// Returns true if the rule covers a task.
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
