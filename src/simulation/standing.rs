//! The rows of the tables that do not grow by the day: people, places, what is on record about them, talks, the calendar.

use std::io::Write;

use chrono::{Datelike, Days};

use super::Simulation;
use super::calendar::holidays;
use super::people::{Role, Worker};
use super::records::REQUIRED;
use super::rows::Rows;
use super::sites;

impl Simulation {
    pub(super) fn clients<W: Write>(&self, rows: &mut Rows<W>) {
        for (code, name) in sites::clients(&self.plan) {
            rows.text(&code).text(&name).end();
        }
    }

    pub(super) fn sites<W: Write>(&self, rows: &mut Rows<W>) {
        for site in &self.sites {
            rows.text(&site.code).text(&site.name).text(&sites::client_code(site.client)).text(site.vertical);
            rows.text(self.plan.company.zone().name()).degrees(site.latitude).degrees(site.longitude);
            rows.whole(site.geofence_m).text(&site.address).end();
        }
    }

    pub(super) fn workers<W: Write>(&self, rows: &mut Rows<W>) {
        for worker in self.known_workers() {
            let left_on = self.left_on(worker);
            rows.text(&worker.number).text(&worker.name).text(worker.role.name()).text(&self.sites[worker.site].code);
            rows.date(worker.hired_on).date(left_on).text(if left_on.is_some() { "resigned" } else { "" });
            if worker.role == Role::Guard {
                let grade =
                    ["E", "D", "C", "C", "B"][((self.plan.today - worker.hired_on).num_days() / 400).min(4) as usize];
                rows.text(&format!("R{:07}", 1_000_003 * (worker.key() + 7) % 9_999_991)).text(grade);
            } else {
                rows.text("").text("");
            }
            rows.hundredths(worker.rate).whole(worker.weekly_hours).degrees(worker.home.0).degrees(worker.home.1);
            rows.text(&skills(worker)).text(self.supervisor_of(worker).map_or("", |other| other.number.as_str())).end();
        }
    }

    fn supervisor_of(&self, worker: &Worker) -> Option<&Worker> {
        self.by_site[worker.site].iter().map(|index| &self.workers[*index]).find(|other| {
            other.role == Role::Supervisor && other.index != worker.index && self.left_on(other).is_none()
        })
    }

    pub(super) fn requirements<W: Write>(&self, rows: &mut Rows<W>) {
        rows.text("registration").text("Guard registration").text(Role::Guard.name()).text("").end();
        for required in &REQUIRED {
            let role = required.role.map_or("", Role::name);
            match required.vertical {
                None => rows.text(required.kind).text(required.name).text(role).text("").end(),
                Some(vertical) => {
                    for site in self.sites.iter().filter(|site| site.vertical == vertical) {
                        rows.text(required.kind).text(required.name).text(role).text(&site.code).end();
                    }
                }
            }
        }
    }

    pub(super) fn records<W: Write>(&self, kind: &'static str, rows: &mut Rows<W>) {
        for held in self.known_records(kind) {
            rows.text(&held.worker.number).text(held.name).date(held.from).date(held.until).end();
        }
    }

    pub(super) fn leave<W: Write>(&self, rows: &mut Rows<W>) {
        for (worker, leave) in self.known_leave() {
            rows.text(&worker.number).date(leave.first).date(leave.last).text(leave.kind).flag(leave.approved).end();
        }
    }

    pub(super) fn calendar<W: Write>(&self, rows: &mut Rows<W>) {
        for year in self.plan.first_day.year()..=self.plan.today.year() + 1 {
            for (day, name) in holidays(self.plan.company.country(), year) {
                rows.date(day).text(&name).text("holiday").end();
            }
        }
    }

    pub(super) fn coaching_sessions<W: Write>(&self, rows: &mut Rows<W>) {
        for talk in self.known_conversations() {
            let [agenda, notes, agreed] = talk.words;
            rows.text(&format!("CS-{}", talk.worker.number)).text(&talk.worker.number);
            rows.date(talk.held).date(talk.held).text(agenda).text(notes).text(agreed);
            rows.date(talk.held + Days::new(28)).end();
        }
    }

    pub(super) fn pairs<W: Write>(&self, rows: &mut Rows<W>) {
        for (mentor, mentee, first, last) in self.known_pairs() {
            rows.text(&mentor.number).text(&mentee.number).date(first).date(last).end();
        }
    }
}

fn skills(worker: &Worker) -> String {
    let mut skills = vec![worker.role.skill()];
    if worker.patrols {
        skills.push("patrol");
    }
    if worker.mends && worker.role == Role::Guard {
        skills.push("minor repairs");
    }
    skills.join(";")
}
