use rocketry::prelude::*;

#[cond()]
fn file_exists(#[given] #[arg("path")] path: String) -> bool {
    std::path::Path::new(&path).exists()
}

fn main() {}
