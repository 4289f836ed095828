//! The job: makes the report for each recipient and asks for the mails.

use uuid::Uuid;

use super::course::{self, Begun, Got};
use super::make::{File, Wanted, made};
use super::{Format, JOB, Report, Rhythm};
use crate::database::{Database, OrgTx};
use crate::mail::{Attachment, Letter, send};
use crate::people::{Scope, User, user_of_id};
use crate::queue::{Hands, Held};
use crate::units::{SiteId, UserId};
use crate::{Error, Result};

/// Who can make scheduled reports too.
#[must_use]
pub fn hands(hands: Hands, db: &Database) -> Hands {
    let db = db.clone();
    hands.can(JOB, move |held| {
        let db = db.clone();
        async move { deliver(&db, &held).await }
    })
}

async fn deliver(db: &Database, held: &Held) -> Result<u64> {
    let run = held.payload["run"].as_str().and_then(|id| id.parse().ok()).ok_or(Error::NotFound("run"))?;
    let mut tx = db.org(held.org).await?;
    let begun = course::started(&mut tx, run, held.attempt, held.now).await?;
    tx.commit().await?;
    let Some(begun) = begun else { return Ok(0) };
    let outcome = go_out(db, held, run, &begun).await;
    if let Err(cause) = &outcome
        && !matches!(cause, Error::Conflict(_))
    {
        let mut tx = db.org(held.org).await?;
        course::stumbled(&mut tx, run, &cause.to_string()).await?;
        tx.commit().await?;
    }
    outcome
}

/// What goes out, as it is when it does.
struct Going {
    name: String,
    wanted: Wanted,
    recipients: Vec<UserId>,
}

/// What there is for somebody.
enum For {
    /// A file, the mail with it, what it is about, and whether people stand in it by name.
    Letter(Box<Letter>, String, bool),
    /// Nothing, and why.
    Nobody(&'static str),
}

/// All mails of a run, its end and that of its job are one transaction.
async fn go_out(db: &Database, held: &Held, run: Uuid, begun: &Begun) -> Result<u64> {
    let mut tx = db.org(held.org).await?;
    let going = going(&mut tx, begun, held).await?;
    tx.commit().await?;
    let (going, note) = match going {
        Ok(going) => (Some(going), None),
        Err(note) => (None, Some(note)),
    };
    let mut letters = Vec::new();
    if let Some(going) = &going {
        let mut alike: Vec<(Scope, File)> = Vec::new();
        for (done, id) in (1..).zip(&going.recipients) {
            letters.push((*id, for_user(db, held, going, *id, &mut alike).await?));
            held.progress(done, going.recipients.len() as u64);
        }
    }
    let mut tx = db.org(held.org).await?;
    let mut sent = 0;
    for (user, it) in &letters {
        sent += u64::from(hand_over(&mut tx, run, *user, it, held).await?);
    }
    let nobody = going.is_some().then_some("Nobody was there to get it.").filter(|_| letters.is_empty());
    course::finished(&mut tx, run, note.or(nobody), held.now).await?;
    held.end_with(&mut tx, sent).await?;
    tx.commit().await?;
    Ok(sent)
}

async fn hand_over(tx: &mut OrgTx, run: Uuid, user: UserId, it: &For, held: &Held) -> Result<bool> {
    let got = match it {
        For::Nobody(why) => Got { refused: Some(why), ..Got::default() },
        For::Letter(letter, period, named) => match send(tx, letter, held.now).await? {
            Some(mail) => Got {
                mail: Some(mail),
                period: Some(period),
                bytes: letter.attachment.as_ref().map(|file| file.content.len()),
                named: Some(*named),
                refused: None,
            },
            None => Got { refused: Some("may not sign in any more"), ..Got::default() },
        },
    };
    let sent = got.mail.is_some();
    course::delivered(tx, run, user, got).await?;
    Ok(sent)
}

struct Row {
    name: String,
    report: String,
    format: String,
    rhythm: String,
    day: Option<i16>,
    site_id: Option<Uuid>,
    partner_id: Option<Uuid>,
    roles: Vec<String>,
    active: bool,
    deleted: bool,
    owner: Option<String>,
    owner_is_there: bool,
}

/// The schedule as it is now and who is to get it; else why nothing goes out.
async fn going(tx: &mut OrgTx, begun: &Begun, held: &Held) -> Result<std::result::Result<Going, &'static str>> {
    let org = tx.org().0;
    let row = sqlx::query_as!(
        Row,
        r#"select s.name, s.report, s.format, s.rhythm, s.day, s.site_id, s.partner_id, s.roles, s.active,
               s.deleted_at is not null as "deleted!", u.role as "owner?", (s.created_by is null or u.status = 'active') as "owner_is_there!"
           from report_schedules s left join users u on u.org_id = $1 and u.id = s.created_by
           where s.org_id = $1 and s.id = $2"#,
        org,
        begun.schedule
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound("schedule"))?;
    let report: Report = row.report.parse()?;
    if row.deleted {
        return Ok(Err("Nothing was sent: the schedule was deleted meanwhile."));
    }
    if !row.active && begun.slot.is_some() {
        return Ok(Err("Nothing was sent: the schedule was paused meanwhile."));
    }
    if !row.owner_is_there {
        return Ok(Err(
            "Nothing was sent: whoever made the schedule may not sign in any more. Whoever saves it anew makes it theirs.",
        ));
    }
    if let Some(owner) = &row.owner
        && !report.may_be_scheduled_by(owner.parse()?)
    {
        return Ok(Err("Nothing was sent: whoever made the schedule may not see this report any more."));
    }
    let recipients = sqlx::query_scalar!(
        r#"select user_id as "user_id!" from (
               select user_id from report_recipients where org_id = $1 and schedule_id = $2
               union select id from users where org_id = $1 and role = any ($3) and status = 'active') r order by user_id"#,
        org,
        begun.schedule,
        &row.roles
    )
    .fetch_all(&mut **tx)
    .await?;
    // Made again hours later, it is still about the time it was asked for.
    let at = begun.asked_at.min(held.now);
    Ok(Ok(Going {
        name: row.name,
        wanted: Wanted {
            report,
            format: row.format.parse()?,
            rhythm: Rhythm::of(&row.rhythm, row.day)?,
            site: row.site_id.map(SiteId),
            partner: row.partner_id,
            at,
        },
        recipients: recipients.into_iter().map(UserId).collect(),
    }))
}

