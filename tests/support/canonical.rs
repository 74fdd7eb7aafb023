//! Trees to the neutral JSON notation of the conformance data (sections 2.3 and 6 of its README).

use rocketry_syntax::ast::{
    Action, After, Age, Anchored, Basis, Bound, Compare, CondExpr, Count, Cron, Day, Every, Interval, Once,
    Outcome, PeriodExpr, Quantifier, Since, Status, Unit, Window,
};
use serde_json::{Map, Value, json};

const DAY: u64 = 86_400_000_000;
const MONTH_DAYS: [u64; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// The notation of a condition.
pub(crate) fn condition(tree: &CondExpr) -> Value {
    match tree {
        CondExpr::Constant(true) => json!("always"),
        CondExpr::Constant(false) => json!("never"),
        CondExpr::All(members) => json!({ "all": flat("all", members.iter().map(condition)) }),
        CondExpr::Any(members) => json!({ "any": flat("any", members.iter().map(condition)) }),
        CondExpr::Not(inner) => json!({ "not": condition(inner) }),
        CondExpr::Every(every) => interval(every),
        CondExpr::Once(once) => once_in(once),
        CondExpr::TimeOf(inner) => json!({ "is_period": period(inner) }),
        CondExpr::After(after) => dependence(after),
        CondExpr::Status(status) => happened(status),
        CondExpr::Running(running) => json!({ "task_running": {
            "task": running.task,
            "period": span(&running.age),
            "compare": compare(&running.count),
        } }),
        CondExpr::Retry(retry) => json!({ "retry": { "n": retry.limit.map_or(-1, i64::from) } }),
        CondExpr::SchedulerRunning(age) => json!({ "scheduler_started": { "period": {
            "type": "span",
            "near_us": age.more_than.map_or(0, |more| more.0),
            "far_us": age.less_than.map(|less| less.0),
        } } }),
        CondExpr::SchedulerStarted(past) => json!({ "scheduler_started": { "period": delta(past.0) } }),
        CondExpr::SchedulerCycles(count) => json!({ "scheduler_cycles": { "compare": compare(count) } }),
        CondExpr::Env(name) => json!({ "env": name }),
        CondExpr::ParamExists(name) => json!({ "param_exists": { "keys": [name], "values": {} } }),
        CondExpr::ParamIs { name, value } => {
            json!({ "param_exists": { "keys": [], "values": { name: value } } })
        }
        CondExpr::Custom(text) => json!({ "custom": text }),
        // The reference has no such word.
        CondExpr::AtMostRuns(_) => json!({ "text": tree.to_string() }),
    }
}

/// The notation of a period.
pub(crate) fn period(tree: &PeriodExpr) -> Value {
    match tree {
        PeriodExpr::Always => json!({ "type": "always" }),
        PeriodExpr::Never => json!({ "type": "never" }),
        PeriodExpr::Anchored(Anchored { unit, window }) => anchored(*unit, window),
        PeriodExpr::Past(past) => delta(past.0),
        PeriodExpr::Cron(expression) => cron(expression),
        PeriodExpr::All(members) => {
            json!({ "type": "all", "periods": members.iter().map(period).collect::<Vec<_>>() })
        }
        PeriodExpr::Any(members) => {
            json!({ "type": "any", "periods": members.iter().map(period).collect::<Vec<_>>() })
        }
        // The reference has no such word.
        PeriodExpr::From(_)
        | PeriodExpr::Until(_)
        | PeriodExpr::At(_)
        | PeriodExpr::On(_)
        | PeriodExpr::Series(_)
        | PeriodExpr::Steps(_)
        | PeriodExpr::Zoned(_) => json!({ "text": tree.to_string() }),
    }
}

/// Tells whether two notations mean the same.
///
/// The echo of the source text and the order of the members of a period do not count; a window between equal exact
/// bounds is the full cycle that starts there; a scheduler that has not started within the past hour has
/// run for more than an hour.
pub(crate) fn same(left: &Value, right: &Value) -> bool {
    normal(left) == normal(right)
}

fn normal(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(normal).collect(),
        Value::Object(fields) => normal_object(fields),
        other => other.clone(),
    }
}

