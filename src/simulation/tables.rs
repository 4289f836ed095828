//! The facts of each table as intake reads them, and the rows of those that happen day by day.

use std::io::Write;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::calendar::monday;
use super::people::Worker;
use super::roster::{Part, Shift};
use super::rows::Rows;
use super::{Simulation, patrols};
use crate::intake::Table;

impl Simulation {
    /// Writes the facts of a table as CSV with a header row, those of shifts from business day `from` on, and says how
    /// many rows there are.
    ///
    /// # Errors
    /// Whatever `out` gives.
    pub fn write(&self, table: Table, from: NaiveDate, out: impl Write) -> std::io::Result<u64> {
        let mut all = Rows::new(out, table.columns().iter().map(|column| column.name));
        let rows = &mut all;
        match table {
            Table::Clients => self.clients(rows),
            Table::Sites => self.sites(rows),
            Table::Workers => self.workers(rows),
            Table::Requirements => self.requirements(rows),
            Table::Certifications => self.records("certification", rows),
            Table::Trainings => self.records("training", rows),
            Table::Leave => self.leave(rows),
            Table::CalendarDays => self.calendar(rows),
            Table::MentoringPairs => self.pairs(rows),
            Table::WorkerAvailability => self.availability(rows),
            Table::WorkerPreferences => self.preferences(rows),
            Table::Budgets => self.budgets(rows),
            Table::OtherCosts => self.other_costs(rows),
            Table::Rosters => self.rosters(from, rows),
            Table::Shifts => self.each_shift(from, rows, Self::shift_row),
            Table::ShiftOffers => self.each_shift(from, rows, Self::offer_rows),
            Table::Attendance => self.each_worked(from, rows, Self::attendance_row),
            Table::Tasks => self.each_worked(from, rows, Self::task_rows),
            Table::Tours => self.each_worked(from, rows, Self::tour_rows),
            Table::Checkpoints => self.each_worked(from, rows, Self::checkpoint_rows),
            Table::WorkOrders => self.each_worked(from, rows, Self::order_rows),
            Table::Incidents => self.each_worked(from, rows, Self::incident_row),
            Table::Kudos => self.kudos(from, rows),
            Table::CoachingSessions => self.coaching_sessions(rows),
            Table::Jobs => self.jobs(rows),
            Table::Placements => self.placements(rows),
            // Facts of the platform about its customers, of which a company is one: see `growth`.
            Table::Signups
            | Table::SignupActivity
            | Table::Subscriptions
            | Table::Invites
            | Table::MarketingSpend
            | Table::SupportTickets => {}
            Table::Candidates => self.candidates(rows),
            Table::Matches => self.matches(rows),
            Table::Customers => self.customers(rows),
            Table::Partners => self.partners(rows),
            Table::ServiceCategories => self.service_categories(rows),
            Table::Orders => self.each_sale(from, rows, Self::sale_row),
            Table::Payments => self.each_sale(from, rows, Self::payment_rows),
            Table::Refunds => self.each_sale(from, rows, Self::refund_row),
            Table::OrderRatings => self.each_sale(from, rows, Self::rating_row),
            Table::OrderIssues => self.each_sale(from, rows, Self::issue_row),
        }
        all.finish()
    }

    pub(super) fn weeks(&self, from: NaiveDate) -> impl Iterator<Item = NaiveDate> {
        let last = self.plan.last_planned();
        std::iter::successors(Some(monday(from.max(self.plan.first_day))), |monday| Some(*monday + Days::new(7)))
            .take_while(move |monday| *monday <= last)
    }

