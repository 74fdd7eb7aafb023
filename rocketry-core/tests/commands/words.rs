//! What a command is given.

use rocketry_core::param::{EnvArg, SimpleArg};
use rocketry_core::{Error, Execution, Params, Rocketry, Task, TaskBuilder};

use crate::folder::Folder;
use crate::{printed, reason, run_with};

#[test]
fn words_of_a_list_are_arguments_as_they_are() {
    let words = [
        "printf",
        "<%s>",
        "a b",
        "; touch x",
        "$(id)",
        "`id`",
        "\"",
        "'",
        "*",
        "\\",
        "",
        "-n",
        "ä\n",
    ];
    let expected = "<a b><; touch x><$(id)><`id`><\"><'><*><\\><><-n><ä\n>";
    assert_eq!(printed(Task::command("list", words)), expected);
}

#[test]
fn a_list_may_be_owned_and_a_text_may_be_a_program() {
    assert_eq!(
        printed(Task::command(
            "owned",
            vec!["echo".to_owned(), "hello".to_owned()]
        )),
        "hello\n"
    );
    assert_eq!(printed(Task::command("slice", &["echo", "hello"][..])), "hello\n");
    assert_eq!(printed(Task::command("text", "echo")), "\n");
    assert_eq!(printed(Task::command("text", String::from("echo"))), "\n");
}

#[test]
fn parameters_are_options_in_the_order_of_their_names() {
    let task = Task::command("options", ["printf", "<%s>"])
        .parameter("verbose", true)
        .parameter("day", "2026-01-01; rm -rf /")
        .parameter("n", 5)
        .argument("made", SimpleArg(1.5));
    assert_eq!(
        printed(task),
        "<--day><2026-01-01; rm -rf /><--made><1.5><-n><5><--verbose><true>"
    );
}

#[test]
fn parameters_of_the_run_come_before_those_of_the_task() {
    let task = Task::command("batch", ["echo"])
        .parameter("a", 1)
        .parameter("b", 2);
    let (_, result) = run_with(task, Params::new().with("b", 3).with("c", "four five"));
    assert_eq!(
        result.unwrap().read::<String>().unwrap(),
        "-a 1 -b 3 -c four five\n"
    );
}

#[test]
fn the_shell_runs_a_text() {
    let script = "for x in 1 2 3; do echo $x; done | wc -l | tr -d ' '";
    assert_eq!(printed(Task::command("script", script).shell(true)), "3\n");
}

#[test]
fn parameters_of_a_script_are_at_its_end_and_never_read_as_script() {
    let folder = Folder::new();
    let bomb = format!(
        "$(touch {0}); touch {0}; `touch {0}`",
        folder.path("bomb").display()
    );
    let task = Task::command("script", "printf '<%s>' first")
        .shell(true)
        .parameter("x", bomb.clone());
    assert_eq!(printed(task), format!("<first><-x><{bomb}>"));
    assert!(!folder.path("bomb").exists());
}

#[test]
fn a_script_may_say_where_its_parameters_belong() {
    let task = Task::command("script", "printf '<%s>' \"$@\" last")
        .shell(true)
        .parameter("key", "a  b");
    assert_eq!(printed(task), "<--key><a  b><last>");
    let task = Task::command("script", "echo \"${2} is the value\"")
        .shell(true)
        .parameter("key", 7);
    assert_eq!(printed(task), "7 is the value\n");
}

#[test]
fn a_command_has_a_folder_and_an_environment() {
    let folder = Folder::new();
    let task = Task::command("pwd", ["pwd"]).cwd(folder.as_ref());
    assert_eq!(printed(task), format!("{}\n", folder.as_ref().display()));
    let task = Task::command("env", ["printenv", "COLOUR", "PATH"]).env("COLOUR", "red; green");
    let path = std::env::var("PATH").unwrap();
    assert_eq!(printed(task), format!("red; green\n{path}\n"));
}

#[test]
fn a_command_has_nothing_to_read() {
    assert_eq!(printed(Task::command("cat", ["cat"])), "");
}

#[test]
fn a_parameter_that_is_no_word_fails_the_run() {
    struct Key;
    let message = reason(Task::command("echo", ["echo"]).parameter("key", Key));
    assert!(
        message.starts_with("parameter `key` of task `echo`: "),
        "{message}"
    );
    assert!(message.contains("can't be written as a word"), "{message}");
    let message =
        reason(Task::command("echo", ["echo"]).argument("key", EnvArg("ROCKETRY_INTERNAL_NOT_THERE")));
    assert!(
        message.contains("environment variable `ROCKETRY_INTERNAL_NOT_THERE`"),
        "{message}"
    );
}

fn mistake(task: TaskBuilder) -> String {
    let built = Rocketry::builder().task(task).build();
    let error: Error = built.map(drop).expect_err("a mistake");
    assert!(error.is_build());
    error.problems()[0].message.clone()
}

#[test]
fn what_can_be_no_command_is_found_when_the_app_is_built() {
    let empty: [&str; 0] = [];
    let cases = [
        (Task::command("x", empty), "an empty list has no program"),
        (Task::command("x", [""]), "an empty list has no program"),
        (Task::command("x", " "), "an empty text is no command"),
        (
            Task::command("x", ["ls"]).shell(true),
            "a list is not for the shell: write the script as one text",
        ),
        (
            Task::command("x", "ls -l"),
            "without a shell, `ls -l` would be the name of one program: write a list of words, or `.shell(true)`",
        ),
        (
            Task::command("x", ["ls"]).execution(Execution::Thread),
            "a command is always a process of its own",
        ),
    ];
    for (task, expected) in cases {
        assert_eq!(mistake(task), format!("task `x`: {expected}"));
    }
    assert_eq!(
        mistake(Task::func("f", || async {}).shell(true)),
        "`shell` of task `f`: it is no command"
    );
    assert_eq!(
        mistake(Task::func("f", || async {}).cwd("/")),
        "`cwd` of task `f`: it is no command"
    );
    assert_eq!(
        mistake(Task::func("f", || async {}).env("A", "b")),
        "`env` of task `f`: it is no command"
    );
}
