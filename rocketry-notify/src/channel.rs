//! Channels: the ways that notifications take.

use std::error::Error;

use crate::notification::Notification;

/// Why a delivery has failed.
pub type DeliveryError = Box<dyn Error + Send + Sync>;

/// Delivers notifications.
///
/// Each channel has a thread of its own, so it may block, and a slow one holds up neither the app nor other channels. A failed
/// delivery is tried again: see [`Notifications::retry_after`](crate::Notifications::retry_after).
///
/// ```
/// use rocketry::notify::{Channel, DeliveryError, Notification};
///
/// /// Writes notifications to standard error.
/// struct Console;
///
/// impl Channel for Console {
///     fn name(&self) -> String {
///         "console".to_owned()
///     }
///
///     fn deliver(&self, notification: &Notification) -> Result<(), DeliveryError> {
///         eprintln!("{notification}");
///         Ok(())
///     }
/// }
/// ```
pub trait Channel: Send + Sync + 'static {
    /// The name: it identifies the channel in messages and, over a restart, the notifications that it has still to deliver. It
    /// must not have secrets.
    fn name(&self) -> String;

    /// What is wrong with the channel, which keeps the app from starting.
    fn mistake(&self) -> Option<String> {
        None
    }

    /// Delivers a notification, which may take its time.
    ///
    /// # Errors
    ///
    /// Fails if the notification was not delivered. It is delivered again then.
    fn deliver(&self, notification: &Notification) -> Result<(), DeliveryError>;
}

/// A function as a channel.
pub(crate) struct Function<F>(pub(crate) F);

impl<F: Fn(&Notification) + Send + Sync + 'static> Channel for Function<F> {
    fn name(&self) -> String {
        "function".to_owned()
    }

    fn deliver(&self, notification: &Notification) -> Result<(), DeliveryError> {
        (self.0)(notification);
        Ok(())
    }
}
