//! The demo platform: what would the books of Muster itself look like, over all its customers?
//!
//! Customers sign up, most only look, some stay and pay; what was planted is in `customer`. They are facts of the
//! platform's organization and no tenants, so that hundreds of them cost no night of their own.

mod customer;

use std::io::Write;

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use chrono_tz::Tz;

use self::customer::{Activity, Customer, End, TIERS, planted};
use super::dice::{Dice, Topic};
use super::fill::{FILE, Filled};
use super::moments::Moments;
use super::rows::Rows;
use crate::database::Database;
use crate::intake::{self, Source, Table};
use crate::people::{Organization, create_organization, make_platform, platform_organization};
use crate::{Error, Result};

/// Days of sign-ups of a first filling.
const DAYS: u64 = 400;
/// Sign-ups a day in the beginning, and how many more a day later.
const ARRIVALS: (f64, f64) = (0.9, 0.0035);
/// Spent on winning customers for each sign-up of a usual day, in hundredths.
const SPEND: f64 = 8_800.0;
/// Where it is spent, and which part of it.
const SPENT_ON: [(&str, f64); 4] = [("search", 0.45), ("social", 0.25), ("events", 0.2), ("partners", 0.1)];
const TOPICS: [&str; 5] = ["import", "rosters", "sign-in", "billing", "how to"];

/// The growth of the platform: the same seed and first day give the same history, and a later `today` goes on with it.
#[derive(Debug, Clone, Copy)]
pub struct Growth {
    seed: u64,
    first_day: NaiveDate,
    today: NaiveDate,
}

impl Growth {
    /// A first filling up to yesterday.
    #[must_use]
    pub fn new(seed: u64, today: NaiveDate) -> Self {
        Self { seed, first_day: today - Days::new(DAYS), today }
    }

    /// The same history, begun on another day.
    #[must_use]
    pub fn begun(self, first_day: NaiveDate) -> Self {
        Self { first_day, ..self }
    }

    /// Sign-ups a day that are usual on a day.
    fn usual(&self, day: NaiveDate) -> f64 {
        ARRIVALS.0 + ARRIVALS.1 * (day - self.first_day).num_days() as f64
    }

