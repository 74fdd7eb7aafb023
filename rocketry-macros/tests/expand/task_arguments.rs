#[task(
    daily,
    parameters = {
        host = Arg("host", default = "localhost"),
        report = EnvArg("REPORT") >> Return(fetch),
        other = Task(jobs::load),
        plain = "Return(fetch)",
    },
)]
fn send(#[arg(Return(fetch, default = 5))] number: u32, #[arg(Task("watch"))] watch: Task) {}
