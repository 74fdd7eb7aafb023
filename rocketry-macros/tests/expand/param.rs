/// A session parameter.
#[param("greeting")]
fn greeting(#[arg(EnvArg("GREETING") >> SimpleArg("Hello"))] text: String) -> String {
    text
}

#[param]
fn limit() -> usize {
    10
}
