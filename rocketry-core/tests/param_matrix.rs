//! Every level on which a parameter may be given × what it may be given as × where its task may run: the strongest
//! level wins, and what is wrong there is told, not replaced by a weaker level.

use std::fmt;

use rocketry_core::__private::{
    TaskBuilder, asynchronous, blocking, location, outcome, param, param_fn, value,
};
use rocketry_core::param::{Arg, Argument, Context, Dependency, Entry, EnvArg, FuncArg, SimpleArg};
use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Config, Execution, Params, Query, Result, Rocketry, Value, Zone};

/// The levels, the strongest first.
const LEVELS: [Level; 4] = [Level::Batch, Level::Task, Level::Function, Level::Session];
const KINDS: [Kind; 3] = [Kind::Value, Kind::Argument, Kind::Nested];
const PLACES: [Place; 4] = [Place::Async, Place::Thread, Place::Main, Place::AsyncOnMain];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    Batch,
    Task,
    Function,
    Session,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A plain value.
    Value,
    /// An argument.
    Argument,
    /// An argument made from others, three deep.
    Nested,
}

#[derive(Clone, Copy, Debug)]
enum Place {
    Async,
    Thread,
    Main,
    AsyncOnMain,
}

/// What a level gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Given {
    /// The name of the level.
    Good,
    /// A value of another type.
    WrongType,
    /// Nothing: its function panics.
    Panic,
}

/// Any argument at all.
struct Boxed(Box<dyn Argument>);

impl fmt::Display for Boxed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Argument for Boxed {
    fn value(&self, context: &Context<'_>) -> Result<Value> {
        context.value_of(&*self.0)
    }

    fn plain(&self) -> Option<&Value> {
        self.0.plain()
    }

    fn depends(&self) -> Vec<Dependency> {
        self.0.depends()
    }
}

fn text(level: Level) -> String {
    format!("from the {level:?}")
}

/// Makes the value of a level.
fn maker(level: Level, given: Given) -> FuncArg {
    match given {
        Given::Good => FuncArg(move || text(level)),
        Given::WrongType => FuncArg(|| 5_i32),
        Given::Panic => FuncArg(move || -> String { panic!("no value {}", text(level)) }),
    }
}

/// A level's value as a kind of argument.
fn argument(level: Level, kind: Kind, given: Given) -> Boxed {
    Boxed(match (kind, given) {
        (Kind::Value, Given::Good) => Box::new(SimpleArg(text(level))),
        (Kind::Value, _) => Box::new(SimpleArg(5_i32)),
        (Kind::Argument, _) => Box::new(maker(level, given)),
        (Kind::Nested, _) => Box::new(EnvArg("NO_SUCH_VARIABLE") >> Arg(format!("outer {level:?}"))),
    })
}

/// The session parameters from which the nested argument of a level is made: `outer` from `middle` from `inner`.
fn with_nested(app: Rocketry, level: Level, given: Given) -> Rocketry {
    let made = |key: String| {
        let source = Arg(key);
        let through = param_fn((param!(through: String = source),), |(through,)| value!(through));
        FuncArg::of("through", through)
    };
    let (outer, middle, inner) = (
        format!("outer {level:?}"),
        format!("middle {level:?}"),
        format!("inner {level:?}"),
    );
    app.argument(&outer, made(middle.clone()))
        .argument(&middle, Arg(inner.clone()) >> SimpleArg(7_u8))
        .argument(&inner, maker(level, given))
}

fn task(place: Place, source: Option<Boxed>) -> TaskBuilder {
    macro_rules! handler {
        ($x:expr) => {
            match place {
                Place::Async | Place::AsyncOnMain => asynchronous(($x,), |(x,)| async move { outcome!(x) }),
                Place::Thread | Place::Main => blocking(($x,), |(x,)| outcome!(x)),
            }
        };
    }
    let handler = match source {
        Some(source) => handler!(param!(x: String = source)),
        None => handler!(param!(x: String)),
    };
    let execution = match place {
        Place::Async => Execution::Async,
        Place::Thread => Execution::Thread,
        Place::Main | Place::AsyncOnMain => Execution::Main,
    };
    TaskBuilder::new("work", location!())
        .handler(handler)
        .execution(execution)
}

/// Runs the task with a value on each of the levels from `strongest` on, and says how it ended.
fn run(strongest: Level, kind: Kind, place: Place, given: Given) -> (Action, String) {
    let given_on = |level| if level == strongest { given } else { Given::Good };
    let on = |level: Level| {
        let from = LEVELS.iter().position(|known| *known == strongest);
        let at = LEVELS.iter().position(|known| *known == level);
        (at >= from).then(|| argument(level, kind, given_on(level)))
    };
    let mut app = Rocketry::builder().config(Config {
        zone: Zone::UTC,
        ..Config::default()
    });
    for level in LEVELS {
        app = with_nested(app, level, given_on(level));
    }
    let mut task = task(place, on(Level::Function));
    if let Some(own) = on(Level::Task) {
        task = task.argument("x", own);
    }
    if let Some(session) = on(Level::Session) {
        app = app.argument("x", session);
    }
    let mut params = Params::new();
    if let Some(batch) = on(Level::Batch) {
        params.set("x", Entry::argument(batch));
    }
    let mut app = TestApp::start(app.task(task), "2026-01-01T00:00:00Z").unwrap();
    let work = app.session().task("work").unwrap();
    drop(work.run(params));
    app.settle();
    let records = app.records(&Query::new().task("work"));
    let end = records.last().expect("it has run");
    let result = work.result().and_then(|result| result.get::<String>());
    (
        end.action,
        result.unwrap_or_else(|| end.message.as_deref().unwrap_or_default().to_owned()),
    )
}

