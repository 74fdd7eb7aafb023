//! What each condition says of a past, and until when: one table for each kind of condition.
//!
//! A line without semicolons says what has happened to the tasks. The lines below it are statements of the task
//! `t`, the present, what the statement says then, and the earliest instant at which that may change by time
//! alone (`-` is never).

use rocketry_core::Condition;
use rocketry_core::time::Timestamp;

use crate::app::{App, at};

fn check(table: &str) {
    let mut events = "";
    for line in table.lines().map(str::trim) {
        match line.split(';').map(str::trim).collect::<Vec<_>>()[..] {
            ["nothing"] => events = "",
            [happened] => events = happened,
            [statement, now, truth, until] => check_row(line, statement, events, now, (truth, until)),
            _ => panic!("`{line}` is not a row"),
        }
    }
}

fn check_row(row: &str, statement: &str, events: &str, now: &str, (truth, until): (&str, &str)) {
    let mut app = App::new();
    let plan = app.plan(Condition::parse(statement).unwrap_or_else(|error| panic!("{row}: {error}")));
    app.log(events);
    let verdict = app.look(&plan, at(now));
    let until = if until == "-" { Timestamp::MAX } else { at(until) };
    assert_eq!(verdict.truth, Some(truth == "true"), "after `{events}`: {row}");
    assert_eq!(
        verdict.until.to_string(),
        until.to_string(),
        "after `{events}`: {row}"
    );
}

#[test]
fn intervals() {
    check(
        "nothing
             every 10 minutes ; 12:00 ; true  ; -
         t run 12:00, t success 12:01
             every 10 minutes ; 12:05 ; false ; 12:10
             every 10 minutes ; 12:10 ; true  ; -
         t run 12:03 due 12:00
             every 10 minutes ; 12:05 ; false ; 12:10
         t run 12:25 due 12:00
             every 10 minutes ; 12:26 ; false ; 12:30
         t run 12:20 due 12:00
             every 10 minutes ; 12:26 ; false ; 12:30
         t run 11:58 due 12:00
             every 10 minutes ; 11:59 ; false ; 12:08
         t run 13:00
             every 10 minutes ; 12:00 ; true  ; 12:59:59.000001
         t run 12:00, t success 12:01, t run 12:05, t fail 12:06
             every 10 minutes based on success ; 12:08 ; false ; 12:11
             every 10 minutes based on fail    ; 12:08 ; false ; 12:16
             every 10 minutes based on finish  ; 12:08 ; false ; 12:16
         t run 12:00
             every 10 minutes based on success ; 12:08 ; true  ; -
         t run 12:00, t inaction 12:01
             every 10 minutes based on finish ; 12:08 ; false ; 12:11
         t run 12:00, t terminate 12:01
             every 10 minutes based on finish ; 12:08 ; false ; 12:11
         t run 12:00, t crash 12:01
             every 10 minutes based on finish ; 12:08 ; true  ; -",
    );
}

