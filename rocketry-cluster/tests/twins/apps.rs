//! Whole apps as nodes, on manual time.

use rocketry_core::{
    Action, Cause, Event, Hold, OnCrash, Params, Part, Phase, Query, Rocketry, Session, Task, block_on,
};

use crate::support::{Node, Scripted, Told, doubled, telling};

const BEGIN: &str = "2026-01-01T00:00:00Z";

fn app(told: &Told) -> Rocketry {
    let app = Rocketry::builder().task(telling("often", "every 1 minute", told));
    app.task(telling("cron", "cron */5 * * * *", told))
}

fn to(minute: u32) -> String {
    format!("2026-01-01T{:02}:{:02}:30Z", minute / 60, minute % 60)
}

/// How often each action is in the log.
fn count(node: &Node, action: Action) -> usize {
    node.app.records(&Query::new().action(action)).len()
}

#[test]
fn a_follower_holds_everything_back_and_says_why() {
    let (cluster, told) = (Scripted::default(), Told::default());
    let mut node = cluster.node(app(&told), BEGIN);
    let session = node.app.session().clone();
    let mut events = session.subscribe();
    node.seat.follow(Some("a".into()));
    node.app.run_until(&*to(10));
    assert_eq!(session.phase(), Phase::Standby);
    let task = session.task("often").unwrap();
    let hold = Hold::NotLeader {
        leader: Some("a".into()),
    };
    assert_eq!(task.holds(), std::slice::from_ref(&hold));
    assert_eq!((hold.kind(), hold.has_run()), ("not_leader", false));
    let explained = task.explain().to_string();
    assert!(explained.contains("`a` leads the cluster"), "{explained}");
    let led = Event::LeaderChanged {
        leader: Some("a".into()),
    };
    assert_eq!(events.try_next(), Some(led));
    let refused = block_on(task.run(Params::new())).unwrap_err();
    assert!(refused.is_state(), "{refused}");
    assert!(
        refused
            .to_string()
            .ends_with("this node does not lead its cluster"),
        "{refused}"
    );
    assert_eq!(told.lock().unwrap().len(), 0);
    node.app.shut_down();
}

#[test]
fn what_a_leader_with_a_fast_clock_has_decided_is_not_decided_again() {
    let (cluster, told) = (Scripted::default(), Told::default());
    let mut a = cluster.node(app(&told), "2026-01-01T00:10:30Z");
    let mut b = cluster.node(app(&told), BEGIN);
    a.lead(1);
    a.app.run_until(&*to(20));
    // It is gone without a word, and the clock of the next leader is right.
    drop(a);
    b.app.run_until("2026-01-01T00:12:15Z");
    b.lead(2);
    b.app.run_until(&*to(40));
    assert_eq!((doubled(&told), cluster.resigned()), (Vec::new(), 0));
    let of_cron = told
        .lock()
        .unwrap()
        .iter()
        .filter(|told| told.0 == "cron")
        .count();
    // At once, at 15 and 20 by the one clock, and from 25 to 40 by the other.
    assert_eq!(of_cron, 7, "{:?}", told.lock().unwrap());
}

#[test]
fn another_node_goes_on_where_the_leader_was() {
    let (cluster, told) = (Scripted::default(), Told::default());
    let (mut a, mut b) = (cluster.node(app(&told), BEGIN), cluster.node(app(&told), BEGIN));
    a.lead(1);
    a.app.session().task("often").unwrap().set_param("note", "kept");
    a.app.run_until(&*to(10));
    // It is gone without a word.
    drop(a);
    b.app.run_until("2026-01-01T00:12:15Z");
    b.lead(2);
    assert_eq!(b.app.session().phase(), Phase::Up);
    let known = b.app.session().task("often").unwrap();
    assert!(
        known.params().get("note").is_some(),
        "a change of the leader before"
    );
    b.app.run_until(&*to(20));
    assert_eq!(doubled(&told), []);
    // What came due while no node led is made up for by one run: 0 to 10, 11 (late), 13 to 20.
    let often = told
        .lock()
        .unwrap()
        .iter()
        .filter(|(task, _)| task == "often")
        .count();
    assert_eq!(often, b.app.starts("often").len());
    assert_eq!(b.app.starts("cron").len(), 5, "at 0, 5, 10, 15 and 20");
}

