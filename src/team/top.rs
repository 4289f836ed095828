//! Who does best, said with how sure that is: by the shrunk score, of those with enough shifts.

use std::collections::HashMap;

use serde::Serialize;

use super::roster::Member;
use super::site::{members_on, site};
use super::{Viewer, store};
use crate::database::OrgTx;
use crate::me::Filter;
use crate::metrics::Period;
use crate::scoring::{Band, ENOUGH, Prior, Ranked, Unranked, priors};
use crate::units::{SiteId, WorkerId};
use crate::{Error, Result};

/// The longest list of top performers.
pub const MOST: usize = 20;

/// One of the best.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Performer {
    /// Who.
    pub worker: WorkerId,
    /// Name.
    pub name: String,
    /// Job role.
    pub job_role: String,
    /// The BPI itself.
    pub bpi: f64,
    /// Its band.
    pub band: Band,
    /// What the list is ordered by.
    pub ranked: Ranked,
}

/// The best of a team.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TopPerformers {
    /// The days the scores are of.
    pub period: Period,
    /// Best first; never more than the better half of those ranked, so that nobody is last on it.
    pub people: Vec<Performer>,
    /// How many could be ranked.
    pub ranked: usize,
    /// How many have a score of fewer shifts than needed.
    pub too_few_shifts: usize,
    /// Why nobody could be ranked, where that is so.
    pub unranked: Option<Unranked>,
}

/// The top performers of a site's team for a period, at most `limit`.
///
/// # Errors
/// [`Error::Forbidden`] for a site out of scope or where names are not shown, [`Error::NotFound`] for a site that is not
/// there, [`Error::Invalid`] for a limit or filter that makes no sense.
pub async fn top_performers(
    tx: &mut OrgTx,
    viewer: &Viewer,
    id: SiteId,
    filter: &Filter,
    limit: usize,
    last_complete: chrono::NaiveDate,
) -> Result<TopPerformers> {
    viewer.scope.narrowed_to(Some(id))?;
    if !viewer.scope.names {
        return Err(Error::Forbidden("names"));
    }
    if !(1..=MOST).contains(&limit) {
        return Err(Error::Invalid(format!("‘limit’ is a number from 1 to {MOST}.")));
    }
    let (period, _) = filter.resolve(last_complete)?;
    site(tx, id).await?;
    let points = store::points(tx, id, period).await?;
    let (members, day) = members_on(tx, id, period, &points).await?;
    let ids: Vec<WorkerId> = members.iter().map(|member| member.worker).collect();
    let top = top_of(&members, &priors(tx, &ids, day).await?, limit, Period::window(day));
    let seen: Vec<WorkerId> = top.people.iter().map(|it| it.worker).collect();
    store::looked_at(tx, viewer, &seen).await?;
    Ok(top)
}

/// The best by shrunk score; of equals the surer one, then by name.
pub(super) fn top_of(
    members: &[Member],
    priors: &HashMap<WorkerId, Result<Prior, Unranked>>,
    limit: usize,
    period: Period,
) -> TopPerformers {
    let scored: Vec<(&Member, f64)> = members.iter().filter_map(|member| Some((member, member.bpi?))).collect();
    let enough: Vec<_> = scored.iter().filter(|(member, _)| member.shifts_scored >= ENOUGH).collect();
    let mut why = None;
    let mut people: Vec<Performer> = Vec::new();
    for (member, bpi) in &enough {
        match priors.get(&member.worker).copied().unwrap_or(Err(Unranked::FewToCompare)) {
            Ok(prior) => people.push(Performer {
                worker: member.worker,
                name: member.name.clone(),
                job_role: member.job_role.clone(),
                bpi: *bpi,
                band: Band::of(*bpi),
                ranked: prior.rank(*bpi, member.shifts_scored),
            }),
            Err(reason) => why = Some(reason),
        }
    }
    people.sort_by(|a, b| {
        let by = |of: fn(&Ranked) -> f64| of(&b.ranked).total_cmp(&of(&a.ranked));
        by(|it| it.score).then_with(|| by(|it| it.low)).then_with(|| a.name.cmp(&b.name))
    });
    let ranked = people.len();
    people.truncate(limit.min(ranked.div_ceil(2)));
    TopPerformers {
        period,
        ranked,
        too_few_shifts: scored.len() - enough.len(),
        unranked: why.filter(|_| ranked == 0),
        people,
    }
}
