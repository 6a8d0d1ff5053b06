//! Where a host name may lead: to the public internet, unless the operator says that it lies in a private
//! network. A name is looked up for each connection, so that a record that changes between a check and its
//! use (DNS rebinding) is no way into the network that this server stands in.
//!
//! An address that stands in a URL itself is what the operator said, and is not asked about.

use std::error::Error;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Looks names up and leaves out the addresses that they may not have.
#[derive(Debug, Clone)]
pub(super) struct Addresses {
    /// The variable that allows private ones.
    variable: String,
    /// Hosts that may have any address: the proxy, or all.
    free: Free,
}

#[derive(Debug, Clone)]
enum Free {
    All,
    Only(Option<String>),
}

impl Addresses {
    /// All addresses for all names, if `allow_private`, else for the host of the proxy only.
    pub(super) fn new(prefix: &str, allow_private: bool, proxy: Option<&str>) -> Self {
        let proxy = proxy.and_then(|url| Some(url::Url::parse(url).ok()?.host_str()?.to_owned()));
        Self {
            variable: format!("{prefix}_ALLOW_PRIVATE"),
            free: if allow_private {
                Free::All
            } else {
                Free::Only(proxy)
            },
        }
    }

    /// Those addresses of a host that it may have.
    fn kept(
        &self,
        host: &str,
        found: impl Iterator<Item = SocketAddr>,
    ) -> Result<Vec<SocketAddr>, NotPublic> {
        let is_free = match &self.free {
            Free::All => true,
            Free::Only(proxy) => proxy.as_deref() == Some(host),
        };
        // RFC 6761 §6.3: this name is this machine.
        let is_local = host == "localhost" || host.ends_with(".localhost");
        let mut refused = None;
        let kept: Vec<SocketAddr> = found
            .filter(|found| {
                let address = found.ip().to_canonical();
                let may_be = is_free || is_public(address) || is_local && address.is_loopback();
                if !may_be {
                    refused.get_or_insert(address);
                }
                may_be
            })
            .collect();
        match refused {
            Some(address) if kept.is_empty() => Err(NotPublic {
                host: host.to_owned(),
                address,
                variable: self.variable.clone(),
            }),
            _ => Ok(kept),
        }
    }
}

impl Resolve for Addresses {
    fn resolve(&self, name: Name) -> Resolving {
        let this = self.clone();
        Box::pin(async move {
            let host = name.as_str().to_ascii_lowercase();
            // The port is set by who asks.
            let found = tokio::net::lookup_host((host.as_str(), 0)).await?;
            let kept = this.kept(host.trim_end_matches('.'), found)?;
            Ok(Box::new(kept.into_iter()) as Addrs)
        })
    }
}

/// A name leads into a private network, which nobody has said that it may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NotPublic {
    host: String,
    address: IpAddr,
    variable: String,
}

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            host,
            address,
            variable,
        } = self;
        write!(
            f,
            "{} has the address {address}, which is not a public one; nothing was sent. If the service is in your own network, the operator of this server sets {variable}=1",
            crate::text::clean(host)
        )
    }
}

impl Error for NotPublic {}

