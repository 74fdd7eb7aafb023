use rocketry::prelude::*;

#[cond("the file '{path}' exists")]
fn file_exists(#[given] path: String) -> bool {
    std::path::Path::new(&path).exists()
}
