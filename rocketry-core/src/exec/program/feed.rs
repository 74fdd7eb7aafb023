//! The standard input of a program.

use std::io;
use std::os::fd::OwnedFd;

use tokio::io::AsyncWriteExt;
use tokio::net::unix::pipe;

/// The writing end of a pipe, and the text to write. The default writes nothing.
#[derive(Default)]
pub(crate) struct Feed(Option<(pipe::Sender, String)>);

impl Feed {
    /// Creates a pipe for a text. Also returns the end that a program reads. Needs a runtime.
    pub(crate) fn new(text: String) -> io::Result<(Self, OwnedFd)> {
        let (reader, writer) = io::pipe()?;
        let pipe = pipe::Sender::from_owned_fd(writer.into())?;
        Ok((Feed(Some((pipe, text))), reader.into()))
    }

    /// Writes the text and closes the pipe. Does not wait for a program that does not read it.
    pub(crate) async fn give(&mut self) {
        if let Some((mut pipe, text)) = self.0.take() {
            // A program that has closed its end has read what it needed.
            let _ = pipe.write_all(text.as_bytes()).await;
        }
    }
}
