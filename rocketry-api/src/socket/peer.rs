//! The user who calls through a socket.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::extract::connect_info::{ConnectInfo, Connected, IntoMakeServiceWithConnectInfo};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::serve::IncomingStream;
use tokio::net::UnixListener;

use super::user::name_of;
use crate::caller::Caller;

/// The user at the other end of a connection, according to the system, so that no caller can impersonate
/// another. `None` if the system does not provide it.
#[derive(Clone, Debug)]
pub(super) struct Peer(Option<User>);

#[derive(Clone, Debug)]
struct User {
    id: u32,
    name: Arc<str>,
}

impl Connected<IncomingStream<'_, UnixListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, UnixListener>) -> Self {
        let id = stream.io().peer_cred().ok().map(|peer| peer.uid());
        Peer(id.map(|id| User {
            id,
            name: name_of(id).into(),
        }))
    }
}

/// Provides the calling user to routes.
pub(super) fn with_peers(routes: Router) -> IntoMakeServiceWithConnectInfo<Router, Peer> {
    routes.layer(from_fn(tell)).into_make_service_with_connect_info()
}

async fn tell(ConnectInfo(Peer(user)): ConnectInfo<Peer>, mut request: Request, next: Next) -> Response {
    let caller = match user {
        Some(User { id, name }) => Caller::via(format!("socket, user {id}")).named(name),
        None => Caller::via("socket"),
    };
    request.extensions_mut().insert(caller);
    next.run(request).await
}
