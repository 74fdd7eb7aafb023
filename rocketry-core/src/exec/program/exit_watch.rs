//! Watches for the end of a program that has not been waited for, so that its process id is not reused.

use std::io;

use rustix::io::Errno;
use rustix::process::{Pid, WaitId, WaitIdOptions, WaitIdStatus, waitid};
#[cfg(target_os = "linux")]
use rustix::process::{PidfdFlags, pidfd_open};
#[cfg(target_os = "linux")]
use tokio::net::unix::pipe::Receiver;
use tokio::task::{JoinHandle, spawn_blocking};

/// Detects the end of a program.
pub(super) enum ExitWatch {
    /// The system notifies the runtime.
    #[cfg(target_os = "linux")]
    Pidfd(Pid, Receiver),
    /// A thread waits, if the system has no such notification.
    Thread(JoinHandle<()>),
}

impl ExitWatch {
    /// Watches for the end of a child of this process.
    pub(super) fn of(program: Pid) -> Self {
        #[cfg(target_os = "linux")]
        if let Ok(told) = told(program) {
            return ExitWatch::Pidfd(program, told);
        }
        ExitWatch::awaited(program)
    }

    fn awaited(program: Pid) -> Self {
        ExitWatch::Thread(spawn_blocking(move || {
            while let Err(Errno::INTR) = look(program, WaitIdOptions::empty()) {}
        }))
    }

    /// Waits for the end.
    ///
    /// Cancel safe: it can be awaited again.
    pub(super) async fn wait(&mut self) -> io::Result<()> {
        loop {
            match self {
                #[cfg(target_os = "linux")]
                ExitWatch::Pidfd(program, told) => {
                    told.readable().await?;
                    if look(*program, WaitIdOptions::NOHANG)?.is_some() {
                        return Ok(());
                    }
                    // Readiness reported by a runtime may be spurious, which must not kill a program.
                    *self = ExitWatch::awaited(*program);
                }
                ExitWatch::Thread(thread) => return thread.await.map_err(io::Error::other),
            }
        }
    }
}

#[cfg(target_os = "linux")]
fn told(program: Pid) -> io::Result<Receiver> {
    // Not a pipe, but it becomes readable like one.
    Receiver::from_owned_fd_unchecked(pidfd_open(program, PidfdFlags::NONBLOCK)?)
}

/// Checks for the end without reaping the process.
fn look(program: Pid, how: WaitIdOptions) -> rustix::io::Result<Option<WaitIdStatus>> {
    let how = how | WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    waitid(WaitId::Pid(program), how)
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use rustix::process::Pid;

    use super::ExitWatch;

    /// A program that ends when its standard input does.
    fn sees_the_end(of: fn(Pid) -> ExitWatch) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let mut program = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
            let mut gone = of(Pid::from_child(&program));
            let waiting = crate::dispatch::race::race(gone.wait(), std::future::ready(())).await;
            assert!(waiting.is_none(), "it goes on");
            drop(program.stdin.take());
            gone.wait().await.unwrap();
            assert!(
                program.wait().unwrap().success(),
                "nobody else has taken note of it"
            );
        });
    }

    #[test]
    fn the_system_tells_of_an_end() {
        sees_the_end(ExitWatch::of);
    }

    #[test]
    fn a_thread_waits_for_an_end() {
        sees_the_end(ExitWatch::awaited);
    }
}