/// The reason, if it is that of an error or of its causes.
pub(super) fn not_public<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e NotPublic> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<NotPublic>() {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// Whether an address is one of the public internet (IANA IPv4 and IPv6 Special-Purpose Address Registries,
/// column "globally reachable"). One that holds an IPv4 address is what that one is.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !matches!(
        (a, b, c),
        (0 | 10 | 127 | 224.., _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    )
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match segments {
        // IPv4-mapped, IPv4-translated (RFC 6052) and the deprecated IPv4-compatible ones.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            is_public_v4(v4(high, low))
        }
        // 6to4 (RFC 3056).
        [0x2002, high, low, ..] => is_public_v4(v4(high, low)),
        // Benchmarking, ORCHID, documentation, Teredo and other protocol assignments.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // Global unicast is 2000::/3 (RFC 4291 §2.4); all else is local, reserved or multicast.
        [first, ..] => (0x2000..=0x3fff).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr as _;

    use super::*;

    #[test]
    fn only_addresses_of_the_public_internet_are_public() {
        for (address, expected) in [
            ("8.8.8.8", true),
            ("100.63.255.255", true),
            ("100.128.0.1", true),
            ("172.15.0.1", true),
            ("172.32.0.1", true),
            ("192.0.1.1", true),
            ("198.20.0.1", true),
            ("223.255.255.255", true),
            ("2606:4700::1111", true),
            ("2002:808:808::1", true),
            ("64:ff9b::808:808", true),
            ("::ffff:8.8.8.8", true),
            ("2001:4860:4860::8888", true),
            ("0.0.0.0", false),
            ("10.1.2.3", false),
            ("100.64.0.1", false),
            ("127.0.0.1", false),
            ("169.254.169.254", false),
            ("172.16.0.1", false),
            ("172.31.255.255", false),
            ("192.0.0.8", false),
            ("192.0.2.1", false),
            ("192.88.99.1", false),
            ("192.168.1.1", false),
            ("198.19.0.1", false),
            ("198.51.100.1", false),
            ("203.0.113.9", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("::", false),
            ("::1", false),
            ("::ffff:10.0.0.1", false),
            ("::ffff:0:169.254.169.254", false),
            ("64:ff9b::a9fe:a9fe", false),
            ("64:ff9b:1::1", false),
            ("100::1", false),
            ("2001:db8::1", false),
            ("2001::1", false),
            ("2002:a00:1::1", false),
            ("3fff:1::1", false),
            ("fc00::1", false),
            ("fd12:3456::1", false),
            ("fe80::1", false),
            ("fec0::1", false),
            ("ff02::1", false),
        ] {
            let parsed = IpAddr::from_str(address).unwrap_or_else(|e| unreachable!("{e}"));
            assert_eq!(is_public(parsed), expected, "{address}");
        }
    }

    #[test]
    fn a_name_has_the_public_ones_of_its_addresses_unless_it_is_free() {
        let at =
            |text: &str| SocketAddr::new(text.parse().unwrap_or(IpAddr::from([0, 0, 0, 0])), 0);
        let (public, private, local) = (at("8.8.8.8"), at("10.0.0.5"), at("127.0.0.1"));
        let mapped = at("::ffff:127.0.0.1");
        let proxy = Some("http://proxy.internal:3128");
        for (allow, host, found, expected) in [
            (false, "crm.example.com", vec![public], Some(vec![public])),
            (
                false,
                "crm.example.com",
                vec![private, public],
                Some(vec![public]),
            ),
            (false, "crm.example.com", vec![private, local], None),
            (false, "crm.example.com", vec![], Some(vec![])),
            (
                true,
                "crm.internal",
                vec![private, local],
                Some(vec![private, local]),
            ),
            (false, "localhost", vec![local], Some(vec![local])),
            (false, "crm.localhost", vec![mapped], Some(vec![mapped])),
            (false, "localhost", vec![private], None),
            (false, "notlocalhost", vec![local], None),
            (false, "proxy.internal", vec![private], Some(vec![private])),
            (false, "other.internal", vec![private], None),
        ] {
            let addresses = Addresses::new("CRM", allow, proxy);
            let kept = addresses.kept(host, found.clone().into_iter());
            assert_eq!(kept.ok(), expected, "{allow} {host} {found:?}");
        }
    }

    #[tokio::test]
    async fn what_the_system_knows_a_name_by_is_looked_at() {
        // The system takes this for 127.0.0.1, without a network.
        let look = |addresses: Addresses| async move {
            let name = Name::from_str("127.1").unwrap_or_else(|e| unreachable!("{e}"));
            addresses.resolve(name).await.map(Iterator::count)
        };
        let refused = look(Addresses::new("CRM", false, None)).await;
        let said = match &refused {
            Ok(_) => String::new(),
            Err(error) => not_public(error.as_ref()).map_or_else(String::new, ToString::to_string),
        };
        assert_eq!(
            said,
            "127.1 has the address 127.0.0.1, which is not a public one; nothing was sent. If the service is in your own network, the operator of this server sets CRM_ALLOW_PRIVATE=1"
        );
        assert!(
            look(Addresses::new("CRM", true, None))
                .await
                .is_ok_and(|count| count > 0)
        );
    }
}
