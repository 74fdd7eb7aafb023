//! The matrix of parameters: every level on which one may be given × what it may be given as × where its task may run,
//! and what is to come of each.

use std::any::type_name;
use std::fmt;

use rocketry_core::__private::{asynchronous, blocking, location, outcome, param, param_fn, value};
use rocketry_core::param::{Arg, Argument, Context, Dependency, Entry, EnvArg, FuncArg, SimpleArg};
use rocketry_core::{
    Action, Config, Execution, Params, Record, Result, Rocketry, Task, TaskBuilder, Value, Zone,
};

/// The levels, the strongest first.
pub(crate) const LEVELS: [Level; 4] = [Level::Batch, Level::Task, Level::Function, Level::Session];
pub(crate) const KINDS: [Kind; 3] = [Kind::Value, Kind::Argument, Kind::Nested];
pub(crate) const GIVENS: [Given; 3] = [Given::Good, Given::WrongType, Given::Panic];
pub(crate) const PLACES: &[Place] = &[
    Place::Async,
    Place::Thread,
    Place::Main,
    Place::AsyncOnMain,
    Place::Process,
    #[cfg(unix)]
    Place::Command,
    #[cfg(feature = "script")]
    Place::Code,
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Batch,
    Task,
    Function,
    Session,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A plain value.
    Value,
    /// An argument.
    Argument,
    /// An argument made from others, three deep.
    Nested,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Async,
    Thread,
    Main,
    AsyncOnMain,
    Process,
    #[cfg(unix)]
    Command,
    #[cfg(feature = "script")]
    Code,
}

/// The value that a level provides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Given {
    /// A valid value: the name of the level.
    Good,
    /// A value of another type, which can't be written as JSON.
    WrongType,
    /// No value: its function panics.
    Panic,
}

/// A field of the matrix: a value on each of the levels from `strongest` on, of which the strongest gives `given`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell {
    pub(crate) strongest: Level,
    pub(crate) kind: Kind,
    pub(crate) place: Place,
    pub(crate) given: Given,
}

/// Every field whose place is one of these.
pub(crate) fn cells(fits: impl Fn(Place) -> bool) -> Vec<Cell> {
    let places = PLACES.iter().copied().filter(|place| fits(*place));
    let cells = places.flat_map(|place| {
        LEVELS.into_iter().flat_map(move |strongest| {
            KINDS.into_iter().flat_map(move |kind| {
                GIVENS.into_iter().map(move |given| Cell {
                    strongest,
                    kind,
                    place,
                    given,
                })
            })
        })
    });
    // A plain value exists already, so no function can panic.
    cells
        .filter(|cell| (cell.kind, cell.given) != (Kind::Value, Given::Panic))
        .collect()
}

/// Returns the result of the run, or the reason why it has none.
pub(crate) fn said(record: &Record, result: Option<&Value>) -> String {
    result.map_or_else(
        || record.message.as_deref().unwrap_or_default().to_owned(),
        |result| result.read().expect("text"),
    )
}

impl Place {
    /// A command has no signature, and takes nothing of the session, where anything may be; code has no sources in
    /// its signature.
    fn has(self, level: Level) -> bool {
        match self {
            #[cfg(unix)]
            Place::Command => matches!(level, Level::Batch | Level::Task),
            #[cfg(feature = "script")]
            Place::Code => level != Level::Function,
            _ => true,
        }
    }
}

impl Cell {
    /// The app of the field, and the parameters of the run.
    pub(crate) fn app(self) -> (Rocketry, Params) {
        let mut app = Rocketry::builder().config(Config {
            zone: Zone::UTC,
            ..Config::default()
        });
        for level in LEVELS {
            app = with_nested(app, level, self.given_on(level));
        }
        let mut task = self.task();
        if let Some(own) = self.on(Level::Task) {
            task = task.argument("x", own);
        }
        if let Some(session) = self.on(Level::Session) {
            app = app.argument("x", session);
        }
        let mut params = Params::new();
        if let Some(batch) = self.on(Level::Batch) {
            params.set("x", Entry::argument(batch));
        }
        (app.task(task), params)
    }

    /// Whether the app can't be built: a plain value that the signature can't take is found then. Those of a run come
    /// later, and a command takes whatever can be written as a word.
    pub(crate) fn is_refused(self) -> bool {
        let typed = match self.place {
            #[cfg(unix)]
            Place::Command => false,
            place => place.has(self.strongest),
        };
        typed && self.kind == Kind::Value && self.given == Given::WrongType && self.strongest != Level::Batch
    }

    /// Compares the error of an app that can't be built with the expected outcome of the field.
    pub(crate) fn check_refusal(self) {
        let said = self
            .app()
            .0
            .build()
            .expect_err("a plain value does not fit")
            .to_string();
        assert!(said.starts_with(&self.mismatch()), "{self:?}: {said}");
        assert!(said.contains("support/matrix.rs:"), "{self:?}: {said}");
    }

