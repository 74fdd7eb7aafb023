use rocketry::prelude::*;

#[task(daily)]
fn nightly(session: Session) {
    let _ = session.now();
}
