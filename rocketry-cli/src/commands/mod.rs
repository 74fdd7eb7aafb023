//! The commands, one per file.

mod audit;
mod backfill;
mod calendar;
mod check;
mod completions;
mod context;
mod either;
mod ending;
mod explain;
mod export;
mod follow;
mod graph;
mod idle;
mod log;
mod man;
mod next;
mod nodes;
mod param;
mod pausing;
mod pool;
mod record;
mod run;
mod run_task;
mod runs;
mod set;
mod simulate;
mod steer;
mod tasks;
mod terminate;

use clap::Subcommand;

use crate::exit::{Failure, Outcome};
use crate::output::Format;

pub(crate) use context::Context;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Run(run::Run),
    Tasks(tasks::Tasks),
    Explain(explain::Explain),
    Next(next::Next),
    Simulate(simulate::Simulate),
    Check(check::Check),
    Calendar(calendar::Calendar),
    Backfill(backfill::Backfill),
    RunTask(run_task::RunTask),
    Log(log::Log),
    Runs(runs::Runs),
    Terminate(terminate::Terminate),
    Pause(pausing::Pause),
    Resume(pausing::Resume),
    SkipNext(pausing::SkipNext),
    Enable(steer::Enable),
    Disable(steer::Disable),
    CancelCatchUp(steer::CancelCatchUp),
    Set(set::Set),
    Reset(set::Reset),
    Overrides(set::Overrides),
    Param(param::Param),
    Pool(pool::Pool),
    Nodes(nodes::Nodes),
    Drain(nodes::Drain),
    ShutDown(ending::ShutDown),
    Restart(ending::Restart),
    Audit(audit::Audit),
    Graph(graph::Graph),
    Export(export::Export),
    Completions(completions::Completions),
    Man(man::Man),
    #[command(name = "__complete", hide = true)]
    Complete(completions::Complete),
}

impl Default for Command {
    fn default() -> Self {
        Command::Run(run::Run::default())
    }
}

impl Command {
    /// Returns true if the command supports the format.
    fn prints(&self, format: Format) -> bool {
        match format {
            Format::Table => true,
            Format::Json | Format::Jsonl | Format::Csv => {
                !matches!(self, Command::Completions(_) | Command::Man(_))
            }
            Format::Ics => matches!(
                self,
                Command::Simulate(_) | Command::Calendar(_) | Command::Next(_)
            ),
            Format::Svg => matches!(self, Command::Simulate(_) | Command::Calendar(_)),
        }
    }

    /// Executes any command except the one that runs the app.
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        if !self.prints(context.out.format) {
            return Err(Failure::usage(match self {
                Command::Completions(_) | Command::Man(_) => {
                    "this command prints a text: it has no other `--output`"
                }
                _ => {
                    "`--output ics` is there for `simulate`, `calendar` and `next`, and `--output svg` for `simulate` and `calendar`; \
                 expected table, json, jsonl or csv (`graph` draws with `--format svg`)"
                }
            }));
        }
        self.carry_out(context).await
    }

    async fn carry_out(self, context: &mut Context<'_>) -> Outcome {
        match self {
            Command::Run(command) => command.execute(context).await,
            Command::Tasks(command) => command.execute(context).await,
            Command::Explain(command) => command.execute(context).await,
            Command::Next(command) => command.execute(context).await,
            Command::Pause(command) => command.execute(context).await,
            Command::Resume(command) => command.execute(context).await,
            Command::SkipNext(command) => command.execute(context).await,
            Command::Check(command) => command.execute(context).await,
            Command::Calendar(command) => command.execute(context).await,
            Command::Backfill(command) => command.execute(context).await,
            Command::Simulate(command) => command.execute(context).await,
            Command::RunTask(command) => command.execute(context).await,
            Command::Log(command) => command.execute(context).await,
            Command::Runs(command) => command.execute(context).await,
            Command::Terminate(command) => command.execute(context).await,
            Command::Enable(command) => command.execute(context).await,
            Command::Disable(command) => command.execute(context).await,
            Command::CancelCatchUp(command) => command.execute(context).await,
            Command::Set(command) => command.execute(context).await,
            Command::Reset(command) => command.execute(context).await,
            Command::Overrides(command) => command.execute(context).await,
            Command::Param(command) => command.execute(context).await,
            Command::Pool(command) => command.execute(context).await,
            Command::Nodes(command) => command.execute(context).await,
            Command::Drain(command) => command.execute(context).await,
            Command::ShutDown(command) => command.execute(context).await,
            Command::Restart(command) => command.execute(context).await,
            Command::Audit(command) => command.execute(context).await,
            Command::Graph(command) => command.execute(context).await,
            Command::Export(command) => command.execute(context).await,
            Command::Completions(command) => command.execute(context),
            Command::Man(command) => command.execute(context),
            Command::Complete(command) => command.execute(context).await,
        }
    }
}
