use rocketry::prelude::*;

#[cond("the file exists")]
fn file_exists(#[given] path: String) -> bool {
    std::path::Path::new(&path).exists()
}

fn main() {}
