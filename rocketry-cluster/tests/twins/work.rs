//! Runs that the leader hands over to other nodes.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rocketry_cluster::twin::{RelayFaults, TwinWork};
use rocketry_core::{
    Action, Config, OnCrash, Params, Part, Query, Rocketry, RunId, Session, Task, TaskBuilder,
    TerminationFlag, func, params,
};

use crate::support::{Node, Scripted};

const BEGIN: &str = "2026-01-01T00:00:00Z";

/// The timeout of every wait.
const PATIENCE: Duration = Duration::from_secs(60);

/// The actions of the nodes: a node's name and its action.
type Done = Arc<Mutex<Vec<(String, String)>>>;

/// Receives the text with which the run of a task ends.
type Gate = Arc<Mutex<Receiver<String>>>;

/// A task that waits on a thread until the test ends it or it is asked to stop.
fn gated(name: &str, node: &str, done: &Done, gate: &Gate) -> TaskBuilder {
    let (node, done, gate) = (node.to_owned(), done.clone(), gate.clone());
    Task::func(name.to_owned(), move |run: RunId, flag: TerminationFlag| {
        done.lock().unwrap().push((node.clone(), format!("begin {run}")));
        loop {
            let told = gate.lock().unwrap().recv_timeout(Duration::from_millis(2));
            if let Ok(text) = told {
                done.lock().unwrap().push((node.clone(), format!("end {run}")));
                return text;
            }
            if flag.is_set() {
                done.lock().unwrap().push((node.clone(), format!("stop {run}")));
                return "stopped".to_owned();
            }
        }
    })
    .execution(rocketry_core::Execution::Thread)
}

/// A cluster whose runs wait for the test.
struct Stage {
    cluster: Scripted,
    done: Done,
    gate: Gate,
    open: Sender<String>,
}

impl Stage {
    fn new() -> Self {
        let (open, gate) = channel();
        Stage {
            cluster: Scripted::working(),
            done: Done::default(),
            gate: Arc::new(Mutex::new(gate)),
            open,
        }
    }

    fn node(&self, name: &str) -> Node {
        self.node_with(name, |app| app)
    }

    fn node_with(&self, name: &str, with: impl FnOnce(Rocketry) -> Rocketry) -> Node {
        let config = Config {
            node: Some(name.to_owned()),
            ..Config::default()
        };
        let (own, done) = (name.to_owned(), self.done.clone());
        let adds = func!(move |x: i64, y: i64| {
            done.lock().unwrap().push((own.clone(), format!("{x} + {y}")));
            x + y
        });
        let app = Rocketry::builder()
            .config(config)
            .task(gated("gated", name, &self.done, &self.gate).start("daily after 07:00"))
            .task(gated("again", name, &self.done, &self.gate).on_crash(OnCrash::Again))
            .task(
                Task::func("adds", adds)
                    .parameter("y", 1_i64)
                    .parameter("x", 0_i64),
            );
        self.cluster.node(with(app), BEGIN)
    }

    fn done(&self) -> Vec<(String, String)> {
        self.done.lock().unwrap().clone()
    }

    /// How often a node has done something with a run.
    fn count(&self, node: &str, what: &str) -> usize {
        let done = self.done();
        let is_it = |(by, did): &&(String, String)| by == node && did.starts_with(what);
        done.iter().filter(is_it).count()
    }
}

/// Advances nodes until a condition holds. Runs have their own threads.
fn until(nodes: &mut [&mut Node], what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "never: {what}");
        for node in &mut *nodes {
            node.app.settle();
        }
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

/// Advances nodes until a condition holds, and the time of the first one, as its threads poll at unknown instants.
fn until_later(nodes: &mut [&mut Node], what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "never: {what}");
        let (first, others) = nodes.split_first_mut().unwrap();
        first.app.run_for(Duration::from_millis(500));
        for node in others {
            node.app.settle();
        }
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

fn actions(session: &Session, task: &str) -> Vec<Action> {
    let log = session.log(&Query::new().task(task)).unwrap();
    log.iter().map(|record| record.action).collect()
}

fn work(node: &Node) -> &TwinWork {
    node.work.as_ref().unwrap()
}

