//! The nodes of a cluster, from outside.

use std::io::Write as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rocketry_core::Action;
use rustix::process::{Pid, Signal, kill_process};

use crate::engine::Engine;
use crate::proxy::{Proxy, Way};
use crate::requests::Request;

pub(crate) const AS_NODE: &str = "be-a-node";

/// The timeout of every wait.
const PATIENCE: Duration = Duration::from_secs(60);

/// A position in the run log.
pub(crate) struct Mark(u64);

/// Three nodes, each with its own connection to the server.
pub(crate) struct Nodes<E> {
    pub(crate) engine: E,
    journal: String,
    running: Vec<Node>,
    started: u32,
    /// The number of requested runs.
    asked: u32,
    /// The position of the last record that was seen.
    seen: u64,
}

struct Node {
    name: String,
    process: Child,
    way: Proxy,
}

impl<E: Engine> Nodes<E> {
    pub(crate) fn start(engine: E, journal: &str) -> Self {
        let mut nodes = Nodes {
            engine,
            journal: journal.to_owned(),
            running: Vec::new(),
            started: 0,
            asked: 0,
            seen: 0,
        };
        for _ in 0..3 {
            nodes.add();
        }
        nodes
    }

    /// Starts another node.
    pub(crate) fn add(&mut self) {
        self.started += 1;
        let name = format!("n{}", self.started);
        let way = Proxy::to(self.engine.server(), self.engine.commit());
        let address = self.engine.address_at_port(way.port);
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args([AS_NODE, &address, &self.journal, &name]);
        let process = command.stdin(Stdio::piped()).spawn().unwrap();
        self.running.push(Node { name, process, way });
    }

    /// Waits until a node other than `before` leads, and returns its name.
    pub(crate) fn leader_other_than(&mut self, before: &str) -> String {
        self.wait_for(|nodes| nodes.engine.leader().filter(|leader| leader != before))
    }

    /// Returns the position of the last record.
    pub(crate) fn mark(&mut self) -> Mark {
        let last = self.engine.records_after(self.seen).last().map(|row| row.place);
        self.seen = last.unwrap_or(self.seen);
        Mark(self.seen)
    }

    /// Waits until a node other than one has started a run after some record; returns the instant of the first in microseconds.
    pub(crate) fn start_by_other_than(&mut self, before: &str, Mark(last): &Mark) -> i64 {
        self.wait_for(|nodes| {
            let rows = nodes.engine.records_after(*last);
            let mut starts = rows
                .iter()
                .filter(|row| row.action == Action::Run && row.version != before);
            starts.next().map(|start| start.created)
        })
    }

    /// Waits until the leader has started another run.
    pub(crate) fn next_start(&mut self) {
        let mark = self.mark();
        self.start_by_other_than("", &mark);
    }

    /// Returns the requests and their outcomes.
    pub(crate) fn requests(&mut self) -> Vec<Request> {
        Request::read_all(&mut self.engine, &self.journal, self.asked)
    }

