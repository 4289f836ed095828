//! The people page on a real Postgres: worked out by hand, alike whether kept or fresh, and nobody told apart.
#![cfg(feature = "testing")]

use chrono::{DateTime, Days, Utc};
use muster::Error;
use muster::night;
use muster::people::audit::Viewer;
use muster::people::{Role, Scope, Sites};
use muster::testing::{World, database, date, moment, org};
use muster::units::{SiteId, WorkerId};
use muster::workforce::{Dimension, Filter, Overview, Portion, Share, Standing, overview};

/// The Monday after four weeks.
fn monday(world: &World) -> DateTime<Utc> {
    moment(world.organization().zone, date("2026-03-30"), "09:00")
}

async fn night(world: &World) {
    night::run_all(world.db(), world.organization(), monday(world), &|_| {}).await.unwrap();
}

async fn viewer(world: &World, names: bool) -> Viewer {
    let name = if names { "Hedda" } else { "Xaver" };
    let user = world.user(name, if names { Role::Hr } else { Role::Executive }).await;
    let scope = Scope { sites: Sites::All, only_worker: None, names };
    Viewer { user, worker: None, scope, now: monday(world) }
}

async fn look(world: &World, viewer: &Viewer, filter: Filter) -> muster::Result<Overview> {
    let mut tx = world.tx().await;
    let it = overview(&mut tx, viewer, &filter, date("2026-03-29"), date("2026-03-30")).await?;
    tx.commit().await.unwrap();
    Ok(it)
}

fn at(site: SiteId) -> Filter {
    Filter { site: Some(site.to_string()), ..Filter::default() }
}

/// So many days of eight hours in the four weeks, from Mondays on.
async fn works(world: &World, worker: WorkerId, site: SiteId, days: u64, at: &str, clocked_in: &str) {
    for nth in 0..days {
        let day = date("2026-03-02") + Days::new(7 * (nth % 4) + nth / 4);
        let until = if at == "06:00" { "14:00" } else { "06:00" };
        world.shift(worker).on_day(day).at(site).hours(at, until).clocked_in(clocked_in).await;
    }
}

/// At home six people with 0, 8 … 40 hours, of whom the last comes late; in the east five who work two nights each; two in
/// the west.
async fn company(world: &World) -> (SiteId, SiteId) {
    let (east, west) = (world.site("East").await, world.site("West").await);
    for (nth, name) in (0..).zip(["Ana", "Ben", "Cid", "Dia", "Eli", "Fay"]) {
        let worker = world.worker(name).contracted(10).await;
        works(world, worker, world.home(), nth, "06:00", if name == "Fay" { "06:30" } else { "06:00" }).await;
    }
    for name in ["Gus", "Hal", "Ida", "Jon", "Kai"] {
        let worker = world.worker(name).at(east).await;
        works(world, worker, east, 2, "22:00", "22:00").await;
    }
    for name in ["Lea", "Max"] {
        let worker = world.worker(name).at(west).await;
        works(world, worker, west, 1, "06:00", "06:00").await;
    }
    (east, west)
}

#[tokio::test]
async fn a_site_s_hours_are_shared_as_worked_out_by_hand() {
    let db = database().await;
    let world = org(&db).await;
    company(&world).await;
    night(&world).await;
    let it = look(&world, &viewer(&world, false).await, at(world.home())).await.unwrap();
    let part = it.scoped.unwrap().part;
    assert_eq!(part.people, 6);
    // 0, 8, 16, 24, 32 and 37.5 hours, for Fay's five shifts began half an hour late: −24 − 16 + 24 + 96 + 187.5 over 6 · 117.5.
    let hours = part.sharing(Share::Hours).unwrap();
    assert!((hours.gini.unwrap() - 267.5 / 705.0).abs() < 1e-9, "{hours:?}");
    assert_eq!((hours.n, hours.partly), (6, 0));
    // Of six times 40 contracted hours; five shifts of fifteen were late.
    let utilization = part.portion(Portion::Utilization);
    assert_eq!((utilization.people, utilization.before), (6, None));
    assert!((utilization.now.unwrap() - 117.5 / 240.0).abs() < 1e-9, "{utilization:?}");
    assert_eq!(part.portion(Portion::OnTime).now, Some(10.0 / 15.0));
    assert_eq!(part.portion(Portion::Nights).now, Some(0.0));
}

