//! The worker's own shifts, each with why this worker was chosen, in words made of facts.

use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::Result;
use crate::clock::zone;
use crate::database::OrgTx;
use crate::operations::proposal::own_reasons;
use crate::units::{ShiftId, WorkerId};

/// One shift of the worker.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnShift {
    /// The site's name.
    pub site: String,
    /// The site's zone.
    pub zone: Tz,
    /// Planned start.
    pub starts_at: DateTime<Utc>,
    /// Planned end.
    pub ends_at: DateTime<Utc>,
    /// Why this worker, one reason each.
    pub reasons: Vec<String>,
}

struct Row {
    id: Uuid,
    site: String,
    time_zone: String,
    day: NaiveDate,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    assigned_by: Option<String>,
    required_skill: Option<String>,
    at_home: bool,
    has_skill: bool,
    weekly_hours: Option<f64>,
}

/// The shifts that have not ended by `now`, soonest first.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn own_shifts(tx: &mut OrgTx, worker: WorkerId, now: DateTime<Utc>, limit: usize) -> Result<Vec<OwnShift>> {
    let org = tx.org().0;
    // Two weeks back as well: rest and weekly hours look at the shifts before.
    let first = now.date_naive() - Days::new(14);
    let rows = sqlx::query_as!(
        Row,
        r#"select s.id, t.name as site, t.time_zone, s.day, s.starts_at, s.ends_at, s.assigned_by, s.required_skill,
                  s.site_id = w.home_site_id as "at_home!", coalesce(s.required_skill = any (w.skills), false) as "has_skill!",
                  w.weekly_hours::float8 as weekly_hours
           from shifts s join sites t on t.org_id = s.org_id and t.id = s.site_id
           join workers w on w.org_id = s.org_id and w.id = s.worker_id
           where s.org_id = $1 and s.worker_id = $2 and s.day >= $3 and s.state = 'planned' order by s.starts_at limit 100"#,
        org,
        worker.0,
        first
    )
    .fetch_all(&mut **tx)
    .await?;
    let ids: Vec<ShiftId> = rows.iter().filter(|row| row.ends_at > now).map(|row| ShiftId(row.id)).collect();
    let mut chosen = own_reasons(tx, worker, &ids).await?;
    let mut shifts = Vec::new();
    for (nth, row) in rows.iter().enumerate().filter(|(_, row)| row.ends_at > now).take(limit) {
        shifts.push(OwnShift {
            site: row.site.clone(),
            zone: zone(&row.time_zone)?,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            reasons: reasons(row, &rows[..nth], chosen.remove(&ShiftId(row.id)).unwrap_or_default()),
        });
    }
    Ok(shifts)
}

/// `chosen`: what the roster that gave it said.
fn reasons(row: &Row, before: &[Row], chosen: Vec<String>) -> Vec<String> {
    let how = match row.assigned_by.as_deref() {
        Some("roster") => "The roster gave it to you.",
        Some("offer") => "You accepted the offer.",
        Some("swap") => "You swapped into it.",
        Some("manual") => "The scheduler put you in by hand.",
        _ => "How it was assigned is not recorded.",
    };
    let mut reasons = vec![how.to_owned()];
    reasons.extend(chosen);
    if row.at_home {
        reasons.push("It is your home site.".into());
    }
    if let Some(skill) = &row.required_skill {
        reasons.push(if row.has_skill {
            format!("You have the skill it asks for: {skill}.")
        } else {
            format!("It asks for {skill}.")
        });
    }
    if let Some(rest) = before.last().map(|last| row.starts_at - last.ends_at).filter(|rest| *rest < Duration::days(4))
    {
        reasons.push(format!("You have {} hours of rest before it.", rest.num_hours()));
    }
    if let Some(contract) = row.weekly_hours {
        let same_week = before.iter().filter(|other| other.day.iso_week() == row.day.iso_week());
        let hours: i64 =
            same_week.chain([row]).map(|shift| (shift.ends_at - shift.starts_at).num_minutes()).sum::<i64>() / 60;
        reasons.push(format!("With it your week comes to {hours} of {contract:.0} contracted hours."));
    }
    reasons
}
