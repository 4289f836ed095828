//! The plain building blocks: cards, messages, what unfolds, what is empty.

use leptos::prelude::*;

/// A part of a page with its own heading.
#[component]
pub fn Card(
    /// Its address on the page; anything but letters, digits and dashes makes a bad one.
    #[prop(into)]
    id: String,
    #[prop(into)] title: String,
    /// A sentence under the heading: the period, or what the part is for.
    #[prop(optional, into)]
    lead: String,
    /// More classes, such as `wide`.
    #[prop(optional, into)]
    class: String,
    children: Children,
) -> impl IntoView {
    let heading = format!("{id}-h");
    view! {
        <section class=format!("card {class}") id=id aria-labelledby=heading.clone()>
            <header class="card-head">
                <h2 id=heading.clone()>{title}</h2>
                {(!lead.is_empty()).then(|| view! { <p class="lead">{lead}</p> })}
            </header>
            {children()}
        </section>
    }
}

/// How a message is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    Info,
    Done,
    Warning,
    Failed,
}

impl NoticeKind {
    fn look(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Info => ("info", "i", "Note"),
            Self::Done => ("done", "✓", "Done"),
            Self::Warning => ("warning", "!", "Mind"),
            Self::Failed => ("failed", "×", "Failed"),
        }
    }
}

/// A message about what just happened, or what must be known before reading on.
#[component]
pub fn Notice(kind: NoticeKind, children: Children) -> impl IntoView {
    let (class, sign, word) = kind.look();
    let role = if kind == NoticeKind::Failed { "alert" } else { "status" };
    view! {
        <div class=format!("notice notice-{class}") role=role>
            <span class="notice-sign" aria-hidden="true">{sign}</span>
            <div><span class="sr-only">{word}": "</span>{children()}</div>
        </div>
    }
}

/// Says that there is nothing, why, and what would change that.
#[component]
pub fn EmptyState(#[prop(into)] title: String, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    view! {
        <div class="empty">
            <p class="empty-title">{title}</p>
            {children.map(|children| view! { <div class="empty-why">{children()}</div> })}
        </div>
    }
}

/// What unfolds on a tap, without JavaScript.
#[component]
pub fn Details(
    #[prop(into)] summary: String,
    #[prop(optional)] open: bool,
    #[prop(optional, into)] class: String,
    children: Children,
) -> impl IntoView {
    view! {
        <details class=format!("details {class}") open=open>
            <summary>{summary}</summary>
            <div class="details-body">{children()}</div>
        </details>
    }
}
