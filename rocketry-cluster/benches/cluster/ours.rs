//! The nodes of a cluster, in one process.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use rocketry_core::{Action, Config, Params, Phase, Query, Rocketry, Session, Task};
use rustix::time::{ClockId, clock_gettime};
use tokio::runtime::Runtime;
// Links the crate, whose clusters are selected by their addresses.
use rocketry_cluster as _;

use crate::{Extent, Figures, NODES, median, rate};

const LOOK: Duration = Duration::from_millis(10);

/// The reports of the functions of all nodes.
#[derive(Clone)]
struct Told {
    ran: Arc<AtomicUsize>,
    begun: Sender<Instant>,
}

/// The figures of a cluster that have no counterpart in the bare client.
pub(crate) struct Others {
    /// How long it takes until the first node leads.
    pub(crate) start: Duration,
    /// How much processor time a node uses in ten seconds in which nothing is due.
    pub(crate) idle: Duration,
    /// From when the leader is told to end until another node decides.
    pub(crate) failover: Duration,
}

/// Measures a burst and single runs, and the rest.
pub(crate) fn measure(address: &str, extent: Extent) -> (Figures, Others) {
    let Extent { burst, single, .. } = extent;
    let (begun, begins) = channel();
    let told = Told {
        ran: Arc::default(),
        begun,
    };
    let runtime = Runtime::new().expect("the runtime can be made");
    let asked = Instant::now();
    let mut nodes: Vec<Session> = (0..NODES)
        .map(|number| start(&runtime, address, number, burst, &told))
        .collect();
    let (leader, start) = (wait_for_leader(&nodes), asked.elapsed());
    let leader = nodes.swap_remove(leader);
    wait_for_nodes(&leader);
    let idle = idle_use(extent.idle);
    let dispatch = dispatch(&runtime, &leader, single, &begins);
    let took = run_burst(&leader, burst, single, &told);
    let asked = Instant::now();
    leader.shut_down();
    wait_for_leader(&nodes);
    let failover = asked.elapsed();
    nodes.iter().for_each(Session::shut_down);
    runtime.shutdown_timeout(Duration::from_secs(60));
    let rate = rate(burst, took);
    let others = Others {
        start,
        idle,
        failover,
    };
    (Figures { rate, dispatch }, others)
}

fn start(runtime: &Runtime, address: &str, number: usize, burst: usize, told: &Told) -> Session {
    let config = Config {
        node: Some(format!("n{number}")),
        console: false,
        ..Config::default()
    };
    let app = Rocketry::builder()
        .cluster(address)
        .config(config)
        .param("go", "no")
        .handle_signals(false);
    let app = (0..burst).fold(app, |app, task| {
        let ran = told.ran.clone();
        let run = move || {
            ran.fetch_add(1, Ordering::Relaxed);
            async {}
        };
        app.task(Task::func(format!("reports::number_{task}"), run).start("daily & param 'go' is 'yes'"))
    });
    let begun = told.begun.clone();
    let single = move || {
        let _ = begun.send(Instant::now());
        async {}
    };
    let app = app
        .task(Task::func("single", single))
        .build()
        .expect("the app is right");
    let session = app.session();
    runtime.spawn(async move {
        app.serve().await.expect("the node ends well");
    });
    session
}

/// Waits until a node leads and decides; returns its place.
fn wait_for_leader(nodes: &[Session]) -> usize {
    let leads = |session: &Session| session.phase() == Phase::Up;
    loop {
        if let Some(place) = nodes.iter().position(leads) {
            return place;
        }
        std::thread::sleep(LOOK);
    }
}

/// Waits until a node knows of the others.
fn wait_for_nodes(leader: &Session) {
    while leader.nodes().len() < NODES {
        std::thread::sleep(LOOK);
    }
}

/// How much processor time a node uses in ten seconds.
fn idle_use(watched: Duration) -> Duration {
    // The one-time work of a node after its start is not idling.
    std::thread::sleep(Duration::from_secs(1));
    let used = || Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).unwrap_or_default();
    let before = used();
    std::thread::sleep(watched);
    let all = used().saturating_sub(before).as_secs_f64();
    let nodes = u32::try_from(NODES).unwrap_or(1);
    Duration::from_secs_f64(all * 10.0 / watched.as_secs_f64()) / nodes
}

/// The median time from asking for a run until it begins on some node.
fn dispatch(runtime: &Runtime, leader: &Session, runs: usize, begins: &Receiver<Instant>) -> Duration {
    let task = leader.task("single").expect("the task is there");
    let mut waits: Vec<f64> = (0..runs)
        .map(|_| {
            let asked = Instant::now();
            let ended = task.run(Params::new());
            let begun = begins.recv().expect("the run begins");
            runtime.block_on(ended).expect("the run ends");
            (begun - asked).as_secs_f64()
        })
        .collect();
    Duration::from_secs_f64(median(&mut waits))
}

/// Has all tasks start at once; returns how long it takes until the last end is in the run log.
fn run_burst(leader: &Session, burst: usize, single: usize, told: &Told) -> Duration {
    let begun = Instant::now();
    leader.set_param("go", "yes");
    while told.ran.load(Ordering::Relaxed) < burst {
        std::thread::sleep(LOOK);
    }
    let ends = || leader.log_count(Query::new().action(Action::Success));
    while ends().expect("they can be counted") < (burst + single) as u64 {
        std::thread::sleep(LOOK);
    }
    begun.elapsed()
}