fn cut_off(node: &Node, is_cut_off: bool) {
    work(node).set_faults(RelayFaults {
        is_cut_off,
        ..RelayFaults::default()
    });
}

/// Whether a node has reported something about its cluster.
fn has_told(session: &Session, part: &str) -> bool {
    let failures = session.failures();
    let mut of_cluster = failures.iter().filter(|failure| failure.part == Part::Cluster);
    of_cluster.any(|failure| failure.message.contains(part))
}

/// A leader that executes no runs, and a node that does.
fn two(stage: &Stage) -> (Node, Node) {
    let (mut a, b) = (stage.node("a"), stage.node("b"));
    work(&a).set_resting(true);
    a.lead(1);
    (a, b)
}

/// Has the leader start a run, which another node begins.
fn begin(stage: &Stage, a: &mut Node, b: &mut Node, task: &str) {
    let before = stage.count("b", "begin");
    drop(a.app.session().task(task).unwrap().run(Params::new()));
    until(&mut [a, b], "it begins", || stage.count("b", "begin") > before);
}

/// A leader, a node that executes a run for it, and one that accepts none.
fn under_way(stage: &Stage) -> (Node, Node, Node) {
    let (mut a, mut b) = two(stage);
    let c = stage.node("c");
    work(&c).set_resting(true);
    begin(stage, &mut a, &mut b, "gated");
    (a, b, c)
}

#[test]
fn another_node_makes_a_run_and_the_leader_has_its_result() {
    let stage = Stage::new();
    let (mut a, mut b) = two(&stage);
    let leader = a.app.session().clone();
    leader.task("adds").unwrap().set_param("y", 40_i64);
    drop(leader.task("adds").unwrap().run(params! { x = 2_i64 }));
    let is_over = || actions(&leader, "adds").len() == 2;
    until(&mut [&mut a, &mut b], "it ends", is_over);
    assert_eq!(actions(&leader, "adds"), [Action::Run, Action::Success]);
    assert_eq!(
        leader.task("adds").unwrap().result().unwrap().to_json().unwrap(),
        42
    );
    assert_eq!(stage.done(), [("b".to_owned(), "2 + 40".to_owned())]);
    let shared = work(&a).clone();
    until(&mut [&mut a, &mut b], "it is forgotten", || shared.is_empty());
    assert_eq!(b.app.session().failures(), []);
}

/// A task of a lane, which records the node that executes its runs.
fn trains(node: &'static str, done: &Done) -> TaskBuilder {
    let done = done.clone();
    let train = move || done.lock().unwrap().push((node.to_owned(), "train".to_owned()));
    Task::func("trains", train).lane("gpu")
}

#[test]
fn a_run_goes_to_a_node_that_has_its_lane() {
    let stage = Stage::new();
    let with_lane = Config {
        node: Some("b".to_owned()),
        lanes: vec!["cpu".into(), "gpu".into()],
        ..Config::default()
    };
    let done = &stage.done;
    let mut a = stage.node_with("a", |app| app.task(trains("a", done)));
    let mut b = stage.node_with("b", |app| app.config(with_lane).task(trains("b", done)));
    let mut c = stage.node_with("c", |app| app.task(trains("c", done)));
    a.lead(1);
    let leader = a.app.session().clone();
    for _ in 0..5 {
        let before = actions(&leader, "trains").len();
        drop(leader.task("trains").unwrap().run(Params::new()));
        let nodes = &mut [&mut a, &mut b, &mut c];
        until(nodes, "it ends", || {
            actions(&leader, "trains").len() == before + 2
        });
    }
    assert_eq!(stage.count("b", "train"), 5);
    assert_eq!(stage.done().len(), 5);
}

#[test]
fn a_run_that_only_the_leader_can_make_fails_without_its_lane() {
    #[derive(Clone)]
    struct NoJson;
    let stage = Stage::new();
    let reads = func!(|value: Option<NoJson>| assert!(value.is_some()));
    let mut a = stage.node_with("a", |app| app.task(Task::func("reads", reads).lane("gpu")));
    a.lead(1);
    let session = a.app.session().clone();
    drop(
        session
            .task("reads")
            .unwrap()
            .run(Params::new().with("value", NoJson)),
    );
    until(&mut [&mut a], "it ends", || actions(&session, "reads").len() == 2);
    assert_eq!(actions(&session, "reads"), [Action::Run, Action::Fail]);
    assert!(has_told(&session, "a run needs a node with the lane `gpu`"));
}

