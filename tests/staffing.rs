//! Jobs, matches and placements on a real Postgres: what the sums of matches say is what the matches say.
#![cfg(feature = "testing")]

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use muster::metrics::Period;
use muster::people::{Scope, Sites};
use muster::staffing::{Asked, Matched, Matching, staffing};
use muster::testing::{World, database, date, org, org_named};
use muster::units::{Rate, SiteId};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;

/// A job at a site with one candidate for it.
struct Job {
    id: Uuid,
    zone: Tz,
}

/// One that was proposed, as the test remembers it.
#[derive(Debug, Clone, PartialEq)]
struct Proposed {
    id: Uuid,
    job: usize,
    algorithm: &'static str,
    rank: i32,
    at: DateTime<Utc>,
    shown: bool,
    accepted: Option<bool>,
}

async fn run(world: &World, sql: String) {
    let mut tx = world.tx().await;
    tx.run(sql).await.unwrap();
    tx.commit().await.unwrap();
}

async fn job(world: &World, site: SiteId, zone: Tz) -> Job {
    let id = Uuid::now_v7();
    let offered = "(org_id, id, ref, site_id, category, posted_at) values (current_org()";
    run(world, format!("insert into jobs {offered}, '{id}', '{id}', '{site}', 'guard', '2025-01-01Z')")).await;
    run(world, format!("insert into candidates values (current_org(), '{id}', '{id}', 'guard')")).await;
    Job { id, zone }
}

fn row(it: &Proposed, jobs: &[Job]) -> String {
    let accepted = it.accepted.map_or("null".into(), |yes| yes.to_string());
    let job = jobs[it.job].id;
    format!(
        "(current_org(), '{}', '{}', '{job}', '{job}', '{}', '1', {}, '{}', {}, {accepted})",
        it.id, it.id, it.algorithm, it.rank, it.at, it.shown
    )
}

async fn propose(world: &World, jobs: &[Job], all: &[Proposed]) {
    let rows: Vec<String> = all.iter().map(|it| row(it, jobs)).collect();
    let sql = format!(
        "insert into matches (org_id, id, ref, job_id, candidate_id, algorithm, version, rank, matched_at, shown, accepted) values {}
         on conflict (org_id, id) do update set job_id = excluded.job_id, candidate_id = excluded.candidate_id, algorithm = excluded.algorithm,
             rank = excluded.rank, matched_at = excluded.matched_at, shown = excluded.shown, accepted = excluded.accepted",
        rows.join(", ")
    );
    run(world, sql).await;
}

/// What the page should say, counted one by one.
fn counted(all: &[Proposed], jobs: &[Job], period: Period, only: Option<usize>) -> Vec<Matched> {
    let mut found: Vec<Matched> = Vec::new();
    for algorithm in ["graph", "skills"] {
        let of = all.iter().filter(|it| {
            let day = it.at.with_timezone(&jobs[it.job].zone).date_naive();
            it.algorithm == algorithm && period.contains(day) && only.is_none_or(|job| job == it.job)
        });
        let mut one =
            Matched { name: format!("{algorithm}, version 1"), proposed: 0, shown: 0, taken: Rate::default() };
        for it in of {
            one.proposed += 1;
            one.shown += i64::from(it.shown);
            one.taken.of += i64::from(it.accepted.is_some());
            one.taken.hit += i64::from(it.accepted == Some(true));
        }
        if one.proposed > 0 {
            found.push(one);
        }
    }
    found
}

async fn read(world: &World, period: Period, site: Option<SiteId>) -> Matching {
    let scope = Scope { sites: Sites::All, only_worker: None, names: false };
    staffing(&mut world.tx().await, &scope, &Asked { period, site }).await.unwrap().matching
}

/// Any of them within half a year, most of them close to a day's edge on some clock.
fn any(rng: &mut ChaCha8Rng, jobs: usize) -> Proposed {
    let day = date("2026-01-01") + Days::new(rng.random_range(0..180));
    let at = day.and_hms_opt(rng.random_range(0..24), rng.random_range(0..60), 0).unwrap().and_utc();
    let shown = rng.random_bool(0.6);
    Proposed {
        id: Uuid::now_v7(),
        job: rng.random_range(0..jobs),
        algorithm: ["skills", "graph"][rng.random_range(0..2)],
        rank: rng.random_range(1..8),
        at,
        shown,
        accepted: if shown { [None, Some(true), Some(false)][rng.random_range(0..3)] } else { None },
    }
}

