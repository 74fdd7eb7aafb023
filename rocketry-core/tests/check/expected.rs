//! Compares a text with the one in a file.

use std::env;
use std::fs;
use std::path::Path;

/// Compares a text with that of a file, or writes the file.
#[track_caller]
pub(crate) fn expect(name: &str, text: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check/expected");
    let file = folder.join(format!("{name}.txt"));
    if env::var_os("UPDATE_EXPECT").is_some() {
        fs::create_dir_all(&folder).unwrap();
        fs::write(&file, text).unwrap();
        return;
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        expected == text,
        "{} differs (UPDATE_EXPECT=1 writes it).\n\nexpected:\n{expected}\nfound:\n{text}",
        file.display()
    );
}