#[test]
fn cycles() {
    check(
        "nothing
             daily               ; 12:00 ; true  ; 05-16 00:00
             daily after 10:00   ; 09:00 ; false ; 10:00
             daily after 10:00   ; 10:00 ; true  ; 05-16 00:00
             daily before 10:00  ; 11:00 ; false ; 05-16 00:00
             daily at 10:00      ; 10:30 ; true  ; 11:00
             hourly before 45:00 ; 12:50 ; false ; 13:00
             weekly on Friday    ; 12:00 ; false ; 05-17 00:00
             monthly on 31st     ; 06-10 12:00 ; false ; 07-31 00:00
             yearly on Feb 29th  ; 12:00 ; false ; 2028-02-29 00:00
         t run 11:00
             daily ; 12:00 ; true  ; 05-16 00:00
         t run 11:00, t success 11:05
             daily ; 12:00 ; false ; 05-16 00:00
         t run 11:00, t inaction 11:05
             daily ; 12:00 ; false ; 05-16 00:00
         t run 11:00, t terminate 11:05
             daily ; 12:00 ; false ; 05-16 00:00
         t run 11:00, t fail 11:05
             daily              ; 12:00 ; false ; 05-16 00:00
             daily with 1 retry ; 12:00 ; true  ; 05-16 00:00
         t run 11:00, t crash 11:05
             daily ; 12:00 ; true  ; 05-16 00:00
         t run 05-14 23:59, t success 05-14 23:59
             daily ; 12:00 ; true  ; 05-16 00:00
         t fail 11:05, t fail 11:06
             daily with 1 retry ; 12:00 ; false ; 05-16 00:00
         t fail 05-14 12:00, t fail 11:06
             daily with 1 retry ; 12:00 ; true  ; 05-16 00:00
         t run 10:01, t success 10:02
             daily after 10:00 ; 11:00 ; false ; 05-16 10:00
         t run 09:01, t success 09:02
             daily after 10:00 ; 11:00 ; true  ; 05-16 00:00
         t run 05-14 23:00, t success 05-14 23:05
             daily between 22:00 and 02:00 ; 01:00 ; false ; 22:00
         t run 11:00, t success 11:59
             daily starting 12:00 ; 12:00 ; true  ; 05-16 12:00
         t run 05-14 23:50, t success 00:10
             daily ; 12:00 ; true  ; 05-16 00:00
         t run 05-14 23:50, t fail 00:10
             daily              ; 12:00 ; true ; 05-16 00:00
             daily with 1 retry ; 12:00 ; true ; 05-16 00:00
         t run 12:03 due 05-14 23:59, t success 12:04
             daily ; 12:05 ; true ; 05-16 00:00
         t request 06:50, t success 07:10
             daily after 07:00 ; 07:10 ; true ; 05-16 00:00
             has succeeded today ; 07:10 ; true ; 05-16 00:00
         t request 06:50, t success 07:00:10
             cron 0 7 * * * ; 07:00:30 ; true ; 07:01
         t run 11:00, t success 11:01, t request 11:30, t success 11:31
             every 1 hour ; 11:59 ; false ; 12:00
         t run 11:00, t fail 11:05, t retry 11:06, t success 11:10
             every 1 hour ; 11:59 ; false ; 12:00
         t request 11:30, t success 11:31
             every 1 hour ; 11:59 ; false ; 12:30",
    );
}

#[test]
fn cron_expressions() {
    check(
        "nothing
             cron 0 12 * * *                  ; 12:00:30 ; true  ; 12:01
             cron 0 12 * * *                  ; 11:59 ; false ; 12:00
             cron 0 12 * * * grace 1 hour     ; 12:30 ; true  ; 13:00
             cron with seconds */10 * * * * * ; 12:00:10 ; true  ; 12:00:11
         t run 12:00, t fail 12:00:10
             cron 0 12 * * * ; 12:00:30 ; false ; 05-16 12:00
         t run 12:20
             cron 0 12 * * * grace 1 hour ; 12:30 ; false ; 05-16 12:00
         t run 12:00, t success 12:00:10
             crontime 0 12 * * * ; 12:00:30 ; true  ; 12:01",
    );
}

