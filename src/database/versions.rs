//! How often has what an answer rests on been rewritten? Whoever rewrites it counts one further in the same transaction, so
//! that an answer kept in memory under the old number is never given again.

use super::{Database, OrgTx};
use crate::Result;
use crate::units::OrgId;

/// What answers rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// Pay, other costs, budgets, and what sites did.
    Costs,
    /// Jobs and placements.
    Staffing,
    /// Orders and the money for them, as the night sums them.
    Commerce,
}

impl Topic {
    fn name(self) -> &'static str {
        match self {
            Self::Costs => "costs",
            Self::Staffing => "staffing",
            Self::Commerce => "commerce",
        }
    }

    /// The topic that rows of a fact table belong to, where answers rest on them as they are.
    #[must_use]
    pub fn of_facts(table: &str) -> Option<Self> {
        match table {
            "budgets" | "other_costs" => Some(Self::Costs),
            "jobs" | "placements" | "matches" => Some(Self::Staffing),
            _ => None,
        }
    }
}

impl OrgTx {
    /// Counts that a topic is rewritten by this transaction. Another that rewrites the same topic waits from here on, so
    /// call it late.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn rewrote(&mut self, topic: Topic) -> Result<()> {
        let org = self.org().0;
        sqlx::query!(
            "insert into data_versions (org_id, topic, version) values ($1, $2, 1)
             on conflict (org_id, topic) do update set version = data_versions.version + 1",
            org,
            topic.name()
        )
        .execute(&mut **self)
        .await?;
        Ok(())
    }
}

impl Database {
    /// How often these topics of an organization were rewritten, together. Ask before reading what the answer is made of.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn version(&self, org: OrgId, topics: &[Topic]) -> Result<i64> {
        let names: Vec<String> = topics.iter().map(|topic| topic.name().to_owned()).collect();
        let version = sqlx::query_scalar!(r#"select data_version($1, $2) as "version!""#, org.0, &names);
        Ok(version.fetch_one(&mut *self.glance().await?).await?)
    }
}
