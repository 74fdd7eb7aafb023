//! Clusters in NATS JetStream, on the server that `NATS_FOR_TESTS` names: `nats://host:port`.

mod server;
mod suites;
