//! Random statements of every kind.

use std::cell::Cell;
use std::panic::resume_unwind;

use chrono::{DateTime, TimeZone};
use proptest::prelude::*;
use proptest::sample::select;
use rocketry_core::cond::{CondCall, CondDef, Condition, Custom};
use rocketry_core::param::Param;
use rocketry_core::{CondWord, Location, Now, Timestamp};
use rocketry_syntax::ast::{
    Action, After, Age, Basis, Compare, CondExpr, Count, Every, Interval, Once, Outcome, PeriodExpr,
    Quantifier, Retry, Running, Since, Status,
};

use crate::frame::Frame;
use crate::periods::{crons, periods};

pub(crate) type Expr = CondExpr<Custom>;

/// The name of a task.
pub(crate) fn name(task: usize) -> String {
    format!("task {task}")
}

/// Statements about an app with so many tasks.
pub(crate) fn statements(frame: Frame, tasks: usize) -> BoxedStrategy<Expr> {
    let leaf = prop_oneof![
        4 => every(frame),
        6 => once(frame, tasks),
        3 => periods(frame).prop_map(CondExpr::TimeOf),
        4 => after(frame, tasks),
        4 => status(frame, tasks),
        4 => running(frame, tasks),
        2 => retry(frame),
        2 => scheduler(frame),
        3 => params(),
        2 => select(&CUSTOMS[..]).prop_map(|(def, _)| custom(def)),
        1 => any::<bool>().prop_map(CondExpr::Constant),
        1 => (0..20u64).prop_map(CondExpr::AtMostRuns),
    ];
    leaf.prop_recursive(3, 10, 3, |inner| {
        let some = prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            3 => some.clone().prop_map(CondExpr::all),
            3 => some.prop_map(CondExpr::any),
            1 => inner.prop_map(|inner| !inner),
        ]
    })
    .prop_filter("an app refuses what can never be true", |statement| {
        statement.contradiction().is_none()
    })
    .boxed()
}

/// `every so often`.
pub(crate) fn every(frame: Frame) -> BoxedStrategy<Expr> {
    let since = select(vec![
        Since::Start,
        Since::Start,
        Since::Success,
        Since::Fail,
        Since::Finish,
    ]);
    let interval = prop_oneof![
        9 => (1..25u32).prop_map(move |steps| Interval::Time(frame.length(steps))),
        1 => (1..3u32).prop_map(Interval::Months),
    ];
    (interval, since)
        .prop_map(|(interval, since)| CondExpr::Every(Every { interval, since }))
        .boxed()
}

/// The task itself, or another.
fn who(tasks: usize) -> impl Strategy<Value = Option<String>> {
    prop_oneof![Just(None), (0..tasks).prop_map(|task| Some(name(task)))]
}

fn once(frame: Frame, tasks: usize) -> BoxedStrategy<Expr> {
    let basis = prop_oneof![
        3 => (0..3u32).prop_map(|retries| (Basis::Finish, retries)),
        1 => Just((Basis::Start, 0)),
    ];
    let plain = (who(tasks), periods(frame), basis).prop_map(|(task, period, (basis, retries))| Once {
        task,
        period,
        basis,
        retries,
    });
    let cron = crons(frame).prop_map(|cron| Once {
        task: None,
        period: PeriodExpr::Cron(cron),
        basis: Basis::Start,
        retries: 0,
    });
    prop_oneof![4 => plain, 1 => cron]
        .prop_map(CondExpr::Once)
        .boxed()
}

fn after(frame: Frame, tasks: usize) -> BoxedStrategy<Expr> {
    let outcome = select(vec![
        Outcome::Success,
        Outcome::Fail,
        Outcome::Finish,
        Outcome::Terminate,
    ]);
    let quantifier = select(vec![Quantifier::One, Quantifier::All, Quantifier::Any]);
    let delay = prop::option::weighted(0.3, 1..20u32);
    (outcome, quantifier, prop::collection::vec(0..tasks, 1..4), delay)
        .prop_map(move |(outcome, quantifier, mut tasks, delay)| {
            if quantifier == Quantifier::One {
                tasks.truncate(1);
            }
            CondExpr::After(After {
                outcome,
                quantifier,
                tasks: tasks.into_iter().map(name).collect(),
                delay: delay.map(|steps| frame.length(steps)),
            })
        })
        .boxed()
}

fn count() -> BoxedStrategy<Count> {
    let compare = select(vec![
        Compare::Equal,
        Compare::NotEqual,
        Compare::Less,
        Compare::AtMost,
        Compare::More,
        Compare::AtLeast,
    ]);
    prop::collection::vec((compare, 0..4u64), 0..3)
        .prop_map(Count)
        .boxed()
}

fn status(frame: Frame, tasks: usize) -> BoxedStrategy<Expr> {
    let action = select(vec![
        Action::Started,
        Action::Succeeded,
        Action::Failed,
        Action::Finished,
        Action::Terminated,
        Action::Inacted,
        Action::Crashed,
    ]);
    (
        who(tasks),
        action,
        prop::option::weighted(0.8, periods(frame)),
        count(),
    )
        .prop_map(|(task, action, within, count)| {
            CondExpr::Status(Status {
                task,
                action,
                within,
                count,
            })
        })
        .boxed()
}

