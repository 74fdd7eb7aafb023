//! Forwards requests and changes to the leader if this node stands by.

use std::sync::Arc;

use tokio::sync::oneshot;

use super::Session;
use super::calls::{Call, Forwarded, Reply};
use super::recording::carried;
use super::relaying::Outbox;
use crate::cluster::Seat;
use crate::engine::state::Phase;
use crate::engine::waiters::{Answer, Refusal};
use crate::error::Result;
use crate::failure::Part;
use crate::param::Entry;

impl Session {
    /// Returns the queue of calls for the leader, unless this node decides or this is a call of another node.
    /// A call of another node is never forwarded, because the next leader takes it up itself.
    fn outbox(&self) -> Option<(&Outbox, &Seat)> {
        let node = self.0.node.as_ref()?;
        let outbox = node.outbox()?;
        let is_call = self.1.as_ref().is_some_and(|behalf| behalf.call.is_some());
        (!is_call && !self.decides()).then_some((outbox, &node.seat))
    }

    /// Returns true if this node leads and can rely on its lead, or if it is ending and refuses requests.
    fn decides(&self) -> bool {
        let state = self.state();
        let (ends, stands_by) = (state.ends(), state.phase == Phase::Standby);
        let leads = !stands_by && !state.lead.concedes;
        drop(state);
        ends || leads && self.may_begin()
    }

    /// Returns true if requests and changes have to be made by the leader.
    pub(super) fn needs_leader(&self) -> bool {
        self.outbox().is_some()
    }

    /// Forwards a change if the leader has to make it. If the leader refuses it, the refusal becomes a
    /// failure.
    pub(super) fn forwards(&self, call: impl FnOnce() -> Result<Call>) -> bool {
        let Some((outbox, seat)) = self.outbox() else {
            return false;
        };
        let call = match call() {
            Ok(call) => call,
            Err(error) => {
                self.fail(Part::Cluster, None, error);
                return true;
            }
        };
        let tell = self.reporting_failure(&call);
        outbox.hand_in(&self.forwarded(call, seat), move |reply| tell(&reply));
        true
    }

    /// Forwards setting or removing a session parameter, if the leader has to do it.
    pub(super) fn forwards_param(&self, key: &str, entry: Option<&Entry>) -> bool {
        self.forwards(|| {
            let wire = entry
                .map(|entry| carried("the session", key, entry))
                .transpose()?;
            Ok(Call::Param(key.into(), wire))
        })
    }

    /// Forwards a request for a run, if the leader has to make it.
    pub(super) fn forward_run(
        &self,
        call: impl FnOnce() -> Result<Call>,
    ) -> Option<oneshot::Receiver<Answer>> {
        let (outbox, seat) = self.outbox()?;
        let (waiter, answer) = oneshot::channel();
        match call() {
            Ok(call) => {
                let tell = self.reporting_failure(&call);
                outbox.hand_in(&self.forwarded(call, seat), move |reply| {
                    if !matches!(reply, Reply::Refused(_)) {
                        tell(&reply);
                    }
                    // The caller may not wait for it.
                    let _ = waiter.send(reply.into_answer());
                });
            }
            Err(error) => {
                self.fail(Part::Cluster, None, error);
                let _ = waiter.send(Err(Refusal::NotCarried));
            }
        }
        Some(answer)
    }

    /// Returns a function that adds a failure if a call was not made.
    fn reporting_failure(&self, call: &Call) -> impl Fn(&Reply) + Send + use<> {
        let (what, app) = (call.to_string(), Arc::downgrade(&self.0));
        move |reply| {
            if let (Some(mistake), Some(app)) = (reply.mistake(), app.upgrade()) {
                let message = format!("{what}, which was requested on this node, {mistake}");
                Session::of(app).fail_in_cluster(None, message);
            }
        }
    }

    fn forwarded(&self, call: Call, seat: &Seat) -> Forwarded {
        Forwarded {
            call,
            by: self.who(),
            via: self.way(),
            node: seat.name().clone(),
        }
    }
}
