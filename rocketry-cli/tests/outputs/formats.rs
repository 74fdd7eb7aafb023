//! What programs read: JSON, CSV, and languages of drawings.

use serde_json::Value as Json;

use super::expected::expect;
use super::shop::{printed, shop};

#[track_caller]
fn check(name: &str, words: &[&str]) {
    // Lines of a calendar end with a carriage return, which tools for text take away.
    expect(name, &printed(&shop(), words, 80).replace("\r\n", "\n"));
}

#[test]
fn json_lines_and_csv() {
    check("tasks-json", &["tasks", "-o", "json", "fetch"]);
    check("tasks-csv", &["tasks", "-o", "csv"]);
    check("log-jsonl", &["log", "-o", "jsonl", "task:rates"]);
    check("log-csv", &["log", "-o", "csv", "task:rates", "-n", "3"]);
    check("runs-csv", &["runs", "-o", "csv", "mail"]);
    check("run-json", &["run", "-o", "json", "rates-01-01T05:00"]);
    check("check-csv", &["check", "-o", "csv", "cron 0 9 13 * Fri"]);
    check("check-json", &["check", "-o", "json", "cron 0 9 13 * Fri"]);
    check("enable-json", &["enable", "-o", "json", "fetch"]);
}

#[test]
fn calendars_and_pictures() {
    let hours = [
        "simulate",
        "--from",
        "2026-01-01 09:00",
        "--to",
        "2026-01-01 12:00",
        "-o",
    ];
    check("simulate-ics", &[&hours[..], &["ics"]].concat());
    check("simulate-svg", &[&hours[..], &["svg"]].concat());
    let berlin = ["next", "daily at 02:30", "--zone", "Europe/Berlin"];
    check("next-ics", &[&berlin[..], &["-n", "2", "-o", "ics"]].concat());
    check(
        "calendar-ics",
        &["calendar", "archive", "--month", "2026-02", "-o", "ics"],
    );
    check(
        "calendar-svg",
        &["calendar", "report", "--month", "2026-02", "-o", "svg"],
    );
}

#[test]
fn a_log_that_is_printed_page_by_page_is_the_same() {
    for format in ["table", "json", "jsonl", "csv"] {
        let all = printed(&shop(), &["log", "--all", "-o", format], 80);
        assert_eq!(
            all,
            printed(&shop(), &["log", "-n", "1000", "-o", format], 80),
            "{format}"
        );
    }
    let none = printed(&shop(), &["log", "--all", "-o", "json", "action:crash"], 80);
    assert_eq!(none, "[]\n");
}

#[test]
fn drawings() {
    check("graph-mermaid", &["graph"]);
    assert_eq!(
        printed(&shop(), &["graph"], 80),
        printed(&shop(), &["graph"], 120)
    );
    check("graph-dot", &["graph", "--format", "dot"]);
    check("graph-svg", &["graph", "--format", "svg"]);
    check("graph-csv", &["graph", "-o", "csv"]);
    check("overrides-json", &["overrides", "-o", "json"]);
    check("pool-csv", &["pool", "-o", "csv"]);
    check("param-json", &["param", "-o", "json"]);
}

#[test]
fn an_export_holds_the_app_and_all_tasks() {
    let text = printed(&shop(), &["export"], 80);
    let export: Json = serde_json::from_str(&text).unwrap();
    assert_eq!(export["app"]["name"], "shop");
    assert_eq!(export["tasks"].as_array().unwrap().len(), 7);
}

#[test]
fn documents_do_not_depend_on_the_width() {
    let documents: [&[&str]; 6] = [
        &["export"],
        &["man"],
        &["man", "log"],
        &["completions", "bash"],
        &["completions", "fish"],
        &["completions", "powershell"],
    ];
    for words in documents {
        let narrow = printed(&shop(), words, 80);
        assert!(narrow.contains("shop"), "{words:?}:\n{narrow}");
        assert_eq!(narrow, printed(&shop(), words, 120), "{words:?}");
    }
}

#[test]
fn names_of_tasks_are_completed() {
    let app = shop();
    assert_eq!(
        printed(&app, &["__complete", "--", "run-task", "re"], 80),
        "report\n"
    );
    assert_eq!(
        printed(&app, &["__complete", "--", "run", "--on"], 80),
        "--only\n"
    );
    assert_eq!(printed(&app, &["__complete", "--", "dis"], 80), "disable\n");
}
