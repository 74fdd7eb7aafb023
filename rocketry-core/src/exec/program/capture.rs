//! Captures the output of a program while it runs.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::process::Stdio;

use tokio::net::unix::pipe;

use super::tail::Tail;
use crate::dispatch::live_output::LiveOutput;

/// The number of bytes to read at once. A pipe may hold more, but most programs print less, and a larger
/// buffer costs time.
const CHUNK: usize = 8 * 1024;

/// The number of bytes to read from a pipe after its program has ended. A pipe holds no more than this, and
/// another process that has it open may continue to write forever.
const LAST: usize = 1024 * 1024;

/// The reading end of a pipe, and the end of the output that came through it.
pub(crate) struct Capture {
    pipe: pipe::Receiver,
    tail: Tail,
    echo: bool,
}

impl Capture {
    /// Creates a pipe whose last `limit` bytes are kept. Also returns the end that a program writes to.
    pub(crate) fn new(limit: usize, echo: bool) -> io::Result<(Self, OwnedFd)> {
        let (reader, writer) = io::pipe()?;
        let capture = Capture {
            pipe: pipe::Receiver::from_owned_fd(reader.into())?,
            tail: Tail::new(limit),
            echo,
        };
        Ok((capture, writer.into()))
    }

    /// Reads output until all writing ends are closed.
    ///
    /// Cancel safe: everything that was read is kept.
    pub(crate) async fn fill(&mut self, live: &LiveOutput) {
        let mut chunk = vec![0; CHUNK];
        loop {
            if self.pipe.readable().await.is_err() {
                return;
            }
            match self.pipe.try_read(&mut chunk) {
                Ok(0) => return,
                Ok(length) => take_in(&mut self.tail, self.echo, live, &chunk[..length]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(_) => return,
            }
        }
    }

    /// The output, as far as it is kept, once the program has ended.
    pub(crate) fn finish(self, live: &LiveOutput) -> String {
        let Capture { pipe, mut tail, echo } = self;
        // The runtime may not have noticed the last output yet, so the pipe is read directly.
        if let Ok(pipe) = pipe.into_nonblocking_fd() {
            for chunk in Rest::of(pipe, LAST) {
                take_in(&mut tail, echo, live, &chunk);
            }
        }
        tail.into_text()
    }
}

fn take_in(tail: &mut Tail, echo: bool, live: &LiveOutput, chunk: &[u8]) {
    tail.push(chunk);
    live.push(chunk);
    if echo {
        crate::stderr::add(chunk);
    }
}

/// The remaining content of a pipe or socket, without waiting for more.
pub(crate) struct Rest {
    file: File,
    left: usize,
}

impl Rest {
    /// Reads at most this many bytes without blocking.
    pub(crate) fn of(file: impl Into<OwnedFd>, most: usize) -> Self {
        Rest {
            file: File::from(file.into()),
            left: most,
        }
    }
}

impl Iterator for Rest {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let mut chunk = vec![0; CHUNK.min(self.left)];
        let length = loop {
            match self.file.read(&mut chunk) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other.ok()?,
            }
        };
        self.left -= length;
        chunk.truncate(length);
        (length > 0).then_some(chunk)
    }
}

/// The writing end for two of a program's streams, in the order in which it prints.
pub(crate) fn both(end: OwnedFd) -> io::Result<(Stdio, Stdio)> {
    Ok((Stdio::from(end.try_clone()?), Stdio::from(end)))
}
