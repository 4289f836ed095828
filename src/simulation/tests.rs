//! What a simulation must keep: the same bytes, the sizes, believable rates, no dangling reference, and what was planted.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Days, NaiveDate};

use super::*;
use crate::intake::{Kind, Table};

type Row = HashMap<String, String>;

fn today() -> NaiveDate {
    "2026-03-18".parse().unwrap()
}

fn plan(scale: Scale) -> Plan {
    Plan::new(Company::Demo, scale, 7, today())
}

fn bytes(simulation: &Simulation, table: Table) -> Vec<u8> {
    let mut bytes = Vec::new();
    simulation.write(table, simulation.plan().first_day, &mut bytes).unwrap();
    bytes
}

fn rows(simulation: &Simulation, table: Table) -> Vec<Row> {
    let bytes = bytes(simulation, table);
    csv::Reader::from_reader(&bytes[..]).deserialize().map(|row| row.expect("well-formed CSV")).collect()
}

fn at(row: &Row, column: &str) -> Option<i64> {
    let text = &row[column];
    (!text.is_empty()).then(|| DateTime::parse_from_rfc3339(text).expect("a moment with offset").timestamp())
}

/// The share of rows for which it holds.
fn share(rows: &[Row], holds: impl Fn(&Row) -> bool) -> f64 {
    rows.iter().filter(|row| holds(row)).count() as f64 / rows.len() as f64
}

#[track_caller]
fn within(what: &str, value: f64, least: f64, most: f64) {
    assert!((least..=most).contains(&value), "{what} is {value:.3}, not {least} to {most}");
}

#[test]
fn the_same_plan_gives_the_same_bytes_and_another_seed_others() {
    let (one, two) = (Simulation::new(plan(Scale::Tiny)), Simulation::new(plan(Scale::Tiny)));
    for table in Table::ALL {
        assert!(bytes(&one, table) == bytes(&two, table), "{table} differs");
    }
    let other = Simulation::new(Plan { seed: 8, ..plan(Scale::Tiny) });
    assert_ne!(bytes(&one, Table::Workers), bytes(&other, Table::Workers));
}

#[test]
fn a_later_day_goes_on_with_the_same_history() {
    let early = Simulation::new(plan(Scale::Tiny));
    let first_day = early.plan().first_day;
    let late = Simulation::new(Plan::new(Company::Demo, Scale::Tiny, 7, today() + Days::new(9)).begun(first_day));
    let tables = [
        Table::Customers,
        Table::Attendance,
        Table::Tasks,
        Table::Tours,
        Table::Checkpoints,
        Table::Kudos,
        Table::CalendarDays,
        Table::WorkerAvailability,
        Table::WorkerPreferences,
        Table::Budgets,
        Table::OtherCosts,
        Table::Rosters,
    ];
    for table in tables {
        let later: HashSet<Vec<u8>> = bytes(&late, table).split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        let lost = bytes(&early, table).split(|byte| *byte == b'\n').filter(|line| !later.contains(*line)).count();
        assert_eq!(lost, 0, "{table} lost or changed rows");
    }
    let days = |simulation: &Simulation| rows(simulation, Table::Attendance).len();
    assert!(days(&late) > days(&early) + 50);
}

#[test]
fn small_has_six_sites_and_a_hundred_and_twenty_people_each_day() {
    let simulation = Simulation::new(plan(Scale::Small));
    assert_eq!((rows(&simulation, Table::Clients).len(), rows(&simulation, Table::Sites).len()), (3, 6));
    for day in [0, 90, 179] {
        let day = simulation.plan().first_day + Days::new(day);
        assert_eq!(simulation.workers.iter().filter(|worker| worker.employed(day)).count(), 120, "{day}");
    }
    let workers = rows(&simulation, Table::Workers);
    let left = workers.iter().filter(|worker| !worker["left_on"].is_empty()).count();
    let to_come = workers.iter().filter(|worker| worker["hired_on"] > today().to_string()).count();
    assert_eq!(workers.len() - left - to_come, 120);
    within("who left", left as f64, 8.0, 40.0);
}

#[test]
fn seed_has_a_hundred_clients_two_hundred_sites_and_four_thousand_people() {
    let plan = plan(Scale::Seed);
    assert_eq!((plan.today - plan.first_day).num_days(), 365);
    let simulation = Simulation::new(plan);
    assert_eq!((rows(&simulation, Table::Clients).len(), simulation.sites.len()), (100, 200));
    assert_eq!(simulation.workers.iter().filter(|worker| worker.employed(plan.today)).count(), 4_000);
    let names: HashSet<_> = simulation.sites.iter().map(|site| &site.name).collect();
    assert_eq!(names.len(), 200, "every site has a name of its own");
}

