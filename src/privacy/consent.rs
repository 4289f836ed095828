//! What a user agreed to. What is not needed for work is off until somebody agrees.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::database::OrgTx;
use crate::units::UserId;
use crate::{Error, Result};

/// What can be agreed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Noting which parts of the product are used, to make it better.
    ProductAnalytics,
}

impl Purpose {
    /// All, in the order they are asked.
    pub const ALL: [Self; 1] = [Self::ProductAnalytics];

    /// As it is stored and sent.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::ProductAnalytics => "product-analytics",
        }
    }

    /// Its name.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::ProductAnalytics => "How the product is used",
        }
    }

    /// What it means to agree.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::ProductAnalytics => {
                "Which pages are opened and which buttons are used is noted, to make the product better. Never what you \
                 type, and never for your score. Kept for 24 months."
            }
        }
    }
}

impl std::str::FromStr for Purpose {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|purpose| purpose.word() == text);
        found.ok_or_else(|| Error::Invalid("There is no such thing to agree to.".into()))
    }
}

/// Where a user stands with a purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consent {
    /// Which purpose.
    pub purpose: Purpose,
    /// Since when it is agreed to; `None`: it is not.
    pub since: Option<DateTime<Utc>>,
}

/// Where a user stands with every purpose.
///
/// # Errors
/// [`Error::Database`].
pub async fn consents(tx: &mut OrgTx, user: UserId) -> Result<Vec<Consent>> {
    let rows = sqlx::query!(
        "select purpose, given_at from consents where org_id = $1 and user_id = $2 and withdrawn_at is null",
        tx.org().0,
        user.0
    )
    .fetch_all(&mut **tx)
    .await?;
    let since = |purpose: Purpose| rows.iter().find(|row| row.purpose == purpose.word()).map(|row| row.given_at);
    Ok(Purpose::ALL.into_iter().map(|purpose| Consent { purpose, since: since(purpose) }).collect())
}

/// Whether a user agreed to a purpose: ask before anything is done for it.
///
/// # Errors
/// [`Error::Database`].
pub async fn has_agreed(tx: &mut OrgTx, user: UserId, purpose: Purpose) -> Result<bool> {
    Ok(consents(tx, user).await?.iter().any(|it| it.purpose == purpose && it.since.is_some()))
}

/// Agrees; agreeing twice is agreeing once.
///
/// # Errors
/// [`Error::Database`].
pub async fn agree(tx: &mut OrgTx, user: UserId, purpose: Purpose, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into consents (org_id, id, user_id, purpose, given_at) values ($1, $2, $3, $4, $5)
         on conflict (org_id, user_id, purpose) where withdrawn_at is null do nothing",
        tx.org().0,
        Uuid::now_v7(),
        user.0,
        purpose.word(),
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes it back, at once.
///
/// # Errors
/// [`Error::Database`].
pub async fn withdraw(tx: &mut OrgTx, user: UserId, purpose: Purpose, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "update consents set withdrawn_at = greatest($4, given_at)
         where org_id = $1 and user_id = $2 and purpose = $3 and withdrawn_at is null",
        tx.org().0,
        user.0,
        purpose.word(),
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