    /// Compares the end of the run, and what was [`said`], with the expected outcome of the field.
    pub(crate) fn check(self, action: Action, said: &str) {
        let from = LEVELS.iter().position(|level| *level == self.strongest);
        let mut levels = LEVELS.into_iter().skip(from.unwrap_or_default());
        let winner = levels.find(|level| self.place.has(*level));
        let given = winner.map_or(Given::Good, |winner| self.given_on(winner));
        let (expected, begins) = match given {
            Given::Good => (Action::Success, self.result(winner)),
            Given::WrongType => (Action::Fail, self.mismatch()),
            Given::Panic => (
                Action::Fail,
                format!("panicked: no value {}", text(self.strongest)),
            ),
        };
        assert_eq!(action, expected, "{self:?}: {said}");
        let fits = match given {
            Given::Good => said == begins,
            Given::WrongType => said.starts_with(&begins),
            // The parameters that led there are named before it.
            Given::Panic => said.starts_with("parameter `x` of task `work`: ") && said.contains(&begins),
        };
        assert!(fits, "{self:?}: {said}");
        if given == Given::WrongType && self.is_typed() {
            assert!(said.contains("support/matrix.rs:"), "{self:?}: {said}");
        }
    }

    fn given_on(self, level: Level) -> Given {
        if level == self.strongest {
            self.given
        } else {
            Given::Good
        }
    }

    fn on(self, level: Level) -> Option<Boxed> {
        let place = |wanted| LEVELS.iter().position(|level| *level == wanted);
        (place(level) >= place(self.strongest)).then(|| argument(level, self.kind, self.given_on(level)))
    }

    fn task(self) -> TaskBuilder {
        macro_rules! handler {
            ($x:expr) => {
                match self.place {
                    Place::Async | Place::AsyncOnMain => {
                        asynchronous(($x,), |(x,)| async move { outcome!(x) })
                    }
                    _ => blocking(($x,), |(x,)| outcome!(x)),
                }
            };
        }
        let execution = match self.place {
            Place::Async => Execution::Async,
            Place::Thread => Execution::Thread,
            Place::Main | Place::AsyncOnMain => Execution::Main,
            Place::Process => Execution::Process,
            #[cfg(unix)]
            Place::Command => return Task::command("work", ["printf", "%s %s"]),
            #[cfg(feature = "script")]
            Place::Code => return Task::code("work", "x"),
        };
        let handler = match self.on(Level::Function) {
            Some(source) => handler!(param!(x: String = source)),
            None => handler!(param!(x: String)),
        };
        TaskBuilder::new("work", location!())
            .handler(handler)
            .execution(execution)
    }

    fn result(self, winner: Option<Level>) -> String {
        let text = winner.map(text).unwrap_or_default();
        match self.place {
            #[cfg(unix)]
            Place::Command => format!("{} {text}", winner.map_or("", |_| "-x")),
            _ => text,
        }
    }

    /// Whether the signature determines the required type.
    fn is_typed(self) -> bool {
        match self.place {
            #[cfg(unix)]
            Place::Command => self.kind == Kind::Nested,
            Place::Process => self.strongest != Level::Batch || self.kind == Kind::Nested,
            _ => true,
        }
    }

    /// Returns the error for a value of another type.
    fn mismatch(self) -> String {
        let key = type_name::<Key>();
        let typed = format!("expected `alloc::string::String`, found a value of type `{key}`");
        let what = match self.place {
            // One of its inner arguments has the wrong type.
            _ if self.kind == Kind::Nested => format!("parameter `through` of task `work`: {typed}"),
            Place::Process if self.strongest == Level::Batch => {
                format!("the value can't go to another process: a `{key}` can't be turned into JSON")
            }
            #[cfg(unix)]
            Place::Command => format!("Value({key}) can't be written as a word"),
            #[cfg(feature = "script")]
            Place::Code => {
                format!("expected `JSON, whole numbers being `i64``, found a value of type `{key}`")
            }
            _ => typed,
        };
        format!("parameter `x` of task `work`: {what}")
    }
}

/// A value that is not text and can't be written as JSON.
#[derive(Clone)]
struct Key;

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
        Given::WrongType => FuncArg(|| Key),
        Given::Panic => FuncArg(move || -> String { panic!("no value {}", text(level)) }),
    }
}

/// A level's value as a kind of argument.
fn argument(level: Level, kind: Kind, given: Given) -> Boxed {
    Boxed(match (kind, given) {
        (Kind::Value, Given::Good) => Box::new(SimpleArg(text(level))),
        (Kind::Value, _) => Box::new(SimpleArg(Key)),
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
        .argument(&middle, Arg(inner.clone()) >> SimpleArg("unused"))
        .argument(&inner, maker(level, given))
}
