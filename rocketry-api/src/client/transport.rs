//! The transport of requests to an app.

use std::path::{Path, PathBuf};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, Response, StatusCode, header};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tower_service::Service;

use super::error::ClientError;

/// The maximum length of an answer that is read as a whole.
const MAX_ANSWER: usize = 256 << 20;

#[derive(Clone, Debug)]
pub(super) enum Transport {
    Socket(PathBuf),
    InProcess(Router),
}

impl Transport {
    /// Sends a request, and reads the answer.
    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        address: &str,
        body: Option<&(impl Serialize + Sync)>,
    ) -> Result<T, ClientError> {
        let response = self.send(method, address, body).await?;
        let bytes = to_bytes(response.into_body(), MAX_ANSWER)
            .await
            .map_err(ClientError::broken)?;
        serde_json::from_slice(&bytes).map_err(ClientError::broken)
    }

    /// Sends a request, and returns the answer as a stream.
    ///
    /// # Errors
    ///
    /// Returns the problem if the answer is one.
    pub(super) async fn send(
        &self,
        method: Method,
        address: &str,
        body: Option<&(impl Serialize + Sync)>,
    ) -> Result<Response<Body>, ClientError> {
        let body = match body {
            Some(body) => Body::from(serde_json::to_vec(body).map_err(ClientError::broken)?),
            None => Body::empty(),
        };
        let request = Request::builder()
            .method(method)
            .uri(address)
            .header(header::HOST, "localhost")
            .header(header::CONTENT_TYPE, "application/json")
            .body(body)
            .map_err(ClientError::broken)?;
        let response = match self {
            Transport::Socket(socket) => over_socket(socket, request).await?,
            // A router is always ready, and never fails.
            Transport::InProcess(router) => match router.clone().call(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            },
        };
        if response.status() == StatusCode::OK {
            return Ok(response);
        }
        let status = response.status();
        let bytes = to_bytes(response.into_body(), MAX_ANSWER)
            .await
            .map_err(ClientError::broken)?;
        Err(match serde_json::from_slice(&bytes) {
            Ok(problem) => ClientError::Problem(problem),
            Err(_) => ClientError::Broken(format!("it answered with {status}")),
        })
    }
}

#[cfg(unix)]
async fn over_socket(socket: &Path, request: Request<Body>) -> Result<Response<Body>, ClientError> {
    let unreachable = |cause| ClientError::Unreachable {
        socket: socket.to_owned(),
        cause,
    };
    let stream = tokio::net::UnixStream::connect(socket)
        .await
        .map_err(unreachable)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(ClientError::broken)?;
    // It ends with the response.
    tokio::spawn(connection);
    let response = sender.send_request(request).await.map_err(ClientError::broken)?;
    Ok(response.map(Body::new))
}

#[cfg(not(unix))]
async fn over_socket(socket: &Path, _: Request<Body>) -> Result<Response<Body>, ClientError> {
    let cause = std::io::Error::new(std::io::ErrorKind::Unsupported, "control sockets need Unix");
    Err(ClientError::Unreachable {
        socket: socket.to_owned(),
        cause,
    })
}
