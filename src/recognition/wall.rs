//! What a team is proud of: the thanks its people received, and what they earned.

use chrono::NaiveDate;
use serde::Serialize;
use uuid::Uuid;

use super::{Category, Reading, Tier, store};
use crate::Result;
use crate::database::OrgTx;
use crate::units::SiteId;

/// Thanks of one page of the wall.
pub const ON_A_PAGE: i64 = 8;

/// Thanks that somebody of a team received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TeamKudos {
    /// Its id.
    pub id: Uuid,
    /// Who was thanked.
    pub to: String,
    /// By whom.
    pub from: String,
    /// What for.
    pub category: Category,
    /// The giver's own words.
    pub message: String,
    /// The organization's local date.
    pub day: NaiveDate,
}

/// A page of a team's kudos, the latest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Wall {
    /// [`ON_A_PAGE`] at most.
    pub entries: Vec<TeamKudos>,
    /// Whether there are older ones.
    pub older: bool,
}

/// What somebody of a team earned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TeamAward {
    /// Who.
    pub who: String,
    /// What a page calls it.
    pub name: String,
    /// How hard it is.
    pub tier: Tier,
    /// The day it was earned.
    pub earned_on: NaiveDate,
    /// The numbers that earned it, in words.
    pub evidence: String,
}

/// How often a team earned something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AwardCount {
    /// What a page calls it.
    pub name: String,
    /// How hard it is.
    pub tier: Tier,
    /// How many times.
    pub times: i64,
}

/// The thanks that the people of a site received; pages count from 1. It names people: for who may see names.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn kudos_wall(tx: &mut OrgTx, site: SiteId, page: u32) -> Result<Wall> {
    let mut entries =
        store::wall::kudos(tx, site, ON_A_PAGE * i64::from(page.saturating_sub(1)), ON_A_PAGE + 1).await?;
    let most = usize::try_from(ON_A_PAGE).unwrap_or(usize::MAX);
    let older = entries.len() > most;
    entries.truncate(most);
    Ok(Wall { entries, older })
}

/// What the people of a site earned last, the latest first. It names people: for who may see names.
///
/// # Errors
/// [`crate::Error::Misconfigured`] for a stored definition this program does not know.
pub async fn team_awards(tx: &mut OrgTx, site: SiteId, limit: i64) -> Result<Vec<TeamAward>> {
    let definitions = store::awards::definitions(tx).await?;
    let mut awards = Vec::new();
    for it in store::wall::awards(tx, site, limit).await? {
        let Some(definition) = definitions.iter().find(|definition| definition.code == it.code) else { continue };
        let evidence: Reading = serde_json::from_value(it.evidence)?;
        awards.push(TeamAward {
            who: it.who,
            name: definition.name.clone(),
            tier: definition.tier,
            earned_on: it.awarded_on,
            evidence: definition.in_words(&evidence),
        });
    }
    Ok(awards)
}

/// How often the people of a site earned what, from `since` on, most often first. It names nobody.
///
/// # Errors
/// [`crate::Error::Misconfigured`] for a stored tier this program does not know.
pub async fn award_counts(tx: &mut OrgTx, site: SiteId, since: NaiveDate) -> Result<Vec<AwardCount>> {
    let rows = store::wall::award_counts(tx, site, since).await?;
    rows.into_iter().map(|row| Ok(AwardCount { name: row.name, tier: row.tier.parse()?, times: row.times })).collect()
}
