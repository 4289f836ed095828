//! What is new for me? One line per piece of news, with a link to where it is; a bell counts the unread.
//!
//! - [`notify`] tells users something; [`notify_once`] the same from a job that may run twice.
//! - [`users_of_worker`] and [`supervisors_of`] are whom to tell.
//! - [`inbox`], [`mark_read`], [`mark_all_read`], [`mute`] and [`unmute`] are the reader's.

mod kind;
pub use kind::{Kind, LONGEST, is_own_path};

#[cfg(feature = "server")]
mod deliver;
#[cfg(feature = "server")]
mod inbox;

#[cfg(feature = "server")]
pub use deliver::{News, notify, notify_each, notify_once, supervisors_of, users_of_worker, withdraw};
#[cfg(feature = "server")]
pub use inbox::{
    DAYS_KEPT, Inbox, Notification, PER_PAGE, forget_read, inbox, mark_all_read, mark_read, mute, muted, unmute,
    unread_count,
};
