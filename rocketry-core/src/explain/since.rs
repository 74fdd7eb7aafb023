//! Finds out when the truth of a part last changed.

use rocketry_syntax::ast::{Age, Count, Delta};

use super::node::{Join, Node};
use super::reader::Reader;
use crate::cond::{Node as Part, Who, ends, uses};
use crate::log::Action;
use crate::time::{Remembered, Timestamp};

/// When the truth of a leaf last changed, if known.
pub(super) fn of_leaf(reader: &Reader<'_>, leaf: &Part, truth: bool) -> Option<Timestamp> {
    let seen = &reader.seen;
    let since = match leaf {
        Part::TimeOf(period) => window(reader, period, truth),
        Part::Every(every) => {
            let (last, next) = seen.interval(every)?;
            Some(if truth { next } else { last })
        }
        Part::Once { period, .. } if truth => window(reader, period, true),
        Part::Once {
            who, period, basis, ..
        } => {
            let history = seen.history(*who);
            let used = uses(*basis).iter().filter_map(|action| history.last(*action));
            let skipped = history.skipped().filter(|_| who.is_none());
            used.max().max(skipped).max(window(reader, period, false))
        }
        Part::After { outcome, task, delay } => {
            let awaited = seen.history(Some(*task));
            let ended = ends(*outcome).iter().filter_map(|end| awaited.last(*end)).max();
            if truth {
                ended.map(|ended| ended.saturating_add(*delay))
            } else {
                seen.history(None).counted().start.map(|start| start.at)
            }
        }
        Part::Running { who, which } => running(reader, *who, which, truth),
        Part::SchedulerRunning(age) if truth => Some(aged(seen.facts.startup(), *age)),
        Part::SchedulerStarted(_) if truth => Some(seen.facts.startup()),
        Part::SchedulerStarted(delta) => Some(seen.facts.startup().saturating_add(*delta)),
        Part::Custom(index) => reader.asked_of(*index).map(|asked| asked.since),
        _ => None,
    };
    since.filter(|since| *since <= reader.now())
}

fn window(reader: &Reader<'_>, period: &Remembered, open: bool) -> Option<Timestamp> {
    if !period.is_steady() {
        return None;
    }
    let seen = &reader.seen;
    let since = if open {
        period.around(seen.now, seen.zone).current?.start
    } else {
        period.span_before(seen.now, seen.zone)?.end
    };
    Some(since).filter(|since| *since > Timestamp::MIN && *since <= seen.now)
}

/// When the current state (a run in progress, or none) began, for conditions without a number.
fn running(reader: &Reader<'_>, who: Who, (age, count): &(Age, Count), truth: bool) -> Option<Timestamp> {
    let history = reader.seen.history(who);
    if !count.0.is_empty() {
        return None;
    }
    match history.open() {
        [] if !truth => {
            let ends = Action::ALL.iter().filter(|action| action.is_end());
            ends.filter_map(|end| history.last(*end)).max()
        }
        [oldest, ..] if truth && age.less_than.is_none() => Some(aged(oldest.start, *age)),
        _ => None,
    }
}

fn aged(began: Timestamp, age: Age) -> Timestamp {
    began.saturating_add(age.more_than.unwrap_or(Delta(0)))
}

/// When the truth of a joined part last changed, if that follows from its members.
///
/// If one member decides, the part changed with the first of its deciding members, provided that all others
/// had the opposite truth just before. What was before that is unknown.
pub(super) fn of_joined(join: Join, truth: bool, members: &[Node]) -> Option<Timestamp> {
    let decisive = match join {
        Join::All => false,
        Join::Any => true,
        Join::Not => return members.first()?.since,
        Join::Leaf => return None,
    };
    if truth != decisive {
        let all = members
            .iter()
            .map(|member| member.since)
            .collect::<Option<Vec<_>>>()?;
        return all.into_iter().max();
    }
    let deciding = |member: &&Node| member.truth == Some(decisive);
    let firsts = members.iter().filter(deciding).map(|member| member.since);
    let first = firsts.collect::<Option<Vec<_>>>()?.into_iter().min()?;
    let others_were_not = members
        .iter()
        .filter(|member| !deciding(member))
        .all(|member| member.since.is_some_and(|since| since <= first));
    others_were_not.then_some(first)
}
