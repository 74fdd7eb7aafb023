//! The procedural macros of Rocketry.
//!
//! Use them through the crate `rocketry`, which exports them all. Each turns a function into a part of the
//! app that contains it: nothing has to be registered by hand.
//!
//! | attribute | the function becomes |
//! |---|---|
//! | [`#[task]`](macro@task) | a task, which the scheduler runs |
//! | [`#[param]`](macro@param) | a session parameter, which tasks ask for by name |
//! | [`#[cond]`](macro@cond) | a condition, for use in statements |
//! | [`#[setup]`](macro@setup) | what happens once, before the first task |
//! | [`#[hook]`](macro@hook) | what happens at a certain moment |
//!
//! # Parameters of functions
//!
//! Every such function takes parameters, twelve at most, and by value. Where a value comes from is decided by
//! the parameter's type, name and attribute:
//!
//! - `session: Session`, `now: Now` and the like bring their own value.
//! - `greeting: String` is the session parameter called `greeting`.
//! - `#[arg("greeting")] text: String` is that parameter under another name.
//! - `#[arg(Return(fetch))] report: Report` is what the task `fetch` last returned. The compiler checks that
//!   `fetch` is a task and returns a `Report`; take an `Arc<Report>` to share it rather than to clone it.
//! - `#[arg(Return(fetch, default = 0))] number: u32` has a value while there is none; `Arg`, `EnvArg` and `CliArg` as
//!   well.
//! - `greeting: Option<String>` is `None` while there is no such parameter. So it is with every source: no result of
//!   `Return(fetch)` yet, no variable for `EnvArg("PORT")`, no such option for `CliArg("--port")`.
//! - `#[arg(Task(fetch))] other: Task` is another task.
//! - `#[arg(EnvArg("PORT") >> CliArg("--port") >> SimpleArg(8080))] port: u16` is the first that has a value.
//!
//! What the run brings along, and then what its task says in `parameters = { … }`, goes before all of these.
//!
//! # Looking inside
//!
//! `ROCKETRY_MACROS_DEBUG=fetch cargo build` prints what the macros make of the function `fetch`.

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
mod signature;
mod source;
mod statement;
mod task;
mod values;

use proc_macro::TokenStream;

/// Makes a function a task: something that runs when its statement is true.
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
/// The function stays what it was. A hidden type of the same name lets other statements mention the task,
/// as in `after_success(fetch)`, and have the compiler check it. The type stands beside the function, so a task is a
/// function of a module or of another function, not of an `impl`.
///
/// An `async fn` runs on the runtime, a plain `fn` on a thread of its own. A `Result` that is an `Err`, and a
/// panic, are failures of the run. What else is returned is kept for `Return(…)`.
///
/// # The statement
///
/// It comes first, or as `start = …`; without one, the task runs only when asked to. It is either
///
/// - **an expression** of the words in `rocketry::conds`, which are in scope here, and of the functions and
///   constants that `#[cond]` makes, joined with `&`, `|` and `!`; or
/// - **a string**, such as `"daily after 07:00 & is workday"`, where `~` negates.
///
/// Strings may stand within expressions: `daily & "is workday"`. How often something happened is compared as a
/// number is: `daily & (failed(fetch).today() >= 3)`. In Rust, `&` binds more tightly than `>=`, so the
/// parentheses matter.
///
/// Everything that can be checked while compiling is: words, times of the day, dates, cron expressions, lengths
/// of time, and tasks that are named by their path.
///
/// # Options
///
/// | option | value | what it does |
/// |---|---|---|
/// | `start` | statement | when to start, in place of the statement at the front |
/// | `end` | statement | when to terminate a run |
/// | `name` | string | the name, in place of the function's path in its crate |
/// | `description` | string | what it does, in place of the function's documentation |
/// | `execution` | `"async"`, `"thread"`, `"main"`, `"process"` | where it runs |
/// | `timeout` | length of time, `"never"` | how long a run may take |
/// | `priority` | whole number | the greater goes first when several could start |
/// | `disabled` | `true`, `false` | whether it starts at all |
/// | `first_run` | `"due"`, `"wait"` | if it has never run: whether it starts in the period that has begun already, or waits for the next |
/// | `on_startup` | `true`, `false` | whether it runs once before all others |
/// | `on_shutdown` | `true`, `false` | whether it runs once after all others |
/// | `permanent` | `true`, `false` | whether its run is meant never to end |
/// | `multilaunch` | `true`, `false` | whether it may start while it is running |
/// | `max_running` | `3` | how many of its runs may be under way at a time, 1 unless told otherwise |
/// | `overlap` | `"skip"`, `"queue"`, `"replace"` | what becomes of a start that comes while it still runs |
/// | `jitter` | length of time | within which time its starts are spread |
/// | `unique` | `true`, `false` | whether a run that is asked for is refused while one with equal parameters is queued |
/// | `pool` | `"db"` | a limit that it shares with other tasks, whose size the app gives: `.pool("db", 4)` |
/// | `parameters` | `{ key = value, … }` | values for the function's parameters, or where they come from: `{ host = EnvArg("HOST") }` |
/// | `group` | `reports`, `"reports"` | the name of the group that it belongs to |
/// | `timezone` | string | the time zone of its statement, such as `"Europe/Helsinki"` |
/// | `run_id` | path of a `fn(&NewRun) -> String` | how its runs are named |
/// | `crate` | path | where the crate `rocketry` is found |
///
/// Those that are `true` or `false` may stand alone: `#[task(daily, disabled)]`.
#[proc_macro_attribute]
pub fn task(attr: TokenStream, item: TokenStream) -> TokenStream {
    task::MACRO.apply(&attr.into(), &item.into()).into()
}

