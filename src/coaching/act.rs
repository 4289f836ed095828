//! What a supervisor does with an entry: each step has a name, a time and what it must ask; the last can be taken back.
//!
//! An action names the version of the entry it was decided on. Of two supervisors who act at once one wins and the
//! other is told who was first.

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use serde_json::json;
use uuid::Uuid;

use super::store::items::join_queue;
use super::store::sessions::{self, Plan};
use super::store::steps::{self, Entry};
use super::{Kind, State};
use crate::database::OrgTx;
use crate::notifications;
use crate::people::{Scope, User, audit};
use crate::units::WorkerId;
use crate::{Error, Result};

/// A step can be taken back for this long.
pub const SECONDS_TO_UNDO: i64 = 10;
/// A conversation is planned at most this many days ahead.
const FARTHEST: u64 = 60;
/// Longest text of a field, characters.
const LONGEST: usize = 4000;

/// What to do with an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Set a day.
    Schedule {
        /// The day, today at the earliest.
        on: NaiveDate,
        /// What to talk about; the worker reads it.
        agenda: String,
    },
    /// Begin the conversation.
    Start,
    /// It was held.
    Complete {
        /// What was said; the worker reads it.
        notes: String,
        /// Who does what.
        agreed_actions: String,
        /// When to look at it again.
        follow_up_on: Option<NaiveDate>,
    },
    /// Not now.
    Snooze {
        /// Why.
        reason: String,
    },
    /// Not needed.
    Dismiss {
        /// Why.
        reason: String,
    },
}

impl Action {
    /// The word for it in data.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Schedule { .. } => "scheduled",
            Self::Start => "started",
            Self::Complete { .. } => "completed",
            Self::Snooze { .. } => "snoozed",
            Self::Dismiss { .. } => "dismissed",
        }
    }

    fn leads_to(&self) -> State {
        match self {
            Self::Schedule { .. } => State::Scheduled,
            Self::Start => State::InProgress,
            Self::Complete { .. } => State::Completed,
            Self::Snooze { .. } => State::Snoozed,
            Self::Dismiss { .. } => State::Dismissed,
        }
    }

    /// Whether an entry in this state can be dealt with in this way. Praise is said, or not: it needs no appointment.
    #[must_use]
    pub fn fits(&self, kind: Kind, state: State) -> bool {
        use State::{InProgress, Scheduled, Snoozed, Suggested};
        match self {
            Self::Dismiss { .. } if kind == Kind::Praise => state == Suggested,
            Self::Complete { .. } if kind == Kind::Praise => state == Suggested,
            _ if kind == Kind::Praise => false,
            Self::Schedule { .. } | Self::Start | Self::Dismiss { .. } => {
                matches!(state, Suggested | Scheduled | Snoozed)
            }
            Self::Complete { .. } => matches!(state, Scheduled | InProgress),
            Self::Snooze { .. } => matches!(state, Suggested | Scheduled),
        }
    }

    /// Refuses what says nothing, with what to do.
    fn check(&self, today: NaiveDate) -> Result<()> {
        match self {
            Self::Schedule { on, agenda } => {
                said(agenda, "Write what you want to talk about: the worker will read it.")?;
                if *on < today || *on > today + Days::new(FARTHEST) {
                    return Err(Error::Invalid(format!(
                        "Choose a day from today on, at most {FARTHEST} days ahead ({on} is not)."
                    )));
                }
                Ok(())
            }
            Self::Start => Ok(()),
            Self::Complete { notes, agreed_actions, follow_up_on } => {
                said(notes, "Write in a few words what you talked about: the worker will read it.")?;
                short(agreed_actions)?;
                match follow_up_on {
                    Some(day) if *day < today => {
                        Err(Error::Invalid(format!("The day to look at it again is past ({day}).")))
                    }
                    _ => Ok(()),
                }
            }
            Self::Snooze { reason } => said(reason, "Say in a few words why not now."),
            Self::Dismiss { reason } => said(reason, "Say in a few words why it is not needed."),
        }
    }

    fn reason(&self) -> Option<&str> {
        match self {
            Self::Snooze { reason } | Self::Dismiss { reason } => Some(reason.trim()),
            _ => None,
        }
    }
}

