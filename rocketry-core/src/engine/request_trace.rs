//! The trace context of a requested run.

use std::sync::Arc;

use tracing::Span;

/// The place in a trace where a run was requested. It is known while a subscriber of `tracing` listens.
pub(crate) struct RequestTrace {
    /// The span that the caller was in.
    pub(crate) caller: Span,
    /// Whether the caller was a run.
    pub(crate) in_run: bool,
    /// The trace context that came with the request from another program.
    pub(crate) traceparent: Option<Arc<str>>,
}
