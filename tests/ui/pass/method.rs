use rocketry::prelude::*;

#[task(daily)]
fn nightly(session: Session) {
    drop(session);
}
