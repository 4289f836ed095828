//! `/financial/partners`: who carries orders out, how well, and whether it gets better. Partners are companies, so they are
//! named; whoever has too few orders is not judged.

use std::collections::HashMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;
use uuid::Uuid;

use super::filter::{Asked, Grain};
use super::pieces::Pieces;
use super::revenue::{Standing, reach};
use super::wilson;
use crate::Result;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::units::Rate;

/// The fewest ended orders of a period by which a partner is called good or weak.
pub const FEWEST: i64 = 30;
/// Weeks of trend.
const WEEKS: u64 = 12;
/// How many are called good, and how many weak, at most.
const CALLED_OUT: usize = 5;

/// The keys of the columns that the list can be sorted by.
pub const COLUMNS: [&str; 11] = [
    "name",
    "received",
    "acceptance",
    "completion",
    "rejection",
    "total",
    "rating",
    "issues",
    "capacity",
    "gross",
    "change",
];

/// Seconds that a stage took, and for how many orders.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Took {
    /// All of them together.
    pub seconds: i64,
    /// How many orders.
    pub n: i64,
}

impl Took {
    /// Minutes in the mean; `None` for no order.
    #[must_use]
    pub fn minutes(self) -> Option<f64> {
        (self.n > 0).then(|| self.seconds as f64 / self.n as f64 / 60.0)
    }
}

impl std::ops::Add for Took {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { seconds: self.seconds + other.seconds, n: self.n + other.n }
    }
}

/// What a partner did in a period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Partner {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Orders that came.
    pub received: i64,
    /// Of those, accepted.
    pub accepted: i64,
    /// Of those, rejected.
    pub rejected: i64,
    /// Of those, completed.
    pub completed: i64,
    /// Of those, cancelled.
    pub cancelled: i64,
    /// Gross revenue.
    pub gross: Decimal,
    /// Refunds.
    pub refunds: Decimal,
    /// The stages: accept, pick up, process, deliver, total.
    pub took: [Took; 5],
    /// Ratings that came: their sum and number.
    pub ratings: Rate,
    /// Issues that came: reported, damaged, lost.
    pub issues: [i64; 3],
    /// Orders a day they can take on, times the days of the period.
    pub capacity: Option<i64>,
    /// Completed of ended in the period before.
    pub before: Rate,
    /// Completion of each of the last weeks, oldest first.
    pub weeks: Vec<Rate>,
}

impl Partner {
    /// Accepted of received.
    #[must_use]
    pub fn acceptance(&self) -> Rate {
        Rate { hit: self.accepted, of: self.received }
    }

    /// Rejected of received.
    #[must_use]
    pub fn rejection(&self) -> Rate {
        Rate { hit: self.rejected, of: self.received }
    }

    /// Completed of those that ended: what is under way is neither.
    #[must_use]
    pub fn completion(&self) -> Rate {
        Rate { hit: self.completed, of: self.completed + self.cancelled + self.rejected }
    }

    /// Whether there was anything of theirs in the period.
    fn had_anything(&self) -> bool {
        let counts = [self.received, self.ratings.of, self.issues.iter().sum()];
        counts.iter().any(|n| *n != 0) || !self.gross.is_zero() || !self.refunds.is_zero()
    }

    /// The mean of the ratings, 1–5.
    #[must_use]
    pub fn rating(&self) -> Option<f64> {
        self.ratings.value()
    }

    /// Issues of completed orders.
    #[must_use]
    pub fn issue_rate(&self) -> Rate {
        Rate { hit: self.issues.iter().sum(), of: self.completed }
    }

    /// Received of what they can take on; `None` where that is not known.
    #[must_use]
    pub fn utilization(&self) -> Option<f64> {
        let of = self.capacity?;
        Rate { hit: self.received, of }.value()
    }

    /// The change of completion against the period before, as a share.
    #[must_use]
    pub fn change(&self) -> Option<f64> {
        Some(self.completion().value()? - self.before.value()?)
    }

    fn key(&self, by: &str) -> Option<f64> {
        Some(match by {
            "acceptance" => self.acceptance().value()?,
            "completion" => self.completion().value()?,
            "rejection" => self.rejection().value()?,
            "total" => self.took[4].minutes()?,
            "rating" => self.rating()?,
            "issues" => self.issue_rate().value()?,
            "capacity" => self.utilization()?,
            "gross" => super::sums::height(self.gross),
            "change" => self.change()?,
            _ => self.received as f64,
        })
    }
}