/// What one recipient may see of it; two who may see the same get the same file.
async fn for_user(
    db: &Database,
    held: &Held,
    going: &Going,
    id: UserId,
    alike: &mut Vec<(Scope, File)>,
) -> Result<For> {
    let wanted = &going.wanted;
    let Some(user) = user_of_id(db, held.org, id).await? else { return Ok(For::Nobody("may not sign in any more")) };
    let scope = match user.scope(wanted.report.permission()) {
        Ok(scope) => scope,
        Err(Error::Forbidden(_)) => return Ok(For::Nobody("may not see this report")),
        Err(cause) => return Err(cause),
    };
    // A workbook says who made it.
    let shared = wanted.format == Format::Pdf;
    // Nobody is named in what is printed.
    let named = scope.names && !shared;
    let known = alike.iter().find(|(other, _)| shared && *other == scope).map(|(_, file)| file.clone());
    let file = match known {
        Some(file) => file,
        None => match made(db, wanted, &user, &scope).await {
            Ok(file) => file,
            Err(Error::Forbidden(_)) => return Ok(For::Nobody("may not see this site")),
            Err(cause) => return Err(cause),
        },
    };
    if shared && !alike.iter().any(|(other, _)| *other == scope) {
        alike.push((scope, file.clone()));
    }
    let period = file.period.clone();
    Ok(For::Letter(Box::new(letter(held, &going.name, &user, file)), period, named))
}

fn letter(held: &Held, name: &str, user: &User, file: File) -> Letter {
    let said = if file.said.is_empty() { String::new() } else { format!("{}\n\n", file.said) };
    Letter {
        to: user.id,
        key: Some(format!("job {}", held.id)),
        subject: format!("{name}: {}", file.period),
        body: format!(
            "{}: {name}, {}, is attached, as you may see it.\n\n{said}It comes by the schedule '{name}' of {}. The file is also in \
             Muster, under Reports.\n",
            user.org.name, file.period, user.org.name
        )
        .replace('\u{a0}', " "),
        attachment: Some(Attachment {
            name: file.name,
            media_type: file.media_type.to_owned(),
            content: file.content,
        }),
    }
}