#[test]
fn once_per_period() {
    check(
        "t run 10:01, t fail 10:02
             one start per (time of day after 10:00) ; 11:00 ; false ; 05-16 10:00
         a success 10:02
             task 'a' once per (time of day after 10:00) ; 11:00 ; false ; 05-16 10:00
         t success 10:02
             task 'a' once per (time of day after 10:00) ; 11:00 ; true  ; 05-16 00:00
         t run 11:00, t success 11:05
             once per (past 2 hours)      ; 12:00 ; false ; 13:05
             once per (past 2 hours)      ; 13:05 ; true  ; -
             one start per (past 2 hours) ; 13:00 ; true  ; -
         t run 11:00, t fail 11:00, t run 11:30, t fail 11:30
             once per (past 2 hours) with 1 retry ; 12:00 ; false ; 13:00
             once per (past 2 hours) with 1 retry ; 13:00 ; true  ; -
         t success 09:30
             once per (past 2 hours & time of day after 10:00) ; 10:30 ; true  ; 11:30
         t success 10:10
             once per (past 2 hours & time of day after 10:00) ; 11:30 ; false ; 11:59:59.999999
             once per (past 2 hours & time of day after 10:00) ; 12:01 ; false ; 12:10
         nothing
             once per (past 2 hours & time of day after 10:00) ; 09:30 ; false ; 10:00
             once per (never)                                  ; 12:00 ; false ; -
         t success 2020-01-01 00:00
             once per (always) ; 12:00 ; false ; -",
    );
}

#[test]
fn times() {
    check(
        "nothing
             time of day between 10:00 and 14:00                   ; 12:00 ; true  ; 14:00
             time of day between 10:00 and 14:00                   ; 14:00 ; false ; 05-16 10:00
             time of week on Monday                                ; 12:00 ; false ; 05-20 00:00
             in (time of week on Monday | time of day after 10:00) ; 09:00 ; false ; 10:00
             in (time of week on Monday & time of day after 10:00) ; 11:00 ; false ; 05-20 10:00
             in (past 2 hours)                                     ; 12:00 ; true  ; -
             in (never)                                            ; 12:00 ; false ; -
             in (always)                                           ; 12:00 ; true  ; -
             true                                                  ; 12:00 ; true  ; -
             never                                                 ; 12:00 ; false ; -",
    );
}

#[test]
fn after_other_tasks() {
    check(
        "nothing
             after task 'a' ; 12:00 ; false ; -
         a run 10:00, a success 10:05
             after task 'a' ; 12:00 ; true  ; -
         a run 10:00, a fail 10:05
             after task 'a' ; 12:00 ; false ; -
         t run 10:04, a success 10:05
             after task 'a' ; 12:00 ; true  ; -
         a success 10:05, t run 10:05
             after task 'a' ; 12:00 ; false ; -
         a success 10:05, t run 10:06
             after task 'a' ; 12:00 ; false ; -
         a fail 10:05
             after task 'a' failed   ; 12:00 ; true  ; -
             after task 'a' finished ; 12:00 ; true  ; -
         a success 10:05
             after task 'a' failed   ; 12:00 ; false ; -
             after task 'a' finished ; 12:00 ; true  ; -
             after tasks 'a', 'b'    ; 12:00 ; false ; -
         a terminate 10:05
             after task 'a' finished   ; 12:00 ; false ; -
             after task 'a' terminated ; 12:00 ; true  ; -
         a success 10:05, b success 10:06
             after tasks 'a', 'b' ; 12:00 ; true  ; -
         b success 10:06
             after any tasks 'a', 'b' ; 12:00 ; true  ; -
         b fail 10:06
             after any tasks 'a', 'b' ; 12:00 ; false ; -",
    );
}

