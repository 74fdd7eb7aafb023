//! What an explanation says.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rocketry_core::explain::{Evidence, Explanation, Join, Outlook, Trigger};
use rocketry_core::testing::TestApp;
use rocketry_core::{
    Action, Condition, Config, FirstRun, Hold, Overlap, Params, Rocketry, Session, Task, Timestamp,
};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn explain(app: &TestApp, task: &str) -> Explanation {
    app.session().task(task).unwrap().explain()
}

fn sentence(app: &TestApp, task: &str) -> String {
    explain(app, task).sentence
}

async fn long(session: Session) {
    session.clock().sleep(Duration::from_secs(3600)).await;
}

fn start(app: Rocketry, at: &str) -> TestApp {
    TestApp::start(app, at).unwrap()
}

#[test]
fn it_says_when_a_run_starts_and_what_turns_then() {
    let app = Rocketry::builder()
        .func("report", "daily & time of day between 07:00 and 19:00", || {})
        .func("tick", "every 10 minutes", || {})
        .func("either", "weekly on Monday | daily after 05:00", || {});
    let app = start(app, "2026-01-01T03:48:00Z");
    assert_eq!(
        sentence(&app, "report"),
        "`report` will start at 07:00:00 (in 3 h 12 min), when `time of day between 07:00 and 19:00` turns true"
    );
    assert_eq!(
        sentence(&app, "tick"),
        "`tick` will start at 03:58:00 (in 10 min), when `every 10 minutes` turns true"
    );
    assert_eq!(
        sentence(&app, "either"),
        "`either` will start at 05:00:00 (in 1 h 12 min), when `daily after 05:00` turns true"
    );
    let why = explain(&app, "report");
    assert_eq!((why.due, why.starts), (Some(false), Some(false)));
    let root = why.start.unwrap();
    assert_eq!((root.join, root.truth), (Join::All, Some(false)));
    assert_eq!(root.flips_at, Some(at("2026-01-01T07:00:00Z")));
    let [daily, window] = &root.members[..] else {
        panic!("{root:?}")
    };
    assert_eq!((daily.text.as_str(), daily.truth), ("daily", Some(true)));
    assert_eq!(daily.since, Some(at("2026-01-01T00:00:00Z")));
    assert_eq!(window.value, "closed, opens 07:00:00 (in 3 h 12 min)");
    assert_eq!(window.since, Some(at("2025-12-31T19:00:00Z")));
}

#[test]
fn it_prints_as_a_tree() {
    let app = Rocketry::builder()
        .func("fetch", "daily after 07:00", || Err::<(), _>("no network"))
        .func(
            "report",
            "(daily | after task 'fetch' failed) & ~task 'fetch' is running",
            || {},
        );
    let mut app = start(app, "2026-01-01T06:00:00Z");
    app.run_until("2026-01-01T07:04:00Z");
    let expected = "\
`report` will start at 2026-01-02 00:00:00 (in 16 h 56 min), when `daily` turns true
  starts when
    false all of; since 07:00:00; until 2026-01-02 00:00:00 (in 16 h 56 min)
      false any of; since 07:00:00; until 2026-01-02 00:00:00 (in 16 h 56 min)
        false daily (last success 07:00:00, 4 min ago; this period has had its run; the next starts 2026-01-02 00:00:00 (in 16 h 56 min)); since 07:00:00; until 2026-01-02 00:00:00 (in 16 h 56 min)
        false after task 'fetch' failed (last failure 07:00:00, 4 min ago; this task started after it, 07:00:00, 4 min ago); since 07:00:00; may change with a failure of `fetch`
      true  not; since 07:00:00
        false task 'fetch' is running (0 of at least 1 runs); since 07:00:00; may change with a start, success, failure, termination, inaction or crash of `fetch`
";
    assert_eq!(explain(&app, "report").to_string(), expected);
}

#[test]
fn it_says_what_event_it_takes() {
    let app = Rocketry::builder()
        .func("fetch", "daily after 07:00", || {})
        .func("load", "daily after 07:00", || {})
        .func("report", "after tasks 'fetch', 'load'", || {})
        .func("manual", false, || {})
        .func("cleaned", "param 'mode' is 'clean'", || {});
    let app = start(app, "2026-01-01T06:00:00Z");
    assert_eq!(
        sentence(&app, "report"),
        "`report` will start no sooner than with a success of `fetch`, or a success of `load`"
    );
    let root = explain(&app, "report").start.unwrap();
    assert_eq!(root.text, "after tasks 'fetch', 'load'");
    let parts: Vec<&str> = root.members.iter().map(|part| part.text.as_str()).collect();
    assert_eq!(parts, ["after task 'fetch'", "after task 'load'"]);
    assert_eq!(
        sentence(&app, "manual"),
        "`manual` will start once its start condition turns true, which time alone does not make it"
    );
    let Outlook::StartsOn { triggers, .. } = explain(&app, "cleaned").outlook else {
        panic!("an event")
    };
    assert_eq!(triggers, [Trigger::Param { name: "mode".into() }]);
}

