//! Who could work one shift: its people as the rules of the roster see them, read from what is on record.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::roster::{Absence, Booked, Certification, Person, Preferences, Rules, Shift, TimeOfDay};
use crate::Error;
use crate::Result;
use crate::clock::zone;
use crate::database::OrgTx;
use crate::people::Scope;
use crate::units::{ShiftId, SiteId, WorkerId};

/// A shift with whoever could be asked.
pub(super) struct Crew {
    pub shift: Shift,
    pub people: Vec<Person>,
    pub names: HashMap<WorkerId, String>,
    /// Whose pay an hour is on record.
    pub paid: Vec<WorkerId>,
    pub rules: Rules,
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

/// A shift's people: those of its site and those who like it, as far as the scope reaches; or one worker alone.
///
/// # Errors
/// [`Error::NotFound`] for a shift of nobody here, [`Error::Database`].
pub(super) async fn crew(tx: &mut OrgTx, id: ShiftId, scope: &Scope, only: Option<WorkerId>) -> Result<Crew> {
    let org = tx.org().0;
    let row = sqlx::query!(
        "select s.site_id, s.day, s.starts_at, s.ends_at, s.required_skill, t.time_zone, t.latitude, t.longitude
         from shifts s join sites t on t.org_id = s.org_id and t.id = s.site_id where s.org_id = $1 and s.id = $2",
        org,
        id.0
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound("shift"))?;
    let mut shift = Shift::new(id, SiteId(row.site_id), row.starts_at, row.ends_at);
    shift.skill = row.required_skill;
    shift.place = row.latitude.zip(row.longitude);
    let rules = Rules::new(zone(&row.time_zone)?);
    let required = requirements(tx, shift.site).await?;
    shift.licensed = required.iter().any(|it| it.registration);
    shift.certifications = required.iter().filter(|it| !it.registration).map(|it| it.name.clone()).collect();
    shift.certifications.sort();
    shift.certifications.dedup();
    let sites = scope.site_ids();
    let found = sqlx::query!(
        r#"select w.id, w.name, w.job_role, w.skills, (w.hourly_rate * 100)::bigint as rate, (w.weekly_hours * 60)::bigint as minutes,
                  w.home_latitude, w.home_longitude, nullif(w.registration_number, '') is not null as "registered!"
           from workers w
           where w.org_id = $1 and (w.hired_on is null or w.hired_on <= $2) and (w.left_on is null or w.left_on >= $2)
             and case when $5::uuid is not null then w.id = $5 else
                 w.home_site_id = $3
                 or (($4::uuid[] is null or w.home_site_id = any ($4))
                     and exists (select from worker_preferences p where p.org_id = $1 and p.worker_id = w.id and p.wish = 'prefers' and p.site_id = $3)) end
           order by w.id"#,
        org,
        row.day,
        shift.site.0,
        sites.as_deref(),
        only.map(|worker| worker.0)
    )
    .fetch_all(&mut **tx)
    .await?;
    let (mut people, mut names, mut paid) = (Vec::new(), HashMap::new(), Vec::new());
    for it in found {
        let mut person = Person::new(WorkerId(it.id), it.rate.unwrap_or(0), it.minutes.unwrap_or(0));
        person.skills = it.skills;
        // Of whom no skill is on record nothing can be said, and they are not kept from it: as where breaches are judged.
        if person.skills.is_empty() {
            person.skills.extend(shift.skill.clone());
        }
        person.home = it.home_latitude.zip(it.home_longitude);
        let asked = |registration: bool, name: &str| {
            required.iter().any(|rule| {
                rule.registration == registration
                    && (registration || rule.name == name)
                    && rule.job_role.as_ref().is_none_or(|role| *role == it.job_role)
            })
        };
        // Until when a registration is valid is not recorded; a role that needs none counts as registered.
        person.registered_until = (it.registered || !asked(true, "")).then_some(NaiveDate::MAX);
        let not_asked = shift.certifications.iter().filter(|name| !asked(false, name));
        person.certifications = not_asked.map(|name| Certification { name: name.clone(), valid_until: None }).collect();
        names.insert(person.id, it.name);
        paid.extend(it.rate.map(|_| person.id));
        people.push(person);
    }
    let mut crew = Crew { shift, people, names, paid, rules };
    crew.read(tx, row.day).await?;
    Ok(crew)
}

struct Requirement {
    registration: bool,
    name: String,
    job_role: Option<String>,
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
    /// Reads what each of them has, holds, said and wishes.
    async fn read(&mut self, tx: &mut OrgTx, day: NaiveDate) -> Result<()> {
        let ids: Vec<Uuid> = self.people.iter().map(|person| person.id.0).collect();
        self.bookings(tx, &ids, day).await?;
        self.papers(tx, &ids, day).await?;
        self.availability(tx, &ids, day).await?;
        self.wishes(tx, &ids).await
    }

