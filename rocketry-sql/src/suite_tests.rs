//! The core's suite for run logs. Small blocks and intervals exercise every access path.

use proptest::prelude::*;
use rocketry_core::log::suite;

/// Fewer than the usual cases: each makes several logs.
fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig {
        cases: usual.cases.div_ceil(64),
        failure_persistence: None,
        ..usual
    }
}

#[cfg(feature = "sqlite")]
proptest! {
    #![proptest_config(config())]

    #[test]
    fn sqlite_passes_the_suite(seed: u64) {
        let folder = std::env::temp_dir().join(format!("rocketry-sql-suite-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        suite::hold_from(seed, |number| {
            let log = crate::SqliteLog::open(folder.join(format!("{number}.db"))).unwrap();
            log.synchronous(crate::Synchronous::Normal)
        });
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

#[cfg(feature = "postgres")]
proptest! {
    #![proptest_config(config())]

    #[test]
    fn postgres_passes_the_suite(seed: u64) {
        let Ok(address) = std::env::var("POSTGRES_FOR_TESTS") else {
            eprintln!("skipped: POSTGRES_FOR_TESTS names no server");
            return Ok(());
        };
        let mut client = postgres::Client::connect(&address, postgres::NoTls).unwrap();
        let schema = |number: usize| format!("suite_{number}");
        for schema in (0..suite::LOGS).map(schema) {
            let fresh = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
            client.batch_execute(&fresh).unwrap();
        }
        suite::hold_from(seed, |number| {
            let settings = format!("options=-c%20search_path%3D{}", schema(number));
            crate::PostgresLog::open(&format!("{address}?{settings}")).unwrap()
        });
    }
}
