//! Conditions in the builder notation of the data (section 7.1 of its README), built with the words.

use rocketry_core::cond::{Condition, Happened, IntoBound};
#[allow(clippy::wildcard_imports, reason = "a statement may use any of the words")]
use rocketry_core::conds::*;
use rocketry_syntax::BoundValue;
use serde_json::Value;

use super::periods::bound;

/// The condition that a value describes.
pub(crate) fn build(api: &Value) -> Condition {
    match name(api) {
        "true" => always.into(),
        "false" => never.into(),
        "and" => joined(&api["args"], |a, b| a & b),
        "or" => joined(&api["args"], |a, b| a | b),
        "not" => !build(&api["arg"]),
        "every" => interval(api),
        "retry" => api["n"].as_u64().map_or_else(
            || retry_always().into(),
            |times| retry(u32::try_from(times).expect("a small number")).into(),
        ),
        "env" => env(text(api, "env")),
        "param_exists" => params(api),
        name if name.starts_with("scheduler_") => scheduler(name, api),
        name if name.starts_with("after_") => dependence(name, api),
        name if name.starts_with("cron") => cron_expression(name, api),
        name if name.starts_with("task_") => class_level(name, api),
        name if name.starts_with("time_of_") => time(name.trim_start_matches("time_of_"), api),
        "running" => is_running(api),
        "started" | "succeeded" | "failed" | "finished" => happened_in(api),
        cycle => once_in(cycle, api),
    }
}

fn name(api: &Value) -> &str {
    api["fn"].as_str().expect("a function")
}

fn text<'v>(api: &'v Value, key: &str) -> &'v str {
    api[key].as_str().unwrap_or_else(|| panic!("{api} has no {key}"))
}

fn joined(args: &Value, join: fn(Condition, Condition) -> Condition) -> Condition {
    let args = args.as_array().expect("arguments").iter().map(build);
    args.reduce(join).expect("an argument")
}

/// A bound as the data gives it.
struct Json<'v>(&'v Value);

impl IntoBound for Json<'_> {
    fn value(&self) -> BoundValue<'_> {
        bound(self.0)
    }
}

/// What `op`, `start` and `end` make of a word.
macro_rules! narrowed {
    ($word:expr, $api:expr) => {{
        let (word, start, end) = ($word, Json(&$api["start"]), Json(&$api["end"]));
        match $api["op"].as_str() {
            None | Some("full") => word.into(),
            Some("after") => word.after(start).into(),
            Some("before") => word.before(end).into(),
            Some("between") => word.between(start, end).into(),
            Some("on") => word.on(start).into(),
            Some("at") => word.at(start).into(),
            Some("starting") => word.starting(start).into(),
            Some(other) => panic!("unknown operator {other}"),
        }
    }};
}

fn once_in(cycle: &str, api: &Value) -> Condition {
    let word = match cycle {
        "secondly" => secondly,
        "minutely" => minutely,
        "hourly" => hourly,
        "daily" => daily,
        "weekly" => weekly,
        "monthly" => monthly,
        "yearly" => yearly,
        other => panic!("unknown function {other}"),
    };
    narrowed!(word, api)
}

fn time(unit: &str, api: &Value) -> Condition {
    let word = match unit {
        "second" => time_of_second,
        "minute" => time_of_minute,
        "hour" => time_of_hour,
        "day" => time_of_day,
        "week" => time_of_week,
        "month" => time_of_month,
        "year" => time_of_year,
        other => panic!("unknown unit {other}"),
    };
    narrowed!(word, api)
}

fn happened_in(api: &Value) -> Condition {
    let happened = event(name(api), api["task"].as_str());
    let unit = match api["period"].as_str() {
        None => return happened.into(),
        Some("this_second") => happened.this_second(),
        Some("this_minute") => happened.this_minute(),
        Some("this_hour") => happened.this_hour(),
        Some("this_day") => happened.this_day(),
        Some("today") => happened.today(),
        Some("this_week") => happened.this_week(),
        Some("this_month") => happened.this_month(),
        Some("this_year") => happened.this_year(),
        Some(other) => panic!("unknown period {other}"),
    };
    narrowed!(unit, api)
}

fn event(name: &str, task: Option<&str>) -> Happened {
    macro_rules! of {
        ($word:ident) => {
            task.map_or_else(|| $word(this_task), |task| $word(task))
        };
    }
    match name {
        "started" | "run" => of!(started),
        "succeeded" | "success" => of!(succeeded),
        "failed" | "fail" => of!(failed),
        "finished" | "finish" => of!(finished),
        "terminate" => of!(terminated),
        "inaction" => of!(inacted),
        "crash" => of!(crashed),
        other => panic!("unknown event {other}"),
    }
}

/// Adds the comparisons of a `cmp` to a word.
macro_rules! compared {
    ($word:expr, $cmp:expr) => {{
        let comparisons = $cmp.as_object().into_iter().flatten();
        comparisons.fold($word, |word, (sign, number)| {
            let number = number.as_u64().expect("a number");
            match sign.as_str() {
                "==" => word.exactly(number),
                "!=" => word.not_exactly(number),
                "<" => word.less_than_times(number),
                "<=" => word.at_most(number),
                ">" => word.more_than_times(number),
                ">=" => word.at_least(number),
                other => panic!("unknown comparison {other}"),
            }
        })
    }};
}

