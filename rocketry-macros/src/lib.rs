//! The procedural macros of Rocketry.
//!
//! Use them through the crate `rocketry`, which re-exports them. Each turns a function into a part of the
//! app that contains it, without manual registration.
//!
//! | attribute | the function becomes |
//! |---|---|
//! | [`#[task]`](macro@task) | a task that the scheduler runs |
//! | [`#[param]`](macro@param) | a session parameter that tasks request by name |
//! | [`#[cond]`](macro@cond) | a condition, for use in statements |
//! | [`#[setup]`](macro@setup) | a hook that runs once, before the first task |
//! | [`#[hook]`](macro@hook) | a hook that runs at a moment in the app's life |
//!
//! # Parameters of functions
//!
//! These functions take up to twelve parameters, by value. The parameter's type, name and attribute select the
//! source of its value:
//!
//! - `session: Session`, `now: Now` and the other extractors provide their own value.
//! - `greeting: String` is the session parameter `greeting`.
//! - `#[arg("greeting")] text: String` is the same parameter under another name.
//! - `#[arg(Return(fetch))] report: Report` is the last result of the task `fetch`. The compiler checks that
//!   `fetch` is a task and returns a `Report`. Take an `Arc<Report>` to avoid a clone.
//! - `#[arg(Return(fetch, default = 0))] number: u32` uses the default if there is no result. `Arg`, `EnvArg` and
//!   `CliArg` accept a default too.
//! - `greeting: Option<String>` is `None` if the parameter does not exist. The same applies to every other source: a
//!   task without a result for `Return(fetch)`, a missing variable for `EnvArg("PORT")`, a missing option for
//!   `CliArg("--port")`.
//! - `#[arg(Task(fetch))] other: Task` is another task.
//! - `#[arg(EnvArg("PORT") >> CliArg("--port") >> SimpleArg(8080))] port: u16` uses the first source that has a
//!   value.
//!
//! Parameters of the run take precedence over all of these, followed by the task's `parameters = { … }`.
//!
//! # Debugging
//!
//! `ROCKETRY_MACROS_DEBUG=fetch cargo build` prints the expansion of the function `fetch`.

mod call;
mod cond;
mod debug;
mod errors;
#[cfg(test)]
mod expand_tests;
mod function;
mod hook;
mod item;
mod options;
mod param;
mod paths;
mod place;
mod signature;
mod source;
mod statement;
mod task;
mod values;

use proc_macro::TokenStream;