fn said(text: &str, ask: &str) -> Result<()> {
    if text.trim().chars().count() < 3 {
        return Err(Error::Invalid(ask.into()));
    }
    short(text)
}

fn short(text: &str) -> Result<()> {
    if text.chars().count() > LONGEST {
        return Err(Error::Invalid(format!("That is longer than {LONGEST} characters; say it in fewer words.")));
    }
    if text.contains('\0') {
        return Err(Error::Invalid("The text holds a character that cannot be stored.".into()));
    }
    Ok(())
}

/// What was done, so that it can be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The entry.
    pub item: Uuid,
    /// Whose it is.
    pub worker: WorkerId,
    /// The worker's name.
    pub name: String,
    /// The entry's version now.
    pub version: i32,
}

/// Does `action` with the entry `item` as it was at `version`. `scope` is the caller's, through `Permission::Coaching`.
///
/// # Errors
/// [`Error::NotFound`] outside the scope, [`Error::Forbidden`] on the own entry or without names, [`Error::Invalid`] for
/// what is missing, [`Error::Conflict`] when somebody else was first or the entry is not in a state for it.
pub async fn act(
    tx: &mut OrgTx,
    user: &User,
    scope: &Scope,
    (item, version): (Uuid, i32),
    action: &Action,
    now: DateTime<Utc>,
) -> Result<Done> {
    let today = now.with_timezone(&user.org.zone).date_naive();
    join_queue(tx).await?;
    let entry = own_entry(tx, user, scope, item).await?;
    if entry.version != version {
        return Err(somebody_was_first(tx, user, item).await?);
    }
    action.check(today)?;
    if !action.fits(entry.kind, entry.state) {
        return Err(Error::Conflict(format!(
            "That does not go with an entry that is {}. Nothing was changed.",
            entry.state.label().to_lowercase()
        )));
    }
    let session = sessions::snapshot(tx, item).await?;
    let before = json!({ "item": entry.before, "session": session });
    if steps::take(tx, item, version, action.leads_to(), action.reason(), user.id, now).await? == 0 {
        return Err(somebody_was_first(tx, user, item).await?);
    }
    let plan = Plan { item, worker: entry.worker, coach: user.id, today, now };
    sessions::follow(tx, &plan, action).await?;
    steps::note(tx, (item, version + 1), user.id, action.word(), action.reason(), &before, now).await?;
    let after = json!({ "state": action.leads_to(), "reason": action.reason() });
    audit::record(tx, user.id, &format!("coaching {}", action.word()), "coaching item", Some(item), Some(after), now)
        .await?;
    tell(tx, user, entry.worker, action, &news_key(item, version + 1), now).await?;
    Ok(Done { item, worker: entry.worker, name: entry.name, version: version + 1 })
}

/// Takes back the step that led to `version`, by whoever took it, within [`SECONDS_TO_UNDO`].
///
/// # Errors
/// As [`act`]; [`Error::Conflict`] when it is too late or something was done since.
pub async fn undo(
    tx: &mut OrgTx,
    user: &User,
    scope: &Scope,
    (item, version): (Uuid, i32),
    now: DateTime<Utc>,
) -> Result<Done> {
    join_queue(tx).await?;
    let entry = own_entry(tx, user, scope, item).await?;
    if entry.version != version {
        return Err(somebody_was_first(tx, user, item).await?);
    }
    let step = steps::step(tx, (item, version)).await?.ok_or(Error::NotFound("step"))?;
    if step.user != Some(user.id.0) {
        return Err(Error::Forbidden("only who took a step takes it back"));
    }
    if now > step.at + Duration::seconds(SECONDS_TO_UNDO) {
        return Err(Error::Conflict(format!(
            "It is too late to undo: that works for {SECONDS_TO_UNDO} seconds. Nothing was changed."
        )));
    }
    sessions::put_back(tx, item, step.before.get("session")).await?;
    let restored = step.before.get("item").cloned().unwrap_or_default();
    notifications::withdraw(tx, &news_key(item, version)).await?;
    steps::restore(tx, item, version + 1, &restored).await?;
    let before = json!({ "item": entry.before });
    steps::note(tx, (item, version + 1), user.id, "undone", None, &before, now).await?;
    audit::record(tx, user.id, "coaching undone", "coaching item", Some(item), Some(restored), now).await?;
    Ok(Done { item, worker: entry.worker, name: entry.name, version: version + 1 })
}

