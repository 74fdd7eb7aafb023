//! Clusters that are given by an address, such as `postgres://user@host/database`.

use super::Cluster;
use crate::error::{Error, Kind, Location, Result, did_you_mean};
use crate::log::shown_address;

/// A kind of cluster that is given by its address. A crate registers one with
/// [`register_cluster!`](crate::register_cluster).
#[derive(Clone, Copy, Debug)]
pub struct ClusterScheme {
    /// The part of the address before the first colon.
    pub scheme: &'static str,
    /// Creates the cluster for an address that begins with the scheme. It does not connect yet.
    pub make: fn(address: &str) -> Result<Box<dyn Cluster>>,
}

inventory::collect!(ClusterScheme);

/// Registers a kind of cluster under the scheme of its addresses.
#[macro_export]
macro_rules! register_cluster {
    ($scheme:expr, $make:expr) => {
        $crate::log::__inventory::submit! { $crate::cluster::ClusterScheme { scheme: $scheme, make: $make } }
    };
}

/// A cluster or the address of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a cluster",
    label = "expected a `Cluster` or an address such as \"postgres://user@host/database\""
)]
pub trait IntoCluster {
    /// Converts the value into a cluster or an address.
    fn into_cluster(self) -> ClusterSource;
}

/// The cluster that an app belongs to.
pub enum ClusterSource {
    /// This cluster.
    Cluster(Box<dyn Cluster>),
    /// The cluster at this address.
    Address(String),
}

impl<C: Cluster> IntoCluster for C {
    fn into_cluster(self) -> ClusterSource {
        ClusterSource::Cluster(Box::new(self))
    }
}

impl IntoCluster for &str {
    fn into_cluster(self) -> ClusterSource {
        ClusterSource::Address(self.to_owned())
    }
}

impl IntoCluster for String {
    fn into_cluster(self) -> ClusterSource {
        ClusterSource::Address(self)
    }
}

impl ClusterSource {
    /// The address, with passwords hidden.
    pub(crate) fn shown(&self) -> Option<String> {
        match self {
            ClusterSource::Cluster(_) => None,
            ClusterSource::Address(address) => Some(shown_address(address)),
        }
    }

    pub(crate) fn make(self, location: Location) -> Result<Box<dyn Cluster>> {
        let address = match self {
            ClusterSource::Cluster(cluster) => return Ok(cluster),
            ClusterSource::Address(address) => address,
        };
        let make = find(&address)
            .map_err(|mistake| Error::at(Kind::Build, mistake, Some(location)))?
            .make;
        make(&address).map_err(|error| {
            let message = format!("the cluster `{}`: {error}", shown_address(&address));
            Error::at(Kind::Build, message, Some(location)).because(error)
        })
    }
}

/// The kinds of clusters in this project, each with the feature of `rocketry` that it needs.
const FEATURES: [(&str, &str); 3] = [
    ("nats", "nats"),
    ("postgres", "postgres"),
    ("postgresql", "postgres"),
];

fn find(address: &str) -> Result<&'static ClusterScheme, String> {
    let shown = shown_address(address);
    let Some((scheme, _)) = address.split_once(':') else {
        return Err(format!(
            "`{shown}` is not the address of a cluster: expected one such as `postgres://user@host/database`"
        ));
    };
    let known = || inventory::iter::<ClusterScheme>();
    if let Some(found) = known().find(|known| known.scheme == scheme) {
        return Ok(found);
    }
    if let Some((_, feature)) = FEATURES.iter().find(|(name, _)| *name == scheme) {
        return Err(format!(
            "the cluster `{shown}` needs the feature `{feature}` of the crate `rocketry`"
        ));
    }
    let names = known().map(|known| known.scheme);
    let near = did_you_mean(scheme, names.chain(FEATURES.map(|(name, _)| name)));
    Err(format!(
        "the cluster `{shown}`: there is no kind of cluster `{scheme}`{near}"
    ))
}
