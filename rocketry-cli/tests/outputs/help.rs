//! The help.

use rocketry_cli::test_support::help;

use super::expected::expect;

const COMMANDS: [&str; 32] = [
    "run",
    "tasks",
    "explain",
    "next",
    "simulate",
    "check",
    "calendar",
    "backfill",
    "run-task",
    "log",
    "runs",
    "terminate",
    "pause",
    "resume",
    "skip-next",
    "enable",
    "disable",
    "cancel-catch-up",
    "set",
    "reset",
    "overrides",
    "param",
    "pool",
    "nodes",
    "drain",
    "shut-down",
    "restart",
    "audit",
    "graph",
    "export",
    "completions",
    "man",
];

#[test]
fn every_command_explains_itself() {
    expect("help", &help(&[]));
    for command in COMMANDS {
        expect(&format!("help-{command}"), &help(&[command]));
    }
}

#[test]
fn every_command_is_listed_here() {
    let all = help(&[]);
    for command in COMMANDS {
        assert!(all.contains(&format!("\n  {command}")), "{command}");
    }
    let listed = all
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty());
    let listed = listed.filter(|line| !line.starts_with("   ")).count();
    // The last one is `help` itself.
    assert_eq!(listed, COMMANDS.len() + 1, "{all}");
}
