//! Explores every order of events within bounds, whereas the simulation tries random orders. The nodes and
//! the server are those of the simulation, and the table of runs is the one of the twin.

mod attempts;
mod lead;
