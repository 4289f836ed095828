//! What was each person paid in the month? By name for finance; for who may not see that, by job role, where a role of fewer than
//! five people stands together with others.

use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use serde::Serialize;

use super::filter::{Asked, PAGE};
use super::narrowed;
use crate::Result;
use crate::database::OrgTx;
use crate::operations::measures::{Costs, pay_of_sites};
use crate::people::audit::{self, Viewer};
use crate::team::FEWEST;
use crate::units::{SiteId, WorkerId};

/// Money and time of one or more people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Paid {
    /// People.
    pub people: i64,
    /// Shifts paid.
    pub shifts: i64,
    /// Their planned length.
    pub minutes: i64,
    /// Of it overtime.
    pub overtime_minutes: i64,
    /// Pay by kind; nothing other than pay.
    pub pay: Costs,
}

impl std::ops::Add for Paid {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            people: self.people + other.people,
            shifts: self.shifts + other.shifts,
            minutes: self.minutes + other.minutes,
            overtime_minutes: self.overtime_minutes + other.overtime_minutes,
            pay: self.pay + other.pay,
        }
    }
}

/// Somebody who was paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaidWorker {
    /// Who.
    pub id: WorkerId,
    /// The name.
    pub name: String,
    /// The employee number.
    pub number: String,
    /// What they do.
    pub job_role: String,
    /// Where they belong.
    pub home: String,
}

/// A line of the payroll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Slip {
    /// Whose.
    pub worker: PaidWorker,
    /// How much.
    pub paid: Paid,
}

/// Everybody of some job roles together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RolePay {
    /// The role, or how many small ones stand together.
    pub name: String,
    /// How much.
    pub paid: Paid,
}

/// The payroll of a month, as the caller may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Payroll {
    /// By name, the page asked for; `None` where the caller may not see names.
    pub slips: Option<Vec<Slip>>,
    /// By job role, the largest sum first.
    pub roles: Vec<RolePay>,
    /// Everybody who is looked for, on all pages.
    pub found: Paid,
    /// Everybody.
    pub all: Paid,
    /// What the sites' costs say was paid to people: must equal the sum of `all`.
    pub by_sites: i64,
    /// The sites of the scope by name.
    pub sites: Vec<(SiteId, String)>,
}

impl Payroll {
    /// What the payroll differs by from the costs of the sites: must be nought.
    #[must_use]
    pub fn unreconciled(&self) -> i64 {
        self.all.pay.pay() - self.by_sites
    }
}

/// The payroll for what was asked. Who is shown by name is noted as looked at by the viewer.
///
/// # Errors
/// [`crate::Error::Forbidden`] for a site outside the scope, [`crate::Error::NotFound`] for none of the organization, [`crate::Error::Invalid`]
/// for a search by somebody who sees no names, [`crate::Error::Database`].
pub async fn payroll(tx: &mut OrgTx, viewer: &Viewer, asked: &Asked) -> Result<Payroll> {
    let (scope, sites) = narrowed(tx, &viewer.scope, asked).await?;
    let ids = scope.site_ids();
    let by_role = by_role(tx, asked, ids.as_deref()).await?;
    let all = by_role.iter().map(|role| role.paid).fold(Paid::default(), std::ops::Add::add);
    let by_sites = match asked.over {
        Some(over) => pay_of_sites(tx, &scope, over).await?,
        None => 0,
    };
    let (slips, found) = if scope.names {
        let (slips, found) = page(tx, asked, ids, all).await?;
        let workers: Vec<WorkerId> = slips.iter().map(|slip| slip.worker.id).collect();
        audit::looked_at_pay(tx, viewer, &workers).await?;
        (Some(slips), found)
    } else if asked.q.is_some() {
        return Err(crate::Error::Invalid("Nobody is named here, so nobody can be looked for.".into()));
    } else {
        (None, all)
    };
    Ok(Payroll { slips, roles: together(by_role), found, all, by_sites, sites })
}

