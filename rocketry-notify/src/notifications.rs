//! The declaration of an app's notifications.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use rocketry_core::cond::IntoDelta;

use crate::channel::{Channel, Function};
use crate::check_in::CheckIn;
use crate::notification::Notification;
use crate::rule::Rule;

/// The rules and channels for notifications.
///
/// An incident is reported once when it begins, again at the interval set by
/// [`remind_every`](Self::remind_every), and once when it is over. With a durable run log, open incidents and
/// undelivered notifications survive a restart. Each notification is delivered at least once to each channel:
/// after a crash of the app, it may be delivered twice, with the same id.
///
/// Without rules, every failure and a run log that can't be written are reported.
///
/// ```
/// use rocketry::Rocketry;
/// use rocketry::notify::{Notifications, Rule, WithNotifications};
///
/// let app = Rocketry::builder().notifications(
///     Notifications::new()
///         .on(Rule::failure())
///         .on(Rule::late("10 minutes"))
///         .remind_every("4 hours")
///         .call(|notification| eprintln!("{notification}")),
/// );
/// # app.build().unwrap();
/// ```
pub struct Notifications {
    pub(crate) name: String,
    pub(crate) app: Option<String>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) channels: Vec<Arc<dyn Channel>>,
    pub(crate) check_ins: Vec<CheckIn>,
    pub(crate) remind_every: Option<Duration>,
    pub(crate) retries: Vec<Duration>,
    pub(crate) grace: Duration,
    pub(crate) mistakes: Vec<String>,
}

impl Notifications {
    /// Creates notifications without rules and channels.
    pub fn new() -> Self {
        Notifications {
            name: "notify".to_owned(),
            app: None,
            rules: Vec::new(),
            channels: Vec::new(),
            check_ins: Vec::new(),
            remind_every: None,
            retries: [10, 60, 600].map(Duration::from_secs).to_vec(),
            grace: Duration::from_secs(5),
            mistakes: Vec::new(),
        }
    }

    /// Sets the name of these notifications. If an app has several, such as one for a chat and one that pages
    /// a person, each needs its own name; the run log stores their incidents under it. The default is
    /// `notify`.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Sets the name of the app in messages. The default is the name of the program.
    #[must_use]
    pub fn app(mut self, app: impl Into<String>) -> Self {
        self.app = Some(app.into());
        self
    }

    /// Adds a rule.
    #[must_use]
    pub fn on(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }

    /// Adds a channel.
    #[must_use]
    pub fn to(mut self, channel: impl Channel) -> Self {
        self.channels.push(Arc::new(channel));
        self
    }

    /// Calls a function with each notification, on its own thread.
    #[must_use]
    pub fn call(self, function: impl Fn(&Notification) + Send + Sync + 'static) -> Self {
        self.to(Function(function))
    }

    /// Adds a check-in at another service.
    #[must_use]
    pub fn check_in(mut self, check_in: CheckIn) -> Self {
        self.check_ins.push(check_in);
        self
    }

    /// Sets the interval of reminders for incidents that continue. By default there are none. The minimum is
    /// a minute.
    #[must_use]
    pub fn remind_every(mut self, length: impl IntoDelta) -> Self {
        match length.delta().map(Duration::from) {
            Ok(every) if every >= Duration::from_secs(60) => self.remind_every = Some(every),
            Ok(_) => self
                .mistakes
                .push("reminders: expected a minute or more".to_owned()),
            Err(mistake) => self.mistakes.push(format!("reminders: {mistake}")),
        }
        self
    }

    /// Sets the pauses before the further attempts of a failed delivery. After the last attempt, the
    /// notification is dropped and reported in [`Session::failures`](rocketry_core::Session::failures). The
    /// default is 10 seconds, 1 minute, 10 minutes. Other notifications of the channel wait meanwhile.
    #[must_use]
    pub fn retry_after(mut self, waits: impl IntoIterator<Item = Duration>) -> Self {
        self.retries = waits.into_iter().collect();
        self
    }

    /// Sets how long the app waits for deliveries when it ends. The default is 5 seconds. With a durable log,
    /// the remaining notifications are delivered after the next start.
    #[must_use]
    pub fn wait_at_end(mut self, length: Duration) -> Self {
        self.grace = length;
        self
    }
}

impl Default for Notifications {
    fn default() -> Self {
        Notifications::new()
    }
}

impl fmt::Debug for Notifications {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let channels: Vec<String> = self.channels.iter().map(|channel| channel.name()).collect();
        f.debug_struct("Notifications")
            .field("name", &self.name)
            .field("rules", &self.rules)
            .field("channels", &channels)
            .finish_non_exhaustive()
    }
}
