//! Who orders: each comes on a day, orders at a pace of their own, and one day stops without a word.

use std::io::Write;

use chrono::{Days, NaiveDate};

use super::Simulation;
use super::dice::{Dice, Topic};
use super::market::{BUSIEST, CATEGORIES, Market};
use super::names::{FIRST_NL, FIRST_ZA, LAST_NL, LAST_ZA};
use super::plan::Company;
use super::rows::Rows;

/// Days before the first with orders from which customers come, so that trade has settled when it begins.
const BEFORE: i64 = 600;
/// Mean days for which a customer keeps ordering.
const STAYS: f64 = 400.0;
/// Orders a day of a middling customer, and how much customers differ (deviation of the logarithm).
const PACE: f64 = 1.0 / 16.0;
const SPREAD: f64 = 0.7;
const SOURCES: [&str; 6] = ["search", "search", "referral", "social", "street", "partner"];
const METHODS: [&str; 8] = ["card", "card", "card", "cash", "cash", "wallet", "online", "online"];

/// A customer.
#[derive(Debug)]
pub(super) struct Customer {
    /// Tells customers apart: the day they came and which of that day they were.
    pub key: u64,
    pub code: String,
    /// Days from the first with orders; before it where negative.
    came: i64,
    /// When they stop, in days from the first with orders.
    until: f64,
    pace: f64,
    pub method: &'static str,
    pub category: usize,
}

impl Simulation {
    /// Everybody who came by yesterday, in the order they came.
    fn each_customer(&self) -> impl Iterator<Item = Customer> + '_ {
        let (plan, first) = (self.plan, self.plan.first_order_day());
        let mean_pace = PACE * (SPREAD * SPREAD / 2.0).exp();
        let a_day = f64::from(plan.size().orders_a_day) / (mean_pace * STAYS);
        let days = -BEFORE..(plan.today - first).num_days();
        days.flat_map(move |came| {
            let day = (came + BEFORE).unsigned_abs();
            let come = Dice::new(plan.seed, Topic::Arrivals, day, plan.company as u64).count(a_day);
            (0..come as u64).map(move |nth| {
                let key = day * 64 + nth;
                let mut dice = Dice::new(plan.seed, Topic::Customer, key, 0);
                Customer {
                    key,
                    code: format!("CU{key:06}"),
                    came,
                    until: came as f64 - STAYS * (1.0 - dice.unit()).ln(),
                    pace: PACE * (SPREAD * dice.bell()).exp(),
                    method: dice.pick(&METHODS),
                    category: dice.index(CATEGORIES.len()),
                }
            })
        })
    }

    /// Those who ordered at least once by yesterday, each with the days of their orders.
    pub(super) fn buyers<'a>(&'a self, market: &'a Market) -> impl Iterator<Item = (Customer, Vec<NaiveDate>)> + 'a {
        self.each_customer().filter_map(|customer| {
            let days = self.days_of_orders(&customer, market);
            (!days.is_empty()).then_some((customer, days))
        })
    }

    /// A customer's orders are as likely at any moment while they stay; on slow days some are not placed. Who comes new
    /// comes with an order.
    fn days_of_orders(&self, customer: &Customer, market: &Market) -> Vec<NaiveDate> {
        let first = self.plan.first_order_day();
        let last = (self.plan.today - first).num_days() as f64;
        let mut dice = Dice::new(self.plan.seed, Topic::Customer, customer.key, 1);
        let mut days = Vec::new();
        let mut at = customer.came as f64;
        if customer.came >= 0 {
            days.push(first + Days::new(customer.came.unsigned_abs()));
        }
        loop {
            at -= (1.0 - dice.unit()).ln() / (customer.pace * BUSIEST);
            if at >= customer.until || at >= last {
                return days;
            }
            let wanted = dice.unit() * BUSIEST;
            if at >= 0.0 {
                let day = first + Days::new(at as u64);
                if wanted < market.on(day) {
                    days.push(day);
                }
            }
        }
    }

    pub(super) fn customers<W: Write>(&self, rows: &mut Rows<W>) {
        let market = self.market();
        let (firsts, lasts) = match self.plan.company {
            Company::Demo => (FIRST_ZA, LAST_ZA),
            Company::Rival => (FIRST_NL, LAST_NL),
        };
        let (firsts, lasts): (Vec<&str>, Vec<&str>) = (firsts.split(", ").collect(), lasts.split(", ").collect());
        for (customer, _) in self.buyers(&market) {
            if rows.is_broken() {
                return;
            }
            let mut dice = Dice::new(self.plan.seed, Topic::Customer, customer.key, 2);
            let first = self.plan.first_order_day();
            let joined = if customer.came < 0 {
                first - Days::new(customer.came.unsigned_abs())
            } else {
                first + Days::new(customer.came.unsigned_abs())
            };
            rows.text(&customer.code).text(&format!("{} {}", dice.pick(&firsts), dice.pick(&lasts)));
            rows.text(dice.pick(&SOURCES)).date(joined).end();
        }
    }
}
