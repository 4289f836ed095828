//! What is held about a person, and how it is forgotten, on a real Postgres.
#![cfg(feature = "testing")]

use chrono::{DateTime, Utc};
use muster::disputes::{Fact, Ruling, file, rule};
use muster::metrics::Period;
use muster::metrics::dirty::mark_everybody;
use muster::night::{self, Job};
use muster::notifications::{Kind, notify};
use muster::people::accounts::{NewUser, create_user};
use muster::people::{Role, audit};
use muster::privacy::{self, HOLDINGS, IMPERSONAL, Purpose, Settings};
use muster::testing::{self, TestDatabase, World, date, moment};
use muster::units::{UserId, WorkerId};
use muster::{Error, Result};
use sqlx::{AssertSqlSafe, Row};

const NAME: &str = r#"Thandeka "Tee" O'Brien"#;
const EMAIL: &str = "thandeka@city.test";
const NUMBER: &str = "PSIRA 77.120";

fn noon(world: &World, day: &str) -> DateTime<Utc> {
    moment(world.organization().zone, date(day), "12:00")
}

/// Somebody who left, with a word about her in every place where words stand.
async fn leaver(world: &World) -> (WorkerId, UserId) {
    let her = world.worker(NAME).registered(NUMBER).skilled("dogs").rate(41).left("2026-03-20").await;
    let colleague = world.worker("Ben").await;
    let boss = world.user("Boss", Role::Supervisor).looks_after(world.home()).await;
    let account = NewUser {
        name: NAME.into(),
        email: EMAIL.into(),
        role: Role::Worker,
        worker: Some(her),
        client: None,
        sites: Vec::new(),
    };
    let now = noon(world, "2026-03-19");
    let user = create_user(world.db(), world.org(), &account, "seven quiet mornings", now).await.unwrap();
    let shift = world.shift(her).clocked_in("06:20").await;
    for day in ["2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06"] {
        world.shift(her).on(day).clocked_in("05:58").await;
        world.shift(colleague).on(day).clocked_in("05:58").await;
    }
    world.task(her).of_shift(&shift).completed("11:00").await;
    world.tour(her).of_shift(&shift).checkpoint("09:10").await;
    world.certification(her, "First aid", "2025-01-01", None).await;
    let mut tx = world.tx().await;
    let disputed = file(&mut tx, user, her, Fact::Shift, shift.id, "My bus, line 4, was late.", now).await.unwrap();
    rule(&mut tx, boss, disputed, Ruling::Rejected, &format!("{NAME} was late by the camera."), now).await.unwrap();
    notify(&mut tx, &[boss], Kind::Kudos, &format!("{NAME} thanked Ben."), "/me", now).await.unwrap();
    notify(&mut tx, &[user], Kind::Kudos, "Ben thanked you.", "/me", now).await.unwrap();
    audit::looked_at(&mut tx, boss, &[her], now).await.unwrap();
    privacy::agree(&mut tx, user, Purpose::ProductAnalytics, now).await.unwrap();
    let quoted = format!("Ask {} first", NAME.to_uppercase());
    for sql in [
        "update attendance set latitude = -26.1, longitude = 28.0, device = $2 where worker_id = $1",
        "update workers set leave_reason = 'resigned: ' || $2, home_latitude = -26.0, home_longitude = 28.1 where id = $1",
        "update workers set supervisor = $2 where id <> $1",
        "update tasks set title = $2 where worker_id = $1",
        "update workers set skills = array['dogs', $2] where id <> $1",
        "insert into kudos (org_id, id, to_worker_id, from_worker_id, category, message, given_at, day)
         select org_id, gen_random_uuid(), $1, id, 'teamwork', $2, now(), '2026-03-05' from workers where id <> $1 limit 1",
        "insert into coaching_items (org_id, id, worker_id, kind, state, priority, signals, answered, suggested_on, judged_on, changed_at, reason, version)
         select org_id, gen_random_uuid(), id, 'help', 'dismissed', 50, jsonb_build_array($2::text), '[]', '2026-03-05', '2026-03-05', now(), $2, 1 from workers where id = $1",
        "insert into coaching_sessions (org_id, id, ref, worker_id, state, scheduled_for, agenda, notes, agreed_actions)
         select org_id, gen_random_uuid(), $2, id, 'scheduled', '2026-03-06', $2, $2, $2 from workers where id <> $1 limit 1",
        "insert into leave (org_id, id, worker_id, first_day, last_day, kind, approved)
         select org_id, gen_random_uuid(), id, '2026-03-09', '2026-03-10', $2, true from workers where id = $1",
        "insert into team_challenges (org_id, id, name, metric, starts_on, ends_on, host_site_id, created_at)
         select org_id, gen_random_uuid(), left($2, 60), 'on_time', '2026-04-01', '2026-04-20', home_site_id, now() from workers where id = $1",
    ] {
        let done = sqlx::query(sql).bind(her.0).bind(&quoted).execute(&mut *tx).await;
        assert!(done.unwrap_or_else(|cause| panic!("{sql}: {cause}")).rows_affected() > 0, "{sql}");
    }
    tx.commit().await.unwrap();
    world.night("2026-03-21").await;
    (her, user)
}

