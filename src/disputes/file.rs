//! Filing a dispute.

use chrono::{DateTime, Days, NaiveDate, Utc};
use uuid::Uuid;

use super::{Fact, check_note, disputable_facts};
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::notifications::{Kind, notify, supervisors_of};
use crate::people::audit;
use crate::units::{SiteId, UserId, WorkerId};
use crate::{Error, Result};

/// A fact can be disputed for so many days: safety looks back no further.
pub const DAYS_TO_DISPUTE: u64 = 90;

/// Files a dispute of one of the worker's own facts.
///
/// # Errors
/// [`Error::NotFound`] for a fact that is not there or somebody else's, [`Error::Conflict`] when it is disputed already or
/// too long ago, [`Error::Invalid`] for a note that says nothing or a fact that lowered nothing. After an error the
/// transaction must not be committed.
pub async fn file(
    tx: &mut OrgTx,
    user: UserId,
    worker: WorkerId,
    fact: Fact,
    id: Uuid,
    note: &str,
    now: DateTime<Utc>,
) -> Result<Uuid> {
    let note = check_note(note)?;
    let day = day_of(tx, worker, fact, id).await?.ok_or(Error::NotFound("fact"))?;
    if day + Days::new(DAYS_TO_DISPUTE) < now.date_naive() {
        return Err(Error::Conflict(format!(
            "That was more than {DAYS_TO_DISPUTE} days ago and counts in no score any more."
        )));
    }
    let counts_against = disputable_facts(tx, worker, Period { first: day, last: day }, now, i64::MAX)
        .await?
        .iter()
        .any(|it| it.fact == fact && it.id == id);
    let org = tx.org().0;
    let dispute = Uuid::now_v7();
    let filed = sqlx::query!(
        "insert into disputes (org_id, id, worker_id, fact, fact_id, day, note, filed_by, filed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (org_id, fact, fact_id) do nothing",
        org,
        dispute,
        worker.0,
        fact.word(),
        id,
        day,
        note,
        user.0,
        now
    )
    .execute(&mut **tx)
    .await?
    .rows_affected();
    if filed == 0 {
        return Err(Error::Conflict("You have disputed this already. You see below what became of it.".into()));
    }
    if !counts_against {
        return Err(Error::Invalid("Nothing in it counts against you, so there is nothing to dispute.".into()));
    }
    audit::record(
        tx,
        user,
        "filed a dispute",
        "dispute",
        Some(dispute),
        Some(serde_json::json!({ "fact": fact.word(), "day": day })),
        now,
    )
    .await?;
    tell(tx, user, worker, day, now).await?;
    Ok(dispute)
}

/// Tells who rules on it: the supervisors of the worker's home site, but not who filed it.
async fn tell(tx: &mut OrgTx, user: UserId, worker: WorkerId, day: NaiveDate, now: DateTime<Utc>) -> Result<()> {
    let org = tx.org().0;
    let who = sqlx::query!("select name, home_site_id from workers where org_id = $1 and id = $2", org, worker.0)
        .fetch_one(&mut **tx)
        .await?;
    let mut told = supervisors_of(tx, SiteId(who.home_site_id)).await?;
    told.retain(|supervisor| *supervisor != user);
    let text = format!("{} disputes what was recorded for {}.", who.name, day.format("%-d %B %Y"));
    notify(tx, &told, Kind::Dispute, &text, "/disputes", now).await?;
    Ok(())
}

async fn day_of(tx: &mut OrgTx, worker: WorkerId, fact: Fact, id: Uuid) -> Result<Option<NaiveDate>> {
    let org = tx.org().0;
    Ok(sqlx::query_scalar!(
        r#"select day as "day!" from (
               select 'shift' as fact, id, day, worker_id from shifts where org_id = $1 and id = $2
               union all select 'task', id, day, worker_id from tasks where org_id = $1 and id = $2
               union all select 'tour', id, day, worker_id from tours where org_id = $1 and id = $2
               union all select 'work_order', id, closed_day, worker_id from work_orders where org_id = $1 and id = $2
           ) facts where fact = $3 and worker_id = $4 and day is not null"#,
        org,
        id,
        fact.word(),
        worker.0
    )
    .fetch_optional(&mut **tx)
    .await?)
}