#[tokio::test]
async fn sums_of_matches_are_the_matches_whatever_comes_changes_and_goes_on_any_clock() {
    let db = database().await;
    let world = org(&db).await;
    let mut rng = ChaCha8Rng::seed_from_u64(20_260_115);
    let mut jobs = Vec::new();
    let mut sites = Vec::new();
    for (name, zone) in [("Kiritimati", "Pacific/Kiritimati"), ("Baker", "Etc/GMT+12"), ("Gate", "Africa/Johannesburg")]
    {
        let site = world.site(name).zone(zone).await;
        jobs.push(job(&world, site, zone.parse().unwrap()).await);
        sites.push(site);
    }
    let mut all: Vec<Proposed> = std::iter::repeat_with(|| any(&mut rng, jobs.len())).take(600).collect();
    propose(&world, &jobs, &all).await;
    // Some change, in the same statement in which others come; some go.
    for one in all.iter_mut().step_by(3) {
        *one = Proposed { id: one.id, ..any(&mut rng, jobs.len()) };
    }
    let more: Vec<Proposed> = std::iter::repeat_with(|| any(&mut rng, jobs.len())).take(50).collect();
    all.extend(more);
    propose(&world, &jobs, &all).await;
    let gone: Vec<Proposed> = all.split_off(500);
    let ids: Vec<String> = gone.iter().map(|it| format!("'{}'", it.id)).collect();
    run(&world, format!("delete from matches where id in ({})", ids.join(", "))).await;

    let period = |first: &str, days: u64| Period { first: date(first), last: date(first) + Days::new(days - 1) };
    let mut asked: Vec<Period> =
        vec![period("2025-12-01", 400), period("2026-02-01", 28), period("2026-03-31", 1), period("2026-03-31", 2)];
    asked.extend(
        std::iter::repeat_with(|| {
            Period::ending(date("2026-01-01") + Days::new(rng.random_range(0..190)), rng.random_range(1..120))
        })
        .take(40),
    );
    for period in asked {
        let it = read(&world, period, None).await;
        assert_eq!(it.algorithms, counted(&all, &jobs, period, None), "{period:?}");
        assert_eq!(it.ranks.iter().map(|rank| rank.proposed).sum::<i64>(), it.total().proposed, "{period:?}");
        assert!(it.ranks.iter().all(|rank| rank.name.starts_with(['1', '2', '3', '4'])), "{:?}", it.ranks);
        let one = read(&world, period, Some(sites[1])).await;
        assert_eq!(one.algorithms, counted(&all, &jobs, period, Some(1)), "one site, {period:?}");
    }
}

#[tokio::test]
async fn of_an_algorithm_whose_matches_are_all_gone_nothing_is_said() {
    let db = database().await;
    let world = org(&db).await;
    let job = [job(&world, world.home(), Tz::UTC).await];
    let one =
        Proposed { at: "2026-01-15T12:00:00Z".parse().unwrap(), job: 0, ..any(&mut ChaCha8Rng::seed_from_u64(1), 1) };
    propose(&world, &job, std::slice::from_ref(&one)).await;
    let year = Period { first: date("2025-06-01"), last: date("2026-05-31") };
    assert_eq!(read(&world, year, None).await.total().proposed, 1);
    run(&world, "delete from matches".into()).await;
    assert_eq!(read(&world, year, None).await, Matching::default());
}

#[tokio::test]
async fn one_organization_counts_nothing_of_another() {
    let db = database().await;
    let (ours, theirs) = (org(&db).await, org_named(&db, "rival", chrono_tz::America::New_York).await);
    let day: NaiveDate = date("2026-01-15");
    for world in [&ours, &theirs] {
        let job = [job(world, world.home(), Tz::UTC).await];
        let at = day.and_hms_opt(12, 0, 0).unwrap().and_utc();
        propose(world, &job, &[Proposed { at, job: 0, ..any(&mut ChaCha8Rng::seed_from_u64(2), 1) }]).await;
    }
    let year = Period { first: date("2025-06-01"), last: date("2026-05-31") };
    assert_eq!(read(&ours, year, None).await.total().proposed, 1);
}

#[tokio::test]
async fn who_began_long_after_their_job_was_closed_counts_with_it_and_only_at_its_site() {
    let db = database().await;
    let world = org(&db).await;
    let east = world.site("East").await;
    let (old, other) = (job(&world, east, Tz::UTC).await, job(&world, world.home(), Tz::UTC).await);
    let closed = "posted_at = '2024-01-10 08:00Z', closed_at = '2024-02-01 08:00Z', state = 'filled'";
    run(&world, format!("update jobs set {closed} where id = '{}'", old.id)).await;
    for (nth, (job, from, until, money)) in [
        (&old, "2026-01-10", "null", "1234.56, 1000.01, 4"),
        (&other, "2026-01-20", "'2026-01-25'", "null, null, null"),
        (&old, "2025-06-01", "'2025-06-20'", "9.99, null, null"),
        (&other, "2025-06-01", "null", "9.99, null, null"),
    ]
    .into_iter()
    .enumerate()
    {
        let columns = "(org_id, id, ref, job_id, started_on, ended_on, fee, cost, satisfaction)";
        let values = format!("current_org(), gen_random_uuid(), 'P{nth}', '{}', '{from}', {until}, {money}", job.id);
        run(&world, format!("insert into placements {columns} values ({values})")).await;
    }
    let scope = Scope { sites: Sites::All, only_worker: None, names: false };
    let period = Period { first: date("2026-01-01"), last: date("2026-01-31") };
    for (site, placements, marks, stayed) in
        [(None, 2, 1, (1, 2)), (Some(east), 1, 1, (0, 1)), (Some(world.home()), 1, 0, (1, 1))]
    {
        let it = staffing(&mut world.tx().await, &scope, &Asked { period, site }).await.unwrap();
        let sums = it.total.sums;
        assert_eq!((sums.posted, sums.placements, sums.marks), (0, placements, marks), "{site:?}");
        assert_eq!(sums.fees, if marks == 1 { 123_456 } else { 0 }, "{site:?}");
        assert_eq!((sums.costed, sums.cost), (marks, 100_001 * marks), "{site:?}");
        let could = Rate { hit: stayed.0, of: stayed.1 };
        assert_eq!(it.stayed.map(|it| it.rate), [could, could], "{site:?}");
    }
    // 731 days from the job's posting to the first day, and 384 of the other.
    let all = staffing(&mut world.tx().await, &scope, &Asked { period, site: None }).await.unwrap();
    assert_eq!((all.to_hire.n, all.to_hire.median), (2, Some(557.5)));
}
