//! Events, counts of skipped starts, holds and views: what something that watches an app sees of it.

use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{
    Config, Event, Events, Hold, Overlap, Params, Phase, Query, Rocketry, Session, SkipReason, Task, Zone,
};

const START: &str = "2026-01-01T00:00:00Z";

fn app() -> Rocketry {
    Rocketry::builder().config(Config {
        zone: Zone::UTC,
        ..Config::default()
    })
}

/// A task whose runs take this many seconds.
fn sleeper(name: &'static str, seconds: u64) -> rocketry_core::TaskBuilder {
    Task::func(name, move |session: Session| async move {
        session.clock().sleep(Duration::from_secs(seconds)).await;
    })
}

fn drain(events: &mut Events) -> Vec<Event> {
    std::iter::from_fn(|| events.try_next()).collect()
}

/// The names of events, each with its task if it has one.
fn names(events: &[Event]) -> Vec<String> {
    let json = events.iter().map(|event| serde_json::to_value(event).unwrap());
    json.map(|json| {
        let name = json["event"].as_str().unwrap();
        match json["task"].as_str() {
            Some(task) => format!("{name} {task}"),
            None => name.to_owned(),
        }
    })
    .collect()
}

#[test]
fn a_run_is_requested_started_and_ended() {
    let mut app = TestApp::start(app().task(sleeper("work", 3)), START).unwrap();
    let mut events = app.session().subscribe();
    app.session().task("work").unwrap().run(Params::new());
    app.run_for(Duration::from_secs(10));
    let events = drain(&mut events);
    assert_eq!(names(&events), ["requested work", "started work", "ended work"]);
    let log = app.records(&Query::new());
    let told: Vec<_> = events
        .into_iter()
        .filter_map(|event| match event {
            Event::Started(record) | Event::Ended(record) => Some(record),
            _ => None,
        })
        .collect();
    assert_eq!(told, log);
}

#[test]
fn changes_of_tasks_are_events() {
    let app = TestApp::start(app().task(sleeper("work", 3).unique(true)), START).unwrap();
    let session = app.session();
    let mut events = session.subscribe();
    let work = session.task("work").unwrap();
    work.disable();
    work.enable();
    work.set_start("never").unwrap();
    work.set_priority(5);
    let added = session.add(Task::func("more", || {})).unwrap();
    work.run(Params::new());
    work.run(Params::new());
    added.delete();
    let mut app = app;
    app.settle();
    assert_eq!(
        names(&drain(&mut events)),
        [
            "task_disabled work",
            "task_enabled work",
            "task_changed work",
            "task_changed work",
            "task_added more",
            "requested work",
            "refused work",
            "task_deleted more",
            "started work"
        ]
    );
}

#[test]
fn the_stream_ends_with_the_app() {
    let app = TestApp::start(app().task(sleeper("work", 3)), START).unwrap();
    let mut events = app.session().subscribe();
    let session = app.session().clone();
    app.shut_down();
    let phases: Vec<_> = drain(&mut events)
        .into_iter()
        .filter_map(|event| match event {
            Event::PhaseChanged { phase } => Some(phase),
            _ => None,
        })
        .collect();
    assert_eq!(phases, [Phase::Closing, Phase::Over]);
    let ended = rocketry_core::block_on(async move { events.next().await });
    assert_eq!(ended, None);
    assert_eq!(session.subscribe().try_next(), None);
}

#[test]
fn a_slow_subscriber_is_told_how_many_events_it_has_missed() {
    let mut app = TestApp::start(app().func("work", "every 1 second", || async {}), START).unwrap();
    let mut events = app.session().subscribe();
    app.run_for(Duration::from_secs(1000));
    let total = app.records(&Query::new()).len() as u64;
    let Some(Event::Lagged { missed }) = events.try_next() else {
        panic!("2,000 events are more than a subscriber may be behind");
    };
    let rest = drain(&mut events).len() as u64;
    // The first run was before the subscription.
    assert_eq!(missed + rest, total - 2);
}

#[test]
fn a_start_that_overlaps_is_counted() {
    let overlapping = |overlap| {
        let task = sleeper("work", 250).start("cron */2 * * * *").overlap(overlap);
        let mut app = TestApp::start(app().task(task), START).unwrap();
        let mut events = app.session().subscribe();
        app.run_for(Duration::from_secs(255));
        let skipped = app.session().task("work").unwrap().skipped(SkipReason::Overlap);
        let told = drain(&mut events).into_iter().filter_map(|event| match event {
            Event::Skipped { reason, count, .. } => Some((reason, count)),
            _ => None,
        });
        (skipped, told.collect::<Vec<_>>())
    };
    // The start of 00:02 comes and goes; that of 00:04 is late, and made at 00:04:10.
    assert_eq!(overlapping(Overlap::Skip), (1, vec![(SkipReason::Overlap, 1)]));
    assert_eq!(overlapping(Overlap::Queue), (0, vec![]));
}

