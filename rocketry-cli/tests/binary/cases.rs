//! What a person does with an app.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::process::Stdio;

use serde_json::Value as Json;

use crate::app::{GO, LOG};
use crate::driver::{CLAIMED, Place, until};
use crate::runner::Case;

pub(crate) const ALL: &[Case] = &[
    ("a running app is shown and steered", shown_and_steered),
    ("an app is changed, restarted and shut down", changed),
    ("an app without a log is reached and ended", in_memory),
    ("a run that was requested survives a crash of the app", crash),
    ("a backfill is planned, made, and goes on after kill -9", backfill),
    (
        "who looks on disturbs no app, and no app keeps anyone from looking",
        onlookers,
    ),
    ("a stopped app is shown and not steered", stopped),
    ("a socket full of rubbish is told of", rubbish),
    (
        "a socket of its own is used by the app and by commands",
        own_socket,
    ),
    ("two apps of one name are told apart", two_apps),
    (
        "an app is found from another folder, and one with another log is told of",
        elsewhere,
    ),
    ("an app runs some tasks, or until it is idle", short_lives),
    ("options of the app are left to it", options),
    ("what happens is told as lines or as JSON", told),
    ("scripts and manual pages are printed", scripts),
];

fn shown_and_steered() {
    let place = Place::new(true);
    let app = place.start(&["run"]);
    let tasks = place.say(&["tasks", "-o", "json"]).with_code(0).out;
    let tasks: Json = serde_json::from_str(&tasks).unwrap();
    assert_eq!(tasks.as_array().unwrap().len(), 9);

    let end = place
        .say(&["run-task", "import", "-p", "day=2026-01-01", "--wait"])
        .with_code(0)
        .out;
    assert!(end.contains("success"), "{end}");
    let log = place
        .say(&["log", "param.day:2026-01-01", "-o", "jsonl"])
        .with_code(0)
        .out;
    let records: Vec<Json> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(
        (&records[0]["action"], &records[1]["action"]),
        (&"run".into(), &"success".into())
    );
    assert!(is_the_user(&records[0]["cause"]["by"]), "{log}");
    assert_eq!(records[1]["result"], "orders of 2026-01-01");
    let run = place
        .say(&["run", &records[0]["run_id"].to_string()])
        .with_code(0)
        .out;
    assert!(run.contains("{\"day\":\"2026-01-01\"}"), "{run}");

    let apart = place.say(&["run-task", "apart", "--follow"]).with_code(0).out;
    assert!(
        apart.contains("  run ") && apart.ends_with("ms\n") && apart.contains("  success "),
        "{apart}"
    );
    // What a program prints stands between its start and its end, and its last line is ended.
    let printing = place.say(&["run-task", "printing", "--follow"]).with_code(0).out;
    let lines: Vec<&str> = printing.lines().collect();
    assert_eq!(lines[1..3], ["one", "two"], "{printing}");
    assert!(
        lines[0].contains("  run ") && lines[3].contains("  success "),
        "{printing}"
    );
    assert_eq!(lines.len(), 4, "{printing}");
    for (form, lines) in [("csv", 2), ("json", 1), ("jsonl", 1)] {
        let end = place
            .say(&["run-task", "tell", "--wait", "-o", form])
            .with_code(0)
            .out;
        assert_eq!(end.lines().count(), lines, "{end}");
    }
    let end = place
        .say(&["run-task", "tell", "--follow", "-o", "json"])
        .with_code(0)
        .out;
    let end: Json = serde_json::from_str(&end).unwrap();
    assert_eq!(end["action"], "success");
    let broken = place.say(&["run-task", "broken", "--wait"]).with_code(1);
    assert!(broken.err.contains("no network"), "{broken:?}");
    let wrong = place.say(&["run-task", "import", "-p", "dya=1"]).with_code(2);
    assert!(wrong.err.contains("did you mean `day`?"), "{wrong:?}");
    let wrong = place.say(&["run-task", "imprt"]).with_code(4);
    assert!(wrong.err.contains("did you mean `import`?"), "{wrong:?}");

    place.say(&["terminate", "endless"]).with_code(5);
    place.say(&["run-task", "endless"]).with_code(0);
    until(|| {
        place
            .say(&["tasks", "--status", "running"])
            .out
            .contains("endless")
    });
    place.say(&["terminate", "endless"]).with_code(0);
    let (status, _) = app.stop();
    assert_eq!(status.code(), Some(0));
    assert_eq!(
        place.sockets(),
        Vec::<std::path::PathBuf>::new(),
        "the socket is removed"
    );
}

