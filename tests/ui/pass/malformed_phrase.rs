use rocketry::prelude::*;

#[cond("file '{path}' exists")]
fn file_exists(path: String) -> bool {
    std::path::Path::new(&path).exists()
}
