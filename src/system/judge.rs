//! From figures to states: the thresholds, each in one place.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::disk::LEAST_ROOM_MB;
use super::{Part, State};
use crate::database::Connections;
use crate::night::Late;
use crate::queue;

/// A database slower than this to a trivial question is slow.
const SLOW: Duration = Duration::from_millis(250);
/// From this share of connections in use on, requests will soon wait for one.
const CROWDED: f64 = 0.8;
/// Requests fewer than these say nothing of a rate.
const FEWEST: u64 = 20;
/// Shares of requests that failed through our fault: to look at, and to look at now.
const FAILING: (f64, f64) = (0.01, 0.05);
/// 95 % of requests should be answered within the first, and must be within the second.
const WAITING: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(5));

/// The database: how long it took to answer, or that it did not.
pub(super) fn database(answer: Result<Duration, &str>, pool: Connections) -> Part {
    let (code, title) = ("database", "Database");
    let crowded = f64::from(pool.used()) >= CROWDED * f64::from(pool.most);
    let part = match answer {
        Err(why) => Part::new(code, title, State::Critical, format!("It does not answer: {why}.")),
        Ok(took) if took > SLOW => Part::new(code, title, State::Warning, "It answers slowly."),
        Ok(_) if crowded => Part::new(code, title, State::Warning, "Nearly all connections are in use."),
        Ok(_) => Part::new(code, title, State::Fine, "It answers."),
    };
    let part = match answer {
        Ok(took) => part.fact("Answered in", format!("{} ms", took.as_millis())),
        Err(_) => part,
    };
    part.fact("Connections in use", format!("{} of {}", pool.used(), pool.most))
}

/// Migrations: whether all of this build are applied.
pub(super) fn migrations(complete: Option<bool>, newest: i64) -> Part {
    let (code, title) = ("migrations", "Migrations");
    match complete {
        None => Part::new(code, title, State::Unknown, "The database does not answer."),
        Some(false) => Part::new(code, title, State::Critical, "Some are missing: run muster migrate."),
        Some(true) => Part::new(code, title, State::Fine, "All of this build are applied."),
    }
    .fact("Newest of this build", newest)
}

/// The queue of jobs, of all organizations.
pub(super) fn queue(health: Option<queue::Health>, oldest: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Part {
    let (code, title) = ("queue", "Queue");
    let Some(health) = health else { return Part::new(code, title, State::Unknown, "It cannot be asked.") };
    let part = if health.is_stuck() {
        Part::new(code, title, State::Critical, "Jobs are overdue and no instance works.")
    } else if health.overdue > 0 {
        Part::new(code, title, State::Warning, "Jobs wait longer than a quarter of an hour.")
    } else if health.failed > 0 {
        Part::new(code, title, State::Warning, "Jobs were given up within 24 hours.")
    } else {
        Part::new(code, title, State::Fine, "What is due is being done.")
    };
    let waited = oldest.map(|since| (now - since).num_minutes()).filter(|minutes| *minutes > 0);
    part.fact("Waiting", health.waiting)
        .fact("Oldest due since", waited.map_or_else(|| "–".to_owned(), |minutes| format!("{minutes} min")))
        .fact("Running", health.running)
        .fact("Given up in 24 h", health.failed)
        .fact("Instances at work", health.instances)
}

/// The timetable of the organization.
pub(super) fn timetable(late: Option<&[Late]>, last: &[(String, String)]) -> Part {
    let (code, title) = ("jobs", "Jobs of the timetable");
    let mut part = match late {
        None => Part::new(code, title, State::Unknown, "It cannot be asked."),
        Some([]) => Part::new(code, title, State::Fine, "Each that was due today is done."),
        Some(late) => {
            let names: Vec<&str> = late.iter().map(|late| late.job.title()).collect();
            Part::new(code, title, State::Warning, format!("Late: {}.", names.join(", ")))
        }
    };
    for (job, ran) in last {
        part = part.fact(job.clone(), ran);
    }
    part
}

/// What became of the organization's mails.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Mails {
    pub last_sent: Option<DateTime<Utc>>,
    pub failed: i64,
    pub kept: i64,
    pub waiting: i64,
    pub oldest: Option<DateTime<Utc>>,
}

pub(super) fn mail(mails: Option<Mails>, now: DateTime<Utc>) -> Part {
    let (code, title) = ("mail", "Mail");
    let Some(mails) = mails else { return Part::new(code, title, State::Unknown, "It cannot be asked.") };
    let stuck = mails.oldest.is_some_and(|since| (now - since).num_minutes() >= 60);
    let part = if mails.failed > 0 {
        Part::new(code, title, State::Warning, "The mail server refused mails within 24 hours.")
    } else if stuck {
        Part::new(code, title, State::Warning, "Mails wait for more than an hour.")
    } else if mails.kept > 0 {
        Part::new(code, title, State::Warning, "No mail server is set: mails are kept here and not sent.")
    } else if mails.last_sent.is_none() {
        Part::new(code, title, State::Unknown, "None was sent yet.")
    } else {
        Part::new(code, title, State::Fine, "Mails are delivered to the mail server.")
    };
    let at = |at: Option<DateTime<Utc>>| {
        at.map_or_else(|| "never".to_owned(), |at| at.format("%-d %b %Y, %H:%M UTC").to_string())
    };
    part.fact("Last delivery", at(mails.last_sent))
        .fact("Refused in 24 h", mails.failed)
        .fact("Not sent in 24 h, no server", mails.kept)
        .fact("Waiting", mails.waiting)
}

