//! The logins of the demo: one for each role in each company.

use muster::clock::Clock;
use muster::config::Settings;
use muster::database::Database;
use muster::people::accounts::{NewUser, SignIn, create_user, login_exists, random_password, reset_password, sign_in};
use muster::people::{Organization, Role, find_client, find_site, find_worker};
use muster::simulation::Company;
use muster::units::WorkerId;
use muster::{Error, Result};

/// What is known of the password of the demo logins.
#[derive(Debug)]
pub enum Password {
    /// It was chosen by `MUSTER_DEMO_PASSWORD`.
    Chosen,
    /// It was made just now and is shown once.
    Random(String),
    /// It was shown when the logins were made.
    ShownBefore,
}

/// Sees to it that each role has its login in each of these companies.
pub async fn ensure(db: &Database, companies: &[(Company, Organization)], clock: &Clock) -> Result<Password> {
    let chosen = Settings::load()?.demo_password.map(|secret| secret.expose().to_owned());
    let random = random_password();
    let password = chosen.as_deref().unwrap_or(&random);
    let mut made = 0;
    for (company, org) in companies {
        for role in Role::ALL {
            if !login_exists(db, &email(*company, role)).await? {
                let new = somebody(db, *company, org, role).await?;
                create_user(db, org.id, &new, password, clock.now()).await?;
                made += 1;
            }
        }
    }
    if chosen.is_some() {
        choose(db, companies, password, clock).await?;
        return Ok(Password::Chosen);
    }
    Ok(if made > 0 { Password::Random(random) } else { Password::ShownBefore })
}

/// The e-mail of a demo login.
pub fn email(company: Company, role: Role) -> String {
    format!("{role}@{}", company.domain())
}

/// Gives the logins the chosen password where an earlier run gave them another one. Those that have it keep their sessions.
async fn choose(db: &Database, companies: &[(Company, Organization)], password: &str, clock: &Clock) -> Result<()> {
    for (company, _) in companies {
        for role in Role::ALL {
            let email = email(*company, role);
            let fits = sign_in(db, &email, password, "muster demo", clock.now()).await?;
            if !matches!(fits, SignIn::Welcome { .. }) {
                reset_password(db, &email, password).await?;
            }
        }
    }
    Ok(())
}

async fn somebody(db: &Database, company: Company, org: &Organization, role: Role) -> Result<NewUser> {
    let mut tx = db.org(org.id).await?;
    let number = match role {
        Role::Worker => Some(company.demo_worker()),
        Role::Supervisor => Some(company.demo_supervisor()),
        _ => None,
    };
    let person = match number {
        Some(number) => optional(find_worker(&mut tx, number).await)?,
        None => None,
    };
    let client = if role == Role::Client { Some(find_client(&mut tx, "C001").await?) } else { None };
    let sites = if role == Role::Supervisor { vec![find_site(&mut tx, "S001").await?] } else { Vec::new() };
    let (worker, name): (Option<WorkerId>, String) = match person {
        Some((id, name)) => (Some(id), name),
        None => (None, default_name(role).into()),
    };
    Ok(NewUser { name, email: email(company, role), role, worker, client, sites })
}

/// Nobody there is no mistake: the company may hold something else than the demo.
fn optional<T>(found: Result<T>) -> Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Error::Invalid(_) | Error::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn default_name(role: Role) -> &'static str {
    match role {
        Role::Worker => "Alex Worker",
        Role::Supervisor => "Sam Supervisor",
        Role::Scheduler => "Robin Scheduler",
        Role::Finance => "Kim Finance",
        Role::Hr => "Jo People",
        Role::Executive => "Chris Executive",
        Role::Client => "Pat Client",
        Role::Admin => "Lee Admin",
        Role::Platform => "Max Platform",
    }
}