/// Roles of fewer than five people as one line, and with them the smallest other while even that line is of too few.
fn together(mut roles: Vec<RolePay>) -> Vec<RolePay> {
    roles.sort_by(|a, b| b.paid.people.cmp(&a.paid.people).then_with(|| a.name.cmp(&b.name)));
    let mut small: Vec<RolePay> = Vec::new();
    let people = |small: &[RolePay]| small.iter().map(|role| role.paid.people).sum::<i64>();
    while let Some(last) = roles.last() {
        let too_few = last.paid.people < FEWEST || (!small.is_empty() && people(&small) < FEWEST);
        if !too_few {
            break;
        }
        small.extend(roles.pop());
    }
    roles.sort_by(|a, b| b.paid.pay.pay().cmp(&a.paid.pay.pay()).then_with(|| a.name.cmp(&b.name)));
    if !small.is_empty() {
        let name =
            if small.len() == 1 { small[0].name.clone() } else { format!("{} job roles of few people", small.len()) };
        let paid = small.iter().map(|role| role.paid).fold(Paid::default(), std::ops::Add::add);
        roles.push(RolePay { name, paid });
    }
    roles
}

async fn by_role(tx: &mut OrgTx, asked: &Asked, sites: Option<&[uuid::Uuid]>) -> Result<Vec<RolePay>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select job_role as "job_role!", people as "people!", shifts as "shifts!", minutes as "minutes!",
               overtime_minutes as "overtime_minutes!", (regular * 100)::bigint as "regular!", (overtime * 100)::bigint as "overtime!",
               (premium * 100)::bigint as "premium!", (travel * 100)::bigint as "travel!"
           from (
               select job_role, people, shifts, minutes, overtime_minutes, regular, overtime, premium, travel
               from job_role_monthly_pay where org_id = $1 and month = $2 and $3::uuid[] is null
               union all
               select w.job_role, count(distinct w.id), sum(p.shifts), sum(p.minutes)::bigint, sum(p.overtime_minutes)::bigint,
                   sum(p.regular), sum(p.overtime), sum(p.premium), sum(p.travel)
               from worker_monthly_pay p join workers w on w.org_id = p.org_id and w.id = p.worker_id
               where p.org_id = $1 and p.month = $2 and $3 is not null and p.site_id = any ($3) group by w.job_role
           ) r"#,
        org,
        asked.month,
        sites
    )
    .fetch_all(&mut **tx)
    .await?;
    let role = rows.into_iter().map(|row| RolePay {
        name: row.job_role,
        paid: Paid {
            people: row.people,
            shifts: row.shifts,
            minutes: row.minutes,
            overtime_minutes: row.overtime_minutes,
            pay: Costs {
                regular: row.regular,
                overtime: row.overtime,
                premium: row.premium,
                travel: row.travel,
                other: 0,
            },
        },
    });
    Ok(role.collect())
}

/// A line, with what all lines add up to where somebody is looked for.
pub(super) struct Counted {
    pub slip: Slip,
    sought: Paid,
}

/// The lines of the page asked for, and what all that were looked for add up to.
async fn page(
    tx: &mut OrgTx,
    asked: &Asked,
    sites: Option<Vec<uuid::Uuid>>,
    everybody: Paid,
) -> Result<(Vec<Slip>, Paid)> {
    let rows: Vec<Counted> = each(tx, asked, sites, Some(PAGE)).try_collect().await?;
    let found = match asked.q {
        Some(_) => rows.first().map_or_else(Paid::default, |row| row.sought),
        None => everybody,
    };
    Ok((rows.into_iter().map(|row| row.slip).collect(), found))
}