/// Whether a name is that of the user of this test by the system, and not what the environment claims.
fn is_the_user(name: &Json) -> bool {
    let name = name.as_str().unwrap_or_default();
    let is_root = rustix::process::getuid().is_root();
    !name.is_empty() && name != CLAIMED && (name == "root") == is_root
}

fn changed() {
    let place = Place::new(true);
    let mut app = place.start(&["run"]);
    let done = |words: &[&str]| place.say(words).with_code(0).out;
    done(&["set", "second", "start", "hourly"]);
    done(&["set", "second", "priority", "-3"]);
    done(&["param", "day=2026-05-05"]);
    assert_eq!(done(&["param", "-o", "csv"]), "name,value\nday,2026-05-05\n");
    // What a task takes can be set again.
    done(&["param", "day", "--remove"]);
    done(&["param", "day=2026-05-06"]);
    let wrong = place.say(&["param", "dya=1"]).with_code(4);
    assert!(wrong.err.contains("did you mean `day`?"), "{wrong:?}");
    let audit = done(&["audit", "-n", "3", "-o", "jsonl"]);
    let first: Json = serde_json::from_str(audit.lines().next().unwrap()).unwrap();
    assert_eq!(
        (&first["action"], &first["before"]),
        (&"set-param".into(), &Json::Null)
    );
    let via = first["via"].as_str().unwrap();
    assert!(via.starts_with("socket, user "), "{audit}");
    assert!(is_the_user(&first["by"]), "{audit}");

    let started = || {
        let info: Json = serde_json::from_str(&place.say(&["export"]).out).ok()?;
        info["app"]["running"]
            .as_bool()?
            .then(|| info["app"]["started"].clone())
    };
    let before = started();
    done(&["restart"]);
    until(|| started().is_some_and(|now| Some(now) != before));
    let overrides = done(&["overrides", "second", "-o", "csv"]);
    assert_eq!(overrides.lines().count(), 3, "{overrides}");
    done(&["reset", "second"]);
    assert_eq!(done(&["overrides"]), "every option has the value in the code\n");

    done(&["run-task", "endless"]);
    until(|| {
        place
            .say(&["tasks", "--status", "running"])
            .out
            .contains("endless")
    });
    done(&["shut-down", "--now"]);
    assert_eq!(app.end().0.code(), Some(0));
    place.say(&["shut-down"]).with_code(3);
}

fn in_memory() {
    let place = Place::new(false);
    let app = place.start(&[]);
    place.say(&["run-task", "import", "--wait"]).with_code(0);
    let log = place.say(&["log", "task:import", "-o", "csv"]).with_code(0).out;
    assert_eq!(log.lines().count(), 3, "{log}");
    app.stop();
    place.say(&["log", "task:import", "-o", "csv"]).with_code(0);
}

fn crash() {
    let place = Place::new(true);
    let app = place.start(&["run"]);
    place.say(&["pause", "import"]).with_code(0);
    place
        .say(&["run-task", "import", "-p", "day=2026-02-02"])
        .with_code(0);
    // It is durable one write later.
    until(|| {
        fs::read_to_string(place.path("log.csv"))
            .unwrap()
            .contains("batch/")
    });
    app.kill();
    place.say(&["run-task", "import"]).with_code(3);
    let again = place.start(&["run"]);
    place.say(&["resume", "import"]).with_code(0);
    let done = ["log", "param.day:2026-02-02", "action:success", "-o", "jsonl"];
    until(|| !place.say(&done).out.is_empty());
    again.stop();
}

