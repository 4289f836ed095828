//! On whose behalf does a transaction run? A request says once where it came from; every line that its transactions add to the
//! audit log then holds it, without each verb having to pass it on.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

tokio::task_local! {
    static ORIGIN: Origin;
}

/// Where a request came from, as the audit log keeps it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    request: String,
    subnet: String,
}

impl Origin {
    /// Of a request with this id from this address; what is no address has no network. Of an id that somebody else made up
    /// only the first letters, digits, dashes, dots and underscores are kept: it goes into the SQL that begins a transaction.
    #[must_use]
    pub fn new(request: &str, address: &str) -> Self {
        const LONGEST: usize = 64;
        let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        let request = request.chars().take_while(plain).take(LONGEST).collect();
        Self { request, subnet: address.trim().parse().map(subnet).unwrap_or_default() }
    }

    /// The request's id, as in the structured log: letters, digits, dashes, dots and underscores.
    #[must_use]
    pub fn request(&self) -> &str {
        &self.request
    }

    /// The network of the address, never the address itself: as 192.0.2.0/24, or nothing.
    #[must_use]
    pub fn subnet(&self) -> &str {
        &self.subnet
    }

    /// Runs `work`: what it writes into the audit log comes from here.
    pub async fn during<F: Future>(self, work: F) -> F::Output {
        ORIGIN.scope(self, work).await
    }

    /// That of the running request; empty for jobs and the command line.
    pub(super) fn current() -> Self {
        ORIGIN.try_with(Clone::clone).unwrap_or_default()
    }
}

/// 24 bits of IPv4, 48 of IPv6: enough to tell one office from another, too little to tell one person from another.
fn subnet(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{}/24", Ipv4Addr::new(a, b, c, 0))
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            format!("{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_network_of_an_address_is_kept() {
        let check = |address: &str, expected: &str| assert_eq!(Origin::new("r", address).subnet, expected, "{address}");
        check("192.0.2.77", "192.0.2.0/24");
        check("2001:db8:12:34::7", "2001:db8:12::/48");
        check("::ffff:192.0.2.77", "192.0.2.0/24");
        check("unknown", "");
        check("'; drop table audit_log; --", "");
    }

    #[test]
    fn nothing_in_an_origin_ends_a_literal() {
        let check = |id: &str, expected: &str| assert_eq!(Origin::new(id, "").request, expected, "{id}");
        check("0199b2c4-7d1e_a.b", "0199b2c4-7d1e_a.b");
        check("a'; drop table audit_log; --", "a");
        check("\\'", "");
        check(&"x".repeat(500), &"x".repeat(64));
    }

    #[tokio::test]
    async fn outside_a_request_there_is_no_origin() {
        assert_eq!(Origin::current(), Origin::default());
        let inside = Origin::new("abc", "192.0.2.1").during(async { Origin::current() }).await;
        assert_eq!(inside.request, "abc");
    }
}
