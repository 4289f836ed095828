//! Who could work a site's shifts: its people as the rules of the roster see them, read from what is on record.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::roster::{Absence, Booked, Certification, Person, Preferences, Rules, Shift, TimeOfDay};
use crate::Error;
use crate::Result;
use crate::clock::zone;
use crate::database::OrgTx;
use crate::metrics::Period;
use crate::people::Scope;
use crate::units::{ShiftId, SiteId, WorkerId};

/// Shifts of one site with whoever could be asked.
pub(super) struct Crew {
    pub shifts: Vec<Shift>,
    pub people: Vec<Person>,
    pub names: HashMap<WorkerId, String>,
    /// Whose pay an hour is on record.
    pub paid: HashSet<WorkerId>,
    /// Those of the site itself who are employed on all the days.
    pub home: HashSet<WorkerId>,
    pub rules: Rules,
}

/// Where the shifts are.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub site: SiteId,
    pub zone: Tz,
    pub at: Option<(f64, f64)>,
}

/// Who could be asked: people of the site and those who like it, as far as the scope reaches, and `also` these; or `only` one.
pub(super) struct Whom<'a> {
    pub scope: &'a Scope,
    pub also: &'a [WorkerId],
    pub only: Option<WorkerId>,
}

/// The moment at which a zone's clock shows this; `None` where it skips it.
pub(super) fn on_the_clock(zone: Tz, local: NaiveDateTime) -> Option<DateTime<Utc>> {
    zone.from_local_datetime(&local).earliest().map(|at| at.to_utc())
}

/// The start of a local day, or the first moment after a skipped midnight.
fn start_of(zone: Tz, day: NaiveDate, minute: i64) -> Option<DateTime<Utc>> {
    let local = day.and_time(NaiveTime::MIN) + Duration::minutes(minute);
    on_the_clock(zone, local).or_else(|| on_the_clock(zone, local + Duration::hours(1)))
}

/// A site, for its clock and where it is.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Database`].
pub(super) async fn place(tx: &mut OrgTx, site: SiteId) -> Result<Place> {
    let org = tx.org().0;
    let row =
        sqlx::query!("select time_zone, latitude, longitude from sites where org_id = $1 and id = $2", org, site.0)
            .fetch_optional(&mut **tx)
            .await?
            .ok_or(Error::NotFound("site"))?;
    Ok(Place { site, zone: zone(&row.time_zone)?, at: row.latitude.zip(row.longitude) })
}

/// A shift's people: those of its site and those who like it, as far as the scope reaches; or one worker alone.
///
/// # Errors
/// [`Error::NotFound`] for a shift of nobody here, [`Error::Database`].
pub(super) async fn crew(tx: &mut OrgTx, id: ShiftId, scope: &Scope, only: Option<WorkerId>) -> Result<Crew> {
    let org = tx.org().0;
    let row = sqlx::query!(
        "select site_id, day, starts_at, ends_at, required_skill from shifts where org_id = $1 and id = $2",
        org,
        id.0
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound("shift"))?;
    let place = place(tx, SiteId(row.site_id)).await?;
    let mut shift = Shift::new(id, place.site, row.starts_at, row.ends_at);
    shift.skill = row.required_skill;
    crew_of(tx, &place, vec![shift], Period { first: row.day, last: row.day }, Whom { scope, also: &[], only }).await
}

/// The people for shifts of one site that begin on these days. What the site asks of everybody is added to the shifts.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn crew_of(
    tx: &mut OrgTx,
    place: &Place,
    mut shifts: Vec<Shift>,
    days: Period,
    whom: Whom<'_>,
) -> Result<Crew> {
    let required = requirements(tx, place.site).await?;
    let mut names: Vec<String> = required.iter().filter(|it| !it.registration).map(|it| it.name.clone()).collect();
    names.sort();
    names.dedup();
    for shift in &mut shifts {
        shift.place = place.at;
        shift.licensed = required.iter().any(|it| it.registration);
        shift.certifications.clone_from(&names);
    }
    let rules = Rules::new(place.zone);
    let (people, paid, home) = (Vec::new(), HashSet::new(), HashSet::new());
    let mut crew = Crew { shifts, people, names: HashMap::new(), paid, home, rules };
    crew.employed(tx, place, days, &whom, &required).await?;
    crew.read(tx, days, &names).await?;
    Ok(crew)
}

