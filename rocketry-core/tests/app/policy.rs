//! What follows when something other than a run fails: nothing, or the end of the app.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rocketry_core::__private::{CondDef, CondWord, cond_call, location, param, truth};
use rocketry_core::log::{Page, Past, Retention, Write};
use rocketry_core::param::{Argument, Context, FuncArg};
use rocketry_core::testing::TestApp;
use rocketry_core::{
    Action, Config, Error, MemoryLog, OnError, Part, Query, Result, Rocketry, RunLog, Session, Task,
    TaskBuilder, Value, Zone,
};

const START: &str = "2026-01-01T00:00:00Z";

/// Panics, as long as the session parameter says so.
static PANICKING: CondDef = CondDef {
    name: "panicking",
    phrase: None,
    location: location!(),
    captures: &[],
    make: |_| {
        Ok(cond_call(
            (param!(panics: bool),),
            |(panics,)| {
                assert!(!panics, "no idea");
                truth!(true)
            },
            Vec::new(),
        ))
    },
};

/// A log that can't be written while it is full.
#[derive(Default)]
struct Disk {
    log: MemoryLog,
    full: Arc<AtomicBool>,
}

impl RunLog for Disk {
    fn write(&self, write: &Write<'_>) -> Result<()> {
        if self.full.load(Ordering::Relaxed) {
            return Err(Error::log("the disk is full"));
        }
        self.log.write(write)
    }

    fn query(&self, query: &Query) -> Result<Page> {
        self.log.query(query)
    }

    fn load(&self) -> Result<Past> {
        self.log.load()
    }

    fn forget(&self, retention: &Retention) -> Result<u64> {
        self.log.forget(retention)
    }

    fn is_immediate(&self) -> bool {
        true
    }
}

/// A parameter that can't be had.
struct Lost;

impl std::fmt::Display for Lost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Lost")
    }
}

impl Argument for Lost {
    fn value(&self, _: &Context<'_>) -> Result<Value> {
        Err(Error::parameter("the network is down"))
    }
}

fn app(adjust: impl FnOnce(&mut Config)) -> Rocketry {
    let mut config = Config {
        zone: Zone::UTC,
        ..Config::default()
    };
    adjust(&mut config);
    Rocketry::builder()
        .config(config)
        .func("good", "every 10 seconds", || {})
}

fn run(app: Rocketry) -> TestApp {
    let mut app = TestApp::start(app, START).unwrap();
    app.run_for(Duration::from_secs(60));
    app
}

/// A task that takes the number called `lost`.
fn reader() -> TaskBuilder {
    let handler = rocketry_core::__private::blocking((param!(lost: i32),), |(lost,)| {
        rocketry_core::__private::outcome!(lost + 1)
    });
    TaskBuilder::new("reader", location!()).handler(handler)
}

fn with_cond(app: Rocketry) -> Rocketry {
    app.param("panics", true)
        .func("asks", CondWord::new(&PANICKING), || {})
}

fn with_param(app: Rocketry) -> Rocketry {
    app.argument("lost", Lost)
        .task(reader().start("every 10 seconds"))
}

fn with_log(app: Rocketry) -> Rocketry {
    let disk = Disk::default();
    let full = disk.full.clone();
    app.log(disk)
        .task(Task::func("fills", move || full.store(true, Ordering::Relaxed)).start("daily after 00:00:25"))
}

#[test]
fn by_default_everything_goes_on_and_can_be_seen() {
    let app = run(with_log(with_param(with_cond(app(|_| {})))));
    let session = app.session().clone();
    assert_eq!(session.task("good").unwrap().total(Action::Run), 7);
    assert_eq!(session.task("reader").unwrap().total(Action::Fail), 7);
    assert_eq!(session.task("asks").unwrap().total(Action::Run), 0);
    let failures = session.failures();
    let of = |part| failures.iter().find(|failure| failure.part == part).unwrap();
    assert_eq!(failures.len(), 3, "{failures:#?}");
    let condition = of(Part::Condition);
    assert_eq!(condition.task.as_deref(), Some("asks"));
    assert!(
        condition.message.starts_with("`panicking`: panicked: no idea"),
        "{}",
        condition.message
    );
    assert_eq!(condition.times, 601, "once every 100 ms");
    let parameter = of(Part::Parameter);
    assert_eq!((parameter.task.as_deref(), parameter.times), (Some("reader"), 7));
    assert!(
        parameter
            .message
            .contains("parameter `lost` of task `reader`: the network is down")
    );
    assert!(parameter.message.contains("tests/app/policy.rs:"));
    assert_eq!(&*of(Part::Log).message, "the disk is full");
    app.close().unwrap();
}

