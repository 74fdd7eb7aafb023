//! Wrong names, times, parameters and options: the exit code, and the nearest name.

use super::shop::{printed, shop};

#[test]
fn a_mistake_has_its_exit_code_and_the_nearest_name() {
    let app = shop();
    for (line, code, part) in [
        ("tsks", 2, "a similar subcommand exists: 'tasks'"),
        ("tasks --stauts fail", 2, "a similar argument exists: '--status'"),
        ("tasks --status failed", 2, "did you mean `fail`?"),
        ("tasks --due-within soon", 2, "`soon` is not an instant"),
        ("tasks -o jsn", 2, "a similar value exists: 'json'"),
        ("tasks -o ics", 2, "`--output ics` is there for `simulate`"),
        ("next fetch -o svg", 2, "`--output svg` for `simulate`"),
        ("log taks:fetch", 2, "did you mean `task`?"),
        ("log since:yesterdy", 2, "`yesterdy` is not an instant"),
        ("log task:fetsh", 4, "did you mean `fetch`?"),
        ("runs reprot", 4, "did you mean `report`?"),
        ("run 12", 4, "the run log has no run with the id `12`"),
        ("run fetch", 4, "to run task `fetch`, use `run-task fetch`"),
        ("run-task imprt", 4, "did you mean `import`?"),
        ("run-task import -p day", 2, "expected KEY=VALUE"),
        (
            "run-task import -p day=today",
            2,
            "takes no parameter `day`; it takes none",
        ),
        ("explain reprot", 4, "did you mean `report`?"),
        ("explain report --at nwo", 2, "`nwo` is not an instant"),
        ("simulate --to yesterday", 2, "nothing is between"),
        ("simulate --from nwo", 2, "`nwo` is not an instant"),
        ("check dayly", 2, "expected"),
        ("check --zone UTC", 2, "required arguments were not provided"),
        ("calendar reprot", 4, "did you mean `report`?"),
        ("calendar --month 2026", 2, "expected a month such as"),
        ("calendar --month 2025-01", 2, "January 2025 is over"),
        ("backfill fetsh --from 1d --dry-run", 4, "did you mean `fetch`?"),
        ("backfill fetch --from nwo", 2, "from: `nwo` is not an instant"),
        (
            "backfill fetch --from today --to yesterday",
            2,
            "nothing is between",
        ),
        ("backfill fetch", 2, "--from <TIME>"),
        (
            "backfill fetch --cancel",
            5,
            "no backfill of task `fetch` is under way",
        ),
        ("next reprot", 4, "did you mean `report`?"),
        ("next dayly", 2, "did you mean `daily`?"),
        ("next xyzzy", 4, "there is no task `xyzzy`"),
        ("next fetch --zone UTC", 2, "a zone is for a statement"),
        ("pause fetch --until 02:00", 2, "`02:00` has passed"),
        ("pause fetch --all", 2, "cannot be used with"),
        ("pause", 2, "required arguments were not provided"),
        ("pause --group databse", 4, "there is no group"),
        ("terminate fetch", 5, "task `fetch` has no run under way"),
        (
            "terminate fetc",
            4,
            "there is no task `fetc`; did you mean `fetch`?",
        ),
        ("set reprot priority 5", 4, "did you mean `report`?"),
        ("set report priority high", 2, "`high` is not a valid priority"),
        (
            "set report max-running -1",
            2,
            "`-1` is not a valid number of runs",
        ),
        ("set report timeout soon", 2, "soon"),
        ("set report execution treads", 2, "did you mean `thread`?"),
        ("set report strat hourly", 2, "a similar value exists: 'start'"),
        ("set report start dayly", 2, "did you mean `daily`?"),
        ("set report start", 2, "<VALUE>"),
        ("reset reprot", 4, "did you mean `report`?"),
        ("overrides reprot", 4, "did you mean `report`?"),
        ("param dya=1", 4, "did you mean `day`?"),
        ("param dya", 4, "there are `day`"),
        ("param --remove", 2, "required arguments were not provided"),
        ("param --task reprot", 4, "did you mean `report`?"),
        ("pool databse 8", 4, "did you mean `database`?"),
        ("pool database", 2, "<SIZE>"),
        ("pool database 0", 2, "0 is not in 1.."),
        ("audit --task reprot", 4, "did you mean `report`?"),
        ("audit -o svg", 2, "`--output svg` for `simulate`"),
        ("cancel-catch-up reprot", 4, "did you mean `report`?"),
        ("cancel-catch-up fetch", 5, "task `fetch` has no missed starts"),
        ("man lgo", 2, "there is no command `lgo`; did you mean `log`?"),
        ("man -o json", 2, "this command prints a text"),
        ("completions bash -o csv", 2, "this command prints a text"),
        ("enable clean", 4, "there is no task `clean`"),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let text = printed(&app, &words, 80);
        assert!(text.contains(part), "{line}: {text}");
        assert!(text.ends_with(&format!("exit code {code}\n")), "{line}: {text}");
    }
}

#[test]
fn a_statement_has_its_own_mistakes() {
    let app = shop();
    let text = printed(&app, &["next", "daily aftr 07:00"], 80);
    assert!(text.contains("is neither a task nor a statement"), "{text}");
    let text = printed(&app, &["next", "daily at 07:00", "--zone", "Europe/Helsinky"], 80);
    assert!(
        text.contains("did you mean 'Europe/Helsinki'?") && text.ends_with("exit code 2\n"),
        "{text}"
    );
}