/// Everything the page shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Partners {
    /// What was asked for.
    pub asked: Asked,
    /// Every partner who had anything in the period, in the order asked for.
    pub partners: Vec<Partner>,
    /// All of them together.
    pub total: Partner,
    /// Those whose completion is surely good, best first: places among [`Partners::partners`].
    pub top: Vec<usize>,
    /// Those whose completion is surely under that of all, weakest first.
    pub low: Vec<usize>,
    /// The first day of each week of the trend.
    pub weeks: Vec<NaiveDate>,
    /// How far the sums reach.
    pub standing: Standing,
}

/// The page.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn partners(tx: &mut OrgTx, asked: Asked) -> Result<Partners> {
    let reach = reach(tx, &asked).await?;
    let weeks = weeks_to(asked.period.last);
    let mut trends = trends(tx, &weeks, asked.period.last).await?;
    let mut partners = read(tx, &asked, &reach.months).await?;
    for partner in &mut partners {
        partner.weeks = trends.remove(&partner.id).unwrap_or_else(|| vec![Rate::default(); weeks.len()]);
    }
    sort(&mut partners, &asked);
    let total = together(&partners, weeks.len());
    let (top, low) = called_out(&partners, total.completion());
    Ok(Partners { partners, total, top, low, weeks, standing: reach.standing, asked })
}

fn weeks_to(last: NaiveDate) -> Vec<NaiveDate> {
    let first = Period::ending(Grain::Week.begins(last), 7 * (WEEKS - 1) + 1).first;
    first.iter_weeks().take(WEEKS as usize).collect()
}

