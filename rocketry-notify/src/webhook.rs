//! Notifications to a web address.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use rocketry_core::Timestamp;
use sha2::Sha256;

use crate::channel::{Channel, DeliveryError};
use crate::http::{Http, checked_url, host};
use crate::notification::Notification;

/// Posts notifications as JSON to a web address.
///
/// The body is the [`Notification`] unless [`text_as`](Self::text_as) is set. A request has a timeout of 15
/// seconds, and follows no redirects. Addresses of this machine and of private networks are refused unless
/// [`allow_private`](Self::allow_private) is set.
///
/// With a [secret](Self::secret), requests are signed according to the specification *Standard Webhooks*: the
/// header `webhook-signature` contains the HMAC-SHA256 of `id.timestamp.body`.
///
/// ```
/// use rocketry::notify::{Notifications, Webhook};
///
/// let notifications = Notifications::new()
///     .to(Webhook::new("https://example.com/jobs").secret("whsec_c2VjcmV0IG9mIG9wcw=="))
///     .to(Webhook::new("https://hooks.slack.com/services/T0/B0/x").text_as("text"));
/// ```
pub struct Webhook {
    url: String,
    secret: Option<Vec<u8>>,
    text_as: Option<String>,
    http: Http,
    mistake: Option<String>,
}

impl Webhook {
    /// Posts to an address that begins with `https://` or `http://`. Any other address prevents the app from
    /// starting.
    pub fn new(url: impl Into<String>) -> Self {
        let url = url.into();
        Webhook {
            mistake: checked_url(&url).err(),
            url,
            secret: None,
            text_as: None,
            http: Http::new(false),
        }
    }

    /// Signs requests. A secret that begins with `whsec_` is decoded from base64; any other secret is used as
    /// it is.
    #[must_use]
    pub fn secret(mut self, secret: impl AsRef<str>) -> Self {
        let secret = secret.as_ref();
        self.secret = match secret.strip_prefix("whsec_").map(|text| STANDARD.decode(text)) {
            None => Some(secret.as_bytes().to_vec()),
            Some(Ok(bytes)) => Some(bytes),
            Some(Err(cause)) => {
                self.mistake = Some(format!("the secret is not base64 after `whsec_`: {cause}"));
                None
            }
        };
        self
    }

    /// Sends `{"<field>": "<message>"}` instead of the whole notification. Slack, Mattermost and Teams expect
    /// the field `text`, Discord expects `content`.
    #[must_use]
    pub fn text_as(mut self, field: impl Into<String>) -> Self {
        self.text_as = Some(field.into());
        self
    }

    /// Allows addresses of this machine and of private networks.
    #[must_use]
    pub fn allow_private(mut self) -> Self {
        self.http = Http::new(true);
        self
    }

    fn body(&self, notification: &Notification) -> Result<String, DeliveryError> {
        let Some(field) = &self.text_as else {
            return Ok(serde_json::to_string(notification)?);
        };
        let mut text = format!("{}: {}", notification.app, notification.message);
        if let Some(detail) = &notification.detail
            && !notification.message.ends_with(detail.as_str())
        {
            text = format!("{text}\n{detail}");
        }
        let fields = serde_json::Map::from_iter([(field.clone(), text.into())]);
        Ok(serde_json::Value::Object(fields).to_string())
    }

    /// The headers that sign a body.
    fn signature(&self, id: &str, body: &str) -> Vec<(String, String)> {
        let Some(secret) = &self.secret else {
            return Vec::new();
        };
        let now = Timestamp::from(std::time::SystemTime::now()).as_micros() / 1_000_000;
        let signed = format!("{id}.{now}.{body}");
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("a key of any length will do");
        mac.update(signed.as_bytes());
        let signature = STANDARD.encode(mac.finalize().into_bytes());
        vec![
            ("webhook-id".to_owned(), id.to_owned()),
            ("webhook-timestamp".to_owned(), now.to_string()),
            ("webhook-signature".to_owned(), format!("v1,{signature}")),
        ]
    }
}

impl Channel for Webhook {
    fn name(&self) -> String {
        format!("webhook {}", host(&self.url))
    }

    fn mistake(&self) -> Option<String> {
        self.mistake.clone()
    }

    fn deliver(&self, notification: &Notification) -> Result<(), DeliveryError> {
        let body = self.body(notification)?;
        let id = header_safe(&notification.id);
        let headers = self.signature(&id, &body);
        self.http.post(&self.url, &headers, &body)
    }
}

/// An id that fits into a header, because names of tasks may contain any character.
fn header_safe(id: &str) -> String {
    if id.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'.') {
        id.to_owned()
    } else {
        crate::digest(id)
    }
}

/// Shows only the host, because the rest of the address may be a secret.
impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook")
            .field("host", &host(&self.url))
            .field("is_signed", &self.secret.is_some())
            .finish_non_exhaustive()
    }
}
