//! `/financial/revenue`: what came in and went back in a period, day by day, by method and by category, against the period
//! before; and whether the order book and the payments say the same.

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use serde::Serialize;
use uuid::Uuid;

use super::filter::{Asked, Grain};
use super::pieces::Pieces;
use super::proof::{Reconciliation, proof};
use super::sums::{Stretch, Sums};
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::units::Rate;
use crate::{Error, Result};

/// A partner by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Named {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
}

/// How far the sums reach.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// The last day that was summed.
    pub through: Option<NaiveDate>,
    /// Days whose facts have changed since they were summed.
    pub waiting: i64,
}

/// One category of service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Category {
    /// Its name; `None`: orders without a category.
    pub name: Option<String>,
    /// Orders placed.
    pub orders: i64,
    /// Of those, completed.
    pub completed: i64,
    /// Gross revenue.
    pub gross: Decimal,
    /// Refunds.
    pub refunds: Decimal,
    /// Gross revenue of the period before.
    pub before: Decimal,
}

impl Category {
    /// Gross revenue less refunds.
    #[must_use]
    pub fn net(&self) -> Decimal {
        self.gross - self.refunds
    }

    /// Completed of placed.
    #[must_use]
    pub fn completion(&self) -> Rate {
        Rate { hit: self.completed, of: self.orders }
    }

    /// Its name, or that there is none.
    #[must_use]
    pub fn label(&self) -> String {
        self.name.clone().unwrap_or_else(|| "Without a category".into())
    }
}

/// Everything the page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Revenue {
    /// What was asked for.
    pub asked: Asked,
    /// What the table and the chart are divided into.
    pub grain: Grain,
    /// Each part of the period, oldest first; parts without anything are there too.
    pub parts: Vec<Stretch>,
    /// All of them together.
    pub total: Sums,
    /// The period before.
    pub before: Sums,
    /// By category, most gross revenue first.
    pub categories: Vec<Category>,
    /// The proof.
    pub proof: Reconciliation,
    /// All partners by name.
    pub partners: Vec<Named>,
    /// How far the sums reach.
    pub standing: Standing,
}

/// The page.
///
/// # Errors
/// [`Error::NotFound`] for a partner that is none of the organization, [`Error::Database`].
pub async fn revenue(tx: &mut OrgTx, asked: Asked) -> Result<Revenue> {
    let partners = partners(tx, asked.partner).await?;
    let reach = reach(tx, &asked).await?;
    let days = days(tx, &asked, &reach.months).await?;
    let (earlier, these): (Vec<_>, Vec<_>) = days.into_iter().partition(|(day, _)| *day < asked.period.first);
    let total: Sums = these.iter().map(|(_, sums)| *sums).sum();
    let grain = Grain::of(asked.period);
    Ok(Revenue {
        grain,
        parts: parts(asked.period, grain, &these),
        total,
        before: earlier.into_iter().map(|(_, sums)| sums).sum(),
        categories: categories(tx, &asked, &reach.months).await?,
        proof: proof(tx, &asked, &total).await?,
        partners,
        standing: reach.standing,
        asked,
    })
}

/// The days' sums divided into parts; a day without a row has none of anything.
pub(super) fn parts(period: Period, grain: Grain, days: &[(NaiveDate, Sums)]) -> Vec<Stretch> {
    let mut parts: Vec<Stretch> = Vec::new();
    for day in period.iter() {
        match parts.last_mut() {
            Some(part) if grain.begins(part.first) == grain.begins(day) => part.last = day,
            _ => parts.push(Stretch { first: day, last: day, sums: Sums::default() }),
        }
    }
    for (day, sums) in days {
        let at = parts.partition_point(|part| part.last < *day);
        if let Some(part) = parts.get_mut(at) {
            part.sums = part.sums + *sums;
        }
    }
    parts
}

/// All partners by name.
///
/// # Errors
/// [`Error::Database`].
pub async fn partner_names(tx: &mut OrgTx) -> Result<Vec<Named>> {
    partners(tx, None).await
}

