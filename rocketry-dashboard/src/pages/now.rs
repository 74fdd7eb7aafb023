//! The start page: health, current runs, and the last and the next hour.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use rocketry_api::{Api, Count, Problem};
use rocketry_core::{Action, Query, Record, RunInfo, Status, TaskInfo, Timestamp, Zone};
use rocketry_syntax::Delta;

use super::Pages;
use super::tasks::{last_ends, next_start};
use crate::view::{
    Look, Mark, Place, Row, Tab, at, badge, length, median, micros, relative, throughput, timeline,
};

/// The period that the timeline covers on either side.
const HOUR: Delta = Delta(3_600_000_000);

/// The maximum number of records of the last hour to read.
const RECORDS: usize = 5000;

/// The maximum number of rows of the timeline.
const ROWS: usize = 15;

/// The maximum number of expected starts of a task to compute.
const EXPECTED: usize = 1000;

/// Expected starts that are closer than this are indistinguishable on the timeline.
const CLOSE: Duration = Duration::from_secs(45);

/// A task that is due for longer than this but does not start, although nothing holds it back, is late.
const GRACE: Delta = Delta(10_000_000);

/// The maximum number of current runs whose usual duration is looked up.
const COMPARED: usize = 20;

/// The maximum number of tasks in a list.
const LISTED: usize = 10;

/// Redirects the browser from the root to the start page, whose relative links work below any path.
pub(crate) async fn home(place: Place) -> Response {
    place.go("now")
}

pub(crate) async fn page(State(pages): State<Pages>, place: Place) -> Response {
    let content = content(&pages, &place).await;
    pages.show(&place, Tab::Now, "Now", content)
}

async fn content(pages: &Pages, place: &Place) -> Result<Markup, Problem> {
    let Found {
        now,
        ends,
        health,
        rows,
        running,
        usual,
    } = pages.api.read(find).await?;
    let (zone, from) = (pages.api.session().config().zone, now.saturating_sub(HOUR));
    Ok(html! {
        h1.hidden { "Now" }
        section #health data-live { h2 { "Health" } (health.show(place, now)) }
        section #numbers data-live {
            h2 { "Last hour" }
            (numbers(&ends))
            @if !ends.is_empty() { (throughput(&ends, (reached(&ends, from), now), now, zone)) }
        }
        section #timeline data-live {
            h2 { "One hour back, one hour ahead" }
            @if rows.is_empty() { p.quiet { "Nothing ran, and nothing is due by time alone." } } @else {
                (timeline(place, &rows, (from, now.saturating_add(HOUR)), now, zone))
            }
        }
        section #running data-live { h2 { "Running" } (table(place, &running, &usual, now, zone)) }
    })
}

/// What is looked up for the page.
struct Found {
    now: Timestamp,
    /// The ends of the last hour, oldest first.
    ends: Vec<Record>,
    health: Health,
    rows: Vec<Row>,
    running: Vec<RunInfo>,
    /// How long the tasks that run usually take, in microseconds.
    usual: BTreeMap<Arc<str>, u64>,
}

fn find(api: &Api) -> Result<Found, Problem> {
    let now = api.now();
    let ends = ends_since(api, now.saturating_sub(HOUR))?;
    let (health, running) = (Health::of(api), api.session().run_infos());
    Ok(Found {
        now,
        rows: rows(api, &ends, &running, &health.soon),
        usual: usual_lengths(api, &running)?,
        ends,
        health,
        running,
    })
}

/// The ends of runs since an instant, oldest first.
fn ends_since(api: &Api, since: Timestamp) -> Result<Vec<Record>, Problem> {
    let ends = Action::ALL.into_iter().filter(|action| action.is_end());
    let query = ends.fold(Query::new().created(since..), Query::action);
    Ok(api.session().log(&query.last(RECORDS))?)
}

/// The instant from which the list of ends is complete: the start of the hour, unless there are too many.
fn reached(ends: &[Record], from: Timestamp) -> Timestamp {
    let first = ends.first().filter(|_| ends.len() == RECORDS);
    first.map_or(from, |first| first.created)
}

/// Tasks that need attention.
#[derive(Default)]
struct Health {
    late: List,
    failing: List,
    held: List,
    never: List,
    paused: List,
    disabled: List,
    /// Tasks that are due within the hour.
    soon: Vec<Arc<str>>,
    tasks: usize,
}

