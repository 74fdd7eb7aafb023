//! The names of the users of the system.

use std::fs;

/// The user database of most systems.
const USERS: &str = "/etc/passwd";

/// The name of a user; `user 1000` if the file does not contain it, as for users of a directory service.
pub(super) fn name_of(id: u32) -> String {
    let users = fs::read_to_string(USERS).unwrap_or_default();
    named(&users, id).map_or_else(|| format!("user {id}"), str::to_owned)
}

/// The name in the first line for a user. A line has the form `name:password:id:…`.
fn named(users: &str, id: u32) -> Option<&str> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next().filter(|name| !name.is_empty())?;
        let number: u32 = fields.nth(1)?.parse().ok()?;
        (number == id).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_user_is_found_by_its_number() {
        let users =
            "root:x:0:0:root:/root:/bin/sh\n# note\n:x:7:\nann:x:1000:1000::/home/ann:\nbob:x:1000:1:\n";
        assert_eq!(named(users, 0), Some("root"));
        assert_eq!(named(users, 1000), Some("ann"));
        assert_eq!(named(users, 7), None);
        assert_eq!(named(users, 100), None);
    }
}