/// The room left.
pub(super) fn disk(room_mb: Option<u64>) -> Part {
    let (code, title) = ("disk", "Disk");
    let part = match room_mb {
        None => Part::new(code, title, State::Unknown, "The room left cannot be told."),
        Some(room) if room < LEAST_ROOM_MB => Part::new(code, title, State::Critical, "Hardly any room is left."),
        Some(room) if room < 5 * LEAST_ROOM_MB => Part::new(code, title, State::Warning, "Little room is left."),
        Some(_) => Part::new(code, title, State::Fine, "There is room."),
    };
    match room_mb {
        Some(room) => part.fact("Free where Muster keeps its files", format!("{:.1} GB", room as f64 / 1024.0)),
        None => part,
    }
}

/// Requests that were answered in a while.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Answered {
    /// How many.
    pub requests: u64,
    /// Of these, how many failed through our fault (5xx).
    pub errors: u64,
    /// Half of them were answered within.
    pub p50: Duration,
    /// 95 % of them were.
    pub p95: Duration,
    /// 99 % of them were.
    pub p99: Duration,
}

impl Answered {
    fn failing(&self) -> f64 {
        if self.requests == 0 { 0.0 } else { self.errors as f64 / self.requests as f64 }
    }
}

/// The answers of this process: judged by the last five minutes, or by the last hour where those were too quiet.
#[must_use]
pub fn requests(five_minutes: Answered, hour: Answered) -> Part {
    let (code, title) = ("requests", "Answers of this instance");
    let judged = if five_minutes.requests >= FEWEST { five_minutes } else { hour };
    let (failing, p95) = (judged.failing(), judged.p95);
    let part = if judged.requests < FEWEST {
        Part::new(code, title, State::Unknown, format!("Fewer than {FEWEST} requests in the last hour."))
    } else if failing >= FAILING.1 || p95 > WAITING.1 {
        Part::new(code, title, State::Critical, "Many fail, or take very long.")
    } else if failing >= FAILING.0 || p95 > WAITING.0 {
        Part::new(code, title, State::Warning, "Some fail, or take long.")
    } else {
        Part::new(code, title, State::Fine, "They are quick, and hardly any fails.")
    };
    [("5 min", five_minutes), ("1 h", hour)].into_iter().fold(part, |part, (span, it)| {
        part.fact(format!("Requests, {span}"), it.requests)
            .fact(format!("Failed, {span}"), format!("{} ({:.1} %)", it.errors, 100.0 * it.failing()))
            .fact(format!("p50 / p95 / p99, {span}"), times(&it))
    })
}

fn times(it: &Answered) -> String {
    if it.requests == 0 {
        return "–".into();
    }
    let ms = |took: Duration| format!("{:.0}", took.as_secs_f64() * 1e3);
    format!("{} / {} / {} ms", ms(it.p50), ms(it.p95), ms(it.p99))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(used: u32) -> Connections {
        Connections { open: used, idle: 0, most: 10 }
    }

    #[test]
    fn a_database_that_is_slow_crowded_or_silent_is_not_fine() {
        let check =
            |answer, used, expected| assert_eq!(database(answer, pool(used)).state, expected, "{answer:?} {used}");
        check(Ok(Duration::from_millis(3)), 2, State::Fine);
        check(Ok(Duration::from_millis(300)), 2, State::Warning);
        check(Ok(Duration::from_millis(3)), 8, State::Warning);
        check(Err("no answer within 2 s"), 0, State::Critical);
    }

    #[test]
    fn what_cannot_be_asked_is_unknown_and_not_fine() {
        let now = "2026-03-02T12:00:00Z".parse().unwrap();
        for part in [migrations(None, 1), queue(None, None, now), timetable(None, &[]), mail(None, now), disk(None)] {
            assert_eq!(part.state, State::Unknown, "{}", part.code);
        }
        assert_eq!(requests(Answered::default(), Answered::default()).state, State::Unknown);
    }

    #[test]
    fn mails_that_were_refused_or_never_left_are_told() {
        let now: DateTime<Utc> = "2026-03-02T12:00:00Z".parse().unwrap();
        let check = |mails, expected| assert_eq!(mail(Some(mails), now).state, expected, "{mails:?}");
        let well = Mails { last_sent: Some(now), ..Mails::default() };
        check(well, State::Fine);
        check(Mails::default(), State::Unknown);
        check(Mails { failed: 1, ..well }, State::Warning);
        check(Mails { kept: 1, ..well }, State::Warning);
        check(Mails { waiting: 1, oldest: Some(now - chrono::TimeDelta::minutes(59)), ..well }, State::Fine);
        check(Mails { waiting: 1, oldest: Some(now - chrono::TimeDelta::minutes(60)), ..well }, State::Warning);
    }

    #[test]
    fn requests_are_judged_by_five_minutes_or_by_the_hour_where_those_were_quiet() {
        let quick =
            |requests, errors| Answered { requests, errors, p95: Duration::from_millis(40), ..Answered::default() };
        let check = |five, hour, expected| assert_eq!(requests(five, hour).state, expected, "{five:?} {hour:?}");
        check(quick(100, 0), quick(900, 0), State::Fine);
        check(quick(100, 1), quick(900, 1), State::Warning);
        check(quick(100, 5), quick(900, 5), State::Critical);
        check(quick(3, 3), quick(900, 3), State::Fine);
        check(quick(3, 3), quick(3, 3), State::Unknown);
        check(Answered { p95: Duration::from_secs(2), ..quick(100, 0) }, quick(900, 0), State::Warning);
    }

    #[test]
    fn little_room_is_told_before_there_is_none() {
        let check = |room, expected| assert_eq!(disk(Some(room)).state, expected, "{room}");
        check(1023, State::Critical);
        check(1024, State::Warning);
        check(5 * 1024, State::Fine);
    }
}
