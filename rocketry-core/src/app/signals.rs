//! Ctrl-C and SIGTERM end an app gracefully; a second one at once.

use crate::session::Session;

/// Listens until the session has ended.
pub(super) async fn listen(session: Session) {
    while wait_for_one().await.is_ok() {
        session.shut_down();
    }
}

#[cfg(unix)]
async fn wait_for_one() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let interrupt = async {
        // An error means that Ctrl-C can't be listened to; SIGTERM still can.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    crate::exec::race(interrupt, async {
        terminate.recv().await;
    })
    .await;
    Ok(())
}

#[cfg(not(unix))]
async fn wait_for_one() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
