use rocketry::prelude::*;

#[task(daily, execution = "process")]
fn crunch(now: Now, due: Due, run: RunId, config: Config, flag: TerminationFlag) {
    let _ = (now, due, run, config, flag);
}
