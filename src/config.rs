//! With which settings does this process run? The environment first, then `muster.toml`, then a default; checked at
//! start, with all errors at once. Secrets are never printed.

use std::fmt;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use sqlx::postgres::PgConnectOptions;

use crate::{Error, Result};

/// The file with settings, in `MUSTER_HOME`, else in the current folder.
const FILE: &str = "muster.toml";

/// A setting: its name in the environment and its name in the file.
#[derive(Debug)]
struct Name {
    environment: &'static str,
    file: &'static str,
}

const DATABASE_URL: Name = Name { environment: "DATABASE_URL", file: "database_url" };
const CONNECTIONS: Name = Name { environment: "MUSTER_CONNECTIONS", file: "connections" };
const ADDR: Name = Name { environment: "MUSTER_ADDR", file: "addr" };
const PROXIES: Name = Name { environment: "MUSTER_PROXIES", file: "proxies" };
const SITE_ROOT: Name = Name { environment: "MUSTER_SITE_ROOT", file: "site_root" };
const LOG: Name = Name { environment: "RUST_LOG", file: "log" };
const LOG_FORMAT: Name = Name { environment: "MUSTER_LOG_FORMAT", file: "log_format" };
const DEMO_PASSWORD: Name = Name { environment: "MUSTER_DEMO_PASSWORD", file: "demo_password" };
const API_LIMIT: Name = Name { environment: "MUSTER_API_PER_MINUTE", file: "api_per_minute" };
const SMTP_URL: Name = Name { environment: "SMTP_URL", file: "smtp_url" };
const METRICS_ADDR: Name = Name { environment: "MUSTER_METRICS_ADDR", file: "metrics_addr" };
const MAIL_FROM: Name = Name { environment: "MUSTER_MAIL_FROM", file: "mail_from" };
const ADMIN_EMAIL: Name = Name { environment: "ADMIN_EMAIL", file: "admin_email" };
const NAMES: [Name; 13] = [
    DATABASE_URL,
    CONNECTIONS,
    ADDR,
    METRICS_ADDR,
    PROXIES,
    API_LIMIT,
    SITE_ROOT,
    LOG,
    LOG_FORMAT,
    DEMO_PASSWORD,
    SMTP_URL,
    MAIL_FROM,
    ADMIN_EMAIL,
];

/// Requests of the API a caller has in a minute when nothing else is set.
pub const API_PER_MINUTE: NonZeroU32 = NonZeroU32::new(600).expect("not zero");

/// Text that is not printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Text that is not printed.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Everything that can be set.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The folder that `.muster/` and `target/site/` are in: `MUSTER_HOME`, else the current one.
    pub home: PathBuf,
    /// The database, as its owner; `None` is the private one in `.muster/`.
    pub database_url: Option<Secret>,
    /// The most connections of a server to the database.
    pub connections: u32,
    /// Address and port to serve on.
    pub addr: SocketAddr,
    /// Address and port at which `/metrics` is served, apart from the pages; `None`: nowhere.
    pub metrics_addr: Option<SocketAddr>,
    /// How many proxies of ours stand in front: that many last entries of `X-Forwarded-For` are believed.
    pub proxies: u8,
    /// How many requests of the API a caller may send in a minute.
    pub api_per_minute: NonZeroU32,
    /// The folder with the built assets.
    pub site_root: PathBuf,
    /// What is logged, as `tracing_subscriber::EnvFilter` reads it.
    pub log: String,
    /// How it is logged.
    pub log_format: LogFormat,
    /// The password of the demo logins; `None` is a random one, printed once.
    pub demo_password: Option<Secret>,
    /// The mail server; without one mails are kept and not sent.
    pub smtp_url: Option<Secret>,
    /// Whom mails are from.
    pub mail_from: String,
    /// Who is sent the alerts of every organization, besides those who may see them there.
    pub admin_email: Option<String>,
}

