//! `shut-down`, `restart`: ends the app, or restarts it.

use clap::Args;
use rocketry_api::EndRequest;

use super::context::Context;
use super::steer::said;
use crate::exit::Outcome;

/// Shuts the app down
///
/// No more runs start. The app ends when the runs in progress have ended, as after Ctrl-C.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  shut-down                        once the runs under way have ended
  shut-down --now                  terminates them")]
pub(crate) struct ShutDown {
    /// Terminates the runs in progress
    #[arg(long)]
    now: bool,
}

/// Restarts the app
///
/// The app restarts in the same process or in a new one, depending on the setting `restarting`. A new process
/// runs the current program file, so a new version takes over. No runs start meanwhile, and the app waits for
/// the runs in progress. Requested runs that have not started are made after the restart.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  restart                          after a new version was installed
  restart --now                    terminates the runs under way first")]
pub(crate) struct Restart {
    /// Terminates the runs in progress
    #[arg(long)]
    now: bool,
}

impl ShutDown {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let request = EndRequest { now: self.now };
        let done = context.reach.steerer().await?.shut_down(request).await?;
        said(context, &done.message)
    }
}

impl Restart {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let request = EndRequest { now: self.now };
        let done = context.reach.steerer().await?.restart(request).await?;
        said(context, &done.message)
    }
}
