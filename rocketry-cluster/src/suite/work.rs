//! The test suite for tables of runs.

use std::time::Duration;

use rocketry_core::cluster::{Job, JobEnd, Taken, Work};

/// Tests a table of runs. `open` opens the same table for another node. The table must never have contained a
/// job.
///
/// ```
/// use rocketry_cluster::{suite, twin::TwinWork};
///
/// let work = TwinWork::default();
/// suite::hold_work(|| work.of_another_node());
/// ```
///
/// # Panics
///
/// Panics if the table breaks the contract, and says how.
pub fn hold_work<W: Work>(mut open: impl FnMut() -> W) {
    let mut leader = open();
    assert_eq!(leader.lead(1).expect("a lead"), [], "an empty table");
    hands_over_once_and_in_order(&mut leader, &mut open(), &mut open());
    refuses_late_ends(&mut leader, &mut open(), &mut open());
    ends_several(&mut leader, &mut open());
    stops(&mut leader, &mut open());
    respects_lanes(&mut leader, &mut open());
    is_fenced(&mut leader, &mut open(), &mut open());
    gives_each_job_to_one(&mut open);
    wakes(&mut open(), open());
}

fn job(key: &str) -> Job {
    Job {
        key: key.to_owned(),
        lane: None,
        text: format!("text of {key}"),
    }
}

fn taken(key: &str, attempt: u32) -> Taken {
    Taken {
        key: key.to_owned(),
        attempt,
        text: format!("text of {key}"),
    }
}

fn take(work: &mut impl Work, worker: &str, most: usize) -> Vec<Taken> {
    work.take(worker, &[], &[], most).expect("jobs can be taken")
}

fn held(work: &mut impl Work, worker: &str) -> Vec<(String, u32, bool)> {
    let held = work.extend(worker).expect("a hold can be extended");
    let mut held: Vec<_> = held
        .into_iter()
        .map(|held| (held.key, held.attempt, held.is_stopped))
        .collect();
    held.sort_unstable();
    held
}

fn forget(leader: &mut impl Work, term: u64, keys: &[&str]) {
    let keys: Vec<String> = keys.iter().map(|&key| key.to_owned()).collect();
    leader.forget(term, &keys).expect("jobs can be forgotten");
}

fn hands_over_once_and_in_order(leader: &mut impl Work, a: &mut impl Work, b: &mut impl Work) {
    let jobs = ["first", "second", "third"].map(job);
    leader.hand_over(1, 11, &jobs).expect("jobs");
    assert_eq!(take(a, "a", 1), [taken("first", 1)]);
    let but = ["second".to_owned()];
    assert_eq!(b.take("b", &[], &but, 5).expect("jobs"), [taken("third", 1)]);
    assert_eq!(take(b, "b", 5), [taken("second", 1)]);
    assert_eq!(take(a, "a", 5), [], "all are taken");
    let of_b = [("second".to_owned(), 1, false), ("third".to_owned(), 1, false)];
    assert_eq!(held(b, "b"), of_b);
    assert!(a.end("a", "first", 1, "done").expect("an end"));
    assert!(a.end("a", "first", 1, "again").expect("it was kept before"));
    assert_eq!(
        leader.ended().expect("ends"),
        [("first".to_owned(), "done".to_owned())]
    );
    assert_eq!(held(a, "a"), [], "an ended job is not held");
    forget(leader, 1, &["first"]);
    // A repeated batch is the same batch, even if its jobs have ended and are forgotten.
    leader.hand_over(1, 11, &jobs).expect("a repeated batch");
    assert_eq!(take(a, "a", 5), []);
    assert!(!a.end("a", "first", 1, "late").expect("it is forgotten"));
    b.release("b", "third", 1).expect("a release");
    assert_eq!(take(a, "a", 5), [taken("third", 1)], "a released job");
    assert!(
        a.end("a", "third", 1, "done").expect("an end") && b.end("b", "second", 1, "done").expect("an end")
    );
    forget(leader, 1, &["second", "third"]);
    assert_eq!(leader.lead(1).expect("a lead"), []);
}

