//! Requests and changes in progress when a node loses the lead: each is decided once, and its caller learns how.

use std::time::Duration;

use rocketry_cluster::twin::RelayFaults;
use rocketry_core::{Action, Params, Phase, Query};

use crate::calls::{BEGIN, app, outcome, runs, two, until};
use crate::support::{Scripted, Told};

const CUT_OFF: RelayFaults = RelayFaults {
    is_cut_off: true,
    is_deaf: false,
    loses_confirmations: false,
};

#[test]
fn what_a_node_is_asked_for_that_has_just_lost_the_lead_is_the_next_leaders() {
    let (cluster, told) = (Scripted::carrying(), Told::default());
    let (mut a, mut b) = two(&cluster, &told);
    let (relay, session) = (a.relay.clone().unwrap(), a.app.session().clone());
    // It has not wound up yet.
    a.seat.follow(Some("b".into()));
    let asked = session.task("asked").unwrap().run(Params::new());
    session.task("daily").unwrap().disable();
    until(&mut [], || relay.len() == 2);
    a.app.settle();
    b.lead(2);
    let end = outcome(&mut [&mut a, &mut b], asked).unwrap();
    assert_eq!(runs(&b, "asked")[0].run_id, end.run_id);
    let daily = b.app.session().task("daily").unwrap();
    until(&mut [&mut b], || daily.is_disabled());
    assert_eq!(runs(&b, "asked").len(), 1);
    assert_eq!(told.lock().unwrap().len(), 1);
}

#[test]
fn what_a_leader_is_asked_for_whose_lease_is_over_is_handed_in() {
    let (cluster, told) = (Scripted::carrying(), Told::default());
    let (mut a, mut b) = two(&cluster, &told);
    let relay = a.relay.clone().unwrap();
    // It may renew the lease yet, or another node takes it.
    a.seat.lead(1, Duration::ZERO);
    let asked = a.app.session().task("asked").unwrap().run(Params::new());
    until(&mut [], || relay.len() == 1);
    a.seat.follow(Some("b".into()));
    b.lead(2);
    outcome(&mut [&mut a, &mut b], asked).unwrap();
    assert_eq!(runs(&b, "asked").len(), 1);
}

#[test]
fn what_a_lead_has_not_recorded_is_not_recorded_by_a_later_one() {
    let (cluster, told) = (Scripted::carrying(), Told::default());
    let (mut a, mut b) = two(&cluster, &told);
    a.fill_log(true);
    a.app.session().task("daily").unwrap().disable();
    a.app.settle();
    a.seat.follow(Some("b".into()));
    b.lead(2);
    b.seat.follow(Some("a".into()));
    // It leads again before it has wound up.
    a.fill_log(false);
    a.lead(3);
    let session = a.app.session().clone();
    until(&mut [&mut a, &mut b], || session.phase() == Phase::Up);
    assert!(!a.app.session().task("daily").unwrap().is_disabled());
    let failures = a.app.session().failures();
    assert!(
        failures
            .iter()
            .any(|failure| failure.message.contains("1 changes of the app are not recorded"))
    );
}

#[test]
fn a_call_is_answered_once_its_decision_is_recorded() {
    let (cluster, told) = (Scripted::carrying(), Told::default());
    let (mut a, mut b) = two(&cluster, &told);
    let c = cluster.node(app(&told, "c"), BEGIN);
    a.fill_log(true);
    // This leader has deleted the task, but has not recorded that.
    a.app.session().task("asked").unwrap().delete();
    let asked = c.app.session().task("asked").unwrap().run(Params::new());
    c.app.session().task("daily").unwrap().disable();
    let daily = a.app.session().task("daily").unwrap();
    until(&mut [&mut a], || daily.is_disabled());
    a.seat.follow(Some("b".into()));
    b.lead(2);
    outcome(&mut [&mut a, &mut b], asked).unwrap();
    assert_eq!(runs(&b, "asked").len(), 1);
}

#[test]
fn an_end_that_is_not_recorded_is_not_told() {
    let (cluster, told) = (Scripted::carrying(), Told::default());
    let (mut a, mut b) = two(&cluster, &told);
    let (c, leader) = (cluster.node(app(&told, "c"), BEGIN), a.app.session().clone());
    let slow = leader.task("slow").unwrap().run(Params::new());
    until(&mut [&mut a], || leader.task("slow").unwrap().is_running());
    a.app.settle();
    assert_eq!(runs(&a, "slow").len(), 1);
    a.fill_log(true);
    let carried = c.app.session().task("asked").unwrap().run(Params::new());
    until(&mut [&mut a], || !leader.audit().is_empty());
    a.app.run_for(Duration::from_secs(700));
    a.seat.follow(Some("b".into()));
    b.lead(2);
    let error = outcome(&mut [&mut a, &mut b], slow).unwrap_err().to_string();
    assert!(
        error.contains("can't be waited for: the node that took it up no longer leads"),
        "{error}"
    );
    let log = b.app.records(&Query::new().task("slow"));
    let actions: Vec<Action> = log.iter().map(|record| record.action).collect();
    assert_eq!(actions, [Action::Run, Action::Crash]);
    let end = outcome(&mut [&mut a, &mut b], carried).unwrap();
    assert_eq!(runs(&b, "asked")[0].run_id, end.run_id);
}