/// Tells the worker what the worker can read.
async fn tell(
    tx: &mut OrgTx,
    user: &User,
    worker: WorkerId,
    action: &Action,
    key: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let text = match action {
        Action::Schedule { on, .. } => {
            format!("{} would like to talk with you on {}.", user.name, crate::charts::day_and_year(*on))
        }
        Action::Complete { .. } => format!("{} wrote down what you talked about.", user.name),
        Action::Start | Action::Snooze { .. } | Action::Dismiss { .. } => return Ok(()),
    };
    let to = notifications::users_of_worker(tx, worker).await?;
    notifications::notify_once(tx, &to, notifications::Kind::Coaching, key, (&text, "/me#coaching"), now).await?;
    Ok(())
}

fn news_key(item: Uuid, version: i32) -> String {
    format!("coaching:{item}:{version}")
}

/// The entry, if it is this user's to work on.
async fn own_entry(tx: &mut OrgTx, user: &User, scope: &Scope, item: Uuid) -> Result<Entry> {
    if !scope.names {
        return Err(Error::Forbidden("coaching is between a worker and the supervisor"));
    }
    let entry = steps::entry(tx, item, scope).await?.ok_or(Error::NotFound("entry"))?;
    if user.worker == Some(entry.worker) {
        return Err(Error::Forbidden("nobody coaches themselves"));
    }
    Ok(entry)
}

async fn somebody_was_first(tx: &mut OrgTx, user: &User, item: Uuid) -> Result<Error> {
    let last = steps::last(tx, item).await?;
    Ok(Error::Conflict(match last {
        Some((step, Some(who), at)) => {
            let at = at.with_timezone(&user.org.zone);
            format!("{who} was first: this entry was {step} on {}. Nothing was changed.", at.format("%-d %b at %H:%M"))
        }
        _ => "This entry has changed since you opened the page. Nothing was done; look at it again.".into(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, 2).unwrap()
    }

    #[track_caller]
    fn refused(action: &Action, word: &str) {
        let refusal = action.check(today()).unwrap_err().to_string();
        assert!(refusal.contains(word), "{refusal}");
    }

    #[test]
    fn each_action_asks_for_what_it_needs() {
        refused(&Action::Schedule { on: today(), agenda: " ".into() }, "what you want to talk about");
        refused(&Action::Schedule { on: today() - Days::new(1), agenda: "Lateness".into() }, "from today on");
        refused(&Action::Schedule { on: today() + Days::new(61), agenda: "Lateness".into() }, "60 days ahead");
        let complete = |notes: &str, follow_up_on| Action::Complete {
            notes: notes.into(),
            agreed_actions: String::new(),
            follow_up_on,
        };
        refused(&complete("", None), "what you talked about");
        refused(&complete("We talked.", Some(today() - Days::new(1))), "is past");
        refused(&complete(&"a".repeat(4001), None), "fewer words");
        refused(&Action::Snooze { reason: "x".into() }, "why not now");
        refused(&Action::Dismiss { reason: String::new() }, "not needed");
        assert!(complete("We talked.", Some(today())).check(today()).is_ok());
    }

    #[test]
    fn steps_follow_the_order_of_the_work() {
        let schedule = Action::Schedule { on: today(), agenda: "Lateness".into() };
        let complete =
            Action::Complete { notes: "We talked.".into(), agreed_actions: String::new(), follow_up_on: None };
        let fits = |action: &Action, state| action.fits(Kind::Help, state);
        assert!(fits(&schedule, State::Suggested) && fits(&schedule, State::Scheduled));
        assert!(!fits(&schedule, State::InProgress) && !fits(&schedule, State::Completed));
        assert!(!fits(&complete, State::Suggested) && fits(&complete, State::InProgress));
        assert!(complete.fits(Kind::Praise, State::Suggested) && !schedule.fits(Kind::Praise, State::Suggested));
        assert!(!fits(&Action::Snooze { reason: "later".into() }, State::InProgress));
    }
}
