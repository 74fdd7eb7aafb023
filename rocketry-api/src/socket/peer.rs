//! Who calls through a socket.

use axum::Router;
use axum::extract::Request;
use axum::extract::connect_info::{ConnectInfo, Connected, IntoMakeServiceWithConnectInfo};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::serve::IncomingStream;
use tokio::net::UnixListener;

use crate::caller::Caller;

/// The user at the other end of a connection; `None` if the system does not tell.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(Option<u32>);

impl Connected<IncomingStream<'_, UnixListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, UnixListener>) -> Self {
        Peer(stream.io().peer_cred().ok().map(|peer| peer.uid()))
    }
}

/// Lets routes know which user calls.
pub(super) fn with_peers(routes: Router) -> IntoMakeServiceWithConnectInfo<Router, Peer> {
    routes.layer(from_fn(tell)).into_make_service_with_connect_info()
}

async fn tell(ConnectInfo(Peer(user)): ConnectInfo<Peer>, mut request: Request, next: Next) -> Response {
    let way = match user {
        Some(user) => format!("socket, user {user}"),
        None => "socket".to_owned(),
    };
    request.extensions_mut().insert(Caller::via(way));
    next.run(request).await
}