#[test]
fn it_says_what_holds_a_run_back() {
    let app = Rocketry::builder()
        .pool("db", 1)
        .task(Task::func("slow", long).start("daily").pool("db").priority(2))
        .task(
            Task::func("second", || async {})
                .start("daily")
                .pool("db")
                .priority(1),
        )
        .task(Task::func("third", || async {}).start("daily").pool("db"))
        .task(Task::func("off", || async {}).start("daily").disabled(true))
        .task(
            Task::func("early", || async {})
                .start("daily after 09:00")
                .disabled(true),
        )
        .task(Task::func("always", long).start("true"))
        .task(Task::func("never", || async {}));
    let mut app = start(app, "2026-01-01T06:58:03Z");
    app.run_until("2026-01-01T07:00:00Z");
    assert_eq!(
        sentence(&app, "third"),
        "`third` would be due since 06:58:03, but waits for room in pool `db` (1 of 1; 1 run ahead of it)"
    );
    let why = explain(&app, "third");
    assert_eq!((why.due, why.starts), (Some(true), Some(false)));
    assert!(matches!(why.holds[0].hold, Hold::Pool { ahead: 1, .. }), "{why}");
    assert_eq!(&*why.holds[0].runs[0].task, "slow");
    assert_eq!(
        sentence(&app, "off"),
        "`off` would be due since 00:00:00, but waits for the task to be enabled"
    );
    assert_eq!(
        sentence(&app, "early"),
        "`early` does not start; it waits for the task to be enabled"
    );
    assert_eq!(
        sentence(&app, "always"),
        "`always` would be due, but waits for the end of a run under way (1 of 1)"
    );
    assert_eq!(
        sentence(&app, "slow"),
        "`slow` is running and will start again at 2026-01-02 00:00:00 (in 17 h), when `daily` turns true"
    );
    assert_eq!(
        sentence(&app, "never"),
        "`never` has no start condition: it runs when that is requested"
    );
    drop(app.session().task("slow").unwrap().run_by("alice", Params::new()));
    app.settle();
    assert_eq!(
        sentence(&app, "slow"),
        "a run of `slow` was requested, but waits for the end of a run under way (1 of 1)"
    );
}

#[test]
fn jitter_and_a_first_run_that_waits_are_reported() {
    let app = Rocketry::builder()
        .task(
            Task::func("spread", || {})
                .start("daily after 07:00")
                .jitter("30 minutes"),
        )
        .task(Task::func("new", || {}).start("daily").first_run(FirstRun::Wait))
        .task(
            Task::func("queued", long)
                .start("every 20 minutes")
                .overlap(Overlap::Queue)
                .timeout("2 hours"),
        );
    let mut app = start(app, "2026-01-01T06:00:00Z");
    let spread = explain(&app, "spread");
    let Outlook::StartsAt {
        at: start, ref turns, ..
    } = spread.outlook
    else {
        panic!("{spread}")
    };
    assert_eq!(turns[0].name, "daily after 07:00");
    assert_eq!(
        sentence(&app, "new"),
        "`new` will start at 2026-01-02 00:00:00 (in 18 h), when `daily` turns true"
    );
    assert!(matches!(
        explain(&app, "new").holds[0].hold,
        Hold::FirstRun { .. }
    ));
    app.run_until("2026-01-01T06:30:00Z");
    let queued = explain(&app, "queued");
    assert_eq!(queued.holds[0].hold, Hold::Overlap, "{queued}");
    assert_eq!((queued.holds.len(), queued.due), (1, Some(true)));
    app.run_until("2026-01-01T07:00:00Z");
    let spread = explain(&app, "spread");
    assert_eq!(spread.holds[0].until, Some(start));
    assert!(
        spread
            .sentence
            .starts_with("`spread` would be due since 07:00:00, but waits for its jitter, until ")
    );
    app.run_until(start);
    assert_eq!(app.starts("spread"), [start]);
}

