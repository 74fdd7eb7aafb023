//! Runs that other nodes execute for this one, and runs that this node executes for others.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::on_thread::{on_own_thread, on_thread_with};
use super::prepare::prepare_with;
use super::report::Report;
use super::reported_end::End;
use crate::cluster::{Job, NodeInfo};
use crate::dispatch::race::race;
use crate::engine::run::{Run, StopReason};
use crate::engine::state::Phase;
use crate::error::{Error, Kind};
use crate::session::Session;
use crate::session::remote::{
    AssignedHost, AssignedRun, Assignment, Fate, RunFunctions, key_of, request_elsewhere,
};
use crate::task::{Execution, Outcome, Work};

/// The functions that execute handed-over runs, and by which the leader waits for them.
pub(crate) const RUN_FUNCTIONS: RunFunctions = RunFunctions { make, wait };

/// Hands a run over to the nodes of the cluster. Returns the run if this node has to execute it: if it does
/// not hand over runs, if the app is starting up or ending, or if the run needs something that only this node
/// has.
/// starts up or ends, or if the run needs what only this node has.
pub(crate) fn hand_over(session: &Session, run: Arc<Run>) -> Result<(), Arc<Run>> {
    let Some(work) = session.work() else {
        return Err(run);
    };
    let (term, job) = match describe(session, &run) {
        Ok(described) => described,
        Err(why) => return keep(session, run, &why),
    };
    let lane = job.lane.clone();
    let fate = work.hand_over(term, job, &run);
    if let Some(lane) = lane {
        report_missing_lane(session, &lane, &run);
    }
    wait(session, &Handle::current(), run, fate);
    Ok(())
}

/// A run as a job for other nodes, and the term in which it is handed over.
///
/// # Errors
///
/// Returns the reason why this node has to execute the run.
fn describe(session: &Session, run: &Run) -> Result<(u64, Job), Error> {
    let own = |why: &str| Error::new(Kind::State, why.to_owned());
    if run.spec.execution == Execution::Main {
        return Err(own("its execution is `main`"));
    }
    if session.state().phase != Phase::Up {
        return Err(own("the app starts up or ends"));
    }
    let term = session
        .giving_term()
        .ok_or_else(|| own("this node does not lead"))?;
    let request = request_elsewhere(run, session)?;
    let state = session.state();
    let origin = state.running(run).and_then(|running| running.origin.as_deref());
    let assignment = Assignment {
        request,
        number: run.number,
        start: run.start.as_micros(),
        timeout: run.spec.timeout.0,
        more_attempts: run.spec.rare.more_attempts,
        cause: origin.and_then(|origin| origin.cause.clone()).unwrap_or_default(),
        upstream: origin.map_or_else(Vec::new, |origin| origin.upstream.to_vec()),
    };
    drop(state);
    let job = Job {
        key: key(run),
        lane: run.spec.rare.lane.as_deref().map(str::to_owned),
        text: assignment.to_json(),
    };
    Ok((term, job))
}

/// Keeps a run that is not handed over. It fails if this node does not have its lane.
fn keep(session: &Session, run: Arc<Run>, why: &Error) -> Result<(), Arc<Run>> {
    let Some(lane) = run.spec.rare.lane.as_ref().filter(|lane| !session.has_lane(lane)) else {
        return Err(run);
    };
    let message = format!(
        "a run needs a node with the lane `{lane}`, which this one does not have, and can't be handed over: {why}"
    );
    let outcome = Outcome::Fail(message.as_str().into());
    session.fail_in_cluster(Some(&run.spec.name), message);
    Report::new(session.clone(), run).done(outcome);
    Ok(())
}

/// Reports that a run waits because no node has its lane. Before the first heartbeat, no nodes are known.
fn report_missing_lane(session: &Session, lane: &str, run: &Run) {
    let nodes = session.nodes();
    let has = |node: &NodeInfo| !node.is_lost && node.lanes.iter().any(|own| **own == *lane);
    if !nodes.is_empty() && !nodes.iter().any(has) {
        let message = format!("no node has the lane `{lane}`: a run waits until one comes");
        session.fail_in_cluster(Some(&run.spec.name), message);
    }
}

fn key(run: &Run) -> String {
    key_of(&run.info.task, &run.info.run_id, run.start)
}

/// Waits for the end of a handed-over run, and reports it.
fn wait(session: &Session, runtime: &Handle, run: Arc<Run>, fate: oneshot::Receiver<Fate>) {
    let report = Report::new(session.clone(), run);
    runtime.spawn(wait_for(report, fate));
}

async fn wait_for(report: Report, mut fate: oneshot::Receiver<Fate>) {
    let run = report.run().clone();
    let told = race(&mut fate, run.info.flag().wait()).await;
    let told = if let Some(told) = told {
        told
    } else {
        pass_on_stop(report.session(), &run);
        fate.await
    };
    match told {
        Ok(Fate::Ended(end)) => finish(report, &end),
        Ok(Fate::Lost) => {
            let session = report.session().clone();
            session.state().stop_run(&run, StopReason::NodeLost);
            drop(report);
        }
        // The run is cut off, or the leader has released it.
        Ok(Fate::Withdrawn) | Err(_) => drop(report),
    }
}

/// Forwards a request to end a run. If the leader itself ends, only the runs on its own node are affected.
fn pass_on_stop(session: &Session, run: &Run) {
    let Some(work) = session.work() else { return };
    let state = session.state();
    let stopped = state.running(run).and_then(|running| running.stopped);
    let concedes = state.lead.concedes;
    drop(state);
    match stopped {
        Some(StopReason::ShutDown) if !concedes => work.stop_here(&key(run)),
        None | Some(StopReason::ShutDown) => {}
        Some(_) => {
            if let Some(term) = session.giving_term() {
                work.stop(term, &key(run));
            }
        }
    }
}

fn finish(report: Report, end: &str) {
    match End::read(end) {
        Ok(End { outcome, at, process }) => {
            let now = report.session().now();
            // The clocks of nodes may differ.
            let at = at.clamp(report.run().start.min(now), now);
            report.finish_at(at, outcome, process);
        }
        Err(cause) => {
            let message = format!("the end of the run, as another node tells it, can't be read: {cause}");
            report.done(Outcome::Fail(message.into()));
        }
    }
}

/// Executes a run for the leader, with the execution of its task.
fn make(session: &Session, runtime: &Handle, assigned: AssignedRun) {
    let AssignedRun {
        run, host, request, ..
    } = assigned;
    let report = Report::begin(session.clone(), run);
    match report.run().spec.execution {
        #[cfg(unix)]
        Execution::Process => super::in_process::make_for_leader(runtime, report, host, request),
        #[cfg(not(unix))]
        Execution::Process => {
            drop((host, request));
            report.done(Outcome::Fail("a process of its own needs a Unix system".into()));
        }
        Execution::Async => drop(runtime.spawn(on_runtime(report, host))),
        Execution::Thread | Execution::Main => on_own_thread(runtime, report, move |report, runtime| {
            let outcome = on_thread_with(&host, runtime, &report);
            report.finish(outcome, None);
        }),
    }
}

async fn on_runtime(report: Report, host: AssignedHost) {
    let run = report.run().clone();
    let prepared = prepare_with(&host, &report);
    let outcome = match prepared {
        Ok(Work::Async(future)) => race(future, run.info.flag().wait()).await,
        Ok(Work::Blocking(function)) => Some(function()),
        Err(outcome) => Some(outcome),
    };
    report.finish(outcome, None);
}