/// Every cell of the matrix.
fn cells() -> impl Iterator<Item = (Level, Kind, Place)> {
    LEVELS.into_iter().flat_map(|level| {
        KINDS
            .into_iter()
            .flat_map(move |kind| PLACES.into_iter().map(move |place| (level, kind, place)))
    })
}

#[test]
fn the_strongest_level_wins() {
    assert_eq!(cells().count(), 48);
    for (level, kind, place) in cells() {
        let ended = run(level, kind, place, Given::Good);
        assert_eq!(
            ended,
            (Action::Success, text(level)),
            "{level:?} {kind:?} {place:?}"
        );
    }
}

#[test]
fn a_wrong_type_is_told_with_both_types() {
    for (level, kind, place) in cells() {
        let (action, said) = run(level, kind, place, Given::WrongType);
        assert_eq!(action, Action::Fail, "{level:?} {kind:?} {place:?}");
        // Where it is made from others, the parameter that has the wrong type is one of these.
        let through = if kind == Kind::Nested {
            "parameter `through` of task `work`: "
        } else {
            ""
        };
        let mismatch = "expected `alloc::string::String`, found a value of type `i32`";
        let expected = format!("parameter `x` of task `work`: {through}{mismatch}\n  --> ");
        assert!(
            said.starts_with(&expected),
            "{level:?} {kind:?} {place:?}: {said}"
        );
        assert!(said.contains("tests/param_matrix.rs:"), "{said}");
    }
}

#[test]
fn a_panic_while_a_value_is_made_is_told() {
    for (level, kind, place) in cells().filter(|(_, kind, _)| *kind != Kind::Value) {
        let (action, said) = run(level, kind, place, Given::Panic);
        assert_eq!(action, Action::Fail, "{level:?} {kind:?} {place:?}");
        assert_eq!(
            said,
            format!("panicked: no value {}", text(level)),
            "{level:?} {kind:?} {place:?}"
        );
    }
}

/// Parameters that go in a circle, each on its levels, with what is said.
#[test]
fn circles_across_levels_are_told_with_their_path() {
    let needs = |name: &'static str, key: &'static str| {
        // A function whose parameter `key` comes from the session, unless the task gives it.
        let function = param_fn((param!(start: String = Arg("start")),), |(start,)| value!(start));
        let other = param_fn((param!(end: String = Arg("end")),), |(end,)| value!(end));
        FuncArg::of(name, if key == "start" { function } else { other })
    };
    let app = |task: TaskBuilder| {
        Rocketry::builder()
            .param("start", "s".to_owned())
            .param("end", "e".to_owned())
            .param("x", "x".to_owned())
            .argument("made", needs("made", "start"))
            .argument("made again", needs("made again", "end"))
            .task(task.start("daily"))
    };
    // `start` of the task is made by a function that takes `start`.
    let own = task(Place::Thread, None).argument("start", Arg("made"));
    let error = app(own).build().unwrap_err();
    let said = error.to_string();
    assert!(error.is_build(), "{said}");
    assert!(
        said.contains("parameters of task `work` go in a circle: start → made → start"),
        "{said}"
    );
    assert!(
        said.contains("\n  `start` of task `work` is declared at ")
            && said.contains("\n  `made` of the session is declared at "),
        "{said}"
    );
    assert_eq!(said.matches("tests/param_matrix.rs:").count(), 3, "{said}");
    // Two of the task, through two of the session.
    let own = task(Place::Thread, None)
        .argument("start", Arg("made again"))
        .argument("end", Arg("made"));
    let said = app(own).build().unwrap_err().to_string();
    assert!(
        said.contains("go in a circle: end → made → start → made again → end"),
        "{said}"
    );
    // The same names without a circle.
    let own = task(Place::Thread, None)
        .argument("start", Arg("made again"))
        .argument("end", SimpleArg("e".to_owned()));
    drop(app(own).build().unwrap());
}

/// A circle that a batch closes is found when the run starts.
#[test]
fn a_circle_through_a_batch_fails_its_run() {
    let made = param_fn((param!(x: String),), |(x,)| value!(x));
    let app = Rocketry::builder()
        .param("x", "x".to_owned())
        .argument("made", FuncArg::of("made", made))
        .task(task(Place::Thread, None));
    let mut app = TestApp::start(app, "2026-01-01T00:00:00Z").unwrap();
    let work = app.session().task("work").unwrap();
    drop(work.run(Params::new().with_argument("x", Arg("made"))));
    app.settle();
    let records = app.records(&Query::new().task("work").last(1));
    assert_eq!(records[0].action, Action::Fail);
    let said = records[0].message.as_deref().unwrap_or_default();
    assert!(said.contains("do they go in a circle?"), "{said}");
}
