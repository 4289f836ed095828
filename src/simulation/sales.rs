//! What becomes of an order: taken or not, carried out step by step, paid, complained about, given back, liked.

use std::io::Write;

use chrono::NaiveDate;

use super::Simulation;
use super::customers::Customer;
use super::dice::{Dice, Topic};
use super::market::{CATEGORIES, Market, Partner};
use super::moments::Moments;
use super::plan::Company;
use super::rows::Rows;

/// How many orders of a thousand come in each hour of the day.
const HOURS: [u32; 24] = [4, 2, 1, 1, 2, 8, 30, 62, 84, 80, 66, 58, 60, 52, 46, 48, 58, 74, 82, 68, 50, 34, 20, 10];
const HOUR: i64 = 3_600;

/// An order with all that followed, whether or not it is known yet. Moments are seconds since 1970, money hundredths.
#[derive(Debug)]
pub(super) struct Sale<'a> {
    reference: String,
    customer: &'a Customer,
    partner: &'a Partner,
    category: usize,
    amount: i64,
    discount: i64,
    offset: i32,
    placed: i64,
    accepted: Option<i64>,
    rejected: Option<i64>,
    picked_up: Option<i64>,
    processed: Option<i64>,
    delivered: Option<i64>,
    completed: Option<i64>,
    cancelled: Option<i64>,
    payments: Vec<(&'static str, i64, i64)>,
    refund: Option<(i64, &'static str, i64)>,
    issue: Option<(&'static str, i64)>,
    rating: Option<(i64, i64)>,
}

/// Price before and after the discount's share, rounded as prices are.
fn price(company: Company, category: usize, dice: &mut Dice) -> (i64, i64) {
    let level = if company == Company::Demo { 1.0 } else { 0.12 };
    let amount = CATEGORIES[category].2 * level * (0.35 * dice.bell()).exp();
    let amount = ((amount / 50.0).round() as i64).max(4) * 50;
    let discount = if dice.chance(0.12) { amount / 50 * 5 } else { 0 };
    (amount, discount)
}

fn minute_of_day(dice: &mut Dice) -> i64 {
    let total: u32 = HOURS.iter().sum();
    let mut left = dice.unit() * f64::from(total);
    let hour = HOURS.iter().position(|weight| {
        left -= f64::from(*weight);
        left <= 0.0
    });
    hour.unwrap_or(12) as i64 * 60 + dice.whole(0, 59)
}

impl<'a> Sale<'a> {
    fn placed(simulation: &Simulation, market: &'a Market, customer: &'a Customer, nth: usize, day: NaiveDate) -> Self {
        let mut dice = Dice::new(simulation.plan.seed, Topic::Sale, customer.key, nth as u64);
        let category = if dice.chance(0.6) { customer.category } else { dice.index(CATEGORIES.len()) };
        let (amount, discount) = price(simulation.plan.company, category, &mut dice);
        let (clock, minute) = (Moments::new(simulation.plan.company.zone(), day), minute_of_day(&mut dice));
        let mut sale = Self {
            reference: format!("{}-{:03}", customer.code, nth + 1),
            customer,
            partner: market.choose(&mut dice),
            category,
            amount,
            discount,
            offset: clock.offset(minute),
            placed: clock.at(minute) + dice.whole(0, 59),
            accepted: None,
            rejected: None,
            picked_up: None,
            processed: None,
            delivered: None,
            completed: None,
            cancelled: None,
            payments: Vec::new(),
            refund: None,
            issue: None,
            rating: None,
        };
        sale.carry_out(&mut dice);
        sale.pay(&mut dice);
        sale.look_back(&mut dice);
        sale
    }

    /// What it is worth.
    fn value(&self) -> i64 {
        self.amount - self.discount
    }

    fn carry_out(&mut self, dice: &mut Dice) {
        let slow = self.partner.slowness;
        let mut after = |from: i64, least: f64, mean: f64| {
            from + ((least - mean * (1.0 - dice.unit()).ln().max(-4.0)) * slow * 60.0) as i64
        };
        let answered = after(self.placed, 2.0, 14.0);
        let picked_up = after(answered, 40.0, 420.0);
        let processed = after(picked_up, 120.0, 900.0);
        let delivered = after(processed, 45.0, 260.0);
        let completed = after(delivered, 1.0, 12.0);
        if !dice.chance(self.partner.accepts) {
            self.rejected = Some(answered);
            return;
        }
        // Some think better of it, sooner or later; and of a few nobody hears again.
        let ends = dice.chance(0.045).then(|| self.placed + dice.whole(3 * 60, 18 * HOUR));
        let reached = |at: i64| Some(at).filter(|at| ends.is_none_or(|end| *at < end));
        self.accepted = reached(answered);
        self.picked_up = reached(picked_up);
        self.processed = reached(processed);
        self.delivered = reached(delivered);
        if self.delivered.is_some() {
            self.completed = Some(completed).filter(|_| !dice.chance(0.004));
        } else {
            self.cancelled = ends;
        }
    }

    fn pay(&mut self, dice: &mut Dice) {
        let method =
            if dice.chance(0.8) { self.customer.method } else { dice.pick(&["cash", "card", "wallet", "online"]) };
        let at_once = matches!(method, "wallet" | "online") || method == "card" && dice.chance(0.5);
        let (soon, late) = (self.placed + dice.whole(20, 240), dice.whole(30, 1_200));
        let in_two = dice.chance(0.04);
        let never = dice.chance(0.008);
        let (before, rest) = match (at_once, in_two) {
            (true, false) => (self.value(), 0),
            (_, true) => (self.value() * 2 / 500 * 100, self.value() - self.value() * 2 / 500 * 100),
            (false, false) => (0, self.value()),
        };
        let stopped = self.cancelled.or(self.rejected).unwrap_or(i64::MAX);
        if before > 0 && soon < stopped {
            self.payments.push((if at_once { method } else { "wallet" }, before, soon));
        }
        if let Some(delivered) = self.delivered.filter(|_| rest > 0 && !never) {
            self.payments.push((if at_once { "card" } else { method }, rest, delivered + late));
        }
    }

    fn look_back(&mut self, dice: &mut Dice) {
        let paid: i64 = self.payments.iter().map(|(_, amount, _)| amount).sum();
        let (goes_wrong, what) = (dice.chance(self.partner.fails), dice.unit());
        let (back_after, keeps_fee) = (dice.whole(10 * HOUR, 110 * HOUR), dice.chance(0.08));
        let (given_back, share) = (dice.chance(0.6), dice.between(0.1, 0.5));
        let (rates, stars) = (dice.chance(0.45), 4.35 + self.partner.liked + 0.75 * dice.bell());
        let (heard_after, rated_after) = (dice.whole(HOUR, 48 * HOUR), dice.whole(HOUR, 72 * HOUR));
        if let Some(ended) = self.cancelled.or(self.rejected) {
            // Some keep a tenth for the trouble of it.
            let fee = if keeps_fee && self.cancelled.is_some() { paid / 1_000 * 100 } else { 0 };
            let reason = if self.cancelled.is_some() { "cancelled" } else { "rejected" };
            self.refund = (paid > fee).then_some((paid - fee, reason, ended + back_after));
            return;
        }
        let Some(completed) = self.completed else { return };
        let kind = if what < 0.7 {
            "reported"
        } else if what < 0.9 {
            "damaged"
        } else {
            "lost"
        };
        self.issue = goes_wrong.then_some((kind, completed + heard_after));
        if goes_wrong && given_back && paid > 0 {
            let share = if kind == "lost" { 1.0 } else { share };
            let back = if kind == "lost" { paid } else { ((paid as f64 * share) as i64 / 50 * 50).max(50).min(paid) };
            self.refund = Some((back, kind, completed + heard_after + back_after));
        }
        let stars = if goes_wrong { stars - 1.8 } else { stars };
        self.rating = rates.then_some((stars.round().clamp(1.0, 5.0) as i64, completed + rated_after));
    }
}

impl Simulation {
    /// Every order placed from a day on.
    pub(super) fn each_sale<W: Write>(
        &self,
        from: NaiveDate,
        rows: &mut Rows<W>,
        write: impl Fn(&Self, &Sale<'_>, &mut Rows<W>),
    ) {
        // The first filling asks from the first day with shifts; trade began before it.
        let from = if from <= self.plan.first_day { self.plan.first_order_day() } else { from };
        let market = self.market();
        for (customer, days) in self.buyers(&market) {
            if rows.is_broken() {
                return;
            }
            for (nth, day) in days.into_iter().enumerate().filter(|(_, day)| *day >= from) {
                write(self, &Sale::placed(self, &market, &customer, nth, day), rows);
            }
        }
    }

    fn known(&self, at: Option<i64>) -> Option<i64> {
        at.filter(|at| *at < self.now())
    }

    pub(super) fn sale_row<W: Write>(&self, sale: &Sale<'_>, rows: &mut Rows<W>) {
        rows.text(&sale.reference).text(&sale.customer.code).text(&sale.partner.code).text(CATEGORIES[sale.category].0);
        rows.hundredths(sale.amount).hundredths(sale.discount).moment(sale.placed, sale.offset);
        let stages = [
            sale.accepted,
            sale.rejected,
            sale.picked_up,
            sale.processed,
            sale.delivered,
            sale.completed,
            sale.cancelled,
        ];
        for stage in stages {
            rows.moment(self.known(stage), sale.offset);
        }
        rows.end();
    }

    pub(super) fn payment_rows<W: Write>(&self, sale: &Sale<'_>, rows: &mut Rows<W>) {
        for (nth, (method, amount, at)) in sale.payments.iter().enumerate() {
            if self.known(Some(*at)).is_some() {
                rows.text(&format!("{}-{}", sale.reference, nth + 1)).text(&sale.reference).text(method);
                rows.hundredths(*amount).moment(*at, sale.offset).end();
            }
        }
    }

    pub(super) fn refund_row<W: Write>(&self, sale: &Sale<'_>, rows: &mut Rows<W>) {
        if let Some((amount, reason, at)) = sale.refund.filter(|(_, _, at)| self.known(Some(*at)).is_some()) {
            rows.text(&format!("{}-R", sale.reference)).text(&sale.reference).hundredths(amount).text(reason);
            rows.moment(at, sale.offset).end();
        }
    }

    pub(super) fn rating_row<W: Write>(&self, sale: &Sale<'_>, rows: &mut Rows<W>) {
        if let Some((stars, at)) = sale.rating.filter(|(_, at)| self.known(Some(*at)).is_some()) {
            rows.text(&sale.reference).whole(stars).moment(at, sale.offset).end();
        }
    }

    pub(super) fn issue_row<W: Write>(&self, sale: &Sale<'_>, rows: &mut Rows<W>) {
        if let Some((kind, at)) = sale.issue.filter(|(_, at)| self.known(Some(*at)).is_some()) {
            rows.text(&format!("{}-I", sale.reference)).text(&sale.reference).text(kind).moment(at, sale.offset).end();
        }
    }
}
