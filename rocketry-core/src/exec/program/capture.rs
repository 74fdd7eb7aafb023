//! What a program prints, taken in while it runs.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::process::Stdio;

use tokio::net::unix::pipe;

use super::tail::Tail;
use crate::dispatch::live_output::LiveOutput;

/// How much is read at once. A pipe may hold more, but most programs print less, and to have room for it has its price.
const CHUNK: usize = 8 * 1024;

/// How much is still taken from a pipe after its program has ended. A pipe holds no more than this, and somebody
/// else who has it open may go on writing for ever.
const LAST: usize = 1024 * 1024;

/// The reading end of a pipe, and the last that came through it.
pub(crate) struct Capture {
    pipe: pipe::Receiver,
    tail: Tail,
    echo: bool,
}

impl Capture {
    /// A pipe whose last `limit` bytes are kept, and the end of it that a program writes to.
    pub(crate) fn new(limit: usize, echo: bool) -> io::Result<(Self, OwnedFd)> {
        let (reader, writer) = io::pipe()?;
        let capture = Capture {
            pipe: pipe::Receiver::from_owned_fd(reader.into())?,
            tail: Tail::new(limit),
            echo,
        };
        Ok((capture, writer.into()))
    }

    /// Takes in what is printed, until everybody has closed the other end.
    ///
    /// Cancel safe: what was read is kept.
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

    /// All that was printed, as far as it is kept, once the program has ended.
    pub(crate) fn finish(self, live: &LiveOutput) -> String {
        let Capture { pipe, mut tail, echo } = self;
        // The runtime may not have noticed yet what came last, so the pipe itself is asked.
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

/// What is left in a pipe or socket, without waiting for more.
pub(crate) struct Rest {
    file: File,
    left: usize,
}

impl Rest {
    /// At most so many bytes of what does not block.
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
