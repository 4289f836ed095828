//! How the other side knows that a message is ours: `Muster-Signature: t=…,v1=…`, where v1 is HMAC-SHA256 over `t.body` with the
//! secret of the address, in hexadecimal, and t the moment of signing in seconds since 1970. A copy that is sent again later is
//! told by its t.

use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The header.
pub const HEADER: &str = "Muster-Signature";
/// A message whose t is further from now than this should not be believed.
pub const TOLERANCE_SECONDS: i64 = 300;

fn mac(secret: &str, t: i64, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = match Hmac::<Sha256>::new_from_slice(secret.as_bytes()) {
        Ok(mac) => mac,
        Err(_) => unreachable!("HMAC takes keys of any length"),
    };
    mac.update(t.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    mac
}

/// The value of the header.
#[must_use]
pub fn signature(secret: &str, body: &[u8], now: DateTime<Utc>) -> String {
    let t = now.timestamp();
    format!("t={t},v1={}", hex(&mac(secret, t, body).finalize().into_bytes()))
}

/// Whether a header was made with this secret over this body, and lately: what the other side does.
#[must_use]
pub fn verify(secret: &str, header: &str, body: &[u8], now: DateTime<Utc>) -> bool {
    let field = |name: &str| header.split(',').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='));
    let (Some(t), Some(given)) = (field("t").and_then(|t| t.parse::<i64>().ok()), field("v1").and_then(unhex)) else {
        return false;
    };
    (now.timestamp() - t).abs() <= TOLERANCE_SECONDS && mac(secret, t, body).verify_slice(&given).is_ok()
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-03-02T06:00:00Z".parse().unwrap()
    }

    /// Made with `openssl dgst -sha256 -hmac` over `1772431200.{"a":1}`.
    #[test]
    fn it_is_the_one_every_library_makes() {
        let header = signature("0123456789abcdef0123456789abcdef", br#"{"a":1}"#, now());
        assert_eq!(header, "t=1772431200,v1=ed90e1f75a0098ea81f6d0361da45c050798673a3e6a3d7fe7f1b71102e50f92");
    }

    #[test]
    fn another_secret_body_or_a_late_copy_is_not_believed() {
        let (secret, body) = ("a secret of thirty-two characters", b"{}".as_slice());
        let header = signature(secret, body, now());
        assert!(verify(secret, &header, body, now()));
        assert!(!verify("another secret", &header, body, now()));
        assert!(!verify(secret, &header, b"{ }", now()));
        assert!(!verify(secret, &header, body, now() + chrono::Duration::seconds(TOLERANCE_SECONDS + 1)));
        for nonsense in ["", "t=1,v1=", "t=x,v1=00", "v1=00", "t=1772431200,v1=é"] {
            assert!(!verify(secret, nonsense, body, now()), "{nonsense}");
        }
    }
}
