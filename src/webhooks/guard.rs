//! May this address be sent to? An address that somebody types must not make us knock on doors of our own network: https only,
//! and every address that its name resolves to, now, must be public. We connect to the addresses that were looked at, so that a
//! name which answers differently a moment later gains nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::Url;

use crate::{Error, Result};

/// The longest address, in characters.
const LONGEST: usize = 500;

/// Where messages may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// To public addresses, by https.
    Public,
    /// Also to this machine, and without https: for tests.
    #[cfg(feature = "testing")]
    Loopback,
}

impl Reach {
    fn plain_http(self) -> bool {
        match self {
            Self::Public => false,
            #[cfg(feature = "testing")]
            Self::Loopback => true,
        }
    }

    fn allows(self, ip: IpAddr) -> bool {
        match self {
            Self::Public => is_public(ip),
            #[cfg(feature = "testing")]
            Self::Loopback => is_public(ip) || ip.is_loopback(),
        }
    }
}

/// An address that may be kept. What its name resolves to is looked at when it is sent to.
///
/// # Errors
/// [`Error::Invalid`] that says what is wrong with it.
pub(super) fn checked(reach: Reach, text: &str) -> Result<Url> {
    let invalid = |why: &str| Error::Invalid(why.to_owned());
    let text = text.trim();
    if text.chars().count() > LONGEST {
        return Err(invalid("The address is longer than 500 characters."));
    }
    let url = Url::parse(text).map_err(|_| invalid("Type an address such as https://example.com/hooks/muster."))?;
    if url.scheme() != "https" && !(reach.plain_http() && url.scheme() == "http") {
        return Err(invalid("The address must begin with https://."));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid("The address must not hold a name or password."));
    }
    if url.fragment().is_some() {
        return Err(invalid("The address must not have a part after #."));
    }
    match literal(&url) {
        Some(ip) if !reach.allows(ip) => Err(invalid("The address is not a public one.")),
        _ if url.host_str().is_none_or(str::is_empty) => Err(invalid("The address names no host.")),
        _ => Ok(url),
    }
}

/// The IP address that stands in the place of a name.
fn literal(url: &Url) -> Option<IpAddr> {
    let host = url.host_str()?;
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// Why nothing is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It leads to where we do not go: for good.
    Private,
    /// Its name is not known, now.
    Unknown(String),
}

/// What the name of an address resolves to: every one public, or none is given.
pub(super) async fn resolved(reach: Reach, url: &Url) -> Result<Vec<SocketAddr>, Refusal> {
    let unknown = || Refusal::Unknown("the address names no host".into());
    let (host, port) = (url.host_str().ok_or_else(unknown)?, url.port_or_known_default().ok_or_else(unknown)?);
    let found: Vec<SocketAddr> = match literal(url) {
        Some(ip) => vec![SocketAddr::new(ip, port)],
        None => tokio::net::lookup_host((host, port))
            .await
            .map_err(|cause| Refusal::Unknown(format!("the name is not known: {cause}")))?
            .collect(),
    };
    match found.as_slice() {
        [] => Err(Refusal::Unknown("the name has no address".into())),
        all if all.iter().all(|it| reach.allows(it.ip())) => Ok(found),
        _ => Err(Refusal::Private),
    }
}

/// Whether an address is reachable on the open internet and nowhere else: neither private, loopback, link-local, shared by a
/// provider's customers (CGNAT), reserved, nor one that carries another inside (IPv4 in IPv6, 6to4, NAT64, Teredo).
#[must_use]
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => ip.to_ipv4_mapped().map_or_else(|| is_public_v6(ip), is_public_v4),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a, b, c) == (192, 0, 0)
        || (a, b, c) == (192, 88, 99)
        || (a == 198 && (18..20).contains(&b)))
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    // Of what is given out to the internet (2000::/3), not what is special in it.
    let special = (a == 0x2001 && (b < 0x200 || b == 0xdb8)) || a == 0x2002 || (a == 0x3fff && b < 0x1000);
    (0x2000..0x4000).contains(&a) && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_addresses_are_public() {
        for ip in
            ["1.1.1.1", "93.184.216.34", "100.63.255.255", "100.128.0.1", "172.32.0.1", "2606:4700::1111", "2a00::1"]
        {
            assert!(is_public(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn addresses_of_no_public_place_are_not() {
        for ip in [
            "127.0.0.1",
            "127.8.8.8",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.127.255.255",
            "0.0.0.0",
            "0.1.2.3",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
        ] {
            assert!(!is_public(ip.parse().unwrap()), "{ip}");
        }
    }

    #[track_caller]
    fn refused(url: &str, why: &str) {
        let error = checked(Reach::Public, url).unwrap_err().to_string();
        assert!(error.contains(why), "{url}: {error}");
    }

    #[test]
    fn an_address_is_public_and_https_and_holds_no_password() {
        assert!(checked(Reach::Public, " https://example.com/hooks?a=1 ").is_ok());
        refused("http://example.com/", "https");
        refused("ftp://example.com/", "https");
        refused("example.com", "such as");
        refused("https://me:secret@example.com/", "password");
        refused("https://example.com/#here", "#");
        // The many ways to write an address of our own.
        for own in [
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://[::1]/",
            "https://10.0.0.1:8443/",
            "https://[::ffff:169.254.169.254]/",
        ] {
            refused(own, "not a public");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_to_this_machine_is_refused() {
        let url = Url::parse("https://localhost/").unwrap();
        assert_eq!(resolved(Reach::Public, &url).await, Err(Refusal::Private));
    }
}
