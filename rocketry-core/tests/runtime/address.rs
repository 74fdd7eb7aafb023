//! Logs by their address.

use std::error::Error as _;

use rocketry_core::log::RunLog;
use rocketry_core::{Error, MemoryLog, Query, Result};

use crate::support::{app, mistakes, start};

fn open(address: &str) -> Result<Box<dyn RunLog>> {
    match address
        .strip_prefix("ring:")
        .and_then(|length| length.parse().ok())
    {
        Some(capacity) => Ok(Box::new(MemoryLog::new(capacity))),
        None => Err(Error::log("its length is not a number")),
    }
}

rocketry_core::register_log!("ring", open);

#[test]
fn a_log_is_opened_by_its_address() {
    for (address, count) in [("ring:3", 3), ("memory:", 22)] {
        let mut app = start(app().log(address).func("work", "every 10 seconds", || {}));
        app.run_for(std::time::Duration::from_secs(100));
        assert_eq!(app.records(&Query::new()).len(), count);
    }
}

#[test]
fn an_unknown_address_tells_what_is_known() {
    let told = |address: &str| {
        let error = mistakes(app().log(address));
        assert!(error.is_build() && error.to_string().contains("tests/runtime/address.rs"));
        error.problems()[0].message.clone()
    };
    assert_eq!(
        told("rong:3"),
        "the run log `rong:3`: there is no kind of log `rong`; did you mean `ring`?"
    );
    assert_eq!(
        told("postgresq://me:secret@db/log"),
        "the run log `postgresq://me:…@db/log`: there is no kind of log `postgresq`; did you mean `postgres`?"
    );
    assert_eq!(
        told("postgresq://db/log?user=me&password=secret&sslmode=require"),
        "the run log `postgresq://db/log?user=me&password=…&sslmode=require`: there is no kind of log `postgresq`; \
         did you mean `postgres`?"
    );
    assert_eq!(
        told("app.db"),
        "`app.db` is not the address of a run log: expected one such as `memory:` or `sqlite:app.db`"
    );
}

#[test]
fn a_known_kind_that_is_left_out_tells_its_feature() {
    let error = mistakes(app().log("sqlite:app.db"));
    let message = "the run log `sqlite:app.db` needs the feature `sqlite` of the crate `rocketry`";
    assert_eq!(error.problems()[0].message, message);
}

#[test]
fn a_log_that_cant_be_opened_says_why_and_where() {
    let error = mistakes(app().log("ring:long"));
    assert!(error.is_log() && error.source().is_some());
    let message = "the run log `ring:long` can't be opened: its length is not a number";
    assert_eq!(error.problems()[0].message, message);
    assert!(error.to_string().contains("tests/runtime/address.rs"), "{error}");
}
