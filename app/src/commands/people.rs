//! `muster org add`, `muster user add|reset`, `muster token create|list|revoke`: who there is.

use std::io::Read;
use std::process::ExitCode;

use chrono::{DateTime, Duration, Utc};
use clap::{Args, Subcommand};
use muster::clock::{Clock, zone};
use muster::database::Database;
use muster::people::accounts::{NewUser, create_user, random_password, reset_password};
use muster::people::{
    Role, TokenInfo, create_organization, create_token, find_client, find_site, find_worker, make_platform,
    organization_by_slug, revoke_token, tokens_of,
};
use muster::{Error, Result};
use uuid::Uuid;

use super::Source;

/// Organizations.
#[derive(Debug, Subcommand)]
pub enum Org {
    /// Adds an organization: `muster org add city --name "City services" --zone America/New_York --currency USD`
    Add {
        /// Its short name: lower-case letters, digits, dashes.
        slug: String,
        /// Its name.
        #[arg(long)]
        name: String,
        /// Its IANA time zone.
        #[arg(long)]
        zone: String,
        /// ISO 4217 code of its money.
        #[arg(long, default_value = "USD")]
        currency: String,
        /// It is the platform itself: totals over all organizations are kept in it. There is one at most.
        #[arg(long)]
        platform: bool,
    },
}

/// Users.
#[derive(Debug, Subcommand)]
pub enum User {
    /// Adds a user: `muster user add --org city --email crew7@city.test --role worker --worker "PWDx_Graffiti"`
    Add(NewUserArguments),
    /// Sets a new password, lifts a lock and ends the user's sessions.
    Reset {
        /// The e-mail the user signs in with.
        email: String,
        /// Read the password from standard input instead of making a random one.
        #[arg(long)]
        password_stdin: bool,
    },
}

/// A new user.
#[derive(Debug, Args)]
pub struct NewUserArguments {
    /// Short name of the organization.
    #[arg(long)]
    org: String,
    /// The e-mail to sign in with.
    #[arg(long)]
    email: String,
    /// worker, supervisor, scheduler, finance, hr, executive, client, admin or platform.
    #[arg(long)]
    role: Role,
    /// The name to show; the worker's, else the e-mail's, by default.
    #[arg(long)]
    name: Option<String>,
    /// Employee number of the worker the user is.
    #[arg(long)]
    worker: Option<String>,
    /// Code of the client the user belongs to.
    #[arg(long)]
    client: Option<String>,
    /// Code of a site the user looks after; may be given again.
    #[arg(long)]
    site: Vec<String>,
    /// Read the password from standard input instead of making a random one.
    #[arg(long)]
    password_stdin: bool,
}

/// REST tokens.
#[derive(Debug, Subcommand)]
pub enum Token {
    /// Makes a token; it is printed once and stored nowhere: `muster token create --email a@b.test --name laptop`
    Create {
        /// The login it acts for.
        #[arg(long)]
        email: String,
        /// What it is for.
        #[arg(long)]
        name: String,
        /// The area of /api/v1 it opens; may be given again. All by default.
        #[arg(long, default_value = "*")]
        scope: Vec<String>,
        /// After how many days it ends.
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(i64).range(1..=3650))]
        days: i64,
    },
    /// Lists the tokens of a login, without the tokens themselves: `muster token list --email a@b.test`
    List {
        /// The login they act for.
        #[arg(long)]
        email: String,
        /// Prints them as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Ends a token at once: `muster token revoke 019ac2f1-…`
    Revoke {
        /// Its id, as `muster token list` shows it.
        id: Uuid,
    },
}

fn chosen_password(stdin: bool) -> Result<(String, bool)> {
    if !stdin {
        return Ok((random_password(), true));
    }
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(Error::io("reading the password"))?;
    Ok((text.trim_end_matches(['\r', '\n']).to_owned(), false))
}