#[test]
fn every_reference_finds_its_row_and_every_key_is_there_once() {
    for company in Company::ALL {
        let simulation = Simulation::new(Plan::new(company, Scale::Tiny, 7, today()));
        let all: BTreeMap<Table, Vec<Row>> =
            Table::ALL.into_iter().map(|table| (table, rows(&simulation, table))).collect();
        for (table, rows) in &all {
            for column in table.columns() {
                if let Kind::Ref(other) = column.kind {
                    let key = other.natural_key()[0];
                    let known: HashSet<&str> = all[&other].iter().map(|row| row[key].as_str()).collect();
                    let found = |row: &Row| {
                        known.contains(row[column.name].as_str()) || !column.required && row[column.name].is_empty()
                    };
                    assert!(rows.iter().all(found), "{table}.{} refers to a missing row of {other}", column.name);
                }
            }
            let keys: HashSet<Vec<&str>> =
                rows.iter().map(|row| table.natural_key().iter().map(|key| row[*key].as_str()).collect()).collect();
            assert_eq!(keys.len(), rows.len(), "{table} holds a key twice");
            // A customer of Muster has no growth facts: those are the platform's.
            let may_be_empty =
                [Table::MentoringPairs, Table::CoachingSessions].contains(table) || Table::GROWTH.contains(table);
            assert!(!rows.is_empty() || may_be_empty, "{table} is empty");
        }
    }
}

#[test]
fn rates_are_those_of_real_companies() {
    let simulation = Simulation::new(plan(Scale::Small));
    let shifts = rows(&simulation, Table::Shifts);
    let starts: HashMap<&str, i64> =
        shifts.iter().map(|row| (row["ref"].as_str(), at(row, "starts_at").unwrap())).collect();
    within("shifts a worker and week", shifts.len() as f64 / 120.0 / (187.0 / 7.0), 4.0, 5.2);
    within("filled", share(&shifts, |row| !row["worker"].is_empty()), 0.90, 0.98);
    let attendance = rows(&simulation, Table::Attendance);
    within("attendance", share(&attendance, |row| !row["clock_in"].is_empty()), 0.93, 0.98);
    let came: Vec<Row> = attendance.into_iter().filter(|row| !row["clock_in"].is_empty()).collect();
    let on_time = |row: &Row| at(row, "clock_in").unwrap() <= starts[row["shift"].as_str()] + 300;
    within("on time", share(&came, on_time), 0.84, 0.92);
    let tasks = rows(&simulation, Table::Tasks);
    within("tasks done", share(&tasks, |row| !row["completed_at"].is_empty()), 0.92, 0.99);
    within(
        "tasks in time",
        share(&tasks, |row| at(row, "completed_at").is_none_or(|done| done <= at(row, "due_at").unwrap())),
        0.80,
        0.92,
    );
    within(
        "points visited",
        share(&rows(&simulation, Table::Checkpoints), |row| !row["visited_at"].is_empty()),
        0.89,
        0.97,
    );
    let orders = rows(&simulation, Table::WorkOrders);
    within("orders open", share(&orders, |row| row["resolved_at"].is_empty()), 0.001, 0.03);
    within("orders late", share(&orders, |row| at(row, "resolved_at") > at(row, "sla_due_at")), 0.08, 0.25);
}

#[test]
fn trade_is_believable_and_its_weak_partner_shows() {
    let simulation = Simulation::new(plan(Scale::Small));
    let (orders, payments) = (rows(&simulation, Table::Orders), rows(&simulation, Table::Payments));
    let first = simulation.plan().first_order_day();
    assert_eq!((today() - first).num_days(), 730);
    within("orders a day", orders.len() as f64 / 730.0, 45.0, 75.0);
    within("completed", share(&orders, |row| !row["completed_at"].is_empty()), 0.85, 0.95);
    within("cancelled", share(&orders, |row| !row["cancelled_at"].is_empty()), 0.01, 0.06);
    within("paid in parts", payments.len() as f64 / orders.len() as f64, 0.9, 1.1);
    let refused = |weak: bool| {
        let of = format!("PA{:02}", market::WEAK_PARTNER + 1);
        let theirs: Vec<Row> = orders.iter().filter(|row| (row["partner"] == of) == weak).cloned().collect();
        share(&theirs, |row| !row["rejected_at"].is_empty())
    };
    assert!(refused(true) > 3.0 * refused(false), "{} against {}", refused(true), refused(false));
    let mut firsts: HashMap<&str, &str> = HashMap::new();
    for row in &orders {
        firsts.entry(&row["customer"]).or_insert(&row["placed_at"]);
    }
    within("orders of a customer", orders.len() as f64 / firsts.len() as f64, 8.0, 40.0);
}

