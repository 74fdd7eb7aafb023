//! The parts of an app that is being built.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

use rocketry_syntax::Lints;

use crate::clock::Clock;
use crate::cluster::ClusterSource;
use crate::cond::KnownCond;
use crate::config::Config;
use crate::error::{Location, Problem};
use crate::group::Group;
use crate::hooks::{Hook, InitHook};
use crate::log::LogSource;
use crate::param::Params;
use crate::task::TaskBuilder;
use crate::time::Dates;

/// The parts of an app. [`Rocketry`] is a pointer to them, because each builder method moves it.
#[expect(clippy::struct_excessive_bools, reason = "each is an independent fact")]
pub(super) struct Parts {
    pub(super) tasks: Vec<TaskBuilder>,
    pub(super) params: Params,
    pub(super) conds: Vec<KnownCond>,
    pub(super) calendars: Vec<(String, Dates, Location)>,
    pub(super) hooks: Vec<Hook>,
    pub(super) inits: Vec<InitHook>,
    pub(super) groups: Vec<Group>,
    pub(super) pools: Vec<(Cow<'static, str>, usize)>,
    /// The task that shuts the app down, if there is a condition for it.
    pub(super) shut_down: Option<TaskBuilder>,
    /// Whether the last of the tasks is that one.
    pub(super) has_shut_down: bool,
    pub(super) config: Config,
    pub(super) config_file: Option<PathBuf>,
    pub(super) log: Option<(LogSource, Location)>,
    /// The cluster of which the app is a node.
    pub(super) cluster: Option<(ClusterSource, Location)>,
    pub(super) version: Option<Arc<str>>,
    pub(super) clock: Clock,
    pub(super) signals: bool,
    /// Whether the app is only looked at: its log is not written.
    pub(super) is_inspected: bool,
    /// Whether the app has every annotated function of the binary.
    pub(super) is_whole: bool,
    /// The lints that report nothing of the app.
    pub(super) allowed: Lints,
    pub(super) problems: Vec<Problem>,
}