#[test]
fn what_has_happened() {
    check(
        "t run 11:00
             has started ; 12:00 ; true  ; -
         t run 11:00, t fail 11:10
             has succeeded ; 12:00 ; false ; -
         t success 11:10
             has succeeded ; 12:00 ; true  ; -
         t fail 11:10
             has failed             ; 12:00 ; true  ; -
             task 'a' has failed    ; 12:00 ; false ; -
             has failed past 1 hour ; 12:00 ; true  ; 12:10
             has failed past 1 hour ; 12:10 ; false ; -
         t terminate 11:10
             has finished   ; 12:00 ; true  ; -
             has terminated ; 12:00 ; true  ; -
         t inaction 11:10, t crash 11:11
             has finished ; 12:00 ; false ; -
         t inaction 11:10
             has inacted ; 12:00 ; true  ; -
         t crash 11:10
             has crashed ; 12:00 ; true  ; -
         t fail 05-14 23:59
             has failed today ; 12:00 ; false ; 05-16 00:00
         t fail 00:00
             has failed today ; 12:00 ; true  ; 05-16 00:00
         t run 11:00, t fail 11:10, t run 11:15, t fail 11:20
             has failed this week at least 2 times                  ; 12:00 ; true  ; 05-20 00:00
             has failed past 1 hour at least 2 times                ; 12:00 ; true  ; 12:10
             has failed past 1 hour at least 2 times                ; 12:10 ; false ; 12:20
             has failed past 1 hour exactly 0 times                 ; 12:20 ; true  ; -
             has failed exactly 2 times                             ; 12:00 ; true  ; -
             has failed more than 2 times                           ; 12:00 ; false ; -
             has failed less than 2 times                           ; 12:00 ; false ; -
             has failed at most 2 times                             ; 12:00 ; true  ; -
             has failed not 2 times                                 ; 12:00 ; false ; -
             has failed at least 1 time and less than 3 times       ; 12:00 ; true  ; -
             has failed in (past 1 hour & time of day before 11:15) ; 12:00 ; true  ; 12:10
             has failed in (past 1 hour & time of day before 11:15) ; 12:10 ; false ; 12:14:59.999999
             has failed in (time of day before 08:00 & time of day after 09:00)  ; 12:00 ; false ; -
             has failed in (time of day before 12:30 & time of hour after 10:00) ; 12:00 ; true  ; 12:10
             has failed in (never)                                  ; 12:00 ; false ; -
             has failed in (never) at most 1 time                   ; 12:00 ; true  ; -
             has failed in (cron 0 0 1 1 *)                         ; 12:00 ; false ; 2025-01-01 00:00
         t fail 11:01, t fail 13:01
             has failed today between 10:00 and 12:00 ; 14:00 ; true  ; 05-16 10:00
         t fail 13:01
             has failed today between 10:00 and 12:00 ; 14:00 ; false ; 05-16 10:00
         t fail 05-14 11:00
             has failed today between 10:00 and 12:00 ; 09:00 ; true  ; 10:00",
    );
}

#[test]
fn what_is_running() {
    check(
        "nothing
             is running                   ; 12:00 ; false ; -
             is running in exactly 0 runs ; 12:00 ; true  ; -
         t run 11:00
             is running                                                  ; 12:00 ; true  ; -
             task 'a' is running                                         ; 12:00 ; false ; -
             is running for more than 10 minutes                         ; 11:05 ; false ; 11:10
             is running for more than 10 minutes                         ; 11:10 ; true  ; -
             is running for less than 10 minutes                         ; 11:10 ; true  ; 11:10:00.000001
             is running for less than 10 minutes                         ; 11:10:00.000001 ; false ; -
             is running for more than 5 minutes and less than 10 minutes ; 11:04 ; false ; 11:05
             is running for more than 5 minutes and less than 10 minutes ; 11:06 ; true  ; 11:10:00.000001
         t run 11:00, t success 11:05
             is running ; 12:00 ; false ; -
         t run 11:00, t crash 11:05
             is running ; 12:00 ; false ; -
         a run 11:00
             task 'a' is running in at least 2 runs ; 12:00 ; false ; -
         a run 11:00, a run 11:05
             task 'a' is running in at least 2 runs ; 12:00 ; true  ; -
         t run 11:00, t run 11:02
             is running for more than 10 minutes ; 11:05 ; false ; 11:10",
    );
}