/// The values that a command prints as JSON, one a line.
fn json_lines(place: &Place, words: &[&str]) -> Vec<Json> {
    let text = place.say(words).with_code(0).out;
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn backfill() {
    let place = Place::new(true);
    let app = place.start(&["run"]);
    let january = ["backfill", "copy", "--from", "2024-01-01", "--to", "2024-01-11"];
    let with = |more: &[&'static str]| place.say(&[&january[..], more].concat());
    let plan = with(&["--dry-run"]).with_code(0).out;
    assert!(
        plan.starts_with("10 runs of task `copy`, from Mon 2024-01-01 03:00:00"),
        "{plan}"
    );
    assert_eq!(json_lines(&place, &["runs", "copy", "-o", "jsonl"]).len(), 0);
    let done = with(&["--wait"]).with_code(0).out;
    assert!(
        done.contains("10 of 10 have begun, 10 succeeded, 0 failed"),
        "{done}"
    );
    let runs = json_lines(
        &place,
        &["log", "task:copy", "action:run", "--all", "-o", "jsonl"],
    );
    let days: Vec<&str> = runs
        .iter()
        .map(|run| &run["due"].as_str().unwrap()[..10])
        .collect();
    assert_eq!((days[0], days[9], days.len()), ("2024-01-01", "2024-01-10", 10));
    assert!(is_the_user(&runs[0]["cause"]["by"]), "{}", runs[0]);
    let missed = [
        "backfill",
        "copy",
        "--from",
        "2024-01-05",
        "--to",
        "2024-01-15",
        "--missed",
    ];
    let missed = json_lines(&place, &[&missed[..], &["--dry-run", "-o", "jsonl"]].concat());
    assert_eq!(missed[0]["instants"].as_array().unwrap().len(), 4);

    let february = ["backfill", "copy", "--from", "2024-02-01", "--to", "2024-03-01"];
    place.say(&february).with_code(0);
    let starts = [
        "log",
        "task:copy",
        "action:run",
        "due:2024-02-01..2024-03-01",
        "--all",
        "-o",
        "jsonl",
    ];
    until(|| json_lines(&place, &starts).len() == 6);
    place.say(&february).with_code(5);
    app.kill();
    fs::write(place.path(GO), "").unwrap();
    let again = place.start(&["run"]);
    until(|| json_lines(&place, &starts).len() == 29);
    until(|| place.say(&["backfill", "copy", "--cancel"]).code == 5);
    let mut days: Vec<String> = json_lines(&place, &starts)
        .iter()
        .map(|run| run["due"].to_string())
        .collect();
    assert!(days.is_sorted(), "{days:?}");
    days.dedup();
    assert_eq!(days.len(), 29, "each has one run");
    again.stop();
}

fn onlookers() {
    let place = Place::new(true);
    let socket = place.path("own.sock");
    let socket = socket.to_str().unwrap();
    let app = place.start(&["run", "--socket", socket]);
    place
        .say(&["run-task", "import", "--wait", "--socket", socket])
        .with_code(0);
    // Without its socket, the app is not found. The log that it holds is read.
    let seen = json_lines(&place, &["log", "task:import", "-o", "jsonl"]);
    assert_eq!(seen.len(), 2);
    place.say(&["tasks"]).with_code(0);
    app.stop();
    for _ in 0..3 {
        let look = || {
            let mut command = place.command(&["export", "--socket", "nobody.sock"]);
            command
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap()
        };
        let onlookers = [look(), look(), look()];
        place.say(&["run", "--only", "import"]).with_code(0);
        place.say(&["run", "--until-idle"]).with_code(0);
        for mut onlooker in onlookers {
            assert!(onlooker.wait().unwrap().success());
        }
    }
}

fn stopped() {
    let place = Place::new(true);
    let app = place.start(&["run"]);
    place.say(&["run-task", "broken", "--wait"]).with_code(1);
    app.stop();
    let failed = place.say(&["tasks", "--status", "fail"]).with_code(0).out;
    assert!(failed.contains("broken"), "{failed}");
    let log = place.say(&["log", "action:fail", "-o", "jsonl"]).with_code(0).out;
    assert_eq!(log.lines().count(), 1, "{log}");
    for words in [
        &["run-task", "import"][..],
        &["pause", "--all"],
        &["terminate", "endless"],
        &["enable", "import"],
        &["log", "--follow"],
    ] {
        let refused = place.say(words).with_code(3);
        assert!(
            refused.err.contains("does not run: start it with") && refused.err.contains(" run`"),
            "{refused:?}"
        );
    }
    let before = fs::read(place.path("log.csv")).unwrap();
    place.say(&["export"]).with_code(0);
    assert!(
        fs::read(place.path("log.csv")).unwrap() == before,
        "reading changes nothing"
    );
}

fn rubbish() {
    let place = Place::new(true);
    let path = place.path("rubbish.sock");
    let socket = path.to_str().unwrap();
    fs::write(&path, "rubbish").unwrap();
    let steered = place.say(&["pause", "--all", "--socket", socket]).with_code(3);
    assert!(
        steered.err.contains("is not a socket at which an app listens"),
        "{steered:?}"
    );
    let shown = place.say(&["tasks", "--socket", socket]).with_code(0);
    assert!(
        shown.err.contains("this is what its code and its run log tell"),
        "{shown:?}"
    );
    let app = place.say(&["run", "--socket", socket]).with_code(1);
    assert!(
        app.err.contains("is not a socket, so it is not replaced"),
        "{app:?}"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), "rubbish");

    fs::remove_file(&path).unwrap();
    drop(UnixListener::bind(&path).unwrap());
    place.say(&["pause", "--all", "--socket", socket]).with_code(3);
    let app = place.start(&["run", "--socket", socket]);
    place.say(&["pause", "--all", "--socket", socket]).with_code(0);
    app.kill();
    place.say(&["pause", "--all", "--socket", socket]).with_code(3);
    place.start(&["run", "--socket", socket]).stop();

    // What listens there may be no app, too.
    let path = place.path("stranger.sock");
    let socket = path.to_str().unwrap();
    let stranger = UnixListener::bind(&path).unwrap();
    std::thread::spawn(move || {
        for stream in stranger.incoming() {
            let _ = stream.unwrap().write_all(b"rubbish\r\n\r\n");
        }
    });
    let steered = place.say(&["pause", "--all", "--socket", socket]).with_code(3);
    assert!(steered.err.contains("no app answers at"), "{steered:?}");
    let shown = place.say(&["tasks", "--socket", socket]).with_code(0);
    assert!(shown.err.contains("no app answers at"), "{shown:?}");
    let app = place.say(&["run", "--socket", socket]).with_code(1);
    assert!(app.err.contains("another app listens at"), "{app:?}");

    // Rubbish in the runtime folder is passed over.
    fs::create_dir_all(place.path("rocketry")).unwrap();
    let name = std::env::current_exe().unwrap();
    let name = name.file_stem().unwrap().to_string_lossy().into_owned();
    fs::write(place.path("rocketry").join(format!("{name}.1.sock")), "rubbish").unwrap();
    fs::set_permissions(place.path("rocketry"), fs::Permissions::from_mode(0o700)).unwrap();
    let app = place.start(&["run"]);
    place.say(&["pause", "import"]).with_code(0);
    app.stop();
}

fn own_socket() {
    let place = Place::new(false);
    let path = place.path("own.sock");
    let app = place.start(&["run", "--socket", path.to_str().unwrap()]);
    let by_variable = place
        .command(&["disable", "import"])
        .env("ROCKETRY_SOCKET", &path)
        .output()
        .unwrap();
    assert!(by_variable.status.success(), "{by_variable:?}");
    place.say(&["disable", "import"]).with_code(3);
    let second = place
        .say(&["run", "--socket", path.to_str().unwrap()])
        .with_code(1);
    assert!(second.err.contains("another app listens at"), "{second:?}");
    app.stop();
}

fn two_apps() {
    let place = Place::new(false);
    let first = place.start_unseen(&["run"]);
    let second = place.start_unseen(&["run"]);
    until(|| place.sockets().len() == 2);
    until(|| place.say(&["disable", "import"]).code == 2);
    let which = place.say(&["disable", "import"]).with_code(2).err;
    assert!(
        which.contains("2 apps named") && which.contains("--socket"),
        "{which}"
    );
    let socket = place.sockets().remove(0);
    place
        .say(&["disable", "import", "--socket", socket.to_str().unwrap()])
        .with_code(0);
    first.stop();
    place.say(&["disable", "import"]).with_code(0);
    second.stop();
}

fn elsewhere() {
    let place = Place::new(true);
    let app = place.start(&["run"]);
    let there = place.path("there");
    fs::create_dir(&there).unwrap();
    let from_there = place
        .command(&["disable", "import"])
        .current_dir(&there)
        .output()
        .unwrap();
    assert!(from_there.status.success(), "{from_there:?}");
    let with_other_log = |words: &[&str]| {
        let other = place.command(words).env(LOG, "other.csv").output().unwrap();
        (
            other.status.code(),
            String::from_utf8_lossy(&other.stderr).into_owned(),
        )
    };
    let socket = place.sockets().remove(0);
    let (code, told) = with_other_log(&["disable", "import"]);
    assert_eq!(code, Some(3), "{told}");
    assert!(
        told.contains("does not run with the run log `csv:other.csv` of this folder: start it"),
        "{told}"
    );
    assert!(told.contains(&format!("--socket {}", socket.display())), "{told}");
    let (code, told) = with_other_log(&["tasks"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(
        told.contains("this is what its code and its run log tell") && told.contains("--socket "),
        "{told}"
    );
    app.stop();
}

fn short_lives() {
    let place = Place::new(true);
    place.say(&["run", "--until-idle"]).with_code(0);
    let starts = place.say(&["log", "action:run", "-o", "jsonl"]).with_code(0).out;
    assert!(
        starts.contains("\"first\"") && starts.contains("\"second\""),
        "{starts}"
    );
    place.say(&["run", "--only", "import"]).with_code(0);
    let failed = place.say(&["run", "--only", "broken"]).with_code(1);
    assert!(failed.err.contains("task `broken` ended with fail"), "{failed:?}");
    let wrong = place.say(&["run", "--only", "brokn"]).with_code(4);
    assert!(wrong.err.contains("did you mean `broken`?"), "{wrong:?}");
}

fn options() {
    let place = Place::new(true);
    place
        .say(&["--mode", "fast", "run", "--only", "tell"])
        .with_code(0);
    let log = place
        .say(&["log", "task:tell", "action:success", "-o", "jsonl"])
        .with_code(0)
        .out;
    assert!(log.contains("\"result\":\"fast\""), "{log}");
    place.say(&["run", "--only", "tell", "--mode=slow"]).with_code(0);
    place.say(&["--mod", "fast"]).with_code(2);
    assert!(
        place
            .say(&["-h"])
            .with_code(0)
            .out
            .contains("Options that this app reads itself: --mode")
    );
    let help = place.say(&["--help"]).with_code(0).out;
    assert!(
        help.contains("reads itself: --mode") && help.contains("Exit codes:"),
        "{help}"
    );
}

fn told() {
    let place = Place::new(false);
    let lines = place.say(&["run", "--only", "broken"]).with_code(1).err;
    assert!(
        lines.contains("ERROR broken ") && lines.contains("run failed in "),
        "{lines}"
    );
    assert!(!lines.contains('\x1b'), "no colours in a pipe: {lines}");
    let lines = place
        .say(&["run", "--only", "broken", "--log", "json"])
        .with_code(1)
        .err;
    let lines: Vec<Json> = lines
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let failed = lines.iter().find(|line| line["message"] == "run failed").unwrap();
    assert_eq!(
        (&failed["task"], &failed["error"]),
        (&"broken".into(), &"no network".into())
    );
}

fn scripts() {
    let place = Place::new(false);
    assert!(place.say(&["--version"]).with_code(0).out.ends_with(" 4.5.6\n"));
    let help = place.say(&["help", "explain"]).with_code(0).out;
    assert_eq!(help, place.say(&["explain", "--help"]).with_code(0).out);
    for shell in ["bash", "zsh", "fish"] {
        let script = place.say(&["completions", shell]).with_code(0).out;
        assert!(script.contains("__complete"), "{script}");
    }
    assert!(
        place
            .say(&["completions", "powershell"])
            .with_code(0)
            .out
            .contains("run-task")
    );
    assert_eq!(
        place
            .say(&["__complete", "--", "run-task", "imp"])
            .with_code(0)
            .out,
        "import\n"
    );
    assert!(place.say(&["man"]).with_code(0).out.starts_with(".ie"));
    place.say(&["man", "--folder", "pages"]).with_code(0);
    let pages = fs::read_dir(place.path("pages")).unwrap().count();
    assert!(pages > 10, "{pages}");
}
