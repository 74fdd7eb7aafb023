//! The server that both use.

use std::path::{Path, PathBuf};
use std::process::Command;

use postgres::{Client, NoTls};

/// A PostgreSQL server, which is removed in the end if it was started for this.
pub(crate) struct Server {
    address: String,
    folder: Option<PathBuf>,
}

impl Server {
    /// That of `POSTGRES_FOR_BENCHES`, or one that is started. `None` if PostgreSQL is not installed.
    pub(crate) fn find() -> Option<Self> {
        if let Ok(address) = std::env::var("POSTGRES_FOR_BENCHES") {
            return Some(Server {
                address,
                folder: None,
            });
        }
        // The script would install it.
        if !Path::new("/usr/lib/postgresql").exists() {
            return None;
        }
        let folder = std::env::temp_dir().join(format!("rocketry-bench-cluster-{}", std::process::id()));
        let started = script("start", &folder)
            .env("POSTGRES_FSYNC", "on")
            .output()
            .expect("the script runs");
        let error = String::from_utf8_lossy(&started.stderr);
        assert!(started.status.success(), "{error}");
        let address = String::from_utf8(started.stdout).expect("an address is text");
        Some(Server {
            address: address.trim().to_owned(),
            folder: Some(folder),
        })
    }

    /// The address of an empty schema.
    pub(crate) fn fresh(&self, schema: &str) -> String {
        let mut client = Client::connect(&self.address, NoTls).expect("the server answers");
        let fresh = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
        client.batch_execute(&fresh).expect("a schema can be made");
        let mark = if self.address.contains('?') { '&' } else { '?' };
        format!("{}{mark}options=-c%20search_path%3D{schema}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            let _ = script("remove", folder).status();
        }
    }
}

fn script(verb: &str, folder: &Path) -> Command {
    let mut script = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/postgres"));
    script.arg(verb).arg(folder);
    script
}