#[test]
fn retries() {
    check(
        "nothing
             retry 1 time ; 12:00 ; false ; -
         t run 11:00, t fail 11:00
             retry 1 time                  ; 12:00 ; true  ; -
             retry 0 times                 ; 12:00 ; false ; -
             retry with backoff 10 minutes ; 11:05 ; false ; 11:10
             retry with backoff 10 minutes ; 11:10 ; true  ; -
         t run 11:00, t fail 11:00, t retry 11:10, t fail 11:10
             retry 1 time                  ; 12:00 ; false ; -
             retry 2 times                 ; 12:00 ; true  ; -
             retry                         ; 12:00 ; true  ; -
             retry with backoff 10 minutes ; 11:25 ; false ; 11:30
             retry with backoff 20 hours   ; 12:00 ; false ; 05-16 11:10
             retry with backoff 3 days     ; 12:00 ; false ; 05-18 11:10
         t run 11:00, t fail 11:00, t request 11:10, t fail 11:10
             retry 1 time ; 12:00 ; false ; -
         t run 11:00, t fail 11:00, t retry 11:10, t fail 11:10, t run 11:20, t fail 11:20
             retry 1 time ; 12:00 ; true  ; -
         t run 11:00, t fail 11:00, t terminate 11:10
             retry ; 12:00 ; false ; -
         t run 11:00, t fail 11:00, t run 11:10
             retry ; 12:00 ; false ; -
         t fail 11:00, t success 11:10
             retry ; 12:00 ; false ; -
         t fail 11:00, t success 11:10, t fail 11:20
             retry 1 time ; 12:00 ; true  ; -",
    );
}

#[test]
fn a_backoff_doubles_up_to_a_day_however_long_the_row() {
    let mut app = App::new();
    let plan = app.plan("retry with backoff 1 ms");
    for _ in 0..100 {
        app.log("t fail 11:00");
    }
    assert_eq!(app.look(&plan, at("11:30")).until, at("05-16 11:00"));
}

#[test]
fn the_scheduler() {
    // It started at 10:00 and is in its seventh cycle.
    check(
        "nothing
             scheduler is running                            ; 12:00 ; true  ; -
             scheduler has run over 1 hour                   ; 10:30 ; false ; 11:00
             scheduler has run over 1 hour                   ; 11:00 ; true  ; -
             scheduler has run under 1 hour                  ; 10:30 ; true  ; 11:00:00.000001
             scheduler has run over 1 hour and under 2 hours ; 11:30 ; true  ; 12:00:00.000001
             scheduler started 1 hour ago                    ; 10:30 ; true  ; 11:00
             scheduler started 1 hour ago                    ; 11:00 ; false ; -
             scheduler has cycles                            ; 12:00 ; true  ; -
             scheduler has more than 7 cycles                ; 12:00 ; false ; -
             scheduler has at least 7 cycles                 ; 12:00 ; true  ; -",
    );
}

#[test]
fn parameters() {
    // There are `env`, `x` and the number `n`.
    check(
        "nothing
             env 'test'           ; 12:00 ; true  ; -
             env 'prod'           ; 12:00 ; false ; -
             param 'x' exists     ; 12:00 ; true  ; -
             param 'y' exists     ; 12:00 ; false ; -
             param 'x' is 'myval' ; 12:00 ; true  ; -
             param 'x' is 'other' ; 12:00 ; false ; -
             param 'n' is '5'     ; 12:00 ; true  ; -
             param 'y' is ''      ; 12:00 ; false ; -",
    );
}

#[test]
fn logic() {
    check(
        "nothing
             time of day after 14:00 & time of day after 13:00   ; 12:00 ; false ; 14:00
             time of day after 14:00 & time of day after 13:00   ; 13:30 ; false ; 14:00
             time of day after 14:00 & time of day before 20:00  ; 15:00 ; true  ; 20:00
             time of day before 14:00 | time of day before 13:00 ; 12:00 ; true  ; 14:00
             time of day after 14:00 | time of day after 13:00   ; 12:00 ; false ; 13:00
             ~time of day after 14:00                            ; 12:00 ; true  ; 14:00
             false & time of day after 14:00                     ; 12:00 ; false ; -
             true | time of day after 14:00                      ; 12:00 ; true  ; -
         t run 11:00
             ~(daily & is running) ; 12:00 ; false ; 05-16 00:00",
    );
}
