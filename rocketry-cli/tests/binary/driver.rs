//! Starts the app and its command line.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use crate::app::LOG;
use crate::folder::Folder;

/// The user that the environment names. The app must not believe it.
pub(crate) const CLAIMED: &str = "alice";

/// How long something may take that takes a moment.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder with a run log, and the runtime folder of a user.
pub(crate) struct Place {
    folder: Folder,
    log: bool,
}

/// What a command has printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// An app that runs. It is killed if the test fails.
pub(crate) struct Running {
    process: Child,
}

/// Tries something until it is so.
#[track_caller]
pub(crate) fn until(is_so: impl Fn() -> bool) {
    let since = Instant::now();
    while !is_so() {
        assert!(since.elapsed() < PATIENCE, "it takes too long");
    }
}

impl Place {
    pub(crate) fn new(log: bool) -> Self {
        Place {
            folder: Folder::new(),
            log,
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path(name)
    }

    /// The program with arguments.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let log = if self.log {
            self.path("log.csv")
        } else {
            PathBuf::new()
        };
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(words)
            .env(LOG, log)
            .env("XDG_RUNTIME_DIR", self.folder.as_ref())
            .env("USER", CLAIMED)
            .env_remove("ROCKETRY_SOCKET")
            .current_dir(&self.folder)
            .stdin(Stdio::null());
        command
    }

    /// Executes a command.
    pub(crate) fn say(&self, words: &[&str]) -> Said {
        Said::of(self.command(words).output().unwrap())
    }

    /// Starts the app, and waits until it can be reached.
    pub(crate) fn start(&self, words: &[&str]) -> Running {
        let running = self.start_unseen(words);
        let socket = words
            .iter()
            .position(|word| *word == "--socket")
            .map(|place| words[place + 1]);
        let mut ask = vec!["disable", "second"];
        ask.extend(socket.iter().flat_map(|socket| ["--socket", socket]));
        until(|| self.say(&ask).code == 0);
        ask[0] = "enable";
        assert_eq!(self.say(&ask).code, 0);
        running
    }

    /// Starts the app.
    pub(crate) fn start_unseen(&self, words: &[&str]) -> Running {
        let process = self
            .command(words)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Running { process }
    }

    /// The sockets in the runtime folder.
    pub(crate) fn sockets(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.path("rocketry")).into_iter().flatten();
        entries.map(|entry| entry.unwrap().path()).collect()
    }
}

impl Said {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Said {
            code: output.status.code().unwrap_or(-1),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    /// Checks the exit code.
    #[track_caller]
    pub(crate) fn with_code(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        self
    }
}

impl Running {
    pub(crate) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Asks the app to end, as Ctrl-C does; returns how it ended and what it told.
    pub(crate) fn stop(mut self) -> (ExitStatus, Vec<String>) {
        let pid = rustix::process::Pid::from_child(&self.process);
        rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
        self.end()
    }

    /// Waits for the end of the app.
    pub(crate) fn end(&mut self) -> (ExitStatus, Vec<String>) {
        let told = self
            .process
            .stderr
            .take()
            .map(|pipe| BufReader::new(pipe).lines());
        let told = told.into_iter().flatten().map(Result::unwrap).collect();
        (self.process.wait().unwrap(), told)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl AsRef<Path> for Place {
    fn as_ref(&self) -> &Path {
        self.folder.as_ref()
    }
}