/// Turns a function into a task, which runs when its statement is true.
///
/// ```standalone_crate
/// use rocketry::prelude::*;
///
/// # #[derive(Clone)]
/// # struct Report;
/// # impl Report {
/// #     async fn download() -> std::io::Result<Self> { Ok(Report) }
/// #     fn crunch(self) {}
/// # }
/// #[task(daily.after("07:00"))]
/// async fn fetch() -> std::io::Result<Report> {
///     Report::download().await
/// }
///
/// #[task(after_success(fetch), timeout = "10 minutes")]
/// fn crunch(#[arg(Return(fetch))] report: Report) {
///     report.crunch();
/// }
///
/// #[task("every 10 seconds & ~task 'crunch' is running")]
/// async fn heartbeat() {}
/// # fn main() { rocketry::Rocketry::new().build().unwrap(); }
/// ```
///
/// The function itself is unchanged. The macro also creates a hidden type of the same name, so the compiler can check
/// other statements that mention the task, such as `after_success(fetch)`. Because the type is an item beside the
/// function, a task can be in a module or inside another function, but not in an `impl`.
///
/// An `async fn` runs on the runtime, a plain `fn` on a thread of its own. The run fails if the function returns an
/// `Err` or panics. Any other return value is available through `Return(…)`.
///
/// # The statement
///
/// The statement is the first argument or the option `start`. A task without one runs only on request. A statement is
/// either
///
/// - **an expression** built with `&`, `|` and `!` from the words in `rocketry::conds`, which are in scope here, and
///   from the functions and constants that `#[cond]` creates; or
/// - **a string**, such as `"daily after 07:00 & is workday"`, where `~` negates.
///
/// Expressions may contain strings: `daily & "is workday"`. Counts of events compare like numbers:
/// `daily & (failed(fetch).today() >= 3)`. The parentheses are necessary because `&` binds more tightly than `>=` in
/// Rust.
///
/// The compiler also warns about statements that rarely mean what they say, such as `"cron 0 9 13 * Fri"`;
/// see `rocketry::check`. `allow(both_day_fields)` silences such a warning.
///
/// The compiler checks words, times of day, dates, cron expressions, durations, and tasks that are named by
/// their path.
///
/// # Options
///
/// | option | value | what it does |
/// |---|---|---|
/// | `start` | statement | when to start; replaces the first argument |
/// | `end` | statement | when to terminate a run |
/// | `name` | string | the name; default: the function's path in its crate |
/// | `description` | string | a description; default: the function's documentation |
/// | `execution` | `"async"`, `"thread"`, `"main"`, `"process"` | where it runs |
/// | `timeout` | duration, `"never"` | how long a run may take |
/// | `priority` | whole number | tasks with a higher priority start first |
/// | `disabled` | `true`, `false` | disables the task |
/// | `first_run` | `"due"`, `"wait"` | whether a task that has never run starts in the current period or waits for the next |
/// | `on_startup` | `true`, `false` | runs the task once before all others |
/// | `on_shutdown` | `true`, `false` | runs the task once after all others |
/// | `permanent` | `true`, `false` | marks a task that never ends by itself |
/// | `multilaunch` | `true`, `false` | allows a start while the task runs |
/// | `max_running` | `3` | the maximum number of concurrent runs; default: 1 |
/// | `overlap` | `"skip"`, `"queue"`, `"replace"` | what happens to a start that falls due while the task runs |
/// | `on_crash` | `"again"`, `"count"` | whether a run that was interrupted by a crash of the app runs again or only counts as crashed |
/// | `attempts` | `5` | how many times a cluster starts a run whose node is lost; default: 1, and 3 with `on_crash = "again"` |
/// | `catch_up` | `"none"`, `"last"`, `"all"`, `"all within 2 days"` | which starts that were missed while the app was down are made up for |
/// | `jitter` | duration | delays each start by up to this duration |
/// | `unique` | `true`, `false` | rejects a requested run while one with equal parameters is queued |
/// | `pool` | `"db"` | a run limit shared with other tasks; the app sets its size: `.pool("db", 4)` |
/// | `lane` | `"gpu"` | the lane that a cluster node must have to run the task |
/// | `parameters` | `{ key = value, … }` | values for the function's parameters, or their sources: `{ host = EnvArg("HOST") }` |
/// | `group` | `reports`, `"reports"` | the group of the task |
/// | `timezone` | string | the time zone of its statement, such as `"Europe/Helsinki"` |
/// | `run_id` | path of a `fn(&NewRun) -> String` | names the task's runs |
/// | `allow` | `(both_day_fields, …)` | lints to silence for the task; see `rocketry::check` |
/// | `crate` | path | the path of the crate `rocketry` |
///
/// `disabled` is short for `disabled = true`, and likewise for the other boolean options: `#[task(daily, disabled)]`.
#[proc_macro_attribute]
pub fn task(attr: TokenStream, item: TokenStream) -> TokenStream {
    task::MACRO.apply(&attr.into(), &item.into()).into()
}

/// Turns a function into a session parameter, and calls it each time the value is requested.
///
/// ```standalone_crate
/// use rocketry::prelude::*;
///
/// #[param("greeting")]
/// fn greeting(#[arg(EnvArg("GREETING") >> SimpleArg("Hello"))] text: String) -> String {
///     text
/// }
///
/// #[task(hourly)]
/// fn greet(greeting: String) {
///     println!("{greeting}!");
/// }
/// # fn main() { rocketry::Rocketry::new().build().unwrap(); }
/// ```
///
/// The parameter's name defaults to the function's name. The function may return a `Result`; an `Err` fails the run
/// that requested the value. The function can't be `async`.
///
/// The only option is `crate = path`, the path of the crate `rocketry`.
#[proc_macro_attribute]
pub fn param(attr: TokenStream, item: TokenStream) -> TokenStream {
    param::MACRO.apply(&attr.into(), &item.into()).into()
}