#[test]
fn moments_of_clean_data_are_in_order() {
    let simulation = Simulation::new(plan(Scale::Tiny));
    let ordered = |table: Table, earlier: &str, later: &str| {
        let bad = share(
            &rows(&simulation, table),
            |row| matches!((at(row, earlier), at(row, later)), (Some(a), Some(b)) if b < a),
        );
        assert!(bad == 0.0, "{table}: {later} before {earlier}");
    };
    ordered(Table::Attendance, "clock_in", "clock_out");
    ordered(Table::Tasks, "assigned_at", "started_at");
    ordered(Table::Tasks, "started_at", "completed_at");
    ordered(Table::Tours, "started_at", "completed_at");
    ordered(Table::WorkOrders, "opened_at", "assigned_at");
    ordered(Table::WorkOrders, "assigned_at", "resolved_at");
    ordered(Table::Incidents, "happened_at", "resolved_at");
    ordered(Table::ShiftOffers, "offered_at", "answered_at");
    ordered(Table::Shifts, "posted_at", "filled_at");
    ordered(Table::Orders, "placed_at", "accepted_at");
    ordered(Table::Orders, "accepted_at", "picked_up_at");
    ordered(Table::Orders, "delivered_at", "completed_at");
}

#[test]
fn nobody_works_without_twelve_hours_of_rest() {
    for seed in 0..8 {
        let simulation = Simulation::new(Plan { seed, ..plan(Scale::Tiny) });
        let mut turns: HashMap<String, Vec<(i64, i64)>> = HashMap::new();
        for row in rows(&simulation, Table::Shifts).iter().filter(|row| !row["worker"].is_empty()) {
            turns
                .entry(row["worker"].clone())
                .or_default()
                .push((at(row, "starts_at").unwrap(), at(row, "ends_at").unwrap()));
        }
        for (worker, mut turns) in turns {
            turns.sort_unstable();
            assert!(turns.windows(2).all(|pair| pair[1].0 - pair[0].1 >= 12 * 3600), "{worker} gets no rest");
        }
    }
}

#[test]
fn some_clock_in_before_midnight_for_a_shift_at_midnight() {
    let simulation = Simulation::new(plan(Scale::Small));
    let shifts = rows(&simulation, Table::Shifts);
    let midnight: HashMap<&str, &str> = shifts
        .iter()
        .filter(|row| row["starts_at"].contains("T00:00"))
        .map(|row| (row["ref"].as_str(), &row["starts_at"][..10]))
        .collect();
    let before = rows(&simulation, Table::Attendance).into_iter().filter(|row| {
        midnight
            .get(row["shift"].as_str())
            .is_some_and(|day| !row["clock_in"].is_empty() && row["clock_in"][..10] < **day)
    });
    assert!(before.count() > 20);
}

#[test]
fn cleaners_never_patrol() {
    let simulation = Simulation::new(plan(Scale::Small));
    let guards: HashSet<String> = rows(&simulation, Table::Workers)
        .into_iter()
        .filter(|row| row["job_role"] == "guard")
        .map(|row| row["employee_number"].clone())
        .collect();
    assert!(rows(&simulation, Table::Tours).iter().all(|tour| guards.contains(&tour["worker"])));
}

/// On any day the page of the demo login must have something to say in every component.
#[test]
fn the_worker_of_the_demo_login_has_all_five_components_on_any_day() {
    for company in Company::ALL {
        for seed in 0..40 {
            check_demo_worker(&Simulation::new(Plan::new(company, Scale::Small, seed, today() + Days::new(seed * 9))));
        }
    }
}