/// All partners by name; proves that the one asked for is among them.
pub(super) async fn partners(tx: &mut OrgTx, wanted: Option<Uuid>) -> Result<Vec<Named>> {
    let org = tx.org().0;
    let partners = sqlx::query_as!(Named, "select id, name from partners where org_id = $1 order by name, ref", org)
        .fetch_all(&mut **tx)
        .await?;
    match wanted {
        Some(wanted) if !partners.iter().any(|partner| partner.id == wanted) => Err(Error::NotFound("partner")),
        _ => Ok(partners),
    }
}

/// How far the sums reach, and of which months there are sums.
pub(super) struct Reach {
    pub standing: Standing,
    /// First days of those months of the period and the one before that are summed as a whole.
    pub months: Vec<NaiveDate>,
}

pub(super) async fn reach(tx: &mut OrgTx, asked: &Asked) -> Result<Reach> {
    let org = tx.org().0;
    let row = sqlx::query!(
        r#"with known as (select max(day) as last from daily_revenue_summaries where org_id = $1)
           select (select last from known) as through,
                  (select count(distinct d.day) from dirty_commerce_days d
                   where d.org_id = $1 and d.day <= (select last from known)) as "waiting!",
                  array(select month from revenue_months where org_id = $1
                        and partner_id = '00000000-0000-0000-0000-000000000000' and month between $2 and $3) as "months!""#,
        org,
        Grain::Month.begins(asked.before.first),
        asked.period.last
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Reach { standing: Standing { through: row.through, waiting: row.waiting }, months: row.months })
}

struct DayRow {
    day: NaiveDate,
    sign: i32,
    orders: i64,
    completed: i64,
    cancelled: i64,
    rejected: i64,
    gross: Decimal,
    discount: Decimal,
    unpaid: Decimal,
    refunds: Decimal,
    refund_count: i64,
    refunds_of_ended: Decimal,
    cash: Decimal,
    card: Decimal,
    wallet: Decimal,
    online: Decimal,
    new_customers: i64,
    returning_customers: i64,
}

impl DayRow {
    fn sums(&self) -> Sums {
        let sums = Sums {
            orders: self.orders,
            completed: self.completed,
            cancelled: self.cancelled,
            rejected: self.rejected,
            gross: self.gross,
            discount: self.discount,
            unpaid: self.unpaid,
            refunds: self.refunds,
            refund_count: self.refund_count,
            refunds_of_ended: self.refunds_of_ended,
            cash: self.cash,
            card: self.card,
            wallet: self.wallet,
            online: self.online,
            new_customers: self.new_customers,
            returning_customers: self.returning_customers,
        };
        if self.sign < 0 { -sums } else { sums }
    }
}

/// The sums of the period and of the one before, oldest first: of each part that is shown and has any, of the period before by
/// month. What is taken away again stands by itself.
pub(super) async fn days(tx: &mut OrgTx, asked: &Asked, months: &[NaiveDate]) -> Result<Vec<(NaiveDate, Sums)>> {
    let pieces = match Grain::of(asked.period) {
        Grain::Month => Pieces::of(&[asked.before, asked.period], months),
        grain => Pieces::of(&[asked.before], months).and_parts_of(asked.period, grain),
    };
    let rows = match asked.partner {
        None => of_all(tx, &pieces).await?,
        Some(partner) => of_partner(tx, &pieces, partner).await?,
    };
    Ok(rows.iter().map(|row| (row.day, row.sums())).collect())
}