#[test]
fn a_lane_is_for_runs_that_can_be_handed_over() {
    let task = Task::func("trains", || ()).lane("gpu");
    let on_scheduler = task.clone().execution(rocketry_core::Execution::Main);
    let mistakes = [
        (on_scheduler, "`execution = \"main\"`"),
        (task.clone().on_startup(true), "`on_startup`"),
        (task.on_shutdown(true), "`on_shutdown`"),
    ];
    for (task, why) in mistakes {
        let error = Rocketry::builder().task(task).build().unwrap_err();
        let expected = format!(
            "task `trains` has the lane `gpu`, but the node that leads makes runs with {why} itself: remove one of the two"
        );
        assert!(error.to_string().contains(&expected), "{error}");
    }
}

#[test]
fn what_only_the_leader_has_keeps_a_run_there() {
    #[derive(Clone)]
    struct NoJson;
    let stage = Stage::new();
    let done = stage.done.clone();
    let reads = |node: &'static str| {
        let done = done.clone();
        let reads = func!(move |value: Option<NoJson>| {
            let is_there = value.is_some();
            done.lock()
                .unwrap()
                .push((node.to_owned(), format!("read {is_there}")));
        });
        Task::func("reads", reads)
    };
    let mut a = stage.node_with("a", |app| app.task(reads("a")));
    let mut b = stage.node_with("b", |app| app.task(reads("b")));
    work(&a).set_resting(true);
    a.lead(1);
    drop(
        a.app
            .session()
            .task("reads")
            .unwrap()
            .run(params! { value = NoJson }),
    );
    until(&mut [&mut a, &mut b], "it is made", || stage.done().len() == 1);
    assert_eq!(stage.done(), [("a".to_owned(), "read true".to_owned())]);
}

#[test]
fn a_node_without_the_task_leaves_the_run_to_others() {
    let stage = Stage::new();
    let new = gated("new", "a", &stage.done, &stage.gate);
    let mut a = stage.node_with("a", |app| app.task(new));
    let mut b = stage.node("b");
    work(&a).set_resting(true);
    a.lead(1);
    let leader = a.app.session().clone();
    drop(leader.task("new").unwrap().run(Params::new()));
    let shared = work(&a).clone();
    until(&mut [&mut a, &mut b], "it is offered", || shared.len() == 1);
    work(&a).set_resting(false);
    until(&mut [&mut a, &mut b], "it begins", || {
        stage.count("a", "begin") == 1
    });
    stage.open.send("done".into()).unwrap();
    let is_over = || actions(&leader, "new") == [Action::Run, Action::Success];
    until(&mut [&mut a, &mut b], "it ends", is_over);
}

#[test]
fn a_run_on_another_node_is_terminated() {
    let stage = Stage::new();
    let (mut a, mut b) = two(&stage);
    begin(&stage, &mut a, &mut b, "gated");
    let leader = a.app.session().clone();
    leader.task("gated").unwrap().terminate();
    let is_over = || actions(&leader, "gated").len() == 2;
    until(&mut [&mut a, &mut b], "it ends", is_over);
    assert_eq!(actions(&leader, "gated"), [Action::Run, Action::Terminate]);
    assert_eq!(stage.count("b", "stop"), 1);
}

#[test]
fn a_run_that_no_node_takes_ends_when_it_is_terminated() {
    let stage = Stage::new();
    let (mut a, b) = two(&stage);
    work(&b).set_resting(true);
    let leader = a.app.session().clone();
    drop(leader.task("gated").unwrap().run(Params::new()));
    let shared = work(&a).clone();
    until(&mut [&mut a], "it is offered", || shared.len() == 1);
    leader.task("gated").unwrap().terminate();
    let is_over = || actions(&leader, "gated") == [Action::Run, Action::Terminate];
    until(&mut [&mut a], "it ends", is_over);
    work(&b).set_resting(false);
    assert!(shared.is_empty() && stage.done().is_empty());
}

