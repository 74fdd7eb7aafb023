#[task]
async fn r#loop(
    #[arg(EnvArg("HOST") >> CliArg("--host") >> SimpleArg("localhost"))] mut host: String,
    #[arg(Return(jobs::load).or(0))] count: Arc<usize>,
    r#type: Kind,
) {
}
