//! Reports events of another process to a test, without waiting for time to pass.

use std::io::Write;
use std::os::unix::net::{UnixListener, UnixStream};

use crate::folder::Folder;
use crate::pipe::Witness;

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
        Witness::of(self.listener.accept().expect("a run reports").0)
    }
}

/// Reports from a run; what is returned has to be kept for as long as the run is at work.
pub(crate) fn report(post: &str) -> UnixStream {
    let mut stream = UnixStream::connect(post).expect("the test listens");
    writeln!(stream, "here").expect("the test listens");
    stream
}

/// The processes that this one has started and that are not gone.
pub(crate) fn children() -> Vec<String> {
    let own = std::process::id().to_string();
    let all = std::fs::read_dir("/proc").expect("a system with /proc");
    let stats = all.filter_map(|entry| std::fs::read_to_string(entry.ok()?.path().join("stat")).ok());
    let parent = |stat: &String| Some(stat.rsplit_once(") ")?.1.split(' ').nth(1)?.to_owned());
    stats.filter(|stat| parent(stat).as_ref() == Some(&own)).collect()
}
