//! Relaunches the app in another process: how state passes from one process to the next.
//!
//! The state is in a file that no other user can read. The process that writes it holds a lock on it until it
//! exits, and the next process waits for that lock, so it finds a run log that nothing writes any more. It
//! then removes the file.

use std::env;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::config::Restarting;
use crate::error::{Error, Kind, Result};
use crate::log::Handover;
use crate::session::Session;

/// The environment variable with the path of the state that the previous process has left.
pub(crate) const LEFT: &str = "ROCKETRY_INTERNAL_LEFT";

/// Hands the app over to another process. After [`Restarting::Replace`], it returns only on failure.
///
/// # Errors
///
/// Returns the reason why no other process was started. This process keeps the app.
pub(crate) fn leave(session: &Session, way: Restarting) -> Result<()> {
    let failed = |cause: io::Error| {
        let message =
            format!("the app could not restart in another process: {cause}; it restarts in this one");
        Error::new(Kind::State, message).because(cause)
    };
    let left = session.hand_over()?.to_json()?;
    let (path, file) = write(&left).map_err(failed)?;
    let started = next_process(&path).and_then(|command| start(command, way, file));
    started.map_err(|cause| {
        // Nothing reads it any more.
        let _ = fs::remove_file(&path);
        failed(cause)
    })
}

/// The state that the previous process has left, if any.
///
/// # Errors
///
/// Returns an error if it can't be read. An app that continued without it would repeat what was already done.
pub(crate) fn arrive() -> Result<Option<Handover>> {
    let Some(path) = env::var_os(LEFT) else {
        return Ok(None);
    };
    let failed = |cause: Error| {
        let path = path.display();
        let message = format!("what the app has left in `{path}` when it restarted can't be read: {cause}");
        Error::new(Kind::State, message).because(cause)
    };
    match read(&path) {
        // It was for another process, from which this one inherited the variable.
        Ok(None) => Ok(None),
        Ok(Some(json)) => Handover::from_json(&json).map(Some).map_err(failed),
        Err(cause) => Err(failed(Error::log(cause))),
    }
}

/// Writes a file that no other user can read, and locks it.
fn write(left: &[u8]) -> io::Result<(PathBuf, File)> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let name = format!(
        "rocketry-left-{}-{}",
        std::process::id(),
        now.map_or(0, |now| now.as_nanos())
    );
    let path = env::temp_dir().join(name);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&path)?;
    let written = file.write_all(left).and_then(|()| lock(&file));
    written.inspect_err(|_| drop(fs::remove_file(&path)))?;
    Ok((path, file))
}

fn read(path: &OsString) -> io::Result<Option<Vec<u8>>> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(cause),
    };
    lock(&file)?;
    let mut left = Vec::new();
    file.read_to_end(&mut left)?;
    match fs::remove_file(path) {
        Ok(()) => Ok(Some(left)),
        // Another app of this process was faster.
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(cause),
    }
}

/// Waits until no other process holds the lock on the file. The lock is released at the latest when the
/// process exits.
#[cfg(unix)]
fn lock(file: &File) -> io::Result<()> {
    use rustix::fs::{FlockOperation, flock};
    Ok(flock(file, FlockOperation::LockExclusive)?)
}

#[cfg(not(unix))]
fn lock(_: &File) -> io::Result<()> {
    Ok(())
}

/// The same program with the same arguments.
fn next_process(left: &Path) -> io::Result<Command> {
    let mut command = Command::new(program()?);
    let mut words = env::args_os();
    let name = words.next();
    #[cfg(unix)]
    name.map(|name| std::os::unix::process::CommandExt::arg0(&mut command, name));
    #[cfg(not(unix))]
    drop(name);
    command.args(words).env(LEFT, left);
    Ok(command)
}

/// The program at the path of this one, which may have been replaced by another version.
fn program() -> io::Result<PathBuf> {
    let path = env::current_exe()?;
    let text = path.to_string_lossy();
    match text.strip_suffix(" (deleted)").map(PathBuf::from) {
        Some(replaced) if replaced.exists() => Ok(replaced),
        Some(_) if cfg!(target_os = "linux") => Ok("/proc/self/exe".into()),
        _ => Ok(path),
    }
}

fn start(mut command: Command, way: Restarting, file: File) -> io::Result<()> {
    /// Holds the lock until the process exits.
    static HELD: OnceLock<File> = OnceLock::new();
    io::stdout().flush()?;
    crate::stderr::finish();
    if way == Restarting::Replace {
        return Err(replace(&mut command));
    }
    command.spawn()?;
    HELD.get_or_init(|| file);
    Ok(())
}

#[cfg(unix)]
fn replace(command: &mut Command) -> io::Error {
    std::os::unix::process::CommandExt::exec(command)
}

#[cfg(not(unix))]
fn replace(_: &mut Command) -> io::Error {
    io::Error::new(
        io::ErrorKind::Unsupported,
        "no process can take the place of another on this system",
    )
}
