//! Waits for the first of two futures.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

/// The result of the first of two futures.
pub(super) enum Either<A, B> {
    Left(A),
    Right(B),
}

/// Waits for the first of two futures.
pub(super) async fn either<A, B>(
    mut left: Pin<&mut impl Future<Output = A>>,
    mut right: Pin<&mut impl Future<Output = B>>,
) -> Either<A, B> {
    poll_fn(|waking| {
        if let Poll::Ready(value) = left.as_mut().poll(waking) {
            return Poll::Ready(Either::Left(value));
        }
        right.as_mut().poll(waking).map(Either::Right)
    })
    .await
}
