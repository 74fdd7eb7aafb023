//! Files that were cut short, spoilt, or are in use.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use rocketry_core::log::{CsvLog, Retention};
use rocketry_core::{Action, Error, Query, RunLog, Timestamp};

use crate::folder::Folder;
use crate::support::{text, write};

const PAIR: [Action; 2] = [Action::Run, Action::Success];

fn append(file: &Path, end: &str) {
    let mut file = OpenOptions::new().append(true).open(file).unwrap();
    file.write_all(end.as_bytes()).unwrap();
}

fn count(log: &CsvLog) -> usize {
    log.query(&Query::new()).unwrap().records.len()
}

fn mistake(file: &Path) -> Error {
    match CsvLog::open(file) {
        Ok(_) => panic!("it opens"),
        Err(error) => error,
    }
}

#[test]
fn a_last_line_without_an_end_is_whole() {
    let folder = Folder::new();
    let file = folder.path("tasks.csv");
    write(&CsvLog::open(&file).unwrap(), 1, &PAIR);
    std::fs::write(&file, text(&file).trim_end()).unwrap();
    let log = CsvLog::open(&file).unwrap();
    write(&log, 2, &PAIR);
    drop(log);
    assert_eq!(count(&CsvLog::open(&file).unwrap()), 4);
}

#[test]
fn a_spoilt_row_is_reported_with_its_line_and_nothing_is_changed() {
    let folder = Folder::new();
    for (number, (spoilt, why)) in [
        (
            "work,1,sucess,x,,,,,,,,,,,,,,,\n",
            "line 4: `sucess` is not an action; did you mean `success`?",
        ),
        (
            "work,1,run,yesterday,,,,,,,,,,,,,,,\n",
            "line 4: column `created`: 'yesterday' is not an instant",
        ),
        ("work,1,run\n", "line 4: 3 columns in place of 19"),
    ]
    .into_iter()
    .enumerate()
    {
        let file = folder.path(&format!("{number}.csv"));
        write(&CsvLog::open(&file).unwrap(), 1, &PAIR);
        append(&file, spoilt);
        let before = text(&file);
        let message = mistake(&file).to_string();
        assert!(message.contains(&format!("{number}.csv`: {why}")), "{message}");
        assert_eq!(text(&file), before);
    }
}

#[test]
fn another_table_is_no_log() {
    let folder = Folder::new();
    let file = folder.path("other.csv");
    std::fs::write(&file, "name,age\nEve,5\n").unwrap();
    let message = mistake(&file).to_string();
    assert!(
        message.contains("line 1: the columns are not those of a run log"),
        "{message}"
    );
    assert_eq!(text(&file), "name,age\nEve,5\n");
}

#[test]
fn a_file_belongs_to_one_app_at_a_time() {
    let folder = Folder::new();
    let file = folder.path("tasks.csv");
    let log = CsvLog::open(&file).unwrap();
    let error = mistake(&file);
    assert!(
        error.is_log() && error.to_string().contains("another app has it open"),
        "{error}"
    );
    drop(log);
    CsvLog::open(&file).unwrap();
}

#[test]
fn a_closed_log_reads_what_it_had_whatever_becomes_of_the_file() {
    let folder = Folder::new();
    let file = folder.path("tasks.csv");
    let log = CsvLog::open(&file).unwrap();
    (1..=3).for_each(|run| write(&log, run, &PAIR));
    log.close().unwrap();
    let of_another_app = CsvLog::open(&file).unwrap();
    let retention = Retention {
        now: Timestamp::MAX,
        before: None,
        keep: Some(1),
        bite: 1,
    };
    assert_eq!(of_another_app.forget(&retention).unwrap(), 5);
    write(&of_another_app, 4, &PAIR);
    assert_eq!(count(&log), 6);

    let error = log.load().unwrap_err().to_string();
    assert!(error.contains("another app has it open"), "{error}");
    of_another_app.close().unwrap();
    write(&log, 5, &PAIR);
    assert_eq!(count(&log), 5, "it has taken the file again, as it is now");
}

#[test]
fn a_missing_folder_is_reported() {
    let folder = Folder::new();
    let error = mistake(&folder.path("no/such/tasks.csv"));
    assert!(error.to_string().contains("No such file"), "{error}");
}
