//! What commands print, on the standard error of the app.

use std::process::Command;

use rocketry_core::Task;

use crate::printed;

/// Runs the test below in a process of its own, whose standard error it is; gives that back.
fn echoed(setting: &str) -> String {
    let mut child = Command::new(std::env::current_exe().expect("a test is a program"));
    let output = child
        .args(["echo::an_app_with_a_command", "--exact", "--ignored"])
        .env("ROCKETRY_ECHO_OUTPUT", setting)
        .output()
        .expect("a test can be run");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn what_a_command_prints_is_shown_if_the_settings_say_so() {
    let shown = echoed("true");
    assert!(shown.contains("to the one\n"), "{shown}");
    assert!(shown.contains("to the other\n"), "{shown}");
    let shown = echoed("false");
    assert!(!shown.contains("to the"), "{shown}");
}

#[test]
#[ignore = "needs a standard error of its own"]
fn an_app_with_a_command() {
    let script = "echo to the one; echo to the other >&2";
    let result = printed(Task::command("print", script).shell(true));
    assert_eq!(result, "to the one\n", "it is kept besides");
}
