//! Real restarts of each kind under load: no requested run and no record is lost.

#![cfg(unix)]

#[path = "../support/folder.rs"]
mod folder;
mod life;
#[path = "../support/runner.rs"]
mod runner;
mod story;

use std::process::ExitCode;
use std::time::Duration;

use story::Story;

/// How long everything may take: a hundred times as long as it does.
const LIMIT: Duration = Duration::from_secs(240);

const CASES: &[runner::Case] = &[
    ("nothing_is_lost_when_the_process_is_replaced", || {
        let story = Story::of("replace");
        story.holds();
        assert_eq!(story.processes(), 1);
    }),
    ("nothing_is_lost_when_another_process_is_launched", || {
        let story = Story::of("relaunch");
        story.holds();
        assert_eq!(story.processes(), story::LIVES);
    }),
    ("nothing_is_lost_when_the_app_is_recalled", || {
        let story = Story::of("recall");
        story.holds();
        assert_eq!(story.processes(), 1);
    }),
    ("an_app_that_finds_no_other_process_goes_on_in_its_own", || {
        let story = Story::without_room("replace");
        story.holds();
        assert_eq!(story.processes(), 1);
        assert_eq!(story.count("failure restart"), 1);
    }),
    (
        "what_has_no_words_is_not_left_behind",
        story::refusals_name_what_has_no_words,
    ),
];

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    if words.next().as_deref() == Some(life::WORD) {
        life::live();
        return ExitCode::SUCCESS;
    }
    std::thread::spawn(|| {
        std::thread::sleep(LIMIT);
        eprintln!("nothing comes to its end within {LIMIT:?}");
        std::process::exit(101);
    });
    runner::run(CASES)
}
