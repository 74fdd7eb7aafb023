//! Requests and changes through nodes that do not lead.

use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use rocketry_cluster::twin::RelayFaults;
use rocketry_core::{
    Action, Cause, Config, Params, Part, Phase, Query, Queued, Record, Result, Rocketry, Session, Task,
    block_on, params,
};

use crate::support::{Node, Scripted, Told, telling};

pub(crate) const BEGIN: &str = "2026-01-01T00:00:00Z";

/// The timeout of every wait.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) fn app(told: &Told, name: &str) -> Rocketry {
    let slow = |session: Session| async move { session.clock().sleep(Duration::from_secs(600)).await };
    let config = Config {
        node: Some(name.to_owned()),
        ..Config::default()
    };
    Rocketry::builder()
        .config(config)
        .task(
            telling("daily", "daily after 07:00", told)
                .group("all")
                .parameter("note", "none".to_owned()),
        )
        .task(telling("asked", "false", told))
        .task(Task::func("slow", slow))
        .group(rocketry_core::Group::new("all"))
}

/// A leader and a follower.
pub(crate) fn two(cluster: &Scripted, told: &Told) -> (Node, Node) {
    let mut a = cluster.node(app(told, "a"), BEGIN);
    let b = cluster.node(app(told, "b"), BEGIN);
    a.lead(1);
    b.seat.follow(Some("a".into()));
    (a, b)
}

/// Advances nodes until a condition holds. Calls have their own threads.
pub(crate) fn until(nodes: &mut [&mut Node], mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "it is never so");
        for node in &mut *nodes {
            node.app.settle();
        }
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

/// Advances nodes until a requested run has ended.
pub(crate) fn outcome(nodes: &mut [&mut Node], asked: Queued) -> Result<Record> {
    let (tell, told) = channel();
    std::thread::spawn(move || tell.send(block_on(asked)));
    let mut ended = None;
    until(nodes, || {
        ended = told.try_recv().ok();
        ended.is_some()
    });
    ended.expect("it has ended")
}

pub(crate) fn runs(node: &Node, task: &str) -> Vec<Record> {
    node.app.records(&Query::new().task(task).action(Action::Run))
}

fn audit(node: &Node) -> Vec<String> {
    let entries = node.app.session().audit();
    entries.iter().rev().map(ToString::to_string).collect()
}

