//! Ends commands when the app was killed and can't end them itself.
//!
//! The process of a run listens for the end of its app, but a command does not know about the app. So a
//! shell, one for the whole process, waits for the end of a pipe, which the system closes however the app
//! ends. Then it kills the process groups in a list. The list is a file, so writing to it does not wake the shell.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::os::unix::process::CommandExt;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::{LazyLock, Mutex, PoisonError};

use rustix::process::Pid;

/// Waits, and kills the groups in the list. The first shell exits immediately, so that the shell in the
/// background is not a child of this process.
const SCRIPT: &str = r#"
    exec 3<&0 4<&1 >/dev/null
    (
        read -r nothing <&3
        while read -r group <&4; do
            [ -z "$group" ] || kill -KILL "-$group"
        done
    ) &
"#;

/// The length of a line of the list: a group, or blanks.
const LINE: usize = 12;

/// A group that does not outlive the app while this exists.
pub(super) struct Guarded(u64);

impl Guarded {
    /// Returns `None` if there is no reaper.
    pub(super) fn new(group: Pid) -> Option<Self> {
        let reaper = REAPER.as_ref()?;
        let kept = Guarded(reaper.lines().take());
        reaper.write(&kept, &group.to_string());
        Some(kept)
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        if let Some(reaper) = &*REAPER {
            reaper.write(self, "");
            reaper.lines().free.push(self.0);
        }
    }
}

/// Without a shell there is no reaper, and an app that is killed leaves its commands running.
static REAPER: LazyLock<Option<OrphanReaper>> = LazyLock::new(|| OrphanReaper::start().ok());

/// Starts the shell, if it is not running.
pub(super) fn be_there() {
    LazyLock::force(&REAPER);
}

struct OrphanReaper {
    list: File,
    lines: Mutex<Lines>,
    /// Held as long as the process lives.
    _pipe: ChildStdin,
}

/// The lines of the list that are in use.
#[derive(Default)]
struct Lines {
    free: Vec<u64>,
    end: u64,
}

impl Lines {
    fn take(&mut self) -> u64 {
        self.free.pop().unwrap_or_else(|| {
            self.end += 1;
            self.end - 1
        })
    }
}

impl OrphanReaper {
    /// Starts the shell in its own group, so that Ctrl-C does not reach it. It inherits nothing from the app.
    fn start() -> io::Result<Self> {
        let list = new_list()?;
        let mut shell = Command::new("sh")
            .args(["-c", SCRIPT])
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(list.try_clone()?)
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()?;
        let pipe = shell.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
        shell.wait()?;
        Ok(OrphanReaper {
            list,
            lines: Mutex::default(),
            _pipe: pipe,
        })
    }

    fn lines(&self) -> std::sync::MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes one line, without moving the position at which the shell begins to read.
    fn write(&self, Guarded(line): &Guarded, text: &str) {
        let width = LINE - 1;
        // If a line can't be written, its group outlives the app, as without a reaper.
        let _ = self
            .list
            .write_all_at(format!("{text:>width$}\n").as_bytes(), line * LINE as u64);
    }
}

/// An empty file without a name.
#[cfg(target_os = "linux")]
fn new_list() -> io::Result<File> {
    use rustix::fs::{MemfdFlags, memfd_create};
    Ok(memfd_create("rocketry", MemfdFlags::CLOEXEC)?.into())
}

/// An empty file whose name was removed.
#[cfg(not(target_os = "linux"))]
fn new_list() -> io::Result<File> {
    let path = std::env::temp_dir().join(format!("rocketry-{}", std::process::id()));
    let list = File::options()
        .read(true)
        .write(true)
        .create_new(true)
        .open(&path)?;
    std::fs::remove_file(path)?;
    Ok(list)
}
