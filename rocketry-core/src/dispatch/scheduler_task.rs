//! The scheduler as a task of the runtime. A runner whose run has just ended may poll it in place of the runtime, so that
//! a short run and the decision about the next one need no wake-up.

use std::any::Any;
use std::mem::take;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Waker};

use crate::error::Result;

type Scheduling = Pin<Box<dyn Future<Output = Result<bool>> + Send>>;

/// The result of the scheduler, or the payload of its panic.
type Ended = std::result::Result<Result<bool>, Box<dyn Any + Send>>;

/// The task in which the scheduler runs. Dropping it drops the scheduler.
pub(crate) struct SchedulerTask(Arc<SchedulerSeat>);

/// The place of the scheduler between two polls.
pub(crate) struct SchedulerSeat(Mutex<Seat>);

#[derive(Default)]
struct Seat {
    /// `None` while it is polled, and after its end.
    scheduler: Option<Scheduling>,
    ended: Option<Ended>,
    /// Whether the runtime tried to poll the scheduler while a runner did.
    is_wanted: bool,
    is_dropped: bool,
}

/// The result of a poll of the scheduler.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Polled {
    /// The scheduler waits, and will wake its task.
    Pending,
    /// The task has to poll the scheduler again, because two threads tried to at the same time.
    Wanted,
    Ended,
}

impl SchedulerTask {
    /// Creates a task for a scheduler.
    pub(crate) fn new(scheduler: impl Future<Output = Result<bool>> + Send + 'static) -> Self {
        SchedulerTask(Arc::new(SchedulerSeat(Mutex::new(Seat {
            scheduler: Some(Box::pin(scheduler)),
            ..Seat::default()
        }))))
    }

    /// The seat of the scheduler, for the inbox at which it waits.
    pub(super) fn seat(&self) -> Weak<SchedulerSeat> {
        Arc::downgrade(&self.0)
    }
}

impl Future for SchedulerTask {
    type Output = Result<bool>;

    fn poll(self: Pin<&mut Self>, waking: &mut Context<'_>) -> Poll<Result<bool>> {
        if self.0.poll(waking) != Polled::Ended {
            return Poll::Pending;
        }
        match self.0.take_end() {
            None => Poll::Pending,
            Some(ended) => Poll::Ready(ended.unwrap_or_else(|panic| resume_unwind(panic))),
        }
    }
}

impl Drop for SchedulerTask {
    fn drop(&mut self) {
        let mut seat = self.0.seat();
        seat.is_dropped = true;
        let scheduler = seat.scheduler.take();
        drop(seat);
        drop(scheduler);
    }
}

impl SchedulerSeat {
    fn seat(&self) -> MutexGuard<'_, Seat> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_end(&self) -> Option<Ended> {
        self.seat().ended.take()
    }

    /// Polls the scheduler, unless it has ended or another thread polls it.
    fn poll(&self, waking: &mut Context<'_>) -> Polled {
        let mut seat = self.seat();
        let Some(mut scheduler) = seat.scheduler.take() else {
            seat.is_wanted = seat.ended.is_none();
            return if seat.is_wanted {
                Polled::Wanted
            } else {
                Polled::Ended
            };
        };
        drop(seat);
        let polled = catch_unwind(AssertUnwindSafe(|| scheduler.as_mut().poll(waking)));
        let (left, ended) = match polled {
            Ok(Poll::Pending) => (Some(scheduler), None),
            Ok(Poll::Ready(ended)) => (None, Some(Ok(ended))),
            Err(panic) => (None, Some(Err(panic))),
        };
        self.put_back(left, ended)
    }

    /// Returns the scheduler to its seat after a poll, or stores its result.
    fn put_back(&self, scheduler: Option<Scheduling>, ended: Option<Ended>) -> Polled {
        let mut seat = self.seat();
        if seat.is_dropped {
            drop(seat);
            drop(scheduler);
            return Polled::Pending;
        }
        seat.scheduler = scheduler;
        let is_wanted = take(&mut seat.is_wanted);
        if ended.is_some() {
            seat.ended = ended;
            Polled::Ended
        } else if is_wanted {
            Polled::Wanted
        } else {
            Polled::Pending
        }
    }
}

/// A sleeping scheduler that has news. The runtime polls it once it is woken; a runner may do so itself.
pub(crate) struct Awakened {
    seat: Arc<SchedulerSeat>,
    waker: Waker,
}

impl Awakened {
    pub(super) fn new(seat: Arc<SchedulerSeat>, waker: Waker) -> Self {
        Awakened { seat, waker }
    }