async fn trends(tx: &mut OrgTx, weeks: &[NaiveDate], last: NaiveDate) -> Result<HashMap<Uuid, Vec<Rate>>> {
    let org = tx.org().0;
    // Weeks by counting: the calendar's own functions take longer than the sums.
    let rows = sqlx::query!(
        r#"select partner_id, (day - $2) / 7 as "week!", sum(completed) as "completed!",
                  sum(completed + cancelled + rejected) as "ended!"
           from partner_performance_metrics where org_id = $1 and day between $2 and $3 group by 1, 2"#,
        org,
        weeks.first().copied().unwrap_or(last),
        last
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut all: HashMap<Uuid, Vec<Rate>> = HashMap::new();
    for row in rows {
        let theirs = all.entry(row.partner_id).or_insert_with(|| vec![Rate::default(); weeks.len()]);
        if let Some(rate) = usize::try_from(row.week).ok().and_then(|week| theirs.get_mut(week)) {
            *rate = Rate { hit: row.completed, of: row.ended };
        }
    }
    Ok(all)
}

async fn read(tx: &mut OrgTx, asked: &Asked, months: &[NaiveDate]) -> Result<Vec<Partner>> {
    let (org, these) = (tx.org().0, asked.period);
    let pieces = Pieces::of(&[asked.before, these], months);
    let rows = sqlx::query!(
        r#"with d as (
               select r.sign, partner_id, received, accepted, rejected, completed, cancelled, gross, refunds, accept_seconds, accept_count, pick_up_seconds,
                         pick_up_count, process_seconds, process_count, deliver_seconds, deliver_count, total_seconds, total_count,
                         rating_sum, rating_count, reported, damaged, lost
               from unnest($2::date[], $3::date[], $4::integer[], $5::date[]) r (first, last, sign, counts_as)
               cross join lateral (select * from partner_performance_metrics d
                   where d.org_id = $1 and d.day between r.first and r.last offset 0) d
               where r.counts_as >= $8
               union all
               select 1, partner_id, received, accepted, rejected, completed, cancelled, gross, refunds, accept_seconds, accept_count, pick_up_seconds,
                         pick_up_count, process_seconds, process_count, deliver_seconds, deliver_count, total_seconds, total_count,
                         rating_sum, rating_count, reported, damaged, lost
               from unnest($6::date[], $7::date[]) m (month, counts_as)
               join partner_months d on d.org_id = $1 and d.month = m.month
               where m.counts_as >= $8
           ), signed as (
               select partner_id, sign, sum(received) as received, sum(accepted) as accepted, sum(rejected) as rejected, sum(completed) as completed,
                      sum(cancelled) as cancelled, sum(gross) as gross, sum(refunds) as refunds, sum(accept_seconds) as accept_seconds,
                      sum(accept_count) as accept_count, sum(pick_up_seconds) as pick_up_seconds, sum(pick_up_count) as pick_up_count,
                      sum(process_seconds) as process_seconds, sum(process_count) as process_count,
                      sum(deliver_seconds) as deliver_seconds, sum(deliver_count) as deliver_count, sum(total_seconds) as total_seconds,
                      sum(total_count) as total_count, sum(rating_sum) as rating_sum, sum(rating_count) as rating_count,
                      sum(reported) as reported, sum(damaged) as damaged, sum(lost) as lost
               from d group by partner_id, sign
           ), s as (
               select partner_id, sum(sign * received)::bigint as received, sum(sign * accepted)::bigint as accepted,
                      sum(sign * rejected)::bigint as rejected, sum(sign * completed)::bigint as completed,
                      sum(sign * cancelled)::bigint as cancelled, sum(sign * gross) as gross, sum(sign * refunds) as refunds,
                      sum(sign * accept_seconds)::bigint as s1, sum(sign * accept_count)::bigint as n1,
                      sum(sign * pick_up_seconds)::bigint as s2, sum(sign * pick_up_count)::bigint as n2,
                      sum(sign * process_seconds)::bigint as s3, sum(sign * process_count)::bigint as n3,
                      sum(sign * deliver_seconds)::bigint as s4, sum(sign * deliver_count)::bigint as n4,
                      sum(sign * total_seconds)::bigint as s5, sum(sign * total_count)::bigint as n5,
                      sum(sign * rating_sum)::bigint as rating_sum, sum(sign * rating_count)::bigint as rating_count,
                      sum(sign * reported)::bigint as reported, sum(sign * damaged)::bigint as damaged, sum(sign * lost)::bigint as lost
               from signed group by partner_id
           ), b as (
               select partner_id, sum(sign * completed)::bigint as completed, sum(sign * ended)::bigint as ended
               from (
                   select r.sign, partner_id, completed, completed + cancelled + rejected as ended
                   from unnest($2::date[], $3::date[], $4::integer[], $5::date[]) r (first, last, sign, counts_as)
                   cross join lateral (select * from partner_performance_metrics d
                       where d.org_id = $1 and d.day between r.first and r.last offset 0) d
                   where r.counts_as < $8
                   union all
                   select 1, partner_id, completed, completed + cancelled + rejected
                   from unnest($6::date[], $7::date[]) m (month, counts_as)
                   join partner_months d on d.org_id = $1 and d.month = m.month
                   where m.counts_as < $8
               ) d group by partner_id
           )
           select p.id, p.name, p.daily_capacity, s.received as "received!", s.accepted as "accepted!", s.rejected as "rejected!",
                  s.completed as "completed!", s.cancelled as "cancelled!", s.gross as "gross!", s.refunds as "refunds!",
                  s.s1 as "s1!", s.n1 as "n1!", s.s2 as "s2!", s.n2 as "n2!", s.s3 as "s3!", s.n3 as "n3!", s.s4 as "s4!", s.n4 as "n4!",
                  s.s5 as "s5!", s.n5 as "n5!", s.rating_sum as "rating_sum!", s.rating_count as "rating_count!",
                  s.reported as "reported!", s.damaged as "damaged!", s.lost as "lost!",
                  coalesce(b.completed, 0) as "was_completed!", coalesce(b.ended, 0) as "was_ended!"
           from s join partners p on p.org_id = $1 and p.id = s.partner_id
           left join b on b.partner_id = s.partner_id"#,
        org,
        &pieces.from,
        &pieces.to,
        &pieces.signs,
        &pieces.days_as as &[Option<NaiveDate>],
        &pieces.months,
        &pieces.months_as,
        these.first
    )
    .fetch_all(&mut **tx)
    .await?;
    let days = i64::try_from(these.days()).unwrap_or(1);
    Ok(rows
        .into_iter()
        .map(|row| Partner {
            id: row.id,
            name: row.name,
            received: row.received,
            accepted: row.accepted,
            rejected: row.rejected,
            completed: row.completed,
            cancelled: row.cancelled,
            gross: row.gross,
            refunds: row.refunds,
            took: [(row.s1, row.n1), (row.s2, row.n2), (row.s3, row.n3), (row.s4, row.n4), (row.s5, row.n5)]
                .map(|(seconds, n)| Took { seconds, n }),
            ratings: Rate { hit: row.rating_sum, of: row.rating_count },
            issues: [row.reported, row.damaged, row.lost],
            capacity: row.daily_capacity.map(|a_day| i64::from(a_day) * days),
            before: Rate { hit: row.was_completed, of: row.was_ended },
            weeks: Vec::new(),
        })
        .filter(Partner::had_anything)
        .collect())
}

