//! Rocketry.
