//! `/reports`: which reports come to me, and which do I send to whom? Schedules with their runs and the outcome of each mail;
//! and the operations reports of a day and of a week as pages, PDFs and JSON.

pub mod api;
mod files;
mod fns;
mod form;
mod history;
mod operations;
mod page;
mod paper;
mod schedule;

pub use form::NewSchedulePage;
pub use operations::{DailyReportPage, WeeklyReportPage};
pub use page::ReportsPage;
pub use schedule::SchedulePage;

pub(crate) use files::routes;
use muster::reports::schedules::Report;

use crate::caller::Caller;
use crate::error::AppError;
use crate::flash::Flash;
use crate::ui::{Notice, NoticeKind};
use leptos::prelude::*;

/// The address of the page.
pub const PAGE: &str = muster::reports::schedules::PAGE;
/// Which form the messages belong to.
const FORM: &str = "reports";

/// Whoever is signed in: everybody may look at what was sent to them.
fn anybody() -> Result<Caller, AppError> {
    Caller::current().ok_or(AppError::SignedOut { expired: false })
}

/// Whoever may schedule a report at all.
fn scheduler() -> Result<Caller, AppError> {
    let caller = anybody()?;
    if Report::of(caller.user().role).next().is_some() { Ok(caller) } else { Err(AppError::Forbidden) }
}

/// The way to a schedule of a report, for those who may make one.
pub(crate) fn schedule_link(caller: &Caller, report: Report) -> Option<impl IntoView + use<>> {
    let href = format!("{PAGE}/new?report={}", report.code());
    let may = report.may_be_scheduled_by(caller.user().role);
    may.then(|| view! { <a href=href>"Have it sent by mail"</a> })
}

fn said(flash: Option<&Flash>) -> Option<impl IntoView + use<>> {
    let flash = flash.filter(|flash| flash.form == FORM)?;
    let (kind, message) = (if flash.done { NoticeKind::Done } else { NoticeKind::Failed }, flash.message.clone());
    Some(view! { <Notice kind><p>{message}</p></Notice> })
}

/// A size as people say it: `12 KB`.
fn size(bytes: i64) -> String {
    let kilobytes = bytes.div_euclid(1024) + i64::from(bytes.rem_euclid(1024) > 0);
    if kilobytes < 1024 {
        format!("{kilobytes}\u{a0}KB")
    } else {
        format!("{}\u{a0}MB", crate::ui::fmt::number(bytes as f64 / 1_048_576.0, 1))
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn a_size_is_rounded_up_so_that_nothing_is_no_size() {
        let sizes = [size(0), size(1), size(1024), size(1025), size(3 << 20)];
        assert_eq!(sizes.map(|size| size.replace('\u{a0}', " ")), ["0 KB", "1 KB", "1 KB", "2 KB", "3.0 MB"]);
    }
}
