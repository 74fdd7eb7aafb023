//! Transports calls between this node and the leader on two threads: one submits calls, the other takes calls
//! and collects answers.

use std::collections::{HashMap, VecDeque};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::Duration;

use tokio::runtime::Handle;

use super::calls::{Forwarded, Reply};
use super::requested_runs::Queued;
use super::{Session, Shared};
use crate::cluster::{Cluster, Relay, Seat};
use crate::engine::audit::Behalf;
use crate::engine::state::Phase;
use crate::engine::waiters::Refusal;
use crate::error::{Error, Kind, Result};

/// The pause before an answer that could not be written is retried.
const PAUSE: Duration = Duration::from_millis(200);

/// The queue in which this node submits calls for the leader.
pub(crate) struct Outbox(Sender<Message>);

/// A message to submit.
enum Message {
    Call(String, Then),
    Answer(u64, Reply),
}

/// A function that receives the answer.
type Then = Box<dyn FnOnce(Reply) + Send>;

/// The calls of this node that have no answer yet, by number.
#[derive(Clone, Default)]
struct Pending(Arc<Mutex<HashMap<u64, Waiting>>>);

struct Waiting {
    then: Then,
    /// When the call is withdrawn, by the clock of the seat; `None` once the leader has taken it.
    until: Option<Duration>,
}

impl Pending {
    fn all(&self) -> MutexGuard<'_, HashMap<u64, Waiting>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, number: u64, reply: Reply) {
        let waiting = self.all().remove(&number);
        if let Some(waiting) = waiting {
            (waiting.then)(reply);
        }
    }

    /// Collects the available answers.
    fn collect(&self, relay: &mut dyn Relay, numbers: &[u64]) -> Result<()> {
        for (number, answer) in relay.answers(numbers)? {
            self.answer(number, Reply::read(&answer));
        }
        Ok(())
    }

    /// Withdraws the calls that no leader has taken in time.
    fn withdraw(&self, relay: &mut dyn Relay, now: Duration) -> Result<()> {
        let late = |(number, waiting): (&u64, &Waiting)| {
            waiting.until.is_some_and(|until| until <= now).then_some(*number)
        };
        let numbers: Vec<u64> = self.all().iter().filter_map(late).collect();
        for number in numbers {
            if relay.withdraw(number)? {
                self.answer(number, Reply::Refused(Refusal::NoLeader));
            } else if let Some(waiting) = self.all().get_mut(&number) {
                waiting.until = None;
            }
        }
        Ok(())
    }
}

impl Outbox {
    /// Opens the connection to the leader; `None` if the cluster carries no calls.
    ///
    /// # Errors
    ///
    /// Returns an error if the connection can't be opened, or if a thread can't be created.
    pub(super) fn open(session: &Session, cluster: &dyn Cluster, seat: &Seat) -> Result<Option<Outbox>> {
        let (Some(out), Some(back)) = (cluster.open_relay()?, cluster.open_relay()?) else {
            return Ok(None);
        };
        let (sender, messages) = channel();
        let pending = Pending::default();
        let outgoing = OutboxWorker {
            relay: out,
            seat: seat.clone(),
            pending: pending.clone(),
        };
        let incoming = InboxWorker {
            relay: back,
            app: Arc::downgrade(&session.0),
            runtime: Handle::current(),
            outbox: sender.clone(),
            pending,
            served: None,
            has_failed: false,
        };
        spawn(move || outgoing.work(&messages))?;
        spawn(move || incoming.work())?;
        Ok(Some(Outbox(sender)))
    }

    /// Submits a call. Its answer is passed to a function.
    pub(super) fn hand_in(&self, forwarded: &Forwarded, then: impl FnOnce(Reply) + Send + 'static) {
        let json = serde_json::to_string(forwarded).expect("calls can be turned into JSON");
        // This only fails once the app has ended and its callers have stopped waiting.
        let _ = self.0.send(Message::Call(json, Box::new(then)));
    }
}

fn spawn(work: impl FnOnce() + Send + 'static) -> Result<()> {
    let thread = thread::Builder::new().name("rocketry-relay".into()).spawn(work);
    thread.map(drop).map_err(|cause| {
        let message = format!("the threads that carry calls to the leader can't be started: {cause}");
        Error::new(Kind::State, message)
    })
}

/// Submits calls and answers.
struct OutboxWorker {
    relay: Box<dyn Relay>,
    seat: Seat,
    pending: Pending,
}