    fn of(&mut self, worker: Uuid) -> Option<&mut Person> {
        self.people.iter_mut().find(|person| person.id.0 == worker)
    }

    /// The shifts of the week, and of the days before and after it.
    async fn bookings(&mut self, tx: &mut OrgTx, ids: &[Uuid], day: NaiveDate) -> Result<()> {
        let org = tx.org().0;
        let monday = day - Days::new(u64::from(day.weekday().num_days_from_monday()));
        let rows = sqlx::query!(
            r#"select id, worker_id as "worker!", starts_at, ends_at from shifts
               where org_id = $1 and worker_id = any ($2) and day between $3 and $4 and state = 'planned' and id <> $5"#,
            org,
            ids,
            monday - Days::new(2),
            monday + Days::new(8),
            self.shift.id.0
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

    /// Certifications held on the day, and approved leave around it.
    async fn papers(&mut self, tx: &mut OrgTx, ids: &[Uuid], day: NaiveDate) -> Result<()> {
        let org = tx.org().0;
        let held = sqlx::query!(
            "select worker_id, name, expires_on from certifications
             where org_id = $1 and worker_id = any ($2) and name = any ($3) and issued_on <= $4",
            org,
            ids,
            &self.shift.certifications,
            day
        )
        .fetch_all(&mut **tx)
        .await?;
        for row in held {
            if let Some(person) = self.of(row.worker_id) {
                person.certifications.push(Certification { name: row.name, valid_until: row.expires_on });
            }
        }
        let away = sqlx::query!(
            "select worker_id, first_day, last_day from leave
             where org_id = $1 and worker_id = any ($2) and approved and first_day <= $3::date + 2 and last_day >= $3::date - 1",
            org,
            ids,
            day
        )
        .fetch_all(&mut **tx)
        .await?;
        let zone = self.rules.zone;
        for row in away {
            let span = start_of(zone, row.first_day, 0).zip(start_of(zone, row.last_day + Days::new(1), 0));
            if let Some(((from, until), person)) = span.zip(self.of(row.worker_id)) {
                person.absences.push(Absence { from, until, leave: true });
            }
        }
        Ok(())
    }

    /// When they said they can work. Nobody's row in force on the day: any time.
    async fn availability(&mut self, tx: &mut OrgTx, ids: &[Uuid], day: NaiveDate) -> Result<()> {
        let org = tx.org().0;
        let rows = sqlx::query!(
            "select worker_id, weekday, from_minute, until_minute, first_day, last_day from worker_availability
             where org_id = $1 and worker_id = any ($2) and first_day <= $3::date + 2 and (last_day is null or last_day >= $3::date - 1)",
            org,
            ids,
            day
        )
        .fetch_all(&mut **tx)
        .await?;
        let zone = self.rules.zone;
        for row in rows {
            let in_force = |on: NaiveDate| row.first_day <= on && row.last_day.is_none_or(|last| last >= on);
            let Some(person) = self.people.iter_mut().find(|person| person.id.0 == row.worker_id) else { continue };
            if in_force(day) && person.available.is_empty() {
                // Something was said of the day: whoever has no span in it is not available, however few spans follow.
                person.available.push((DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH));
            }
            let (from, until) = (i64::from(row.from_minute), i64::from(row.until_minute));
            let until = if until <= from { until + 1_440 } else { until };
            for on in (day - Days::new(1)).iter_days().take(4) {
                if in_force(on) && on.weekday().number_from_monday() == u32::try_from(row.weekday).unwrap_or(0) {
                    person.available.extend(start_of(zone, on, from).zip(start_of(zone, on, until)));
                }
            }
        }
        Ok(())
    }

    async fn wishes(&mut self, tx: &mut OrgTx, ids: &[Uuid]) -> Result<()> {
        let org = tx.org().0;
        let rows = sqlx::query!(
            r#"select worker_id, wish = 'prefers' as "likes!", site_id, part_of_day from worker_preferences where org_id = $1 and worker_id = any ($2)"#,
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
