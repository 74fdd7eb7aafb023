//! Kills an app of 200 tasks with -9 at random instants, again and again, and lets an independent checker prove from
//! the log that nothing was lost and nothing was done twice.
//!
//! `CHAOS_ROUNDS` sets how many times; `CHAOS_SEED` repeats the instants of an earlier run.

#[cfg(unix)]
mod app;
#[cfg(unix)]
mod check;
#[cfg(unix)]
#[path = "../support/full_disk.rs"]
mod full_disk;
#[cfg(unix)]
mod rounds;

#[cfg(unix)]
fn main() {
    if rounds::is_child() {
        return rounds::child();
    }
    if full_disk::is_child() {
        return full_disk::child();
    }
    let folder = std::env::temp_dir().join(format!("rocketry-chaos-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    rounds::run(&format!("csv:{}", folder.join("tasks.csv").display()), &folder);
    let disk = folder.join("disk");
    full_disk::run(&disk, &format!("csv:{}", disk.join("tasks.csv").display()));
    std::fs::remove_dir_all(&folder).unwrap();
    println!("test result: ok");
}

#[cfg(not(unix))]
fn main() {}
