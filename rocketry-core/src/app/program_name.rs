//! The name of the program.

/// Returns the name of the program that runs, without its folder and its extension. Dashboards and notifications call an app
/// by it unless they are given another name. It is `app` where the system does not tell.
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
