//! Simulations do what an app on manual time does whose runs take as long and end in the same ways.

use proptest::prelude::*;
use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Overlap, SimulatedEnd, SimulatedRun, SimulatedStart};
use rocketry_syntax::ast::{CondExpr, Delta};

use crate::apps::{Case, How, cases};
use crate::driven;
use crate::statements::{Expr, keep_to};
use crate::{Line, of_task, same, starts};

/// Random apps without custom conditions, which a simulation does not ask, and without runs on the scheduler, which ends
/// them before it decides about others.
pub(crate) fn apps() -> impl Strategy<Value = Case> {
    cases().prop_map(|mut case| {
        case.events.clear();
        for task in &mut case.tasks {
            task.main = false;
            if task.end.is_some() || task.overlap == Overlap::Replace {
                // A run that is stopped at its start calls no function, which then counts no run.
                task.runs.truncate(1);
            }
            for statement in [&mut task.start, &mut task.end].into_iter().flatten() {
                answer(statement);
                if statement.contradiction().is_some() {
                    *statement = CondExpr::Constant(false);
                }
            }
        }
        case
    })
}

/// Replaces custom conditions: they always say yes.
fn answer(statement: &mut Expr) {
    match statement {
        CondExpr::All(members) | CondExpr::Any(members) => members.iter_mut().for_each(answer),
        CondExpr::Not(inner) => answer(inner),
        CondExpr::Custom(_) => *statement = CondExpr::Constant(true),
        _ => {}
    }
}

fn end(case: &Case, start: &SimulatedStart<'_>) -> SimulatedEnd {
    let mut names = case.names();
    let task = names
        .position(|name| name == start.task)
        .expect("the task is in the app");
    let runs = &case.tasks[task].runs;
    let begun = usize::try_from(start.number - 1).expect("there are not so many");
    let (steps, how) = runs[begun % runs.len()];
    let length = std::time::Duration::from_micros(case.frame.length(steps).0);
    match how {
        How::Success => SimulatedEnd::success(length),
        How::Error | How::Panic => SimulatedEnd::fail(length),
        How::Inaction => SimulatedEnd::inaction(length),
    }
}

fn lines(runs: &[SimulatedRun]) -> Vec<Line> {
    let line = |run: &SimulatedRun, action, at| Line {
        task: run.task.to_string(),
        action,
        at,
        due: run.due,
    };
    let mut lines: Vec<Line> = Vec::new();
    for run in runs {
        lines.push(line(run, Action::Run, run.start));
        lines.extend(run.end.map(|end| line(run, run.action, end)));
    }
    lines.sort_by_key(|line| line.at);
    lines
}

/// Simulates an app and runs it.
pub(crate) fn does_the_same(case: &Case) -> Result<(), TestCaseError> {
    keep_to(case.frame);
    let last = case.frame.at(case.frame.steps);
    let built = driven::app(case).build().expect("the app can be built");
    let simulation = built.simulate(case.frame.start, last.saturating_add(Delta(1)));
    let simulated = match simulation.each(|start| end(case, start)).run() {
        Ok(simulated) => simulated,
        // Something is always due: neither gets past that.
        Err(error) if error.is_state() => return Ok(()),
        Err(error) => return Err(TestCaseError::fail(error.to_string())),
    };
    let mut app = TestApp::start(driven::app(case), case.frame.start).expect("the app can be built");
    app.run_until(last);
    let expected = driven::lines(app.session());
    let found = lines(&simulated.runs);
    for task in case.names() {
        let sorted = |lines: &[Line]| {
            let mut lines = of_task(lines, &task);
            lines.sort_by_key(|line| (line.at, line.action, line.due));
            lines
        };
        same(&sorted(&found), &sorted(&expected))?;
    }
    same(&starts(&found), &starts(&expected))
}
