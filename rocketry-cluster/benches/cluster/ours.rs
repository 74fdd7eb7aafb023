//! The nodes of a cluster, in one process.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use postgres::{Client, NoTls};
use rocketry_core::{Config, Params, Rocketry, Session, Task};
use rustix::time::{ClockId, clock_gettime};
use tokio::runtime::Runtime;
// Its clusters are known by their addresses.
use rocketry_cluster as _;

use crate::server::Server;
use crate::{Figures, NODES, median, rate};

const LOOK: Duration = Duration::from_millis(10);

/// What the functions of all nodes tell.
#[derive(Clone)]
struct Told {
    ran: Arc<AtomicUsize>,
    begun: Sender<Instant>,
}

/// Measures a burst, single runs, and how much processor time a node uses in ten seconds in which nothing is due.
pub(crate) fn measure(server: &Server, burst: usize, single: usize, idle: Duration) -> (Figures, Duration) {
    let address = server.fresh("cluster_ours");
    let (begun, begins) = channel();
    let told = Told {
        ran: Arc::default(),
        begun,
    };
    let runtime = Runtime::new().expect("the runtime can be made");
    let nodes: Vec<Session> = (0..NODES)
        .map(|number| start(&runtime, &address, number, burst, &told))
        .collect();
    let leader = wait_for_leader(&nodes);
    let used = idle_use(idle);
    let dispatch = dispatch(&runtime, &leader, single, &begins);
    let took = run_burst(&leader, &address, burst + single, &told);
    nodes.iter().for_each(Session::shut_down);
    runtime.shutdown_timeout(Duration::from_secs(60));
    let rate = rate(burst, took);
    (Figures { rate, dispatch }, used)
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

/// Waits until the nodes know of each other, and returns the one that leads.
fn wait_for_leader(nodes: &[Session]) -> Session {
    loop {
        let leads = |session: &&Session| {
            let known = session.nodes();
            known.len() == NODES && known.iter().any(|node| node.is_this && node.term.is_some())
        };
        if let Some(leader) = nodes.iter().find(leads) {
            return leader.clone();
        }
        std::thread::sleep(LOOK);
    }
}

/// How much processor time a node uses in ten seconds.
fn idle_use(watched: Duration) -> Duration {
    // What a node does once, after its start, is not idling.
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

/// Has all tasks start at once; returns how long it takes until the last end is in the run log, of all runs that there are.
fn run_burst(leader: &Session, address: &str, runs: usize, told: &Told) -> Duration {
    const ENDS: &str = "SELECT count(*) FROM rocketry_record WHERE action = 1";
    let mut client = Client::connect(address, NoTls).expect("the server answers");
    let mut ends = || -> i64 { client.query_one(ENDS, &[]).expect("they can be counted").get(0) };
    let (before, all) = (ends().unsigned_abs(), runs as u64);
    let begun = Instant::now();
    leader.set_param("go", "yes");
    while (told.ran.load(Ordering::Relaxed) as u64) < all - before || ends().unsigned_abs() < all {
        std::thread::sleep(LOOK);
    }
    begun.elapsed()
}
