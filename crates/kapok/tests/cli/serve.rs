//! The server as who runs it meets it: its address, its log, how it stops, and why it does not start.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::run::root;

/// A running server.
struct Server {
    child: Child,
    address: String,
}

/// A server command with a data folder of its own.
fn command(name: &str, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kapok"));
    let data = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    command.arg("serve").args(args).current_dir(root());
    if !args.contains(&"--data") {
        command.arg("--data").arg(data);
    }
    for name in ["KAPOK_RULES", "KAPOK_LISTEN", "KAPOK_DATA", "KAPOK_LOG_FORMAT", "KAPOK_LOG_LEVEL", "NO_COLOR"] {
        command.env_remove(name);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

impl Server {
    fn start(name: &str, args: &[&str]) -> Self {
        let mut child = command(name, &[&["--listen", "127.0.0.1:0"], args].concat()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let (_, address) = line.trim().split_once("http://").unwrap_or_else(|| panic!("no address in {line:?}"));
        Self { address: address.to_owned(), child }
    }

    /// The head and body of an answer.
    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Ends it with a signal; its exit code and log.
    fn stop(mut self, signal: &str) -> (Option<i32>, String) {
        let killed = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(killed.success());
        let status = self.child.wait().unwrap();
        let mut log = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        (status.code(), log)
    }
}

/// The exit code and the message of a server that cannot start.
fn refused(name: &str, args: &[&str]) -> (Option<i32>, String) {
    let output = command(name, args).output().unwrap();
    assert!(output.stdout.is_empty());
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn it_answers_until_it_is_told_to_stop() {
    for signal in ["-TERM", "-INT"] {
        let server = Server::start("serve-stop", &["--lang", "en"]);
        assert!(server.get("/healthz").starts_with("HTTP/1.1 200"));
        assert!(server.get("/").contains("<!doctype html>"));
        let (code, log) = server.stop(signal);
        assert_eq!(code, Some(0), "{log}");
        assert!(log.contains("stopped"), "{log}");
    }
}

#[test]
fn the_log_tells_of_requests_and_not_of_visitors() {
    let secrets = ["9144030071526726XG", "secret"];
    for format in ["json", "text"] {
        let server = Server::start("serve-log", &["--log-format", format, "--log-level", "debug"]);
        server.get("/search?q=secret");
        server.get("/companies/9144030071526726XG");
        server.get("/secret/9144030071526726XG?secret=secret");
        let (_, log) = server.stop("-TERM");
        let answered = log.lines().filter(|line| line.contains("answered")).count();
        assert_eq!(answered, 3, "{log}");
        for secret in secrets {
            assert!(!log.contains(secret), "{log}");
        }
        if format == "json" {
            for line in log.lines() {
                let line: serde_json::Value = serde_json::from_str(line).unwrap();
                assert!(line["timestamp"].is_string() && line["level"].is_string(), "{line}");
            }
        }
    }
}

#[test]
fn a_port_that_is_taken_is_told_with_what_to_do() {
    let server = Server::start("serve-taken", &[]);
    let (code, zh) = refused("serve-taken-2", &["--listen", &server.address]);
    assert_eq!(code, Some(2));
    assert!(zh.contains("已被占用") && zh.contains("--listen"), "{zh}");
    let (_, en) = refused("serve-taken-2", &["--listen", &server.address, "--lang", "en"]);
    assert!(en.contains("is taken") && en.contains("--listen"), "{en}");
    server.stop("-TERM");
}

#[test]
fn what_cannot_be_used_is_told() {
    let (code, message) = refused("serve-bad", &["--listen", "somewhere", "--lang", "en"]);
    assert_eq!((code, message.contains("127.0.0.1:8080")), (Some(2), true), "{message}");
    // a file stands where the folder should be: not even root can write there
    let file = crate::run::file("serve-file", "");
    let (code, message) = refused("serve-bad", &["--data", &format!("{file}/data"), "--lang", "zh"]);
    assert_eq!((code, message.contains("无法写入数据文件夹")), (Some(2), true), "{message}");
    let (code, message) = refused("serve-bad", &["--rules", "no/such/folder", "--lang", "en"]);
    assert_eq!((code, message.contains("no/such/folder")), (Some(2), true), "{message}");
}

#[test]
fn other_rules_than_the_built_in_ones_are_served() {
    let rules = crate::run::rules("serve-rules", crate::run::GROWTH);
    let server = Server::start("serve-rules-data", &["--rules", &rules]);
    assert!(server.get("/metrics").contains("\nkapok_measures 1\n"));
    server.stop("-TERM");
}