fn sort(partners: &mut [Partner], asked: &Asked) {
    partners.sort_by(|one, two| one.name.cmp(&two.name).then(one.id.cmp(&two.id)));
    let by = asked.sort.as_deref().unwrap_or("received");
    if by == "name" {
        if asked.descending && asked.sort.is_some() {
            partners.reverse();
        }
        return;
    }
    // Who has nothing to judge stands last, whichever way the others stand.
    partners.sort_by(|one, two| match (one.key(by), two.key(by)) {
        (Some(one), Some(two)) if asked.descending => two.total_cmp(&one),
        (Some(one), Some(two)) => one.total_cmp(&two),
        (one, two) => two.is_some().cmp(&one.is_some()),
    });
}

fn together(partners: &[Partner], weeks: usize) -> Partner {
    let sum = |of: fn(&Partner) -> i64| partners.iter().map(of).sum();
    let rates = |of: &dyn Fn(&Partner) -> Rate| partners.iter().map(of).fold(Rate::default(), std::ops::Add::add);
    let mut took = [Took::default(); 5];
    let mut issues = [0; 3];
    for partner in partners {
        took.iter_mut().zip(partner.took).for_each(|(sum, it)| *sum = *sum + it);
        issues.iter_mut().zip(partner.issues).for_each(|(sum, it)| *sum += it);
    }
    Partner {
        id: Uuid::nil(),
        name: "All together".into(),
        received: sum(|it| it.received),
        accepted: sum(|it| it.accepted),
        rejected: sum(|it| it.rejected),
        completed: sum(|it| it.completed),
        cancelled: sum(|it| it.cancelled),
        gross: partners.iter().map(|it| it.gross).sum(),
        refunds: partners.iter().map(|it| it.refunds).sum(),
        took,
        ratings: rates(&|it| it.ratings),
        issues,
        capacity: partners.iter().map(|it| it.capacity).sum(),
        before: rates(&|it| it.before),
        weeks: (0..weeks).map(|at| rates(&|it| it.weeks.get(at).copied().unwrap_or_default())).collect(),
    }
}

/// Good is whose completion is above that of all together even at the low end of what their sample allows; weak whose is
/// below it even at the high end. Who has fewer than [`FEWEST`] ended orders is neither.
fn called_out(partners: &[Partner], all: Rate) -> (Vec<usize>, Vec<usize>) {
    let Some(all) = all.value() else { return (Vec::new(), Vec::new()) };
    let judged: Vec<(usize, (f64, f64))> = (partners.iter().enumerate())
        .filter(|(_, it)| it.completion().of >= FEWEST)
        .filter_map(|(at, it)| Some((at, wilson::interval(it.completion())?)))
        .collect();
    let mut top: Vec<_> = judged.iter().filter(|(_, (low, _))| *low > all).collect();
    let mut low: Vec<_> = judged.iter().filter(|(_, (_, high))| *high < all).collect();
    top.sort_by(|one, two| two.1.0.total_cmp(&one.1.0));
    low.sort_by(|one, two| one.1.1.total_cmp(&two.1.1));
    let places = |from: Vec<&(usize, _)>| from.into_iter().take(CALLED_OUT).map(|(at, _)| *at).collect();
    (places(top), places(low))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partner(name: &str, completed: i64, ended: i64) -> Partner {
        let nobody = together(&[], 0);
        Partner { name: name.into(), received: ended, completed, rejected: ended - completed, ..nobody }
    }

    #[test]
    fn a_few_bad_orders_call_nobody_out_and_many_do() {
        let all = [
            partner("small", 8, 10),
            partner("weak", 700, 1_000),
            partner("good", 990, 1_000),
            partner("usual", 930, 1_000),
        ];
        let total = together(&all, 0).completion();
        assert_eq!(total, Rate { hit: 2_628, of: 3_010 });
        assert_eq!(called_out(&all, total), (vec![2, 3], vec![1]));
    }

    #[test]
    fn who_cannot_be_judged_stands_last_both_ways() {
        let mut all = vec![partner("none", 0, 0), partner("b", 5, 10), partner("a", 9, 10)];
        for (descending, expected) in [(true, ["a", "b", "none"]), (false, ["b", "a", "none"])] {
            let dates = crate::commerce::Filter { sort: Some("completion".into()), ..Default::default() };
            let asked = dates.resolve("2026-03-31".parse().unwrap(), &COLUMNS).unwrap();
            sort(&mut all, &Asked { descending, ..asked });
            assert_eq!(all.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), expected);
        }
    }
}
