//! Ends commands when the app can't any more, since it was killed itself.
//!
//! A process of a run listens for the end of its app; a command does not know that there is one. So a shell, one for the
//! whole process, is told of every group of a command, and reads to the end of its pipe, which the system closes whatever
//! becomes of the app. What is left then, it kills.

use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::{LazyLock, Mutex, PoisonError};

use rustix::process::Pid;

/// Notes `+ group` and `- group`, and kills what is left in the end. The first shell is gone at once, so that the one
/// in the background is nobody's child here.
const SCRIPT: &str = r#"
    exec 3<&0
    (
        groups=
        while read -r mark group <&3; do
            case $mark in
            +) groups="$groups $group" ;;
            -) left=
               for each in $groups; do [ "$each" = "$group" ] || left="$left $each"; done
               groups=$left ;;
            esac
        done
        for each in $groups; do kill -KILL "-$each"; done
    ) &
"#;

/// A group that does not outlive the app, for as long as this is there.
pub(super) struct Kept(Pid);

impl Kept {
    pub(super) fn new(group: Pid) -> Self {
        tell('+', group);
        Kept(group)
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        tell('-', self.0);
    }
}

/// Without a shell there is nobody to tell, and an app that is killed leaves its commands behind.
static KEEPER: LazyLock<Option<Mutex<ChildStdin>>> = LazyLock::new(|| start().ok());

/// Starts the shell, if it is not there.
pub(super) fn be_there() {
    LazyLock::force(&KEEPER);
}

fn tell(mark: char, group: Pid) {
    if let Some(keeper) = &*KEEPER {
        let mut line = keeper.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = line.write_all(format!("{mark} {group}\n").as_bytes());
    }
}

/// Starts the shell in a group of its own, so that Ctrl-C does not reach it, and holds nothing of the app's.
fn start() -> io::Result<Mutex<ChildStdin>> {
    let mut keeper = Command::new("sh")
        .args(["-c", SCRIPT])
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()?;
    let line = keeper.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
    keeper.wait()?;
    Ok(Mutex::new(line))
}
