//! Forms of these pages: read as they were sent, answered by going back to the page with what was done or what is to be mended.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use tower_sessions::Session;

use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;
use crate::ui::frame::PageFrame;
use crate::ui::{Card, Notice, NoticeKind};

/// The fields of a form, in the order they were sent. What is no form has none.
#[derive(Debug, Clone, Default)]
pub(super) struct Sent(Vec<(String, String)>);

impl Sent {
    /// Reads the body of a request.
    pub fn read(body: &str) -> Self {
        Self(serde_urlencoded::from_str(body).unwrap_or_default())
    }

    /// The value of a field; empty where it is not there.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map(|(_, value)| value.trim()).unwrap_or_default()
    }

    /// All values of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.trim())
    }

    /// What was typed; several values of a field stand side by side.
    fn typed(&self) -> Vec<(&str, String)> {
        let mut typed: Vec<(&str, String)> = Vec::new();
        for (name, value) in &self.0 {
            match typed.iter_mut().find(|(known, _)| known == name) {
                Some((_, values)) => {
                    values.push(' ');
                    values.push_str(value);
                }
                None => typed.push((name, value.clone())),
            }
        }
        typed
    }
}

/// Goes to `to`, where the page says what was done; or what is to be mended, with what was typed.
pub(super) async fn back(
    session: &Session,
    form: &'static str,
    outcome: Result<String, AppError>,
    sent: &Sent,
    to: &str,
) -> Response {
    let flash = match outcome {
        Ok(done) => Flash::done(form, done),
        Err(error) => {
            let typed = sent.typed();
            let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
            Flash::mend(form, error.text(), &typed)
        }
    };
    flash.keep_in(session).await;
    Redirect::to(to).into_response()
}

/// What a page says of the form that was sent last.
pub(super) fn said(flash: Option<&Flash>) -> Option<impl IntoView + use<>> {
    let flash = flash?;
    let (kind, message) = (if flash.done { NoticeKind::Done } else { NoticeKind::Failed }, flash.message.clone());
    Some(view! { <Notice kind><p>{message}</p></Notice> })
}

/// Says a secret once. It is the answer to the form itself, so that it is stored nowhere on the way: neither by us nor by the browser.
pub(super) fn once(caller: &Caller, title: &'static str, what: String, secret: String, to: &'static str) -> Response {
    let mut response = crate::shell::document(caller.site(), Some(caller), title, || {
        view! {
            <PageFrame title=title>
                <Card id="once" title="Shown this once">
                    <p>{what}</p>
                    <p class="admin-secret"><code>{secret}</code></p>
                    <p class="muted">"Copy it now and hand it over by a safe way. It is stored nowhere, and cannot be shown again."</p>
                    <p><a class="button" href=to>"Done"</a></p>
                </Card>
            </PageFrame>
        }
    });
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_values_of_a_field_are_kept_side_by_side() {
        let sent = Sent::read("site=a&name=+Ana+&site=b");
        assert_eq!(sent.get("name"), "Ana");
        assert_eq!(sent.all("site").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(sent.typed(), [("site", "a b".to_owned()), ("name", " Ana ".to_owned())]);
        assert_eq!(Sent::read("").get("name"), "");
    }
}