    /// Waits until each request is decided, and each asked node that still runs has received its answer.
    pub(crate) fn wait_for_requests(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let open = self.open_requests();
            if open.is_empty() {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "without a decision or an answer: {open:#?}"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn open_requests(&mut self) -> Vec<Request> {
        let mut requests = self.requests();
        let runs = |node: &str| self.running.iter().any(|running| running.name == node);
        requests.retain(|request| !request.is_decided() || !request.is_told() && runs(&request.node));
        requests
    }

    /// Waits until nodes that are gone hold no runs.
    pub(crate) fn wait_for_lost_runs(&mut self) {
        self.wait_for(|nodes| {
            let holders = nodes.engine.holders();
            let runs = |holder: &String| {
                let name = holder.split('#').next();
                nodes.running.iter().any(|node| Some(&*node.name) == name)
            };
            holders.iter().all(runs).then_some(())
        });
    }

    fn wait_for<T>(&mut self, mut found: impl FnMut(&mut Self) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = found(self) {
                return found;
            }
            assert!(Instant::now() < deadline, "the cluster does not go on");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn node(&mut self, name: &str) -> &mut Node {
        let found = self.running.iter_mut().find(|node| node.name == name);
        found.expect("the node runs")
    }

    fn process(&mut self, name: &str) -> &mut Child {
        &mut self.node(name).process
    }

    /// Sets the state of a node's connection to the server.
    pub(crate) fn set_way(&mut self, name: &str, way: Way) {
        self.node(name).way.set(way);
    }

    /// Sets the state of the connections of all nodes.
    pub(crate) fn set_ways(&mut self, way: Way) {
        for node in &self.running {
            node.way.set(way);
        }
    }

    /// Waits until the connection of a leader has frozen by itself, or until another node leads.
    pub(crate) fn wait_until_frozen(&mut self, leader: &str) {
        self.wait_for(|nodes| {
            let is_frozen = nodes.node(leader).way.is_frozen();
            (is_frozen || nodes.leader_other_than("") != leader).then_some(())
        });
    }

    /// Returns the name of the last started node other than `name`.
    pub(crate) fn last_other_than(&self, name: &str) -> String {
        let mut others = self.running.iter().rev().filter(|node| node.name != name);
        others.next().expect("another node runs").name.clone()
    }

    /// Asks a node other than one for a run.
    pub(crate) fn ask_other_than(&mut self, leader: &str) {
        self.asked += 1;
        let request = format!("run {}", Request::name(self.asked));
        self.say_to_other_than(leader, &request);
    }

    /// Has another node drain one, and waits until that has ended.
    pub(crate) fn drain(&mut self, name: &str) {
        self.say_to_other_than(name, &format!("drain {name}"));
        self.wait_for_end(name);
    }

    fn say_to_other_than(&mut self, leader: &str, what: &str) {
        let mut others = self.running.iter().filter(|node| node.name != leader);
        let other = others.next().expect("another node runs").name.clone();
        self.say(&other, what);
    }

    /// Sends a command to a node.
    pub(crate) fn say(&mut self, name: &str, what: &str) {
        let stdin = self.process(name).stdin.as_mut().expect("it is open");
        writeln!(stdin, "{what}").unwrap();
    }

    pub(crate) fn signal(&mut self, name: &str, signal: Signal) {
        kill_process(Pid::from_child(self.process(name)), signal).unwrap();
    }

    /// Kills a node.
    pub(crate) fn kill(&mut self, name: &str) {
        let child = self.process(name);
        child.kill().unwrap();
        child.wait().unwrap();
        self.running.retain(|node| node.name != name);
    }

    /// Shuts a node down gracefully, and waits for its end.
    pub(crate) fn end(&mut self, name: &str) {
        drop(self.process(name).stdin.take());
        self.wait_for_end(name);
    }

    fn wait_for_end(&mut self, name: &str) {
        let ended = self.wait_for(|nodes| nodes.process(name).try_wait().unwrap());
        assert!(ended.success());
        self.running.retain(|node| node.name != name);
    }

    /// The name of the node that runs beside one.
    pub(crate) fn only_one_other_than(&self, name: &str) -> String {
        let others = self.running.iter().filter(|node| node.name != name);
        let names: Vec<&String> = others.map(|node| &node.name).collect();
        let [other] = names[..] else { panic!("{names:?}") };
        other.clone()
    }

    /// Waits until the cluster has exactly these nodes.
    pub(crate) fn wait_until_known(&mut self, names: &[&str]) {
        self.wait_for(|nodes| (nodes.engine.nodes() == names).then_some(()));
    }

    /// Lets all nodes end. If the last one has lost the lead meanwhile, another one records the ends of what it could not.
    pub(crate) fn end_all(&mut self) {
        self.end_each();
        while self.has_open_runs() {
            self.add();
            self.next_start();
            self.wait_for_lost_runs();
            self.end_each();
        }
    }

    fn has_open_runs(&mut self) -> bool {
        let rows = self.engine.records_after(0);
        let runs = rows.iter().filter(|row| row.action.is_of_run());
        let (ends, starts): (Vec<_>, Vec<_>) = runs.partition(|row| row.action.is_end());
        starts.len() > ends.len()
    }

    /// Lets each node end once the next one leads: it records the ends of the runs that other nodes have made.
    fn end_each(&mut self) {
        while let Some(first) = self.running.first() {
            let name = first.name.clone();
            self.end(&name);
            if !self.running.is_empty() {
                let mark = self.mark();
                self.start_by_other_than(&name, &mark);
                // What it has taken last it may not have ended.
                self.wait_for_lost_runs();
            }
        }
    }
}

impl<E> Drop for Nodes<E> {
    fn drop(&mut self) {
        for node in &mut self.running {
            // After a failed test.
            let _ = node.process.kill();
            let _ = node.process.wait();
        }
    }
}