struct Requirement {
    registration: bool,
    name: String,
    job_role: Option<String>,
}

impl Requirement {
    /// Whether it is asked of who does this job.
    fn asks(&self, job_role: &str) -> bool {
        self.job_role.as_deref().is_none_or(|role| role == job_role)
    }
}

/// When somebody said to be able to work, every week on a day, as long as it is in force.
struct Said {
    weekday: u32,
    minutes: (i64, i64),
    first_and_last: (NaiveDate, NaiveDate),
}

fn away(from: DateTime<Utc>, until: DateTime<Utc>) -> Absence {
    Absence { from, until, leave: false }
}

/// The Monday of a day's week.
pub(super) fn monday_of(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}

async fn requirements(tx: &mut OrgTx, site: SiteId) -> Result<Vec<Requirement>> {
    let org = tx.org().0;
    Ok(sqlx::query_as!(
        Requirement,
        r#"select kind = 'registration' as "registration!", name, job_role from requirements
           where org_id = $1 and kind in ('certification', 'registration') and (site_id is null or site_id = $2) order by name, job_role"#,
        org,
        site.0
    )
    .fetch_all(&mut **tx)
    .await?)
}

impl Crew {
    /// Adds whoever is employed on some of the days, with what is on record of them alone.
    async fn employed(
        &mut self,
        tx: &mut OrgTx,
        place: &Place,
        days: Period,
        whom: &Whom<'_>,
        required: &[Requirement],
    ) -> Result<()> {
        let (org, sites) = (tx.org().0, whom.scope.site_ids());
        let also: Vec<Uuid> = whom.also.iter().map(|worker| worker.0).collect();
        let found = sqlx::query!(
            r#"select w.id, w.name, w.job_role, w.skills, (w.hourly_rate * 100)::bigint as rate, (w.weekly_hours * 60)::bigint as minutes,
                      w.home_latitude, w.home_longitude, nullif(w.registration_number, '') is not null as "registered!",
                      w.home_site_id = $4 as "at_home!", w.hired_on, w.left_on
               from workers w
               where w.org_id = $1 and (w.hired_on is null or w.hired_on <= $3) and (w.left_on is null or w.left_on >= $2)
                 and case when $6::uuid is not null then w.id = $6 else
                     w.home_site_id = $4 or w.id = any ($7)
                     or (($5::uuid[] is null or w.home_site_id = any ($5))
                         and exists (select from worker_preferences p where p.org_id = $1 and p.worker_id = w.id and p.wish = 'prefers' and p.site_id = $4)) end
               order by w.id"#,
            org,
            days.first,
            days.last,
            place.site.0,
            sites.as_deref(),
            whom.only.map(|worker| worker.0),
            &also
        )
        .fetch_all(&mut **tx)
        .await?;
        let wanted: Vec<String> = self.shifts.iter().filter_map(|shift| shift.skill.clone()).collect();
        for it in found {
            let mut person = Person::new(WorkerId(it.id), it.rate.unwrap_or(0), it.minutes.unwrap_or(0));
            person.skills = it.skills;
            // Of whom no skill is on record nothing can be said, and they are not kept from it: as where breaches are judged.
            if person.skills.is_empty() {
                person.skills.clone_from(&wanted);
            }
            person.home = it.home_latitude.zip(it.home_longitude);
            // Until when a registration is valid is not recorded; a role that needs none counts as registered.
            let needs = required.iter().any(|rule| rule.registration && rule.asks(&it.job_role));
            person.registered_until = (it.registered || !needs).then_some(NaiveDate::MAX);
            let asked: Vec<&str> = required
                .iter()
                .filter(|rule| !rule.registration && rule.asks(&it.job_role))
                .map(|rule| rule.name.as_str())
                .collect();
            let names = self.shifts.first().map(|shift| shift.certifications.as_slice()).unwrap_or_default();
            let not_asked = names.iter().filter(|name| !asked.contains(&name.as_str()));
            person.certifications =
                not_asked.map(|name| Certification { name: name.clone(), valid_until: None }).collect();
            let zone = place.zone;
            let before = it.hired_on.filter(|day| *day > days.first).and_then(|day| start_of(zone, day, 0));
            person.absences.extend(before.map(|until| away(DateTime::UNIX_EPOCH, until)));
            let after = it.left_on.filter(|day| *day < days.last).and_then(|day| start_of(zone, day + Days::new(1), 0));
            person.absences.extend(after.map(|from| away(from, from + Duration::days(400))));
            if it.at_home && before.is_none() && after.is_none() {
                self.home.insert(person.id);
            }
            self.names.insert(person.id, it.name);
            self.paid.extend(it.rate.map(|_| person.id));
            self.people.push(person);
        }
        Ok(())
    }