trait Nights {
    async fn night(&self, day: &str);
}

impl Nights for World {
    async fn night(&self, day: &str) {
        night::run_all(self.db(), self.organization(), noon(self, day), &|_| {}).await.unwrap();
    }
}

async fn erase(world: &World, worker: WorkerId, by: Option<UserId>) -> Result<privacy::Erasure> {
    let mut tx = world.tx().await;
    let person = privacy::person_of_worker(&mut tx, worker).await?;
    let reason = format!("{NAME} asked in a letter of 1 April.");
    let done = privacy::erase(&mut tx, person, by, &reason, noon(world, "2026-04-02")).await?;
    tx.commit().await?;
    Ok(done)
}

/// Every place in the whole database, global tables and partitions included, where one of these words stands.
async fn places_of(db: &TestDatabase, words: &[&str]) -> Vec<String> {
    let mut owner = db.owner().await;
    // Every column of any type but those that hold no letters: arrays, JSON, bytes and search vectors too.
    let columns = sqlx::query(
        "select c.relname::text as t, a.attname::text as c, a.atttypid = 'bytea'::regtype as is_bytes from pg_class c
         join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
         join pg_type y on y.oid = a.atttypid
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'm')
           and y.typcategory not in ('N', 'B', 'D', 'T', 'R') and y.typname <> 'uuid'",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    assert!(columns.len() > 100, "the catalogue was read");
    let mut places = Vec::new();
    for row in &columns {
        let (table, column): (String, String) = (row.get("t"), row.get("c"));
        let text = match row.get("is_bytes") {
            true => format!("encode({column}, 'escape')"),
            false => format!("{column}::text"),
        };
        for word in words {
            let sql = format!(
                "select count(*) from {table} where position(lower($1) in lower(replace({text}, '\\', ''))) > 0"
            );
            let found: i64 = sqlx::query_scalar(AssertSqlSafe(sql)).bind(word).fetch_one(&mut owner).await.unwrap();
            if found > 0 {
                places.push(format!("{table}.{column}: {word}"));
            }
        }
    }
    places
}

/// The sums other figures rest on, as text.
async fn sums(world: &World) -> Vec<String> {
    let mut rows = Vec::new();
    let mut tx = world.tx().await;
    for table in [
        "worker_daily_metrics",
        "team_daily_metrics",
        "site_daily_costs",
        "worker_streaks",
        "worker_achievements",
        "shift_breaches",
    ] {
        let sql = format!("select t::text from {table} t order by 1");
        rows.extend(sqlx::query_scalar::<_, String>(AssertSqlSafe(sql)).fetch_all(&mut *tx).await.unwrap());
    }
    assert!(rows.len() > 20, "there are sums");
    rows
}

#[tokio::test]
async fn every_table_of_a_tenant_is_in_the_register_or_holds_nobody() {
    let db = testing::database().await;
    let known: Vec<String> =
        HOLDINGS.iter().map(|it| it.table).chain(IMPERSONAL.iter().copied()).map(str::to_owned).collect();
    let tables: Vec<String> = sqlx::query_scalar(
        "select c.relname::text from pg_class c where c.relnamespace = 'public'::regnamespace
           and c.relkind in ('r', 'p') and not c.relispartition and c.relrowsecurity order by 1",
    )
    .fetch_all(&mut db.owner().await)
    .await
    .unwrap();
    let unknown: Vec<_> = tables.iter().filter(|table| !known.contains(table)).collect();
    assert!(unknown.is_empty(), "say in src/privacy/register.rs what these hold about people: {unknown:?}");
    let tied: Vec<String> = sqlx::query_scalar(
        "select distinct c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
           and a.attname in ('worker_id', 'user_id') order by 1",
    )
    .fetch_all(&mut db.owner().await)
    .await
    .unwrap();
    let denied: Vec<_> = tied.iter().filter(|table| IMPERSONAL.contains(&table.as_str())).collect();
    assert!(denied.is_empty(), "these point to people: {denied:?}");
}

