//! Starts in a gap or an overlap of the clock, within a year.

use std::fmt::Write;

use chrono::NaiveDateTime;
use rocketry_syntax::Lint;
use rocketry_syntax::ast::{CondExpr, Delta, PeriodExpr, Window};

use super::finding::Finding;
use super::outlook::is_of_clock;
use crate::cond::foreseen::{known, replace};
use crate::cond::{Condition, Custom};
use crate::preview::{Isolated, PlannedStart, PreviewEnd, preview_with};
use crate::task::FirstRun;
use crate::time::{ClockChange, ClockJump, Timestamp, Zone};

type Expr = CondExpr<Custom>;

/// How far ahead to search.
const YEAR: Delta = Delta(366 * 24 * HOUR);

const HOUR: u64 = 60 * 60 * 1_000_000;

/// If there are more starts than this around a change of the clock, they do not depend on the change.
const MANY: usize = 200;

/// The maximum work for the starts around a change of the clock. A condition that needs more is not reported.
const STEPS: u64 = 4000;

/// The finding about a start condition that starts at a reading that the clock skips or repeats.
pub(super) fn finding(
    expr: &Expr,
    lone: &dyn Fn() -> Isolated,
    zone: Zone,
    from: Timestamp,
) -> Option<Finding> {
    let (expr, zone) = by_one_clock(expr, zone)?;
    let mut told = String::new();
    for jump in zone.clock_jumps(from, from.saturating_add(YEAR)) {
        let Some(effect) = effect(&expr, lone, zone, &jump) else {
            continue;
        };
        let separator = if told.is_empty() { "" } else { "; " };
        // Writing into a string can't fail.
        let _ = write!(told, "{separator}{effect}");
    }
    if told.is_empty() {
        return None;
    }
    let message = format!("the clock of {zone} is changed at the time of a start: {told}");
    let help =
        "choose a time that comes once on each day, or follow a clock that is never changed with `in UTC`";
    Some(Finding::new(Lint::ClockChange, message, help))
}

/// The parts that depend on the clock of a single zone, and that zone.
fn by_one_clock(expr: &Expr, zone: Zone) -> Option<(Expr, Zone)> {
    let clock_only = known(expr, &is_of_clock)?;
    let mut zones = Vec::new();
    clock_only.for_each_leaf(&mut |leaf| match leaf {
        CondExpr::Once(once) => add_zones(&once.period, zone, &mut zones),
        CondExpr::TimeOf(period) => add_zones(period, zone, &mut zones),
        _ => {}
    });
    let [only] = zones[..] else { return None };
    Some((replace(&clock_only, &without_zone), only))
}

/// Adds the zones whose clocks a period follows.
fn add_zones(period: &PeriodExpr, zone: Zone, zones: &mut Vec<Zone>) {
    let here = match period {
        PeriodExpr::All(members) | PeriodExpr::Any(members) => {
            for member in members {
                add_zones(member, zone, zones);
            }
            return;
        }
        PeriodExpr::Always | PeriodExpr::Never | PeriodExpr::Past(_) => return,
        // `daily` contains no time of day.
        PeriodExpr::Anchored(anchored) if anchored.window == Window::Full => return,
        PeriodExpr::Zoned(there) => there.zone.parse().unwrap_or(zone),
        _ => zone,
    };
    if !zones.contains(&here) {
        zones.push(here);
    }
}

/// The part without its zone.
fn without_zone(part: &Expr) -> Option<Expr> {
    match part {
        CondExpr::Once(once) => {
            let mut once = once.clone();
            once.period = unzoned(once.period);
            Some(CondExpr::Once(once))
        }
        CondExpr::TimeOf(period) => Some(CondExpr::TimeOf(unzoned(period.clone()))),
        _ => None,
    }
}

fn unzoned(period: PeriodExpr) -> PeriodExpr {
    let each = |members: Vec<PeriodExpr>| members.into_iter().map(unzoned).collect();
    match period {
        PeriodExpr::All(members) => PeriodExpr::All(each(members)),
        PeriodExpr::Any(members) => PeriodExpr::Any(each(members)),
        PeriodExpr::Zoned(zoned) => zoned.period,
        period => period,
    }
}

/// The effect of a change of the clock on the starts, if it affects any.
///
/// On the clock of UTC, which never changes, the condition starts at the readings that it contains. If it
/// also starts shortly before and after the readings that are skipped or repeated, it describes a rhythm
/// rather than times of day.
fn effect(expr: &Expr, lone: &dyn Fn() -> Isolated, zone: Zone, jump: &ClockJump) -> Option<String> {
    let [first, end] = [jump.readings.start, jump.readings.end].map(|reading| Zone::UTC.first(reading));
    let length = Delta::from(end.since(first));
    let margin = Delta(length.0.saturating_add(HOUR));
    let named = starts(
        expr,
        lone,
        Zone::UTC,
        first.saturating_sub(margin),
        end.saturating_add(length),
    )?;
    let readings: Vec<Timestamp> = named.iter().map(|start| start.at).collect();
    let meets = |from: Timestamp, until: Timestamp| readings.iter().any(|at| (from..until).contains(at));
    let is_rhythm = meets(first.saturating_sub(length), first) && meets(end, end.saturating_add(length));
    let reading = *readings.iter().find(|at| (first..end).contains(*at))?;
    if is_rhythm {
        return None;
    }
    let (before, after) = (jump.at.saturating_sub(margin), jump.at.saturating_add(margin));
    let real = starts(expr, lone, zone, before, after)?;
    Some(told(Zone::UTC.local(reading), zone, jump, &real))
}

/// The starts from an instant until another; `None` if there are many, or if finding them takes too many
/// steps.
fn starts(
    expr: &Expr,
    lone: &dyn Fn() -> Isolated,
    zone: Zone,
    from: Timestamp,
    until: Timestamp,
) -> Option<Vec<PlannedStart>> {
    let condition = Condition::from(expr.clone());
    let preview = preview_with(condition, lone(), zone, from, FirstRun::Wait).ok()?;
    let mut preview = preview.within_steps(STEPS);
    let ahead = preview.by_ref().take_while(|start| start.at < until);
    let starts: Vec<_> = ahead.take(MANY).collect();
    let is_whole = !matches!(preview.end(), Some(PreviewEnd::OutOfSteps { .. }));
    (is_whole && starts.len() < MANY).then_some(starts)
}

fn told(reading: NaiveDateTime, zone: Zone, jump: &ClockJump, real: &[PlannedStart]) -> String {
    let changes = real.iter().filter_map(|start| start.clock_change);
    let moved = changes.filter(|change| match change {
        ClockChange::Skipped { reading: named, .. }
        | ClockChange::First { reading: named }
        | ClockChange::Second { reading: named } => *named == reading,
    });
    let moved: Vec<ClockChange> = moved.collect();
    let day = reading.format("%-d %B");
    let time = reading.format("%H:%M");
    match moved[..] {
        [change] => change.to_string(),
        [_, _, ..] => format!("{time} comes twice on {day}: starts both times"),
        [] if jump.forward => format!("{time} does not exist on {day}: does not start"),
        [] => {
            let times = real
                .iter()
                .filter(|start| zone.local(start.at) == reading)
                .count();
            format!("{time} comes twice on {day}: starts {times} times")
        }
    }
}