    /// Reads what each of them has, holds, said and wishes.
    async fn read(&mut self, tx: &mut OrgTx, days: Period, certifications: &[String]) -> Result<()> {
        let ids: Vec<Uuid> = self.people.iter().map(|person| person.id.0).collect();
        self.bookings(tx, &ids, days).await?;
        self.papers(tx, &ids, days, certifications).await?;
        self.availability(tx, &ids, days).await?;
        self.wishes(tx, &ids).await
    }

    fn of(&mut self, worker: Uuid) -> Option<&mut Person> {
        // They are read in the order of their ids.
        let at = self.people.binary_search_by_key(&worker, |person| person.id.0).ok()?;
        self.people.get_mut(at)
    }

    /// The shifts of the weeks, and of the days before and after them.
    async fn bookings(&mut self, tx: &mut OrgTx, ids: &[Uuid], days: Period) -> Result<()> {
        let org = tx.org().0;
        let asked: Vec<Uuid> = self.shifts.iter().map(|shift| shift.id.0).collect();
        let rows = sqlx::query!(
            r#"select id, worker_id as "worker!", starts_at, ends_at from shifts
               where org_id = $1 and worker_id = any ($2) and day between $3 and $4 and state = 'planned' and id <> all ($5)
               order by starts_at, id"#,
            org,
            ids,
            monday_of(days.first) - Days::new(2),
            monday_of(days.last) + Days::new(8),
            &asked
        )
        .fetch_all(&mut **tx)
        .await?;
        for row in rows {
            let minutes = (row.ends_at - row.starts_at).num_minutes();
            let booked = Booked { shift: Some(ShiftId(row.id)), starts: row.starts_at, ends: row.ends_at, minutes };
            if let Some(person) = self.of(row.worker) {
                person.booked.push(booked);
            }
        }
        Ok(())
    }