async fn of_all(tx: &mut OrgTx, pieces: &Pieces) -> Result<Vec<DayRow>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        DayRow,
        r#"select day as "day!", sign as "sign!", sum(orders) as "orders!", sum(completed) as "completed!",
                  sum(cancelled) as "cancelled!", sum(rejected) as "rejected!", sum(gross) as "gross!",
                  sum(discount) as "discount!", sum(unpaid) as "unpaid!", sum(refunds) as "refunds!",
                  sum(refund_count) as "refund_count!", sum(refunds_of_ended) as "refunds_of_ended!", sum(paid_cash) as "cash!",
                  sum(paid_card) as "card!", sum(paid_wallet) as "wallet!", sum(paid_online) as "online!",
                  sum(new_customers) as "new_customers!", sum(returning_customers) as "returning_customers!"
           from (
               select coalesce(r.counts_as, d.day) as day, r.sign, orders, completed, cancelled, rejected, gross, discount,
                      unpaid, refunds, refund_count, refunds_of_ended,
                      paid_cash, paid_card, paid_wallet, paid_online, new_customers, returning_customers
               from unnest($2::date[], $3::date[], $4::integer[], $5::date[]) r (first, last, sign, counts_as)
               cross join lateral (select * from daily_revenue_summaries d where d.org_id = $1 and d.day between r.first and r.last offset 0) d
               union all
               select m.counts_as, 1, orders, completed, cancelled, rejected, gross, discount, unpaid, refunds, refund_count, refunds_of_ended,
                      paid_cash, paid_card, paid_wallet, paid_online, new_customers, returning_customers
               from unnest($6::date[], $7::date[]) m (month, counts_as)
               join revenue_months s on s.org_id = $1 and s.partner_id = '00000000-0000-0000-0000-000000000000' and s.month = m.month
           ) d
           group by day, sign order by day"#,
        org,
        &pieces.from,
        &pieces.to,
        &pieces.signs,
        &pieces.days_as as &[Option<NaiveDate>],
        &pieces.months,
        &pieces.months_as
    )
    .fetch_all(&mut **tx)
    .await?)
}

async fn of_partner(tx: &mut OrgTx, pieces: &Pieces, partner: Uuid) -> Result<Vec<DayRow>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        DayRow,
        r#"select day as "day!", sign as "sign!", sum(orders) as "orders!", sum(completed) as "completed!",
                  sum(cancelled) as "cancelled!", sum(rejected) as "rejected!", sum(gross) as "gross!",
                  sum(discount) as "discount!", sum(unpaid) as "unpaid!", sum(refunds) as "refunds!",
                  sum(refund_count) as "refund_count!", sum(refunds_of_ended) as "refunds_of_ended!", sum(paid_cash) as "cash!",
                  sum(paid_card) as "card!", sum(paid_wallet) as "wallet!", sum(paid_online) as "online!",
                  sum(new_customers) as "new_customers!", sum(returning_customers) as "returning_customers!"
           from (
               select coalesce(r.counts_as, d.day) as day, r.sign, received as orders, completed, cancelled, rejected, gross, discount,
                      unpaid, refunds, refund_count, refunds_of_ended,
                      paid_cash, paid_card, paid_wallet, paid_online, new_customers, returning_customers
               from unnest($2::date[], $3::date[], $4::integer[], $5::date[]) r (first, last, sign, counts_as)
               cross join lateral (select * from partner_performance_metrics d where d.org_id = $1 and d.partner_id = $8 and d.day between r.first and r.last offset 0) d
               union all
               select m.counts_as, 1, orders, completed, cancelled, rejected, gross, discount, unpaid, refunds, refund_count, refunds_of_ended,
                      paid_cash, paid_card, paid_wallet, paid_online, new_customers, returning_customers
               from unnest($6::date[], $7::date[]) m (month, counts_as)
               join revenue_months s on s.org_id = $1 and s.partner_id = $8 and s.month = m.month
           ) d
           group by day, sign order by day"#,
        org,
        &pieces.from,
        &pieces.to,
        &pieces.signs,
        &pieces.days_as as &[Option<NaiveDate>],
        &pieces.months,
        &pieces.months_as,
        partner
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// The categories with anything in the period or the one before.
pub(super) async fn categories(tx: &mut OrgTx, asked: &Asked, months: &[NaiveDate]) -> Result<Vec<Category>> {
    let pieces = Pieces::of(&[asked.before, asked.period], months);
    let mut categories = match asked.partner {
        None => categories_of_all(tx, &pieces, asked.period.first).await?,
        Some(partner) => categories_of_partner(tx, &pieces, asked.period.first, partner).await?,
    };
    categories.retain(|it| it.orders != 0 || [it.gross, it.refunds, it.before].iter().any(|amount| !amount.is_zero()));
    Ok(categories)
}

