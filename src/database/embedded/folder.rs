//! Where the files of one embedded server lie. The folder is ours: `password`, `port` and the two lock files. What is
//! inside its `server/` is the server's: `data/` and `log`; as root we write nothing in there.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::Write;
use std::net::TcpStream;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::account::{Account, give, our_uid, run_as};
use super::binaries::Binaries;
use crate::{Error, Result};

/// How long a server may take to start or stop: long after a crash, when it reads its log again.
const PATIENCE: Duration = Duration::from_secs(120);

/// The files of one server.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    root: PathBuf,
    /// Whom the server runs as, where that is not who we are.
    account: Option<Account>,
}

impl Folder {
    /// `.muster/postgres` of a project; elsewhere when we are root and the server's user cannot get there.
    pub(super) fn of_project(project: &Path, say: &impl Fn(&str)) -> Result<Self> {
        let project = project.canonicalize().map_err(Error::io(format!("looking for {}", project.display())))?;
        let near = project.join(".muster/postgres");
        if our_uid()? != 0 || near.exists() || Account::lesser()?.can_enter(&project) {
            make_folder(&project.join(".muster"), 0o755)?;
            return Self::new(near);
        }
        let shelf = Path::new("/var/lib/muster");
        let far = shelf.join(key_of(&project));
        say(&format!(
            "Postgres does not run as root, and its own user cannot get into {}: the data are in {}",
            project.display(),
            far.display()
        ));
        make_folder(shelf, 0o755)?;
        Self::new(far)
    }

    /// A folder, made when it is not there. A server that was there before runs as whoever its files belong to.
    fn new(root: PathBuf) -> Result<Self> {
        let us = our_uid()?;
        make_folder(&root, 0o711)?;
        let server = root.join("server");
        let owner = Account::owning(&server);
        let account = match owner {
            Some(owner) if owner.uid == us => None,
            Some(owner) if us == 0 => Some(owner),
            Some(owner) => {
                return Err(Error::Misconfigured(format!(
                    "the database in {} belongs to another user (number {}); run as that user, or move the folder away to begin anew",
                    root.display(),
                    owner.uid
                )));
            }
            None if us == 0 => Some(Account::lesser()?),
            None => None,
        };
        if owner.is_none() {
            make_folder(&server, 0o700)?;
            give(&server, account).map_err(Error::io(format!("giving {} to Postgres' user", server.display())))?;
        }
        Ok(Self { root, account })
    }

    /// The lock that is held while the server is started or stopped.
    pub(super) fn start_lock(&self) -> Result<File> {
        lock_file(&self.root.join("start.lock"))
    }

    /// The lock that every user of the server shares.
    pub(super) fn users_lock(&self) -> Result<File> {
        lock_file(&self.root.join("users.lock"))
    }

    fn data(&self) -> PathBuf {
        self.root.join("server/data")
    }

    /// The major version of the Postgres that made the data; `None` when there are none yet.
    pub(super) fn data_version(&self) -> Option<u32> {
        fs::read_to_string(self.data().join("PG_VERSION")).ok()?.trim().parse().ok()
    }

    pub(super) fn remembered_port(&self) -> Option<u16> {
        fs::read_to_string(self.root.join("port")).ok()?.trim().parse().ok()
    }

    pub(super) fn password(&self) -> Result<String> {
        let path = self.root.join("password");
        fs::read_to_string(&path).map_err(Error::io(format!("reading {}", path.display())))
    }

