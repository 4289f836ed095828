//! `/admin`: the parts, each with what it is for.

use leptos::either::Either;
use leptos::prelude::*;
use muster::people::{Permission, Role};

use super::{cache, jobs, log, privacy, quality, scores, targets, tokens, users, webhooks};
use crate::caller::Caller;
use crate::error::AppError;
use crate::system;
use crate::ui::frame::PageFrame;

/// A part of `/admin`.
struct Part {
    id: &'static str,
    path: &'static str,
    title: &'static str,
    text: &'static str,
    /// Whether it is about the machinery, which the platform sees too, and not about the organization's people and settings.
    machinery: bool,
}

const fn of_the_organization(id: &'static str, path: &'static str, title: &'static str, text: &'static str) -> Part {
    Part { id, path, title, text, machinery: false }
}

const fn of_the_machinery(id: &'static str, path: &'static str, title: &'static str, text: &'static str) -> Part {
    Part { id, path, title, text, machinery: true }
}

/// All parts, in the order they are shown.
const PARTS: &[Part] = &[
    of_the_organization("users", users::PAGE, "Users", "Who may sign in, as what, and for which sites."),
    of_the_machinery(
        "targets",
        targets::PAGE,
        "Targets",
        "What is asked of each KPI, how much it weighs, and from where on it is a warning or critical.",
    ),
    of_the_organization(
        "quality",
        quality::PAGE,
        "Checks of the data",
        "What the checks hold to: from how many orphans, duplicates or missing days on they warn.",
    ),
    of_the_organization(
        "scores",
        scores::PAGE,
        "Score policy",
        "How much each component and part of the score weighs, since when, and what other weights would change.",
    ),
    of_the_organization("audit", log::PAGE, "Audit log", "Who did or looked at what, when, and from where."),
    of_the_organization("tokens", tokens::PAGE, "API tokens", "Which programs may ask, in whose name, and until when."),
    of_the_organization(
        "privacy",
        privacy::PAGE,
        "Personal data",
        "What is held about a person and for how long; forgetting somebody who has left.",
    ),
    of_the_organization(
        "reports",
        "/admin/reports",
        "Reports",
        "Which report goes to whom and when, what ran, and whether it arrived.",
    ),
    of_the_organization(
        "webhooks",
        webhooks::PAGE,
        "Webhooks",
        "Other systems that are told what happens, and whether they heard it.",
    ),
    of_the_machinery("jobs", jobs::PAGE, "Jobs", "The timetable, the queue, what ran and what was given up."),
    of_the_machinery(
        "system",
        system::PAGE,
        "System",
        "Database, queue, mail, disk, and how quickly pages are answered.",
    ),
    of_the_organization(
        "cache",
        cache::PAGE,
        "Cache",
        "Answers that are kept for a while: how many, how often they served.",
    ),
];

/// `/admin`
#[component]
pub fn AdminPage() -> impl IntoView {
    match Caller::with(Permission::Admin) {
        Ok(caller) => Either::Left(view(caller.user().role == Role::Admin, &caller.user().org.name)),
        Err(error) => Either::Right(refused(&error)),
    }
}

fn refused(error: &AppError) -> impl IntoView + use<> {
    crate::server::trouble(error)
}

fn view(administrates: bool, org: &str) -> impl IntoView + use<> {
    let lead = match administrates {
        true => format!("What the administrators of {org} read and change. Every change is in the audit log."),
        false => {
            "The machinery. An organization's people and settings are the affair of its own administrators.".into()
        }
    };
    let cards = PARTS.iter().filter(|part| administrates || part.machinery).map(card).collect_view();
    view! { <PageFrame title="Admin" lead=lead><div class="admin-parts">{cards}</div></PageFrame> }
}

fn card(part: &Part) -> impl IntoView + use<> {
    view! {
        <section class="card admin-part" id=format!("admin-{}", part.id)>
            <h2><a href=part.path>{part.title}</a></h2>
            <p class="lead">{part.text}</p>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::ROUTES;

    #[test]
    fn every_page_below_admin_is_found_from_its_front() {
        let pages = ROUTES
            .iter()
            .map(|route| route.path)
            .filter(|path| path.starts_with("/admin/") && !path.contains(['.', '{']));
        for page in pages {
            assert!(PARTS.iter().any(|part| part.path == page), "{page} has no card on /admin");
        }
    }
}