/// Looks at the four weeks up to yesterday.
#[track_caller]
fn check_demo_worker(simulation: &Simulation) {
    let today = simulation.plan.today;
    let worker = &simulation.workers[0];
    assert_eq!((worker.number.as_str(), worker.employed(today)), (simulation.plan.company.demo_worker(), true));
    let window = today - Days::new(28)..today;
    let (mut shifts, mut late, mut failed, mut tours, mut closed, mut thanked) = (0, 0, 0, 0, 0, 0);
    for week in (0..=4).map(|week| calendar::monday(window.start) + Days::new(7 * week)) {
        for shift in simulation.week(&simulation.sites[0], week).iter().filter(|shift| window.contains(&shift.day)) {
            let presence = simulation.presence(shift, worker);
            let Some(came) = presence.clock_in.filter(|_| shift.worker.is_some_and(|other| other.shown)) else {
                continue;
            };
            shifts += 1;
            late += usize::from(came > shift.starts + 300);
            failed += simulation.tasks(shift, worker).iter().filter(|task| task.passed == Some(false)).count();
            tours += simulation.tours(shift, worker).len();
            closed += simulation.orders(shift, worker).iter().filter(|order| order.resolved.is_some()).count();
        }
        let thanks = simulation.thanks(&simulation.sites[0], week);
        thanked += thanks.iter().filter(|thanks| thanks.to.shown && window.contains(&thanks.day)).count();
    }
    let what = format!(
        "{:?} on {today}: {shifts} shifts, {late} late, {failed} failed, {tours} tours, {closed} orders, {thanked} thanks",
        simulation.plan.company
    );
    assert!(
        shifts >= 12 && (1..=8).contains(&late) && failed >= 1 && tours >= 12 && closed >= 3 && thanked >= 1,
        "{what}"
    );
    let soon = today + Days::new(3)..=today + Days::new(12);
    let last = simulation
        .known_records("certification")
        .filter(|held| held.worker.shown && held.name == "Control room access")
        .map(|held| held.until)
        .max();
    assert!(last.is_some_and(|until| soon.contains(&until)), "{last:?}: {what}");
}

#[test]
fn what_was_planted_shows_in_the_facts() {
    let simulation = Simulation::new(plan(Scale::Seed));
    let truths = simulation.truths();
    let causes: HashSet<&str> =
        truths["workers"].as_array().unwrap().iter().filter_map(|worker| worker["cause"].as_str()).collect();
    for cause in [
        "hours_cut",
        "offers_rejected",
        "unfair_nights",
        "long_commute",
        "expired_certificate",
        "low_pay",
        "supervisor_left",
    ] {
        assert!(causes.contains(cause), "nobody left for {cause}");
    }
    // Hours cut: fewer shifts in the last six weeks than in those before.
    let (mut before, mut after) = (0, 0);
    let leavers = || simulation.workers.iter().filter(|worker| worker.cause == Some(leaving::Cause::HoursCut));
    for worker in leavers().filter(|worker| worker.left_on.is_some_and(|last| last < today())).take(40) {
        let last = worker.left_on.unwrap();
        for week in 1..=11_u64 {
            let monday = calendar::monday(last - Days::new(7 * week));
            let shifts = simulation.week(&simulation.sites[worker.site], monday);
            let mine =
                shifts.iter().filter(|shift| shift.worker.is_some_and(|other| other.index == worker.index)).count();
            *if week <= 5 { &mut after } else { &mut before } += mine;
        }
    }
    assert!(after * 6 * 10 < before * 5 * 8, "{after} shifts in five weeks after the cut, {before} in six before");
}

#[test]
fn where_the_supervisor_left_people_come_less() {
    let simulation = Simulation::new(plan(Scale::Small));
    let site = &simulation.sites[simulation.unled_site];
    let presence = |first: NaiveDate, last: NaiveDate| {
        let (mut came, mut all) = (0.0, 0.0);
        for week in 0..=((last - first).num_days() / 7).unsigned_abs() {
            for shift in simulation.week(site, calendar::monday(first + Days::new(7 * week))) {
                if let Some(worker) = shift.worker.filter(|worker| worker.generation == 0) {
                    let presence = simulation.presence(&shift, worker);
                    let early = presence.clock_in.is_some_and(|at| at <= shift.starts + 300);
                    came += f64::from(u8::from(early));
                    all += 1.0;
                }
            }
        }
        came / all
    };
    let left = simulation.unled_since;
    let (before, after) =
        (presence(left - Days::new(56), left - Days::new(7)), presence(left + Days::new(21), left + Days::new(70)));
    assert!(after < before - 0.08, "in time before {before:.3}, after {after:.3}");
}

