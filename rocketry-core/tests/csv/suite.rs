//! The suite that every log passes, and what people see.

use rocketry_core::log::{CsvLog, suite};
use rocketry_core::{Action, MemoryLog};
use std::sync::Arc;

use crate::folder::Folder;
use crate::support::{text, write};

#[test]
fn it_holds_to_what_a_log_promises() {
    let folder = Folder::new();
    suite::hold(|number| CsvLog::open(folder.path(&format!("{number}.csv"))).unwrap());
}

#[test]
fn so_does_memory() {
    let logs: Vec<Arc<MemoryLog>> = (0..suite::LOGS).map(|_| Arc::default()).collect();
    suite::hold(|number| logs[number].clone());
}

#[test]
fn a_spreadsheet_reads_it() {
    let folder = Folder::new();
    let file = folder.path("tasks.csv");
    write(&CsvLog::open(&file).unwrap(), 7, &[Action::Run, Action::Success]);
    let at = "2026-01-01T00:00:00.000000Z";
    let wanted = format!(
        "task_name,run_id,action,created,due,start,end,runtime,lateness,message,exit_code,exit_signal,output,params,\
         result,version,cause,upstream,part\n\
         work,7,run,{at},{at},{at},,,0,,,,,,,,statement,,1/2\n\
         work,7,success,{at},{at},{at},{at},0,0,,,,,,,,,,2/2\n"
    );
    assert_eq!(text(&file), wanted);
}
