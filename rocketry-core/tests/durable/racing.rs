//! Two callers that change the same thing at once leave the app and its log alike.

use std::thread;

use rocketry_core::{Condition, Rocketry, Session, Task};

use crate::serving::serve;
use crate::support::{Disk, app};

/// How often each of the two callers changes everything.
const ROUNDS: u32 = 300;

fn tasks(disk: &Disk) -> Rocketry {
    app(disk).task(Task::func("work", || {}).start("never"))
}

/// What the app says of everything that the callers change.
fn standing(session: &Session) -> [String; 6] {
    let work = session.task("work").unwrap();
    let text = |condition: Option<Condition>| condition.unwrap().to_string();
    let number = session.param("n").unwrap().read::<u32>().unwrap();
    [
        text(work.start_condition()),
        text(work.end_condition()),
        work.params().get("n").is_some().to_string(),
        number.to_string(),
        work.priority().to_string(),
        work.is_disabled().to_string(),
    ]
}

fn change_everything(session: &Session, caller: u32) {
    let work = session.task("work").unwrap();
    for round in 0..ROUNDS {
        let hour = (2 * round + caller) % 24;
        work.set_start(format!("daily after {hour:02}:00 & never").as_str()).unwrap();
        work.set_end(format!("time of day after {hour:02}:00").as_str()).unwrap();
        work.set_priority(hour.cast_signed());
        session.set_param("n", hour);
        if (round + caller) % 2 == 0 {
            work.disable();
            work.set_param("n", hour);
        } else {
            work.enable();
            work.remove_param("n");
        }
    }
}

#[test]
fn what_two_callers_change_at_once_is_live_as_it_is_durable() {
    let disk = Disk::default();
    let before = serve(tasks(&disk), async |session| {
        thread::scope(|callers| {
            for caller in 0..2 {
                callers.spawn(move || change_everything(session, caller));
            }
        });
        standing(session)
    });
    let after = tasks(&disk).build().unwrap();
    assert_eq!(standing(&after.session()), before);
}