#[test]
fn a_start_that_waits_for_a_pool_until_it_is_not_due_is_counted() {
    let app = app()
        .pool("db", 1)
        .task(sleeper("long", 150).pool("db").start("daily").priority(1))
        .task(
            sleeper("short", 1)
                .pool("db")
                .start("time of day between 00:01 and 00:02"),
        );
    let mut app = TestApp::start(app, START).unwrap();
    let mut events = app.session().subscribe();
    app.run_until("2026-01-01T00:01:30Z");
    let short = app.session().task("short").unwrap();
    let hold = Hold::Pool {
        pool: "db".into(),
        used: 1,
        size: 1,
        ahead: 0,
    };
    assert_eq!(short.holds(), std::slice::from_ref(&hold));
    assert_eq!(short.waits_for().unwrap(), hold.to_string());
    app.run_until("2026-01-01T00:05:00Z");
    assert_eq!(short.skipped(SkipReason::Pool), 1);
    let events = drain(&mut events);
    assert!(events.contains(&Event::Held {
        task: "short".into(),
        hold
    }));
    let skipped = Event::Skipped {
        task: "short".into(),
        reason: SkipReason::Pool,
        count: 1,
    };
    assert!(events.contains(&skipped));
}

#[test]
fn a_deferred_start_that_is_lost_is_counted_with_its_reason() {
    let task = sleeper("work", 1).start("daily").jitter("10 hours");
    let mut app = TestApp::start(app().task(task), START).unwrap();
    let work = app.session().task("work").unwrap();
    let held = work.holds();
    assert!(matches!(held[..], [Hold::Jitter { .. }]), "{held:?}");
    work.set_start("daily").unwrap();
    app.settle();
    assert_eq!(work.skipped(SkipReason::Changed), 1);
    work.disable();
    app.settle();
    assert_eq!(work.skipped(SkipReason::Disabled), 1);
    assert_eq!(work.holds(), [Hold::Disabled]);
}

#[test]
fn holds_say_what_keeps_a_task_from_starting() {
    let app = app().task(sleeper("work", 100).start("daily")).task(
        Task::func("first", || {})
            .start("daily")
            .first_run(rocketry_core::FirstRun::Wait),
    );
    let app = TestApp::start(app, START).unwrap();
    let session = app.session();
    let holds = |task: &str| session.task(task).unwrap().holds();
    assert_eq!(holds("work"), [Hold::Running { running: 1, limit: 1 }]);
    assert_eq!(
        holds("first"),
        [Hold::FirstRun {
            since: START.parse().unwrap()
        }]
    );
    session.shut_down();
    assert_eq!(holds("first")[0], Hold::ShuttingDown);
}

#[test]
fn views_have_stable_names() {
    let task = sleeper("work", 100)
        .start("daily after 00:00")
        .end("task 'work' has failed today")
        .description("works")
        .pool("db")
        .priority(2);
    let app = TestApp::start(app().pool("db", 2).task(task), START).unwrap();
    let view = serde_json::to_value(app.session().task("work").unwrap().info()).unwrap();
    let run_id = view["running"][0]["run_id"].clone();
    let expected = serde_json::json!({
        "name": "work",
        "description": "works",
        "status": "running",
        "start": "daily after 00:00",
        "end": "task 'work' has failed today",
        "execution": "async",
        "zone": "UTC",
        "timeout": "30 minutes",
        "priority": 2,
        "group": null,
        "disabled": false,
        "paused": false,
        "skips_next": false,
        "finished": false,
        "max_running": 1,
        "pools": ["db"],
        "running": [{
            "task": "work",
            "run_id": run_id,
            "due": "2026-01-01T00:00:00.000000Z",
            "start": "2026-01-01T00:00:00.000000Z",
            "deadline": "2026-01-01T00:30:00.000000Z",
            "stopping": null,
        }],
        "queued": 0,
        "backfill": null,
        "catch_up": null,
        "catching_up": 0,
        "next_due": "2026-01-02T00:00:00.000000Z",
        "holds": [{ "kind": "running", "running": 1, "limit": 1 }],
        "actions": { "run": { "count": 1, "last": "2026-01-01T00:00:00.000000Z" } },
        "skipped": {},
    });
    assert_eq!(view, expected);
    assert_eq!(app.session().task_infos().len(), 1);
    assert_eq!(app.session().run_infos().len(), 1);
}