#[test]
fn a_run_of_a_lost_node_has_crashed_and_its_late_end_is_refused() {
    let stage = Stage::new();
    let (mut a, mut b) = two(&stage);
    begin(&stage, &mut a, &mut b, "gated");
    cut_off(&b, true);
    let leader = a.app.session().clone();
    let has_crashed = || actions(&leader, "gated").len() == 2;
    until_later(&mut [&mut a], "it is found", has_crashed);
    assert_eq!(actions(&leader, "gated"), [Action::Run, Action::Crash]);
    assert!(has_told(&leader, "is lost while it executes the run"));
    // The node does not know yet, and completes its run.
    stage.open.send("late".into()).unwrap();
    until(&mut [&mut b], "it ends", || stage.count("b", "end") == 1);
    cut_off(&b, false);
    let worker = b.app.session().clone();
    let is_told = || has_told(&worker, "attempt 1: it is terminated");
    until(&mut [&mut b], "it is told", || {
        is_told() || has_told(&worker, "attempt 1: its end is refused")
    });
    until(&mut [&mut a, &mut b], "all is quiet", || {
        !leader.task("gated").unwrap().is_running()
    });
    assert_eq!(actions(&leader, "gated"), [Action::Run, Action::Crash]);
}

#[test]
fn a_run_of_a_lost_node_is_made_again_if_its_task_says_so() {
    let stage = Stage::new();
    let (mut a, mut b) = two(&stage);
    begin(&stage, &mut a, &mut b, "again");
    cut_off(&b, true);
    let leader = a.app.session().clone();
    work(&a).set_resting(false);
    until_later(&mut [&mut a], "it is made again", || {
        stage.count("a", "begin") == 1
    });
    cut_off(&b, false);
    until(&mut [&mut a, &mut b], "the first attempt is cut off", || {
        stage.count("b", "stop") == 1
    });
    stage.open.send("done".into()).unwrap();
    let is_over = || actions(&leader, "again").len() == 2;
    until(&mut [&mut a, &mut b], "it ends", is_over);
    assert_eq!(actions(&leader, "again"), [Action::Run, Action::Success]);
    assert_eq!(
        leader.task("again").unwrap().result().unwrap().to_json().unwrap(),
        "done"
    );
}

#[test]
fn runs_on_other_nodes_outlive_their_leader() {
    let stage = Stage::new();
    let (a, mut b, mut c) = under_way(&stage);
    // It disappears without a message.
    drop(a);
    c.lead(2);
    let leader = c.app.session().clone();
    assert_eq!(actions(&leader, "gated"), [Action::Run]);
    assert!(leader.task("gated").unwrap().is_running());
    stage.open.send("done".into()).unwrap();
    until(&mut [&mut b, &mut c], "it ends", || {
        actions(&leader, "gated").len() == 2
    });
    assert_eq!(actions(&leader, "gated"), [Action::Run, Action::Success]);
    // It counts: the task is not due again before tomorrow.
    c.app.run_until("2026-01-01T06:00:00Z");
    assert_eq!(stage.count("b", "begin"), 1);
}

#[test]
fn an_end_that_no_leader_has_read_is_recorded_by_the_next() {
    let stage = Stage::new();
    let (a, mut b, mut c) = under_way(&stage);
    drop(a);
    stage.open.send("done".into()).unwrap();
    until(&mut [&mut b], "it ends", || stage.count("b", "end") == 1);
    c.lead(2);
    let leader = c.app.session().clone();
    until(&mut [&mut b, &mut c], "it is recorded", || {
        actions(&leader, "gated").len() == 2
    });
    assert_eq!(actions(&leader, "gated"), [Action::Run, Action::Success]);
    let shared = work(&c).clone();
    until(&mut [&mut c], "it is forgotten", || shared.is_empty());
}

