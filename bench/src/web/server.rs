//! The servers that are measured: started as child processes, watched through /proc, stopped at the end.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::now;

/// How long a server may take to start.
const START: Duration = Duration::from_secs(120);

/// Clock ticks in a second, as /proc counts processor time on Linux.
const TICKS: f64 = 100.0;

/// A running server; it is stopped when this is dropped.
pub(super) struct Server {
    child: Child,
    /// Where it listens.
    pub(super) address: SocketAddr,
}

impl Server {
    /// Starts `kapok serve` on a free port, with its rules or those of a folder. Nothing limits how often one client may
    /// ask, and only warnings are logged.
    ///
    /// # Errors
    /// It cannot be started, or does not say where it listens.
    pub(super) fn kapok(program: &Path, data: &Path, rules: Option<&Path>) -> Result<Self, String> {
        let wrong = |what: String| format!("{}: {what}", program.display());
        let mut command = Command::new(program);
        command.args(["serve", "--lang", "en", "--listen", "127.0.0.1:0", "--log-level", "warn", "--api-rate", "0"]);
        command.arg("--data").arg(data);
        if let Some(rules) = rules {
            command.arg("--rules").arg(rules);
        }
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        let mut child = child.map_err(|error| wrong(format!("cannot be run: {error}")))?;
        let out = child.stdout.take();
        // from here on it is stopped whatever happens
        let mut server = Self { child, address: SocketAddr::from(([127, 0, 0, 1], 0)) };
        let mut lines = out.into_iter().flat_map(|out| BufReader::new(out).lines()).map_while(Result::ok);
        let address = lines.find_map(|line| line.rsplit_once("http://")?.1.trim().parse().ok());
        server.address = address.ok_or_else(|| wrong("it does not say where it listens".to_owned()))?;
        Ok(server)
    }

    /// Starts `openfisca serve` with the rules of the benchmark and two workers; `peers` is `bench/peers`.
    ///
    /// # Errors
    /// It cannot be started, or nothing listens after two minutes.
    pub(super) fn openfisca(peers: &Path) -> Result<Self, String> {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let address = free.map_err(|error| format!("there is no free port: {error}"))?;
        let child = Command::new(peers.join("venv/bin/openfisca"))
            .args(["serve", "--country-package", "support_rules", "--workers", "2", "--log-level", "warning"])
            .args(["--bind", &address.to_string()])
            .env("PYTHONPATH", peers.join("openfisca"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("openfisca cannot be run: {error}"))?;
        let server = Self { child, address };
        let start = now();
        while TcpStream::connect(address).is_err() {
            if start.elapsed() > START {
                return Err(format!("openfisca does not listen on {address}"));
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(server)
    }

    /// The memory of the process and its children, in MB.
    #[expect(clippy::cast_precision_loss, reason = "three digits are printed")]
    pub(super) fn memory(&self) -> f64 {
        let kilobytes = |process: u32| {
            let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
            let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
            line.split_whitespace().next()?.parse::<u64>().ok()
        };
        self.processes().into_iter().filter_map(kilobytes).sum::<u64>() as f64 / 1_000.0
    }

    /// The processor time that the process and its children have used, in seconds.
    #[expect(clippy::cast_precision_loss, reason = "three digits are printed")]
    pub(super) fn processor(&self) -> f64 {
        let ticks = |process: u32| {
            let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
            // behind the name in brackets: state is the 3rd field, user and system time the 14th and 15th
            let mut fields = stat.rsplit_once(") ")?.1.split(' ').skip(11);
            Some(fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?)
        };
        self.processes().into_iter().filter_map(ticks).sum::<u64>() as f64 / TICKS
    }

    fn processes(&self) -> Vec<u32> {
        let own = self.child.id();
        let children = std::fs::read_to_string(format!("/proc/{own}/task/{own}/children")).unwrap_or_default();
        [own].into_iter().chain(children.split_whitespace().filter_map(|child| child.parse().ok())).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // so that it can stop its own children too
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}
