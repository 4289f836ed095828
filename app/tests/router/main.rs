//! The application through its real router, on a real Postgres: who comes in, what each may open, what is refused.
#![cfg(feature = "ssr")]

mod alignment;
mod alignment_alerts;
mod api;
mod api_answers;
mod challenges;
mod churn;
mod coaching;
mod commerce;
mod compliance;
mod disputes;
mod executive;
mod financial;
mod foreign_pages;
mod headers;
mod house;
mod jobs;
mod me;
mod notifications;
mod operations;
mod operations_api;
mod operations_live;
mod pdf;
mod people;
mod permissions;
mod portal;
mod privacy;
mod product;
mod reports;
mod roster;
mod sessions;
mod signing_in;
mod team;
mod tenants;
mod tokens;