#[test]
fn a_leader_that_was_frozen_does_nothing_more() {
    let (cluster, told) = (Scripted::default(), Told::default());
    let (mut a, mut b) = (cluster.node(app(&told), BEGIN), cluster.node(app(&told), BEGIN));
    a.lead(1);
    a.app.run_until(&*to(3));
    b.app.run_until(&*to(3));
    b.lead(2);
    b.app.run_until(&*to(10));
    let before = told.lock().unwrap().len();
    // It believes that it leads.
    a.app.run_until(&*to(10));
    assert_eq!(told.lock().unwrap().len(), before, "no function was called");
    let session = a.app.session();
    assert_eq!(session.phase(), Phase::Standby);
    let failures = session.failures();
    let told_of = failures
        .iter()
        .find(|failure| failure.part == Part::Cluster)
        .unwrap();
    assert!(
        told_of
            .message
            .contains("this node no longer leads: a write of term 1 is refused"),
        "{told_of:?}"
    );
    assert_eq!(cluster.resigned(), 1);
    assert_eq!(doubled(&told), []);
    // It stands by as it was built, and can lead again.
    a.seat.follow(Some("b".into()));
    assert_eq!(session.task("often").unwrap().total(Action::Run), 0);
    drop(b);
    a.lead(3);
    a.app.run_until(&*to(15));
    assert_eq!(doubled(&told), []);
    assert_eq!(
        a.app.starts("often").len(),
        told.lock()
            .unwrap()
            .iter()
            .filter(|(task, _)| task == "often")
            .count()
    );
}

#[test]
fn two_nodes_that_both_say_that_they_lead_run_nothing_twice() {
    let (cluster, told) = (Scripted::default(), Told::default());
    let mut nodes = [cluster.node(app(&told), BEGIN), cluster.node(app(&told), BEGIN)];
    for minute in 0..60 {
        for node in &mut nodes {
            // In the same term, so that no fence can help.
            node.lead(1);
            node.app.run_until(&*to(minute));
        }
        nodes.reverse();
    }
    assert_eq!(doubled(&told), []);
    let log = nodes[0].app.records(&Query::new());
    let runs = log.iter().filter(|record| record.action == Action::Run).count();
    let ends = log.iter().filter(|record| record.action.is_end()).count();
    assert_eq!(runs, ends, "each run has one end");
    assert!(told.lock().unwrap().len() >= 60);
}

fn slow(on_crash: Option<OnCrash>) -> Rocketry {
    let sleep = |session: Session| async move {
        session.clock().sleep(std::time::Duration::from_secs(600)).await;
    };
    let task = Task::func("slow", sleep).start("daily");
    Rocketry::builder().task(match on_crash {
        Some(on_crash) => task.on_crash(on_crash),
        None => task,
    })
}

/// Returns the nodes after the second one has taken over while a run of the first was under way.
fn taken_over_during_a_run(cluster: &Scripted, on_crash: Option<OnCrash>) -> (Node, Node) {
    let mut a = cluster.node(slow(on_crash), BEGIN);
    let mut b = cluster.node(slow(on_crash), BEGIN);
    a.lead(1);
    a.app.run_until(&*to(1));
    b.app.run_until(&*to(1));
    b.lead(2);
    b.app.run_until(&*to(2));
    (a, b)
}

#[test]
fn a_run_that_was_cut_off_is_not_made_again_unless_the_task_says_so() {
    let cluster = Scripted::default();
    let (_a, b) = taken_over_during_a_run(&cluster, None);
    assert_eq!((count(&b, Action::Run), count(&b, Action::Crash)), (1, 1));
    let cluster = Scripted::default();
    let (_a, b) = taken_over_during_a_run(&cluster, Some(OnCrash::Again));
    assert_eq!((count(&b, Action::Run), count(&b, Action::Crash)), (2, 1));
    let again = &b.app.records(&Query::new().action(Action::Run))[1];
    assert_eq!(again.cause(), Some(&Cause::Restart));
}

#[test]
fn the_end_of_a_run_that_another_node_has_given_up_is_refused_and_told() {
    let cluster = Scripted::default();
    let (mut a, b) = taken_over_during_a_run(&cluster, None);
    a.app.run_until(&*to(30));
    let log = b.app.records(&Query::new());
    assert_eq!(
        log.iter().map(|record| record.action).collect::<Vec<_>>(),
        [Action::Run, Action::Crash]
    );
    let failures = a.app.session().failures();
    let is_told = |part: &str| failures.iter().any(|failure| failure.message.contains(part));
    assert!(is_told("1 ends of runs"), "{failures:?}");
    assert_eq!(a.app.session().phase(), Phase::Standby);
}

#[test]
fn a_leader_that_stops_in_an_orderly_way_leaves_nothing_open() {
    let (cluster, told) = (Scripted::default(), Told::default());
    let (mut a, mut b) = (cluster.node(app(&told), BEGIN), cluster.node(app(&told), BEGIN));
    a.lead(1);
    a.app.run_until(&*to(5));
    a.app.shut_down();
    b.app.run_until(&*to(5));
    b.lead(2);
    b.app.run_until(&*to(6));
    assert_eq!(count(&b, Action::Crash), 0);
    assert_eq!(doubled(&told), []);
}

#[test]
fn a_node_takes_no_log_of_its_own() {
    let app = Rocketry::builder().cluster(Scripted::default()).log("memory:");
    let mistake = app.build().unwrap_err();
    assert!(mistake.is_build(), "{mistake}");
    assert!(mistake.to_string().contains("leave out `.log(…)`"), "{mistake}");
    let unknown = Rocketry::builder()
        .cluster("postgre://host/db")
        .build()
        .unwrap_err();
    assert!(
        unknown.to_string().contains("did you mean `postgres`?"),
        "{unknown}"
    );
}