impl Settings {
    /// Reads the environment and, if it is there, `muster.toml`.
    ///
    /// # Errors
    /// [`Error::Misconfigured`] that lists everything wrong, one a line.
    pub fn load() -> Result<Self> {
        let home = match std::env::var_os("MUSTER_HOME").filter(|home| !home.is_empty()) {
            Some(home) => home.into(),
            None => std::env::current_dir().map_err(Error::io("looking for the current folder"))?,
        };
        let path = home.join(FILE);
        let file = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(Error::io(format!("reading {}", path.display()))(error)),
        };
        Self::read(&home, |name| std::env::var(name).ok(), &file)
    }

    /// Reads settings out of an environment and the text of a file; the environment wins.
    ///
    /// # Errors
    /// [`Error::Misconfigured`] that lists everything wrong, one a line.
    pub fn read(home: &Path, environment: impl Fn(&str) -> Option<String>, file: &str) -> Result<Self> {
        let mut reader = Reader { environment, file: toml::Table::new(), wrong: Vec::new() };
        match file.parse() {
            Ok(table) => reader.file = table,
            Err(error) => reader.wrong.push(not_toml(file, &error)),
        }
        reader.refuse_unknown();
        let settings = Self {
            home: home.to_owned(),
            database_url: reader.read(&DATABASE_URL, database_url),
            connections: reader.read(&CONNECTIONS, connections).unwrap_or(10),
            addr: reader.read(&ADDR, addr).unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 3000))),
            metrics_addr: reader.read(&METRICS_ADDR, addr),
            proxies: reader.read(&PROXIES, proxies).unwrap_or(0),
            api_per_minute: reader.read(&API_LIMIT, api_per_minute).unwrap_or(API_PER_MINUTE),
            site_root: reader.read(&SITE_ROOT, |text| Ok(home.join(text))).unwrap_or_else(|| home.join("target/site")),
            log: reader
                .read(&LOG, |text| Ok(text.to_owned()))
                .unwrap_or_else(|| "info,sqlx=warn,graphile_worker=warn".into()),
            log_format: reader.read(&LOG_FORMAT, log_format).unwrap_or(LogFormat::Text),
            demo_password: reader.read(&DEMO_PASSWORD, demo_password),
            smtp_url: reader.read(&SMTP_URL, smtp_url),
            mail_from: reader.read(&MAIL_FROM, mail_from).unwrap_or_else(|| "Muster <muster@localhost>".into()),
            admin_email: reader.read(&ADMIN_EMAIL, admin_email),
        };
        if reader.wrong.is_empty() {
            Ok(settings)
        } else {
            Err(Error::Misconfigured(format!("the settings are wrong:\n{}", reader.wrong.join("\n"))))
        }
    }
}

struct Reader<E> {
    environment: E,
    file: toml::Table,
    wrong: Vec<String>,
}

impl<E: Fn(&str) -> Option<String>> Reader<E> {
    /// The value of a setting; a wrong one is noted and read as none, so that all wrong ones are found.
    fn read<T>(&mut self, name: &Name, check: impl Fn(&str) -> Result<T, &'static str>) -> Option<T> {
        let (label, text) = match (self.environment)(name.environment).filter(|text| !text.is_empty()) {
            Some(text) => (name.environment, text),
            None => (name.file, text_of(self.file.get(name.file)?)),
        };
        check(&text).map_err(|must| self.wrong.push(format!("{label} {must}"))).ok()
    }

    fn refuse_unknown(&mut self) {
        let unknown = self.file.keys().filter(|key| NAMES.iter().all(|name| name.file != *key));
        let known = NAMES.map(|name| name.file).join(", ");
        self.wrong.extend(unknown.map(|key| format!("{FILE}: there is no setting '{key}'; there are {known}")));
    }
}

/// Says where, and never what: the line may hold a password.
fn not_toml(file: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| file.get(..span.start)).unwrap_or_default();
    format!("{FILE}: line {} is not TOML; a setting reads: name = 'value'", before.lines().count().max(1))
}

fn text_of(value: &toml::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}

fn smtp_url(text: &str) -> Result<Secret, &'static str> {
    match text.starts_with("smtp://") || text.starts_with("smtps://") {
        true => Ok(Secret(text.into())),
        false => Err("must be an address such as smtps://user:password@host"),
    }
}

fn mail_from(text: &str) -> Result<String, &'static str> {
    match text.parse::<lettre::message::Mailbox>() {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("must be a sender such as Muster <muster@example.com>"),
    }
}

