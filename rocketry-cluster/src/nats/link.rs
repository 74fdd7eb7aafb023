//! The connection of a node to the servers.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use async_nats::{Client, ConnectOptions, Event};
use futures_util::future::{Either, select};
use rocketry_core::{Error, Result};
use tokio::sync::{Mutex, Notify};

use super::address::Address;
use super::deadline::Deadline;
use super::failure::{Answer, Failure};
use super::runtime;

/// The oldest server version with atomic batches.
const OLDEST: (i64, i64, i64) = (2, 12, 1);

/// The interval of pings. After three pings without a response, the client connects to another server.
const PING: Duration = Duration::from_secs(2);

/// A connection to one of the servers, shared by clones. It is established by the first request, and
/// re-established when it is lost.
#[derive(Clone)]
pub(super) struct Link(Arc<Shared>);

struct Shared {
    address: Address,
    client: Mutex<Option<Client>>,
    /// Notified when the connection breaks, so that pending requests fail.
    lost: Arc<Notify>,
}

/// The timeout of an attempt of a request that can be repeated.
const ATTEMPT: Duration = Duration::from_secs(1);

/// The pause before a request is repeated.
const PAUSE: Duration = Duration::from_millis(10);

impl Link {
    pub(super) fn new(address: Address) -> Self {
        Link(Arc::new(Shared {
            address,
            client: Mutex::new(None),
            lost: Arc::default(),
        }))
    }

    pub(super) fn address(&self) -> &Address {
        &self.0.address
    }

    /// Sends a request. It fails without a response within the limit, or if the connection breaks.
    pub(super) fn ask<T, F>(
        &self,
        limit: Duration,
        question: impl FnOnce(Client) -> F + Send + 'static,
    ) -> Answer<T>
    where
        T: Send + 'static,
        F: Future<Output = Answer<T>> + Send,
    {
        let shared = self.0.clone();
        let answer = async move {
            let mut lost = pin!(shared.lost.notified());
            lost.as_mut().enable();
            let client = shared.client().await?;
            match select(pin!(question(client)), lost).await {
                Either::Left((answer, _)) => answer,
                Either::Right(_) => Err(Failure::Lost),
            }
        };
        runtime::wait(limit, answer).unwrap_or(Err(Failure::Late(limit)))
    }

    /// Repeats an idempotent request until there is a response or the limit has passed.
    pub(super) fn insist<T, F>(
        &self,
        limit: Duration,
        question: impl FnOnce(Client) -> F + Clone + Send + 'static,
    ) -> Answer<T>
    where
        T: Send + 'static,
        F: Future<Output = Answer<T>> + Send,
    {
        let deadline = Deadline::after(limit);
        loop {
            match self.ask(deadline.left().min(ATTEMPT), question.clone()) {
                Err(failure) if failure.is_of_way() && !deadline.left().is_zero() => {
                    std::thread::sleep(PAUSE.min(deadline.left()));
                }
                answer => return answer,
            }
        }
    }

    /// The client, if it is connected.
    pub(super) async fn connected(&self) -> Option<Client> {
        self.0.client.lock().await.clone()
    }

    /// Converts an answer into a result whose error says what can't be *done*.
    pub(super) fn explain<T>(&self, done: &str, answer: Answer<T>) -> Result<T> {
        answer.map_err(|failure| {
            let Address { servers, name, .. } = self.address();
            let told = format!(
                "the cluster `nats://{}/{name}` can't be {done}: {failure}",
                servers.join(",")
            );
            match failure {
                Failure::TooLarge(_) => Error::unwritable(told),
                _ => Error::log(told),
            }
        })
    }
}

impl Shared {
    /// The client, which connects if it has never been connected.
    async fn client(&self) -> Answer<Client> {
        let mut client = self.client.lock().await;
        if let Some(client) = &*client {
            return Ok(client.clone());
        }
        let connected = self.connect().await?;
        *client = Some(connected.clone());
        Ok(connected)
    }

    async fn connect(&self) -> Answer<Client> {
        let Address {
            servers, login, name, ..
        } = &self.address;
        let mut options = ConnectOptions::new()
            .name(format!("rocketry {name}"))
            .connection_timeout(Duration::from_secs(1))
            .ping_interval(PING)
            .request_timeout(None)
            .event_callback(tell(self.lost.clone()))
            .reconnect_delay_callback(|attempts| Duration::from_millis(50 * attempts.min(10) as u64));
        if let Some((user, password)) = login {
            options = options.user_and_password(user.clone(), password.clone());
        }
        let client = options.connect(servers).await.map_err(Failure::other)?;
        let (major, minor, patch) = OLDEST;
        if !client.is_server_compatible(major, minor, patch) {
            let found = client.server_info().version;
            return Err(Failure::Other(format!(
                "its server is NATS {found}: it takes {major}.{minor}.{patch} or newer"
            )));
        }
        Ok(client)
    }
}

/// Notifies pending requests that the connection has broken.
fn tell(lost: Arc<Notify>) -> impl Fn(Event) -> std::future::Ready<()> {
    move |event| {
        if matches!(event, Event::Disconnected) {
            lost.notify_waiters();
        }
        std::future::ready(())
    }
}
