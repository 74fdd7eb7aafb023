//! `scenario`: one condition, one past, one instant.

use rocketry_core::cond::Condition;
use rocketry_core::log::StartedBy;
use rocketry_core::param::Params;
use rocketry_core::time::Timestamp;
use serde_json::{Value, json};

use super::periods::instant;
use super::statement;
use super::verdict::Verdict;
use super::world::{Event, World};

/// Judges a case of the kind `scenario`.
pub(crate) fn check(case: &Value) -> Verdict {
    let conditions = match statement::build(case) {
        Ok(conditions) => conditions,
        Err(answer) => return Verdict::Disagreed { answer },
    };
    let answers: Vec<bool> = conditions
        .iter()
        .map(|condition| observe(case, condition))
        .collect();
    if answers.iter().any(|answer| *answer != answers[0]) {
        return Verdict::Disagreed {
            answer: format!("as words and as text: {answers:?}"),
        };
    }
    Verdict::of(case, &json!(answers[0]))
}

fn observe(case: &Value, condition: &Condition) -> bool {
    let mut world = world(case);
    let owner = world.id(case["task"].as_str().expect("a task"));
    let plan = world.plan(condition, owner);
    for record in case["history"].as_array().expect("records") {
        let text = |key: &str| record[key].as_str().expect("a text");
        let at = instant(&record["at"]);
        let by = if world.id(text("task")) == owner {
            plan.started_by(&world.seen(owner, at, &[]))
        } else {
            StartedBy::Schedule
        };
        let event = Event {
            action: text("action").parse().expect("an action"),
            at,
            due: None,
            by,
            run_id: record["run_id"].as_str(),
        };
        world.record(text("task"), &event);
    }
    let verdict = world.observe(&plan, owner, instant(&case["now"]));
    verdict.truth.expect("no custom conditions")
}

fn world(case: &Value) -> World {
    let scheduler = &case["scheduler"];
    let startup = scheduler.get("startup").map_or(Timestamp::MIN, instant);
    let mut world = World::new(["t", "a", "b", "c"], startup);
    world.cycles = scheduler["cycles"].as_u64().unwrap_or(0);
    let params = case["params"].as_object().into_iter().flatten();
    world.params = params.fold(Params::new(), |params, (name, value)| {
        params.with(name, value.as_str().expect("a text").to_owned())
    });
    world
}
