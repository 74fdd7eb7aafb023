//! Runs that are programs: started on a thread, watched by the runtime.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::runtime::Handle;

use super::on_thread::on_own_thread;
use super::report::Report;
use crate::dispatch::live_output::LiveOutput;
use crate::engine::run::Run;
use crate::log::ProcessEnd;
use crate::session::{Session, spans};
use crate::task::Outcome;

/// A program in progress for a run.
pub(super) trait RunningProgram: Sized + Send + 'static {
    /// Waits for its end. No outcome means that the run was cut off.
    fn finish(
        self,
        run: &Run,
        session: &Session,
        live: &LiveOutput,
    ) -> impl Future<Output = (Option<Outcome>, Option<ProcessEnd>)> + Send;
}

/// Starts a run. The functions of parameters and the start of a program take time, so they run on a thread;
/// from then on, the runtime waits for the end.
/// the runtime waits for the end.
pub(super) fn launch<P: RunningProgram>(
    runtime: &Handle,
    report: Report,
    start: impl FnOnce(&Run, &Session) -> Result<P, Outcome> + Send + 'static,
) {
    let live = report.session().0.outputs.begin(&report.run().info.run_id);
    on_own_thread(runtime, report, |report, runtime| match guarded(&report, start) {
        Ok(program) => drop(runtime.spawn(async move {
            let (outcome, process) = program.finish(report.run(), report.session(), &live).await;
            drop(live);
            report.finish(outcome, process);
        })),
        Err(outcome) => report.done(outcome),
    });
}

fn guarded<P>(
    report: &Report,
    start: impl FnOnce(&Run, &Session) -> Result<P, Outcome>,
) -> Result<P, Outcome> {
    let start = || spans::within(report.span(), || start(report.run(), report.session()));
    catch_unwind(AssertUnwindSafe(start)).unwrap_or_else(|panic| Err(Outcome::caught(panic)))
}