fn normal_object(fields: &Map<String, Value>) -> Value {
    let anchored = fields.contains_key("op");
    let kept = fields
        .iter()
        .filter(|(key, _)| !(anchored && (*key == "start" || *key == "end")));
    let mut fields: Map<String, Value> = kept.map(|(key, value)| (key.clone(), normal(value))).collect();
    if anchored && fields["op"] == "between" && fields["start_us"] == fields["end_us"] {
        fields["op"] = json!("starting");
    }
    if let Some(Value::Array(periods)) = fields.get_mut("periods") {
        periods.sort_by_key(Value::to_string);
    }
    if let Some(past) = fields
        .get("not")
        .and_then(|inner| inner.pointer("/scheduler_started/period/past_us"))
    {
        return json!({ "scheduler_started": { "period": { "type": "span", "near_us": past, "far_us": null } } });
    }
    Value::Object(fields)
}

/// Members of a member of the same kind count as own members.
fn flat(kind: &str, members: impl Iterator<Item = Value>) -> Vec<Value> {
    members
        .flat_map(|member| match member.get(kind) {
            Some(Value::Array(inner)) => inner.clone(),
            _ => vec![member],
        })
        .collect()
}

/// The window of an interval.
fn length(interval: Interval) -> Value {
    match interval {
        Interval::Time(length) => delta(length.0),
        Interval::Months(months) => json!({ "months": months }),
    }
}

fn interval(every: &Every) -> Value {
    let action = match every.since {
        Since::Start => "run",
        Since::Success => "success",
        Since::Fail => "fail",
        Since::Finish => {
            let period = length(every.interval);
            return json!({ "task_executable": { "task": null, "period": period, "retries": 0 } });
        }
    };
    let period = length(every.interval);
    json!({ "task_status": { "action": action, "task": null, "period": period, "compare": { "==": 0 } } })
}

fn once_in(once: &Once) -> Value {
    let (task, period) = (&once.task, period(&once.period));
    match once.basis {
        Basis::Finish => {
            json!({ "task_executable": { "task": task, "period": period, "retries": once.retries } })
        }
        Basis::Start => json!({ "task_runnable": { "task": task, "period": period } }),
    }
}

fn dependence(after: &After) -> Value {
    let kind = match after.outcome {
        Outcome::Success => "depend_success",
        Outcome::Fail => "depend_fail",
        Outcome::Finish => "depend_finish",
        Outcome::Terminate => "depend_terminate",
    };
    let depend = |task: &String| json!({ kind: { "depend_task": task, "task": null } });
    match after.quantifier {
        Quantifier::One => depend(&after.tasks[0]),
        Quantifier::All => json!({ "all": after.tasks.iter().map(depend).collect::<Vec<_>>() }),
        Quantifier::Any => json!({ "any": after.tasks.iter().map(depend).collect::<Vec<_>>() }),
    }
}

fn happened(status: &Status) -> Value {
    let action = match status.action {
        Action::Started => "run",
        Action::Succeeded => "success",
        Action::Failed => "fail",
        Action::Finished => "finish",
        Action::Terminated => "terminate",
        Action::Inacted => "inaction",
        Action::Crashed => "crash",
    };
    json!({ "task_status": {
        "action": action,
        "task": status.task,
        "period": status.within.as_ref().map(period),
        "compare": compare(&status.count),
    } })
}

fn span(age: &Age) -> Value {
    if *age == Age::default() {
        return Value::Null;
    }
    json!({
        "type": "span",
        "near_us": age.more_than.map_or(0, |more| more.0),
        "far_us": age.less_than.map(|less| less.0),
    })
}

fn compare(count: &Count) -> Value {
    let sign = |compare: Compare| match compare {
        Compare::Equal => "==",
        Compare::NotEqual => "!=",
        Compare::Less => "<",
        Compare::AtMost => "<=",
        Compare::More => ">",
        Compare::AtLeast => ">=",
    };
    count
        .0
        .iter()
        .map(|&(compare, number)| (sign(compare).to_owned(), json!(number)))
        .collect()
}

