//! Addresses of clusters: `nats://user:password@host:port,host:port/name?replicas=3`.

use std::sync::Arc;

use percent_encoding::percent_decode_str;
use rocketry_core::{Error, Result};

/// The default port of a server.
const PORT: u16 = 4222;

/// A parsed address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// The servers, each as `host:port`.
    pub(super) servers: Vec<String>,
    pub(super) login: Option<(String, String)>,
    /// The name of the app, which is the prefix of the names of streams and subjects.
    pub(super) name: Arc<str>,
    /// The number of servers that store each write.
    pub(super) replicas: usize,
    /// Whether the servers sync writes before they acknowledge them, according to the address.
    pub(super) is_synced: bool,
}

impl Address {
    pub(super) fn read(address: &str) -> Result<Self> {
        read(address).map_err(Error::log)
    }
}

fn read(address: &str) -> Result<Address, String> {
    const FORM: &str = "expected one such as `nats://host:4222/name`";
    let rest = address.strip_prefix("nats://");
    let rest = rest.ok_or_else(|| format!("it is not a NATS address: {FORM}"))?;
    let (rest, options) = rest.split_once('?').unwrap_or((rest, ""));
    let (place, name) = rest.split_once('/').unwrap_or((rest, ""));
    if name.is_empty() {
        return Err(format!(
            "the name of the app is missing after the servers: {FORM}"
        ));
    }
    if let Some(odd) = name.chars().find(|letter| !is_of_name(*letter)) {
        return Err(format!(
            "the name of the app has `{odd}`: it may have letters and digits without accents, `-` and `_`"
        ));
    }
    let (login, hosts) = match place.rsplit_once('@') {
        Some((login, hosts)) => (Some(read_login(login)?), hosts),
        None => (None, place),
    };
    let servers: Vec<String> = hosts.split(',').map(read_server).collect::<Result<_, _>>()?;
    let mut read = Address {
        // The default for three servers.
        replicas: if servers.len() < 3 { 1 } else { 3 },
        servers,
        login,
        name: name.into(),
        is_synced: false,
    };
    for option in options.split('&').filter(|option| !option.is_empty()) {
        read.take(option)?;
    }
    Ok(read)
}

impl Address {
    fn take(&mut self, option: &str) -> Result<(), String> {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        match (name, value) {
            ("replicas", "1" | "3" | "5") => self.replicas = usize::from(value.as_bytes()[0] - b'0'),
            ("replicas", _) => return Err(format!("`replicas` is 1, 3 or 5, and not `{value}`")),
            ("sync_interval", "always") => self.is_synced = true,
            ("sync_interval", _) => {
                return Err(format!(
                    "`sync_interval` is `always`, if the servers have that in their files, and not `{value}`"
                ));
            }
            _ => {
                return Err(format!(
                    "unknown option `{name}`: there are `replicas` and `sync_interval`"
                ));
            }
        }
        Ok(())
    }
}

fn is_of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_')
}

fn read_login(login: &str) -> Result<(String, String), String> {
    let (user, password) = login
        .split_once(':')
        .ok_or("a user needs a password: `nats://user:password@host/name`")?;
    let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    Ok((plain(user), plain(password)))
}

fn read_server(server: &str) -> Result<String, String> {
    // The colons of an IPv6 address are in brackets.
    let after = server.rfind(']').map_or(0, |end| end + 1);
    let (host, port) = match server[after..].find(':') {
        Some(colon) => (&server[..after + colon], &server[after + colon + 1..]),
        None => (server, ""),
    };
    if host.is_empty() {
        return Err("the name of a server is empty: expected `host:4222`, and commas between several".into());
    }
    let number = if port.is_empty() && !server.ends_with(':') {
        Ok(PORT)
    } else {
        port.parse()
    };
    match number {
        Ok(number @ 1..) => Ok(format!("{host}:{number}")),
        _ => Err(format!(
            "the port of `{host}` is `{port}`: expected a number from 1 to 65535"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, read};

    #[test]
    fn servers_have_the_usual_port() {
        let read = read("nats://a,b:1,[::1]:5,[::2]/app_1").unwrap();
        assert_eq!(read.servers, ["a:4222", "b:1", "[::1]:5", "[::2]:4222"]);
        assert_eq!((&*read.name, read.replicas, read.login), ("app_1", 3, None));
    }

    #[test]
    fn options_are_understood() {
        let read = read("nats://me:a%40b@a/x?replicas=5&sync_interval=always").unwrap();
        let expected = Address {
            servers: vec!["a:4222".into()],
            login: Some(("me".into(), "a@b".into())),
            name: "x".into(),
            replicas: 5,
            is_synced: true,
        };
        assert_eq!(read, expected);
    }

    #[test]
    fn mistakes_are_reported() {
        let told = |address: &str| read(address).unwrap_err();
        assert!(told("nats://a").contains("the name of the app is missing"));
        assert!(told("nats://a/").contains("the name of the app is missing"));
        assert!(told("nats:a/b").contains("expected one such as `nats://host:4222/name`"));
        assert!(told("nats://a/my app").contains("has ` `"));
        assert!(told("nats://a/b.c").contains("has `.`"));
        assert!(told("nats://a:x/b").contains("the port of `a` is `x`"));
        assert!(told("nats://a:/b").contains("the port of `a` is ``"));
        assert!(told("nats://a:0/b").contains("the port of `a` is `0`"));
        assert!(told("nats://a:70000/b").contains("from 1 to 65535"));
        assert!(told("nats://a,,b/c").contains("the name of a server is empty"));
        assert!(told("nats://me@a/b").contains("a user needs a password"));
        assert!(told("nats://a/b?replicas=2").contains("is 1, 3 or 5, and not `2`"));
        assert!(told("nats://a/b?sync_interval=2m").contains("is `always`"));
        assert!(told("nats://a/b?replica=3").contains("unknown option `replica`"));
    }
}
