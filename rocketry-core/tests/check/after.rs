//! Tasks that come after others.

use rocketry_core::Rocketry;

use super::app::{found, lints, task, with};

#[test]
fn a_task_after_one_that_never_starts_is_reported() {
    let cases = [
        (
            task("first"),
            "has no start condition, so it runs on request only",
        ),
        (task("first").start("daily").disabled(true), "is disabled"),
        (
            task("first").start("never"),
            "never starts: its start condition is never true",
        ),
        (
            task("first")
                .start("weekly on Monday & weekly on Friday")
                .allow("never_true"),
            "never starts: its start condition is never true",
        ),
    ];
    for (first, why) in cases {
        let findings = found(with([first, task("second").start("hourly & after task 'first'")]));
        assert_eq!(lints(&findings), ["after_never: second"]);
        assert_eq!(
            findings[0].message,
            format!("`second` comes after `first`, which {why}")
        );
        assert_eq!(findings[0].part.as_deref(), Some("after task 'first'"));
    }
}

#[test]
fn a_task_that_may_start_otherwise_is_not_reported() {
    let silent: &[fn() -> Rocketry] = &[
        || with([task("first"), task("second").start("daily | after task 'first'")]),
        || {
            with([
                task("first").start("daily"),
                task("second").start("after any tasks 'first', 'third'"),
                task("third"),
            ])
        },
        || {
            with([
                task("first").on_startup(true),
                task("second").start("after task 'first'"),
            ])
        },
        || {
            with([
                task("first"),
                task("second").start("after task 'first'").disabled(true),
            ])
        },
        || with([task("first"), task("second").start("daily & ~after task 'first'")]),
    ];
    for app in silent {
        assert_eq!(lints(&found(app())), [""; 0]);
    }
    let both = found(with([
        task("first").start("daily"),
        task("second").start("after tasks 'first', 'third'"),
        task("third"),
    ]));
    assert_eq!(lints(&both), ["after_never: second"]);
}

#[test]
fn only_the_first_of_a_row_is_reported() {
    let row = with([
        task("first"),
        task("second").start("after task 'first'"),
        task("third").start("after task 'second'"),
        task("fourth").start("after task 'third' failed"),
    ]);
    assert_eq!(lints(&found(row)), ["after_never: second"]);
}

#[test]
fn a_cycle_is_reported_once() {
    let findings = found(
        with([
            task("outside").start("after task 'b'"),
            task("a").start("after task 'c'"),
            task("b").start("after task 'a' & is workday"),
            task("c").start("after task 'b' finished"),
        ])
        .cond("is workday", || true),
    );
    assert_eq!(lints(&findings), ["circle: a"]);
    assert_eq!(
        findings[0].message,
        "tasks depend on each other in a cycle, `a` after `c` after `b` after `a`: none of them ever starts by itself"
    );
    assert_eq!(
        findings[0].help,
        "let one of them also start by itself, such as `daily | after task 'c'`"
    );
    let own = found(with([task("a").start("after task 'a'")]));
    assert_eq!(
        own[0].message,
        "`a` comes after itself: none of them ever starts by itself"
    );
}

#[test]
fn a_cycle_with_a_way_in_is_not_reported() {
    let begun = with([
        task("a").start("daily | after task 'b' failed"),
        task("b").start("after task 'a'"),
    ]);
    assert_eq!(lints(&found(begun)), [""; 0]);
    let at_startup = with([
        task("a").start("after task 'b'").on_startup(true),
        task("b").start("after task 'a' finished"),
    ]);
    // Each run leads to the next, so the app is only built.
    let findings = at_startup.check().unwrap();
    assert_eq!(lints(&findings), [""; 0]);
}
