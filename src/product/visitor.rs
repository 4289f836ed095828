//! What is kept of where somebody comes from: never enough to find the person again.

use std::net::IpAddr;

/// What kind of machine asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Device {
    /// A computer.
    Desktop,
    /// A tablet.
    Tablet,
    /// A phone.
    Phone,
    /// No browser at all.
    Program,
}

impl Device {
    /// As it is stored.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Desktop => "desktop",
            Self::Tablet => "tablet",
            Self::Phone => "phone",
            Self::Program => "program",
        }
    }
}

/// The kind of machine and the browser's family, told from the `User-Agent`; its version and everything else is left out.
///
/// ```
/// use muster::product::visitor::{Device, agent};
/// let phone = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36";
/// assert_eq!(agent(phone), (Device::Phone, "chrome"));
/// assert_eq!(agent("curl/8.5.0"), (Device::Program, "other"));
/// ```
#[must_use]
pub fn agent(text: &str) -> (Device, &'static str) {
    let has = |word: &str| text.contains(word);
    let browser = if has("Edg/") || has("EdgA/") || has("EdgiOS/") {
        "edge"
    } else if has("Firefox/") || has("FxiOS/") {
        "firefox"
    } else if has("Chrome/") || has("CriOS/") {
        "chrome"
    } else if has("Safari/") {
        "safari"
    } else {
        "other"
    };
    let device = if !has("Mozilla/") {
        Device::Program
    } else if has("iPad") || has("Tablet") || has("Android") && !has("Mobile") {
        Device::Tablet
    } else if has("Mobile") || has("iPhone") {
        Device::Phone
    } else {
        Device::Desktop
    };
    (device, browser)
}

/// The subnet of an address: 24 bits of an IPv4 address, 48 of an IPv6 address. `None` for what is no address.
///
/// ```
/// use muster::product::visitor::subnet;
/// assert_eq!(subnet("203.0.113.77").as_deref(), Some("203.0.113.0/24"));
/// assert_eq!(subnet("2001:db8:1:2::77").as_deref(), Some("2001:db8:1::/48"));
/// assert_eq!(subnet("::ffff:203.0.113.77").as_deref(), Some("203.0.113.0/24"));
/// assert_eq!(subnet("unknown"), None);
/// ```
#[must_use]
pub fn subnet(address: &str) -> Option<String> {
    let address: IpAddr = address.trim().parse().ok()?;
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            Some(format!("{a}.{b}.{c}.0/24"))
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            Some(format!("{}/48", std::net::Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, device: Device, browser: &str) {
        assert_eq!(agent(text), (device, browser), "{text}");
    }

    #[test]
    fn devices_and_browsers_are_told_apart() {
        let windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36";
        check(windows, Device::Desktop, "chrome");
        check(&format!("{windows} Edg/131.0"), Device::Desktop, "edge");
        check("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", Device::Desktop, "firefox");
        let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148 Safari/604.1";
        check(iphone, Device::Phone, "safari");
        check(
            "Mozilla/5.0 (iPad; CPU OS 17_0) AppleWebKit/605 Version/17.0 Mobile/15E Safari/604.1",
            Device::Tablet,
            "safari",
        );
        check(
            "Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit Chrome/120.0 Safari/537.36",
            Device::Tablet,
            "chrome",
        );
        check("", Device::Program, "other");
    }
}