/// Everything that is halted, halts once and says why.
fn halts(app: Rocketry, begin: &str) {
    let app = run(app.task(Task::func("last", || {}).on_shutdown(true)));
    let good = app.session().task("good").unwrap();
    assert!(
        (1..=3).contains(&good.total(Action::Run)),
        "nothing starts any more"
    );
    assert_eq!(
        good.total(Action::Run),
        good.total(Action::Success),
        "what runs may end"
    );
    let session = app.session().clone();
    let error = app.close().unwrap_err();
    assert!(error.is_halted());
    assert!(error.to_string().starts_with(begin), "{error}");
    assert_eq!(
        session.task("last").unwrap().total(Action::Success),
        1,
        "the end is graceful"
    );
}

#[test]
fn a_condition_may_halt_the_app() {
    let app = with_cond(app(|config| config.on_cond_error = OnError::Halt));
    halts(
        app,
        "halted by the failure of the condition of task `asks`: `panicking`: panicked: no idea\n  --> ",
    );
}

#[test]
fn a_parameter_may_halt_the_app() {
    let app = with_param(app(|config| config.on_setup_error = OnError::Halt));
    halts(
        app,
        "halted by the failure of the parameter of task `reader`: parameter `lost` of task `reader`: the network is down\n  --> ",
    );
}

#[test]
fn a_panic_in_a_parameter_may_halt_the_app() {
    let lost = FuncArg(|| -> i32 { panic!("no number") });
    let app = app(|config| config.on_setup_error = OnError::Halt);
    let app = app
        .argument("lost", lost)
        .task(reader().start("every 10 seconds"));
    halts(
        app,
        "halted by the failure of the parameter of task `reader`: parameter `lost` of task `reader`: panicked: no number",
    );
}

#[test]
fn the_log_may_halt_the_app() {
    let app = with_log(app(|config| config.on_log_error = OnError::Halt));
    halts(app, "halted by the failure of the run log: the disk is full");
}

#[test]
fn each_setting_concerns_its_own_failures_only() {
    let others = |config: &mut Config| {
        config.on_setup_error = OnError::Halt;
        config.on_log_error = OnError::Halt;
        config.on_hook_error = OnError::Halt;
    };
    run(with_cond(app(others))).close().unwrap();
}

#[test]
fn a_failing_set_up_keeps_the_app_from_starting_in_any_case() {
    for on_setup_error in [OnError::Continue, OnError::Halt] {
        let app = app(|config| config.on_setup_error = on_setup_error)
            .setup(|| Err::<(), _>("the machine is unfit"));
        let error = app.handle_signals(false).run().unwrap_err();
        assert!(
            error.is_state() && error.to_string().contains(": the machine is unfit\n  --> "),
            "{error}"
        );
    }
}

#[test]
fn run_gives_back_why_the_app_was_halted() {
    let app = with_param(app(|config| config.on_setup_error = OnError::Halt));
    let error = app.handle_signals(false).run().unwrap_err();
    assert!(error.is_halted(), "{error}");
}

#[test]
fn the_first_failure_is_the_one_that_is_given_back() {
    let app = app(|config| {
        config.on_setup_error = OnError::Halt;
        config.on_hook_error = OnError::Halt;
    });
    let broken = |session: Session| {
        assert!(session.failures().is_empty(), "a second failure");
    };
    let app = run(with_param(app).after(rocketry_core::Moment::Shutdown, broken));
    let session = app.session().clone();
    let error = app.close().unwrap_err();
    assert!(error.to_string().contains("the network is down"), "{error}");
    assert_eq!(session.failures().last().unwrap().part, Part::Hook);
}
