//! The app: collects annotated functions and tasks added in code, and runs them.

mod build;
mod builder;
mod builder_hooks;
mod checking;
mod command_line;
mod only;
mod parts;
mod program_name;
mod running;
mod signals;

pub use builder::Rocketry;
pub use only::Only;
pub use program_name::program_name;
pub use running::App;
