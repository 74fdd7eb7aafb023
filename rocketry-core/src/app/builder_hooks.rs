//! Adds hooks to an app.

use std::any::type_name;

use super::builder::Rocketry;
use crate::error::Location;
use crate::hooks::{Hook, HookFn, HookKind, InitHook, IntoTask, Moment, Sides};
use crate::task::{IntoHandler, TaskBuilder};

impl Rocketry {
    /// Calls a function before anything else. Its result is kept until the app has ended. If it fails, the app does
    /// not start.
    #[track_caller]
    pub fn setup<Marker, F: IntoHandler<Marker>>(self, function: F) -> Self {
        self.hook(HookKind::Setup, Sides::Before, function)
    }

    /// Calls a function before each occurrence of a moment. The function can take extractors such as [`Session`](crate::Session) and
    /// [`Task`](struct@crate::Task), and returns nothing or a `Result`. The [settings](crate::Config::on_hook_error) define
    /// the reaction to a failure.
    ///
    /// ```
    /// use rocketry::{Moment, Rocketry, Task};
    ///
    /// let app = Rocketry::builder().before(Moment::TaskExecute, |task: Task| println!("{} starts", task.name()));
    /// # app.build().unwrap();
    /// ```
    #[track_caller]
    pub fn before<Marker, F: IntoHandler<Marker>>(self, moment: Moment, function: F) -> Self {
        self.hook(moment.into(), Sides::Before, function)
    }

    /// Calls a function after each occurrence of a moment. After a run the function can take the
    /// [`Ended`](crate::Ended).
    #[track_caller]
    pub fn after<Marker, F: IntoHandler<Marker>>(self, moment: Moment, function: F) -> Self {
        self.hook(moment.into(), Sides::After, function)
    }

    /// Calls a function that can change each task before it is built, also tasks added while the app runs. The
    /// function returns the task, or a `Result` of it; an `Err` is a mistake of the app. The options of the task's
    /// group are applied afterwards.
    ///
    /// ```
    /// use rocketry::{Rocketry, TaskBuilder};
    ///
    /// let app = Rocketry::builder().before_task_init(|task: TaskBuilder| task.timeout("5 minutes"));
    /// # app.build().unwrap();
    /// ```
    #[track_caller]
    pub fn before_task_init<R, F>(mut self, function: F) -> Self
    where
        R: IntoTask,
        F: Fn(TaskBuilder) -> R + Send + Sync + 'static,
    {
        self.0
            .inits
            .push(InitHook::new(type_name::<F>(), Location::caller(), function));
        self
    }

    /// Calls a function after each task is built, also for tasks added while the app runs. Its
    /// [`Task`](struct@crate::Task) is the task that was built.
    #[track_caller]
    pub fn after_task_init<Marker, F: IntoHandler<Marker>>(self, function: F) -> Self {
        self.hook(HookKind::TaskInit, Sides::After, function)
    }

    #[track_caller]
    fn hook<Marker, F: IntoHandler<Marker>>(mut self, kind: HookKind, sides: Sides, function: F) -> Self {
        let location = Location::caller();
        let function = HookFn::of(function.into_handler(location));
        self.0.hooks.push(Hook {
            kind,
            sides,
            name: name_of::<F>(),
            location,
            function,
        });
        self
    }
}

/// The name of a function. For a closure within a method of a trait, it is the name of the method, because
/// the rest tells a user nothing.
fn name_of<F>() -> &'static str {
    let name = type_name::<F>();
    match name.trim_end_matches("::{{closure}}").rsplit_once(">::") {
        Some((_, method)) if name.starts_with('<') => method,
        _ => name,
    }
}