#[tokio::test]
async fn after_an_erasure_no_query_finds_the_person_and_no_sum_has_changed() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let (her, _) = leaver(&world).await;
    let admin = world.user("Admin", Role::Admin).await;
    let words = [NAME, EMAIL, NUMBER, "line 4", "O'Brien"];
    let before = places_of(&db, &words).await;
    for place in [
        "workers.name",
        "kudos.message",
        "tasks.title",
        "attendance.device",
        "audit_log.after",
        "logins.email",
        "notifications.text",
        "coaching_sessions.ref",
        "coaching_items.signals",
        "disputes.note",
        "team_challenges.name",
        "leave.kind",
        "workers.skills",
    ] {
        assert!(before.iter().any(|it| it.starts_with(place)), "{place} is not among {before:?}");
    }
    let sums_before = sums(&world).await;

    let erasure = erase(&world, her, Some(admin)).await.unwrap();
    assert!(erasure.reason.starts_with(&erasure.alias), "the reason loses the name too: {}", erasure.reason);
    assert_eq!(places_of(&db, &words).await, [""; 0]);
    assert!(sums(&world).await == sums_before, "an erasure changed a sum");

    // Nor when everything is computed anew from the facts.
    let mut tx = world.tx().await;
    mark_everybody(&mut tx, Period { first: date("2026-03-02"), last: date("2026-03-20") }).await.unwrap();
    tx.commit().await.unwrap();
    night::run(&db, world.organization(), Job::WorkerDays, noon(&world, "2026-03-21"), &|_| {}).await.unwrap();
    assert!(sums(&world).await == sums_before, "computed anew a sum is another");

    let mut tx = world.tx().await;
    let listed = privacy::erasures(&mut tx, 10).await.unwrap();
    assert_eq!((listed.len(), listed[0].by.as_deref(), &listed[0].alias), (1, Some("Admin"), &erasure.alias));
    assert_eq!(listed[0].changed["attendance"], 5, "each clock-in lost its place");
    let looks: i64 = sqlx::query_scalar("select count(*) from audit_log where record_id = $1")
        .bind(her.0)
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    assert_eq!(looks, 1, "who looked, and when, stays");
}

#[tokio::test]
async fn an_erasure_is_refused_for_who_works_here_who_is_gone_and_oneself_and_changes_nothing() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let (her, user) = leaver(&world).await;
    let here = world.worker("Still here").await;
    let admin = world.user("Admin", Role::Admin).await;
    let refused = erase(&world, here, Some(admin)).await;
    assert!(matches!(refused, Err(Error::Conflict(text)) if text.contains("last day at work")));
    assert!(matches!(erase(&world, her, Some(user)).await, Err(Error::Conflict(_))));
    let mut tx = world.tx().await;
    let person = privacy::person_of_worker(&mut tx, her).await.unwrap();
    let wordless = privacy::erase(&mut tx, person, Some(admin), " ", noon(&world, "2026-04-02")).await;
    assert!(matches!(wordless, Err(Error::Invalid(_))));
    drop(tx);
    assert!(!places_of(&db, &[NAME]).await.is_empty());
    erase(&world, her, Some(admin)).await.unwrap();
    assert!(matches!(erase(&world, her, Some(admin)).await, Err(Error::Conflict(text)) if text.contains("already")));
    let rival = testing::org_named(&db, "rival", chrono_tz::Europe::Berlin).await;
    assert!(matches!(erase(&rival, her, None).await, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn an_account_without_a_worker_is_forgotten_only_after_it_was_deactivated_and_the_platform_s_never() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let admin = world.user("Admin", Role::Admin).await;
    let (client, platform) = (world.user("Old client", Role::Hr).await, world.user("Platform", Role::Platform).await);
    let forget = async |user: UserId| {
        let mut tx = world.tx().await;
        let person = privacy::person_of_user(&mut tx, user).await?;
        privacy::erase(&mut tx, person, Some(admin), "asked", noon(&world, "2026-04-02")).await?;
        tx.commit().await
    };
    let shut = async |user: UserId| {
        let mut tx = world.tx().await;
        let sql = "update users set status = 'disabled' where id = $1";
        sqlx::query(sql).bind(user.0).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
    };
    assert!(matches!(forget(client).await, Err(Error::Conflict(text)) if text.contains("Deactivate")));
    shut(client).await;
    forget(client).await.unwrap();
    shut(platform).await;
    assert!(matches!(forget(platform).await, Err(Error::Conflict(text)) if text.contains("platform")));
}

#[tokio::test]
async fn a_namesake_keeps_the_own_name() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let (her, _) = leaver(&world).await;
    let rival = testing::org_named(&db, "rival", chrono_tz::Europe::Berlin).await;
    let other = rival.worker(NAME).await;
    erase(&world, her, None).await.unwrap();
    let mut tx = rival.tx().await;
    let name: String =
        sqlx::query_scalar("select name from workers where id = $1").bind(other.0).fetch_one(&mut *tx).await.unwrap();
    assert_eq!(name, NAME);
}

