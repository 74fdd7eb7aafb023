//! What a command gives back, and how it ends.

use std::time::Duration;

use rocketry_core::param::Return;
use rocketry_core::{Action, Exit, Params, Task, TaskBuilder};

use crate::folder::Folder;
use crate::pipe::Pipe;
use crate::{patient, printed, reason, run, with};

/// A grace that is over soon, and one that nobody lives to see the end of.
const IMPATIENT: Duration = Duration::from_millis(20);
const PATIENT: Duration = Duration::from_secs(3600);

#[test]
fn what_is_printed_is_the_result_of_whatever_type_it_spells() {
    let (record, result) = run(Task::command("echo", ["echo", "42"]));
    let result = result.unwrap();
    assert_eq!(record.action, Action::Success);
    assert_eq!(result.read::<String>().unwrap(), "42\n");
    assert_eq!(result.read::<u8>(), Ok(42));
    let process = record.process().unwrap();
    assert_eq!((process.exit, &*process.output), (Exit::Code(0), "42\n"));
}

#[test]
fn the_result_goes_on_to_others() {
    let first = Task::command("first", ["echo", "41 + 1"]);
    let second = Task::command("second", ["printf", "<%s>"]).argument("sum", Return("first"));
    let result = with([first, second], async |session| {
        session.task("first").unwrap().run(Params::new()).await.unwrap();
        let second = session.task("second").unwrap();
        second.run(Params::new()).await.unwrap();
        second.result().unwrap()
    });
    assert_eq!(result.read::<String>().unwrap(), "<--sum><41 + 1\n>");
}

#[test]
fn another_exit_code_is_a_failure_with_the_end_of_the_standard_error() {
    let script = "echo result; for x in $(seq 100); do echo line $x >&2; done; exit 3";
    let (record, result) = run(Task::command("fail", script).shell(true));
    let message = record.message.as_deref().unwrap();
    let lines: Vec<&str> = message.lines().collect();
    assert!(result.is_none());
    assert_eq!(lines[0], "the command ended with exit code 3:");
    assert_eq!((lines.len(), lines[1], lines[20]), (21, "line 81", "line 100"));
    let process = record.process().unwrap();
    assert_eq!(process.exit, Exit::Code(3));
    assert!(process.output.starts_with("result\nline 1\n") && process.output.ends_with("line 100\n"));
}

#[test]
fn a_signal_is_a_failure() {
    let message = reason(Task::command("kill", "kill -9 $$").shell(true));
    assert_eq!(message, "the command ended with signal 9 (SIGKILL)");
}

#[test]
fn what_can_not_start_says_why() {
    let message = reason(Task::command("missing", ["no-such-program"]));
    assert!(
        message.starts_with("`no-such-program` can't be started: "),
        "{message}"
    );
    let message = reason(Task::command("nowhere", ["ls"]).cwd("/no/such/folder"));
    assert_eq!(message, "there is no folder `/no/such/folder` to run in");
    let folder = Folder::new();
    std::fs::write(folder.path("text"), "not a program").unwrap();
    let message = reason(Task::command("text", [folder.path("text")]));
    assert!(message.contains("can't be started: "), "{message}");
}

#[test]
fn of_a_hundred_megabytes_the_last_is_kept() {
    let text = printed(Task::command("print", "yes | head -c 100000000; echo the end").shell(true));
    assert!(
        text.starts_with("[the last 1048576 of 100000008 bytes]\n"),
        "{}",
        &text[..60]
    );
    assert!(text.ends_with("y\nthe end\n"));
    assert!(text.len() < 1_048_576 + 60);
    let message = reason(Task::command("print", "yes | head -c 100000000 >&2; exit 1").shell(true));
    assert!(message.len() < 200, "{}", message.len());
}

#[test]
fn much_on_both_streams_holds_nothing_up() {
    let script = "head -c 20000000 /dev/zero; head -c 20000000 /dev/zero >&2";
    let (record, _) = run(Task::command("print", ["sh", "-c", script]));
    let process = record.process().expect("a process");
    assert!(process.exit.is_success());
    assert!(process.output.len() < 200_000);
}

/// A script that reports through a named pipe, and holds it open for as long as anything of it is there.
fn reporting(name: &'static str, pipe: &Pipe, script: &str) -> TaskBuilder {
    let script = format!("exec 9> '{}'; {script}", pipe.path().display());
    Task::command(name, script).shell(true)
}

