//! Calls the hooks. One that fails is kept among the failures, and the others are called nevertheless.

use std::sync::Arc;

use super::hooks::{Ended, Hook, HookKind, Scene, Side};
use super::standstill::await_standing_still;
use super::{Part, Session};
use crate::cond::TaskId;
use crate::error::Result;
use crate::log::Record;
use crate::param::{Context, RunInfo, Value};

impl Session {
    /// Calls the hooks of a kind that are about no task, one after the other.
    pub(crate) async fn call_hooks(&self, kind: HookKind, side: Side) {
        let scene = Scene::new(side);
        for hook in self.0.hooks.of(kind, side) {
            let mut context = self.context(None);
            context.scene = Some(&scene);
            self.keep_failure(None, await_standing_still(hook.call(&context)).await);
        }
    }

    /// Calls the hooks before a run, or after it if it has ended.
    pub(crate) fn call_run_hooks(&self, info: &RunInfo, ended: Option<Record>) {
        let side = if ended.is_some() {
            Side::After
        } else {
            Side::Before
        };
        let scene = Scene {
            ended: ended.map(Ended),
            ..Scene::new(side)
        };
        self.call_about(TaskId::new(info.index), &scene, Some(info), HookKind::TaskExecute);
    }

    /// Calls the hooks after the build of a task.
    pub(crate) fn call_init_hooks(&self, id: TaskId) {
        let scene = Scene {
            task: Some(id),
            ..Scene::new(Side::After)
        };
        self.call_about(id, &scene, None, HookKind::TaskInit);
    }

    fn call_about(&self, id: TaskId, scene: &Scene, run: Option<&RunInfo>, kind: HookKind) {
        if !self.0.hooks.any(kind, scene.side) {
            return;
        }
        let spec = self.state().task(id).spec.clone();
        let call = |hook: &Hook| {
            let mut context: Context<'_> = self.context_in(spec.zone, run);
            context.scene = Some(scene);
            self.keep_failure(Some(&spec.name), hook.call_now(&context));
        };
        self.0.hooks.of(kind, scene.side).for_each(call);
    }

    fn keep_failure(&self, task: Option<&Arc<str>>, called: Result<Value>) {
        if let Err(error) = called {
            self.fail(Part::Hook, task, error);
        }
    }
}