    /// Certifications held from the first day on, and approved leave around the days.
    async fn papers(&mut self, tx: &mut OrgTx, ids: &[Uuid], days: Period, certifications: &[String]) -> Result<()> {
        let org = tx.org().0;
        let held = sqlx::query!(
            "select worker_id, name, expires_on from certifications
             where org_id = $1 and worker_id = any ($2) and name = any ($3) and issued_on <= $4
             order by worker_id, name, issued_on",
            org,
            ids,
            certifications,
            days.first
        )
        .fetch_all(&mut **tx)
        .await?;
        for row in held {
            if let Some(person) = self.of(row.worker_id) {
                person.certifications.push(Certification { name: row.name, valid_until: row.expires_on });
            }
        }
        let leave = sqlx::query!(
            "select worker_id, first_day, last_day from leave
             where org_id = $1 and worker_id = any ($2) and approved and first_day <= $4::date + 2 and last_day >= $3::date - 1
             order by worker_id, first_day",
            org,
            ids,
            days.first,
            days.last
        )
        .fetch_all(&mut **tx)
        .await?;
        let zone = self.rules.zone;
        for row in leave {
            let span = start_of(zone, row.first_day, 0).zip(start_of(zone, row.last_day + Days::new(1), 0));
            if let Some(((from, until), person)) = span.zip(self.of(row.worker_id)) {
                person.absences.push(Absence { from, until, leave: true });
            }
        }
        Ok(())
    }

    /// When they said they can work. Nobody's row in force on a day: any time of it.
    async fn availability(&mut self, tx: &mut OrgTx, ids: &[Uuid], days: Period) -> Result<()> {
        let org = tx.org().0;
        let rows = sqlx::query!(
            "select worker_id, weekday, from_minute, until_minute, first_day, last_day from worker_availability
             where org_id = $1 and worker_id = any ($2) and first_day <= $4::date + 2 and (last_day is null or last_day >= $3::date - 1)
             order by worker_id, weekday, from_minute, first_day",
            org,
            ids,
            days.first,
            days.last
        )
        .fetch_all(&mut **tx)
        .await?;
        let mut said: HashMap<Uuid, Vec<Said>> = HashMap::new();
        for row in rows {
            let (from, until) = (i64::from(row.from_minute), i64::from(row.until_minute));
            let until = if until <= from { until + 1_440 } else { until };
            let weekday = u32::try_from(row.weekday).unwrap_or(0);
            let first_and_last = (row.first_day, row.last_day.unwrap_or(NaiveDate::MAX));
            said.entry(row.worker_id).or_default().push(Said { weekday, minutes: (from, until), first_and_last });
        }
        let zone = self.rules.zone;
        for person in &mut self.people {
            let Some(said) = said.get(&person.id.0) else { continue };
            // Something was said: whoever has no span is not available, however few spans follow.
            person.available.push((DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH));
            for on in (days.first - Days::new(1)).iter_days().take_while(|on| *on <= days.last + Days::new(2)) {
                let in_force = || said.iter().filter(|it| it.first_and_last.0 <= on && on <= it.first_and_last.1);
                let mut spans: Vec<(i64, i64)> = in_force()
                    .filter(|it| it.weekday == on.weekday().number_from_monday())
                    .map(|it| it.minutes)
                    .collect();
                if in_force().next().is_none() {
                    spans.push((0, 1_440));
                }
                let moments =
                    spans.iter().filter_map(|span| start_of(zone, on, span.0).zip(start_of(zone, on, span.1)));
                person.available.extend(moments);
            }
        }
        Ok(())
    }

    async fn wishes(&mut self, tx: &mut OrgTx, ids: &[Uuid]) -> Result<()> {
        let org = tx.org().0;
        let rows = sqlx::query!(
            r#"select worker_id, wish = 'prefers' as "likes!", site_id, part_of_day from worker_preferences
               where org_id = $1 and worker_id = any ($2) order by worker_id, id"#,
            org,
            ids
        )
        .fetch_all(&mut **tx)
        .await?;
        for row in rows {
            let Some(person) = self.of(row.worker_id) else { continue };
            let Preferences { preferred_sites, avoided_sites, time } = &mut person.preferences;
            if let Some(site) = row.site_id {
                (if row.likes { preferred_sites } else { avoided_sites }).push(SiteId(site));
            }
            // Who avoids nights would rather work days.
            let night = row.part_of_day.map(|part| (part == "night") == row.likes);
            *time = night.map(|night| if night { TimeOfDay::Night } else { TimeOfDay::Day }).or(*time);
        }
        Ok(())
    }
}
