//! Random calls.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use rocketry_core::{Action, OnExists, Status};

/// What is called in a case, from outside and from inside.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// From outside, in order.
    pub(crate) calls: Vec<Call>,
    /// By the runs when they begin, one each, as long as there are any.
    pub(crate) inner: Vec<Inner>,
}

/// A call from outside. A number picks one of the tasks that there are or were.
#[derive(Clone, Debug)]
pub(crate) enum Call {
    Run(usize),
    ForceRun(usize),
    RunAll(Vec<usize>),
    RunDue(Vec<usize>),
    Disable(usize),
    Enable(usize),
    Terminate(usize),
    /// For so many seconds, or until it is resumed.
    Pause(usize, Option<u64>),
    Resume(usize),
    SkipNext(usize),
    PauseAll(Option<u64>),
    ResumeAll,
    SkipNextOfAll,
    SetStart(usize, &'static str),
    SetEnd(usize, &'static str),
    SetPriority(usize, i32),
    SetOwnParam(usize, u8),
    SetParam(bool),
    Add(usize, OnExists),
    Delete(usize),
    NextEnd(usize),
    WaitFor(usize, Status),
    /// The scheduler has its turn.
    Settle,
    /// So many seconds pass.
    Pass(u64),
    ShutDown,
    ShutDownNow,
    Restart,
    RestartNow,
}

/// A call of a run, about one of the tasks that have a condition.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Inner {
    Run(usize),
    Disable(usize),
    Enable(usize),
    Terminate(usize),
    Pause(usize, Option<u64>),
    Resume(usize),
    SkipNext(usize),
    SetStart(usize, &'static str),
    SetPriority(usize, i32),
    SetParam(bool),
    Replace(usize),
    Delete(usize),
}

const STARTS: [&str; 5] = [
    "every 2 seconds",
    "every 3 seconds & param 'go' exists",
    "after task 'asked' | every 7 seconds",
    "never",
    "~has started",
];

const ENDS: [&str; 2] = ["never", "has started past 2 seconds & ~param 'go' exists"];

const STATUSES: [Status; 4] = [
    Status::Never,
    Status::Running,
    Status::Ended(Action::Success),
    Status::Ended(Action::Terminate),
];

const WAYS: [OnExists; 4] = [
    OnExists::Raise,
    OnExists::Rename,
    OnExists::Ignore,
    OnExists::Replace,
];

fn task() -> impl Strategy<Value = usize> {
    0..8_usize
}

fn length() -> impl Strategy<Value = Option<u64>> {
    prop_oneof![1 => Just(None), 3 => (0..8_u64).prop_map(Some)]
}

fn call() -> impl Strategy<Value = Call> {
    prop_oneof![
        12 => task().prop_map(Call::Run),
        2 => task().prop_map(Call::ForceRun),
        2 => vec(task(), 1..4).prop_map(Call::RunAll),
        2 => vec(task(), 1..4).prop_map(Call::RunDue),
        2 => task().prop_map(Call::Disable),
        2 => task().prop_map(Call::Enable),
        4 => task().prop_map(Call::Terminate),
        2 => (task(), length()).prop_map(|(task, length)| Call::Pause(task, length)),
        2 => task().prop_map(Call::Resume),
        1 => task().prop_map(Call::SkipNext),
        1 => length().prop_map(Call::PauseAll),
        1 => Just(Call::ResumeAll),
        1 => Just(Call::SkipNextOfAll),
        2 => (task(), select(&STARTS[..])).prop_map(|(task, start)| Call::SetStart(task, start)),
        1 => (task(), select(&ENDS[..])).prop_map(|(task, end)| Call::SetEnd(task, end)),
        2 => (task(), -1..2_i32).prop_map(|(task, priority)| Call::SetPriority(task, priority)),
        1 => (task(), any::<u8>()).prop_map(|(task, value)| Call::SetOwnParam(task, value)),
        2 => any::<bool>().prop_map(Call::SetParam),
        3 => (task(), select(&WAYS[..])).prop_map(|(kind, way)| Call::Add(kind, way)),
        2 => task().prop_map(Call::Delete),
        2 => task().prop_map(Call::NextEnd),
        2 => (task(), select(&STATUSES[..])).prop_map(|(task, status)| Call::WaitFor(task, status)),
        6 => Just(Call::Settle),
        8 => (1..6_u64).prop_map(Call::Pass),
    ]
}

fn inner() -> impl Strategy<Value = Inner> {
    let task = || 0..4_usize;
    prop_oneof![
        6 => task().prop_map(Inner::Run),
        1 => task().prop_map(Inner::Disable),
        2 => task().prop_map(Inner::Enable),
        2 => task().prop_map(Inner::Terminate),
        1 => (task(), length()).prop_map(|(task, length)| Inner::Pause(task, length)),
        1 => task().prop_map(Inner::Resume),
        1 => task().prop_map(Inner::SkipNext),
        1 => (task(), select(&STARTS[..])).prop_map(|(task, start)| Inner::SetStart(task, start)),
        1 => (task(), -1..2_i32).prop_map(|(task, priority)| Inner::SetPriority(task, priority)),
        1 => any::<bool>().prop_map(Inner::SetParam),
        1 => task().prop_map(Inner::Replace),
        1 => task().prop_map(Inner::Delete),
    ]
}

/// Mostly the app ends at the end, sometimes before: what is called then finds it ending.
pub(crate) fn cases() -> impl Strategy<Value = Case> {
    let ending = prop_oneof![
        4 => Just(vec![]),
        2 => Just(vec![Call::Restart, Call::Pass(9)]),
        1 => Just(vec![Call::Restart, Call::Pass(1), Call::RestartNow]),
        1 => Just(vec![Call::Restart, Call::ShutDown]),
        1 => Just(vec![Call::ShutDown]),
        1 => Just(vec![Call::ShutDownNow]),
        1 => Just(vec![Call::ShutDown, Call::Pass(1), Call::ShutDownNow]),
    ];
    let parts = (
        vec(call(), 1..60),
        ending,
        vec(call(), 0..20),
        vec(inner(), 0..12),
    );
    parts.prop_map(|(mut calls, ending, after, inner)| {
        calls.extend(ending);
        calls.extend(after);
        Case { calls, inner }
    })
}
