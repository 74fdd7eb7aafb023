//! The column of processes of the matrix of parameters. An app is one field, and both it and the process of its run know which
//! by the command line.

use std::process::{Command, Stdio};

use rocketry_core::{Action, Rocketry};

use crate::matrix_table::{Cell, GIVENS, KINDS, LEVELS, Place, cells, said};
use crate::runner::Case;
use crate::serving::serve;

pub(crate) const CASES: &[Case] = &[("each_level_gives_its_value_or_its_mistake", matrix)];

/// The first word of an app that is a field.
pub(crate) const AS_CELL: &str = "--as-cell";

fn matrix() {
    let cells = cells(|place| place == Place::Process);
    assert_eq!(cells.len(), 32);
    for cell in cells {
        if cell.is_refused() {
            cell.check_refusal();
            continue;
        }
        let place = |index: Option<usize>| index.expect("it is one of them").to_string();
        let words = [
            place(LEVELS.iter().position(|level| *level == cell.strongest)),
            place(KINDS.iter().position(|kind| *kind == cell.kind)),
            place(GIVENS.iter().position(|given| *given == cell.given)),
        ];
        let app = Command::new(std::env::current_exe().expect("this program"))
            .arg(AS_CELL)
            .args(words)
            .stdin(Stdio::null())
            .output()
            .expect("this program runs");
        let told = String::from_utf8(app.stdout).expect("text");
        let (action, said) = told.split_once(": ").expect("an end");
        let action = [Action::Success, Action::Fail]
            .into_iter()
            .find(|known| known.to_string() == action);
        cell.check(action.expect("an end"), said);
    }
}

fn cell(words: &[String]) -> Cell {
    let index = |at: usize| words[at].parse::<usize>().expect("a number");
    Cell {
        strongest: LEVELS[index(0)],
        kind: KINDS[index(1)],
        given: GIVENS[index(2)],
        place: Place::Process,
    }
}

/// The app of a field, for the process of its run.
pub(crate) fn app(words: &[String]) -> Rocketry {
    cell(words).app().0
}

/// Makes the run of a field, and reports its outcome.
pub(crate) fn tell(words: &[String]) {
    let (app, params) = cell(words).app();
    serve(app, async |session| {
        let work = session.task("work").unwrap();
        let record = work.run(params).await.unwrap();
        print!("{}: {}", record.action, said(&record, work.result().as_ref()));
    });
}