#[test]
fn a_run_that_was_not_handed_over_has_crashed_with_its_leader() {
    let stage = Stage::new();
    let (mut a, mut b) = two(&stage);
    let mut c = stage.node("c");
    cut_off(&a, true);
    drop(a.app.session().task("gated").unwrap().run(Params::new()));
    a.app.settle();
    drop(a);
    c.lead(2);
    let leader = c.app.session().clone();
    assert_eq!(actions(&leader, "gated"), [Action::Run, Action::Crash]);
    b.app.settle();
    assert_eq!(stage.done(), []);
}

#[test]
fn a_leader_that_ends_waits_for_no_other_node() {
    let stage = Stage::new();
    let (a, mut b, mut c) = under_way(&stage);
    a.app.shut_down();
    c.lead(2);
    let leader = c.app.session().clone();
    assert_eq!(actions(&leader, "gated"), [Action::Run]);
    stage.open.send("done".into()).unwrap();
    until(&mut [&mut b, &mut c], "it ends", || {
        actions(&leader, "gated").len() == 2
    });
    assert_eq!(actions(&leader, "gated"), [Action::Run, Action::Success]);
}

#[test]
fn a_node_that_ends_waits_for_what_it_makes() {
    let stage = Stage::new();
    let (mut a, mut b) = two(&stage);
    begin(&stage, &mut a, &mut b, "gated");
    let (cluster, open) = (stage.cluster.clone(), stage.open.clone());
    let opens = std::thread::spawn(move || {
        // It gives up the lead, which it might have, and is known to all until its run has ended.
        while cluster.resigned() == 0 {
            std::thread::yield_now();
        }
        assert_eq!(cluster.left(), 0);
        open.send("done".into()).unwrap();
    });
    b.app.shut_down();
    opens.join().unwrap();
    assert!(stage.cluster.left() > 0);
    assert_eq!(stage.count("b", "end"), 1);
    let leader = a.app.session().clone();
    until(&mut [&mut a], "it is recorded", || {
        actions(&leader, "gated").len() == 2
    });
    assert_eq!(actions(&leader, "gated"), [Action::Run, Action::Success]);
}

#[test]
fn a_run_that_does_not_end_when_it_is_told_to_holds_up_no_node() {
    let stage = Stage::new();
    let config = Config {
        node: Some("b".to_owned()),
        kill_grace: Duration::from_millis(1),
        ..Config::default()
    };
    let deaf = |node: &'static str| {
        let (done, gate) = (stage.done.clone(), stage.gate.clone());
        let waits = move || {
            done.lock().unwrap().push((node.to_owned(), "begin".to_owned()));
            drop(gate.lock().unwrap().recv());
        };
        Task::func("deaf", waits)
            .permanent(true)
            .execution(rocketry_core::Execution::Thread)
    };
    let mut a = stage.node_with("a", |app| app.task(deaf("a")));
    let mut b = stage.node_with("b", |app| app.config(config).task(deaf("b")));
    work(&a).set_resting(true);
    a.lead(1);
    begin(&stage, &mut a, &mut b, "deaf");
    let worker = b.app.session().clone();
    b.app.shut_down();
    assert!(has_told(&worker, "it does not end, although it was told to"));
    stage.open.send("over".into()).unwrap();
}

#[test]
fn a_run_is_begun_as_often_as_its_task_says() {
    let stage = Stage::new();
    let twice = |node| gated("twice", node, &stage.done, &stage.gate).attempts(2);
    let mut a = stage.node_with("a", |app| app.task(twice("a")));
    let mut b = stage.node_with("b", |app| app.task(twice("b")));
    let mut c = stage.node_with("c", |app| app.task(twice("c")));
    work(&a).set_resting(true);
    work(&c).set_resting(true);
    a.lead(1);
    begin(&stage, &mut a, &mut b, "twice");
    let leader = a.app.session().clone();
    cut_off(&b, true);
    work(&c).set_resting(false);
    until_later(&mut [&mut a, &mut c], "it is begun again", || {
        stage.count("c", "begin") == 1
    });
    assert!(has_told(&leader, "attempt 2 of 2 is made"));
    cut_off(&c, true);
    // From when the leader looks at the new worker, it waits for a lease.
    until_later(&mut [&mut a], "it crashes", || {
        actions(&leader, "twice") == [Action::Run, Action::Crash]
    });
    // Both continue, without a listener.
    for _ in 0..2 {
        stage.open.send("late".into()).unwrap();
    }
    until(&mut [&mut b, &mut c], "they end", || {
        stage.count("b", "end") + stage.count("c", "end") == 2
    });
}