/// Turns a function into a custom condition for statements.
///
/// ```standalone_crate
/// use rocketry::prelude::*;
///
/// /// `daily & is_workday`, or `"daily & is workday"`.
/// #[cond("is workday")]
/// fn is_workday(now: Now) -> bool {
///     now.weekday().number_from_monday() < 6
/// }
///
/// /// `daily & file_exists("in.csv")`, or `"daily & file 'in.csv' exists"`.
/// #[cond("file '{path}' exists")]
/// fn file_exists(path: String) -> bool {
///     std::path::Path::new(&path).is_file()
/// }
///
/// #[task(daily & is_workday & file_exists("in.csv"))]
/// fn import() {}
/// # fn main() { rocketry::Rocketry::new().build().unwrap(); }
/// ```
///
/// The phrase is for statements in strings; a condition without a phrase works in expressions only. A parameter that
/// the phrase captures in braces is *free*: the statement provides its value. In a condition without a phrase,
/// `#[given]` marks a free parameter. Its type must be `FromStr + Display + Clone + Send + Sync`. All other parameters
/// are resolved each time the condition is evaluated.
///
/// The macro replaces the function with a constant or, if it has free parameters, with a function that returns a
/// condition. A free `String` accepts any `Into<String>`.
///
/// The function returns `bool` or `Result<bool, E>`, and can't be `async`. It is evaluated while everything else in
/// its statement is true, so it should be fast.
///
/// The only option is `crate = path`, the path of the crate `rocketry`.
#[proc_macro_attribute]
pub fn cond(attr: TokenStream, item: TokenStream) -> TokenStream {
    cond::MACRO.apply(&attr.into(), &item.into()).into()
}

/// Calls a function once, before the first task runs.
///
/// ```standalone_crate
/// use rocketry::prelude::*;
///
/// #[setup]
/// fn open() -> std::io::Result<std::fs::File> {
///     std::fs::File::create("app.lock")
/// }
/// # fn main() { rocketry::Rocketry::new().build().unwrap(); }
/// ```
///
/// The app keeps the returned value until it has shut down, and then drops it. An `Err` prevents the app from
/// starting. The function may be `async`.
///
/// The only option is `crate = path`, the path of the crate `rocketry`.
#[proc_macro_attribute]
pub fn setup(attr: TokenStream, item: TokenStream) -> TokenStream {
    hook::SETUP.apply(&attr.into(), &item.into()).into()
}

/// Calls a function before or after a moment in the life of an app.
///
/// ```standalone_crate
/// use rocketry::prelude::*;
///
/// #[hook(task_execute)]
/// fn announce(task: Task) {
///     println!("{} starts", task.name());
/// }
///
/// #[hook(task_execute, after)]
/// fn tell(ended: Ended) {
///     println!("{} ended with {} after {:?}", ended.task, ended.action, ended.runtime());
/// }
///
/// #[hook(task_init)]
/// fn limit(task: TaskBuilder) -> TaskBuilder {
///     task.timeout("5 minutes")
/// }
/// # fn main() { rocketry::Rocketry::new().build().unwrap(); }
/// ```
///
/// | moment | meaning |
/// |---|---|
/// | `startup` | the start-up, which runs the tasks with `on_startup` |
/// | `shutdown` | the shut-down after the last run has ended, which runs the tasks with `on_shutdown` |
/// | `cycle` | a cycle of the scheduler, which decides which tasks start |
/// | `task_execute` | a run; the hook may take `task: Task`, `run_id: RunId` and, after the run, `ended: Ended` |
/// | `task_init` | the build of a task, including tasks that are added while the app runs |
///
/// A hook is called before its moment, or after it with `after`: `#[hook(startup, after)]`. With `before, after`, it is
/// called on both sides and may take the `side: Side`. Before `task_init`, the function takes the `TaskBuilder` and
/// returns it; after it, the function may take the `Task`.
///
/// The function returns nothing or a `Result`. A failure is reported in `Session::failures`, and halts the app if its
/// settings say so. A hook of `startup` or `shutdown` may be `async`. Other hooks can't, because the scheduler waits
/// until they return.
///
/// The only other option is `crate = path`, the path of the crate `rocketry`.
#[proc_macro_attribute]
pub fn hook(attr: TokenStream, item: TokenStream) -> TokenStream {
    hook::HOOK.apply(&attr.into(), &item.into()).into()
}
