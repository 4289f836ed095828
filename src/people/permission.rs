//! The permission table (spec 1.1): which role may see which view, and how much of it. Navigation, pages, server functions,
//! REST, exports and reports all ask this one table.

use super::Role;

/// What can be permitted: a view with everything behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "named after the views")]
pub enum Permission {
    Me,
    Team,
    Coaching,
    Operations,
    Executive,
    Financial,
    People,
    Compliance,
    ClientPortal,
    Alignment,
    Product,
    Admin,
}

/// How much of a view a role sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Access {
    /// Nothing: 403.
    Nothing,
    /// The own record.
    Own,
    /// The sites assigned; for a client user, the client's.
    OwnSites,
    /// The whole organization.
    All,
    /// The whole organization, to read.
    AllRead,
    /// Totals of all organizations.
    AllOrgs,
}

use Access::{All, AllOrgs, AllRead, Nothing, Own, OwnSites};

/// Rows as in the specification; columns in the order of [`Role::ALL`]:
/// worker, supervisor, scheduler, finance, hr, executive, client, admin, platform.
pub const TABLE: [(Permission, [Access; 9]); 12] = [
    (Permission::Me, [Own, Own, Own, Own, Own, Own, Nothing, Own, Nothing]),
    (Permission::Team, [Nothing, OwnSites, Nothing, Nothing, AllRead, AllRead, Nothing, All, Nothing]),
    (Permission::Coaching, [Nothing, OwnSites, Nothing, Nothing, AllRead, AllRead, Nothing, All, Nothing]),
    (Permission::Operations, [Nothing, OwnSites, All, Nothing, Nothing, All, Nothing, All, Nothing]),
    (Permission::Executive, [Nothing, Nothing, Nothing, Nothing, Nothing, All, Nothing, All, Nothing]),
    (Permission::Financial, [Nothing, Nothing, Nothing, All, Nothing, All, Nothing, All, Nothing]),
    (Permission::People, [Nothing, Nothing, Nothing, Nothing, All, All, Nothing, All, Nothing]),
    (Permission::Compliance, [Nothing, OwnSites, All, Nothing, All, All, Nothing, All, Nothing]),
    (Permission::ClientPortal, [Nothing, Nothing, Nothing, Nothing, Nothing, Nothing, OwnSites, Nothing, Nothing]),
    (Permission::Alignment, [Nothing, Nothing, Nothing, Nothing, Nothing, AllRead, Nothing, All, AllOrgs]),
    (Permission::Product, [Nothing, Nothing, Nothing, Nothing, Nothing, Nothing, Nothing, Nothing, AllOrgs]),
    (Permission::Admin, [Nothing, Nothing, Nothing, Nothing, Nothing, Nothing, Nothing, All, AllOrgs]),
];

impl Permission {
    /// How much of it a role sees.
    #[must_use]
    pub fn access(self, role: Role) -> Access {
        let column = Role::ALL.iter().position(|other| *other == role);
        let row = TABLE.iter().find(|(permission, _)| *permission == self);
        column.zip(row).map_or(Nothing, |(column, (_, row))| row[column])
    }

    /// Whether a role sees any of it.
    #[must_use]
    pub fn is_for(self, role: Role) -> bool {
        self.access(role) != Nothing
    }

    /// Whether a role may change something in it, and not only read.
    #[must_use]
    pub fn may_change(self, role: Role) -> bool {
        !matches!(self.access(role), Nothing | AllRead)
    }

    /// Whether a role sees people by name in it: executive and admin see teams without names, and coaching is between
    /// a worker and the own supervisor alone. Who may leave and what is fair is hr's by name, others' in sums; what
    /// somebody is paid is finance's by name.
    #[must_use]
    pub fn shows_names(self, role: Role) -> bool {
        match self {
            Self::Coaching => role == Role::Supervisor,
            Self::Team => !matches!(role, Role::Executive | Role::Admin),
            Self::People => role == Role::Hr,
            Self::Financial => role == Role::Finance,
            _ => role != Role::Client,
        }
    }
}

impl Role {
    /// The view a role came for: where `/` goes.
    #[must_use]
    pub fn came_for(self) -> Permission {
        match self {
            Self::Worker => Permission::Me,
            Self::Supervisor => Permission::Coaching,
            Self::Scheduler => Permission::Operations,
            Self::Finance => Permission::Financial,
            Self::Hr => Permission::People,
            Self::Executive => Permission::Executive,
            Self::Client => Permission::ClientPortal,
            Self::Admin => Permission::Admin,
            Self::Platform => Permission::Alignment,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_has_one_row() {
        for (permission, _) in TABLE {
            assert_eq!(TABLE.iter().filter(|(other, _)| *other == permission).count(), 1, "{permission:?}");
        }
    }

    #[test]
    fn everybody_may_see_what_they_came_for() {
        for role in Role::ALL {
            assert!(role.came_for().is_for(role), "{role}");
        }
    }

    /// The table of spec 1.1 once more, as it is written there.
    #[test]
    fn the_table_is_the_specification() {
        let specification = "
            Me           own own own own own own – own –
            Team         – sites – – read read – all –
            Coaching     – sites – – read read – all –
            Operations   – sites all – – all – all –
            Executive    – – – – – all – all –
            Financial    – – – all – all – all –
            People       – – – – all all – all –
            Compliance   – sites all – all all – all –
            ClientPortal – – – – – – sites – –
            Alignment    – – – – – read – all orgs
            Product      – – – – – – – – orgs
            Admin        – – – – – – – all orgs";
        let rows = specification.lines().filter(|line| !line.trim().is_empty());
        for (line, (permission, row)) in rows.zip(TABLE) {
            let mut words = line.split_whitespace();
            assert_eq!(words.next(), Some(format!("{permission:?}").as_str()));
            let expected: Vec<Access> = words
                .map(|word| match word {
                    "own" => Own,
                    "sites" => OwnSites,
                    "read" => AllRead,
                    "all" => All,
                    "orgs" => AllOrgs,
                    _ => Nothing,
                })
                .collect();
            assert_eq!(row.to_vec(), expected, "{permission:?}");
        }
    }

    #[test]
    fn who_reads_the_whole_organization_changes_nothing_in_it() {
        assert!(Permission::Team.may_change(Role::Supervisor) && Permission::Team.may_change(Role::Admin));
        assert!(!Permission::Team.may_change(Role::Hr) && !Permission::Team.may_change(Role::Executive));
        assert!(!Permission::Team.may_change(Role::Worker));
    }

    #[test]
    fn executives_and_admins_see_teams_without_names() {
        assert!(!Permission::Team.shows_names(Role::Executive) && !Permission::Team.shows_names(Role::Admin));
        assert!(Permission::Team.shows_names(Role::Supervisor) && Permission::Team.shows_names(Role::Hr));
        assert!(!Permission::Coaching.shows_names(Role::Hr) && !Permission::Coaching.shows_names(Role::Admin));
        assert!(Permission::Coaching.shows_names(Role::Supervisor));
        let people = Role::ALL.into_iter().filter(|role| Permission::People.shows_names(*role));
        assert_eq!(people.collect::<Vec<_>>(), [Role::Hr]);
        let pay = Role::ALL.into_iter().filter(|role| Permission::Financial.shows_names(*role));
        assert_eq!(pay.collect::<Vec<_>>(), [Role::Finance]);
    }
}
