//! A race between two futures.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

/// Awaits a future until another one is ready. Returns `None` if the other one was ready first.
pub(crate) async fn race<T>(future: impl Future<Output = T>, until: impl Future<Output = ()>) -> Option<T> {
    let mut future = pin!(future);
    let mut until = pin!(until);
    poll_fn(|waking| match future.as_mut().poll(waking) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending => until.as_mut().poll(waking).map(|()| None),
    })
    .await
}