fn delta(past: u64) -> Value {
    json!({ "type": "delta", "past_us": past, "future_us": 0 })
}

fn cron(cron: &Cron) -> Value {
    let mut fields: Vec<&str> = cron.fields().split(' ').collect();
    let second = if cron.has_seconds() {
        Some(fields.remove(0))
    } else {
        None
    };
    let mut value = json!({
        "type": "cron",
        "minute": fields[0],
        "hour": fields[1],
        "day_of_month": fields[2],
        "month": fields[3],
        "day_of_week": fields[4],
    });
    if let Some(second) = second {
        value["second"] = json!(second);
    }
    if let Some(grace) = cron.grace() {
        value["grace_us"] = json!(grace.0);
    }
    value
}

fn anchored(unit: Unit, window: &Window) -> Value {
    let length = unit
        .micros()
        .unwrap_or(if unit == Unit::Month { 31 * DAY } else { 366 * DAY });
    let (op, start, end) = match window {
        Window::Full => ("full", None, None),
        Window::Between(start, end) => ("between", Some(start), Some(end)),
        Window::After(start) => ("after", Some(start), None),
        Window::Before(end) => ("before", None, Some(end)),
        Window::On(start) => ("on", Some(start), None),
        Window::Each(_) => return json!({ "text": Anchored { unit, window: window.clone() }.to_string() }),
        Window::Starting(start) => ("starting", Some(start), None),
    };
    let start_us = start.map_or(0, position);
    let end_us = match (window, end) {
        (_, Some(end)) => position(end) + stretch(end),
        (Window::On(bound), _) => (start_us + sub_unit(unit, bound)) % length,
        (Window::Starting(_), _) => start_us,
        _ => length,
    };
    let mut value = json!({ "type": unit.name(), "op": op, "start_us": start_us, "end_us": end_us });
    for (key, bound) in [("start", start), ("end", end)] {
        if let Some(bound) = bound {
            value[key] = json!(bound.display(unit).to_string());
        }
    }
    value
}

/// Where the bound is on the axis of its unit.
fn position(bound: &Bound) -> u64 {
    match *bound {
        Bound::Clock(micros) => micros,
        Bound::Weekday { day, time } => u64::from(day) * DAY + time.unwrap_or(0),
        Bound::MonthDay { day, time } => (day_number(day, 31) - 1) * DAY + time.unwrap_or(0),
        Bound::YearDay { month, day, time } => {
            let index = usize::from(month) - 1;
            let day = day.map_or(1, |day| day_number(day, MONTH_DAYS[index]));
            (MONTH_DAYS[..index].iter().sum::<u64>() + day - 1) * DAY + time.unwrap_or(0)
        }
        Bound::Ruled(_) => unreachable!("the reference has no such bound"),
    }
}

fn day_number(day: Day, last: u64) -> u64 {
    match day {
        Day::Nth(day) => day.into(),
        Day::Last => last,
    }
}

/// How much a bare bound includes as an end.
fn stretch(bound: &Bound) -> u64 {
    match *bound {
        Bound::Weekday { time: None, .. }
        | Bound::MonthDay { time: None, .. }
        | Bound::YearDay {
            day: Some(_),
            time: None,
            ..
        } => DAY,
        Bound::YearDay { month, day: None, .. } => MONTH_DAYS[usize::from(month) - 1] * DAY,
        _ => 0,
    }
}

fn sub_unit(unit: Unit, bound: &Bound) -> u64 {
    match (unit, bound) {
        (Unit::Second, _) => 1_000,
        (Unit::Minute, _) => 1_000_000,
        (Unit::Hour, _) => 60_000_000,
        (Unit::Day, _) => DAY / 24,
        (Unit::Year, Bound::YearDay { day: None, .. }) => stretch(bound),
        _ => DAY,
    }
}
