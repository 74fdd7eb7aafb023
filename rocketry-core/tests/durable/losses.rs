//! Records and facts that the log can never store: their loss is reported, and everything else continues.

use std::time::Duration;

use rocketry_core::{Action, Failure, Part, Query, RunLog};

use crate::support::{Disk, app, start};

const EVERY: &str = "every 10 seconds";

#[test]
fn a_record_that_can_never_be_kept_costs_that_record() {
    let disk = Disk::default();
    disk.refuse("odd");
    let app = (0..20).fold(app(&disk), |app, number| {
        app.func(format!("work {number}"), EVERY, || {})
    });
    let mut app = start(app.func("odd", EVERY, || {}));
    app.run_for(Duration::from_secs(35));
    let session = app.session().clone();
    for task in ["odd", "work 0", "work 19"] {
        let task = session.task(task).unwrap();
        assert_eq!(task.total(Action::Success), 4, "{}", task.name());
        assert_eq!(task.waits_for(), None);
    }
    let told = session.failures();
    let of_odd = |failure: &&Failure| failure.part == Part::Log && failure.task.as_deref() == Some("odd");
    assert_eq!(
        told.iter().filter(of_odd).count(),
        8,
        "each start and each end: {told:?}"
    );
    assert_eq!(told.len(), 8);
    let first = &told[0].message;
    assert!(
        first.starts_with("`run` of run ") && first.ends_with(" is not recorded: it is too long"),
        "{first}"
    );
    app.close().unwrap();
    let count = |query: Query| disk.count(&query).unwrap();
    assert_eq!(count(Query::new().task("odd")), 0);
    assert_eq!(count(Query::new()), 20 * 8, "each of the others once");
    let numbers = disk.numbers();
    assert!(
        numbers.is_sorted_by(|a, b| a < b),
        "each part has a number of its own"
    );
}

#[test]
fn a_fact_that_can_never_be_kept_costs_that_fact() {
    let disk = Disk::default();
    disk.refuse("odd");
    let mut app = start(
        app(&disk)
            .func("odd", "never", || {})
            .func("other", "never", || {}),
    );
    for task in ["odd", "other"] {
        app.session().task(task).unwrap().disable();
    }
    app.run_for(Duration::from_secs(1));
    let told = app.session().failures();
    assert_eq!(told.len(), 1);
    assert_eq!(
        &*told[0].message,
        "`disabled/odd` is not known after a restart: it is too long"
    );
    app.close().unwrap();
    let facts = disk.load().unwrap().facts;
    let of_tasks = facts.into_keys().filter(|key| !key.starts_with("app/"));
    assert_eq!(of_tasks.collect::<Vec<_>>(), ["disabled/other".into()]);
}

#[test]
fn a_disk_that_fills_up_meanwhile_loses_nothing_else() {
    let disk = Disk::default();
    disk.refuse("odd");
    let mut app = start(app(&disk).func("odd", EVERY, || {}).func("work", EVERY, || {}));
    disk.fill(true);
    app.run_for(Duration::from_secs(25));
    disk.fill(false);
    app.run_for(Duration::from_secs(20));
    let total = app.session().task("work").unwrap().total(Action::Run);
    app.close().unwrap();
    let starts = disk.count(&Query::new().task("work").action(Action::Run));
    assert_eq!(starts.unwrap(), total);
}
