#[cond]
fn queue_has(#[given] least: usize, queue: Queue) -> bool {
    queue.len() >= least
}