#[test]
fn of_two_leaders_that_have_taken_up_different_calls_one_records_them() {
    let (cluster, told) = (Scripted::carrying(), Told::default());
    let mut a = cluster.node(app(&told, "a"), BEGIN);
    let mut b = cluster.node(app(&told, "b"), BEGIN);
    let mut c = cluster.node(app(&told, "c"), BEGIN);
    a.relay.as_ref().unwrap().set_faults(CUT_OFF);
    // In the same term, so that no fence can help.
    a.lead(1);
    b.lead(1);
    b.fill_log(true);
    let (relay, session) = (c.relay.clone().unwrap(), c.app.session().clone());
    session.task("daily").unwrap().disable();
    let second = b.app.session().clone();
    until(&mut [], || second.audit().len() == 1);
    b.relay.as_ref().unwrap().set_faults(CUT_OFF);
    let ask = || session.task("asked").unwrap().run(Params::new());
    let others = [ask(), ask()];
    until(&mut [], || relay.len() == 3);
    a.relay.as_ref().unwrap().set_faults(RelayFaults::default());
    // Its scheduler records all of them in one write.
    let first = a.app.session().clone();
    until(&mut [], || first.audit().len() == 3);
    for asked in others {
        outcome(&mut [&mut a], asked).unwrap();
    }
    // The other one can't record any more that it has made the first call and no other.
    b.fill_log(false);
    b.app.run_for(Duration::from_secs(60));
    until(&mut [&mut b], || second.phase() == Phase::Standby);
    a.seat.follow(Some("c".into()));
    a.app.settle();
    c.lead(2);
    // Calls are made in their order.
    let last = first.task("asked").unwrap().run(Params::new());
    outcome(&mut [&mut a, &mut c], last).unwrap();
    assert_eq!(runs(&c, "asked").len(), 3);
    assert_eq!(told.lock().unwrap().len(), 3);
}

#[test]
fn a_caller_whose_request_is_not_confirmed_gets_an_error() {
    let (cluster, told) = (Scripted::carrying(), Told::default());
    let (mut a, b) = two(&cluster, &told);
    b.relay.as_ref().unwrap().set_faults(RelayFaults {
        loses_confirmations: true,
        ..RelayFaults::default()
    });
    let asked = b.app.session().task("asked").unwrap().run(Params::new());
    let error = outcome(&mut [&mut a], asked).unwrap_err().to_string();
    assert!(
        error.contains("can't be waited for: the cluster has not confirmed"),
        "{error}"
    );
    until(&mut [&mut a], || told.lock().unwrap().len() == 1);
}

#[test]
fn an_answer_that_can_not_be_written_is_written_later() {
    let (cluster, told) = (Scripted::carrying(), Told::default());
    let (mut a, b) = two(&cluster, &told);
    a.fill_log(true);
    let asked = b.app.session().task("asked").unwrap().run(Params::new());
    let leader = a.app.session().clone();
    until(&mut [&mut a], || leader.audit().len() == 1);
    let relay = a.relay.clone().unwrap();
    relay.set_faults(CUT_OFF);
    a.fill_log(false);
    a.app.run_for(Duration::from_secs(60));
    until(&mut [&mut a], || {
        leader.task("asked").unwrap().total(Action::Success) == 1
    });
    relay.set_faults(RelayFaults::default());
    outcome(&mut [&mut a], asked).unwrap();
}

#[test]
fn a_leader_that_loses_the_lead_while_it_ends_ends_well() {
    let (cluster, told) = (Scripted::carrying(), Told::default());
    let (mut a, _b) = two(&cluster, &told);
    a.fill_log(true);
    let session = a.app.session().clone();
    session.task("daily").unwrap().disable();
    a.app.settle();
    // Its lease has expired, but the store has not reported that.
    a.seat.lead(1, Duration::ZERO);
    a.app.close().unwrap();
    let is_told = |part: &str| {
        session
            .failures()
            .iter()
            .any(|failure| failure.message.contains(part))
    };
    assert!(is_told("this node no longer leads") && is_told("1 changes of the app are not recorded"));
}