fn admin_email(text: &str) -> Result<String, &'static str> {
    match text.parse::<lettre::Address>() {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("must be one address such as operations@example.com"),
    }
}

fn database_url(text: &str) -> Result<Secret, &'static str> {
    let address = text.starts_with("postgres://") || text.starts_with("postgresql://");
    match address && text.parse::<PgConnectOptions>().is_ok() {
        true => Ok(Secret(text.into())),
        false => Err("must be an address such as postgres://user:password@host/database"),
    }
}

fn connections(text: &str) -> Result<u32, &'static str> {
    text.parse().ok().filter(|count| (1..=500).contains(count)).ok_or("must be a number from 1 to 500")
}

fn addr(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse().map_err(|_| "must be an address and a port, such as 127.0.0.1:3000 or [::1]:3000")
}

fn proxies(text: &str) -> Result<u8, &'static str> {
    text.parse().ok().filter(|count| *count <= 9).ok_or("must be the number of your proxies in front, 0 to 9")
}

fn api_per_minute(text: &str) -> Result<NonZeroU32, &'static str> {
    text.parse().ok().filter(|limit: &NonZeroU32| limit.get() <= 1_000_000).ok_or("must be a number from 1 to 1000000")
}

fn log_format(text: &str) -> Result<LogFormat, &'static str> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err("must be text or json"),
    }
}

fn demo_password(text: &str) -> Result<Secret, &'static str> {
    match text.chars().count() {
        12..=128 => Ok(Secret(text.into())),
        _ => Err("must have 12 to 128 characters"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(environment: &[(&str, &str)], file: &str) -> Result<Settings> {
        let value = |name: &str| environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).into());
        Settings::read(Path::new("/srv/muster"), value, file)
    }

    #[test]
    fn nothing_set_is_a_private_database_on_loopback() {
        let settings = read(&[], "").unwrap();
        assert_eq!(settings.database_url, None);
        assert_eq!(settings.addr.to_string(), "127.0.0.1:3000");
        assert_eq!(settings.metrics_addr, None);
        assert_eq!(settings.site_root, Path::new("/srv/muster/target/site"));
    }

    #[test]
    fn the_environment_wins_over_the_file_and_an_empty_variable_is_none() {
        let file = "addr = '127.0.0.1:4000'\nconnections = 7\nlog_format = 'json'";
        let settings = read(&[("MUSTER_ADDR", "0.0.0.0:80"), ("MUSTER_LOG_FORMAT", "")], file).unwrap();
        assert_eq!(settings.addr.to_string(), "0.0.0.0:80");
        assert_eq!(settings.connections, 7);
        assert_eq!(settings.log_format, LogFormat::Json);
    }

    #[test]
    fn everything_wrong_is_told_at_once_and_no_secret_with_it() {
        let environment = [
            ("DATABASE_URL", "mysql://me:hunter2hunter2@db/x"),
            ("MUSTER_ADDR", "everywhere"),
            ("MUSTER_METRICS_ADDR", "here"),
            ("MUSTER_DEMO_PASSWORD", "hunter2"),
            ("MUSTER_CONNECTIONS", "0"),
            ("MUSTER_API_PER_MINUTE", "0"),
        ];
        let error = read(&environment, "colour = 'red'\nproxies = 40").unwrap_err().to_string();
        let settings = environment.map(|(name, _)| name);
        for name in settings.into_iter().chain(["'colour'", "proxies"]) {
            assert!(error.contains(name), "{name} is missing in: {error}");
        }
        assert!(!error.contains("hunter2"), "{error}");
    }

    #[test]
    fn a_file_that_is_not_toml_is_refused_without_its_text() {
        let error = read(&[], "database_url = postgres://me:hunter2@db").unwrap_err().to_string();
        assert!(error.contains("muster.toml") && !error.contains("hunter2"), "{error}");
    }

    #[test]
    fn secrets_are_not_in_the_debug_form() {
        let settings = read(&[("DATABASE_URL", "postgres://me:hunter2@db/x")], "").unwrap();
        assert!(!format!("{settings:?}").contains("hunter2"));
        assert_eq!(settings.database_url.unwrap().expose(), "postgres://me:hunter2@db/x");
    }
}