    /// Every shift that has been posted by today, week by week and site by site.
    fn each_shift<W: Write>(
        &self,
        from: NaiveDate,
        rows: &mut Rows<W>,
        write: impl Fn(&Self, &Shift<'_>, &mut Rows<W>),
    ) {
        let days = from.max(self.plan.first_day)..=self.plan.last_planned();
        for (monday, site) in self.weeks(from).flat_map(|monday| self.sites.iter().map(move |site| (monday, site))) {
            if rows.is_broken() {
                return;
            }
            for shift in self.week(site, monday) {
                if days.contains(&shift.day) && shift.posted < self.now() {
                    write(self, &shift, rows);
                }
            }
        }
    }

    /// Every shift that is over and had a worker.
    fn each_worked<W: Write>(
        &self,
        from: NaiveDate,
        rows: &mut Rows<W>,
        write: impl Fn(&Self, &Shift<'_>, &Worker, &mut Rows<W>),
    ) {
        self.each_shift(from, rows, |simulation, shift, rows| {
            if let Some(worker) = shift.worker.filter(|_| shift.day < simulation.plan.today) {
                write(simulation, shift, worker, rows);
            }
        });
    }

    fn shift_row<W: Write>(&self, shift: &Shift<'_>, rows: &mut Rows<W>) {
        let filled = shift.filled.filter(|at| *at < self.now());
        let worker = shift.worker.filter(|_| filled.is_some());
        rows.text(&shift.reference).text(&shift.site.code).text(worker.map_or("", |worker| worker.number.as_str()));
        rows.text(&if shift.planned { shift.site.roster_reference(monday(shift.day)) } else { String::new() });
        rows.moment(shift.starts, shift.offset)
            .moment(shift.ends, shift.offset)
            .text(shift.role.skill())
            .text("planned");
        rows.text(if worker.is_some() { shift.by } else { "" });
        rows.moment(shift.posted, shift.offset).moment(filled, shift.offset);
        let pay = worker.map_or(Pay::default(), |worker| self.pay(shift, worker));
        rows.whole(if worker.is_some() && shift.overtime { shift.minutes() } else { 0 });
        rows.hundredths(pay.regular).hundredths(pay.overtime).hundredths(pay.premium).hundredths(pay.travel).end();
    }

    pub(super) fn pay(&self, shift: &Shift<'_>, worker: &Worker) -> Pay {
        let whole = worker.rate * shift.minutes() / 60;
        let night = if shift.part == Part::Night { whole / 10 } else { 0 };
        let sunday = if shift.day.weekday() == Weekday::Sun { whole / 2 } else { 0 };
        let feast = if self.is_holiday(shift.day) { whole } else { 0 };
        Pay {
            regular: if shift.overtime { 0 } else { whole },
            overtime: if shift.overtime { whole * 3 / 2 } else { 0 },
            premium: night + sunday.max(feast),
            travel: if shift.by == "offer" && worker.commute_km > 15.0 { worker.rate } else { 0 },
        }
    }

    fn offer_rows<W: Write>(&self, shift: &Shift<'_>, rows: &mut Rows<W>) {
        for offer in shift.offers.iter().filter(|offer| offer.offered < self.now()) {
            let answered = offer.answered.filter(|at| *at < self.now());
            rows.text(&shift.reference).text(&offer.worker.number).moment(offer.offered, shift.offset);
            rows.moment(answered, shift.offset).flag(answered.map(|_| offer.accepted)).flag(offer.overtime).end();
        }
    }

    fn attendance_row<W: Write>(&self, shift: &Shift<'_>, worker: &Worker, rows: &mut Rows<W>) {
        let presence = self.presence(shift, worker);
        rows.text(&shift.reference).moment(presence.clock_in, shift.offset).moment(presence.clock_out, shift.offset);
        if presence.clock_in.is_some() {
            rows.degrees(presence.place.0).degrees(presence.place.1).text(presence.device).flag(presence.inside);
        } else {
            rows.text("").text("").text("").text("");
        }
        rows.flag(presence.called_in).end();
    }

    fn came(&self, shift: &Shift<'_>, worker: &Worker) -> bool {
        self.presence(shift, worker).clock_in.is_some()
    }

    fn task_rows<W: Write>(&self, shift: &Shift<'_>, worker: &Worker, rows: &mut Rows<W>) {
        if !self.came(shift, worker) {
            return;
        }
        for (number, task) in self.tasks(shift, worker).iter().enumerate() {
            rows.text(&format!("T-{}-{}", shift.reference, number + 1)).text(&shift.site.code).text(&worker.number);
            rows.text(&shift.reference)
                .text(task.title)
                .moment(task.assigned, shift.offset)
                .moment(task.due, shift.offset);
            rows.moment(task.started, shift.offset).moment(task.completed, shift.offset).whole(task.sla);
            rows.flag(task.passed).whole(task.quality).end();
        }
    }

    fn tour_rows<W: Write>(&self, shift: &Shift<'_>, worker: &Worker, rows: &mut Rows<W>) {
        if !worker.patrols || !self.came(shift, worker) {
            return;
        }
        for (number, tour) in self.tours(shift, worker).iter().enumerate() {
            rows.text(&tour_reference(shift, number))
                .text(&shift.site.code)
                .text(&worker.number)
                .text(&shift.reference);
            rows.moment(tour.planned, shift.offset)
                .moment(tour.started, shift.offset)
                .moment(tour.completed, shift.offset);
            rows.whole(tour.found as i64).whole(tour.missed as i64).end();
        }
    }

    fn checkpoint_rows<W: Write>(&self, shift: &Shift<'_>, worker: &Worker, rows: &mut Rows<W>) {
        if !worker.patrols || !self.came(shift, worker) {
            return;
        }
        for (number, tour) in self.tours(shift, worker).iter().enumerate() {
            let reference = tour_reference(shift, number);
            for (position, (planned, visited)) in tour.points.iter().enumerate() {
                rows.text(&reference).whole(position as i64 + 1).text(patrols::POINTS[position]);
                rows.moment(*planned, shift.offset).moment(*visited, shift.offset).end();
            }
        }
    }

    fn order_rows<W: Write>(&self, shift: &Shift<'_>, worker: &Worker, rows: &mut Rows<W>) {
        if !worker.mends || !self.came(shift, worker) {
            return;
        }
        for (number, order) in self.orders(shift, worker).iter().enumerate() {
            rows.text(&format!("W-{}-{}", shift.reference, number + 1)).text(&shift.site.code).text(&worker.number);
            rows.moment(order.opened, shift.offset).moment(order.assigned, shift.offset);
            rows.moment(order.resolved, shift.offset).moment(order.due, shift.offset);
            rows.text(order.priority).text(order.category).text(order.area);
            rows.whole(order.satisfaction).whole(order.quality).end();
        }
    }

    fn incident_row<W: Write>(&self, shift: &Shift<'_>, worker: &Worker, rows: &mut Rows<W>) {
        let Some(incident) = self.incident(shift, worker).filter(|_| self.came(shift, worker)) else { return };
        rows.text(&format!("I-{}", shift.reference)).text(&shift.site.code).text(&worker.number);
        rows.moment(incident.happened, shift.offset).text(incident.kind).whole(incident.severity);
        rows.flag(incident.attributable).whole(incident.documentation).moment(incident.resolved, shift.offset).end();
    }

    fn kudos<W: Write>(&self, from: NaiveDate, rows: &mut Rows<W>) {
        let days = from.max(self.plan.first_day)..self.plan.today;
        for (monday, site) in self.weeks(from).flat_map(|monday| self.sites.iter().map(move |site| (monday, site))) {
            for thanks in self.thanks(site, monday).iter().filter(|thanks| days.contains(&thanks.day)) {
                let offset = super::moments::Moments::new(self.plan.company.zone(), thanks.day).offset(12 * 60);
                rows.text(&thanks.to.number).text(&thanks.from.number).text(thanks.words.0).text(thanks.words.1);
                rows.moment(thanks.at, offset).end();
            }
        }
    }
}

/// Hundredths of the currency.
#[derive(Default)]
pub(super) struct Pay {
    regular: i64,
    overtime: i64,
    premium: i64,
    travel: i64,
}

impl Pay {
    pub fn total(&self) -> i64 {
        self.regular + self.overtime + self.premium + self.travel
    }
}

fn tour_reference(shift: &Shift<'_>, number: usize) -> String {
    format!("P-{}-{}", shift.reference, number + 1)
}
