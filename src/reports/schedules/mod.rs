//! Which report goes out to whom, and when? A schedule has a local time in a zone of its own; what is due becomes a job of the
//! queue, once per slot, and each recipient is sent what that recipient may see.
//!
//! - [`create`], [`change`], [`set_active`] and [`delete`] keep schedules; [`list`] and [`one`] read them.
//! - [`plan`] puts what is due into the queue; [`send_now`] one at once.
//! - [`runs`] and [`run`] tell what became of it, [`own_files`] and [`file`] are the recipient's.
//! - [`failing`] is what an alert may rest on.

mod course;
mod deliver;
mod files;
mod keep;
mod make;
mod plan;
mod read;
mod report;
mod rhythm;
mod runs;
mod tell;

use chrono::NaiveTime;
use chrono_tz::Tz;
use uuid::Uuid;

pub use course::{DAYS_KEPT, forget_old};
pub use deliver::hands;
pub use files::{OwnFile, file, own_files};
pub use keep::{change, create, delete, send_now, set_active, users_by_email};
pub use plan::{plan, usual};
pub use read::{Kept, list, of_usual, one};
pub use report::{Format, Report};
pub use rhythm::{Rhythm, weekday};
pub use runs::{Delivery, Failing, Run, RunState, failing, run, runs};

use crate::people::Role;
use crate::units::{SiteId, UserId};

/// The job that makes a scheduled report and sends it.
pub const JOB: &str = "report";
/// Where whoever has to do with a report finds it.
pub const PAGE: &str = "/reports";
/// When the reports that every organization gets go out.
const USUAL_AT: NaiveTime = NaiveTime::from_hms_opt(9, 0, 0).expect("nine o'clock");

/// A schedule to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// What it is called.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Which report.
    pub report: Report,
    /// In which file.
    pub format: Format,
    /// How often.
    pub rhythm: Rhythm,
    /// At what local time.
    pub at: NaiveTime,
    /// Of which zone.
    pub zone: Tz,
    /// Of one site; `None`: of all that the recipient may see.
    pub site: Option<SiteId>,
    /// Of one partner; `None`: of all.
    pub partner: Option<Uuid>,
    /// Everybody who is one of these when it goes out gets it.
    pub roles: Vec<Role>,
    /// And so does everybody named.
    pub recipients: Vec<UserId>,
}