impl OutboxWorker {
    fn work(mut self, messages: &Receiver<Message>) {
        let mut answers = VecDeque::new();
        loop {
            let message = if answers.is_empty() {
                messages.recv().map_err(|_| RecvTimeoutError::Disconnected)
            } else {
                messages.recv_timeout(PAUSE)
            };
            match message {
                Ok(Message::Call(call, then)) => self.hand_in(&call, then),
                Ok(Message::Answer(number, reply)) => answers.push_back((number, reply.to_json())),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            self.answer(&mut answers);
        }
    }

    /// Writes answers. Answers that can't be written stay in the queue: their outcomes are logged, so they
    /// remain true.
    fn answer(&mut self, answers: &mut VecDeque<(u64, String)>) {
        while let Some((number, answer)) = answers.front() {
            if let Err(error) = self.relay.answer(*number, answer) {
                tracing::warn!(target: "rocketry::app", %error, number, "a call of another node can't be answered yet");
                return;
            }
            answers.pop_front();
        }
    }

    fn hand_in(&mut self, call: &str, then: Then) {
        let patience = self.seat.lease() * 2 + Duration::from_secs(2);
        let until = Some(self.seat.elapsed().saturating_add(patience));
        match self.relay.hand_in(call) {
            Ok(number) => {
                self.pending.all().insert(number, Waiting { then, until });
                // The answer may have arrived before anything waited for it.
                let _ = self.pending.collect(&mut *self.relay, &[number]);
            }
            Err(error) => then(Reply::Unconfirmed(format!(
                "the cluster has not confirmed it: {error}"
            ))),
        }
    }
}

/// Takes calls while this node leads, and collects the answers to its own calls.
struct InboxWorker {
    relay: Box<dyn Relay>,
    app: Weak<Shared>,
    /// The runtime on which the ends of requested runs are awaited.
    runtime: Handle,
    outbox: Sender<Message>,
    pending: Pending,
    /// The term in which calls were last taken.
    served: Option<u64>,
    has_failed: bool,
}

impl InboxWorker {
    fn work(mut self) {
        let mut rest = Duration::ZERO;
        loop {
            self.relay.wait(rest);
            let Some(app) = self.app.upgrade() else { return };
            let session = Session::of(app);
            if session.phase() == Phase::Over {
                return;
            }
            let carried = self.carry(&session);
            if let Some(error) = carried.as_ref().err().filter(|_| !self.has_failed) {
                tracing::warn!(target: "rocketry::app", %error, "calls can't be carried between nodes");
            }
            self.has_failed = carried.is_err();
            rest = session.seat().map_or(rest, |seat| seat.lease() / 6);
        }
    }

    fn carry(&mut self, session: &Session) -> Result<()> {
        session.look_after_writes()?;
        self.serve(session)?;
        let numbers: Vec<u64> = self.pending.all().keys().copied().collect();
        if let Some(seat) = session.seat().filter(|_| !numbers.is_empty()) {
            self.pending.collect(&mut *self.relay, &numbers)?;
            self.pending.withdraw(&mut *self.relay, seat.elapsed())?;
        }
        Ok(())
    }

    /// Makes the waiting calls, if this node leads.
    fn serve(&mut self, session: &Session) -> Result<()> {
        let Some(term) = session.serving_term() else {
            return Ok(());
        };
        let relayed = session.state().lead.relayed;
        if self.served != Some(term) {
            // Calls that the previous leader has made but not answered are known only from the run log.
            let gone = Reply::Refused(Refusal::LeaderGone).to_json();
            self.relay.answer_rest(relayed, &gone)?;
            self.served = Some(term);
        }
        for (number, call) in self.relay.take_up(relayed)? {
            if session.serving_term() != Some(term) {
                break;
            }
            self.make(session, (term, number), &call);
        }
        Ok(())
    }

    /// Makes a call, and answers it once that is recorded.
    fn make(&self, session: &Session, (term, number): (u64, u64), call: &str) {
        let made = match serde_json::from_str::<Forwarded>(call) {
            Ok(forwarded) => session.make_forwarded(number, forwarded),
            Err(cause) => {
                session.pass_over(number);
                let message = format!("the leader has another version, and can't read it: {cause}");
                Err(Error::new(Kind::State, message))
            }
        };
        if session.state().lead.relayed < number {
            // The app has begun to end meanwhile, so the next leader makes the call.
            return;
        }
        let Some(kept) = session.0.node.as_ref().map(|node| &node.kept_calls) else {
            return;
        };
        let (kept, outbox) = (kept.wait_for(term, number), self.outbox.clone());
        drop(self.runtime.spawn(async move {
            let reply = reply(made).await;
            if kept.await {
                let _ = outbox.send(Message::Answer(number, reply));
            }
        }));
    }
}

/// Returns the outcome of a call.
async fn reply(made: Result<Option<Queued>>) -> Reply {
    match made {
        Ok(Some(queued)) => match queued.answer().await {
            Ok(record) => Reply::Ran(Box::new(record)),
            // The next leader makes the run if it has not begun, or this one after its restart.
            Err(Refusal::NotLeader | Refusal::Ended | Refusal::PutOff) => Reply::Refused(Refusal::LeaderGone),
            Err(why) => Reply::Refused(why),
        },
        Ok(None) => Reply::Done,
        Err(error) => Reply::Failed(error.to_string()),
    }
}

impl Session {
    pub(super) fn seat(&self) -> Option<&Seat> {
        self.0.node.as_ref().map(|node| &node.seat)
    }

    /// The term of this node's lead, if it takes calls.
    fn serving_term(&self) -> Option<u64> {
        let phase = self.phase();
        let serves = phase == Phase::Starting || phase == Phase::Up;
        self.seat().filter(|_| serves)?.term()
    }

    fn make_forwarded(&self, number: u64, forwarded: Forwarded) -> Result<Option<Queued>> {
        let Forwarded { call, by, via, node } = forwarded;
        let via = via.map_or_else(|| format!("node {node}"), |via| format!("{via} on node {node}"));
        let on_behalf = self.on_behalf(Behalf {
            by,
            via: Some(via.into()),
            call: Some(number),
            ..Behalf::default()
        });
        let made = on_behalf.make(call);
        if !matches!(made, Ok(Some(_))) {
            // A call that changes nothing is made as well. A run is queued or left in one change.
            drop(on_behalf.change());
        }
        made
    }

    /// Records that a call can't be made.
    fn pass_over(&self, number: u64) {
        self.change().note_relayed(number);
    }
}
