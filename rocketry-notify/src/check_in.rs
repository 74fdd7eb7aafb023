//! Check-ins: pings that tell another service that a task or the app is alive.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rocketry_core::cond::IntoDelta;
use rocketry_core::{Action, Event, Phase, Record, Session};

use crate::deliver::{Fate, Lane, Retries};
use crate::http::{Http, checked_url};

/// Pings a service that raises an alarm if the pings stop, such as Healthchecks or Sentry Crons. This detects
/// the end of the app itself, which no app can report.
///
/// ```
/// use rocketry::notify::{CheckIn, Notifications};
///
/// let notifications = Notifications::new()
///     .check_in(CheckIn::healthchecks("report", "https://hc-ping.com/7f0c1b5e"))
///     .check_in(CheckIn::alive("https://hc-ping.com/2a9de0c4", "1 minute"));
/// ```
#[derive(Clone, Debug)]
pub struct CheckIn {
    of: Of,
    url: String,
    allows_private: bool,
    pub(crate) mistake: Option<String>,
}

#[derive(Clone, Debug)]
enum Of {
    Task(String, Style),
    App(Duration),
}

/// The protocol of the pings.
#[derive(Clone, Copy, Debug)]
enum Style {
    Healthchecks,
    Sentry,
}

impl CheckIn {
    fn new(of: Of, url: impl Into<String>) -> Self {
        let url = url.into();
        CheckIn {
            of,
            mistake: checked_url(&url).err(),
            url,
            allows_private: false,
        }
    }

    /// Reports the runs of a task in the format of Healthchecks: `{url}/start`, `{url}` after a success and
    /// `{url}/fail` after a failure.
    pub fn healthchecks(task: impl Into<String>, url: impl Into<String>) -> Self {
        CheckIn::new(Of::Task(task.into(), Style::Healthchecks), url)
    }

    /// Reports the runs of a task in the format of Sentry Crons: `{url}?status=in_progress`, `ok` or `error`.
    pub fn sentry(task: impl Into<String>, url: impl Into<String>) -> Self {
        CheckIn::new(Of::Task(task.into(), Style::Sentry), url)
    }

    /// Reports at an interval that the app is up and that its scheduler can start runs.
    pub fn alive(url: impl Into<String>, every: impl IntoDelta) -> Self {
        let (every, mistake) = match every.delta() {
            Ok(every) => (Duration::from(every), None),
            Err(mistake) => (Duration::ZERO, Some(mistake.to_string())),
        };
        let mut check_in = CheckIn::new(Of::App(every), url);
        if mistake.is_none() && every < Duration::from_secs(1) {
            check_in.mistake = Some("the interval of a check-in is one second or more".to_owned());
        }
        if mistake.is_some() {
            check_in.mistake = mistake;
        }
        check_in
    }

    /// Allows addresses of this machine and of private networks.
    #[must_use]
    pub fn allow_private(mut self) -> Self {
        self.allows_private = true;
        self
    }

    /// The task whose runs are reported.
    pub(crate) fn task(&self) -> Option<&str> {
        match &self.of {
            Of::Task(task, _) => Some(task),
            Of::App(_) => None,
        }
    }
}

/// The check-ins of an app.
pub(crate) struct CheckIns {
    /// By task.
    of_tasks: HashMap<String, Vec<OfTask>>,
    of_app: Mutex<Vec<OfApp>>,
    is_log_paused: AtomicBool,
}

struct OfTask {
    url: String,
    style: Style,
    lane: Lane<String>,
}

struct OfApp {
    url: String,
    every: Duration,
    /// When the next ping is due, in elapsed time.
    next: Duration,
    lane: Lane<String>,
}