    fn customers(&self) -> impl Iterator<Item = Customer> + '_ {
        self.first_day.iter_days().take_while(|day| *day < self.today).flat_map(move |day| {
            let since = (day - self.first_day).num_days().unsigned_abs();
            let mut dice = Dice::new(self.seed, Topic::Growth, since, u64::MAX);
            let weekend = if day.weekday().num_days_from_monday() > 4 { 0.5 } else { 1.2 };
            // The first day is known again by its first sign-up.
            let count = dice.count(self.usual(day) * weekend).max(usize::from(since == 0));
            (0..count).map(move |nth| Customer::new(self.seed, day, since, nth))
        })
    }

    /// The customers of the first ten days, by which a history is known again.
    fn first_codes(&self) -> Vec<String> {
        let mut codes: Vec<String> =
            self.customers().map(|it| it.code).take_while(|code| code.as_str() < "c0010").collect();
        codes.sort_unstable();
        codes
    }

    /// Writes the rows of one of [`Table::GROWTH`] as CSV; of other tables there are none. Says how many.
    ///
    /// # Errors
    /// Whatever `out` gives.
    pub fn write(&self, table: Table, out: impl Write) -> std::io::Result<u64> {
        let mut all = Rows::new(out, table.columns().iter().map(|column| column.name));
        let rows = &mut all;
        match table {
            Table::Signups => self.customers().for_each(|it| self.signup(&it, rows)),
            Table::Subscriptions => self.customers().for_each(|it| self.subscriptions(&it, rows)),
            Table::SignupActivity => self.each_day(|customer, it| {
                rows.text(&customer.code).date(it.day).whole(customer.users).whole(it.active).whole(it.rosters).end();
            }),
            Table::Invites => self.each_day(|customer, it| self.invites(customer, it, rows)),
            Table::SupportTickets => self.each_day(|customer, it| self.ticket(customer, it, rows)),
            Table::MarketingSpend => self.spend(rows),
            _ => {}
        }
        all.finish()
    }

    fn each_day(&self, mut write: impl FnMut(&Customer, &Activity)) {
        for customer in self.customers() {
            let until = customer.last.map_or(self.today, |last| self.today.min(last + Days::new(1)));
            for activity in customer.day.iter_days().take_while(|day| *day < until).filter_map(|day| customer.on(day)) {
                write(&customer, &activity);
            }
        }
    }

    /// Minutes after the midnight of a day as a moment, unless that is still to come.
    fn at(&self, day: NaiveDate, minutes: impl Into<Option<i64>>) -> Option<i64> {
        let minutes: i64 = minutes.into()?;
        let at = Moments::new(Tz::UTC, day).at(minutes);
        (at < Moments::new(Tz::UTC, self.today).at(0)).then_some(at)
    }

    fn signup<W: Write>(&self, customer: &Customer, rows: &mut Rows<W>) {
        rows.text(&customer.code).text(customer.channel);
        for moment in [Some(customer.started), customer.signed, customer.onboarded, customer.roster] {
            rows.moment(self.at(customer.day, moment), 0);
        }
        rows.end();
    }

    fn subscriptions<W: Write>(&self, customer: &Customer, rows: &mut Rows<W>) {
        let known = customer.subscriptions.iter().filter(|it| it.from < self.today);
        for (nth, subscription) in (1..).zip(known) {
            let (tier, price) = TIERS[subscription.tier];
            let ended =
                |end| subscription.until.filter(|(_, how)| *how == end).and_then(|(day, _)| self.at(day, 12 * 60));
            rows.text(&format!("{}-s{nth}", customer.code)).text(&customer.code).text(tier).hundredths(price);
            rows.moment(self.at(subscription.from, 12 * 60), 0);
            rows.moment(ended(End::Upgraded), 0).moment(ended(End::Cancelled), 0).end();
        }
    }

    fn invites<W: Write>(&self, customer: &Customer, activity: &Activity, rows: &mut Rows<W>) {
        for nth in 0..activity.invites {
            let mut dice = customer.dice(activity.day, 1 + nth as u64);
            let sent = dice.whole(8 * 60, 18 * 60);
            let accepted = dice.chance(planted::ACCEPTED).then(|| sent + dice.whole(30, 10 * 1_440));
            let day = activity.day;
            rows.text(&format!("{}-{day}-{nth}", customer.code)).text(&customer.code);
            rows.moment(self.at(day, sent), 0).moment(self.at(day, accepted), 0).end();
        }
    }

    fn ticket<W: Write>(&self, customer: &Customer, activity: &Activity, rows: &mut Rows<W>) {
        if !activity.ticket {
            return;
        }
        let (day, mut dice) = (activity.day, customer.dice(activity.day, 0));
        let opened = dice.whole(8 * 60, 18 * 60);
        let answered = opened + dice.whole(5, 600);
        let closed = self.at(day, answered + dice.whole(0, 4_320));
        let mark = dice.chance(0.6).then(|| dice.whole(3, 5)).filter(|_| closed.is_some());
        rows.text(&format!("{}-{day}-t", customer.code)).text(&customer.code).text(dice.pick(&TOPICS));
        rows.moment(self.at(day, opened), 0).moment(self.at(day, answered), 0).moment(closed, 0).whole(mark).end();
    }

    fn spend<W: Write>(&self, rows: &mut Rows<W>) {
        for day in self.first_day.iter_days().take_while(|day| *day < self.today) {
            for (nth, (channel, part)) in (0..).zip(SPENT_ON) {
                let mut dice =
                    Dice::new(self.seed, Topic::Spend, u64::from(day.num_days_from_ce().unsigned_abs()), nth);
                let amount = SPEND * self.usual(day) * part * dice.between(0.8, 1.2);
                rows.date(day).text(channel).hundredths(amount.round() as i64).end();
            }
        }
    }
}

/// The organization of the demo's platform, made where it is missing; `None` where a real organization is the platform.
///
/// # Errors
/// [`Error::Conflict`] when a real organization has its short name.
pub async fn found_platform(db: &Database, now: DateTime<Utc>) -> Result<Option<Organization>> {
    let mut tx = db.global().await?;
    if let Some(platform) = platform_organization(&mut tx).await? {
        return Ok(Some(platform).filter(|it| it.is_demo));
    }
    let platform = create_organization(&mut tx, "platform", "Muster", "USD", Tz::UTC, true, now).await?;
    make_platform(&mut tx, platform.id).await?;
    tx.commit().await?;
    Ok(Some(platform))
}

