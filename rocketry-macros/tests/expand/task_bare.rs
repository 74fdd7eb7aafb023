#[task]
fn by_hand() -> impl Sized {}
