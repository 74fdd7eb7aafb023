//! `cargo bench --bench scheduler`: builds and runs the suite in `benches/suite`.
//!
//! The suite is a workspace of its own, because it holds other schedulers beside this one, which nobody should have
//! to build who only uses or tests this one.

use std::env;
use std::process::{Command, ExitCode};

const BENCHES: &str = env!("CARGO_MANIFEST_DIR");

fn main() -> ExitCode {
    // `cargo test --all-targets` runs this program, too, without the flag.
    let (flags, args): (Vec<_>, Vec<_>) = env::args_os().skip(1).partition(|arg| arg == "--bench");
    if flags.is_empty() {
        println!("nothing to test; `cargo bench --bench scheduler` measures");
        return ExitCode::SUCCESS;
    }
    let target = env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| format!("{BENCHES}/../target").into());
    // A quick run omits the other schedulers unless they are requested.
    let has = |option: &str| args.iter().any(|arg| arg == option);
    let features: &[&str] = if has("--quick") && !has("--peer-rounds") {
        &["--no-default-features", "--features", "logs"]
    } else {
        &[]
    };
    let status = Command::new(env!("CARGO"))
        .args(["run", "--release", "--locked", "--quiet", "--manifest-path"])
        .arg(format!("{BENCHES}/suite/Cargo.toml"))
        .args(features)
        .arg("--")
        .args(args)
        .env("CARGO_TARGET_DIR", target)
        .status();
    match status {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(cause) => {
            eprintln!("cargo can't be run: {cause}");
            ExitCode::FAILURE
        }
    }
}
