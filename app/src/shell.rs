//! The HTML around a page: head, style sheet, islands, policy.

use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::MetaTags;
use muster::{Error, Result};
use serde::Deserialize;

use crate::access::{VIEWS, for_everybody};
use crate::caller::Caller;
use crate::security::content_security_policy;

/// The built files: style sheet, islands, charts. Without them pages are plain but readable.
#[derive(Debug, Clone)]
pub struct Site {
    /// The folder that is served.
    pub root: PathBuf,
    /// `pkg/<hash>`, if the files were built.
    pub pkg: Option<String>,
    files: Vec<String>,
}

#[derive(Deserialize)]
struct Manifest {
    pkg: String,
    files: Vec<String>,
}

impl Site {
    /// Reads the manifest that the build wrote into `root`.
    ///
    /// # Errors
    /// [`Error::Misconfigured`] for a manifest that cannot be read as one.
    pub fn open(root: &Path) -> Result<Self> {
        let path = root.join("manifest.json");
        let Ok(text) = std::fs::read_to_string(&path) else {
            tracing::warn!(path = %path.display(), "no built site: pages come without style and islands; run bin/build");
            return Ok(Self { root: root.into(), pkg: None, files: Vec::new() });
        };
        let manifest: Manifest = serde_json::from_str(&text)
            .map_err(|cause| Error::Misconfigured(format!("{}: {cause}; run bin/build", path.display())))?;
        Ok(Self { root: root.into(), pkg: Some(manifest.pkg), files: manifest.files })
    }

    /// The address of a built file, with the hash of the build in it.
    #[must_use]
    pub fn address(&self, file: &str) -> Option<String> {
        let pkg = self.pkg.as_ref()?;
        self.files.iter().any(|name| name == file).then(|| format!("/{pkg}/{file}"))
    }

    /// What leptos must know.
    #[must_use]
    pub fn options(&self) -> LeptosOptions {
        LeptosOptions::builder()
            .output_name("muster")
            .site_root(self.root.to_string_lossy().into_owned())
            .site_pkg_dir(self.pkg.clone().unwrap_or_else(|| "pkg".into()))
            .build()
    }

    fn has_islands(&self) -> bool {
        self.address("muster.js").is_some()
    }
}

fn head(site: &Site, title: &str) -> impl IntoView + use<> {
    let title = format!("{title} · Muster");
    view! {
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light dark"/>
        <title>{title}</title>
        {site.address("main.css").map(|address| view! { <link rel="stylesheet" href=address/> })}
        <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
        <link rel="manifest" href="/manifest.webmanifest"/>
    }
}

fn theme() -> Option<String> {
    Caller::current().map(|caller| caller.user().theme.clone()).filter(|theme| theme != "system")
}

/// The script that wakes the islands. Leptos puts two preload links before it that name the nonce as their `crossorigin`
/// (0.8.23): the policy refuses them, and nothing is to be preloaded here, because islands wake when the browser is idle.
fn hydration(options: LeptosOptions) -> impl IntoView {
    let html = view! { <HydrationScripts options islands=true/> }.to_html();
    let script = html
        .find("<script")
        .and_then(|start| html[start..].split_once('>'))
        .and_then(|(_, rest)| rest.rsplit_once("</script>"));
    let script = script.map(|(script, _)| script.to_owned()).unwrap_or_default();
    view! { <script type="module" nonce=use_nonce() inner_html=script></script> }
}

/// The shell of the routed pages. Sets the page's policy with the nonce of its scripts.
pub fn shell<V: IntoView + 'static>(site: &Site, app: V) -> impl IntoView + use<V> {
    if let Some(options) = use_context::<ResponseOptions>()
        && let Some(nonce) = use_nonce()
        && let Ok(policy) = HeaderValue::from_str(&content_security_policy(Some(&nonce)))
    {
        options.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
    let options = site.options();
    let path = use_context::<Parts>().map(|parts| parts.uri.path().to_owned()).unwrap_or_default();
    let view = VIEWS.iter().find(|view| path.starts_with(view.path)).map(|view| view.label);
    let title = view.or_else(|| for_everybody(&path)).unwrap_or("Not found");
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme()>
            <head>
                {head(site, title)}
                {site.has_islands().then(|| hydration(options))}
                <MetaTags/>
            </head>
            <body>{app}</body>
        </html>
    }
}

/// A page without scripts: sign-in, errors. The page is made here, where it can find the caller.
pub fn document<V: IntoView + 'static>(
    site: &Site,
    caller: Option<&Caller>,
    title: &str,
    page: impl FnOnce() -> V,
) -> Response {
    let owner = Owner::new_root(None);
    let html = owner.with(|| {
        if let Some(caller) = caller {
            provide_context(caller.clone());
        }
        view! {
            <!DOCTYPE html>
            <html lang="en" data-theme=theme()>
                <head>{head(site, title)}</head>
                <body>{page()}</body>
            </html>
        }
        .to_html()
    });
    let mut response = Response::new(Body::from(html));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}
