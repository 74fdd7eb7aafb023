//! The test suite for relays.

use std::time::Duration;

use rocketry_core::cluster::Relay;

/// Tests a relay. `open` opens the same relay for another node. The relay must never have contained a call.
///
/// ```
/// use rocketry_cluster::{suite, twin::TwinRelay};
///
/// let relay = TwinRelay::default();
/// suite::hold_relay(|| relay.of_another_node());
/// ```
///
/// # Panics
///
/// Panics if the relay breaks the contract, and says how.
pub fn hold_relay<R: Relay>(mut open: impl FnMut() -> R) {
    let (mut a, mut b, mut leader) = (open(), open(), open());
    let first = a.hand_in("first").expect("a call");
    let second = b.hand_in("second").expect("a call of another node");
    assert!(first < second, "numbers rise: {first}, {second}");
    let third = a.hand_in("third").expect("a call");
    assert!(withdraw(&mut a, third), "no leader has taken it up");
    assert!(withdraw(&mut a, third), "it is withdrawn already");
    assert_eq!(
        take_up(&mut leader, 0),
        [(first, "first"), (second, "second")].map(owned)
    );
    assert!(!withdraw(&mut b, second), "the leader has taken it up");
    assert_eq!(answers(&mut a, &[first, second]), []);
    leader.answer(first, "done").expect("an answer");
    assert_eq!(answers(&mut a, &[first, second]), [owned((first, "done"))]);
    // The next leader may have to repeat calls that this one could not record.
    let mut next = open();
    assert_eq!(take_up(&mut next, first), [owned((second, "second"))]);
    next.answer(first, "done again").expect("another answer");
    next.answer_rest(second, "gone").expect("answers for the rest");
    let all = [(first, "done again"), (second, "gone")].map(owned);
    let mut told = answers(&mut b, &[first, second, third]);
    told.sort_unstable();
    assert_eq!(
        told, all,
        "what has an answer keeps it, and what was withdrawn has none"
    );
    assert_eq!(take_up(&mut next, second), []);
    wakes(&mut a, open());
    counts_in_one_order(open);
}

fn owned((number, text): (u64, &str)) -> (u64, String) {
    (number, text.to_owned())
}

fn take_up(relay: &mut impl Relay, after: u64) -> Vec<(u64, String)> {
    relay.take_up(after).expect("calls can be taken up")
}

fn answers(relay: &mut impl Relay, numbers: &[u64]) -> Vec<(u64, String)> {
    relay.answers(numbers).expect("answers can be read")
}

fn withdraw(relay: &mut impl Relay, number: u64) -> bool {
    relay.withdraw(number).expect("a call can be withdrawn")
}

/// A waiting node is woken by a call. It may miss one, so it also looks in between.
fn wakes<R: Relay>(a: &mut impl Relay, mut leader: R) {
    let known = take_up(&mut leader, 0).last().map_or(0, |(number, _)| *number);
    let waiting = std::thread::spawn(move || {
        loop {
            let found = take_up(&mut leader, known);
            if !found.is_empty() {
                return found;
            }
            leader.wait(Duration::from_millis(200));
        }
    });
    let number = a.hand_in("wake").expect("a call");
    assert_eq!(waiting.join().expect("it returns"), [owned((number, "wake"))]);
}

/// Calls that several nodes submit at the same time are seen in the order of their numbers, without gaps.
fn counts_in_one_order<R: Relay>(mut open: impl FnMut() -> R) {
    const EACH: usize = 10;
    let mut leader = open();
    let known = take_up(&mut leader, 0).last().map_or(0, |(number, _)| *number);
    let nodes: Vec<R> = (0..4).map(|_| open()).collect();
    let nodes: Vec<_> = nodes
        .into_iter()
        .map(|mut node| std::thread::spawn(move || (0..EACH).all(|_| node.hand_in("call").is_ok())))
        .collect();
    let (mut last, mut seen) = (known, 0);
    while seen < 4 * EACH {
        for (number, _) in take_up(&mut leader, last) {
            assert!(number > last, "{number} after {last}");
            (last, seen) = (number, seen + 1);
        }
        leader.wait(Duration::from_millis(20));
    }
    for node in nodes {
        assert!(node.join().expect("it returns"), "calls");
    }
}