#[tokio::test]
async fn a_small_site_and_its_complement_are_not_told_apart() {
    let db = database().await;
    let world = org(&db).await;
    let (east, west) = company(&world).await;
    night(&world).await;
    let viewer = viewer(&world, true).await;
    let it = look(&world, &viewer, Filter::default()).await.unwrap();
    let shown: Vec<&str> = it.choices.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!((shown, it.hidden_sites), (vec!["HOME"], 2));
    assert_eq!(it.sites.iter().map(|line| line.site).collect::<Vec<_>>(), [world.home()]);
    assert_eq!(it.scoped.unwrap().part.people, 13);
    for site in [east, west] {
        assert_eq!(look(&world, &viewer, at(site)).await.unwrap().scoped, None);
    }
    let by_site = Filter { by: Some("site".into()), ..Filter::default() };
    let monitor = look(&world, &viewer, by_site).await.unwrap().monitor.unwrap();
    assert_eq!((monitor.by, monitor.lines.len(), monitor.hidden), (Dimension::Site, 1, 2));
}

#[tokio::test]
async fn what_the_night_kept_is_what_a_fresh_look_finds() {
    let db = database().await;
    let world = org(&db).await;
    company(&world).await;
    night(&world).await;
    let viewer = viewer(&world, true).await;
    let kept = look(&world, &viewer, Filter::default()).await.unwrap();
    let mut tx = world.tx().await;
    let gone = sqlx::query("delete from workforce_summaries").execute(&mut *tx).await.unwrap().rows_affected();
    tx.commit().await.unwrap();
    assert_eq!(gone, 1);
    let fresh = look(&world, &viewer, Filter::default()).await.unwrap();
    // JSON keeps all but the last digit of a number; the maps have an order of their own.
    let text = |it: &Overview| {
        format!("{:.9?}", (&it.scoped, &it.sites, &it.monitor, &it.monitors, &it.certified, &it.choices))
    };
    assert_eq!(text(&fresh), text(&kept));
    assert_eq!((fresh.names, fresh.reliable), (kept.names, kept.reliable));
    let scoped = kept.scoped.unwrap();
    // The last point of the trend is the tile.
    assert_eq!(scoped.trend.last().unwrap().gini[0], scoped.part.sharing(Share::Hours).unwrap().gini);
}

#[tokio::test]
async fn weeks_are_the_sums_of_their_days_also_after_a_late_fact() {
    let db = database().await;
    let world = org(&db).await;
    company(&world).await;
    let ben = world.worker("Late").await;
    let shift = world.shift(ben).on("2026-03-14").hours("22:00", "06:00").clocked_in("22:00").await;
    world.shift_offer(&shift, ben).accepted().await;
    let (another, refused) = (world.shift(None).on("2026-03-15").await, world.worker("Zoe").await);
    world.shift_offer(&another, refused).declined().await;
    world.shift_offer(&another, ben).await;
    night(&world).await;
    let check = async || {
        let mut tx = world.tx().await;
        let differ: i64 = sqlx::query_scalar(
            "select count(*) from (
                 select worker_id, date_trunc('week', day)::date as week, count(*) as days, sum(minutes_regular + minutes_overtime) as minutes,
                     sum(on_time) as on_time from worker_daily_metrics group by 1, 2) d
             full join worker_weeks w on w.worker_id = d.worker_id and w.week = d.week
             where (w.days, w.minutes, w.on_time) is distinct from (d.days, d.minutes, d.on_time)",
        )
        .fetch_one(&mut *tx)
        .await
        .unwrap();
        assert_eq!(differ, 0);
        sqlx::query_as::<_, (i16, i16, i16, i16, i16, i16)>(
            "select worked, nights, weekends, offered, answered, accepted from worker_weeks where worker_id = $1 and week = '2026-03-09'",
        )
        .bind(ben.0)
        .fetch_one(&mut *tx)
        .await
        .unwrap()
    };
    assert_eq!(check().await, (1, 1, 1, 2, 1, 1));
    world.shift(ben).on("2026-03-10").clocked_in("06:00").await;
    let mut tx = world.tx().await;
    sqlx::query("insert into dirty_days (org_id, day, worker_id) values (current_org(), '2026-03-10', $1) on conflict do nothing")
        .bind(ben.0)
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    night(&world).await;
    assert_eq!(check().await, (2, 1, 1, 2, 1, 1));
}