#[tokio::test]
async fn a_person_sees_and_takes_home_everything_that_is_held() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let (her, _) = leaver(&world).await;
    let mut tx = world.tx().await;
    let person = privacy::person_of_worker(&mut tx, her).await.unwrap();
    let held = privacy::held(&mut tx, person).await.unwrap();
    let rows = |table: &str| held.iter().find(|it| it.holding.table == table).map(|it| it.rows);
    assert_eq!(
        (rows("workers"), rows("shifts"), rows("tasks"), rows("checkpoints")),
        (Some(1), Some(5), Some(1), Some(1))
    );
    assert_eq!((rows("audit_log"), rows("logins"), rows("consents")), (Some(2), Some(1), Some(1)));
    assert_eq!(rows("user_sites"), Some(0));

    let download = privacy::download(&mut tx, person).await.unwrap();
    for rows in &download.holdings {
        assert_eq!(
            held.iter().find(|it| it.holding.table == rows.table).map(|it| it.rows),
            i64::try_from(rows.rows.len()).ok()
        );
    }
    assert_eq!(download.holdings.len(), held.iter().filter(|it| it.rows > 0).count());
    let json = serde_json::to_string(&download).unwrap();
    assert!(json.contains("My bus, line 4") && json.contains("thandeka@city.test"));
    assert!(!json.contains("argon2") && !json.contains("password_hash") && !json.contains("org_id"));
    let mut csv = csv::Reader::from_reader(download.csv().unwrap().into_bytes().as_slice()).into_records().count();
    let mut values = 0;
    for row in download.holdings.iter().flat_map(|it| &it.rows) {
        values += row.as_object().unwrap().values().filter(|value| !value.is_null()).count();
    }
    csv -= values;
    assert_eq!(csv, 0, "a line for each value");
}