fn is_running(api: &Value) -> Condition {
    let word = api["task"].as_str().map_or_else(|| running(this_task), running);
    let word = match (api["more_than"].as_str(), api["less_than"].as_str()) {
        (None, None) => word,
        (Some(more), None) => word.more_than(more),
        (None, Some(less)) => word.less_than(less),
        (Some(more), Some(less)) => word.between(more, less),
    };
    compared!(word, api["cmp"]).into()
}

fn interval(api: &Value) -> Condition {
    let word = every(text(api, "past"));
    match api["based"].as_str() {
        None => word.into(),
        Some("run") => word.based_on(start).into(),
        Some("success") => word.based_on(success).into(),
        Some("fail") => word.based_on(fail).into(),
        Some("finish") => word.based_on(finish).into(),
        Some(other) => panic!("unknown basis {other}"),
    }
}

fn cron_expression(name: &str, api: &Value) -> Condition {
    if let Some(expression) = api["expr"].as_str() {
        return if name == "cron" {
            cron(expression).into()
        } else {
            crontime(expression).into()
        };
    }
    macro_rules! fields {
        ($word:expr) => {{
            let field = |key: &str| api[key].as_str().unwrap_or("*");
            let word = $word
                .minute(field("minute"))
                .hour(field("hour"))
                .month(field("month"));
            word.day_of_month(field("day_of_month"))
                .day_of_week(field("day_of_week"))
                .into()
        }};
    }
    if name == "cron" {
        fields!(cron_fields())
    } else {
        fields!(crontime_fields())
    }
}

fn dependence(name: &str, api: &Value) -> Condition {
    let tasks: Vec<&str> = api["tasks"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|task| task.as_str().expect("a name"))
        .collect();
    let word = match name {
        "after_success" => after_success(text(api, "task")),
        "after_fail" => after_fail(text(api, "task")),
        "after_finish" => after_finish(text(api, "task")),
        "after_all_success" => after_all_success(tasks),
        "after_all_fail" => after_all_fail(tasks),
        "after_all_finish" => after_all_finish(tasks),
        "after_any_success" => after_any_success(tasks),
        "after_any_fail" => after_any_fail(tasks),
        "after_any_finish" => after_any_finish(tasks),
        other => panic!("unknown function {other}"),
    };
    word.into()
}

fn scheduler(name: &str, api: &Value) -> Condition {
    match name {
        "scheduler_started" => scheduler_started(text(api, "past")),
        "scheduler_running" => {
            let word = scheduler_running();
            let word = api["more_than"]
                .as_str()
                .map_or(word.clone(), |more| word.more_than(more));
            api["less_than"]
                .as_str()
                .map_or(word.clone(), |less| word.less_than(less))
                .into()
        }
        _ => {
            let word = scheduler_cycles();
            let word = api["more_than"]
                .as_u64()
                .map_or(word.clone(), |more| word.more_than(more));
            api["less_than"]
                .as_u64()
                .map_or(word.clone(), |less| word.less_than(less))
                .into()
        }
    }
}

fn params(api: &Value) -> Condition {
    let keys = api["keys"].as_array().into_iter().flatten();
    let keys = keys.map(|key| param_exists(key.as_str().expect("a name")));
    let values = api["values"].as_object().into_iter().flatten();
    let values = values.map(|(name, value)| param_is(name, value.as_str().expect("a text")));
    keys.chain(values).reduce(|a, b| a & b).expect("a parameter")
}

fn class_level(name: &str, api: &Value) -> Condition {
    let task = api["task"].as_str();
    let period = api.get("period").filter(|period| !period.is_null()).map(period);
    match name {
        "task_status" => {
            let word = event(text(api, "action"), task);
            let word = match period {
                Some(period) => word.within(period),
                None => word,
            };
            compared!(word, api["cmp"]).into()
        }
        "task_executable" => {
            let retries = api["retries"].as_u64().unwrap_or(0);
            let word = once_per(period.expect("a period"));
            let word = word.retries(u32::try_from(retries).expect("a small number"));
            task.map_or(word.clone(), |task| word.of(task)).into()
        }
        "task_runnable" => {
            let word = one_start_per(period.expect("a period"));
            task.map_or(word.clone(), |task| word.of(task)).into()
        }
        other => panic!("unknown class {other}"),
    }
}

/// A period in notation 2, as a condition that says no more than that.
fn period(value: &Value) -> Condition {
    let members = || value["periods"].as_array().expect("members").iter().map(period);
    match text(value, "type") {
        "always" => always.into(),
        "never" => never.into(),
        "all" => members().reduce(|a, b| a & b).expect("a member"),
        "any" => members().reduce(|a, b| a | b).expect("a member"),
        "delta" => past(text(value, "past")).into(),
        "cron" => crontime(text(value, "expr")).into(),
        unit => time(unit, value),
    }
}
