//! An app with 100,000 tasks that are all due at once, from its start until the end of the last run is in the log:
//! `cargo bench -p rocketry-sql --features sqlite --bench burst`. Addresses as arguments are measured instead:
//! `-- postgres://user@host/database`, `-- sqlite:FOLDER/app.db`.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use rocketry_core::Rocketry;
// Its logs are known by their addresses.
use rocketry_sql as _;

const TASKS: u32 = 100_000;
const ROUNDS: u32 = 3;

fn main() {
    let folder = std::env::temp_dir().join(format!("rocketry-sql-burst-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("app.db");
    let full = format!("sqlite:{}", file.display());
    let normal = format!("{full}?synchronous=normal");
    let given = std::env::args().skip(1).filter(|word| !word.starts_with("--"));
    let mut addresses: Vec<String> = given
        .map(|word| word.replace("FOLDER", &folder.display().to_string()))
        .collect();
    if addresses.is_empty() {
        addresses = vec!["memory:".to_owned(), full, normal];
    }
    for round in 1..=ROUNDS {
        println!("round {round}: runs a second");
        for address in &addresses {
            clear(&folder);
            println!("{:>10.0}  {address}", burst(address));
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

fn burst(address: &str) -> f64 {
    let done = Arc::new(AtomicU32::new(0));
    let mut app = Rocketry::builder().log(address).handle_signals(false);
    for task in 0..TASKS {
        let done = done.clone();
        app = app.func(format!("reports::number_{task}"), "daily", move || {
            let done = done.clone();
            async move {
                done.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    let app = app.build().unwrap();
    let session = app.session();
    let begun = Instant::now();
    let running = std::thread::spawn(move || app.run());
    while done.load(Ordering::Relaxed) < TASKS {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    session.shut_down();
    running.join().unwrap().unwrap();
    f64::from(TASKS) / begun.elapsed().as_secs_f64()
}

fn clear(folder: &Path) {
    for file in std::fs::read_dir(folder).unwrap() {
        std::fs::remove_file(file.unwrap().path()).unwrap();
    }
}
