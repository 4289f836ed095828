//! What was each person paid in the month? By name for finance; for who may not see that, by job role, where a role of fewer than
//! five people stands together with others.

use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use serde::Serialize;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

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
    /// By job role, the largest sum first. For who may not see names: of all sites alone, and none of fewer than five people unless that is everybody.
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
    // A site's roles with those of all sites would give away the pay of the few that stand together there.
    let roles = match (scope.names, asked.site) {
        (true, _) => by_role,
        (false, None) => together(by_role),
        (false, Some(_)) => Vec::new(),
    };
    Ok(Payroll { slips, roles: dearest_first(roles), found, all, by_sites, sites })
}

fn dearest_first(mut roles: Vec<RolePay>) -> Vec<RolePay> {
    roles.sort_by(|a, b| b.paid.pay.pay().cmp(&a.paid.pay.pay()).then_with(|| a.name.cmp(&b.name)));
    roles
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
    if !small.is_empty() {
        let name = match (people(&small) < FEWEST, small.len()) {
            // Everybody: it says no more than the total.
            (true, _) => "All job roles".into(),
            (false, 1) => small[0].name.clone(),
            (false, few) => format!("{few} job roles of few people"),
        };
        let paid = small.iter().map(|role| role.paid).fold(Paid::default(), std::ops::Add::add);
        roles.push(RolePay { name, paid });
    }
    roles
}

async fn by_role(tx: &mut OrgTx, asked: &Asked, sites: Option<&[Uuid]>) -> Result<Vec<RolePay>> {
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

/// The lines of the page asked for, and what all that were looked for add up to.
async fn page(tx: &mut OrgTx, asked: &Asked, sites: Option<Vec<Uuid>>, everybody: Paid) -> Result<(Vec<Slip>, Paid)> {
    let slips = each(tx, asked, sites.clone(), Some(PAGE)).try_collect().await?;
    let found = if asked.q.is_some() { found(tx, asked, sites).await? } else { everybody };
    Ok((slips, found))
}

/// A month's pay by person, `p`: as the night summed it, or of some sites.
fn pay_of(sites: Option<&[Uuid]>) -> &'static str {
    match sites {
        None => "worker_monthly_totals p",
        Some(_) => {
            "(select org_id, month, worker_id, sum(shifts)::bigint as shifts, sum(minutes)::bigint as minutes,
                  sum(overtime_minutes)::bigint as overtime_minutes, sum(regular) as regular, sum(overtime) as overtime,
                  sum(premium) as premium, sum(travel) as travel, sum(regular + overtime + premium + travel) as total
              from worker_monthly_pay where org_id = $1 and month = $2 and site_id = any ($3) group by org_id, month, worker_id) p"
        }
    }
}

/// Of the month, and who is looked for.
fn of_month(asked: &Asked) -> &'static str {
    match asked.q {
        None => "p.org_id = $1 and p.month = $2",
        Some(_) => {
            "p.org_id = $1 and p.month = $2 and p.worker_id in (
                 select id from workers where org_id = $1 and (position($4 in lower(name)) > 0 or position($4 in lower(employee_number)) > 0))"
        }
    }
}

/// What the lines are ordered by, as it stands in a statement; of `w` where it is of the worker.
fn order_of(asked: &Asked) -> &'static str {
    match asked.by {
        "name" => "lower(w.name)",
        "shifts" => "p.shifts",
        "hours" => "p.minutes",
        "overtime" => "p.overtime",
        "premium" => "p.premium",
        "travel" => "p.travel",
        _ => "p.total",
    }
}

