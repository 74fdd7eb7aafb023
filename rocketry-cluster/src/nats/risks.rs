//! Risks in the settings of the servers, as far as a client can see them.

use super::address::Address;
use super::api::Config;

/// What a power loss could cost, a sentence each.
pub(super) fn told(address: &Address, config: &Config) -> Vec<String> {
    let mut risks = Vec::new();
    if config.storage != "file" {
        risks.push(
            "the streams of NATS are in memory: a server that stops loses the whole run log; keep them in files".to_owned(),
        );
    }
    if config.num_replicas == 1 {
        risks.push(
            "one NATS server keeps the run log, which is for development: no run starts while it is gone, and its disk is the only \
             copy; use three servers, and name them in the address or say `replicas=3`"
                .to_owned(),
        );
    }
    if !address.is_synced {
        let lost = if config.num_replicas == 1 {
            "a loss of power"
        } else {
            "a loss of power of most servers at once"
        };
        risks.push(format!(
            "NATS acknowledges a write before it is on the disk, and no client can see how its servers are set: {lost} may cost \
             the records of the last two minutes, and their runs may be made again; set `sync_interval: always` in the files \
             of the servers, and say `sync_interval=always` in the address"
        ));
    }
    risks
}

#[cfg(test)]
mod tests {
    use super::told;
    use crate::nats::address::Address;
    use crate::nats::api::Config;

    #[test]
    fn what_is_safe_is_not_told() {
        let told = |address: &str, num_replicas, storage: &str| {
            let config = Config {
                subjects: Vec::new(),
                num_replicas,
                storage: storage.into(),
            };
            told(&Address::read(address).unwrap(), &config)
        };
        assert_eq!(
            told("nats://a,b,c/x?sync_interval=always", 3, "file"),
            Vec::<String>::new()
        );
        let one = told("nats://a/x", 1, "file");
        assert!(
            one[0].contains("one NATS server") && one[1].contains(": a loss of power may cost"),
            "{one:?}"
        );
        assert!(told("nats://a,b,c/x", 3, "file")[0].contains("of most servers at once"));
        assert!(told("nats://a/x", 1, "memory")[0].contains("are in memory"));
    }
}
