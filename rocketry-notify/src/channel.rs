//! Channels, which deliver notifications.

use std::error::Error;

use crate::notification::Notification;

/// The error of a failed delivery.
pub type DeliveryError = Box<dyn Error + Send + Sync>;

/// Delivers notifications.
///
/// Each channel has its own thread, so it may block, and a slow channel delays neither the app nor other
/// channels. A failed delivery is retried: see
/// [`Notifications::retry_after`](crate::Notifications::retry_after).
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
    /// Returns the name of the channel. It identifies the channel in messages and, across a restart, its
    /// undelivered notifications. It must not contain secrets.
    fn name(&self) -> String;

    /// Returns the mistake in the channel, if any. A mistake prevents the app from starting.
    fn mistake(&self) -> Option<String> {
        None
    }

    /// Delivers a notification. It may block.
    ///
    /// # Errors
    ///
    /// Returns an error if the notification was not delivered. The delivery is then retried.
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
