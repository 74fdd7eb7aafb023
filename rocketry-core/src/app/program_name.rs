//! The name of the program.

/// The name of the program that runs, without its folder and its ending: the name of an app that has no other. `app` if the
/// system does not tell.
pub fn program_name() -> String {
    let path = std::env::current_exe().unwrap_or_default();
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    if name.is_empty() {
        "app".to_owned()
    } else {
        name.into_owned()
    }
}
