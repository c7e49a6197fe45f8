//! A database in a folder of its own, the program run on it, and people who use it.

pub mod browser;
pub mod facts;
pub mod load;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};

use serde_json::Value;
use tempfile::TempDir;

use browser::Browser;

pub struct Place {
    pub folder: TempDir,
    pub database: PathBuf,
}

/// What a command said.
#[derive(Debug)]
pub struct Said {
    pub ok: bool,
    pub code: Option<i32>,
    pub out: String,
    pub error: String,
}

impl Place {
    pub fn new() -> Place {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("hearth.db");
        Place { folder, database }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program with this database; nothing of the shell around the tests reaches it.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hearth"));
        let settings = std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("HEARTH_"));
        for (name, _) in settings {
            command.env_remove(name);
        }
        command.args(arguments).arg("--database").arg(&self.database).current_dir(self.folder.path());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Said {
        said(&mut self.command(arguments))
    }

    pub fn serve(&self) -> Service {
        Service::start(self.command(&["serve", "--listen", "127.0.0.1:0", "--log", "warn"])).unwrap()
    }

    /// A service with its first administrator signed in.
    pub fn serve_signed_in(&self) -> (Service, Browser) {
        let service = self.serve();
        let browser = Browser::first_administrator(&service);
        (service, browser)
    }

    /// Everything that `hearth doctor` counts; fails when it finds anything wrong.
    pub fn doctor(&self) -> Value {
        let said = self.run(&["doctor", "--format", "json"]);
        assert!(said.ok, "{}\n{}", said.error, said.out);
        serde_json::from_str(&said.out).unwrap()
    }

    pub fn people(&self) -> Vec<Person> {
        people_in(&self.database)
    }
}

pub fn said(command: &mut Command) -> Said {
    let output = command.output().unwrap();
    Said {
        ok: output.status.success(),
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        error: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Somebody with an account, and everything that belongs to one being made. What is there of it was written in one
/// transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub email: String,
    pub roles: i64,
    pub links: i64,
    pub audited: i64,
}

impl Person {
    pub fn is_whole(&self) -> bool {
        self.roles == 1 && self.links == 1 && self.audited >= 2
    }
}

pub fn people_in(database: &Path) -> Vec<Person> {
    let rows = query(
        database,
        "select email, (select count(*) from user_role where user_id = user.id),
            (select count(*) from invitation where user_id = user.id),
            (select count(*) from audit where subject_user_id = user.id)
        from user
        where email like 'load-%'
        order by id",
    );
    rows.into_iter().map(|(email, roles, links, audited)| Person { email, roles, links, audited }).collect()
}

fn query(database: &Path, sql: &'static str) -> Vec<(String, i64, i64, i64)> {
    on_database(database, async |connection| sqlx::query_as(sql).fetch_all(connection).await.unwrap())
}

/// Runs something on a connection of this process, beside whoever has the database open.
pub fn on_database<T>(database: &Path, run: impl AsyncFnOnce(&mut sqlx::SqliteConnection) -> T) -> T {
    use sqlx::Connection;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(database);
        let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
        let result = run(&mut connection).await;
        connection.close().await.unwrap();
        result
    })
}

/// A running `hearth serve`. Killed when dropped.
pub struct Service {
    child: Child,
    pub address: String,
    lines: Receiver<String>,
}

impl Service {
    /// Waits until it answers; or says why it did not start.
    pub fn start(mut command: Command) -> Result<Service, Said> {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (send, lines) = channel();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                let _ = send.send(line);
            }
        });
        for line in &lines {
            if let Some(address) = line.strip_prefix("Hearth is at http://") {
                let service = Service { address: address.to_owned(), child, lines };
                return Ok(service);
            }
        }
        let output = child.wait_with_output().unwrap();
        Err(Said {
            ok: output.status.success(),
            code: output.status.code(),
            out: String::new(),
            error: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    /// The path of the link that makes the first administrator.
    pub fn first_link(&self) -> String {
        let before = format!("http://{}", self.address);
        let line = self.lines.iter().find_map(|line| line.strip_prefix(&before).map(str::to_owned));
        line.expect("the service prints a link while nobody can sign in")
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// As systemd stops a service: SIGTERM, and it ends by itself.
    pub fn stop(mut self) -> ExitStatus {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
        self.child.wait().unwrap()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
