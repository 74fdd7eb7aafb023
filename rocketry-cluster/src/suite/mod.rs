//! Test suites for implementations of stores, shared logs, relays and tables of runs.

mod nodes;
mod relay;
mod work;

use std::sync::Arc;
use std::time::Duration;

use rocketry_core::cluster::{SharedLog, claim};
use rocketry_core::log::Write;
use rocketry_core::{Action, Query, Record, RunId, Timestamp};

use crate::lease::{Entry, Lease};
use crate::store::Store;

pub use nodes::hold_nodes;
pub use relay::hold_relay;
pub use work::hold_work;

const LIMIT: Duration = Duration::from_secs(5);

/// Tests a store. `open` opens the same store for another node. The store must never have contained a lease.
///
/// ```
/// use rocketry_cluster::{suite, twin::TwinStore};
///
/// let store = TwinStore::default();
/// suite::hold_store(|| store.of_another_node());
/// ```
///
/// # Panics
///
/// Panics if the store breaks the contract, and says how.
pub fn hold_store<S: Store>(mut open: impl FnMut() -> S) {
    let (mut a, mut b) = (open(), open());
    let read = |store: &mut S| store.read(LIMIT).expect("it can be read");
    let put =
        |store: &mut S, expected, lease: &Lease| store.put(expected, lease, LIMIT).expect("it can be put");
    assert_eq!(read(&mut a), None, "there has never been a lease");
    assert_eq!(
        put(&mut a, Some(1), &lease(1, "a", true)),
        None,
        "no lease has a revision yet"
    );
    let first = put(&mut a, None, &lease(1, "a", true)).expect("the first lease");
    let expected = Entry {
        revision: first,
        lease: lease(1, "a", true),
    };
    assert_eq!(read(&mut b), Some(expected), "the other node sees it at once");
    assert_eq!(
        put(&mut b, None, &lease(1, "b", true)),
        None,
        "it is there already"
    );
    let second = put(&mut a, Some(first), &lease(1, "a", true)).expect("a renewal");
    assert_ne!(first, second, "a renewal changes the revision");
    assert_eq!(
        put(&mut b, Some(first), &lease(2, "b", true)),
        None,
        "the revision has changed"
    );
    let released = put(&mut a, Some(second), &lease(1, "a", false)).expect("a release");
    b.wait(Duration::from_millis(1));
    let third = put(&mut b, Some(released), &lease(2, "b", true)).expect("a new lead");
    let expected = Entry {
        revision: third,
        lease: lease(2, "b", true),
    };
    assert_eq!(read(&mut a), Some(expected));
    only_one_wins(open, third);
}

fn lease(term: u64, node: &str, is_held: bool) -> Lease {
    Lease {
        term,
        node: node.into(),
        instance: format!("{node}#1").into(),
        is_held,
    }
}

/// If several nodes replace the lease at the same time, one succeeds.
fn only_one_wins<S: Store>(mut open: impl FnMut() -> S, revision: u64) {
    let stores: Vec<S> = (0..4).map(|_| open()).collect();
    let threads = stores.into_iter().enumerate().map(|(place, mut store)| {
        std::thread::spawn(move || {
            let lease = Lease {
                term: 3,
                node: format!("node {place}").into(),
                instance: format!("{place}").into(),
                is_held: true,
            };
            store
                .put(Some(revision), &lease, LIMIT)
                .expect("it can be put")
                .is_some()
        })
    });
    let threads: Vec<_> = threads.collect();
    let won = threads
        .into_iter()
        .map(|thread| thread.join().expect("it returns"));
    assert_eq!(won.filter(|won| *won).count(), 1, "one node has the lead");
}

/// Tests a shared log. `open` opens the same log for another node. The log must be empty at first.
///
/// ```
/// use rocketry_cluster::{suite, twin::TwinLog};
///
/// let log = TwinLog::default();
/// suite::hold_log(|| log.clone());
/// ```
///
/// # Panics
///
/// Panics if the log breaks the contract, and says how.
pub fn hold_log<L: SharedLog>(mut open: impl FnMut() -> L) {
    let (a, b) = (open(), open());
    let writes = |log: &L| log.writes().expect("it can be read");
    let none = writes(&b);
    write(&a, 1, 10, &[start(1, 0)]).expect("the first start");
    assert!(
        none.is_none() || writes(&b) != none,
        "the other node sees that there was a write"
    );
    assert_eq!(writes(&a), writes(&b));
    write(&a, 1, 11, &[end(1, 0)]).expect("its end");
    write(&a, 1, 11, &[end(1, 0)]).expect("a write that is repeated is made once");
    refuses_what_was_decided(&a, &b);
    write(&b, 2, 30, &[start(4, 3)]).expect("a new leader");
    refused(write(&a, 1, 13, &[start(5, 4)]), "a write of a lower term");
    write(&b, 2, 31, &[end(4, 3), start(6, 5)]).expect("the new leader goes on");
    // The previous leader leads again, and knows what has happened.
    write(&a, 3, 40, &[end(6, 5)]).expect("the end of a run that another node has started");
    let past = a.load().expect("it can be loaded");
    assert_eq!(past.term, 3);
    assert_eq!(past.tasks["fetch"].open, [], "all runs have ended");
    assert_eq!(past.tasks["fetch"].tallies[Action::Run as usize].count, 4);
    assert_eq!(b.count(&Query::new()).expect("it can be counted"), 8);
}

/// Two nodes with the same term, as if both were leaders: a decision of one is refused for the other.
fn refuses_what_was_decided<L: SharedLog>(a: &L, b: &L) {
    refused(write(b, 1, 20, &[start(2, 0)]), "an occurrence that was decided");
    refused(write(b, 1, 21, &[end(1, 0)]), "a second end");
    refused(
        write(b, 1, 22, &[start(2, 9), start(3, 0)]),
        "a write that is decided in part",
    );
    let claims: [Arc<str>; 1] = ["request".into()];
    let request = Write {
        term: Some(1),
        number: Some(23),
        ..Write::default()
    };
    b.write_claiming(&request, &claims).expect("a claim");
    let request = Write {
        number: Some(12),
        ..request
    };
    refused(a.write_claiming(&request, &claims), "a claim that was made");
    write(b, 1, 24, &[start(3, 1), end(3, 1)]).expect("both write in turn");
}

fn refused(written: rocketry_core::Result<()>, what: &str) {
    let error = written.expect_err(what);
    assert!(error.is_superseded(), "{what}: {error}");
}

fn write<L: SharedLog>(log: &L, term: u64, number: u64, records: &[Record]) -> rocketry_core::Result<()> {
    let claims: Vec<Arc<str>> = records.iter().filter_map(|record| claim(record, term)).collect();
    let write = Write {
        records,
        facts: &[],
        number: Some(number),
        term: Some(term),
    };
    log.write_claiming(&write, &claims)
}

fn start(run: u64, due: i64) -> Record {
    let at = Timestamp::from_micros(1_767_225_600_000_000 + due);
    Record {
        task: "fetch".into(),
        run_id: RunId::Number(run),
        action: Action::Run,
        created: at,
        due: at,
        start: at,
        message: None,
        extra: None,
    }
}

fn end(run: u64, due: i64) -> Record {
    Record {
        action: Action::Success,
        ..start(run, due)
    }
}