#[tokio::test]
async fn every_count_of_certifications_is_as_long_as_its_list() {
    let db = database().await;
    let world = org(&db).await;
    world.requires_certification("First aid", None).await;
    let until =
        [None, Some("2026-03-29"), Some("2026-03-30"), Some("2026-04-29"), Some("2026-05-29"), Some("2027-01-01")];
    for (name, until) in ["Ana", "Ben", "Cid", "Dia", "Eli", "Fay"].into_iter().zip(until) {
        let worker = world.worker(name).await;
        if let Some(until) = until {
            world.certification(worker, "First aid", "2024-01-01", Some("2025-01-01")).await;
            world.certification(worker, "First aid", "2025-01-01", Some(until)).await;
        }
    }
    let for_good = world.worker("Gus").await;
    world.certification(for_good, "First aid", "2024-01-01", None).await;
    world.worker("Left").left("2026-03-29").await;
    night(&world).await;
    let viewer = viewer(&world, true).await;
    for (standing, expected) in Standing::ALL.into_iter().zip([1, 1, 1, 1, 1, 2]) {
        let filter = Filter { certs: Some(standing.code().into()), ..Filter::default() };
        let it = look(&world, &viewer, filter).await.unwrap();
        let (held, total) = it.held.unwrap();
        assert_eq!(
            (it.certified.of(standing), total, held.len()),
            (expected, expected, expected as usize),
            "{standing:?}"
        );
        assert!(held.iter().all(|held| Standing::of(held.until, date("2026-03-30")) == standing));
    }
}

#[tokio::test]
async fn who_may_see_names_is_written_down_and_who_may_not_gets_none() {
    let db = database().await;
    let world = org(&db).await;
    world.requires_certification("First aid", None).await;
    for nth in 0..12 {
        let worker = world.worker(&format!("Worker {nth}")).await;
        works(&world, worker, world.home(), 10, "06:00", if nth % 2 == 0 { "06:00" } else { "06:30" }).await;
    }
    night(&world).await;
    let filter = || Filter { certs: Some("missing".into()), ..Filter::default() };
    let without = look(&world, &viewer(&world, false).await, filter()).await.unwrap();
    assert!(without.reliable.is_empty() && without.held.unwrap().0.iter().all(|held| held.worker.is_none()));
    let hr = viewer(&world, true).await;
    let with = look(&world, &hr, filter()).await.unwrap();
    let best = with.scoped.unwrap().reliable;
    assert_eq!((best.people.len(), best.ranked, with.reliable.len()), (6, 12, 6));
    assert!(best.people.iter().all(|it| it.on_time.hit == 10));
    assert!(with.held.unwrap().0.iter().all(|held| held.worker.is_some()));
    let mut tx = world.tx().await;
    let looks: Vec<(uuid::Uuid, i64)> =
        sqlx::query_as("select user_id, count(*) from audit_log group by 1").fetch_all(&mut *tx).await.unwrap();
    assert_eq!(looks, [(hr.user.0, 6)]);
}

#[tokio::test]
async fn leavers_are_counted_and_a_site_that_is_not_there_is_not_found() {
    let db = database().await;
    let world = org(&db).await;
    for nth in 0..8 {
        world.worker(&format!("Stays {nth}")).hired("2025-06-01").await;
    }
    for nth in 0..5 {
        world.worker(&format!("Leaves {nth}")).hired("2026-01-05").left("2026-03-20").because("resigned").await;
    }
    night(&world).await;
    let viewer = viewer(&world, false).await;
    let leaving = look(&world, &viewer, Filter::default()).await.unwrap().scoped.unwrap().leaving;
    assert_eq!((leaving.in_period, leaving.in_year, leaving.here), (5, 5, 8));
    assert_eq!(leaving.by_reason, [("Resigned".to_owned(), Some(5))]);
    assert_eq!(leaving.survival.unwrap().left, 5);
    let nowhere = look(&world, &viewer, at(SiteId(uuid::Uuid::now_v7()))).await;
    assert!(matches!(nowhere, Err(Error::NotFound("site"))), "{nowhere:?}");
}