/// The lines in the order asked for: those of its page of `rows` rows, or all of them.
pub(super) fn each<'a>(
    tx: &'a mut OrgTx,
    asked: &Asked,
    sites: Option<Vec<uuid::Uuid>>,
    rows: Option<usize>,
) -> BoxStream<'a, Result<Counted>> {
    let org = tx.org().0;
    let limit = rows.map(|rows| i64::try_from(rows).unwrap_or(i64::MAX));
    let skipped = rows.map_or(0, |rows| (asked.page - 1) * rows);
    let rows = sqlx::query!(
        r#"with paid as (
               select worker_id, shifts, minutes, overtime_minutes, regular, overtime, premium, travel
               from worker_monthly_totals where org_id = $1 and month = $2 and $3::uuid[] is null
               union all
               select worker_id, sum(shifts), sum(minutes)::bigint, sum(overtime_minutes)::bigint, sum(regular), sum(overtime),
                   sum(premium), sum(travel)
               from worker_monthly_pay
               where org_id = $1 and month = $2 and $3 is not null and site_id = any ($3) group by worker_id
           ), found as not materialized (
               select * from paid where $4::text is null or worker_id in (
                   select id from workers
                   where org_id = $1 and (position($4 in lower(name)) > 0 or position($4 in lower(employee_number)) > 0))
           ), weighed as (
               select *, case when $5 = 'name' then (select lower(w.name) from workers w where w.org_id = $1 and w.id = worker_id) end as called,
                   (case $5 when 'shifts' then shifts when 'hours' then minutes when 'overtime' then overtime when 'premium' then premium
                       when 'travel' then travel when 'total' then regular + overtime + premium + travel end)
                       * (case when $6 then -1 else 1 end) as weight
               from found
           ), chosen as (
               select * from weighed
               order by case when not $6 then called end, case when $6 then called end desc, weight, worker_id
               limit $7 offset $8
           ), sought as (
               select count(*) as people, sum(shifts) as shifts, sum(minutes) as minutes, sum(overtime_minutes) as extra,
                   sum(regular) as regular, sum(overtime) as overtime, sum(premium) as premium, sum(travel) as travel
               from found where $4 is not null
           )
           select c.worker_id as "id!", w.name, w.employee_number as number, w.job_role, h.name as home,
               c.shifts as "shifts!", c.minutes as "minutes!", c.overtime_minutes as "extra!", (c.regular * 100)::bigint as "regular!",
               (c.overtime * 100)::bigint as "overtime!", (c.premium * 100)::bigint as "premium!", (c.travel * 100)::bigint as "travel!",
               s.people as "people!", s.shifts::bigint as all_shifts, s.minutes::bigint as all_minutes, s.extra::bigint as all_extra,
               (s.regular * 100)::bigint as all_regular, (s.overtime * 100)::bigint as all_overtime,
               (s.premium * 100)::bigint as all_premium, (s.travel * 100)::bigint as all_travel
           from chosen c
           join workers w on w.org_id = $1 and w.id = c.worker_id
           join sites h on h.org_id = $1 and h.id = w.home_site_id
           cross join sought s
           order by case when not $6 then c.called end, case when $6 then c.called end desc, c.weight, w.name, c.worker_id"#,
        org,
        asked.month,
        sites.as_deref(),
        asked.q,
        asked.by,
        asked.descending,
        limit,
        i64::try_from(skipped).unwrap_or(i64::MAX)
    )
    .fetch(&mut **tx);
    let rows = rows.map_ok(|row| {
        let pay = |regular, overtime, premium, travel| Costs { regular, overtime, premium, travel, other: 0 };
        Counted {
            slip: Slip {
                worker: PaidWorker {
                    id: WorkerId(row.id),
                    name: row.name,
                    number: row.number,
                    job_role: row.job_role,
                    home: row.home,
                },
                paid: Paid {
                    people: 1,
                    shifts: row.shifts,
                    minutes: row.minutes,
                    overtime_minutes: row.extra,
                    pay: pay(row.regular, row.overtime, row.premium, row.travel),
                },
            },
            sought: Paid {
                people: row.people,
                shifts: row.all_shifts.unwrap_or(0),
                minutes: row.all_minutes.unwrap_or(0),
                overtime_minutes: row.all_extra.unwrap_or(0),
                pay: pay(
                    row.all_regular.unwrap_or(0),
                    row.all_overtime.unwrap_or(0),
                    row.all_premium.unwrap_or(0),
                    row.all_travel.unwrap_or(0),
                ),
            },
        }
    });
    Box::pin(rows.map_err(Into::into))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(people: &[i64]) -> Vec<RolePay> {
        let role = |(nth, people): (usize, &i64)| RolePay {
            name: format!("R{nth}"),
            paid: Paid { people: *people, pay: Costs { regular: people * 100, ..Costs::default() }, ..Paid::default() },
        };
        together(people.iter().enumerate().map(role).collect())
    }

    #[track_caller]
    fn check(people: &[i64], expected: &[(&str, i64)]) {
        let found = roles(people);
        let found: Vec<_> = found.iter().map(|role| (role.name.as_str(), role.paid.people)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn nobodys_pay_is_a_line_of_its_own_and_none_follows_from_the_others() {
        check(&[20, 9, 5], &[("R0", 20), ("R1", 9), ("R2", 5)]);
        check(&[20, 3, 2], &[("R0", 20), ("2 job roles of few people", 5)]);
        check(&[20, 9, 1], &[("R0", 20), ("2 job roles of few people", 10)]);
        check(&[], &[]);
    }

    #[test]
    fn a_sum_stays_a_sum() {
        for people in [&[20, 9, 1][..], &[1], &[4, 4], &[7, 3]] {
            let sum: i64 = roles(people).iter().map(|role| role.paid.pay.pay()).sum();
            assert_eq!(sum, people.iter().sum::<i64>() * 100);
        }
    }
}
