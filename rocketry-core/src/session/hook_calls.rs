//! Calls hooks. A hook that fails is recorded as a failure, and the remaining hooks are still called.

use std::sync::Arc;

use super::Session;
use crate::dispatch::user_calls::Called;
use crate::error::{Error, Kind, Result};
use crate::failure::Part;
use crate::hooks::{Ended, Hook, HookContext, HookKind, Side};
use crate::log::Record;
use crate::param::{Context, RunContext, Value};
use crate::task_id::TaskId;

impl Session {
    /// Calls the hooks of a kind that concern no task, one after the other.
    pub(crate) async fn call_hooks(&self, kind: HookKind, side: Side) {
        let of_hook = HookContext::new(side);
        for hook in self.0.hooks.of(kind, side) {
            let mut context = self.context(None);
            context.hook = Some(&of_hook);
            let called = self.call_hook(hook, &context).await;
            self.keep_failure(None, called.unwrap_or_else(|| Err(cut_off(hook))));
        }
    }

    /// Calls a hook that the app waits for. Returns `None` if it was cancelled because the app must end
    /// immediately.
    pub(crate) async fn call_hook(&self, hook: &Hook, context: &Context<'_>) -> Option<Result<Value>> {
        self.await_on_scheduler(called(hook), hook.call(context)).await
    }

    /// Calls the hooks before a run, or the hooks after it if it has ended.
    pub(crate) fn call_run_hooks(&self, info: &RunContext, ended: Option<Record>) {
        let side = if ended.is_some() {
            Side::After
        } else {
            Side::Before
        };
        let of_hook = HookContext {
            ended: ended.map(Ended),
            ..HookContext::new(side)
        };
        self.call_about(info.task_id, &of_hook, Some(info), HookKind::TaskExecute);
    }

    /// Calls the hooks after the build of a task.
    pub(crate) fn call_init_hooks(&self, id: TaskId) {
        let of_hook = HookContext {
            task: Some(id),
            ..HookContext::new(Side::After)
        };
        self.call_about(id, &of_hook, None, HookKind::TaskInit);
    }

    fn call_about(&self, id: TaskId, of_hook: &HookContext, run: Option<&RunContext>, kind: HookKind) {
        if !self.0.hooks.any(kind, of_hook.side) {
            return;
        }
        let spec = self.state().task(id).spec.clone();
        let call = |hook: &Hook| {
            let mut context: Context<'_> = self.context_in(spec.zone, run);
            context.hook = Some(of_hook);
            let call = || hook.call_now(&context);
            let returned = match kind {
                // A task may be added on any thread.
                HookKind::TaskInit => call(),
                _ => self.call_on_scheduler(called(hook), call),
            };
            self.keep_failure(Some(&spec.name), returned);
        };
        self.0.hooks.of(kind, of_hook.side).for_each(call);
    }

    fn keep_failure(&self, task: Option<&Arc<str>>, called: Result<Value>) {
        if let Err(error) = called {
            self.fail(Part::Hook, task, error);
        }
    }
}

fn called(hook: &Hook) -> Called {
    Called::Hook(hook.kind, hook.name, hook.location)
}

/// The failure of a hook that was cancelled.
pub(crate) fn cut_off(hook: &Hook) -> Error {
    let message = format!(
        "hook `{}` was interrupted, because the app was to end immediately",
        hook.name
    );
    Error::at(Kind::State, message, Some(hook.location))
}
