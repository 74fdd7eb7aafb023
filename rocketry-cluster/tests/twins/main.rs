//! Clusters in memory: whole apps on manual time, simulated clusters with faults, and the suites.

mod apps;
mod calls;
mod elector;
mod lost_leads;
mod nodes;
mod simulated;
mod support;
mod work;