    /// Makes the data with a random password for `owner`. Half-made data of an interrupted run are made again.
    pub(super) fn initialize(&self, binaries: &Binaries, owner: &str) -> Result<()> {
        let making = self.root.join("server/making");
        if making.exists() {
            fs::remove_dir_all(&making).map_err(Error::io(format!("removing {}", making.display())))?;
        }
        let password = self.root.join("password");
        self.write("password", &format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple()))?;
        let hand_over = |account| give(&password, account).map_err(Error::io("handing the password to initdb"));
        hand_over(self.account)?;
        let mut initdb = binaries.command("initdb", self.account);
        initdb.args([
            "--pgdata=server/making",
            "--pwfile=password",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
        ]);
        self.run(initdb.arg(format!("--username={owner}")), &self.root, "making the data of")?;
        hand_over(self.account.and_then(|_| Account::owning(&self.root)))?;
        fs::rename(&making, self.data()).map_err(Error::io(format!("renaming {}", making.display())))
    }

    /// The port of the running server, if it runs. One that is about to end or to begin is waited for.
    pub(super) fn running_port(&self, binaries: &Binaries) -> Result<Option<u16>> {
        let asked = Instant::now();
        loop {
            let mut status = binaries.command("pg_ctl", self.account);
            status.args(["status", "-D", "."]).current_dir(self.data()).stdout(Stdio::null()).stderr(Stdio::null());
            if !status.status().map_err(Error::io("asking Postgres for its status"))?.success() {
                return Ok(None);
            }
            let file = fs::read_to_string(self.data().join("postmaster.pid")).unwrap_or_default();
            let port = file.lines().nth(3).and_then(|port| port.trim().parse().ok());
            if port.is_some_and(|port| TcpStream::connect(("127.0.0.1", port)).is_ok()) {
                return Ok(port);
            }
            if asked.elapsed() > PATIENCE {
                let pid = file.lines().next().unwrap_or("?");
                return Err(Error::Misconfigured(format!(
                    "Postgres (process {pid}) in {} runs but does not answer; end it and try again",
                    self.root.display()
                )));
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Starts the server; `pg_ctl` gives it a process group of its own, so that Ctrl-C reaches us and not it.
    pub(super) fn start(&self, binaries: &Binaries, port: u16, settings: &[&str]) -> Result<()> {
        self.write("port", &port.to_string())?;
        let options: String = settings.iter().map(|setting| format!(" -c {setting}")).collect();
        let mut start = binaries.command("pg_ctl", self.account);
        start.args(["start", "--wait", "--silent", "-D", ".", "-l", "../log", "-o", &format!("-p {port}{options}")]);
        self.run(start.arg(format!("--timeout={}", PATIENCE.as_secs())), &self.data(), "starting")
    }

    /// Stops the server if it runs, without waiting for those who are connected.
    pub(super) fn stop(&self, binaries: &Binaries) -> Result<()> {
        if self.running_port(binaries)?.is_none() {
            return Ok(());
        }
        let mut stop = binaries.command("pg_ctl", self.account);
        stop.args(["stop", "--wait", "--silent", "-D", ".", "--mode=fast"]);
        self.run(stop.arg(format!("--timeout={}", PATIENCE.as_secs())), &self.data(), "stopping")
    }

    /// The last lines of the server's log for an error message, read as the server's user.
    pub(super) fn log_tail(&self) -> String {
        let mut tail = Command::new("tail");
        run_as(&mut tail, self.account);
        let output = tail.args(["-n", "5", "log"]).current_dir(self.root.join("server")).stderr(Stdio::null()).output();
        match output {
            Ok(output) if !output.stdout.is_empty() => {
                let log = self.root.join("server/log");
                format!("\nthe end of {}:\n{}", log.display(), String::from_utf8_lossy(&output.stdout).trim_end())
            }
            _ => String::new(),
        }
    }

    fn run(&self, command: &mut Command, at: &Path, doing: &str) -> Result<()> {
        let output = command.current_dir(at).stdin(Stdio::null()).output();
        let output = output.map_err(Error::io(format!("{doing} Postgres in {}", at.display())))?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(Error::Misconfigured(format!("{doing} the embedded Postgres failed: {said}{}", self.log_tail())))
    }

    /// Writes a file that only we may read.
    fn write(&self, name: &str, content: &str) -> Result<()> {
        let path = self.root.join(name);
        let file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&path);
        let written = file.and_then(|mut file| file.write_all(content.as_bytes()));
        written.map_err(Error::io(format!("writing {}", path.display())))
    }
}

fn lock_file(path: &Path) -> Result<File> {
    let open = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path);
    open.map_err(Error::io(format!("opening {}", path.display())))
}

fn make_folder(path: &Path, mode: u32) -> Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let made = DirBuilder::new().mode(mode).create(path);
    // Whatever the umask takes away: the server's user must get through.
    let opened = made.and_then(|()| fs::set_permissions(path, Permissions::from_mode(mode)));
    opened.map_err(Error::io(format!("making {}", path.display())))
}

/// A short name for a path.
fn key_of(path: &Path) -> String {
    let hash = Sha256::digest(path.as_os_str().as_encoded_bytes());
    hash[..6].iter().map(|byte| format!("{byte:02x}")).collect()
}
