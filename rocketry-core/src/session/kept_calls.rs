//! Which calls of other nodes are recorded as decided. Only those are answered: the next leader decides the others anew.

use tokio::sync::watch;

/// The last call that is recorded as decided, and the term in which it was.
#[derive(Debug, Default)]
pub(super) struct KeptCalls(watch::Sender<Kept>);

#[derive(Clone, Copy, Debug, Default)]
struct Kept {
    term: u64,
    call: u64,
}

impl KeptCalls {
    /// Notes that the calls up to one are recorded as decided.
    pub(super) fn note(&self, term: u64, call: u64) {
        self.0.send_if_modified(|kept| {
            let is_news = (term, call) > (kept.term, kept.call);
            if is_news {
                *kept = Kept { term, call };
            }
            is_news
        });
    }

    /// Waits until a call that was made in a term is recorded as decided. Returns whether that is so: not if the lead ends before.
    pub(super) fn wait_for(&self, term: u64, call: u64) -> impl Future<Output = bool> + use<> {
        let mut kept = self.0.subscribe();
        async move {
            let known = kept.wait_for(|kept| kept.term > term || kept.term == term && kept.call >= call);
            known.await.is_ok_and(|kept| kept.term == term)
        }
    }
}
