//! `timeline`: tasks that are evaluated tick by tick, and start whenever their condition is true.
//!
//! Besides the starts, each promise of a condition is held against the ticks: until the instant that it
//! gave, and while nothing happens to the tasks that it depends on, its truth must not change.

use rocketry_core::cond::{Condition, Plan, TaskId, Verdict as Seen};
use rocketry_core::log::Action;
use rocketry_core::time::Timestamp;
use rocketry_syntax::ast::Delta;
use serde_json::{Map, Value, json};

use super::periods::{instant, written};
use super::statement;
use super::verdict::Verdict;
use super::world::{Event, World};

/// Judges a case of the kind `timeline`.
pub(crate) fn check(case: &Value) -> Verdict {
    match run(case) {
        Ok(starts) => Verdict::of(case, &starts),
        Err(answer) => Verdict::Disagreed { answer },
    }
}

struct Task<'c> {
    name: &'c str,
    id: TaskId,
    plan: Plan,
    outcomes: Vec<Action>,
    starts: Vec<Timestamp>,
    /// What its condition last promised.
    promise: Option<Seen>,
}

struct Timeline<'c> {
    world: World,
    tasks: Vec<Task<'c>>,
}

fn run(case: &Value) -> Result<Value, String> {
    let number = |key: &str| case[key].as_u64().expect("a number");
    let start = instant(&case["start"]);
    let (ticks, cap) = (
        number("ticks"),
        usize::try_from(number("cap")).expect("a small number"),
    );
    let mut timeline = Timeline::new(case, start)?;
    for tick in 0..ticks {
        timeline.world.cycles = tick;
        timeline.tick(start.saturating_add(Delta(tick * number("step_us"))))?;
        if timeline.tasks.iter().any(|task| task.starts.len() >= cap) {
            break;
        }
    }
    let starts = |task: &Task<'_>| task.starts.iter().copied().map(written).collect::<Value>();
    let starts = timeline
        .tasks
        .iter()
        .map(|task| (task.name.to_owned(), starts(task)));
    Ok(json!(starts.collect::<Map<_, _>>()))
}

impl<'c> Timeline<'c> {
    fn new(case: &'c Value, start: Timestamp) -> Result<Self, String> {
        let cases = case["tasks"].as_array().expect("tasks");
        let name = |task: &'c Value| task["name"].as_str().expect("a name");
        let mut world = World::new(cases.iter().map(name), start);
        let mut tasks = Vec::new();
        for task in cases {
            let conditions = statement::build(task)?;
            let id = world.id(name(task));
            let plan = world.plan(agreed(&conditions)?, id);
            let outcomes = task["outcomes"].as_array().expect("outcomes").iter();
            let outcomes =
                outcomes.map(|outcome| outcome.as_str().expect("a text").parse().expect("an action"));
            let outcomes = outcomes.collect();
            tasks.push(Task {
                name: name(task),
                id,
                plan,
                outcomes,
                starts: Vec::new(),
                promise: None,
            });
        }
        Ok(Timeline { world, tasks })
    }

    fn tick(&mut self, now: Timestamp) -> Result<(), String> {
        for index in 0..self.tasks.len() {
            if self.is_true(index, now)? {
                self.start(index, now);
            }
        }
        Ok(())
    }

    fn is_true(&mut self, index: usize, now: Timestamp) -> Result<bool, String> {
        let task = &mut self.tasks[index];
        let seen = self.world.observe(&task.plan, task.id, now);
        let kept = task
            .promise
            .filter(|promise| now < promise.until && !task.plan.depends().cycles);
        if let Some(promise) = kept {
            if promise.truth != seen.truth {
                return Err(format!(
                    "{} at {now}: {seen:?}, which was promised to be {promise:?}",
                    task.name
                ));
            }
        } else {
            task.promise = Some(seen);
        }
        Ok(seen.truth.expect("no custom conditions"))
    }

    fn start(&mut self, index: usize, now: Timestamp) {
        let task = &mut self.tasks[index];
        let outcome = task.outcomes[task.starts.len() % task.outcomes.len()];
        let by = task.plan.started_by(&self.world.seen(task.id, now, &[]));
        task.starts.push(now);
        for action in [Action::Run, outcome] {
            let event = Event {
                action,
                at: now,
                due: None,
                by,
                run_id: None,
            };
            self.world.record(task.name, &event);
        }
        let id = task.id;
        for task in &mut self.tasks {
            if task.id == id || task.plan.depends().tasks.contains(&id) {
                task.promise = None;
            }
        }
    }
}

/// Returns the one condition that both the words and the text describe.
fn agreed(conditions: &[Condition]) -> Result<&Condition, String> {
    let (first, rest) = conditions.split_first().expect("at least the words");
    match rest.iter().find(|other| *other != first) {
        Some(other) => Err(format!("the words say `{first}`, the text says `{other}`")),
        None => Ok(first),
    }
}
