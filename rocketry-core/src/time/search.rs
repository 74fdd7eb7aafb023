//! The search for occurrences, including those of sets of periods.

use std::cell::Cell;

use super::occurrence::ahead;
use super::period::Period;
use super::span::Span;
use super::timestamp::Timestamp;
use super::zone::Zone;

/// The maximum number of steps for one question. The search gives up after them, because members that never
/// meet can't be distinguished from members that rarely meet: a Monday that is 29 February takes about forty
/// steps.
const STEPS: u32 = 4_096;
/// The number of steps along a row of overlapping occurrences after which it counts as endless.
const ROW: u32 = 256;

/// How sliding windows are treated.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sliding {
    /// As the window relative to the instant in question.
    Seen,
    /// As moving with the instant: it contains the instant always or never.
    Along,
}

/// One question to a period.
pub(super) struct Search {
    zone: Zone,
    sliding: Sliding,
    steps: Cell<u32>,
}

/// A bound of the search, and the instant that sliding windows are seen from.
#[derive(Clone, Copy)]
struct Point {
    at: Timestamp,
    now: Timestamp,
}

impl Search {
    pub(super) const fn new(zone: Zone, sliding: Sliding) -> Self {
        Self {
            zone,
            sliding,
            steps: Cell::new(STEPS),
        }
    }

    /// The occurrence that contains an instant.
    pub(super) fn at(&self, period: &Period, at: Timestamp) -> Option<Span> {
        match period {
            Period::All(members) => {
                // Spans that contain the instant overlap.
                common(self.each(members, |member| self.at(member, at)))
            }
            _ => self.before(period, at).filter(|span| span.contains(at)),
        }
    }

    /// The latest occurrence that starts at `at` or earlier.
    pub(super) fn before(&self, period: &Period, at: Timestamp) -> Option<Span> {
        self.back(period, Point { at, now: at })
    }

    /// The earliest occurrence that ends after `at`.
    pub(super) fn after(&self, period: &Period, at: Timestamp) -> Option<Span> {
        self.ahead(period, Point { at, now: at })
    }

    fn back(&self, period: &Period, point: Point) -> Option<Span> {
        match period {
            Period::All(members) => self.last_common(members, point),
            Period::Any(members) => {
                let spans = self.each(members, |member| self.back(member, point));
                let latest = spans.flatten().max_by_key(|span| span.end)?;
                Some(self.row(members, latest, point))
            }
            Period::Age(_) | Period::Delta { .. } | Period::Past(_) => {
                let window = self.window(period, point.now)?;
                window.filled().filter(|window| window.start <= point.at)
            }
            _ => period.own_before(point.at, self.zone),
        }
    }

    fn ahead(&self, period: &Period, point: Point) -> Option<Span> {
        match period {
            Period::All(members) => self.first_common(members, point),
            Period::Any(members) => {
                let spans = self.each(members, |member| self.ahead(member, point));
                let earliest = spans.flatten().min_by_key(|span| span.start)?;
                Some(self.row(members, earliest, point))
            }
            Period::Age(age) if self.sliding == Sliding::Seen => ahead(*age, point.now).filled(),
            Period::Age(_) | Period::Delta { .. } | Period::Past(_) => {
                let window = self.window(period, point.now)?;
                window.filled().filter(|window| window.end > point.at)
            }
            _ => period.own_after(point.at, self.zone),
        }
    }

    fn window(&self, period: &Period, now: Timestamp) -> Option<Span> {
        let window = period.window(now)?;
        match self.sliding {
            Sliding::Seen => Some(window),
            Sliding::Along => window.contains(now).then_some(Span::ALWAYS),
        }
    }

    /// The latest intersection of occurrences of all members.
    ///
    /// As long as the latest occurrences of the members do not intersect, no intersection lies before the end
    /// of the one that ends first, so the search continues there.
    fn last_common(&self, members: &[Period], mut point: Point) -> Option<Span> {
        while self.step() {
            let span = common(self.each(members, |member| self.back(member, point)))?;
            if !span.is_empty() {
                return Some(span);
            }
            point = Point {
                at: span.end.previous(),
                now: span.end,
            };
        }
        None
    }