async fn categories_of_all(tx: &mut OrgTx, pieces: &Pieces, first: NaiveDate) -> Result<Vec<Category>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Category,
        r#"select c.name as "name?", s.orders as "orders!", s.completed as "completed!", s.gross as "gross!", s.refunds as "refunds!", s.before as "before!"
           from (select category_id, coalesce(sum(sign * orders) filter (where counts_as >= $2), 0) as orders,
                        coalesce(sum(sign * completed) filter (where counts_as >= $2), 0) as completed,
                        coalesce(sum(sign * gross) filter (where counts_as >= $2), 0) as gross,
                        coalesce(sum(sign * refunds) filter (where counts_as >= $2), 0) as refunds,
                        coalesce(sum(sign * gross) filter (where counts_as < $2), 0) as before
                 from (select r.counts_as, r.sign, d.category_id, d.orders, d.completed, d.gross, d.refunds
                       from unnest($3::date[], $4::date[], $5::integer[], $6::date[]) r (first, last, sign, counts_as)
                       cross join lateral (select * from category_daily_revenue d where d.org_id = $1 and d.day between r.first and r.last offset 0) d
                       union all
                       select m.counts_as, 1, s.category_id, s.orders, s.completed, s.gross, s.refunds
                       from unnest($7::date[], $8::date[]) m (month, counts_as)
                       join category_months s on s.org_id = $1 and s.partner_id = '00000000-0000-0000-0000-000000000000' and s.month = m.month) d
                 group by category_id) s
           left join service_categories c on c.org_id = $1 and c.id = s.category_id
           order by s.gross desc, c.name"#,
        org,
        first,
        &pieces.from,
        &pieces.to,
        &pieces.signs,
        &pieces.days_as as &[Option<NaiveDate>],
        &pieces.months,
        &pieces.months_as
    )
    .fetch_all(&mut **tx)
    .await?)
}

async fn categories_of_partner(
    tx: &mut OrgTx,
    pieces: &Pieces,
    first: NaiveDate,
    partner: Uuid,
) -> Result<Vec<Category>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Category,
        r#"select c.name as "name?", s.orders as "orders!", s.completed as "completed!", s.gross as "gross!", s.refunds as "refunds!", s.before as "before!"
           from (select category_id, coalesce(sum(sign * orders) filter (where counts_as >= $2), 0) as orders,
                        coalesce(sum(sign * completed) filter (where counts_as >= $2), 0) as completed,
                        coalesce(sum(sign * gross) filter (where counts_as >= $2), 0) as gross,
                        coalesce(sum(sign * refunds) filter (where counts_as >= $2), 0) as refunds,
                        coalesce(sum(sign * gross) filter (where counts_as < $2), 0) as before
                 from (select r.counts_as, r.sign, d.category_id, d.orders, d.completed, d.gross, d.refunds
                       from unnest($3::date[], $4::date[], $5::integer[], $6::date[]) r (first, last, sign, counts_as)
                       cross join lateral (select * from revenue_slices d where d.org_id = $1 and d.partner_id = $9 and d.day between r.first and r.last offset 0) d
                       union all
                       select m.counts_as, 1, s.category_id, s.orders, s.completed, s.gross, s.refunds
                       from unnest($7::date[], $8::date[]) m (month, counts_as)
                       join category_months s on s.org_id = $1 and s.partner_id = $9 and s.month = m.month) d
                 group by category_id) s
           left join service_categories c on c.org_id = $1 and c.id = s.category_id
           order by s.gross desc, c.name"#,
        org,
        first,
        &pieces.from,
        &pieces.to,
        &pieces.signs,
        &pieces.days_as as &[Option<NaiveDate>],
        &pieces.months,
        &pieces.months_as,
        partner
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// The net revenue of each day from the first with orders (since a day, where one is given) to the last summed, without a gap:
/// what a forecast starts from.
///
/// # Errors
/// [`Error::Database`].
pub async fn daily_net(tx: &mut OrgTx, since: Option<NaiveDate>, last: NaiveDate) -> Result<Vec<(NaiveDate, Decimal)>> {
    let org = tx.org().0;
    let rows = sqlx::query!(
        r#"select day, gross - refunds as "net!" from daily_revenue_summaries
           where org_id = $1 and day between coalesce($2::date, '-infinity') and $3 order by day"#,
        org,
        since,
        last
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut days: Vec<(NaiveDate, Decimal)> = Vec::with_capacity(rows.len());
    for row in rows {
        while let Some((before, _)) = days.last().copied().filter(|(before, _)| *before + Days::new(1) < row.day) {
            days.push((before + Days::new(1), Decimal::ZERO));
        }
        days.push((row.day, row.net));
    }
    Ok(days)
}