impl CheckIns {
    pub(crate) fn open(session: &Session, check_ins: Vec<CheckIn>) -> std::io::Result<Self> {
        let mut of_tasks: HashMap<String, Vec<OfTask>> = HashMap::new();
        let mut of_app = Vec::new();
        for CheckIn {
            of,
            url,
            allows_private,
            ..
        } in check_ins
        {
            let lane = lane(session, &url, allows_private)?;
            match of {
                Of::Task(task, style) => {
                    let of_task = OfTask { url, style, lane };
                    of_tasks.entry(task).or_default().push(of_task);
                }
                Of::App(every) => of_app.push(OfApp {
                    url,
                    every,
                    next: session.clock().elapsed(),
                    lane,
                }),
            }
        }
        Ok(CheckIns {
            of_tasks,
            of_app: Mutex::new(of_app),
            is_log_paused: AtomicBool::new(false),
        })
    }

    /// Reports a run that has started or ended, and tracks whether runs can start.
    pub(crate) fn observe(&self, event: &Event) {
        let record = match event {
            Event::Started(record) | Event::Ended(record) => record,
            Event::LogPaused { .. } => return self.is_log_paused.store(true, Ordering::Relaxed),
            Event::LogResumed => return self.is_log_paused.store(false, Ordering::Relaxed),
            _ => return,
        };
        for of in self.of_tasks.get(&*record.task).into_iter().flatten() {
            if let Some(url) = of.style.ping(&of.url, record) {
                of.lane.put(url);
            }
        }
    }

    /// Sends the ping of the app, if it is due and the app can start runs.
    pub(crate) fn pass(&self, session: &Session, elapsed: Duration) {
        let is_alive = session.phase() == Phase::Up && !self.is_log_paused.load(Ordering::Relaxed);
        for of in self.of_app().iter_mut().filter(|of| of.next <= elapsed) {
            of.next = elapsed + of.every;
            if is_alive {
                of.lane.put(of.url.clone());
            }
        }
    }

    /// When `pass` has something to do next.
    pub(crate) fn next(&self) -> Option<Duration> {
        self.of_app().iter().map(|of| of.next).min()
    }

    /// Stops the pings of the app.
    pub(crate) fn stop(&self) {
        self.of_app().clear();
    }

    /// Waits for pings in progress, at most until an instant.
    pub(crate) fn close(&self, until: Instant) {
        let of_tasks = self.of_tasks.values().flatten();
        of_tasks.for_each(|of| of.lane.close(until));
    }

    fn of_app(&self) -> MutexGuard<'_, Vec<OfApp>> {
        self.of_app.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Style {
    /// The address that reports a record, if it should be reported.
    fn ping(self, url: &str, record: &Record) -> Option<String> {
        let word = match record.action {
            Action::Run => Word::Start,
            Action::Success | Action::Inaction => Word::Success,
            Action::Fail | Action::Crash | Action::Terminate => Word::Failure,
            Action::Skip => return None,
        };
        Some(match self {
            Style::Healthchecks => {
                let (base, query) = url.split_once('?').unwrap_or((url, ""));
                let base = base.trim_end_matches('/');
                let path = match word {
                    Word::Start => "/start",
                    Word::Success => "",
                    Word::Failure => "/fail",
                };
                let separator = if query.is_empty() { "" } else { "?" };
                format!("{base}{path}{separator}{query}")
            }
            Style::Sentry => {
                let status = match word {
                    Word::Start => "in_progress",
                    Word::Success => "ok",
                    Word::Failure => "error",
                };
                let separator = if url.contains('?') { '&' } else { '?' };
                format!("{url}{separator}status={status}")
            }
        })
    }
}

#[derive(Clone, Copy)]
enum Word {
    Start,
    Success,
    Failure,
}

fn lane(session: &Session, url: &str, allows_private: bool) -> std::io::Result<Lane<String>> {
    // A ping that is sent much later would be out of date.
    let retries: Retries = [Duration::from_secs(2)].into();
    let http = Http::new(allows_private);
    let host = crate::http::host(url);
    let session = session.clone();
    let name = format!("check-in {host}");
    Lane::new(
        &name,
        retries,
        move |url: &String| http.get(url),
        move |fate| match fate {
            Fate::Delivered(_) => {}
            Fate::GivenUp(_, error) => session.report(format!("a check-in at `{host}` has failed: {error}")),
            Fate::Dropped(_) => session.report(format!("`{host}` is too slow: check-ins are dropped")),
        },
    )
}
