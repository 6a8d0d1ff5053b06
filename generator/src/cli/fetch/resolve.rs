//! Names to addresses that may be asked.
//!
//! A public name can be made to lead to the inside of a network; the addresses that were checked
//! are those that are connected to, so that a second answer of the name service changes nothing.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::host::{is_this_machine, literal};

/// Refuses names that lead to addresses that are not public. A host that is itself written as an
/// address was named by the user as it is.
#[derive(Debug, Default)]
pub(super) struct PublicResolver(DefaultResolver);

impl Resolver for PublicResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.0.resolve(uri, config, timeout)?;
        let name = uri.host().unwrap_or_default().to_ascii_lowercase();
        let addresses = found.iter().map(|address| address.ip());
        match refused(&name, addresses) {
            Some(address) => Err(Error::Io(io::Error::other(format!(
                "`{name}` leads to {address}, which is not a public address; \
                 name the address itself if it is meant"
            )))),
            None => Ok(found),
        }
    }
}

/// The first address that a name must not lead to.
fn refused(name: &str, addresses: impl IntoIterator<Item = IpAddr>) -> Option<IpAddr> {
    let mut addresses = addresses.into_iter();
    if literal(name).is_some() {
        return None;
    }
    // What is called `localhost` must be this machine.
    if is_this_machine(name) {
        return addresses.find(|address| !address.is_loopback());
    }
    addresses.find(|address| !is_public(*address))
}

/// Whether an address is globally reachable (the IANA registries of special-purpose addresses,
/// RFC 6890, and multicast).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let special = match address.octets() {
        // This network, loopback, private use, link-local.
        [0 | 10 | 127, ..] | [172, 16..=31, ..] | [192, 168, ..] | [169, 254, ..] => true,
        // Shared between a provider and its customers (RFC 6598); protocol assignments; relays.
        [100, 64..=127, ..] | [192, 0, 0, _] | [192, 88, 99, _] => true,
        // Documentation and benchmarks.
        [192, 0, 2, _] | [198, 18 | 19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => true,
        // Multicast, reserved, broadcast.
        [224..=255, ..] => true,
        _ => false,
    };
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let inner = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        // An IPv4 address in other clothes: mapped, translated (RFC 6052), 6to4 (RFC 3056).
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            inner(high, low)
        }
        [0x2002, high, low, ..] => inner(high, low),
        // Teredo and other protocol assignments, documentation.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, ..] => false,
        // Global unicast; all else is local, multicast or not assigned (RFC 4291 §2.4).
        [0x2000..=0x3fff, ..] => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_public_addresses_only() {
        for (name, address, allowed) in [
            ("e.com", "93.184.216.34", true),
            ("e.com", "2606:2800:220:1::1", true),
            ("e.com", "127.0.0.1", false),
            ("e.com", "0.0.0.0", false),
            ("e.com", "10.1.2.3", false),
            ("e.com", "172.31.0.1", false),
            ("e.com", "172.32.0.1", true),
            ("e.com", "192.168.1.1", false),
            ("e.com", "169.254.169.254", false),
            ("e.com", "100.100.0.1", false),
            ("e.com", "192.0.0.8", false),
            ("e.com", "198.19.0.1", false),
            ("e.com", "224.0.0.1", false),
            ("e.com", "255.255.255.255", false),
            ("e.com", "::", false),
            ("e.com", "::1", false),
            ("e.com", "::127.0.0.1", false),
            ("e.com", "::ffff:10.0.0.1", false),
            ("e.com", "::ffff:93.184.216.34", true),
            ("e.com", "64:ff9b::a00:1", false),
            ("e.com", "64:ff9b:1::1", false),
            ("e.com", "2002:a00:1::1", false),
            ("e.com", "2001::1", false),
            ("e.com", "2001:db8::1", false),
            ("e.com", "fd00::1", false),
            ("e.com", "fe80::1", false),
            ("e.com", "ff02::1", false),
            // What the user wrote as an address is meant.
            ("10.1.2.3", "10.1.2.3", true),
            ("[::1]", "::1", true),
            ("localhost", "127.0.0.1", true),
            ("localhost", "::1", true),
            ("localhost", "10.0.0.1", false),
            ("localhost.e.com", "127.0.0.1", false),
        ] {
            let address: IpAddr = address.parse().unwrap();
            let found = refused(name, [Ipv4Addr::new(93, 184, 216, 34).into(), address]);
            if name == "localhost" {
                assert_eq!(
                    refused(name, [address]).is_none(),
                    allowed,
                    "{name} {address}"
                );
            } else {
                assert_eq!(found.is_none(), allowed, "{name} {address}");
            }
        }
    }
}
