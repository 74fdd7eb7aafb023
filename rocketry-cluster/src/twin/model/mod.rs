//! Checks every order in which things may happen, within bounds: where the simulation tries some by chance. The nodes, the server and the
//! table of work are those of the simulation and the twin.

mod attempts;
mod lead;
