//! The run log and the runs.

use std::time::Duration;

use rocketry_api::client::Client;
use rocketry_api::{Count, CountFilter, LogFilter, ProblemKind, Run, RunFilter};
use rocketry_core::Action;

use super::support::{client, problem, started, wait};

fn query(text: &str) -> LogFilter {
    LogFilter {
        q: Some(text.into()),
        ..LogFilter::default()
    }
}

fn counted(client: &Client, text: &str) -> u64 {
    let filter = CountFilter {
        q: Some(text.into()),
        ..CountFilter::default()
    };
    let count = wait(client.log_count(&filter)).unwrap();
    assert!(!count.more);
    count.count
}

#[test]
fn records_are_counted_up_to_a_limit() {
    let mut app = started();
    app.run_until("2026-01-01T10:30:00Z");
    let client = client(&app);
    for (most, text) in [(Some(3), "3+"), (Some(11), "11"), (None, "11"), (Some(0), "1+")] {
        let filter = CountFilter {
            q: Some("task:fetch action:run".into()),
            most,
        };
        assert_eq!(wait(client.log_count(&filter)).unwrap().to_string(), text);
    }
    let texts = [0, 999, 1_000, 20_000, 1_234_567].map(|count| Count { count, more: false }.to_string());
    assert_eq!(texts, ["0", "999", "1,000", "20,000", "1,234,567"]);
}

#[test]
fn a_query_finds_its_records() {
    let mut app = started();
    app.run_until("2026-01-02T07:30:00Z");
    let client = client(&app);
    let failures = wait(client.log(&query("task:break action:fail since:2h"))).unwrap();
    let [failure] = &failures.items[..] else {
        panic!("{failures:?}")
    };
    assert_eq!(failure.message.as_deref(), Some("no network"));
    assert_eq!(failure.created.to_string(), "2026-01-02T06:00:00.000000Z");
    assert_eq!(counted(&client, "action:fail"), 2);
    assert_eq!(counted(&client, "created:2026-01-01 action:run task:fetch"), 24);
    assert_eq!(counted(&client, "network"), 2);
    assert_eq!(counted(&client, "\"no network\" until:2026-01-02"), 1);
    assert_eq!(counted(&client, "runtime:>1s"), 0);
}

#[test]
fn a_mistake_in_a_query_gets_the_nearest_word() {
    let app = started();
    let client = client(&app);
    for (text, part, nearest) in [
        ("taks:fetch", "`taks:` is not a term of a query", Some("task")),
        ("action:failed", "`failed` is not an action", Some("fail")),
        ("task:fecth", "there is no task `fecth`", Some("fetch")),
        ("since:yesteday", "`yesteday` is not an instant", None),
        ("since:2h since:", "`since:` has no value", None),
        ("run:1 run:2", "`run` is given twice", None),
        ("runtime:10s", "`runtime:10s` is not a range", None),
        ("exit:x", "expected a whole number", None),
        ("since:2026-01-02 until:2026-01-01", "the range is empty", None),
        (
            "param.day:1",
            "a run log in memory does not record parameters",
            None,
        ),
    ] {
        let problem = problem(wait(client.log(&query(text))));
        assert!(problem.detail.contains(part), "{text}: {problem}");
        assert_eq!(problem.nearest.as_deref(), nearest, "{text}");
        let kind = if text.starts_with("task:") {
            ProblemKind::NotFound
        } else {
            ProblemKind::Invalid
        };
        assert_eq!(problem.kind, kind, "{text}");
    }
}

#[test]
fn pages_of_records_follow_each_other() {
    let mut app = started();
    app.run_until("2026-01-01T05:30:00Z");
    let client = client(&app);
    let mut filter = LogFilter {
        limit: Some(4),
        newest_first: true,
        ..query("task:fetch action:run")
    };
    let mut hours = Vec::new();
    loop {
        let page = wait(client.log(&filter)).unwrap();
        hours.extend(
            page.items
                .iter()
                .map(|record| record.start.to_string()[11..13].to_owned()),
        );
        match page.next {
            Some(next) => filter.cursor = Some(next),
            None => break,
        }
    }
    assert_eq!(hours, ["05", "04", "03", "02", "01", "00"]);
}

#[test]
fn a_run_is_its_start_and_its_end() {
    let mut app = started();
    app.run_until("2026-01-01T06:30:00Z");
    let client = client(&app);
    let runs = wait(client.runs(&RunFilter {
        q: Some("task:break".into()),
        ..RunFilter::default()
    }))
    .unwrap();
    let [run] = &runs.items[..] else {
        panic!("{runs:?}")
    };
    assert_eq!(
        (run.status, run.message.as_deref()),
        (Action::Fail, Some("no network"))
    );
    let alone = wait(client.run(&run.run_id.to_string())).unwrap();
    assert_eq!(
        (run.downstream.as_deref(), alone.downstream.as_deref()),
        (None, Some(&[][..]))
    );
    assert_eq!(
        alone,
        Run {
            downstream: Some(Vec::new()),
            ..run.clone()
        }
    );
    let missing = problem(wait(client.run("12")));
    assert_eq!(missing.kind, ProblemKind::NotFound);
}

#[test]
fn a_text_is_looked_for_in_some_records_at_a_time() {
    let mut app = started();
    // Each hour has four records, and each day one failure more.
    app.run_until("2026-06-01T12:00:00Z");
    let client = client(&app);
    let all = counted(&client, "action:fail");
    let mut filter = LogFilter {
        limit: Some(1000),
        ..query("network")
    };
    let (mut found, mut pages) = (0, 0);
    loop {
        let page = wait(client.log(&filter)).unwrap();
        found += page.items.len();
        pages += 1;
        filter.cursor = page.next;
        if filter.cursor.is_none() {
            break;
        }
    }
    assert_eq!(found as u64, all);
    assert_eq!(pages, 4);
    let first = LogFilter {
        limit: Some(3),
        ..query("network")
    };
    let page = wait(client.log(&first)).unwrap();
    assert_eq!(page.items.len(), 3);
    let then = LogFilter {
        cursor: page.next,
        ..first
    };
    let next = wait(client.log(&then)).unwrap().items;
    assert!(next[0].created > page.items[2].created);
    assert_eq!(
        next[0].created.since(page.items[2].created),
        Duration::from_secs(86_400)
    );
    let nothing = wait(client.log(&query("\"nothing like this\""))).unwrap();
    assert!(nothing.items.is_empty() && nothing.next.is_some());
    let filter = CountFilter {
        q: Some("\"nothing like this\"".into()),
        ..CountFilter::default()
    };
    assert_eq!(wait(client.log_count(&filter)).unwrap().to_string(), "0+");
}