/// The planted chance of each open shift that has begun, and whether somebody took it.
fn fillings(simulation: &Simulation) -> Vec<(f64, bool)> {
    let shifts = rows(simulation, Table::Shifts);
    let by_reference: HashMap<&str, &Row> = shifts.iter().map(|row| (row["ref"].as_str(), row)).collect();
    simulation
        .open_shifts(simulation.plan.first_day)
        .map(|(reference, chance)| (chance, by_reference[reference.as_str()]))
        .filter(|(_, row)| at(row, "starts_at").unwrap() < simulation.now())
        .map(|(chance, row)| (chance, !row["worker"].is_empty()))
        .collect()
}

#[test]
fn open_shifts_are_filled_as_often_as_was_planted() {
    let mut all = Vec::new();
    for seed in 0..4 {
        all.extend(fillings(&Simulation::new(Plan { seed, ..plan(Scale::Small) })));
    }
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    assert!(all.len() > 4_000, "{} open shifts", all.len());
    for tenth in all.chunks(all.len().div_ceil(10)) {
        let mean = tenth.iter().map(|(chance, _)| chance).sum::<f64>() / tenth.len() as f64;
        let filled = tenth.iter().filter(|(_, filled)| *filled).count() as f64 / tenth.len() as f64;
        assert!((mean - filled).abs() < 0.07, "planted {mean:.3}, filled {filled:.3} of {}", tenth.len());
    }
    let (low, high) = (all[all.len() / 10].0, all[all.len() * 9 / 10].0);
    assert!(low < 0.4 && high > 0.8, "chances from {low:.2} to {high:.2} tell shifts apart");
}

#[test]
fn some_shifts_of_the_next_two_days_have_nobody_yet() {
    for ahead in 0..7 {
        let today = today() + Days::new(ahead);
        let simulation = Simulation::new(Plan::new(Company::Demo, Scale::Small, 7, today));
        let soon = simulation.now()..simulation.now() + 48 * 3600;
        let shifts = rows(&simulation, Table::Shifts);
        let open =
            shifts.iter().filter(|row| row["worker"].is_empty() && soon.contains(&at(row, "starts_at").unwrap()));
        let open = open.count();
        assert!((2..40).contains(&open), "{open} open shifts on {today}");
    }
}

#[test]
fn rosters_were_made_by_hand_first_and_count_their_shifts() {
    let simulation = Simulation::new(plan(Scale::Small));
    let shifts = rows(&simulation, Table::Shifts);
    let mut planned: HashMap<&str, (i64, i64, i64)> = HashMap::new();
    for row in shifts.iter().filter(|row| !row["roster"].is_empty()) {
        let (count, filled, minutes) = planned.entry(&row["roster"]).or_default();
        *count += 1;
        if ["roster", "swap", "manual"].contains(&row["assigned_by"].as_str()) {
            *filled += 1;
            *minutes += (at(row, "ends_at").unwrap() - at(row, "starts_at").unwrap()) / 60;
        }
    }
    let rosters = rows(&simulation, Table::Rosters);
    let whole = |column: &str, row: &Row| row[column].parse::<i64>().unwrap();
    let mut generated: HashSet<&str> = HashSet::new();
    for row in &rosters {
        if row["algorithm"] == "manual" {
            assert!(!generated.contains(row["site"].as_str()) && row["solve_ms"].is_empty(), "{row:?}");
            within("minutes by hand", whole("planning_minutes", row) as f64, 180.0, 480.0);
        } else {
            generated.insert(&row["site"]);
            within("minutes with a generator", whole("planning_minutes", row) as f64, 5.0, 40.0);
        }
        if row["last_day"].as_str() < today().to_string().as_str() {
            let found = (whole("shift_count", row), whole("filled_count", row), whole("filled_minutes", row));
            assert_eq!(planned[row["ref"].as_str()], found, "{}", row["ref"]);
        }
    }
    assert_eq!(generated.len(), 6);
    within("by hand", share(&rosters, |row| row["algorithm"] == "manual"), 0.2, 0.7);
    let an_hour = |algorithm: &str| {
        let of = rosters.iter().filter(|row| row["algorithm"] == algorithm);
        let (cost, minutes) = of.fold((0.0, 0.0), |(cost, minutes), row| {
            (cost + row["cost"].parse::<f64>().unwrap(), minutes + whole("filled_minutes", row) as f64)
        });
        60.0 * cost / minutes
    };
    let (by_hand, generated) = (an_hour("manual"), an_hour("generated"));
    within("what a roster by hand costs more", by_hand / generated, 1.01, 1.08);
}