/// Ends that are reported together are stored individually.
fn ends_several(leader: &mut impl Work, worker: &mut impl Work) {
    leader.hand_over(1, 21, &["one", "two"].map(job)).expect("jobs");
    assert_eq!(take(worker, "a", 2).len(), 2);
    let end = |key: &str, attempt| JobEnd {
        key: key.to_owned(),
        attempt,
        text: format!("end of {key}"),
    };
    let ends = [end("two", 1), end("gone", 1), end("one", 2), end("one", 1)];
    assert_eq!(
        worker.end_all("a", &ends).expect("ends"),
        [true, false, false, true]
    );
    let mut told = leader.ended().expect("ends");
    told.sort_unstable();
    let of = |key: &str| (key.to_owned(), format!("end of {key}"));
    assert_eq!(told, [of("one"), of("two")]);
    forget(leader, 1, &["one", "two"]);
}

/// A job of a worker that was given up becomes a new attempt, which a late end of the old attempt does not
/// affect.
fn refuses_late_ends(leader: &mut impl Work, a: &mut impl Work, b: &mut impl Work) {
    leader.hand_over(1, 12, &["lost", "gone"].map(job)).expect("jobs");
    assert_eq!(take(a, "a", 2).len(), 2);
    a.extend("a").expect("a hold");
    let beat = |leader: &mut dyn Work| {
        let holders = leader.holders().expect("holders");
        assert_eq!(holders.len(), 1, "{holders:?}");
        (holders[0].worker.clone(), holders[0].beat)
    };
    let before = beat(leader);
    assert_eq!(before, beat(leader), "nothing has changed");
    a.extend("a").expect("a hold");
    assert_ne!(before, beat(leader), "the hold was extended");
    assert_eq!(leader.held_by("a").expect("jobs").len(), 2);
    assert!(leader.offer_again(1, "lost", 1).expect("a new attempt"));
    assert!(
        !leader.offer_again(1, "lost", 1).expect("an answer"),
        "an old attempt"
    );
    assert!(leader.give_up(1, "gone", 1).expect("an answer"));
    assert_eq!(held(a, "a"), []);
    assert!(!a.end("a", "gone", 1, "late").expect("an answer"));
    assert_eq!(take(b, "b", 5), [taken("lost", 2)]);
    assert!(!a.end("a", "lost", 1, "late").expect("an answer"));
    // Even the same worker can't end its old attempt.
    assert!(!b.end("b", "lost", 1, "late").expect("an answer"));
    assert!(b.end("b", "lost", 2, "done").expect("an end"));
    assert!(
        !leader.give_up(1, "lost", 2).expect("an answer"),
        "what has ended is not given up"
    );
    forget(leader, 1, &["lost"]);
}

fn stops(leader: &mut impl Work, a: &mut impl Work) {
    leader
        .hand_over(1, 13, &["begun", "offered"].map(job))
        .expect("jobs");
    assert_eq!(take(a, "a", 1), [taken("begun", 1)]);
    assert!(!leader.stop(1, "begun").expect("an answer"), "a worker has it");
    assert!(leader.stop(1, "offered").expect("an answer"), "it is removed");
    assert!(!leader.stop(1, "unknown").expect("an answer"));
    assert_eq!(held(a, "a"), [("begun".to_owned(), 1, true)]);
    assert_eq!(take(a, "a", 1), []);
    assert!(a.end("a", "begun", 1, "stopped").expect("an end"));
    forget(leader, 1, &["begun"]);
}

fn respects_lanes(leader: &mut impl Work, a: &mut impl Work) {
    let in_lane = Job {
        lane: Some("gpu".into()),
        ..job("lane")
    };
    leader.hand_over(1, 14, &[in_lane]).expect("a job");
    assert_eq!(take(a, "a", 5), [], "it has no lane");
    let lanes = ["cpu".to_owned()];
    assert_eq!(a.take("a", &lanes, &[], 5).expect("jobs"), [], "another lane");
    let lanes = ["cpu".to_owned(), "gpu".to_owned()];
    assert_eq!(a.take("a", &lanes, &[], 5).expect("jobs"), [taken("lane", 1)]);
    assert!(a.end("a", "lane", 1, "done").expect("an end"));
    forget(leader, 1, &["lane"]);
}