/// Makes a function a session parameter: it is called each time its value is asked for.
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
/// Without a name of its own, the parameter has that of the function. It may return a `Result`; an `Err` fails
/// the run that asked for it. It can't be `async`.
///
/// The one option is `crate = path`, where the crate `rocketry` is found.
#[proc_macro_attribute]
pub fn param(attr: TokenStream, item: TokenStream) -> TokenStream {
    param::MACRO.apply(&attr.into(), &item.into()).into()
}

/// Makes a function a condition: a word of your own for statements.
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
/// The phrase is for strings; without one, the condition is for expressions only. A parameter that the phrase
/// captures in braces is *free*: it is given where the condition is used. `#[given]` makes a parameter free
/// where there is no phrase. Its type has to be `FromStr + Display + Clone + Send + Sync`. All other parameters
/// are looked up each time the condition is asked.
///
/// In Rust code, a constant takes the place of a function without free parameters, and a function that returns a
/// condition the place of one with free parameters. For a free `String`, whatever becomes one may be given.
///
/// The function returns `bool` or `Result<bool, E>`, and can't be `async`. It is asked while everything else in
/// its statement is true, so it ought to be quick.
///
/// The one option is `crate = path`, where the crate `rocketry` is found.
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
/// What it returns is kept until the app has shut down, and dropped then. An `Err` keeps the app from
/// starting. It may be `async`.
///
/// The one option is `crate = path`, where the crate `rocketry` is found.
#[proc_macro_attribute]
pub fn setup(attr: TokenStream, item: TokenStream) -> TokenStream {
    hook::SETUP.apply(&attr.into(), &item.into()).into()
}

/// Calls a function before or after something in the life of an app.
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
/// | moment | what it is |
/// |---|---|
/// | `startup` | the start-up: the tasks with `on_startup` run in it |
/// | `shutdown` | the shut-down, when the last run has ended: the tasks with `on_shutdown` run in it |
/// | `cycle` | a cycle of the scheduler, in which it decides which tasks start |
/// | `task_execute` | a run: `task: Task`, `run_id: RunId`, and after it `ended: Ended` tell which and how |
/// | `task_init` | the build of a task, also of one that is added while the app runs |
///
/// Each is called before it, or `after` it: `#[hook(startup, after)]`. One that says `before, after` is called on
/// both sides, and may take the `side: Side`. Before `task_init`, the function takes the `TaskBuilder` and returns
/// it; after it, it may take the `Task`.
///
/// The function returns nothing or a `Result`. A failure is kept for `Session::failures`, and halts the app if
/// its settings say so. Around `startup` and `shutdown` it may be `async`; everywhere else it can't, for all else
/// waits until it has returned.
///
/// The one option besides is `crate = path`, where the crate `rocketry` is found.
#[proc_macro_attribute]
pub fn hook(attr: TokenStream, item: TokenStream) -> TokenStream {
    hook::HOOK.apply(&attr.into(), &item.into()).into()
}
