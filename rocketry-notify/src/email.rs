//! Notifications by e-mail.

use std::fmt;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{Message, SmtpTransport, Transport};

use crate::channel::{Channel, DeliveryError};
use crate::notification::{Notification, Stage};

/// The timeout of a delivery.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Sends notifications by e-mail.
///
/// ```
/// use rocketry::notify::{Email, Notifications};
///
/// let server = "smtps://robot:password@mail.example.com";
/// let notifications = Notifications::new()
///     .to(Email::new(server, "Jobs <jobs@example.com>").recipient("ops@example.com"));
/// ```
pub struct Email {
    transport: Option<SmtpTransport>,
    host: String,
    from: Option<Mailbox>,
    to: Vec<Mailbox>,
    mistake: Option<String>,
}

impl Email {
    /// Sends through a server at `smtps://user:password@host` (TLS), `smtp://user:password@host?tls=required`
    /// (STARTTLS) or `smtp://host` (unencrypted). An invalid address prevents the app from starting.
    pub fn new(server: impl AsRef<str>, from: impl AsRef<str>) -> Self {
        let server = server.as_ref();
        let mut email = Email {
            transport: None,
            host: host(server),
            from: None,
            to: Vec::new(),
            mistake: None,
        };
        match SmtpTransport::from_url(server) {
            Ok(builder) => email.transport = Some(builder.timeout(Some(TIMEOUT)).build()),
            // The text may contain a password.
            Err(cause) => {
                email.mistake = Some(format!(
                    "expected a server such as `smtps://user:password@mail.example.com`: {cause}"
                ));
            }
        }
        email.from = email.mailbox(from.as_ref());
        email
    }

    /// Adds a recipient: `ops@example.com` or `Ops <ops@example.com>`. Without one, the app does not start.
    #[must_use]
    pub fn recipient(mut self, address: impl AsRef<str>) -> Self {
        let mailbox = self.mailbox(address.as_ref());
        self.to.extend(mailbox);
        self
    }

    fn mailbox(&mut self, text: &str) -> Option<Mailbox> {
        let parsed = text.parse();
        parsed
            .map_err(|cause| self.mistake = Some(format!("`{text}` is not an e-mail address: {cause}")))
            .ok()
    }

    fn message(&self, notification: &Notification) -> Result<Message, DeliveryError> {
        let from = self.from.clone().ok_or("there is no sender")?;
        let message = self.to.iter().fold(Message::builder().from(from), |message, to| {
            message.to(to.clone())
        });
        let message = message
            .subject(subject(notification))
            .header(ContentType::TEXT_PLAIN)
            // Mail programs show the messages of an incident as one thread.
            .references(thread(notification))
            .body(body(notification))?;
        Ok(message)
    }
}

impl Channel for Email {
    fn name(&self) -> String {
        format!("e-mail {}", self.host)
    }

    fn mistake(&self) -> Option<String> {
        let nobody = self.to.is_empty().then(|| "it has no recipient".to_owned());
        self.mistake.clone().or(nobody)
    }

    fn deliver(&self, notification: &Notification) -> Result<(), DeliveryError> {
        let transport = self.transport.as_ref().ok_or("there is no server")?;
        transport.send(&self.message(notification)?)?;
        Ok(())
    }
}

fn subject(notification: &Notification) -> String {
    let mark = match notification.stage {
        Stage::Opened | Stage::Reminder => "",
        Stage::Recovered => "recovered: ",
    };
    let first = notification.message.lines().next().unwrap_or_default();
    format!("[{}] {mark}{first}", notification.app)
}

fn body(notification: &Notification) -> String {
    let mut lines = vec![notification.message.clone(), String::new()];
    if let Some(detail) = &notification.detail {
        lines.extend([detail.clone(), String::new()]);
    }
    lines.push(format!("app: {}", notification.app));
    if let Some(task) = &notification.task {
        lines.push(format!("task: {task}"));
    }
    if let Some(run) = &notification.run_id {
        lines.push(format!("run: {run}"));
    }
    lines.push(format!("since: {}", notification.since));
    lines.push(format!("at: {}", notification.at));
    lines.join("\n")
}

/// The thread id of the messages of an incident.
fn thread(notification: &Notification) -> String {
    format!("<{}@rocketry>", crate::digest(&notification.incident))
}

/// The host of a server's address, without its password.
fn host(server: &str) -> String {
    let rest = server.split_once("://").map_or(server, |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    host.to_owned()
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Email")
            .field("host", &self.host)
            .field("to", &self.to)
            .finish_non_exhaustive()
    }
}