/// A leader that was replaced has no effect, and the next leader finds all jobs.
fn is_fenced(leader: &mut impl Work, next: &mut impl Work, a: &mut impl Work) {
    leader.hand_over(1, 15, &["kept", "held"].map(job)).expect("jobs");
    assert_eq!(take(a, "a", 1), [taken("kept", 1)]);
    let found = next.lead(2).expect("a lead");
    let found: Vec<_> = found
        .iter()
        .map(|job| (&*job.key, job.attempt, job.worker.as_deref()))
        .collect();
    assert_eq!(found, [("kept", 1, Some("a")), ("held", 1, None)]);
    let error = leader
        .hand_over(1, 16, &[job("refused")])
        .expect_err("another one leads");
    assert!(error.is_superseded(), "{error}");
    assert!(leader.lead(1).expect_err("another one leads").is_superseded());
    assert!(!leader.give_up(1, "kept", 1).expect("an answer"));
    assert!(!leader.offer_again(1, "kept", 1).expect("an answer"));
    assert!(!leader.stop(1, "held").expect("an answer"));
    leader.stop(1, "kept").expect("an answer");
    assert_eq!(held(a, "a"), [("kept".to_owned(), 1, false)]);
    assert!(a.end("a", "kept", 1, "done").expect("an end"));
    forget(leader, 1, &["kept"]);
    assert_eq!(next.ended().expect("ends").len(), 1);
    forget(next, 2, &["kept", "held"]);
    assert_eq!(next.lead(2).expect("a lead"), []);
}

/// Workers that take jobs at the same time take each job once.
fn gives_each_job_to_one<W: Work>(open: &mut impl FnMut() -> W) {
    const JOBS: usize = 60;
    let mut leader = open();
    let jobs: Vec<Job> = (0..JOBS).map(|number| job(&format!("job {number}"))).collect();
    leader.hand_over(2, 21, &jobs).expect("jobs");
    let workers: Vec<_> = (0..4).map(|number| (format!("w{number}"), open())).collect();
    let workers: Vec<_> = workers
        .into_iter()
        .map(|(name, mut work)| {
            std::thread::spawn(move || {
                let mut all = Vec::new();
                loop {
                    let some = take(&mut work, &name, 3);
                    if some.is_empty() {
                        return all;
                    }
                    for Taken { key, attempt, .. } in some {
                        assert!(work.end(&name, &key, attempt, "done").expect("an end"));
                        all.push(key);
                    }
                }
            })
        })
        .collect();
    let mut all: Vec<String> = workers
        .into_iter()
        .flat_map(|worker| worker.join().expect("it returns"))
        .collect();
    all.sort();
    let mut expected: Vec<String> = jobs.into_iter().map(|job| job.key).collect();
    expected.sort();
    assert_eq!(all, expected);
    assert_eq!(leader.ended().expect("ends").len(), JOBS);
    leader.forget(2, &all).expect("jobs can be forgotten");
}

/// A waiting worker is woken by a job. It may miss one, so it also looks in between.
fn wakes<W: Work>(leader: &mut W, mut worker: W) {
    let waiting = std::thread::spawn(move || {
        loop {
            let found = take(&mut worker, "a", 1);
            if !found.is_empty() {
                assert!(worker.end("a", "wake", 1, "done").expect("an end"));
                return found;
            }
            worker.wait(Duration::from_millis(200));
        }
    });
    leader.hand_over(2, 22, &[job("wake")]).expect("a job");
    assert_eq!(waiting.join().expect("it returns"), [taken("wake", 1)]);
    forget(leader, 2, &["wake"]);
}