#[test]
fn rules_are_broken_at_every_third_site_and_nowhere_else() {
    let (mut tired, mut long) = (0, 0);
    for seed in 0..3 {
        let simulation = Simulation::new(Plan { seed, ..plan(Scale::Small) });
        let mut turns: HashMap<String, Vec<(i64, i64, String)>> = HashMap::new();
        for row in rows(&simulation, Table::Shifts).iter().filter(|row| !row["worker"].is_empty()) {
            let span = (at(row, "starts_at").unwrap(), at(row, "ends_at").unwrap(), row["site"].clone());
            turns.entry(row["worker"].clone()).or_default().push(span);
        }
        for mut turns in turns.into_values() {
            turns.sort_unstable();
            let early = turns.windows(2).filter(|pair| pair[1].0 - pair[0].1 < 12 * 3600).count();
            let mut weeks: HashMap<i64, i64> = HashMap::new();
            for (starts, ends, _) in &turns {
                let day = DateTime::from_timestamp(starts + 7200, 0).unwrap().date_naive();
                *weeks.entry(calendar::week_number(day)).or_default() += (ends - starts) / 60;
            }
            let over = weeks.values().filter(|minutes| **minutes > 55 * 60).count();
            let careless = ["S003", "S006"].contains(&turns[0].2.as_str());
            assert!(careless || early + over == 0, "{} at {}", early + over, turns[0].2);
            (tired, long) = (tired + early, long + over);
        }
    }
    assert!(tired > 10 && long > 5, "{tired} came back too early, {long} weeks were too long");
}

#[test]
fn nobody_is_planned_outside_the_hours_they_gave() {
    let simulation = Simulation::new(plan(Scale::Small));
    let hours: HashMap<String, (String, String)> = rows(&simulation, Table::WorkerAvailability)
        .into_iter()
        .map(|row| (row["worker"].clone(), (row["from_time"].clone(), row["until_time"].clone())))
        .collect();
    let leaves: HashSet<&str> = simulation
        .workers
        .iter()
        .filter(|worker| worker.cause == Some(leaving::Cause::UnfairNights))
        .map(|worker| worker.number.as_str())
        .collect();
    assert!(hours.len() > 30);
    for row in rows(&simulation, Table::Shifts) {
        let Some((from, until)) = hours.get(&row["worker"]).filter(|_| !leaves.contains(row["worker"].as_str())) else {
            continue;
        };
        let (start, end) = (&row["starts_at"][11..16], &row["ends_at"][11..16]);
        let fits =
            if until == "24:00" { start >= from.as_str() } else { start >= from.as_str() || end <= until.as_str() };
        assert!(fits, "{start} to {end} for somebody who can from {from} to {until}");
    }
}

#[test]
fn a_writer_that_breaks_ends_the_simulation_with_its_error() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let simulation = Simulation::new(plan(Scale::Tiny));
    assert!(simulation.write(Table::Shifts, simulation.plan().first_day, Full).is_err());
}

#[test]
fn small_has_enough_conversations_for_an_answer_and_none_where_nobody_is_left_to_hold_them() {
    for seed in 1..=10 {
        let simulation = Simulation::new(Plan { seed, ..plan(Scale::Small) });
        let talks: Vec<_> = simulation.known_conversations().collect();
        let old = talks.iter().filter(|talk| talk.held <= today() - Days::new(31)).count();
        assert!((15..=50).contains(&old), "{old} conversations in time, seed {seed}");
        let alone = |talk: &&coaching::Conversation<'_>| {
            talk.worker.site == simulation.unled_site && talk.held >= simulation.unled_since
        };
        assert!(talks.iter().all(|talk| !talk.worker.shown && talk.worker.employed(talk.held)));
        assert_eq!(talks.iter().filter(alone).count(), 0);
    }
}

#[test]
fn a_conversation_helps_in_the_demo_company_only() {
    for (company, expected) in [(Company::Demo, form::effect::COACHED), (Company::Rival, 0.0)] {
        let plan = Plan::new(company, Scale::Small, 7, today() + Days::new(120)).begun(today() - Days::new(120));
        let simulation = Simulation::new(plan);
        let talk = simulation.known_conversations().next().expect("somebody is talked with");
        let lift = |days: u64| simulation.lift(talk.worker, talk.held + Days::new(days));
        assert_eq!([lift(0), lift(1), lift(60)], [0.0, expected, expected]);
    }
}
