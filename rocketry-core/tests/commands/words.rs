//! What a command is given.

use rocketry_core::param::{EnvArg, SimpleArg};
use rocketry_core::{Config, Error, Execution, Params, Rocketry, Task, TaskBuilder};

use crate::folder::Folder;
use crate::serving::serve;
use crate::told::told;
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
        "it's",
        "$HOME",
        "日本",
    ];
    let expected = "<a b><; touch x><$(id)><`id`><\"><'><*><\\><><-n><ä\n><it's><$HOME><日本>";
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
fn the_text_of_a_script_does_not_matter() {
    let scripts = [
        "printf '<%s>' \"$PARAM_day\" \"$@\"",
        "printf '<%s>' \"$PARAM_day\" \"$@\";",
        "printf '<%s>' \"$PARAM_day\" \"$@\" # that is all",
        "printf '<%s>' \"$PARAM_day\" \"$@\" &\nwait\n\n",
        "cat <<END\n<$PARAM_day><$1><$2>\nEND\n",
        "echo \"$PARAM_day\" \"$@\" | awk '{print \"<\" $1 \"><\" $2 \"><\" $3 \">\"}'",
        "if true; then printf '<%s>' \"$PARAM_day\" \"$@\"; fi",
    ];
    for script in scripts {
        let task = Task::command("script", script)
            .shell(true)
            .parameter("day", "2026");
        assert_eq!(printed(task).trim_end(), "<2026><--day><2026>", "{script}");
    }
    let task = Task::command("script", "echo 'a b' | awk '{print $2}'").shell(true);
    assert_eq!(
        printed(task.parameter("day", "2026")),
        "b\n",
        "nothing is put to it"
    );
}

#[test]
fn parameters_of_a_script_are_never_read_as_script() {
    let folder = Folder::new();
    let bomb = format!(
        "$(touch {0}); touch {0}; `touch {0}`",
        folder.path("bomb").display()
    );
    let task = Task::command("script", "printf '<%s>' \"$PARAM_x\" \"$@\" last")
        .shell(true)
        .parameter("x", bomb.clone());
    assert_eq!(printed(task), format!("<{bomb}><-x><{bomb}><last>"));
    assert!(!folder.path("bomb").exists());
}

#[test]
fn variables_of_a_script_are_its_own() {
    let script = "command -v sh >/dev/null && printf '<%s>' \"$PARAM_PATH\" \"$PARAM_dry_run\"";
    let task = Task::command("script", script)
        .shell(true)
        .parameter("PATH", "/nowhere")
        .parameter("dry-run", true);
    assert_eq!(
        printed(task),
        "</nowhere><>",
        "the shell knows no variable with a dash"
    );
}

#[test]
fn a_parameter_may_be_a_variable_of_the_environment() {
    let task = Task::command("env", ["sh", "-c", "printf '<%s>' \"$PGPASSWORD\" \"$@\"", "sh"])
        .parameter("password", "hunter2")
        .parameter("day", 5)
        .env_from("PGPASSWORD", "password");
    let given = Params::new().with("password", "of the run");
    let (_, result) = run_with(task.clone(), given);
    assert_eq!(
        result.unwrap().read::<String>().unwrap(),
        "<of the run><--day><5>"
    );
    assert_eq!(printed(task), "<hunter2><--day><5>");
}

#[test]
fn a_parameter_may_be_what_a_command_reads() {
    let task = Task::command("cat", ["cat"])
        .parameter("text", "line\nno more")
        .stdin_from("text");
    assert_eq!(printed(task), "line\nno more");
    let long = "x".repeat(1_000_000);
    let count = Task::command("count", ["wc", "-c"])
        .parameter("text", long.clone())
        .stdin_from("text");
    assert_eq!(printed(count).trim(), "1000000");
    let idle = Task::command("idle", ["true"])
        .parameter("text", long)
        .stdin_from("text");
    assert_eq!(printed(idle), "", "it ends though it does not read");
}