#[test]
fn a_pause_and_a_start_that_is_skipped_are_reported() {
    let app = Rocketry::builder()
        .func("paused", "daily after 07:00", || {})
        .func("resting", "daily after 07:00", || {})
        .func("skipping", "daily after 07:00", || {});
    let mut app = start(app, "2026-01-01T06:00:00Z");
    let task = |name: &str| app.session().task(name).unwrap();
    task("paused").pause();
    task("resting").pause_until(at("2026-01-01T12:00:00Z"));
    task("skipping").skip_next();
    assert_eq!(
        sentence(&app, "paused"),
        "`paused` does not start; it waits for task `paused` to be resumed, which has been paused since 06:00:00"
    );
    assert_eq!(
        sentence(&app, "skipping"),
        "`skipping` will start at 2026-01-02 07:00:00 (in 1 d 1 h), when `daily after 07:00` turns true, after a start that is \
         skipped"
    );
    let due = task("skipping").explain_at(at("2026-01-01T07:00:00Z")).unwrap();
    assert_eq!((due.due, due.starts, due.skips), (Some(true), Some(false), true));
    app.run_until("2026-01-01T08:00:00Z");
    assert_eq!(
        sentence(&app, "resting"),
        "`resting` would be due since 07:00:00, but waits for the end of the pause of task `resting`, until 12:00:00 (in 4 h)"
    );
}

#[test]
fn a_custom_condition_is_reported_and_not_asked() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let open = move || {
        count.fetch_add(1, Ordering::Relaxed);
        Ok::<_, &str>(false)
    };
    let failing = || Err::<bool, _>("no connection");
    let app = Rocketry::builder()
        .task(
            Task::func("trade", || {})
                .start(Condition::from("daily") & Condition::from_fn(open).label("markets open")),
        )
        .task(
            Task::func("sync", || {})
                .start(Condition::from("daily") & Condition::from_fn(failing).label("online")),
        )
        .task(
            Task::func("later", || {})
                .start(Condition::from("daily after 09:00") & Condition::from_fn(|| true).label("ready")),
        );
    let app = start(app, "2026-01-01T07:00:00Z");
    let before = asked.load(Ordering::Relaxed);
    let why = explain(&app, "trade");
    assert_eq!(asked.load(Ordering::Relaxed), before);
    let part = &why.start.as_ref().unwrap().members[1];
    assert_eq!(
        (part.label.as_deref(), part.truth),
        (Some("markets open"), Some(false))
    );
    let Some(Evidence::Custom {
        answer, asked, error, ..
    }) = &part.evidence
    else {
        panic!("{part:?}")
    };
    assert_eq!((*answer, *asked, error), (Some(false), Some(app.now()), &None));
    let part = &explain(&app, "sync").start.unwrap().members[1];
    assert!(
        part.value.starts_with("failed 07:00:00, now") && part.value.ends_with("no connection"),
        "{part:?}"
    );
    let later = explain(&app, "later");
    assert_eq!(
        later.sentence,
        "`later` will start at 09:00:00 (in 2 h), when `daily after 09:00` turns true, if `ready` is true then"
    );
    assert_eq!(later.start.unwrap().members[1].truth, None);
}

#[test]
fn a_label_names_a_part_and_is_no_part_of_its_text() {
    let open =
        (Condition::from("time of day after 09:30") & Condition::from("on weekdays")).label("markets open");
    let statement =
        Condition::from("daily") & open & !Condition::from("task 'other' is running").label("busy");
    assert_eq!(
        statement.to_string(),
        "daily & time of day after 09:30 & on weekdays & ~task 'other' is running"
    );
    let app = Rocketry::builder()
        .task(Task::func("trade", || {}).start(statement.in_zone("America/New_York")))
        .func("other", false, || {});
    let app = start(app, "2026-01-01T07:00:00Z");
    let why = explain(&app, "trade");
    assert_eq!(
        why.sentence,
        "`trade` will start at 14:30:00 (in 7 h 30 min), when `markets open` turns true"
    );
    let root = why.start.unwrap();
    let names: Vec<&str> = root
        .members
        .iter()
        .map(rocketry_core::explain::Node::name)
        .collect();
    assert_eq!(names[..2], ["daily in America/New_York", "markets open"]);
    assert_eq!(root.members[2].members[0].name(), "busy");
    let never =
        Condition::from("weekly on Monday").label("a") & Condition::from("weekly on Friday").label("b");
    let error = Rocketry::builder()
        .task(Task::func("never", || {}).start(never))
        .build();
    assert!(
        error.unwrap_err().to_string().contains("Monday"),
        "a label hides no contradiction"
    );
}

