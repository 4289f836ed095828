//! What a statement has touched, as the triggers of the facts say it: an organization and a site, or any of its sites.

use crate::units::{OrgId, SiteId};

/// What has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Maybe anything.
    Everything,
    /// Maybe any site of an organization.
    Organization(OrgId),
    /// A site.
    Site(OrgId, SiteId),
}

impl Change {
    /// What a notice says: `ORG SITE` or `ORG`. One that is not understood may mean anything.
    #[must_use]
    pub fn of(notice: &str) -> Self {
        let mut ids = notice.split(' ');
        let (org, site) = (ids.next().and_then(|id| id.parse().ok()), ids.next().map(str::parse));
        match (org, site) {
            (Some(org), None) => Self::Organization(org),
            (Some(org), Some(Ok(site))) => Self::Site(org, site),
            _ => Self::Everything,
        }
    }

    /// Whether it may have changed what these sites look like; `None` is every site of the organization.
    #[must_use]
    pub fn concerns(self, org: OrgId, sites: Option<&[SiteId]>) -> bool {
        match self {
            Self::Everything => true,
            Self::Organization(changed) => changed == org,
            Self::Site(changed, site) => changed == org && sites.is_none_or(|sites| sites.contains(&site)),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const ORG: OrgId = OrgId(Uuid::from_u128(1));
    const OTHER: OrgId = OrgId(Uuid::from_u128(2));
    const HOME: SiteId = SiteId(Uuid::from_u128(3));
    const NORTH: SiteId = SiteId(Uuid::from_u128(4));

    #[test]
    fn a_notice_is_read_as_it_is_written() {
        assert_eq!(Change::of(&format!("{ORG} {HOME}")), Change::Site(ORG, HOME));
        assert_eq!(Change::of(&ORG.to_string()), Change::Organization(ORG));
        for nonsense in ["", "all", &format!("{ORG} "), &format!("{ORG} home"), &format!("x {HOME}")] {
            assert_eq!(Change::of(nonsense), Change::Everything, "{nonsense}");
        }
    }

    #[test]
    fn it_concerns_who_sees_the_site_and_nobody_else() {
        let change = Change::Site(ORG, HOME);
        assert!(change.concerns(ORG, None) && change.concerns(ORG, Some(&[NORTH, HOME])));
        assert!(!change.concerns(ORG, Some(&[NORTH])) && !change.concerns(ORG, Some(&[])));
        assert!(!change.concerns(OTHER, None) && !change.concerns(OTHER, Some(&[HOME])));
        let change = Change::Organization(ORG);
        assert!(change.concerns(ORG, Some(&[NORTH])) && !change.concerns(OTHER, None));
        assert!(Change::Everything.concerns(OTHER, Some(&[])));
    }
}
