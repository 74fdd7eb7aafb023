//! How an app restarts.

use crate::choice::words;

/// How an app restarts; see [`Session::restart`](crate::Session::restart).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Restarting {
    /// The program takes the place of its own process, with the same arguments and environment: the default, and
    /// Rocketry's meaning. If another program was put where it lies, that one does. Unix only.
    #[default]
    Replace,
    /// A new process is started, with the same arguments and environment, and goes on once this one has ended.
    Relaunch,
    /// The app starts anew in this process.
    Recall,
}

words!(Restarting, "way to restart", { "replace" => Replace, "relaunch" => Relaunch, "recall" => Recall });
