//! Names of tasks.

/// Returns true if a name refers to a task: the last segment of the full name suffices.
pub(crate) fn is_of(full: &str, name: &str) -> bool {
    full == name || full.strip_suffix(name).is_some_and(|rest| rest.ends_with("::"))
}

#[cfg(test)]
mod tests {
    use super::is_of;

    #[test]
    fn the_last_segment_is_enough() {
        assert!(is_of("shop::fetch", "fetch") && is_of("fetch", "fetch"));
        assert!(!is_of("prefetch", "fetch") && !is_of("fetch", "shop::fetch"));
    }
}
