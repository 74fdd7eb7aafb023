#[cond("file '{path}' is older than {days} days")]
fn file_is_older(now: Now, days: u32, path: String) -> std::io::Result<bool> {
    age(&path, now).map(|age| age > days)
}
