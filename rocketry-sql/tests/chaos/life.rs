//! One life of the app, from outside.

use std::io::{BufRead as _, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

pub(crate) const AS_APP: &str = "be-the-app";
pub(crate) const READY: &str = "ready";
pub(crate) const LOG_FAILS: &str = "the log fails";

pub(crate) struct Life {
    child: Child,
    output: Lines<BufReader<ChildStdout>>,
    /// The report of the app at its start.
    pub(crate) report: Vec<String>,
}

impl Life {
    /// Starts the app, and waits for its report.
    pub(crate) fn begin(address: &str, journal: &str, number: u64) -> Self {
        let mut child = command(address, journal, number)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
        let report = output
            .by_ref()
            .map(Result::unwrap)
            .take_while(|line| line != READY)
            .collect();
        Life {
            child,
            output,
            report,
        }
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    pub(crate) fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits until the app reports that its log can't be written.
    pub(crate) fn wait_for_failure(&mut self) {
        let told = self
            .output
            .by_ref()
            .map(Result::unwrap)
            .any(|line| line == LOG_FAILS);
        assert!(told, "the app has ended");
    }

    /// Shuts the app down gracefully.
    pub(crate) fn end(mut self) {
        drop(self.child.stdin.take());
        assert!(self.child.wait().unwrap().success());
    }
}

/// Returns the command that starts the app.
pub(crate) fn command(address: &str, journal: &str, number: u64) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([AS_APP, address, journal, &number.to_string()]);
    command
}
