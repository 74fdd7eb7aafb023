#[cond("file '{pth}' exists")]
fn file_exists(path: String, #[given] size: u64) -> bool {
    true
}

#[cond("is workday", name = "x")]
fn is_workday() -> bool {
    true
}
