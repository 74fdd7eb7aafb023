//! Starting a program and waiting for it: the standard library and nothing else.

use std::process::{Command, Stdio};

use crate::contender::Contender;
use crate::job::{Job, When};

/// An argument with which this program ends at once.
pub(crate) const NOTHING: &str = "--nothing";

#[derive(Default)]
pub(crate) struct Spawn(Option<When>);

impl Contender for Spawn {
    fn can(&self, when: When) -> bool {
        matches!(when, When::Process | When::Warm | When::Command)
    }

    fn register(&mut self, job: Job) {
        self.0 = Some(job.when);
    }

    fn start(&mut self) {}

    fn run_to_end(&self, _: u32) -> bool {
        let mut command = if self.0 == Some(When::Command) {
            Command::new("/bin/true")
        } else {
            Command::new(std::env::current_exe().expect("this program has a path"))
        };
        if self.0 != Some(When::Command) {
            command.arg(NOTHING);
        }
        // As for a run: what it prints is kept.
        let ended = command.stdin(Stdio::null()).stderr(Stdio::piped()).output();
        ended.is_ok_and(|ended| ended.status.success())
    }

    fn stop(&mut self) {}
}
