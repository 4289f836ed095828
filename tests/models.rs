//! Models of an organization's own facts: trained, kept as versions, asked; one organization's never another's.
#![cfg(feature = "testing")]

use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, Utc};
use muster::database::OrgTx;
use muster::intake::{self, Source, Table};
use muster::models::shift_fill::{AT_RISK, NAME, Training};
use muster::models::{latest, predict_shift_fill, train_shift_fill};
use muster::night::{self, Job};
use muster::people::Organization;
use muster::simulation::{Company, Plan, Scale, Simulation, found};
use muster::testing::{TestDatabase, database};
use uuid::Uuid;

fn today() -> NaiveDate {
    "2026-03-18".parse().unwrap()
}

fn now() -> DateTime<Utc> {
    "2026-03-18T01:00:00Z".parse().unwrap()
}

/// A company with half a year of facts about its shifts.
async fn company(db: &TestDatabase, company: Company) -> Organization {
    let org = found(db, company, now()).await.unwrap();
    let plan = Plan::new(company, Scale::Small, 7, today());
    let simulation = Arc::new(Simulation::new(plan));
    let needed = [
        Table::Clients,
        Table::Sites,
        Table::Workers,
        Table::CalendarDays,
        Table::Leave,
        Table::Rosters,
        Table::Shifts,
        Table::ShiftOffers,
    ];
    for table in Table::ALL.into_iter().filter(|table| needed.contains(table)) {
        let mut bytes = Vec::new();
        simulation.write(table, plan.first_day, &mut bytes).unwrap();
        let source = Source::new(table, format!("{table}.csv"), std::io::Cursor::new(bytes));
        assert_eq!(intake::load(db, &org, source, now()).await.unwrap().rejected, 0, "{table}");
    }
    org
}

async fn upcoming(tx: &mut OrgTx) -> Vec<Uuid> {
    sqlx::query_scalar("select id from shifts where starts_at >= $1 and worker_id is null order by starts_at, id")
        .bind(now())
        .fetch_all(&mut **tx)
        .await
        .unwrap()
}

#[track_caller]
fn version(training: &Training) -> i32 {
    match training {
        Training::Done { version, .. } => *version,
        Training::TooLittle { shifts } => panic!("only {shifts} shifts"),
    }
}

#[tokio::test]
async fn shift_fill_is_trained_kept_and_asked() {
    let db = database().await;
    let org = company(&db, Company::Demo).await;
    let mut tx = db.org(org.id).await.unwrap();
    let asked = upcoming(&mut tx).await;
    assert!(!asked.is_empty(), "the demo has open shifts to come");
    assert_eq!(predict_shift_fill(&mut tx, &asked, 0.9, now()).await.unwrap(), [], "there is no model yet");
    let trained = train_shift_fill(&mut tx, now()).await.unwrap();
    assert_eq!(version(&trained), 1);
    let Training::Done { report, .. } = &trained else { panic!("nothing was learned") };
    assert!(report.verdict.shown, "{report}");
    assert_eq!(report.baselines[1].name, "the own rate of each site");
    let kept = latest(&mut tx, NAME).await.unwrap().unwrap();
    assert_eq!((kept.version, kept.shown, kept.size), (1, true, report.rows as i64));
    assert_eq!(kept.figures["verdict"]["shown"], true);
    let told = predict_shift_fill(&mut tx, &asked, 0.5, now()).await.unwrap();
    assert_eq!(told.len(), asked.len());
    for prediction in &told {
        assert!((0.0..=1.0).contains(&prediction.probability) && asked.contains(&prediction.shift));
        assert_eq!(prediction.at_risk, prediction.probability < AT_RISK);
        assert!(!prediction.reasons.is_empty() && prediction.reasons.len() <= 3, "{prediction:?}");
        assert!(prediction.cost.is_some_and(|cost| cost > 0.0), "{prediction:?}");
    }
    assert_eq!(told, predict_shift_fill(&mut tx, &asked, 0.5, now()).await.unwrap(), "asked again, told the same");
}

#[tokio::test]
async fn a_training_of_the_same_day_is_replaced_and_a_later_one_is_a_new_version() {
    let db = database().await;
    let org = company(&db, Company::Demo).await;
    let mut tx = db.org(org.id).await.unwrap();
    let first = train_shift_fill(&mut tx, now()).await.unwrap();
    assert_eq!(first, train_shift_fill(&mut tx, now()).await.unwrap(), "the same facts teach the same");
    tx.commit().await.unwrap();
    assert_eq!(night::run(&db, &org, Job::Models, now(), &|_| {}).await.unwrap(), 1, "the weekly job does the same");
    let mut tx = db.org(org.id).await.unwrap();
    assert_eq!(latest(&mut tx, NAME).await.unwrap().unwrap().version, 1);
    let later = train_shift_fill(&mut tx, now() + Days::new(1)).await.unwrap();
    assert_eq!((version(&first), version(&later)), (1, 2));
    let other = found(&db, Company::Rival, now()).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.org(other.id).await.unwrap();
    assert_eq!(latest(&mut tx, NAME).await.unwrap(), None, "another organization's model is not ours");
    assert_eq!(train_shift_fill(&mut tx, now()).await.unwrap(), Training::TooLittle { shifts: 0 });
}
