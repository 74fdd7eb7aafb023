//! The nodes of a cluster, from outside.

use std::io::Write as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::database::Database;

pub(crate) const AS_NODE: &str = "be-a-node";

/// How long anything may take here.
const PATIENCE: Duration = Duration::from_secs(60);

/// Three nodes.
pub(crate) struct Nodes {
    pub(crate) database: Database,
    journal: String,
    running: Vec<(String, Child)>,
    started: u32,
}

impl Nodes {
    pub(crate) fn start(database: Database, journal: &str) -> Self {
        let mut nodes = Nodes {
            database,
            journal: journal.to_owned(),
            running: Vec::new(),
            started: 0,
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
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args([AS_NODE, &self.database.address, &self.journal, &name]);
        let child = command.stdin(Stdio::piped()).spawn().unwrap();
        self.running.push((name, child));
    }

    /// Waits for a node that leads, other than one; returns its name.
    pub(crate) fn leader_other_than(&mut self, before: &str) -> String {
        const LEADER: &str = "SELECT node FROM rocketry_lease WHERE is_held";
        // The first node may still be making the tables.
        const IS_THERE: &str = "SELECT 1 WHERE to_regclass('rocketry_lease') IS NOT NULL";
        self.wait_for(|nodes| {
            nodes.database.one(IS_THERE)?;
            nodes.database.one(LEADER).filter(|leader| leader != before)
        })
    }

    /// Waits until a node other than one has started a run; returns the instant of the first in microseconds.
    pub(crate) fn start_by_other_than(&mut self, before: &str, since: u128) -> i64 {
        let first = format!(
            "SELECT min(created) FROM rocketry_record WHERE action = 0 AND version <> '{before}' AND created > {since}"
        );
        self.wait_for(|nodes| nodes.database.one(&first)?.parse().ok())
    }

    /// Waits until the leader has answered each call.
    pub(crate) fn wait_for_calls(&mut self) {
        const OPEN: &str = "SELECT count(*) FROM rocketry_call WHERE answer IS NULL";
        self.wait_for(|nodes| nodes.database.one(OPEN).filter(|open| open == "0"));
    }

    /// Waits until the runs of nodes that are gone are found.
    pub(crate) fn wait_for_lost_runs(&mut self) {
        self.wait_for(|nodes| {
            let names: Vec<String> = nodes
                .running
                .iter()
                .map(|(name, _)| format!("'{name}'"))
                .collect();
            let held = format!(
                "SELECT count(*) FROM rocketry_work WHERE split_part(worker, '#', 1) NOT IN ({})",
                names.join(", ")
            );
            nodes.database.one(&held).filter(|held| held == "0")
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

    fn child(&mut self, name: &str) -> &mut Child {
        let found = self.running.iter_mut().find(|(node, _)| node == name);
        &mut found.expect("the node runs").1
    }

    /// Asks a node that does not lead for a run.
    pub(crate) fn ask_other_than(&mut self, leader: &str) {
        self.say_to_other_than(leader, "run");
    }

    /// Has another node drain one, and waits until that has ended.
    pub(crate) fn drain(&mut self, name: &str) {
        self.say_to_other_than(name, &format!("drain {name}"));
        let ended = self.wait_for(|nodes| nodes.child(name).try_wait().unwrap());
        assert!(ended.success());
        self.running.retain(|(node, _)| node != name);
    }

    fn say_to_other_than(&mut self, leader: &str, what: &str) {
        let mut others = self.running.iter_mut().filter(|(node, _)| node != leader);
        let (_, child) = others.next().expect("another node runs");
        let stdin = child.stdin.as_mut().expect("it is open");
        writeln!(stdin, "{what}").unwrap();
    }

    pub(crate) fn is_running(&self, name: &str) -> bool {
        self.running.iter().any(|(node, _)| node == name)
    }

    pub(crate) fn signal(&mut self, name: &str, signal: Signal) {
        kill_process(Pid::from_child(self.child(name)), signal).unwrap();
    }

    /// Kills a node.
    pub(crate) fn kill(&mut self, name: &str) {
        let child = self.child(name);
        child.kill().unwrap();
        child.wait().unwrap();
        self.running.retain(|(node, _)| node != name);
    }

    /// Lets a node end in an orderly way, and waits for that.
    pub(crate) fn end(&mut self, name: &str) {
        let child = self.child(name);
        drop(child.stdin.take());
        assert!(child.wait().unwrap().success());
        self.running.retain(|(node, _)| node != name);
    }

    /// Lets all nodes end.
    pub(crate) fn end_all(&mut self) {
        while let Some((name, _)) = self.running.first() {
            let name = name.clone();
            self.end(&name);
        }
    }
}

impl Drop for Nodes {
    fn drop(&mut self) {
        for (_, child) in &mut self.running {
            // After a failed test.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