    /// Polls the scheduler on this thread. If another thread polls it, the runtime does so after that.
    #[inline]
    pub(crate) fn poll(self) {
        if self.seat.poll(&mut Context::from_waker(&self.waker)) != Polled::Pending {
            self.waker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc::{Receiver, channel};
    use std::task::Wake;
    use std::thread;

    use super::*;

    /// Counts how often the task is woken.
    #[derive(Default)]
    struct Woken(AtomicUsize);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A task and what wakes it.
    struct Fixture {
        task: SchedulerTask,
        woken: Arc<Woken>,
    }

    impl Fixture {
        fn new(scheduler: impl Future<Output = Result<bool>> + Send + 'static) -> Self {
            Fixture {
                task: SchedulerTask::new(scheduler),
                woken: Arc::default(),
            }
        }

        /// What a runner polls.
        fn awakened(&self) -> Awakened {
            Awakened::new(self.task.0.clone(), Waker::from(self.woken.clone()))
        }

        fn poll_task(&mut self) -> Poll<Result<bool>> {
            let waker = Waker::from(self.woken.clone());
            Pin::new(&mut self.task).poll(&mut Context::from_waker(&waker))
        }

        fn woken(&self) -> usize {
            self.woken.0.load(Ordering::Relaxed)
        }
    }

    /// A scheduler whose poll tells that it has begun and then waits to go on.
    fn slow(
        answer: Poll<()>,
    ) -> (
        impl Future<Output = Result<bool>> + Send,
        Receiver<()>,
        impl Fn() + Send,
    ) {
        let (tell, begun) = channel();
        let (go_on, gone_on) = channel::<()>();
        let gone_on = Mutex::new(gone_on);
        let scheduler = poll_fn(move |_| {
            tell.send(()).unwrap();
            gone_on.lock().unwrap().recv().unwrap();
            answer.map(|()| Ok(true))
        });
        (scheduler, begun, move || go_on.send(()).unwrap())
    }

    #[test]
    fn the_task_returns_what_a_runner_has_polled() {
        let mut fixture = Fixture::new(async { Ok(true) });
        fixture.awakened().poll();
        assert_eq!(fixture.woken(), 1);
        assert!(matches!(fixture.poll_task(), Poll::Ready(Ok(true))));
    }

    #[test]
    fn a_scheduler_that_waits_is_polled_by_either() {
        let mut polls = 0;
        let mut fixture = Fixture::new(poll_fn(move |_| {
            polls += 1;
            if polls < 3 {
                Poll::Pending
            } else {
                Poll::Ready(Ok(false))
            }
        }));
        assert!(fixture.poll_task().is_pending());
        fixture.awakened().poll();
        assert_eq!(fixture.woken(), 0);
        assert!(matches!(fixture.poll_task(), Poll::Ready(Ok(false))));
    }

    #[test]
    #[should_panic(expected = "broken")]
    fn a_panic_in_a_runner_is_the_panic_of_the_task() {
        let mut fixture = Fixture::new(async { panic!("broken") });
        fixture.awakened().poll();
        let _ = fixture.poll_task();
    }

    #[test]
    fn a_task_that_finds_its_scheduler_polled_elsewhere_is_woken_afterwards() {
        let (scheduler, begun, go_on) = slow(Poll::Pending);
        let mut fixture = Fixture::new(scheduler);
        let runner = fixture.awakened();
        let runner = thread::spawn(move || runner.poll());
        begun.recv().unwrap();
        assert!(fixture.poll_task().is_pending());
        assert_eq!(fixture.woken(), 0);
        go_on();
        runner.join().unwrap();
        assert_eq!(fixture.woken(), 1);
    }

    #[test]
    fn a_runner_that_finds_the_scheduler_polled_elsewhere_leaves_it_to_the_task() {
        let (scheduler, begun, go_on) = slow(Poll::Pending);
        let fixture = Fixture::new(scheduler);
        let (first, second) = (fixture.awakened(), fixture.awakened());
        let first = thread::spawn(move || first.poll());
        begun.recv().unwrap();
        second.poll();
        assert!(fixture.woken() > 0);
        go_on();
        first.join().unwrap();
    }

    #[test]
    fn a_task_that_is_dropped_meanwhile_drops_the_scheduler() {
        let (scheduler, begun, go_on) = slow(Poll::Pending);
        let alive = Arc::new(());
        let kept = alive.clone();
        let fixture = Fixture::new(async move {
            let ended = scheduler.await;
            drop(kept);
            ended
        });
        let runner = fixture.awakened();
        let runner = thread::spawn(move || runner.poll());
        begun.recv().unwrap();
        drop(fixture);
        assert_eq!(Arc::strong_count(&alive), 2);
        go_on();
        runner.join().unwrap();
        assert_eq!(Arc::strong_count(&alive), 1);
    }
}