/// Rows in which the supervisor and others stand together: proposals, a summary, talks, what an administrator keeps.
async fn entangled(world: &World, her: WorkerId, boss: UserId) -> WorkerId {
    let ben = world.worker("Zwelethu").await;
    let mut tx = world.tx().await;
    for sql in [
        "delete from workforce_summaries where $1 <> $2 and $3 <> $1",
        "insert into workforce_summaries (org_id, first_day, last_day, made_at, body)
         select org_id, '2026-02-01', '2026-02-28', now(), json_build_object('all', json_build_object('reliable', json_build_object('people',
             json_build_array(json_build_object('worker', id, 'on_time', 'hers'), json_build_object('worker', $2, 'on_time', 'his')))))
         from workers where id = $1 and $3 <> $1",
        "insert into webhooks (org_id, id, url, secret, kinds, created_by, created_at)
         select org_id, gen_random_uuid(), 'https://example.com/', repeat('s3cret', 6), '{x}', id, now() from users where id = $3 and $1 <> $2",
        "insert into mails (org_id, id, user_id, address, subject, body, attachment, attachment_name, attachment_type, state, asked_at)
         select org_id, gen_random_uuid(), id, 'boss@city.test', 'A report', 'It is attached.', 'payroll', 'p.csv', 'text/csv', 'sent', now()
         from users where id = $3 and $1 <> $2",
        "insert into roster_proposals (org_id, id, site_id, first_day, last_day, algorithm, fingerprint, solve_ms, figures, cost, made_by, made_at)
         select org_id, gen_random_uuid(), home_site_id, '2026-03-02', '2026-03-08', 'exact', 'f', 1,
             jsonb_build_object('minutes', jsonb_build_array(id, $2)), 900, $3, now() from workers where id = $1",
        "insert into roster_proposal_lines (org_id, proposal_id, shift_id, day, starts_at, ends_at, worker_id, why, cost, changed_at, changed_by,
             changed_to, change_reason)
         select org_id, id, gen_random_uuid(), first_day, now(), now() + interval '1 hour', $1, 'why her', 7654.21, now(), $3, $2, 'she is slow'
         from roster_proposals",
        "insert into mentoring_pairs (org_id, id, mentor_id, mentee_id, started_on)
         select org_id, gen_random_uuid(), id, $2, '2026-03-01' from workers where id = $1 and $3 <> $1",
        "insert into kudos (org_id, id, to_worker_id, from_worker_id, category, message, given_at, day)
         select org_id, gen_random_uuid(), $2, id, 'teamwork', 'Well done', now(), '2026-03-05' from workers where id = $1 and $3 <> $1",
        "update coaching_items set changed_by = $3 where worker_id = $1 and $1 <> $2",
        "update coaching_sessions set coach_id = $3 where $1 <> $2",
        "insert into audit_log (org_id, id, at, user_id, action, record, record_id, after)
         select org_id, gen_random_uuid(), now(), $3, 'looked at pay', 'worker', id, jsonb_build_object('note', 'walks') from workers where id = $1 and $1 <> $2",
        "insert into notifications (org_id, id, user_id, kind, text, link, created_at)
         select org_id, gen_random_uuid(), $3, 'kudos', 'Somebody thanked somebody.', '/team/worker/' || id, now() from workers where id = $2 and $1 <> $2",
    ] {
        let done = sqlx::query(sql).bind(her.0).bind(ben.0).bind(boss.0).execute(&mut *tx).await;
        done.unwrap_or_else(|cause| panic!("{sql}: {cause}"));
    }
    tx.commit().await.unwrap();
    ben
}