/// Terminates a script that has reported; gives back how its process ended and what it had printed.
fn stopped(kill_grace: Duration, script: &str) -> (Action, Exit, String) {
    let pipe = Pipe::new();
    let record = patient(
        kill_grace,
        [reporting("script", &pipe, script)],
        async |session| {
            let task = session.task("script").unwrap();
            let run = task.run(Params::new());
            let witness = tokio::task::block_in_place(|| pipe.wait());
            task.terminate();
            let record = run.await.unwrap();
            tokio::task::block_in_place(|| witness.sees_the_end());
            record
        },
    );
    let process = record.process().expect("a process");
    (record.action, process.exit, process.output.to_string())
}

#[test]
fn one_that_is_stopped_may_tidy_up() {
    let script = "trap 'echo bye; exit 5' TERM; sleep 1000 & echo here >&9; wait";
    let ended = stopped(PATIENT, script);
    assert_eq!(ended, (Action::Terminate, Exit::Code(5), "bye\n".to_owned()));
}

#[test]
fn one_that_does_not_mind_is_killed() {
    let ended = stopped(IMPATIENT, "trap '' TERM; echo here >&9; while :; do :; done");
    assert_eq!(ended, (Action::Terminate, Exit::Signal(9), String::new()));
}

#[test]
fn what_it_has_started_ends_with_it() {
    let script = "(trap '' TERM; while :; do sleep 1000; done) & echo here >&9; wait";
    let ended = stopped(PATIENT, script);
    assert_eq!(ended, (Action::Terminate, Exit::Signal(15), String::new()));
}

#[test]
fn a_command_that_ends_well_leaves_no_process() {
    let pipe = Pipe::new();
    let task = reporting("script", &pipe, "sleep 1000 & echo here >&9; echo done");
    let (record, result) = with([task], async |session| {
        let task = session.task("script").unwrap();
        let run = task.run(Params::new());
        let witness = tokio::task::block_in_place(|| pipe.wait());
        let record = run.await.unwrap();
        tokio::task::block_in_place(|| witness.sees_the_end());
        (record, task.result().unwrap())
    });
    assert_eq!(record.action, Action::Success);
    assert_eq!(result.read::<String>().unwrap(), "done\n");
}

#[test]
fn a_process_that_left_its_group_delays_no_end() {
    let pipe = Pipe::new();
    let [ready, go] = [Pipe::new(), Pipe::new()];
    // It has the standard output of the command open, which has ended.
    let survivor = format!(
        "echo > '{}'; echo here >&9; read line < '{}'",
        ready.path().display(),
        go.path().display()
    );
    let script = format!(
        "setsid sh -c \"{survivor}\" & read line < '{}'",
        ready.path().display()
    );
    let (record, witness) = with([reporting("script", &pipe, &script)], async |session| {
        let run = session.task("script").unwrap().run(Params::new());
        let witness = tokio::task::block_in_place(|| pipe.wait());
        (run.await.unwrap(), witness)
    });
    assert_eq!(record.action, Action::Success);
    std::fs::write(go.path(), "go\n").unwrap();
    witness.sees_the_end();
}

#[test]
fn a_timeout_ends_it() {
    let pipe = Pipe::new();
    let task = reporting("script", &pipe, "echo here >&9; sleep 1000").timeout("200 ms");
    let record = with([task], async |session| {
        let run = session.task("script").unwrap().run(Params::new());
        let witness = tokio::task::block_in_place(|| pipe.wait());
        let record = run.await.unwrap();
        tokio::task::block_in_place(|| witness.sees_the_end());
        record
    });
    assert_eq!(record.action, Action::Terminate);
    assert_eq!(record.message.as_deref(), Some("it took longer than its timeout"));
}

#[test]
fn the_end_of_the_app_waits_for_it_and_a_forced_one_does_not() {
    let pipe = Pipe::new();
    let task = reporting(
        "script",
        &pipe,
        "trap '' TERM; echo here >&9; while :; do sleep 1000; done",
    );
    let witness = with([task], async |session| {
        session.task("script").unwrap().run(Params::new());
        let witness = tokio::task::block_in_place(|| pipe.wait());
        session.shut_down();
        session.shut_down_now();
        witness
    });
    witness.sees_the_end();
}
