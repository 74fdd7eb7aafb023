use rocketry::prelude::*;

#[cond()]
fn file_exists(#[given] path: String) -> bool {
    std::path::Path::new(&path).exists()
}