/// The names of all fields, those within fields too.
fn fields(value: &serde_json::Value) -> Vec<String> {
    match value {
        serde_json::Value::Object(object) => {
            object.iter().flat_map(|(name, value)| std::iter::once(name.clone()).chain(fields(value))).collect()
        }
        serde_json::Value::Array(values) => values.iter().flat_map(fields).collect(),
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn nobody_takes_home_what_is_held_about_others_or_what_opens_a_door() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let (her, _) = leaver(&world).await;
    let mut tx = world.tx().await;
    let boss: uuid::Uuid =
        sqlx::query_scalar("select id from users where name = 'Boss'").fetch_one(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let ben = entangled(&world, her, UserId(boss)).await;
    let mut tx = world.tx().await;
    let workers: Vec<uuid::Uuid> = sqlx::query_scalar("select id from workers").fetch_all(&mut *tx).await.unwrap();
    assert_eq!(workers.len(), 3);
    let people = [
        privacy::person_of_worker(&mut tx, her).await.unwrap(),
        privacy::person_of_worker(&mut tx, ben).await.unwrap(),
        privacy::person_of_user(&mut tx, UserId(boss)).await.unwrap(),
    ];
    let mut taken = Vec::new();
    for person in people {
        let download = privacy::download(&mut tx, person).await.unwrap();
        for holding in &download.holdings {
            for row in &holding.rows {
                let text = row.to_string();
                for other in workers.iter().filter(|other| person.worker != Some(WorkerId(**other))) {
                    assert!(!text.contains(&other.to_string()), "{} names somebody else: {text}", holding.table);
                }
                for field in fields(row) {
                    let opens = ["secret", "token", "password", "hash", "attachment"].contains(&field.as_str())
                        || field.ends_with("_hash");
                    assert!(!opens, "{} has {field}", holding.table);
                }
            }
        }
        taken.push(serde_json::to_string(&download).unwrap());
    }
    let [hers, bens, bosss] = <[String; 3]>::try_from(taken).unwrap();
    assert!(hers.contains("My bus, line 4") && hers.contains("why her") && hers.contains(r#""on_time":"hers""#));
    assert!(
        !hers.contains("\"his\"") && !hers.contains("she is slow") && !hers.contains("7654.21"),
        "what he is paid is his"
    );
    assert!(bens.contains(r#""on_time":"his""#) && bens.contains("7654.21") && !bens.contains("why her"));
    for table in
        ["disputes", "coaching_items", "coaching_sessions", "roster_proposals", "webhooks", "mails", "audit_log"]
    {
        assert!(bosss.contains(&format!("\"table\":\"{table}\"")), "that it was done is there: {table}");
    }
    for theirs in ["line 4", "late by the camera", "THANDEKA", "she is slow", "s3cret", r#""hers""#, "walks"] {
        assert!(!bosss.contains(theirs), "{theirs}: {bosss}");
    }
}

#[tokio::test]
async fn no_spreadsheet_takes_what_somebody_wrote_for_a_formula() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let (her, _) = leaver(&world).await;
    let mut tx = world.tx().await;
    sqlx::query("update kudos set message = ' =1+1' where to_worker_id = $1")
        .bind(her.0)
        .execute(&mut *tx)
        .await
        .unwrap();
    let person = privacy::person_of_worker(&mut tx, her).await.unwrap();
    let csv = privacy::download(&mut tx, person).await.unwrap().csv().unwrap();
    assert!(csv.contains(",message,' =1+1\r\n"), "{csv}");
}

#[tokio::test]
async fn nothing_is_agreed_to_until_somebody_agrees_and_taking_it_back_is_at_once() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    let user = world.user("Ana", Role::Worker).await;
    let mut tx = world.tx().await;
    let what = Purpose::ProductAnalytics;
    assert!(!privacy::has_agreed(&mut tx, user, what).await.unwrap());
    for _ in 0..2 {
        privacy::agree(&mut tx, user, what, noon(&world, "2026-03-02")).await.unwrap();
    }
    assert!(privacy::has_agreed(&mut tx, user, what).await.unwrap());
    privacy::withdraw(&mut tx, user, what, noon(&world, "2026-03-03")).await.unwrap();
    assert!(!privacy::has_agreed(&mut tx, user, what).await.unwrap());
    privacy::agree(&mut tx, user, what, noon(&world, "2026-03-04")).await.unwrap();
    let kept: i64 = sqlx::query_scalar("select count(*) from consents").fetch_one(&mut *tx).await.unwrap();
    assert_eq!(kept, 2, "what was agreed to before stays on record");
}

#[tokio::test]
async fn the_night_forgets_places_after_their_days_and_leavers_after_their_months() {
    let db = testing::database().await;
    let world = testing::org(&db).await;
    leaver(&world).await;
    let admin = world.user("Admin", Role::Admin).await;
    let places = async || {
        let mut tx = world.tx().await;
        let sql = "select count(*) from attendance where num_nonnulls(latitude, longitude, device) > 0";
        sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut *tx).await.unwrap()
    };
    let housekeeping = async |day: &str| {
        night::run(&db, world.organization(), Job::Housekeeping, noon(&world, day), &|_| {}).await.unwrap();
    };
    assert_eq!(places().await, 5);
    housekeeping("2026-06-01").await;
    assert_eq!(places().await, 4, "2 March is 91 days ago, 3 March 90");
    housekeeping("2026-06-10").await;
    assert_eq!(places().await, 0);
    assert!(!places_of(&db, &[NAME]).await.is_empty(), "nobody is forgotten unless the organization says so");

    let mut tx = world.tx().await;
    let set = Settings { coordinates_days: 30, leavers_months: Some(6) };
    let silly = Settings { coordinates_days: 3, ..set };
    assert!(matches!(
        privacy::change_settings(&mut tx, silly, admin, noon(&world, "2026-06-10")).await,
        Err(Error::Invalid(_))
    ));
    privacy::change_settings(&mut tx, set, admin, noon(&world, "2026-06-10")).await.unwrap();
    tx.commit().await.unwrap();
    housekeeping("2026-09-20").await;
    assert!(!places_of(&db, &[NAME]).await.is_empty(), "she left on 20 March: six months are over tomorrow");
    housekeeping("2026-09-21").await;
    assert_eq!(places_of(&db, &[NAME, EMAIL]).await, [""; 0]);
}
