//! A PostgreSQL server of a test's own.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::folder::Folder;

/// A server of `scripts/postgres`, which is removed in the end.
pub(crate) struct Server {
    folder: Folder,
}

impl Server {
    /// `None` where there is no server to be had.
    pub(crate) fn new() -> Option<Self> {
        if std::env::var_os("POSTGRES_FOR_TESTS_FOLDER").is_none() {
            eprintln!(
                "skipped: POSTGRES_FOR_TESTS_FOLDER has no server of scripts/postgres, which this needs"
            );
            return None;
        }
        let folder = Folder::new();
        Some(Server { folder })
    }

    /// Where its files are.
    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.path("server")
    }

    /// Starts it, at a port if there is one, and gives its address.
    pub(crate) fn start(&self, port: &[&str]) -> String {
        self.script("start", port)
    }

    pub(crate) fn stop(&self) {
        self.script("stop", &[]);
    }

    fn script(&self, verb: &str, words: &[&str]) -> String {
        let mut script = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/postgres"));
        script.arg(verb).arg(self.folder()).args(words);
        let done = script.stderr(Stdio::inherit()).output().unwrap();
        assert!(done.status.success());
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.script("remove", &[]);
    }
}
