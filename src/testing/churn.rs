//! A churn model and what it estimated, as they are kept.

use serde_json::json;

use super::time::date;
use super::world::World;
use crate::units::WorkerId;

impl World {
    /// Version 3 of a model of who leaves, trained on 2026-03-15, with the figures of its back-test; `shown`: whether it was
    /// better than tenure alone.
    pub async fn churn_model(&self, shown: bool) {
        let interval = json!({ "value": 0.8, "low": 0.75, "high": 0.85 });
        let figures = json!({ "auc": interval, "brier": 0.05, "log_loss": 0.2, "ece": 0.01, "ece_by_chance": 0.01,
            "top_decile": 0.3, "bottom_decile": 0.01 });
        let words = if shown { "better than years employed alone" } else { "not shown to users" };
        let report = json!({
            "base_rate": 0.06,
            "figures": figures,
            "baselines": [
                { "name": "always the overall rate", "figures": figures },
                { "name": "years employed alone", "figures": figures },
            ],
            "bands": [{ "name": "low", "rows": 900, "positives": 20 }],
            "verdict": { "against": "years employed alone", "words": words },
        });
        let mut tx = self.tx().await;
        sqlx::query!(
            "insert into models (org_id, name, version, trained_at, first_day, last_day, size, features, figures, parameters, shown)
             values ($1, 'churn', 3, $2::date::timestamp at time zone 'UTC', '2025-01-01', $2, 1000, '[]', $3, '{}', $4)",
            self.org().0,
            date("2026-03-15"),
            report,
            shown
        )
        .execute(&mut *tx)
        .await
        .expect("the first model of who leaves");
        tx.commit().await.expect("commit");
    }

    /// How likely a worker leaves, seen from `day`, because the hours fell.
    pub async fn churn_risk(&self, worker: WorkerId, day: &str, band: &str, probability: f64) {
        let mut tx = self.tx().await;
        sqlx::query!(
            "insert into churn_risks (org_id, worker_id, snapshot_on, version, probability, band, causes, reasons, step)
             values ($1, $2, $3, 3, $4, $5, '{hours}', '{Hours fell by 40 %}', 'Agree on hours.')",
            self.org().0,
            worker.0,
            date(day),
            probability,
            band
        )
        .execute(&mut *tx)
        .await
        .expect("a worker without an estimate of that day");
        tx.commit().await.expect("commit");
    }
}
