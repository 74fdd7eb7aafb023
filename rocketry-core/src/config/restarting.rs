//! How an app restarts.

use crate::choice::words;

/// How an app restarts; see [`Session::restart`](crate::Session::restart).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Restarting {
    /// Executes the program again in the same process (`exec`), with the same arguments and environment: the default,
    /// as in Rocketry. If the file of the program was replaced, the new program runs. Unix only.
    #[default]
    Replace,
    /// Starts a new process with the same arguments and environment. The new process continues once this one has
    /// ended.
    Relaunch,
    /// Starts the app again in this process.
    Recall,
}

words!(Restarting, "way to restart", { "replace" => Replace, "relaunch" => Relaunch, "recall" => Recall });
