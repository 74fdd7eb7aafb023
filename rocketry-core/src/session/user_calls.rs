//! Calls of user code that the scheduler waits for: watches them, reports long waits, and cancels them when
//! the app must end immediately.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use rocketry_syntax::ast::Delta;
use tokio::time::timeout;

use super::Session;
use crate::dispatch::deadlock_guard::call_for_scheduler;
use crate::dispatch::race::race;
use crate::dispatch::user_calls::Called;
use crate::engine::state::Phase;
use crate::error::{Error, Kind, Location};
use crate::failure::Part;
use crate::hooks::HookKind;

/// How long the scheduler waits before it reports the wait.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// How long a hook that awaits something may take once the app must end immediately.
const LAST_GRACE: Duration = Duration::from_secs(1);

impl Session {
    /// Calls a function that the scheduler waits for.
    pub(crate) fn call_on_scheduler<T>(&self, called: Called, function: impl FnOnce() -> T) -> T {
        self.0.inbox.free_runs();
        self.0
            .watchdog
            .calls
            .during(called, || call_for_scheduler(function))
    }

    /// Awaits a future that the scheduler waits for. Returns `None` if it was cancelled because the app must
    /// end immediately.
    pub(crate) async fn await_on_scheduler<T>(
        &self,
        called: Called,
        future: impl Future<Output = T>,
    ) -> Option<T> {
        let mut future = pin!(future);
        let watched = std::future::poll_fn(|waking| {
            self.call_on_scheduler(called.clone(), || future.as_mut().poll(waking))
        });
        let mut raced = pin!(race(watched, self.last_moment(&called)));
        if let Ok(ended) = timeout(PATIENCE, raced.as_mut()).await {
            return ended;
        }
        self.report_pending(&called);
        raced.await
    }

    /// Waits until the app must end immediately and the grace of a hook is over.
    async fn last_moment(&self, called: &Called) {
        self.forced_end().await;
        // The manual clock of a test does not move meanwhile.
        if matches!(called, Called::Hook(..)) && self.clock().as_manual().is_none() {
            tokio::time::sleep(LAST_GRACE).await;
        }
    }

    /// Waits until the app must end immediately.
    pub(super) async fn forced_end(&self) {
        loop {
            let forced = self.0.forced.notified();
            if self.state().phase >= Phase::Forced {
                return;
            }
            forced.await;
        }
    }

    fn report_pending(&self, called: &Called) {
        let (task, what, place) = self.describe(called);
        let waits = match self.state().phase {
            Phase::Standby | Phase::Starting => "the start-up waits",
            Phase::Up => "the scheduler waits",
            Phase::Closing | Phase::Forced | Phase::Over => "the shut-down waits",
        };
        let patience = Delta::from(PATIENCE);
        let message = format!(
            "{waits} for {what}, which has not ended after {patience}; nothing else starts meanwhile"
        );
        self.fail_waiting(task.as_ref(), Error::at(Kind::State, message, place));
    }

    /// Reports code that blocks the scheduler.
    pub(crate) fn report_blocking(&self, called: &Called) {
        let (task, what, place) = self.describe(called);
        let patience = Delta::from(self.config().blocking_after.unwrap_or_default());
        let advice = match called {
            Called::Main(_) => "run the task with `execution = \"thread\"`",
            Called::Hook(HookKind::Setup | HookKind::Startup | HookKind::Shutdown, ..) => {
                "let it be `async` and `await`, or leave the work to a task"
            }
            Called::Hook(..) => "let it return soon, and leave the work to a task",
            Called::Condition(..) | Called::RunId(_) => {
                "let it return soon: a task can do the work and leave the result in a parameter"
            }
        };
        let message = format!(
            "{what} blocks the scheduler: it has gone on for over {patience}, and nothing else starts meanwhile; {advice}"
        );
        self.fail(
            Part::Blocking,
            task.as_ref(),
            Error::at(Kind::State, message, place),
        );
    }

    /// The task that a call concerns, a description of the called code, and the place of its declaration.
    fn describe(&self, called: &Called) -> (Option<Arc<str>>, String, Option<Location>) {
        let name = |task| Some(self.state().task(task).spec.name.clone());
        match called {
            Called::Condition(task, call) => (name(*task), format!("condition `{call}`"), call.location()),
            Called::Hook(HookKind::Setup, hook, place) => (None, format!("set-up `{hook}`"), Some(*place)),
            Called::Hook(_, hook, place) => (None, format!("hook `{hook}`"), Some(*place)),
            Called::RunId(task) => (name(*task), "the function that names its runs".to_owned(), None),
            Called::Main(task) => (name(*task), "a run on the scheduler".to_owned(), None),
        }
    }
}