#[test]
fn a_parameter_with_a_place_may_be_that_of_the_session() {
    let app = |task: TaskBuilder| Rocketry::builder().param("token", "hunter2").task(task);
    let task = Task::command("work", ["sh", "-c", "printf '<%s>' \"$TOKEN\" \"$@\"", "sh"]);
    let result = serve(app(task.clone().env_from("TOKEN", "token")), async |session| {
        let task = session.task("work").unwrap();
        task.force_run().await.unwrap();
        task.result().unwrap().read::<String>().unwrap()
    });
    assert_eq!(result, "<hunter2>");
    let missing = app(task.env_from("TOKEN", "tokn").start("daily"))
        .build()
        .unwrap_err();
    let said = missing.to_string();
    assert!(
        said.contains("no session parameter `tokn`; did you mean `token`?"),
        "{said}"
    );
}

/// An app in which the token is secret.
fn with_secret(task: TaskBuilder) -> String {
    let config = Config {
        secrets: vec!["token".into()],
        ..Config::default()
    };
    serve(Rocketry::builder().config(config).task(task), async |session| {
        let task = session.tasks().remove(0);
        let params = Params::new().with("token", "hunter2").with("day", 5);
        let record = task.run(params).await.unwrap();
        let result = task.result().unwrap_or_else(|| panic!("{record:?}"));
        result.read::<String>().unwrap()
    })
}

#[test]
#[cfg(target_os = "linux")]
fn a_secret_stands_in_no_argument() {
    const SHOW: &str = "printf '<%s>' \"$@\" | cat - /proc/$$/cmdline";
    let script = format!("{SHOW}; printf '<%s>' \"$PARAM_token\"");
    let printed = with_secret(Task::command("script", script).shell(true));
    assert!(
        printed.starts_with("<--day><5>") && printed.ends_with("<hunter2>"),
        "{printed}"
    );
    assert_eq!(printed.matches("hunter2").count(), 1, "{printed}");
    let list = Task::command("list", ["sh", "-c", SHOW, "sh"]).env_from("TOKEN", "token");
    assert!(!with_secret(list).contains("hunter2"));
    let list = Task::command("list", ["sh", "-c", SHOW, "sh"]).stdin_from("token");
    assert!(!with_secret(list).contains("hunter2"));
}

#[test]
fn a_secret_among_the_arguments_is_reported_once() {
    let told = told();
    let exposed = Task::command("exposed", ["echo"]);
    assert_eq!(with_secret(exposed.clone()), "--day 5 --token hunter2\n");
    assert_eq!(with_secret(exposed), "--day 5 --token hunter2\n");
    let warnings = told.with("`exposed`");
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(
        warnings[0].starts_with("WARN the secret parameter `token`"),
        "{warnings:?}"
    );
    assert!(
        warnings[0].contains(".env_from(\"…\", \"token\")"),
        "{warnings:?}"
    );
    with_secret(Task::command("hidden", ["echo"]).env_from("TOKEN", "token"));
    assert_eq!(told.with("`hidden`"), [] as [String; 0]);
    assert_eq!(told.with("hunter2"), [] as [String; 0]);
}

#[test]
fn a_command_has_a_span() {
    let told = told();
    super::run(Task::command("in a span", ["sh", "-c", "echo gone >&2; exit 3"]));
    let spans = told.spans_with("run task=\"in a span\"");
    assert_eq!(spans.len(), 1, "{spans:?}");
    let end = " outcome=fail otel.status_code=\"ERROR\" otel.status_description=\"the command ended with exit code 3";
    assert!(spans[0].contains(end), "{spans:?}");
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
        (Task::command("x", " "), "an empty text is not a command"),
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
        "`shell` of task `f`: it is not a command"
    );
    assert_eq!(
        mistake(Task::func("f", || async {}).cwd("/")),
        "`cwd` of task `f`: it is not a command"
    );
    assert_eq!(
        mistake(Task::func("f", || async {}).env("A", "b")),
        "`env` of task `f`: it is not a command"
    );
    assert_eq!(
        mistake(Task::func("f", || async {}).env_from("A", "b")),
        "`env_from` of task `f`: it is not a command"
    );
    assert_eq!(
        mistake(Task::func("f", || async {}).stdin_from("b")),
        "`stdin_from` of task `f`: it is not a command"
    );
}