/// An age that begins and ends on the grid: it includes its end, and so must end just before an instant of it.
fn age(frame: Frame) -> BoxedStrategy<Age> {
    let least = prop::option::of(0..10u32);
    let most = prop::option::of(1..20u32);
    (least, most)
        .prop_map(move |(least, most)| Age {
            more_than: least.map(|steps| frame.length(steps)),
            less_than: most.map(|steps| {
                let mut most = frame.length(steps);
                most.0 -= 1;
                most
            }),
        })
        .boxed()
}

fn running(frame: Frame, tasks: usize) -> BoxedStrategy<Expr> {
    (who(tasks), age(frame), count())
        .prop_map(|(task, age, count)| CondExpr::Running(Running { task, age, count }))
        .boxed()
}

fn retry(frame: Frame) -> BoxedStrategy<Expr> {
    (prop::option::of(0..4u32), prop::option::of(1..8u32))
        .prop_map(move |(limit, backoff)| {
            CondExpr::Retry(Retry {
                limit,
                backoff: backoff.map(|steps| frame.length(steps)),
            })
        })
        .boxed()
}

/// Of the cycles, only whether there has been one: how many there are is the scheduler's own affair.
fn scheduler(frame: Frame) -> BoxedStrategy<Expr> {
    let cycles = select(vec![Compare::AtLeast, Compare::Less]);
    prop_oneof![
        age(frame).prop_map(CondExpr::SchedulerRunning),
        (1..60u32).prop_map(move |steps| CondExpr::SchedulerStarted(frame.length(steps))),
        cycles.prop_map(|compare| CondExpr::SchedulerCycles(Count(vec![(compare, 1)]))),
    ]
    .boxed()
}

/// The parameters that statements mention, and the values they may have.
pub(crate) const PARAMS: [&str; 2] = ["env", "mode"];
pub(crate) const VALUES: [&str; 2] = ["red", "green"];

fn params() -> BoxedStrategy<Expr> {
    let (param, value) = (select(&PARAMS[..]), select(&VALUES[..]));
    prop_oneof![
        value.clone().prop_map(|value| CondExpr::Env(value.into())),
        param.clone().prop_map(|name| CondExpr::ParamExists(name.into())),
        (param, value).prop_map(|(name, value)| CondExpr::ParamIs {
            name: name.into(),
            value: value.into()
        }),
    ]
    .boxed()
}

/// What a custom condition says at an instant: nothing but the instant counts. `None` is a panic.
type Says = fn(i64) -> Option<bool>;

/// The custom conditions.
static CUSTOMS: [(&CondDef, Says); 3] = [(&OFTEN, often), (&SELDOM, seldom), (&BROKEN, broken)];

fn often(number: i64) -> Option<bool> {
    Some(number % 3 != 0)
}

fn seldom(number: i64) -> Option<bool> {
    Some(number % 17 == 0)
}

fn broken(number: i64) -> Option<bool> {
    (number % 5 == 0).then_some(true)
}

macro_rules! custom_conditions {
    ($($def:ident $says:ident $phrase:literal;)*) => {
        $(static $def: CondDef = CondDef {
            name: stringify!($says),
            phrase: Some($phrase),
            location: Location { file: file!(), line: line!(), column: column!(), module: module_path!() },
            captures: &[],
            make: |_| Ok(call($says)),
        };)*
    };
}

custom_conditions! {
    OFTEN often "it is often so";
    SELDOM seldom "it is seldom so";
    BROKEN broken "it is broken";
}

fn call(says: Says) -> CondCall {
    let now = Param::<Now>::extractor("now", Location::caller());
    let ask = move |(now,): (Now,)| {
        let answer = says(number(&now));
        // A panic that prints nothing.
        Ok(answer.unwrap_or_else(|| resume_unwind(Box::new("it is broken"))))
    };
    CondCall::new((now,), ask, Vec::new())
}

thread_local! {
    /// The step of the case that this thread runs.
    static STEP: Cell<i64> = const { Cell::new(1) };
}

/// Tells the custom conditions the grid of the case: between two of its instants they must not change, for the
/// scheduler may ask them then as well.
pub(crate) fn keep_to(frame: Frame) {
    STEP.set(i64::try_from(frame.step.0).expect("a step is short"));
}

/// The number of the instant of the grid.
fn number<Z: TimeZone>(at: &DateTime<Z>) -> i64 {
    at.timestamp_micros().div_euclid(STEP.get())
}

fn custom(def: &'static CondDef) -> Expr {
    Condition::from(CondWord::new(def)).expr().into_owned()
}

/// What a custom condition says at an instant; one that fails counts as false.
pub(crate) fn answer(call: &CondCall, at: Timestamp) -> bool {
    let text = call.to_string();
    let mut known = CUSTOMS.iter();
    let (_, says) = known
        .find(|(def, _)| def.phrase == Some(&*text))
        .expect("the condition is one of these");
    says(number(&at.to_utc())).unwrap_or(false)
}
