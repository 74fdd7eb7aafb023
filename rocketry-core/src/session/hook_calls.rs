//! Calls the hooks. One that fails is kept among the failures, and the others are called nevertheless.

use std::sync::Arc;

use super::Session;
use crate::dispatch::deadlock_guard::await_for_scheduler;
use crate::error::Result;
use crate::failure::Part;
use crate::hooks::{Ended, Hook, HookContext, HookKind, Side};
use crate::log::Record;
use crate::param::{Context, RunContext, Value};
use crate::task_id::TaskId;

impl Session {
    /// Calls the hooks of a kind that are about no task, one after the other.
    pub(crate) async fn call_hooks(&self, kind: HookKind, side: Side) {
        let of_hook = HookContext::new(side);
        for hook in self.0.hooks.of(kind, side) {
            let mut context = self.context(None);
            context.hook = Some(&of_hook);
            self.keep_failure(None, await_for_scheduler(hook.call(&context)).await);
        }
    }

    /// Calls the hooks before a run, or after it if it has ended.
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
            self.keep_failure(Some(&spec.name), hook.call_now(&context));
        };
        self.0.hooks.of(kind, of_hook.side).for_each(call);
    }

    fn keep_failure(&self, task: Option<&Arc<str>>, called: Result<Value>) {
        if let Err(error) = called {
            self.fail(Part::Hook, task, error);
        }
    }
}