impl Org {
    /// Does it.
    pub async fn run(self) -> Result<ExitCode> {
        let Self::Add { slug, name, zone: zone_name, currency, platform } = self;
        let zone = zone(&zone_name)?;
        if currency.len() != 3 || !currency.chars().all(|letter| letter.is_ascii_uppercase()) {
            return Err(Error::Invalid(format!("'{currency}' is not a currency code; write it as ZAR or USD")));
        }
        with_database(async |db| {
            let mut tx = db.global().await?;
            let org = create_organization(&mut tx, &slug, &name, &currency, zone, false, Clock::system().now()).await?;
            if platform {
                make_platform(&mut tx, org.id).await?;
            }
            tx.commit().await?;
            println!("added organization {slug}; bring its facts in with: muster import --org {slug} FILES");
            Ok(())
        })
        .await
    }
}

impl User {
    /// Does it.
    pub async fn run(self) -> Result<ExitCode> {
        with_database(async |db| match self {
            Self::Add(arguments) => add(db, arguments).await,
            Self::Reset { email, password_stdin } => {
                let (password, random) = chosen_password(password_stdin)?;
                reset_password(db, &email, &password).await?;
                println!("new password for {email}{}", if random { format!(": {password}") } else { String::new() });
                Ok(())
            }
        })
        .await
    }
}

async fn add(db: &Database, arguments: NewUserArguments) -> Result<()> {
    let mut global = db.global().await?;
    let org = organization_by_slug(&mut global, &arguments.org).await?;
    global.commit().await?;
    let mut tx = db.org(org.id).await?;
    let worker = match &arguments.worker {
        Some(number) => Some(find_worker(&mut tx, number).await?),
        None => None,
    };
    let client = match &arguments.client {
        Some(code) => Some(find_client(&mut tx, code).await?),
        None => None,
    };
    let mut sites = Vec::new();
    for code in &arguments.site {
        sites.push(find_site(&mut tx, code).await?);
    }
    drop(tx);
    let name =
        arguments.name.or(worker.as_ref().map(|(_, name)| name.clone())).unwrap_or_else(|| arguments.email.clone());
    let (password, random) = chosen_password(arguments.password_stdin)?;
    let new = NewUser {
        name,
        email: arguments.email.clone(),
        role: arguments.role,
        worker: worker.map(|(id, _)| id),
        client,
        sites,
    };
    create_user(db, org.id, &new, &password, Clock::system().now()).await?;
    println!("added {} as {} of {}", arguments.email, arguments.role, org.slug);
    if random {
        println!("password, shown this once: {password}");
    }
    Ok(())
}

impl Token {
    /// Does it.
    pub async fn run(self) -> Result<ExitCode> {
        with_database(async |db| {
            let now = Clock::system().now();
            match self {
                Self::Create { email, name, scope, days } => {
                    let ends = Some(now + Duration::days(days));
                    println!("{}", create_token(db, &email, &name, &scope, ends, now).await?);
                    Ok(())
                }
                Self::List { email, json } => list(&tokens_of(db, &email).await?, json),
                Self::Revoke { id } => {
                    revoke_token(db, id, now).await?;
                    println!("token {id} opens nothing any more");
                    Ok(())
                }
            }
        })
        .await
    }
}

fn list(tokens: &[TokenInfo], json: bool) -> Result<()> {
    if json {
        println!("{}", serde_json::to_string_pretty(tokens)?);
        return Ok(());
    }
    let date = |at: Option<DateTime<Utc>>| at.map_or_else(|| "never".to_owned(), |at| at.date_naive().to_string());
    for token in tokens {
        let (ends, used) = (date(token.expires_at), date(token.last_used_at));
        let scopes = token.scopes.join(",");
        let revoked = token.revoked_at.map_or("", |_| ", revoked");
        println!("{} {} ({scopes}): ends {ends}, last used {used}{revoked}", token.id, token.name);
    }
    Ok(())
}

async fn with_database(work: impl AsyncFnOnce(&Database) -> Result<()>) -> Result<ExitCode> {
    let source = Source::open().await?;
    let db = source.migrated(2).await?;
    let outcome = work(&db).await;
    db.close().await;
    source.release()?;
    outcome.map(|()| ExitCode::SUCCESS)
}
