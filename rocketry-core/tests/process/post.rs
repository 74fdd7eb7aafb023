//! Tells a test what happens in another process, without anybody waiting for time to pass.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder that is removed in the end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("rocketry-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder for a test");
        Folder(path)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Left behind at worst.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Where a run reports that it is at work.
pub(crate) struct Post {
    folder: Folder,
    listener: UnixListener,
}

impl Post {
    pub(crate) fn new() -> Self {
        let folder = Folder::new();
        let listener = UnixListener::bind(folder.path("post")).expect("a socket for a test");
        Post { folder, listener }
    }

    pub(crate) fn path(&self) -> String {
        self.folder.path("post").to_string_lossy().into_owned()
    }

    /// Waits for a run to report.
    pub(crate) fn wait(&self) -> Witness {
        let (stream, _) = self.listener.accept().expect("a run reports");
        let mut stream = BufReader::new(stream);
        let mut line = String::new();
        stream.read_line(&mut line).expect("a run reports");
        Witness(Box::new(stream))
    }
}

/// Reports from a run; what is returned has to be kept for as long as the run is at work.
pub(crate) fn report(post: &str) -> UnixStream {
    let mut stream = UnixStream::connect(post).expect("the test listens");
    writeln!(stream, "here").expect("the test listens");
    stream
}

/// Sees a process die that has reported.
pub(crate) struct Witness(Box<dyn Read>);

impl Witness {
    /// Waits until the process, and whoever has its end of the line open, is gone.
    pub(crate) fn sees_the_end(mut self) {
        // A reset is an end as well.
        let _ = self.0.read_to_end(&mut Vec::new());
    }
}

/// A named pipe, for what can be written in a shell's script: `exec 9> pipe; echo here >&9`.
pub(crate) struct Pipe {
    folder: Folder,
}

impl Pipe {
    pub(crate) fn new() -> Self {
        let folder = Folder::new();
        let made = Command::new("mkfifo")
            .arg(folder.path("pipe"))
            .status()
            .expect("mkfifo is there");
        assert!(made.success());
        Pipe { folder }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path("pipe")
    }

    pub(crate) fn wait(&self) -> Witness {
        let pipe = std::fs::File::open(self.path()).expect("a pipe");
        let mut pipe = BufReader::new(pipe);
        let mut line = String::new();
        pipe.read_line(&mut line).expect("a script reports");
        Witness(Box::new(pipe))
    }
}

/// The processes that this one has started and that are not gone.
pub(crate) fn children() -> Vec<String> {
    let own = std::process::id().to_string();
    let all = std::fs::read_dir("/proc").expect("a system with /proc");
    let stats = all.filter_map(|entry| std::fs::read_to_string(entry.ok()?.path().join("stat")).ok());
    let parent = |stat: &String| Some(stat.rsplit_once(") ")?.1.split(' ').nth(1)?.to_owned());
    stats.filter(|stat| parent(stat).as_ref() == Some(&own)).collect()
}