/// The first tasks of a kind, and their total number.
#[derive(Default)]
struct List {
    first: Vec<TaskInfo>,
    count: usize,
}

impl List {
    fn add(&mut self, task: &TaskInfo) {
        self.count += 1;
        if self.first.len() < LISTED {
            self.first.push(task.clone());
        }
    }
}

impl Health {
    fn of(api: &Api) -> Self {
        let horizon = api.now().saturating_add(HOUR);
        let late = api.now().saturating_sub(GRACE);
        let mut health = Health::default();
        for task in api.session().tasks() {
            let info = task.info();
            health.tasks += 1;
            if info.disabled {
                health.disabled.add(&info);
                continue;
            }
            if info.paused {
                health.paused.add(&info);
            }
            match info.status {
                Status::Ended(Action::Fail | Action::Crash) => health.failing.add(&info),
                Status::Never if info.start.is_some() => health.never.add(&info),
                _ => {}
            }
            let is_held = info.holds.iter().any(rocketry_core::Hold::has_run);
            if is_held {
                health.held.add(&info);
            } else if info.next_due.is_some_and(|due| due < late) {
                health.late.add(&info);
            }
            if info.next_due.is_some_and(|due| due <= horizon) {
                health.soon.push(info.name);
            }
        }
        health
    }

    fn show(&self, place: &Place, now: Timestamp) -> Markup {
        let lists = [
            ("Late", &self.late, Look::from(Action::Terminate), ""),
            ("Failing", &self.failing, Look::from(Action::Fail), "fail,crash"),
            ("Held", &self.held, Look::from(Action::Terminate), ""),
            ("Never ran", &self.never, Look::from(Status::Never), "never"),
            ("Paused", &self.paused, Look::from(Action::Inaction), ""),
            (
                "Disabled",
                &self.disabled,
                Look::from(Action::Inaction),
                "disabled",
            ),
        ];
        let is_well = lists.iter().all(|(_, list, ..)| list.count == 0);
        html! {
            @if is_well { p.well { (badge(Look::from(Action::Success), "all is well")) " " (self.tasks) " tasks" } }
            div.cards { @for (title, list, look, status) in lists {
                @if list.count > 0 {
                    article class={ "card " (look.class) } {
                        h3 { span aria-hidden="true" { (look.shape) } " " (title) " " span.count { (list.count) } }
                        ul { @for task in &list.first {
                            li { a href=(place.task(&task.name)) { bdi { (task.name) } } " " (next_start(task, now)) }
                        } }
                        @if list.count > list.first.len() && !status.is_empty() {
                            a href=(format!("{}tasks?status={status}", place.root)) { "all " (list.count) }
                        }
                    }
                }
            } }
        }
    }
}

/// The number of ended runs, their lateness, and the number of failures.
fn numbers(ends: &[Record]) -> Markup {
    let mut lateness: Vec<_> = ends.iter().map(Record::lateness).collect();
    lateness.sort_unstable();
    let at_share = |share: usize| {
        lateness
            .get((lateness.len() * share / 100).min(lateness.len().saturating_sub(1)))
            .copied()
    };
    let failed = ends
        .iter()
        .filter(|end| matches!(end.action, Action::Fail | Action::Crash))
        .count();
    let shown = |share| at_share(share).map_or_else(|| "–".to_owned(), length);
    let ended = Count {
        count: ends.len() as u64,
        more: ends.len() == RECORDS,
    };
    html! {
        dl.numbers {
            div { dt { "runs ended" } dd { (ended) } }
            div { dt { "failed" } dd class=[(failed > 0).then_some("bad")] { (failed) } }
            div { dt { "lateness, median" } dd { (shown(50)) } }
            div { dt { "lateness, 99th percentile" } dd { (shown(99)) } }
        }
    }
}

