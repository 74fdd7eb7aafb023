//! Files whose last write is torn, as when the power fails: they open, and lose that write only.

use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use rocketry_core::log::{CsvLog, Fact, Write};
use rocketry_core::{Action, Query, Record, RunLog};

use crate::folder::Folder;
use crate::records::record;
use crate::support::{text, write};

/// Texts that have to be quoted, and break lines.
const TEXTS: [&str; 5] = ["line 1\nline 2\r\n\n", "\"", "a,b\n\"", "", "☃\n"];

/// A file, with what was written to it.
struct Whole {
    bytes: Vec<u8>,
    /// The records of each write, and where it ends.
    writes: Vec<(Vec<Record>, usize)>,
}

impl Whole {
    fn new(folder: &Folder) -> Self {
        let file = folder.path("whole.csv");
        let log = CsvLog::open(&file).unwrap();
        let mut writes = Vec::new();
        let sizes = [1, 10, 2, 1];
        for (first, size) in sizes.into_iter().scan(0, |sum, size| {
            *sum += size;
            Some((*sum, size))
        }) {
            let records: Vec<Record> = (first..first + size).map(odd_record).collect();
            let fact = Fact {
                key: "start/work".into(),
                value: Some("\"every\n1 s\"".into()),
            };
            log.write(&Write {
                records: &records,
                facts: if size == 2 {
                    std::slice::from_ref(&fact)
                } else {
                    &[]
                },
                ..Write::default()
            })
            .unwrap();
            writes.push((records, text(&file).len()));
        }
        let bytes = text(&file).into_bytes();
        Whole { bytes, writes }
    }

    fn records(&self, is_there: impl Fn(usize) -> bool) -> Vec<Record> {
        let there = self.writes.iter().take_while(|(_, end)| is_there(*end));
        there.flat_map(|(records, _)| records.clone()).collect()
    }

    /// Where the last write begins.
    fn last(&self) -> usize {
        self.writes[self.writes.len() - 2].1
    }
}

fn odd_record(run: u64) -> Record {
    let mut record = record("wo\"r\nk", run, Action::Fail, 0);
    let index = usize::try_from(run).unwrap() % TEXTS.len();
    record.message = Some(TEXTS[index].into());
    record
}

fn records(log: &CsvLog) -> Vec<Record> {
    log.query(&Query::new()).unwrap().records
}

/// Opens a file; gives the log, and the records that it has.
fn opened(file: &Path, bytes: &[u8]) -> (CsvLog, Vec<Record>) {
    std::fs::write(file, bytes).unwrap();
    let log = CsvLog::open(file).unwrap_or_else(|error| panic!("{} bytes: {error}", bytes.len()));
    let records = records(&log);
    (log, records)
}

/// Opens a file, writes to it, and opens it again; gives the records that it had at first.
fn endured(file: &Path, bytes: &[u8]) -> Vec<Record> {
    let (log, before) = opened(file, bytes);
    write(&log, 99, &[Action::Run]);
    drop(log);
    let after = records(&CsvLog::open(file).unwrap());
    assert_eq!(after[..after.len() - 1], before, "{} bytes", bytes.len());
    before
}

#[test]
fn a_file_that_is_cut_at_any_byte_keeps_all_complete_writes() {
    let folder = Folder::new();
    let whole = Whole::new(&folder);
    let file = folder.path("cut.csv");
    for cut in 0..=whole.bytes.len() {
        // To write each time would take long.
        let kept = match cut % 16 {
            0 => endured(&file, &whole.bytes[..cut]),
            _ => opened(&file, &whole.bytes[..cut]).1,
        };
        let complete = whole.records(|end| end <= cut);
        let without_line_end = whole.records(|end| end <= cut + 1);
        assert!(
            kept == complete || kept == without_line_end,
            "cut at byte {cut}: {} records",
            kept.len()
        );
    }
}

