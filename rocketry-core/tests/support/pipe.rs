//! Named pipes: how a shell's script tells a test that it is at work, without anybody waiting for time to pass.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::folder::Folder;

/// A named pipe for a script: `exec 9> pipe; echo here >&9`.
pub(crate) struct Pipe {
    /// Removes the pipe on drop.
    _folder: Folder,
    path: PathBuf,
}

impl Pipe {
    pub(crate) fn new() -> Self {
        let folder = Folder::new();
        let path = folder.path("pipe");
        let made = Command::new("mkfifo")
            .arg(&path)
            .status()
            .expect("mkfifo is there");
        assert!(made.success());
        Pipe {
            _folder: folder,
            path,
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Waits for a script to report.
    pub(crate) fn wait(&self) -> Witness {
        Witness::of(std::fs::File::open(&self.path).expect("a pipe"))
    }
}

/// Observes the end of a process that has reported.
pub(crate) struct Witness(Box<dyn Read>);

impl Witness {
    /// Waits for the report.
    pub(crate) fn of(line: impl Read + 'static) -> Self {
        let mut line = BufReader::new(line);
        let mut report = String::new();
        line.read_line(&mut report).expect("somebody reports");
        assert_eq!(report, "here\n");
        Witness(Box::new(line))
    }

    /// Waits until every process that has an end of the pipe open is gone.
    pub(crate) fn sees_the_end(mut self) {
        // A reset also counts as the end.
        let _ = self.0.read_to_end(&mut Vec::new());
    }
}
