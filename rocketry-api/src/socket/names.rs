//! The names of the sockets of an app.

use std::fs;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use super::folder::{folder, is_private};

/// The maximum length of an app's name in the path, which the system limits to about a hundred bytes.
const MOST: usize = 40;

/// Returns the sockets of apps with this name in the runtime folder of this user.
pub fn find(name: &str) -> Vec<PathBuf> {
    let folder = folder();
    if !is_private(&folder) {
        return Vec::new();
    }
    let mut found = of_name(&folder, name);
    found.retain(|socket| UnixStream::connect(socket).is_ok());
    found.sort();
    found
}

/// All paths in a folder that have the form of an app's socket, whether or not an app listens there.
pub(super) fn of_name(folder: &Path, name: &str) -> Vec<PathBuf> {
    let prefix = format!("{}.", stem(name));
    let is_ours = |path: &PathBuf| {
        let file = path.file_name().and_then(|file| file.to_str());
        let number = file.and_then(|file| file.strip_prefix(&prefix)?.strip_suffix(".sock"));
        number.is_some_and(|number| number.parse::<u64>().is_ok())
    };
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(is_ours)
        .collect()
}

/// The paths at which an app can listen, the usual one first. There are several, because processes in
/// different namespaces may have the same id.
pub(super) fn candidates(folder: &Path, name: &str, pid: u32) -> impl Iterator<Item = PathBuf> {
    /// No process id exceeds it.
    const LIMIT: u64 = 1 << 22;
    let stem = stem(name);
    (0..16).map(move |round| folder.join(format!("{stem}.{}.sock", u64::from(pid) + round * LIMIT)))
}

/// The part of a name that is valid in a path.
fn stem(name: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || c == '-' {
            c
        } else {
            '_'
        }
    };
    name.chars().take(MOST).map(plain).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{candidates, stem};

    #[test]
    fn the_path_holds_the_name_and_the_process() {
        let first = candidates(Path::new("/run"), "my app.x", 7).next().unwrap();
        assert_eq!(first, Path::new("/run/my_app_x.7.sock"));
        assert_eq!(stem(&"n".repeat(99)).len(), 40);
    }
}