#[test]
fn it_comes_back_from_its_json() {
    let app = Rocketry::builder()
        .pool("db", 1)
        .param("mode", "clean")
        .task(Task::func("slow", long).start("daily").pool("db").end("time of day after 12:00"))
        .task(Task::func("next", || async {}).start("daily | retry 3 times").pool("db"))
        .func(
            "all",
            "every 1 hour & task 'slow' has succeeded today at least 2 times & task 'slow' is running \
             & at most 10 runs & param 'mode' is 'clean' & scheduler has run over 10 minutes & scheduler has more than 3 cycles \
             & 10 minutes after task 'slow'",
            || {},
        );
    let app = start(app, "2026-01-01T07:00:00Z");
    for task in app.session().tasks() {
        let why = task.explain();
        let json = serde_json::to_string(&why).unwrap();
        assert_eq!(serde_json::from_str::<Explanation>(&json).unwrap(), why);
    }
    let json = serde_json::to_value(explain(&app, "slow")).unwrap();
    assert_eq!(json["task"], "slow");
    assert_eq!(json["outlook"]["kind"], "starts_at");
    assert_eq!(json["start"]["evidence"]["kind"], "period");
    assert_eq!(json["running"][0]["task"], "slow");
    let json = serde_json::to_value(explain(&app, "all")).unwrap();
    let kinds: Vec<&str> = json["start"]["members"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| part["evidence"]["kind"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "interval",
            "count",
            "running",
            "runs",
            "param",
            "scheduler",
            "cycles",
            "ended"
        ]
    );
}

#[test]
fn a_secret_parameter_is_not_shown() {
    let config = rocketry_core::Config {
        secrets: vec!["token".into()],
        ..rocketry_core::Config::default()
    };
    let app = Rocketry::builder().config(config).param("token", "abc123").func(
        "report",
        "daily & param 'token' exists",
        || {},
    );
    let app = start(app, "2026-01-01T07:00:00Z");
    let why = explain(&app, "report");
    assert!(!why.to_string().contains("abc123") && !serde_json::to_string(&why).unwrap().contains("abc123"));
}

#[test]
fn the_past_is_reported_as_far_as_the_log_reaches() {
    let app = Rocketry::builder()
        .func("fetch", "daily after 07:00", || {})
        .func("report", "after task 'fetch' & param 'mode' exists", || {});
    let mut app = start(app, "2026-01-01T06:00:00Z");
    app.run_until("2026-01-02T12:00:00Z");
    app.session().set_param("mode", "clean");
    app.settle();
    let past = |task: &str, instant: &str| {
        let task = app.session().task(task).unwrap();
        task.explain_at(at(instant)).unwrap()
    };
    let why = past("fetch", "2026-01-02T07:00:00Z");
    assert_eq!((why.due, why.starts), (Some(true), Some(true)));
    assert!(why.sentence.starts_with("`fetch` started run ") && why.sentence.ends_with("(statement)"));
    let why = past("fetch", "2026-01-02T06:00:00Z");
    assert_eq!((why.due, why.starts), (Some(false), Some(false)));
    assert_eq!(why.start.unwrap().flips_at, Some(at("2026-01-02T07:00:00Z")));
    let why = past("report", "2026-01-01T08:00:00Z");
    assert_eq!(why.due, None, "parameters of the past are not known");
    assert_eq!(why.start.as_ref().unwrap().members[0].truth, Some(true));
    assert!(why.gaps.iter().any(|gap| gap.contains("parameters")));
    let why = past("fetch", "2025-12-31T07:00:00Z");
    assert_eq!((why.due, why.starts), (None, None));
    assert_eq!(why.gaps[0], "the run log begins at 2026-01-01 07:00:00");
    assert!(
        why.to_string()
            .starts_with("at 2025-12-31 07:00:00: `fetch` started no run")
    );
}

#[test]
fn a_run_under_way_in_the_past_is_reported() {
    let app = Rocketry::builder().task(Task::func("slow", long).start("true").timeout("2 hours"));
    let mut app = start(app, "2026-01-01T06:00:00Z");
    app.run_until("2026-01-01T08:30:00Z");
    let slow = app.session().task("slow").unwrap();
    let why = slow.explain_at(at("2026-01-01T07:30:00Z")).unwrap();
    assert_eq!(why.running.len(), 1, "{why}");
    assert_eq!(why.running[0].start, at("2026-01-01T07:00:00Z"));
    assert!(matches!(
        why.holds[0].hold,
        Hold::Running { running: 1, limit: 1 }
    ));
    assert_eq!(
        app.session().task("slow").unwrap().last(Action::Success),
        Some(at("2026-01-01T08:00:00Z"))
    );
}

#[test]
fn an_instant_that_no_calendar_reaches_is_reported_all_the_same() {
    let config = Config {
        zone: "Asia/Kolkata".parse().unwrap(),
        ..Config::default()
    };
    let app = Rocketry::builder()
        .config(config)
        .func("rare", "every 95800000 days", || {});
    let app = start(app, "2026-01-01T06:00:00Z");
    let told = sentence(&app, "rare");
    assert!(told.starts_with("`rare` will start at +262142-12-"), "{told}");
}
