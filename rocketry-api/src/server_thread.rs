//! A server on a separate thread.

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::pin::pin;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Mutex, PoisonError};
use std::task::Poll;
use std::thread;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::{oneshot, watch};

/// The time limit for the last answers once the server is to end.
const LAST_ANSWERS: Duration = Duration::from_millis(250);

/// The time limit for the end of the server, whose thread may be blocked.
const LAST_WAIT: Duration = Duration::from_millis(500);

/// The maximum number of requests that read the run log or compute at a time. Further requests wait.
const MOST_AT_WORK: usize = 8;

/// A server on a separate thread with its own runtime, so that its clients take no time of the threads that
/// run tasks. It ends when the `ServerThread` is dropped.
///
/// Dropping it waits until the server no longer listens and its clients have their answers, for at most half
/// a second.
///
/// ```
/// use rocketry_api::ServerThread;
/// use tokio::net::TcpListener;
///
/// # let runtime = tokio::runtime::Runtime::new()?;
/// # runtime.block_on(async {
/// let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
/// listener.set_nonblocking(true)?;
/// let server = ServerThread::start(
///     "web",
///     || TcpListener::from_std(listener),
///     |listener, end| async {
///         let routes = axum::Router::new();
///         let _ = axum::serve(listener, routes).with_graceful_shutdown(end.wait()).await;
///     },
/// );
/// drop(server.await?);
/// # Ok::<(), std::io::Error>(())
/// # })?;
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct ServerThread {
    /// Dropping the sender tells the server to end.
    end: Option<watch::Sender<()>>,
    /// Disconnected once the server has ended.
    over: Mutex<Receiver<()>>,
}

/// A signal that tells a server to end.
#[derive(Clone, Debug)]
pub struct EndOfServer(watch::Receiver<()>);

impl EndOfServer {
    /// Waits until the server is to end.
    pub async fn wait(mut self) {
        // Nothing is sent: this returns when the sender is dropped.
        let _ = self.0.changed().await;
    }
}

impl ServerThread {
    /// Starts a thread with a name. Both functions are called on that thread, within its runtime: `open`
    /// creates the listener, and the future of `serve` answers the clients until it is told to end.
    ///
    /// # Errors
    ///
    /// Returns an error if the thread or the runtime can't be created, or if `open` returns an error.
    pub async fn start<L, F: Future<Output = ()>>(
        name: &'static str,
        open: impl FnOnce() -> io::Result<L> + Send + 'static,
        serve: impl FnOnce(L, EndOfServer) -> F + Send + 'static,
    ) -> io::Result<Self> {
        let (end, ends) = watch::channel(());
        let (is_over, over) = mpsc::channel();
        let (tell, told) = oneshot::channel();
        let ends = EndOfServer(ends);
        let work = move || {
            let _is_over: mpsc::Sender<()> = is_over;
            match opened(name, open) {
                Ok((runtime, listener)) => {
                    // An error means that nothing waits for the server any more, so it is told to end as
                    // well.
                    let _ = tell.send(Ok(()));
                    runtime.block_on(until_told(serve(listener, ends.clone()), ends));
                    // A request may still read the log, but nothing waits for its answer.
                    runtime.shutdown_background();
                }
                Err(cause) => drop(tell.send(Err(cause))),
            }
        };
        thread::Builder::new().name(name.to_owned()).spawn(work)?;
        let broken = |_| Err(io::Error::other("the thread of the server broke down"));
        told.await.unwrap_or_else(broken)?;
        Ok(ServerThread {
            end: Some(end),
            over: Mutex::new(over),
        })
    }
}

/// Creates a runtime, and the listener within it.
fn opened<L>(name: &str, open: impl FnOnce() -> io::Result<L>) -> io::Result<(Runtime, L)> {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .thread_name(name)
        .max_blocking_threads(MOST_AT_WORK)
        .build()?;
    let within = runtime.enter();
    let listener = open()?;
    drop(within);
    Ok((runtime, listener))
}

/// Waits for the end of a server. Once it is told to end, the wait is short.
async fn until_told(served: impl Future<Output = ()>, ends: EndOfServer) {
    let mut served = pin!(served);
    let mut given_up = pin!(async {
        ends.wait().await;
        tokio::time::sleep(LAST_ANSWERS).await;
    });
    poll_fn(|waking| {
        let is_over = served.as_mut().poll(waking).is_ready();
        if is_over {
            return Poll::Ready(());
        }
        given_up.as_mut().poll(waking)
    })
    .await;
}

impl Drop for ServerThread {
    fn drop(&mut self) {
        drop(self.end.take());
        let over = self.over.get_mut().unwrap_or_else(PoisonError::into_inner);
        // The thread ends by itself, even if this function no longer waits for it.
        let _ = over.recv_timeout(LAST_WAIT);
    }
}

impl fmt::Debug for ServerThread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerThread").finish_non_exhaustive()
    }
}
