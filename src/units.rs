//! Types that carry meaning: identifiers that cannot be mixed up, rates that cannot be made from rates.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "server", derive(sqlx::Type), sqlx(transparent))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

id!(
    /// A tenant.
    OrgId
);
id!(
    /// A site of an organization.
    SiteId
);
id!(
    /// A person (or crew) whose work is scored.
    WorkerId
);
id!(
    /// Somebody who may sign in.
    UserId
);
id!(
    /// A job that was asked for: a line of the ledger.
    JobId
);
id!(
    /// A client who owns sites.
    ClientId
);
id!(
    /// A planned piece of work at a site, with or without somebody to do it.
    ShiftId
);

/// Where a page of a list ended: the list is ordered by time, newest first, and by id within one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The moment of the last entry shown.
    pub at: DateTime<Utc>,
    /// Its id.
    pub id: Uuid,
}

/// A share kept as what it is made of, so that shares are added before they are divided.
///
/// ```
/// use muster::units::Rate;
/// let quarter = Rate { hit: 1, of: 4 };
/// let all = Rate { hit: 4, of: 4 };
/// assert_eq!((quarter + all).value(), Some(0.625));
/// assert_eq!(Rate { hit: 0, of: 0 }.value(), None);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// How many did.
    pub hit: i64,
    /// Of how many.
    pub of: i64,
}

impl Rate {
    /// The share, 0–1 for a plain count; `None` when there is nothing to judge.
    #[must_use]
    pub fn value(self) -> Option<f64> {
        (self.of > 0).then(|| self.hit as f64 / self.of as f64)
    }
}

impl std::ops::Add for Rate {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { hit: self.hit + other.hit, of: self.of + other.of }
    }
}