#[test]
fn a_run_that_a_follower_is_asked_for_is_made_by_the_leader() {
    let (cluster, told) = (Scripted::carrying(), Told::default());
    let (mut a, b) = two(&cluster, &told);
    let session = b.app.session().by("ann").via("dashboard");
    let asked = session.task("asked").unwrap().run(params! { note = "now" });
    let end = outcome(&mut [&mut a], asked).unwrap();
    assert_eq!((&*end.task, end.action), ("asked", Action::Success));
    let [start] = &runs(&a, "asked")[..] else {
        panic!("one run")
    };
    assert_eq!(
        start.cause(),
        Some(&Cause::Request {
            by: Some("ann".into())
        })
    );
    assert_eq!(start.run_id, end.run_id);
    assert_eq!(start.params(), Some(r#"{"note":"now"}"#));
    let [entry] = &audit(&a)[..] else {
        panic!("one entry")
    };
    assert!(
        entry.starts_with("ann by dashboard on node b: `run` of task `asked`"),
        "{entry}"
    );
    // The task is not due, so `run_due` makes no run.
    let refused = session.run_due(["asked"]).unwrap();
    let (tell, was) = channel();
    std::thread::spawn(move || tell.send(block_on(refused)));
    let mut records = None;
    until(&mut [&mut a], || {
        records = was.try_recv().ok();
        records.is_some()
    });
    assert_eq!(records.unwrap().unwrap(), []);
    assert_eq!(told.lock().unwrap().len(), 1);
}

/// Makes every change that a follower carries.
fn change_all(session: &Session) {
    let daily = session.task("daily").unwrap();
    daily.disable();
    daily.set_priority(7);
    daily.set_max_running(3);
    daily.set_start("every 2 hours").unwrap();
    daily.set_end("time of day after 23:00").unwrap();
    daily.set_timeout("5 minutes").unwrap();
    daily.set_param("note", "set".to_owned());
    daily.pause();
    daily.enable();
    session.task("asked").unwrap().skip_next();
    session.group("all").unwrap().pause();
    session.set_param("mode", "resting");
    session.pause();
    session.resume();
}

#[test]
fn changes_through_a_follower_are_the_clusters() {
    let (cluster, told) = (Scripted::carrying(), Told::default());
    let (mut a, mut b) = two(&cluster, &told);
    change_all(&b.app.session().by("ann"));
    let leader = a.app.session().clone();
    until(&mut [&mut a], || leader.audit().len() == 14);
    let told_of: Vec<String> = leader
        .audit()
        .iter()
        .rev()
        .map(|entry| entry.action.to_string())
        .collect();
    let in_order = [
        "disable",
        "set-priority",
        "set-max-running",
        "set-start",
        "set-end",
        "set-timeout",
        "set-param",
        "pause",
        "enable",
        "skip-next",
        "pause",
        "set-param",
        "pause",
        "resume",
    ];
    assert_eq!(told_of, in_order);
    // The next leader has them as well.
    a.app.settle();
    drop(a);
    b.lead(2);
    for session in [leader, b.app.session().clone()] {
        let daily = session.task("daily").unwrap();
        assert_eq!(
            (daily.priority(), daily.is_disabled(), daily.is_paused()),
            (7, false, true)
        );
        assert_eq!(daily.start_condition().unwrap().to_string(), "every 2 hours");
        assert_eq!(daily.overrides().len(), 5);
        assert_eq!(daily.params().to_json()["note"], "set");
        assert!(session.task("asked").unwrap().skips_next());
        assert!(session.params().get("mode").is_some());
        assert_eq!(session.pauses().len(), 2);
        assert!(
            session
                .overrides()
                .iter()
                .all(|over| over.by.as_deref() == Some("ann"))
        );
    }
}

#[test]
fn mistakes_are_reported_where_the_change_was_asked_for() {
    let (cluster, told) = (Scripted::carrying(), Told::default());
    let (mut a, b) = two(&cluster, &told);
    let session = b.app.session().clone();
    // What this node can see by itself is an error at once.
    assert!(session.task("daily").unwrap().set_start("evry hour").is_err());
    assert!(session.task("dayly").is_err());
    session.terminate_run(&"17".into()).unwrap();
    let told_of = |part: &str| {
        let failures = session.failures();
        let of_cluster = failures.iter().filter(|failure| failure.part == Part::Cluster);
        of_cluster
            .filter(|failure| failure.message.contains(part))
            .count()
            == 1
    };
    until(&mut [&mut a], || {
        told_of("`terminate` of run `17`, which was requested on this node, was not made: no run")
    });
    b.relay.as_ref().unwrap().set_faults(RelayFaults {
        is_cut_off: true,
        ..RelayFaults::default()
    });
    session.task("daily").unwrap().disable();
    until(&mut [&mut a], || {
        told_of(
            "a change of `disabled` of task `daily`, which was requested on this node, may or may not have been submitted: the cluster",
        )
    });
    let asked = session.task("asked").unwrap().run(Params::new());
    let error = outcome(&mut [&mut a], asked).unwrap_err().to_string();
    assert!(
        error.contains("can't be waited for: the cluster has not confirmed"),
        "{error}"
    );
    assert_eq!(runs(&a, "asked"), []);
}

#[test]
fn without_a_leader_a_call_is_withdrawn_in_time() {
    let (cluster, told) = (Scripted::carrying(), Told::default());
    let mut b = cluster.node(app(&told, "b"), BEGIN);
    let asked = b.app.session().task("asked").unwrap().run(Params::new());
    let relay = cluster.node(app(&told, "c"), BEGIN).relay.unwrap();
    // It is there before time passes.
    until(&mut [&mut b], || relay.len() == 1);
    b.app.run_for(Duration::from_secs(3600));
    let error = outcome(&mut [&mut b], asked).unwrap_err();
    assert!(
        error.is_state() && error.to_string().ends_with("no node leads the cluster"),
        "{error}"
    );
    // A leader that comes later does not make it.
    let mut a = cluster.node(app(&told, "a"), BEGIN);
    a.lead(1);
    let again = a.app.session().task("asked").unwrap().run(Params::new());
    outcome(&mut [&mut a], again).unwrap();
    assert_eq!(runs(&a, "asked").len(), 1);
}

#[test]
fn a_run_that_the_leader_before_has_taken_up_is_not_made_again() {
    let (cluster, told) = (Scripted::carrying(), Told::default());
    let (mut a, mut b) = two(&cluster, &told);
    let c = cluster.node(app(&told, "c"), BEGIN);
    let asked = c.app.session().task("slow").unwrap().run(Params::new());
    let leader = a.app.session().clone();
    until(&mut [&mut a], || leader.task("slow").unwrap().is_running());
    drop(a);
    b.lead(2);
    let error = outcome(&mut [&mut b], asked).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("the node that took it up no longer leads"),
        "{error}"
    );
    let log = b.app.records(&Query::new().task("slow"));
    assert_eq!(
        log.iter().map(|record| record.action).collect::<Vec<_>>(),
        [Action::Run, Action::Crash]
    );
}

#[test]
fn two_leaders_make_a_call_once() {
    let (cluster, told) = (Scripted::carrying(), Told::default());
    let (mut a, mut b) = (
        cluster.node(app(&told, "a"), BEGIN),
        cluster.node(app(&told, "b"), BEGIN),
    );
    let c = cluster.node(app(&told, "c"), BEGIN);
    // In the same term, so that no fence can help.
    a.lead(1);
    b.lead(1);
    let asked: Vec<Queued> = (0..5)
        .map(|_| c.app.session().task("asked").unwrap().run(Params::new()))
        .collect();
    for asked in asked {
        // One of them stands by once a write is refused, and what it had taken up is made by the other one.
        let _ = outcome(&mut [&mut a, &mut b], asked);
    }
    until(&mut [&mut a, &mut b], || told.lock().unwrap().len() == 5);
    assert_eq!(runs(&a, "asked").len(), 5);
}

#[test]
fn a_leader_that_nothing_wakes_looks_by_itself() {
    let (cluster, told) = (Scripted::carrying(), Told::default());
    let (mut a, b) = two(&cluster, &told);
    a.relay.as_ref().unwrap().set_faults(RelayFaults {
        is_deaf: true,
        ..RelayFaults::default()
    });
    let asked = b.app.session().task("asked").unwrap().run(Params::new());
    outcome(&mut [&mut a], asked).unwrap();
    assert_eq!(b.app.session().phase(), Phase::Standby);
}

/// Returns the state of a task as its handle reports it.
fn told_of(session: &Session) -> String {
    let task = session.task("daily").unwrap();
    format!(
        "{} {:?} {} {:?} {:?} {:?} {:?} {} {:?}",
        task.status(),
        task.last(Action::Run),
        task.total(Action::Success),
        task.overrides(),
        task.pauses(),
        task.params().to_json(),
        session.params().to_json(),
        task.queued() + session.task("asked").unwrap().queued(),
        session.audit(),
    )
}

#[test]
fn a_follower_knows_what_the_leader_has_recorded() {
    let (cluster, told) = (Scripted::carrying(), Told::default());
    let (mut a, mut b) = two(&cluster, &told);
    let (leader, follower) = (a.app.session().clone(), b.app.session().clone());
    let same = |a: &mut Node, b: &mut Node, at: &str| {
        a.app.run_until(at);
        b.app.run_until(at);
        b.app.settle();
        assert_eq!(told_of(&follower), told_of(&leader), "at {at}");
    };
    same(&mut a, &mut b, "2026-01-01T06:00:00Z");
    same(&mut a, &mut b, "2026-01-01T08:00:00Z");
    assert_eq!(leader.task("daily").unwrap().total(Action::Run), 1);
    change_all(&leader.by("ann"));
    same(&mut a, &mut b, "2026-01-01T09:00:00Z");
    leader.task("asked").unwrap().pause();
    drop(leader.task("asked").unwrap().run(Params::new()));
    same(&mut a, &mut b, "2026-01-01T10:00:00Z");
    assert_eq!(follower_queue(&b), 1);
    leader.by("ann").group("all").unwrap().resume();
    leader.task("asked").unwrap().resume();
    leader.task("daily").unwrap().resume();
    leader.task("daily").unwrap().reset();
    same(&mut a, &mut b, "2026-01-03T10:00:00Z");
    assert_eq!(follower_queue(&b), 0);
    assert_eq!(leader.task("daily").unwrap().total(Action::Run), 3);
    assert_eq!(b.app.session().phase(), Phase::Standby);
    // Nothing of it is the follower's to write, and it takes the lead as if it had known nothing.
    assert_eq!(b.app.session().failures(), []);
    drop(a);
    b.lead(2);
    b.app.run_until("2026-01-04T10:00:00Z");
    assert_eq!(b.app.session().task("daily").unwrap().total(Action::Run), 4);
}

fn follower_queue(node: &Node) -> usize {
    node.app.session().task("asked").unwrap().queued()
}

#[test]
fn a_backfill_is_cancelled_through_a_follower() {
    let (cluster, told) = (Scripted::carrying(), Told::default());
    let (mut a, mut b) = two(&cluster, &told);
    let slow = a.app.session().task("slow").unwrap();
    slow.set_start("daily after 01:00").unwrap();
    let december = "2025-12-01T00:00:00Z".parse().unwrap().."2025-12-31T00:00:00Z".parse().unwrap();
    slow.backfill(december.clone()).unwrap().start().unwrap();
    let follower = b.app.session().by("ann").task("slow").unwrap();
    until(&mut [&mut a, &mut b], || follower.backfill_under_way().is_some());
    let refused = follower
        .backfill(december)
        .unwrap()
        .start()
        .unwrap_err()
        .to_string();
    assert!(refused.ends_with("start it on `a`, which does"), "{refused}");
    follower.backfill_under_way().unwrap().cancel();
    until(&mut [&mut a, &mut b], || slow.backfill_under_way().is_none());
    assert_eq!(audit(&a), ["ann by node b: `cancel-backfill` of task `slow`"]);
    until(&mut [&mut a, &mut b], || follower.backfill_under_way().is_none());
}

#[test]
fn missed_starts_are_left_out_through_a_follower() {
    let (cluster, told) = (Scripted::carrying(), Told::default());
    let late = |name| {
        let slow = |session: Session| async move { session.clock().sleep(Duration::from_secs(600)).await };
        let task = Task::func("late", slow).start("daily at 01:00");
        app(&told, name).task(task.catch_up("all"))
    };
    let mut a = cluster.node(late("a"), BEGIN);
    a.lead(1);
    a.app.run_until("2026-01-02T02:00:00Z");
    a.seat.follow(Some("b".into()));
    a.app.settle();
    let mut b = cluster.node(late("b"), "2026-01-11T00:00:00Z");
    b.lead(2);
    let follower = a.app.session().by("ann").task("late").unwrap();
    until(&mut [&mut a, &mut b], || follower.info().catching_up > 0);
    assert!(follower.cancel_catch_up() > 0, "as far as it knows");
    let leader = b.app.session().task("late").unwrap();
    until(&mut [&mut a, &mut b], || leader.info().catching_up == 0);
    let told = audit(&b);
    assert!(
        told.concat()
            .starts_with("ann by node a: `cancel-catch-up` of task `late`"),
        "{told:?}"
    );
}
