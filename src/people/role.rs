//! The nine roles a user can have.

use serde::{Deserialize, Serialize};

/// What a user is in the own organization. One each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names are the field's own; what each may see is the permission table's affair")]
pub enum Role {
    Worker,
    Supervisor,
    Scheduler,
    Finance,
    Hr,
    Executive,
    Client,
    Admin,
    Platform,
}

impl Role {
    /// All roles, in the order of the permission table.
    pub const ALL: [Self; 9] = [
        Self::Worker,
        Self::Supervisor,
        Self::Scheduler,
        Self::Finance,
        Self::Hr,
        Self::Executive,
        Self::Client,
        Self::Admin,
        Self::Platform,
    ];

    /// The word for it in SQL, URLs and command lines.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Worker => "worker",
            Self::Supervisor => "supervisor",
            Self::Scheduler => "scheduler",
            Self::Finance => "finance",
            Self::Hr => "hr",
            Self::Executive => "executive",
            Self::Client => "client",
            Self::Admin => "admin",
            Self::Platform => "platform",
        }
    }
}

impl std::str::FromStr for Role {
    type Err = crate::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|role| role.word() == text).ok_or_else(|| {
            crate::Error::Invalid(format!(
                "'{text}' is not a role; the roles are {}",
                Self::ALL.map(Self::word).join(", ")
            ))
        })
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}
