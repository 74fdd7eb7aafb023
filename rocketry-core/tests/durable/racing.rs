//! Two callers that change the same thing at once leave the app and its log alike.

use std::sync::Barrier;
use std::thread;

use rocketry_core::{Rocketry, Session, Task};

use crate::serving::serve;
use crate::support::{Disk, app};

/// How many tasks both callers change.
const TASKS: u32 = 400;

fn name(task: u32) -> String {
    format!("work-{task}")
}

fn tasks(disk: &Disk) -> Rocketry {
    (0..TASKS).fold(app(disk), |app, task| {
        let task = Task::func(name(task), || {}).start("never").parameter("n", 0_u32);
        app.task(task)
    })
}

/// What the app says of everything that the callers change.
fn standing(session: &Session) -> Vec<String> {
    let of_task = |number| {
        let task = session.task(name(number).as_str()).unwrap();
        let start = task.start_condition().unwrap();
        let end = task.end_condition().unwrap();
        let own = task
            .params()
            .get("n")
            .and_then(|entry| entry.plain()?.read::<u32>().ok());
        let shared = session.param(&name(number)).unwrap().read::<u32>().unwrap();
        let (priority, disabled) = (task.priority(), task.is_disabled());
        format!("{start}; {end}; {own:?}; {shared}; {priority}; {disabled}")
    };
    (0..TASKS).map(of_task).collect()
}

/// Changes everything about each task at the same moment as the other caller.
fn change_everything(session: &Session, caller: u32, moment: &Barrier) {
    for number in 0..TASKS {
        let task = session.task(name(number).as_str()).unwrap();
        let (start, end) = (
            format!("daily after 0{caller}:00 & never"),
            format!("hourly after 0{caller}:00"),
        );
        moment.wait();
        task.set_start(start.as_str()).unwrap();
        task.set_end(end.as_str()).unwrap();
        session.set_param(&name(number), caller);
        task.set_priority(caller.cast_signed());
        if caller == 0 {
            task.disable();
            task.set_param("n", caller);
        } else {
            task.enable();
            task.remove_param("n");
        }
    }
}

#[test]
fn what_two_callers_change_at_once_is_live_as_it_is_durable() {
    let disk = Disk::default();
    let before = serve(tasks(&disk), async |session| {
        let moment = Barrier::new(2);
        thread::scope(|callers| {
            for caller in 0..2 {
                let moment = &moment;
                callers.spawn(move || change_everything(session, caller, moment));
            }
        });
        standing(session)
    });
    let after = tasks(&disk).build().unwrap();
    assert_eq!(standing(&after.session()), before);
}