/// Fills the platform's organization up to the day before `today`. Harmless when run again.
///
/// # Errors
/// [`Error::Conflict`] when intake refuses a simulated row (then the simulation is wrong), [`Error::Database`].
pub async fn fill_growth(db: &Database, org: &Organization, growth: Growth, now: DateTime<Utc>) -> Result<Filled> {
    let mut tx = db.org(org.id).await?;
    let begun = sqlx::query!(
        r#"select (min(started_at) at time zone 'UTC')::date as day, array_agg(ref order by ref collate "C") filter (where ref collate "C" < 'c0010') as refs
           from signups where org_id = $1 and ref ~ '^c\d{4}-\d+$'"#,
        org.id.0
    )
    .fetch_one(&mut *tx)
    .await?;
    // The last table is loaded last, so its import tells that all the others were.
    let file = sqlx::query_scalar!(
        "select max(file) from imports where org_id = $1 and fact = $2 and starts_with(file, $3)",
        org.id.0,
        Table::GROWTH[Table::GROWTH.len() - 1].name(),
        FILE
    )
    .fetch_one(&mut *tx)
    .await?;
    drop(tx);
    let through: Option<NaiveDate> = file.and_then(|file| file.strip_prefix(FILE).and_then(|day| day.parse().ok()));
    if through.is_some_and(|through| through + Days::new(1) >= growth.today) {
        return Ok(Filled::Already);
    }
    let growth = begun.day.map_or(growth, |first_day| growth.begun(first_day));
    if begun.refs.is_some_and(|known| known != growth.first_codes()) {
        return Ok(Filled::LeftAlone);
    }
    for table in Table::GROWTH {
        let mut csv = Vec::new();
        growth.write(table, &mut csv).map_err(Error::io(format!("simulating {table}")))?;
        let name = format!("{FILE}{}", growth.today - Days::new(1));
        let summary = intake::load(db, org, Source::new(table, name, std::io::Cursor::new(csv)), now).await?;
        if let Some(reason) = summary.reasons.first() {
            return Err(Error::Conflict(format!("intake refuses simulated {table}: {}", reason.example)));
        }
    }
    Ok(through.map_or(Filled::Anew, |through| Filled::ToppedUp { from: through + Days::new(1) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> NaiveDate {
        "2026-03-02".parse().unwrap()
    }

    /// Customers of many histories that signed up and are at least 40 days old.
    fn many() -> Vec<Customer> {
        let old = |it: &Customer| it.signed.is_some() && (today() - it.day).num_days() >= 40;
        (1..=20).flat_map(|seed| Growth::new(seed, today()).customers().collect::<Vec<_>>()).filter(old).collect()
    }

    #[track_caller]
    fn share(what: &str, customers: &[Customer], is: impl Fn(&Customer) -> bool, least: f64, most: f64) {
        let share = customers.iter().filter(|it| is(it)).count() as f64 / customers.len() as f64;
        assert!((least..=most).contains(&share), "{what}: {share:.3} is not {least} to {most}");
    }

    #[test]
    fn what_was_planted_is_in_the_facts() {
        let customers = many();
        assert!(customers.len() > 8_000);
        let active = |it: &Customer, ages: std::ops::RangeInclusive<u64>| {
            ages.into_iter().any(|age| it.on(it.day + Days::new(age)).is_some())
        };
        let signed = 1.0 - (1.0 - planted::STAYS - planted::TRIES) * planted::LEAVES_THE_FORM;
        let stays = planted::STAYS / signed;
        share("active on day 7", &customers, |it| active(it, 6..=8), 0.28, 0.33);
        share("active on day 30", &customers, |it| active(it, 28..=32), stays - 0.02, stays + 0.01);
        let within_a_day = |it: &Customer| it.roster.zip(it.signed).is_some_and(|(roster, at)| roster - at <= 24 * 60);
        share("a roster within a day", &customers, within_a_day, 0.33, 0.39);
        share("subscribed", &customers, |it| !it.subscriptions.is_empty(), stays - 0.02, stays + 0.02);
    }

    #[test]
    fn a_later_day_goes_on_with_the_same_history() {
        let early = Growth::new(3, today());
        let late = Growth::new(3, today() + Days::new(20)).begun(early.first_day);
        let keys = |growth: Growth| growth.customers().map(|it| (it.code, it.day)).collect::<Vec<_>>();
        let (before, after) = (keys(early), keys(late));
        assert!(after.len() > before.len() && after.starts_with(&before));
        let mut bytes = Vec::new();
        let rows = early.write(Table::SignupActivity, &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(rows > 1_000 && !text.contains("2026-03-02"), "nothing is told of days that are still to come");
    }
}