#[test]
fn what_was_torn_is_put_aside() {
    let folder = Folder::new();
    let whole = Whole::new(&folder);
    let (file, last) = (folder.path("cut.csv"), whole.last());
    let cut = whole.bytes.len() - 3;
    endured(&file, &whole.bytes[..cut]);
    let torn = std::fs::read(folder.path("cut.csv.torn")).unwrap();
    assert_eq!(torn, [&whole.bytes[last..cut], b"\n"].concat());
}

#[test]
fn a_write_of_which_a_part_never_reached_the_disk_is_put_aside() {
    let folder = Folder::new();
    let whole = Whole::new(&folder);
    let (file, last) = (folder.path("zero.csv"), whole.last());
    let before = whole.records(|end| end <= last);
    for from in last..whole.bytes.len() {
        for until in [
            from + 1,
            from.midpoint(whole.bytes.len()).max(from + 1),
            whole.bytes.len(),
        ] {
            let mut bytes = whole.bytes.clone();
            bytes[from..until].fill(0);
            assert_eq!(endured(&file, &bytes), before, "zeros in {from}..{until}");
        }
    }
    // The file became longer, and what should be there did not follow.
    let mut bytes = whole.bytes[..last].to_vec();
    bytes.resize(last + 5000, 0);
    assert_eq!(endured(&file, &bytes), before);
}

#[test]
fn a_file_of_zeros_is_replaced() {
    let folder = Folder::new();
    let file = folder.path("zero.csv");
    assert_eq!(endured(&file, &[0; 5000]), []);
    assert_eq!(endured(&file, b"task_name,run_id,ac\0\0\0\0"), []);
}

#[test]
fn damage_before_a_complete_write_is_reported_and_nothing_is_changed() {
    let folder = Folder::new();
    let whole = Whole::new(&folder);
    let file = folder.path("spoilt.csv");
    // Before the first row of the write of ten: a zero, and a quote that swallows all that follows.
    let row = whole.writes[0].1;
    for spoilt in [&b"\0"[..], b"\""] {
        let bytes = [&whole.bytes[..row], spoilt, &whole.bytes[row..]].concat();
        std::fs::write(&file, &bytes).unwrap();
        let message = match CsvLog::open(&file) {
            Ok(_) => panic!("it opens"),
            Err(error) => error.to_string(),
        };
        assert!(message.contains("spoilt.csv`: line "), "{message}");
        assert_eq!(std::fs::read(&file).unwrap(), bytes);
    }
}

#[test]
fn what_would_look_torn_is_replaced() {
    let folder = Folder::new();
    let file = folder.path("tasks.csv");
    let log = CsvLog::open(&file).unwrap();
    let mut start = record("work", 1, Action::Run, 0);
    start.message = Some("a\0b".into());
    log.write(&Write::records(&[start])).unwrap();
    drop(log);
    let found = records(&CsvLog::open(&file).unwrap());
    assert_eq!(found[0].message.as_deref(), Some("a\u{FFFD}b"));
}

proptest! {
    /// Whatever has happened to a file, it opens or says what is wrong, and is left as it is then.
    #[test]
    fn a_spoilt_file_opens_or_is_reported(changes in vec((any::<Index>(), any::<u8>()), 1..6), cut in any::<Index>()) {
        let folder = Folder::new();
        let mut bytes = Whole::new(&folder).bytes;
        for (place, byte) in changes {
            let length = bytes.len();
            bytes[place.index(length)] = byte;
        }
        bytes.truncate(cut.index(bytes.len()) + 1);
        let file = folder.path("spoilt.csv");
        std::fs::write(&file, &bytes).unwrap();
        match CsvLog::open(&file) {
            Ok(log) => drop(records(&log)),
            Err(error) => {
                prop_assert!(error.to_string().contains("spoilt.csv`: "), "{error}");
                prop_assert_eq!(std::fs::read(&file).unwrap(), bytes);
            }
        }
    }
}
