//! Adds notifications to an app.

use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rocketry_core::{Rocketry, Session, program_name};
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task::JoinHandle;

use crate::check_in::CheckIns;
use crate::deliver::Outbox;
use crate::notifications::Notifications;
use crate::rule::Rule;
use crate::watch::Settings;
use crate::watcher::Watcher;

/// Reports problems of an app.
pub trait WithNotifications {
    /// Adds notifications. A mistake in them prevents the app from starting, and the error names the place
    /// where they were added.
    #[must_use]
    fn notifications(self, notifications: Notifications) -> Self;
}

impl WithNotifications for Rocketry {
    #[track_caller]
    fn notifications(self, notifications: Notifications) -> Self {
        let notifications = Arc::new(notifications);
        self.setup(move |session: Session| {
            let notifications = notifications.clone();
            async move { begin(&notifications, &session) }
        })
    }
}

/// Follows an app until it is dropped, which happens when the app has ended.
struct Following {
    task: JoinHandle<()>,
    /// Closed when the task has ended.
    is_over: Mutex<Receiver<()>>,
    outbox: Arc<Outbox>,
    check_ins: Arc<CheckIns>,
    grace: Duration,
}

fn begin(notifications: &Notifications, session: &Session) -> io::Result<Following> {
    check(notifications, session)?;
    let prefix = format!("notify/{}", notifications.name);
    let mut rules = notifications.rules.clone();
    if rules.is_empty() {
        rules = vec![Rule::failure(), Rule::log_paused()];
    }
    let settings = Settings {
        app: notifications.app.clone().unwrap_or_else(program_name),
        rules,
        remind_every: notifications.remind_every,
        notes: prefix.clone(),
    };
    let retries = notifications.retries.clone().into();
    let channels = notifications.channels.clone();
    let outbox = Arc::new(Outbox::open(session, &prefix, channels, &retries)?);
    let check_ins = Arc::new(CheckIns::open(session, notifications.check_ins.clone())?);
    let watcher = Watcher::new(session.clone(), settings, outbox.clone(), check_ins.clone());
    let (until_over, is_over) = channel();
    let task = tokio::spawn(async move {
        watcher.follow().await;
        drop::<Sender<()>>(until_over);
    });
    Ok(Following {
        task,
        is_over: Mutex::new(is_over),
        outbox,
        check_ins,
        grace: notifications.grace,
    })
}

impl Drop for Following {
    fn drop(&mut self) {
        let until = Instant::now() + self.grace;
        if may_wait() {
            // The events of the end are reported as well.
            let is_over = self.is_over.get_mut().unwrap_or_else(PoisonError::into_inner);
            let _ = is_over.recv_timeout(self.grace);
        }
        self.task.abort();
        self.outbox.close(until);
        self.check_ins.close(until);
    }
}

/// Returns true if the runtime continues while this thread waits.
fn may_wait() -> bool {
    let flavour = Handle::try_current().map(|runtime| runtime.runtime_flavor());
    flavour.is_ok_and(|flavour| flavour != RuntimeFlavor::CurrentThread)
}

/// Returns the mistakes in the notifications of an app.
fn check(notifications: &Notifications, session: &Session) -> io::Result<()> {
    let mut mistakes = notifications.mistakes.clone();
    if notifications.channels.is_empty() && notifications.check_ins.is_empty() {
        let hint = "add one by `to`, `call` or `check_in`";
        mistakes.push(format!("they have neither a channel nor a check-in: {hint}"));
    }
    for rule in &notifications.rules {
        mistakes.extend(rule.mistake.clone());
        mistakes.extend(rule.named().filter_map(|task| unknown(session, task)));
        if let Some(Err(error)) = rule.group().map(|group| session.group(group)) {
            mistakes.push(error.to_string());
        }
    }
    for channel in &notifications.channels {
        let mistake = channel.mistake();
        mistakes.extend(mistake.map(|mistake| format!("channel `{}`: {mistake}", channel.name())));
    }
    for check_in in &notifications.check_ins {
        mistakes.extend(
            check_in
                .mistake
                .clone()
                .map(|mistake| format!("check-in: {mistake}")),
        );
        mistakes.extend(check_in.task().and_then(|task| unknown(session, task)));
    }
    if mistakes.is_empty() {
        return Ok(());
    }
    let name = &notifications.name;
    let message = format!("notifications `{name}`: {}", mistakes.join("; "));
    Err(io::Error::new(io::ErrorKind::InvalidInput, message))
}

/// The message for a name without a task. The last segment does not suffice, because events contain full
/// names.
fn unknown(session: &Session, task: &str) -> Option<String> {
    match session.task(task) {
        Ok(found) if found.name() == task => None,
        Ok(found) => Some(format!(
            "there is no task `{task}`; did you mean `{}`?",
            found.name()
        )),
        Err(error) => Some(error.to_string()),
    }
}
