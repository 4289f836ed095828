//! The SQL of the queue: what signals are judged from, the entries, their steps and their conversations.

pub(super) mod facts;
pub(super) mod items;
pub(super) mod read;
pub(super) mod sessions;
pub(super) mod steps;
