//! The name of the program.

/// Returns the name of the running program, without its folder and extension. Dashboards and notifications
/// use it as the name of the app by default. Returns `app` if the system does not provide it.
///
/// ```
/// assert!(!rocketry::program_name().contains('/'));
/// ```
pub fn program_name() -> String {
    let path = std::env::current_exe().unwrap_or_default();
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    if name.is_empty() {
        "app".to_owned()
    } else {
        name.into_owned()
    }
}
