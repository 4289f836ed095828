//! One mail per recipient and look, with everything that is news. Easing and closing alone send none.

use std::fmt::Write;

use chrono::{DateTime, Utc};

use super::reading::Reading;
use super::state::{Change, Severity};
use crate::Result;
use crate::database::OrgTx;
use crate::mail::{self, Letter};
use crate::people::{Organization, Permission, Role};
use crate::units::UserId;

/// What is to be told.
#[derive(Debug, Clone)]
pub(super) struct News {
    pub reading: Reading,
    pub change: Change,
    /// How grave it is now; of what is over, how grave it was.
    pub severity: Severity,
}

/// Asks for the mails: to everybody who may see the alerts, and to the administrator of this installation. Returns how many.
pub(super) async fn send(tx: &mut OrgTx, org: &Organization, news: &[News], now: DateTime<Utc>) -> Result<u64> {
    let to_tell = news.iter().filter(|it| it.change != Change::Closed).count();
    if to_tell == 0 {
        return Ok(0);
    }
    let (subject, body) = (subject(org, news, to_tell), body(org, news, now));
    let key = format!("alerts {}", now.timestamp_micros());
    let mut mails = 0;
    for user in recipients(tx).await? {
        let letter =
            Letter { to: user, key: Some(key.clone()), subject: subject.clone(), body: body.clone(), attachment: None };
        mails += u64::from(mail::send(tx, &letter, now).await?.is_some());
    }
    mails += u64::from(mail::send_to_administrator(tx, &key, (&subject, &body), now).await?.is_some());
    Ok(mails)
}

/// Everybody of the organization who may see `/alignment`.
async fn recipients(tx: &mut OrgTx) -> Result<Vec<UserId>> {
    let roles = Role::ALL.into_iter().filter(|role| Permission::Alignment.is_for(*role));
    let roles: Vec<String> = roles.map(|role| role.word().to_owned()).collect();
    let org = tx.org().0;
    let users = sqlx::query_scalar!(
        "select id from users where org_id = $1 and status = 'active' and role = any ($2) order by id",
        org,
        &roles
    );
    Ok(users.fetch_all(&mut **tx).await?.into_iter().map(UserId).collect())
}

fn subject(org: &Organization, news: &[News], to_tell: usize) -> String {
    let critical = news.iter().filter(|it| it.change != Change::Closed && it.severity == Severity::Critical).count();
    let first = news.iter().find(|it| it.change != Change::Closed).map_or("", |it| it.reading.title.as_str());
    let what = if to_tell == 1 { first.to_owned() } else { format!("{to_tell} alerts") };
    match critical {
        0 => format!("{}: {what}", org.name),
        1 if to_tell == 1 => format!("{}: critical: {what}", org.name),
        n => format!("{}: {what}, {n} critical", org.name),
    }
}

fn body(org: &Organization, news: &[News], now: DateTime<Utc>) -> String {
    let mut text = format!("{}, {}\n", org.name, now.with_timezone(&org.zone).format("%a %-d %b %Y, %H:%M"));
    for severity in Severity::ALL {
        let these = news.iter().filter(|it| it.change != Change::Closed && it.severity == severity);
        part(&mut text, severity.label(), these);
    }
    part(&mut text, "Over", news.iter().filter(|it| it.change == Change::Closed));
    text.push_str("\nYou are told once of each alert, and again when it becomes critical. In Muster, on 'Operational alignment', you can acknowledge an alert or mute it.\n");
    text
}

fn part<'a>(text: &mut String, heading: &str, news: impl Iterator<Item = &'a News>) {
    let lines: Vec<String> = news
        .map(|it| match it.reading.detail.as_str() {
            "" => format!("- {}\n", it.reading.title),
            detail => format!("- {}. {detail}\n", it.reading.title),
        })
        .collect();
    if !lines.is_empty() {
        // Writing to a string does not fail.
        let _ = write!(text, "\n{heading}\n{}", lines.concat());
    }
}