/// The rows of the timeline: the busiest tasks first.
fn rows(api: &Api, ends: &[Record], running: &[RunInfo], soon: &[Arc<str>]) -> Vec<Row> {
    let now = api.now();
    let mut marks: BTreeMap<Arc<str>, Vec<Mark>> = BTreeMap::new();
    for end in ends {
        marks.entry(end.task.clone()).or_default().push(ended(end, now));
    }
    for run in running {
        marks
            .entry(run.task.clone())
            .or_default()
            .push(under_way(run, now));
    }
    for task in soon {
        marks.entry(task.clone()).or_default();
    }
    let mut rows: Vec<_> = marks.into_iter().collect();
    rows.sort_by_key(|(_, marks)| Reverse(marks.len()));
    rows.truncate(ROWS);
    let row = |(task, mut marks): (Arc<str>, Vec<Mark>)| {
        marks.extend(expected(api, &task, now));
        Row {
            task: task.to_string(),
            marks,
        }
    };
    rows.into_iter().map(row).collect()
}

fn ended(end: &Record, now: Timestamp) -> Mark {
    let took = end.runtime().map(length).unwrap_or_default();
    Mark {
        from: end.start,
        to: end.created,
        class: Look::from(end.action).class,
        told: format!("{} {}, took {took}", end.action, relative(end.created, now)),
    }
}

fn under_way(run: &RunInfo, now: Timestamp) -> Mark {
    Mark {
        from: run.start,
        to: now,
        class: Look::from(Action::Run).class,
        told: format!("started {}, still runs", relative(run.start, now)),
    }
}

/// The expected starts of a task in the next hour. Starts close to each other form one mark.
fn expected(api: &Api, task: &str, now: Timestamp) -> Vec<Mark> {
    let horizon = now.saturating_add(HOUR);
    let starts = api.session().task(task).and_then(|task| task.preview());
    let starts = starts
        .into_iter()
        .flatten()
        .take_while(|start| start.at <= horizon);
    let mut marks: Vec<Mark> = Vec::new();
    for start in starts.take(EXPECTED) {
        match marks.last_mut() {
            Some(last) if start.at.since(last.to) < CLOSE => {
                last.to = start.at;
                last.told = format!("due again and again, from {}", relative(last.from, now));
            }
            _ => marks.push(Mark {
                from: start.at,
                to: start.at,
                class: "expected",
                told: format!("due {}", relative(start.at, now)),
            }),
        }
    }
    marks
}

/// The usual durations of the first running tasks, in microseconds.
fn usual_lengths(api: &Api, running: &[RunInfo]) -> Result<BTreeMap<Arc<str>, u64>, Problem> {
    let mut usual = BTreeMap::new();
    for run in running.iter().take(COMPARED) {
        let ends = last_ends(api, &run.task, COMPARED)?;
        let lengths = ends
            .iter()
            .filter_map(Record::runtime)
            .map(|took| took.as_micros());
        let lengths: Vec<u64> = lengths.filter_map(|micros| micros.try_into().ok()).collect();
        if !lengths.is_empty() {
            usual.insert(run.task.clone(), median(&lengths));
        }
    }
    Ok(usual)
}

fn table(
    place: &Place,
    runs: &[RunInfo],
    usual: &BTreeMap<Arc<str>, u64>,
    now: Timestamp,
    zone: Zone,
) -> Markup {
    html! {
        @if runs.is_empty() { p.quiet { "Nothing runs." } } @else {
            div.scroll { table {
                thead { tr { th { "Task" } th { "Run" } th { "Started" } th.number { "Runs for" } th.number { "Usually" } th.number { "Late" } th { "Times out" } } }
                tbody { @for run in runs.iter().take(100) {
                    tr {
                        td { a href=(place.task(&run.task)) { bdi { (run.task) } } }
                        td { a href=(place.run(&run.run_id)) { code { (run.run_id) } } }
                        td { (at(run.start, now, zone)) }
                        @let elapsed = now.since(run.start);
                        @let normal = usual.get(&run.task).copied();
                        td.number.held[normal.is_some_and(|normal| elapsed.as_micros() > u128::from(normal) * 2)] { (length(elapsed)) }
                        td.number { (normal.map(micros).unwrap_or_default()) }
                        td.number { (micros(u64::try_from(run.start.since(run.due).as_micros()).unwrap_or(u64::MAX))) }
                        td { @if let Some(deadline) = run.deadline { (at(deadline, now, zone)) } }
                    }
                } }
            } }
            @if runs.len() > 100 { p.quiet { "and " (runs.len() - 100) " more" } }
        }
    }
}
