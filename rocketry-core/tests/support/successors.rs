//! Apps with one log, one right after the other.

use std::future::pending;
use std::sync::Mutex;

use rocketry_core::{Query, Rocketry, Session};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

const ROUNDS: usize = 10;

fn app(log: &str) -> Rocketry {
    Rocketry::builder().log(log).handle_signals(false)
}

/// Runs apps that end by themselves. All handles are kept, and can still read.
pub(crate) fn follow_each_other(log: &str) {
    let mut kept: Vec<Session> = Vec::new();
    for round in 0..ROUNDS {
        let end = |session: Session| async move { session.shut_down() };
        let app = app(log).func("end", "always", end).build().unwrap();
        kept.push(app.session());
        if round % 2 == 0 {
            app.run().unwrap();
        } else {
            Runtime::new().unwrap().block_on(app.serve()).unwrap();
        }
        for (number, session) in (1..).zip(&kept) {
            let records = session.log(&Query::new().limit(number * 2)).unwrap();
            assert_eq!(records.len(), number * 2, "handle {number} of {}", kept.len());
        }
    }
}

/// Has one app fail to start, and one cut off with its runtime.
pub(crate) fn follow_those_that_broke_off(log: &str) {
    let failing = app(log).setup(|| Err::<(), _>("no")).build().unwrap();
    let _kept = failing.session();
    failing.run().unwrap_err();

    let (tell, begun) = oneshot::channel();
    let tell = Mutex::new(Some(tell));
    let endless = move || {
        tell.lock().unwrap().take().map(|tell| tell.send(()));
        pending::<()>()
    };
    let cut_off = app(log).func("endless", "~has started", endless).build().unwrap();
    let kept = cut_off.session();
    let runtime = Runtime::new().unwrap();
    let served = runtime.spawn(cut_off.serve());
    runtime.block_on(begun).unwrap();
    served.abort();
    runtime.block_on(served).unwrap_err();
    drop(runtime);
    drop(app(log).build().unwrap());
    assert_eq!(kept.log(&Query::new().limit(1)).unwrap().len(), 1);
}