/// What everybody who is looked for was paid together.
async fn found(tx: &mut OrgTx, asked: &Asked, sites: Option<Vec<Uuid>>) -> Result<Paid> {
    let sql = format!(
        "select count(*) as people, coalesce(sum(shifts), 0)::bigint as shifts, coalesce(sum(minutes), 0)::bigint as minutes,
             coalesce(sum(overtime_minutes), 0)::bigint as overtime_minutes, (coalesce(sum(regular), 0) * 100)::bigint as regular,
             (coalesce(sum(overtime), 0) * 100)::bigint as overtime, (coalesce(sum(premium), 0) * 100)::bigint as premium,
             (coalesce(sum(travel), 0) * 100)::bigint as travel
         from {} where {}",
        pay_of(sites.as_deref()),
        of_month(asked)
    );
    let row = sqlx::query_as::<_, PaidRow>(AssertSqlSafe(sql)).bind(tx.org().0).bind(asked.month).bind(sites);
    Ok(row.bind(asked.q.clone()).fetch_one(&mut **tx).await?.into())
}

/// The lines in the order asked for: those of its page of `rows` rows, or all of them.
pub(super) fn each<'a>(
    tx: &'a mut OrgTx,
    asked: &Asked,
    sites: Option<Vec<Uuid>>,
    rows: Option<usize>,
) -> BoxStream<'a, Result<Slip>> {
    let org = tx.org().0;
    let limit = rows.map(|rows| i64::try_from(rows).unwrap_or(i64::MAX));
    let skipped = i64::try_from(rows.map_or(0, |rows| (asked.page - 1) * rows)).unwrap_or(i64::MAX);
    let order = order_of(asked);
    // Only the names of the lines shown are looked up, unless they are ordered by them.
    let named =
        if order.starts_with("lower") { "join workers w on w.org_id = p.org_id and w.id = p.worker_id" } else { "" };
    let direction = if asked.descending { "desc" } else { "asc" };
    let sql = format!(
        "with chosen as (
             select p.*, {order} as weight from {pay} {named} where {of_month}
             order by {order} {direction}, p.worker_id limit $5 offset $6
         )
         select c.worker_id, w.name, w.employee_number, w.job_role, h.name as home, 1::bigint as people, c.shifts, c.minutes,
             c.overtime_minutes, (c.regular * 100)::bigint as regular, (c.overtime * 100)::bigint as overtime,
             (c.premium * 100)::bigint as premium, (c.travel * 100)::bigint as travel
         from chosen c
         join workers w on w.org_id = $1 and w.id = c.worker_id
         join sites h on h.org_id = $1 and h.id = w.home_site_id
         order by c.weight {direction}, w.name, c.worker_id",
        pay = pay_of(sites.as_deref()),
        of_month = of_month(asked)
    );
    let rows = sqlx::query_as::<_, SlipRow>(AssertSqlSafe(sql)).bind(org).bind(asked.month).bind(sites);
    let rows = rows.bind(asked.q.clone()).bind(limit).bind(skipped).fetch(&mut **tx);
    Box::pin(rows.map_ok(Into::into).map_err(Into::into))
}

#[derive(sqlx::FromRow)]
struct PaidRow {
    people: i64,
    shifts: i64,
    minutes: i64,
    overtime_minutes: i64,
    regular: i64,
    overtime: i64,
    premium: i64,
    travel: i64,
}

impl From<PaidRow> for Paid {
    fn from(row: PaidRow) -> Self {
        let PaidRow { people, shifts, minutes, overtime_minutes, regular, overtime, premium, travel } = row;
        Self { people, shifts, minutes, overtime_minutes, pay: Costs { regular, overtime, premium, travel, other: 0 } }
    }
}

#[derive(sqlx::FromRow)]
struct SlipRow {
    worker_id: Uuid,
    name: String,
    employee_number: String,
    job_role: String,
    home: String,
    #[sqlx(flatten)]
    paid: PaidRow,
}

impl From<SlipRow> for Slip {
    fn from(row: SlipRow) -> Self {
        let worker = PaidWorker {
            id: WorkerId(row.worker_id),
            name: row.name,
            number: row.employee_number,
            job_role: row.job_role,
            home: row.home,
        };
        Self { worker, paid: row.paid.into() }
    }
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
        check(&[3, 1], &[("All job roles", 4)]);
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
