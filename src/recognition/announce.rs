//! Telling workers what they have earned.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::store;
use crate::Result;
use crate::database::OrgTx;
use crate::notifications::{Kind, News, notify_each};
use crate::units::UserId;

/// An award is news for so many days after it was earned: filling in a year of days tells nobody what is long past.
pub const DAYS_OF_NEWS: u64 = 14;

/// Tells the workers who may sign in what they have earned lately, as the awards stand after [`super::rebuild`]. Run
/// again it tells nobody twice, also of awards that were judged anew in between. Returns how many were told something.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn announce(tx: &mut OrgTx, last: NaiveDate, now: DateTime<Utc>) -> Result<u64> {
    let news: Vec<News> = store::awards::earned_since(tx, last - Days::new(DAYS_OF_NEWS), last)
        .await?
        .into_iter()
        .map(|it| News {
            to: UserId(it.user_id),
            text: format!("You earned {} on {}.", it.name, it.awarded_on.format("%-d %B %Y")),
            link: "/me#achievements".into(),
            key: Some(format!("achievement {} {}", it.code, it.period)),
        })
        .collect();
    notify_each(tx, Kind::Achievement, &news, now).await
}
