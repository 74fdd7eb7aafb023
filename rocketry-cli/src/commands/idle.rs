//! Shuts down an app that has nothing left to do.

use std::time::Duration;

use rocketry_core::{Phase, Session, TaskInfo};

/// How long the app has to be idle, because the scheduler may be about to decide.
const PAUSE: Duration = Duration::from_millis(50);

/// Shuts an app down once nothing runs, waits or is due, twice in a row with no event in between.
pub(super) async fn shut_down_when_idle(session: Session) {
    let mut before = None;
    loop {
        tokio::time::sleep(PAUSE).await;
        match session.phase() {
            Phase::Standby | Phase::Starting => {}
            Phase::Up => {
                let idle = is_idle(&session).then(|| session.cycles());
                if idle.is_some() && idle == before {
                    return session.shut_down();
                }
                before = idle;
            }
            _ => return,
        }
    }
}

fn is_idle(session: &Session) -> bool {
    session.cycles() > 0 && !session.task_infos().iter().any(|task| has_work(session, task))
}

fn has_work(session: &Session, task: &TaskInfo) -> bool {
    let is_due = task.next_due.is_some_and(|due| due <= session.now());
    !task.running.is_empty()
        || task.queued > 0
        || task.holds.iter().any(rocketry_core::Hold::has_run)
        || is_due && task.holds.is_empty()
}
