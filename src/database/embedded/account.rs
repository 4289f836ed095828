//! As whom does the server run? As we ourselves, but Postgres refuses root: then as somebody lesser.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::{Error, Result};

/// A user of this machine, by numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) uid: u32,
    gid: u32,
}

impl Account {
    /// Whose a file or folder is; `None` when it is not there.
    pub(super) fn owning(path: &Path) -> Option<Self> {
        fs::metadata(path).ok().map(|it| Self { uid: it.uid(), gid: it.gid() })
    }

    /// The packages' own account, else nobody's.
    pub(super) fn lesser() -> Result<Self> {
        let accounts = fs::read_to_string("/etc/passwd").map_err(Error::io("reading /etc/passwd"))?;
        let account = ["postgres", "nobody"].iter().find_map(|name| named(&accounts, name));
        account.ok_or_else(|| {
            Error::Misconfigured(
                "Postgres does not run as root, and there is no user postgres or nobody to run it as; use another user"
                    .into(),
            )
        })
    }

    /// Whether it can reach a folder; asked by trying, because many rules decide.
    pub(super) fn can_enter(self, folder: &Path) -> bool {
        let mut shell = Command::new("/bin/sh");
        run_as(&mut shell, Some(self));
        shell.args(["-c", "cd \"$0\""]).arg(folder).current_dir("/").stderr(Stdio::null());
        shell.status().is_ok_and(|status| status.success())
    }
}

/// Our own user number.
pub(super) fn our_uid() -> Result<u32> {
    let output = Command::new("id").arg("-u").output().map_err(Error::io("running id -u"))?;
    let uid = String::from_utf8_lossy(&output.stdout).trim().parse();
    uid.map_err(|_| Error::Misconfigured("id -u does not print a number".into()))
}

/// Lets a command run as `account`.
pub(super) fn run_as(command: &mut Command, account: Option<Account>) {
    if let Some(Account { uid, gid }) = account {
        command.uid(uid).gid(gid);
    }
}

/// Gives a file or folder to `account`.
pub(super) fn give(path: &Path, account: Option<Account>) -> std::io::Result<()> {
    account.map_or(Ok(()), |account| chown(path, Some(account.uid), Some(account.gid)))
}

fn named(accounts: &str, name: &str) -> Option<Account> {
    let line = accounts.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(2);
    Some(Account { uid: fields.next()?.parse().ok()?, gid: fields.next()?.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_read_from_the_password_file() {
        let accounts = "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65533:nobody:/:/bin/false\n";
        assert_eq!(named(accounts, "nobody"), Some(Account { uid: 65534, gid: 65533 }));
        assert_eq!(named(accounts, "postgres"), None);
    }
}