#[test]
fn a_node_takes_no_more_runs_than_it_has_room_for() {
    let stage = Stage::new();
    let config = Config {
        node: Some("b".to_owned()),
        max_node_runs: 1,
        ..Config::default()
    };
    let mut a = stage.node("a");
    let mut b = stage.node_with("b", |app| app.config(config));
    work(&a).set_resting(true);
    a.lead(1);
    begin(&stage, &mut a, &mut b, "gated");
    let leader = a.app.session().clone();
    drop(leader.task("again").unwrap().run(Params::new()));
    let shared = work(&a).clone();
    until(&mut [&mut a, &mut b], "both are offered", || shared.len() == 2);
    stage.open.send("done".into()).unwrap();
    // The second run begins when the first has ended.
    until(&mut [&mut a, &mut b], "the second begins", || {
        stage.count("b", "begin") == 2
    });
    let did = |what: &'static str| move |done: &(String, String)| done.1.starts_with(what);
    let done = stage.done();
    let ended = done.iter().position(did("end")).unwrap();
    assert_eq!(done[..ended].iter().filter(|done| did("begin")(done)).count(), 1);
    stage.open.send("done".into()).unwrap();
    until(&mut [&mut a, &mut b], "it ends", || {
        actions(&leader, "again").len() == 2
    });
}

#[test]
fn lost_confirmations_neither_lose_nor_double_a_run() {
    let stage = Stage::new();
    let (mut a, mut b) = two(&stage);
    let loses = RelayFaults {
        loses_confirmations: true,
        ..RelayFaults::default()
    };
    let leader = a.app.session().clone();
    for at in 0..6 {
        let faulty = if at % 2 == 0 {
            work(&a).clone()
        } else {
            work(&b).clone()
        };
        faulty.set_faults(loses);
        drop(
            leader
                .task("adds")
                .unwrap()
                .run(params! { x = i64::try_from(at).unwrap() }),
        );
        let is_offered = || !faulty.is_empty() || stage.done().len() > at;
        until(&mut [&mut a, &mut b], "it is offered", is_offered);
        faulty.set_faults(RelayFaults::default());
        let is_over = || actions(&leader, "adds").len() == 2 * (at + 1);
        until(&mut [&mut a, &mut b], "it ends", is_over);
    }
    assert_eq!(stage.done().len(), 6, "{:?}", stage.done());
}

#[test]
fn a_leader_without_the_task_records_the_end_of_a_run_on_another_node() {
    let stage = Stage::new();
    let old = |name: &str| gated("old", name, &stage.done, &stage.gate);
    let mut a = stage.node_with("a", |app| app.task(old("a")));
    let mut b = stage.node_with("b", |app| app.task(old("b")));
    // It has a new version, without the task.
    let mut c = stage.node("c");
    work(&a).set_resting(true);
    a.lead(1);
    let first = a.app.session().clone();
    begin(&stage, &mut a, &mut b, "old");
    until(&mut [&mut a, &mut b], "it is recorded", || {
        actions(&first, "old") == [Action::Run]
    });
    a.seat.follow(Some("c".into()));
    a.app.settle();
    c.lead(2);
    let next = c.app.session().clone();
    assert_eq!(actions(&next, "old"), [Action::Run]);
    assert!(next.task("old").is_err());
    stage.open.send("done".into()).unwrap();
    until(&mut [&mut b, &mut c], "it ends", || {
        actions(&next, "old").len() == 2
    });
    assert_eq!(actions(&next, "old"), [Action::Run, Action::Success]);
    let shared = work(&c).clone();
    until(&mut [&mut b, &mut c], "it is forgotten", || shared.is_empty());
    // A leader that has the task knows of it.
    drop(c);
    b.lead(3);
    let task = b.app.session().task("old").unwrap();
    assert_eq!((task.total(Action::Success), task.is_running()), (1, false));
}