    /// The earliest intersection of occurrences of all members. The mirror image.
    fn first_common(&self, members: &[Period], mut point: Point) -> Option<Span> {
        while self.step() {
            let span = common(self.each(members, |member| self.ahead(member, point)))?;
            if !span.is_empty() {
                return Some(span);
            }
            point = Point {
                at: span.start,
                now: span.start,
            };
        }
        None
    }

    /// The row of overlapping occurrences that contains one of them.
    ///
    /// If a row has no end, the nearest occurrences of the members form an occurrence.
    fn row(&self, members: &[Period], seed: Span, point: Point) -> Span {
        let at = point.at.clamp(seed.start, seed.end.previous());
        let near = self.nearest(members, seed, Point { at, ..point });
        let start = self
            .row_start(members, near.start, point.now)
            .unwrap_or(near.start);
        let end = self.row_end(members, near.end, point.now).unwrap_or(near.end);
        Span::new(start, end)
    }

    /// What at most two occurrences of each member, the last before the point and the first after it, make
    /// together with one that contains the point.
    fn nearest(&self, members: &[Period], seed: Span, point: Point) -> Span {
        let mut near = seed;
        loop {
            let known = near;
            for member in members {
                if let Some(span) = self.back(member, point).filter(|span| span.end > near.start) {
                    near.start = near.start.min(span.start);
                }
                if let Some(span) = self.ahead(member, point).filter(|span| span.start < near.end) {
                    near.end = near.end.max(span.end);
                }
            }
            if near == known {
                return near;
            }
        }
    }

    /// Follows a row back to its start.
    fn row_start(&self, members: &[Period], mut start: Timestamp, now: Timestamp) -> Option<Timestamp> {
        for _ in 0..ROW {
            let point = Point { at: start, now };
            let spans = self.each(members, |member| self.ahead(member, point));
            let earliest = spans
                .flatten()
                .map(|span| span.start)
                .min()
                .map_or(start, |earliest| earliest.min(start));
            if earliest == start {
                return Some(start);
            }
            start = self.step().then_some(earliest)?;
        }
        None
    }

    /// Follows a row to its end.
    fn row_end(&self, members: &[Period], mut end: Timestamp, now: Timestamp) -> Option<Timestamp> {
        for _ in 0..ROW {
            let point = Point {
                at: end.previous(),
                now,
            };
            let spans = self.each(members, |member| self.back(member, point));
            let latest = spans
                .flatten()
                .map(|span| span.end)
                .max()
                .map_or(end, |latest| latest.max(end));
            if latest == end {
                return Some(end);
            }
            end = self.step().then_some(latest)?;
        }
        None
    }

    /// Calls a function for each member. All of them have the same number of steps left, so a fruitless
    /// search takes none from the others; afterwards, the smallest remainder counts.
    fn each<'m>(
        &self,
        members: &'m [Period],
        ask: impl Fn(&'m Period) -> Option<Span>,
    ) -> impl Iterator<Item = Option<Span>> {
        let left = self.steps.get();
        members.iter().scan(left, move |least, member| {
            self.steps.set(left);
            let span = ask(member);
            *least = self.steps.get().min(*least);
            self.steps.set(*least);
            Some(span)
        })
    }

    /// Takes a step, unless there were too many.
    fn step(&self) -> bool {
        let left = self.steps.get();
        self.steps.set(left.saturating_sub(1));
        left > 0
    }
}

/// The intersection of spans: empty if they do not overlap, `None` if one is missing.
fn common(mut spans: impl Iterator<Item = Option<Span>>) -> Option<Span> {
    spans.try_fold(Span::ALWAYS, |common, span| {
        let span = span?;
        Some(Span::new(common.start.max(span.start), common.end.min(span.end)))
    })
}
