//! Who did something, as far as that is noted, and the one call by which everything in the app notes it.

use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use leptos::prelude::use_context;
use muster::product::Event;
use muster::product::events::{Properties, check};
use muster::product::visitor::{Device, agent, subnet};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Recorder;
use crate::caller::Caller;
use crate::sessions::COOKIE;

/// What is kept of where a request comes from.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    visit: Option<String>,
    device: Device,
    browser: &'static str,
    subnet: Option<String>,
}

impl Visitor {
    /// Told from the headers and the address, which are forgotten here.
    pub fn of(headers: &HeaderMap, address: &str, recorder: &Recorder) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (device, browser) = agent(text(header::USER_AGENT));
        let cookie =
            text(header::COOKIE).split(';').find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='));
        let visit = cookie.map(|session| {
            let hash = Sha256::new().chain_update(recorder.key()).chain_update(session).finalize();
            hash[..12].iter().map(|byte| format!("{byte:02x}")).collect()
        });
        Self { visit, device, browser, subnet: subnet(address) }
    }

    /// Notes that the caller did something. What the list of events does not allow is a mistake of ours: it is logged and
    /// left out.
    pub fn did(&self, caller: &Caller, name: &str, properties: Properties, page_load_ms: Option<i32>) {
        let name = match check(name, &properties) {
            Ok(name) => name,
            Err(why) => {
                tracing::error!(name, %why, "an event of ours is not as listed");
                return;
            }
        };
        caller.recorder().note(Event {
            id: Uuid::now_v7(),
            org: caller.user().org.id,
            user: caller.user().id,
            day: caller.today(),
            at: caller.now(),
            name,
            properties,
            visit: self.visit.clone(),
            device: self.device,
            browser: self.browser,
            subnet: self.subnet.clone(),
            page_load_ms,
        });
    }
}

/// Notes that the caller of the running server function did something; `said` is a JSON object.
pub(crate) fn happened(name: &'static str, said: Value) {
    let (Some(caller), Some(parts)) = (Caller::current(), use_context::<Parts>()) else { return };
    if let (Some(visitor), Value::Object(properties)) = (parts.extensions.get::<Visitor>(), said) {
        visitor.did(&caller, name, properties, None);
    }
}
