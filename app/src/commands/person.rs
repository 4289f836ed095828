//! `muster person held|erase`: what is held about somebody, and forgetting them.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use muster::clock::Clock;
use muster::database::{Database, OrgTx};
use muster::people::{find_worker, organization_by_slug};
use muster::privacy::{self, Person};
use muster::units::UserId;
use muster::{Error, Result};

use super::Source;

/// One person's data.
#[derive(Debug, Subcommand)]
pub enum Data {
    /// Writes everything that is held about a person:
    /// `muster person held --org city --worker UG00007 --out data.json`
    Held {
        #[command(flatten)]
        who: Who,
        /// How it is written.
        #[arg(long, value_enum, default_value_t = Format::Json)]
        format: Format,
        /// The file; standard output by default.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Forgets a person who has left; sums stay, nothing leads back:
    /// `muster person erase --org city --worker UG00007 --reason "asked on 1 April" --yes`
    Erase {
        #[command(flatten)]
        who: Who,
        /// Why; it is kept with the erasure.
        #[arg(long)]
        reason: String,
        /// It cannot be undone: say that you mean it.
        #[arg(long)]
        yes: bool,
    },
}

/// Who is meant.
#[derive(Debug, Args)]
pub struct Who {
    /// Short name of the organization.
    #[arg(long)]
    org: String,
    /// Employee number.
    #[arg(long, required_unless_present = "email", conflicts_with = "email")]
    worker: Option<String>,
    /// The e-mail the person signs in with.
    #[arg(long)]
    email: Option<String>,
}

/// How it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One document, every record as it is stored.
    Json,
    /// One line for each value.
    Csv,
}

impl Data {
    /// Does it.
    pub async fn run(self) -> Result<ExitCode> {
        let source = Source::open().await?;
        let db = source.migrated(2).await?;
        let outcome = match &self {
            Self::Held { who, format, out } => held(&db, who, *format, out.as_deref()).await,
            Self::Erase { who, reason, yes } => erase(&db, who, reason, *yes).await,
        };
        db.close().await;
        source.release()?;
        outcome.map(|()| ExitCode::SUCCESS)
    }
}

impl Who {
    async fn find(&self, db: &Database) -> Result<(OrgTx, Person)> {
        let mut global = db.global().await?;
        let org = organization_by_slug(&mut global, &self.org).await?;
        global.commit().await?;
        let mut tx = db.org(org.id).await?;
        let person = match (&self.worker, &self.email) {
            (Some(number), _) => {
                let (worker, _) = find_worker(&mut tx, number).await?;
                privacy::person_of_worker(&mut tx, worker).await?
            }
            (None, Some(email)) => {
                let email = email.trim().to_lowercase();
                let found = privacy::find_people(&mut tx, &email).await?;
                let one = found.into_iter().find(|it| it.email.as_deref() == Some(email.as_str()));
                let user: UserId = one.and_then(|it| it.user).ok_or(Error::NotFound("user with this e-mail"))?;
                privacy::person_of_user(&mut tx, user).await?
            }
            (None, None) => return Err(Error::Invalid("Say who: --worker NUMBER or --email ADDRESS.".into())),
        };
        Ok((tx, person))
    }
}

async fn held(db: &Database, who: &Who, format: Format, out: Option<&std::path::Path>) -> Result<()> {
    let (mut tx, person) = who.find(db).await?;
    let download = privacy::download(&mut tx, person).await?;
    let text = match format {
        Format::Json => serde_json::to_string_pretty(&download)?,
        Format::Csv => download.csv()?,
    };
    match out {
        Some(path) => std::fs::write(path, text).map_err(Error::io("writing the file")),
        None => {
            println!("{text}");
            Ok(())
        }
    }
}

async fn erase(db: &Database, who: &Who, reason: &str, yes: bool) -> Result<()> {
    if !yes {
        return Err(Error::Invalid("Forgetting cannot be undone. Say --yes when you mean it.".into()));
    }
    let (mut tx, person) = who.find(db).await?;
    let done = privacy::erase(&mut tx, person, None, reason, Clock::system().now()).await?;
    tx.commit().await?;
    println!("forgotten: called {} from now on", done.alias);
    for (table, rows) in &done.changed {
        println!("  {table}: {rows}");
    }
    Ok(())
}
