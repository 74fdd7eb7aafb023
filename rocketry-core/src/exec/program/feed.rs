//! What a program reads on its standard input.

use std::io;
use std::os::fd::OwnedFd;

use tokio::io::AsyncWriteExt;
use tokio::net::unix::pipe;

/// The writing end of a pipe, and the text that goes through it. The default has nothing to give.
#[derive(Default)]
pub(crate) struct Feed(Option<(pipe::Sender, String)>);

impl Feed {
    /// A pipe for a text, and the end of it that a program reads. Needs a runtime.
    pub(crate) fn new(text: String) -> io::Result<(Self, OwnedFd)> {
        let (reader, writer) = io::pipe()?;
        let pipe = pipe::Sender::from_owned_fd(writer.into())?;
        Ok((Feed(Some((pipe, text))), reader.into()))
    }

    /// Writes the text and closes the pipe. A program that does not read it is not waited for.
    pub(crate) async fn give(&mut self) {
        if let Some((mut pipe, text)) = self.0.take() {
            // A program that has closed its end has read what it wanted.
            let _ = pipe.write_all(text.as_bytes()).await;
        }
    }
}
