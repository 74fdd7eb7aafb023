//! Leaves requests and changes to the node that leads, if this one stands by.

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
    /// The way to the leader, unless this node decides, and unless this is a call of another node: that is never handed on, since the
    /// next leader takes it up itself.
    fn outbox(&self) -> Option<(&Outbox, &Seat)> {
        let node = self.0.node.as_ref()?;
        let outbox = node.outbox()?;
        let is_call = self.1.as_ref().is_some_and(|behalf| behalf.call.is_some());
        (!is_call && !self.decides()).then_some((outbox, &node.seat))
    }

    /// Whether this node leads and can rely on that, or refuses what it is asked for, since it ends.
    fn decides(&self) -> bool {
        let state = self.state();
        let (ends, stands_by) = (state.ends(), state.phase == Phase::Standby);
        let leads = !stands_by && !state.lead.concedes;
        drop(state);
        ends || leads && self.may_begin()
    }

    /// Whether requests and changes are the leader's to make.
    pub(super) fn has_desk(&self) -> bool {
        self.outbox().is_some()
    }

    /// Whether a change is the leader's to make. Then it is handed in, and failures tell if it is not made.
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
        let tell = self.telling_unmade(&call);
        outbox.hand_in(&self.forwarded(call, seat), move |reply| tell(&reply));
        true
    }

    /// Whether a session parameter is the leader's to set, or to remove.
    pub(super) fn forwards_param(&self, key: &str, entry: Option<&Entry>) -> bool {
        self.forwards(|| {
            let wire = entry
                .map(|entry| carried("the session", key, entry))
                .transpose()?;
            Ok(Call::Param(key.into(), wire))
        })
    }

    /// Hands in a request of a run, if it is the leader's to make.
    pub(super) fn forward_run(
        &self,
        call: impl FnOnce() -> Result<Call>,
    ) -> Option<oneshot::Receiver<Answer>> {
        let (outbox, seat) = self.outbox()?;
        let (waiter, answer) = oneshot::channel();
        match call() {
            Ok(call) => {
                let tell = self.telling_unmade(&call);
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

    /// Tells in failures why a call was not made, if so.
    fn telling_unmade(&self, call: &Call) -> impl Fn(&Reply) + Send + use<> {
        let (what, app) = (call.to_string(), Arc::downgrade(&self.0));
        move |reply| {
            if let (Some(mistake), Some(app)) = (reply.mistake(), app.upgrade()) {
                let message = format!("{what}, which was asked for on this node, {mistake}");
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
