//! The output of commands on the standard error of the app.

use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use rocketry_core::{Params, Task};

use crate::{printed, with};

/// Runs the test below in a new process, and returns its standard error.
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

/// A tenth of a second is much for what the test below does.
const LIMIT: Duration = Duration::from_secs(60);

#[test]
fn a_standard_error_that_is_not_read_holds_nothing_up() {
    let mut child = Command::new(std::env::current_exe().expect("a test is a program"))
        .args(["echo::an_app_whose_command_prints_much", "--exact", "--ignored"])
        .env("ROCKETRY_ECHO_OUTPUT", "true")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a test can be run");
    let mut stdout = child.stdout.take().expect("a pipe");
    let (said, heard) = mpsc::channel();
    std::thread::spawn(move || said.send(std::io::read_to_string(&mut stdout)));
    let said = heard.recv_timeout(LIMIT);
    // Only now, as its output has not been read before.
    child.kill().expect("it may have ended");
    child.wait().expect("it ends");
    let said = said.expect("the app goes on and ends").expect("text");
    assert!(said.contains("1 passed"), "{said}");
}

#[test]
#[ignore = "needs a standard error that nobody reads"]
fn an_app_whose_command_prints_much() {
    let print = Task::command("print", ["head", "-c", "3000000", "/dev/zero"]);
    let others = (0..8).map(|_| Task::func("other", || async {}));
    let others = others
        .zip(0..)
        .map(|(task, number)| task.name(format!("other {number}")));
    with([print].into_iter().chain(others), async |session| {
        let print = session.task("print").unwrap();
        let run = print.run(Params::new()).await.unwrap();
        assert!(run.process().unwrap().exit.is_success());
        for number in 0..8 {
            let other = session.task(format!("other {number}")).unwrap();
            other.force_run().await.unwrap();
        }
    });
}

#[test]
#[ignore = "needs a standard error of its own"]
fn an_app_with_a_command() {
    let script = "echo to the one; echo to the other >&2";
    let result = printed(Task::command("print", script).shell(true));
    assert_eq!(result, "to the one\n", "it is kept besides");
}
