//! What a task without a condition does: nothing but what is asked of it, one after the other.

use std::collections::VecDeque;

use rocketry_core::Action;

/// A run, in seconds since the start of the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Line {
    pub(crate) start: u64,
    pub(crate) end: u64,
    pub(crate) action: Action,
}

/// A run under way.
#[derive(Clone, Copy, Debug)]
struct Running {
    start: u64,
    end: u64,
    stopped: bool,
}

/// A task whose runs take so many seconds, and of which so many may be under way.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    length: u64,
    room: usize,
    queued: usize,
    running: VecDeque<Running>,
    /// The runs that have ended.
    pub(crate) ended: Vec<Line>,
    closed: bool,
    /// Until when the task is paused.
    pub(crate) pause_until: u64,
    /// Until when the app is paused.
    pub(crate) app_pause_until: u64,
    /// When it was last looked at.
    now: u64,
}

impl Model {
    pub(crate) fn new(length: u64, room: usize) -> Self {
        Model {
            length,
            room,
            queued: 0,
            running: VecDeque::new(),
            ended: Vec::new(),
            closed: false,
            pause_until: 0,
            app_pause_until: 0,
            now: 0,
        }
    }

    pub(crate) fn ask(&mut self) {
        self.queued += usize::from(!self.closed);
    }

    /// The task is deleted, or the app shuts down.
    pub(crate) fn close(&mut self) {
        self.closed = true;
        self.queued = 0;
    }

    pub(crate) fn stop(&mut self) {
        self.running.iter_mut().for_each(|run| run.stopped = true);
    }

    /// The scheduler has its turn.
    pub(crate) fn settle(&mut self, now: u64) {
        self.now = now;
        loop {
            let before = self.running.len();
            let ended = &mut self.ended;
            self.running.retain(|run| {
                let over = run.stopped || run.end <= now;
                let action = if run.stopped {
                    Action::Terminate
                } else {
                    Action::Success
                };
                let (start, end) = (run.start, now);
                ended.extend(over.then_some(Line { start, end, action }));
                !over
            });
            let paused = now < self.pauses();
            let room = if paused { 0 } else { self.room - self.running.len() };
            let room = room.min(self.queued);
            self.queued -= room;
            let run = Running {
                start: now,
                end: now + self.length,
                stopped: false,
            };
            self.running.extend(std::iter::repeat_n(run, room));
            if room == 0 && self.running.len() == before {
                return;
            }
        }
    }

    /// When all pauses are over.
    fn pauses(&self) -> u64 {
        self.pause_until.max(self.app_pause_until)
    }

    /// When the next run ends, or a pause.
    pub(crate) fn next_change(&self) -> Option<u64> {
        let pause = Some(self.pauses()).filter(|until| *until > self.now && self.queued > 0);
        self.running.iter().map(|run| run.end).chain(pause).min()
    }
}
