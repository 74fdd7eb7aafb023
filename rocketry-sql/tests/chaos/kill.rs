//! Kills the app at random instants, and starts it again.

use std::collections::HashSet;
use std::time::Duration;

use rustix::process::Signal;

use crate::checker;
use crate::database::Database;
use crate::folder::Folder;
use crate::life::Life;
use crate::runner::Case;

pub(crate) const CASES: &[Case] = &[
    ("kill::an_app_on_sqlite_endures_being_killed", sqlite),
    ("kill::an_app_on_postgres_endures_being_killed", postgres),
];

fn sqlite() {
    let folder = Folder::new();
    let file = folder.path("app.db");
    let address = format!("sqlite:{}", file.display());
    let journal = folder.path("journal").display().to_string();
    endure(&address, &journal, || {
        Database::Sqlite(rusqlite::Connection::open(&file).unwrap())
    });
}

fn postgres() {
    let Some((address, open)) = crate::outage::schema("chaos") else {
        return;
    };
    let folder = Folder::new();
    endure(&address, &folder.path("journal").display().to_string(), open);
}

fn endure(address: &str, journal: &str, open: impl Fn() -> Database) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let rounds = number("CHAOS_ROUNDS").unwrap_or(8);
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let mut seed = number("CHAOS_SEED").unwrap_or(now);
    println!("{rounds} rounds, CHAOS_SEED={seed}");
    let mut cut_off = HashSet::new();
    let mut queued = HashSet::new();
    let mut to_come = HashSet::new();
    let mut expected = None;
    for round in 1..=rounds {
        let life = Life::begin(address, journal, round);
        check_report(&life, expected.as_ref());
        if random(&mut seed, 3) == 0 {
            life.signal(Signal::STOP);
            wait(random(&mut seed, 300));
            life.signal(Signal::CONT);
        }
        wait(random(&mut seed, 600));
        life.kill();
        let mut database = open();
        checker::check(&mut database, journal);
        checker::check_crashes(&mut database, &cut_off);
        cut_off.extend(checker::open_runs(&mut database));
        queued.extend(checker::queued(&mut database));
        to_come.extend(checker::to_come(&mut database));
        expected = Some(checker::expected_report(&mut database));
    }
    println!(
        "{} runs were cut off, {} were queued, {} starts were to come",
        cut_off.len(),
        queued.len(),
        to_come.len()
    );
    let life = Life::begin(address, journal, rounds + 1);
    check_report(&life, expected.as_ref());
    // Every run requested in any life has been made.
    let mut database = open();
    let deadline = std::time::Instant::now() + Duration::from_secs(60);
    while !checker::queued(&mut database).is_empty() {
        assert!(
            std::time::Instant::now() < deadline,
            "what was asked for is not done"
        );
        wait(50);
    }
    life.end();
    checker::check(&mut database, journal);
    checker::check_crashes(&mut database, &cut_off);
    checker::check_queued(&mut database, &queued);
    checker::check_to_come(&mut database, &to_come);
    assert_eq!(checker::open_runs(&mut database), HashSet::new());
}

fn check_report(life: &Life, expected: Option<&Vec<String>>) {
    let Some(expected) = expected else { return };
    assert_eq!(life.report.len(), expected.len());
    for (told, expected) in life.report.iter().zip(expected) {
        assert_eq!(
            told, expected,
            "what the app knows (left) is not what its log says (right)"
        );
    }
}

fn wait(millis: u64) {
    std::thread::sleep(Duration::from_millis(millis));
}

/// A number below `limit`; a linear congruence is random enough.
fn random(seed: &mut u64, limit: u64) -> u64 {
    *seed = seed
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) % limit
}
