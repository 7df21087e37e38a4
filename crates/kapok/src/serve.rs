//! `kapok serve`: the pages and the API, until it is told to stop.

use std::io::{ErrorKind, IsTerminal, Write};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use app::Kapok;
use app::drafts::Drafts;
use clap::{Args, ValueEnum};
use domain::Date;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use web::{App, Config, Rate};

use crate::output::{Lang, Tried, pick, said};
use crate::{clock, texts};

/// Serve the pages and the API of the demo city
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Serve {
    /// The address and port to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080", env = "KAPOK_LISTEN")]
    listen: String,
    /// The folder for what visitors tell; it is made where it is not there
    #[arg(long, value_name = "DIR", default_value = "kapok-data", env = "KAPOK_DATA")]
    data: PathBuf,
    /// A folder with `catalogue` and `vocabulary` [default: the rules that are built in]
    #[arg(long, value_name = "DIR", env = "KAPOK_RULES")]
    rules: Option<PathBuf>,
    /// The form of the log, which is written to standard error
    #[arg(long, value_enum, default_value_t, env = "KAPOK_LOG_FORMAT")]
    log_format: LogFormat,
    /// How much is logged: off, error, warn, info, debug
    #[arg(long, value_name = "LEVEL", default_value = "info", env = "KAPOK_LOG_LEVEL")]
    log_level: LevelFilter,
    /// Requests a second that one client may send to the API in the long run; 0 for no limit
    #[arg(long, value_name = "N", default_value_t = 50, env = "KAPOK_API_RATE")]
    api_rate: u32,
    /// Requests that one client may send to the API at once
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..), env = "KAPOK_API_BURST")]
    api_burst: u32,
    /// The server stands behind a proxy that tells the client's address in X-Forwarded-For
    #[arg(long, env = "KAPOK_BEHIND_PROXY")]
    behind_proxy: bool,
    /// Seconds that requests have to end when the server stops
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    grace: u64,
    /// The language of this command's own messages
    #[arg(long, value_enum, default_value_t)]
    lang: Lang,
    /// The day to take for today, for demonstrations and tests
    #[arg(long, value_name = "DATE", value_parser = texts::date, hide = true)]
    on: Option<Date>,
}

const EXAMPLES: &str = "\
Examples:
  kapok serve
  kapok serve --listen 0.0.0.0:80 --data /var/lib/kapok --log-format json

The address is printed when the pages can be opened. Ctrl-C or SIGTERM stop the server.
The log has no addresses of visitors, no queries, and nothing of what they enter.
/healthz, /readyz and /metrics are for monitoring.

Exit code: 0 stopped, 2 could not start.";

/// The form of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    /// Lines for people
    #[default]
    Text,
    /// One JSON object a line
    Json,
}

impl Serve {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let app = self.app()?;
        log(self.log_format, self.log_level);
        let failed = || ("无法启动运行时".to_owned(), "cannot start the runtime".to_owned());
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().tried(failed)?;
        runtime.block_on(self.serve(app))?;
        // what still runs beside the requests need not end
        runtime.shutdown_background();
        Ok(ExitCode::SUCCESS)
    }

    fn app(&self) -> anyhow::Result<App> {
        let sources = texts::chosen(self.rules.as_deref())?;
        let shown = self.data.display();
        let drafts = Drafts::open(&self.data.join("answers"))
            .tried(|| (format!("无法写入数据文件夹 {shown}"), format!("cannot write to the data folder {shown}")))?;
        let kapok =
            Kapok::new(sources, drafts).map_err(|loaded| texts::with_errors(loaded.errors(), self.rules.as_deref()))?;
        let mut probe = [0];
        getrandom::fill(&mut probe).map_err(|error| {
            said(format!("系统没有随机数：{error}"), format!("the system has no randomness: {error}"))
        })?;
        let config = Config {
            clock: Box::new(clock::now),
            // it has just been there, and a name that could be guessed would be worse than none
            random: Box::new(|bytes| getrandom::fill(bytes).expect("the system's randomness does not go away")),
            today: self.on,
            rate: self.rate(),
        };
        Ok(App::new(kapok, config))
    }

    /// How often one client may ask the API.
    fn rate(&self) -> Option<Rate> {
        let (per_second, burst) = (NonZeroU32::new(self.api_rate)?, NonZeroU32::new(self.api_burst)?);
        Some(Rate { per_second, burst, behind_proxy: self.behind_proxy })
    }

    async fn serve(&self, app: App) -> anyhow::Result<()> {
        let listener = TcpListener::bind(&self.listen).await.map_err(|error| self.cannot_listen(error))?;
        let address = listener.local_addr().tried(|| ("没有监听地址".into(), "there is no address".into()))?;
        let signals = || ("无法接收停止信号".to_owned(), "cannot wait for signals".to_owned());
        let mut terminate = signal(SignalKind::terminate()).tried(signals)?;
        let mut interrupt = signal(SignalKind::interrupt()).tried(signals)?;
        let stop = async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        };
        let (zh, en) = (format!("木棉已启动：http://{address}"), format!("Kapok is ready: http://{address}"));
        // nobody may be there to read it, which is no reason not to serve
        let mut out = std::io::stdout();
        writeln!(out, "{}", pick(self.lang.into(), &zh, &en)).and_then(|()| out.flush()).ok();
        tracing::info!(version = env!("CARGO_PKG_VERSION"), "ready");
        let failed = || ("服务中断".to_owned(), "the server failed".to_owned());
        web::serve(listener, app, stop, Duration::from_secs(self.grace)).await.tried(failed)?;
        tracing::info!("stopped");
        Ok(())
    }

    /// Why nothing can be listened on, with what to do.
    fn cannot_listen(&self, error: std::io::Error) -> anyhow::Error {
        let listen = &self.listen;
        match error.kind() {
            ErrorKind::AddrInUse => said(
                format!("{listen} 已被占用：请停掉占用它的程序，或用 --listen 另选端口(127.0.0.1:0 任选一个空闲端口)"),
                format!(
                    "{listen} is taken: stop what uses it, or choose another port with --listen (127.0.0.1:0 takes a free one)"
                ),
            ),
            ErrorKind::InvalidInput => said(
                format!("`{listen}` 不是地址和端口，例如 127.0.0.1:8080"),
                format!("`{listen}` is not an address with a port, such as 127.0.0.1:8080"),
            ),
            _ => Err::<(), _>(error)
                .tried(|| (format!("无法监听 {listen}"), format!("cannot listen on {listen}")))
                .expect_err("it is an error"),
        }
    }
}

/// Starts the log. Only our own crates write to it: what others say of a request could hold what a visitor entered.
fn log(format: LogFormat, level: LevelFilter) {
    let ours =
        ["kapok", "web", "app"].into_iter().fold(Targets::new(), |targets, name| targets.with_target(name, level));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match format {
        LogFormat::Text => {
            let colour =
                std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
            lines.with_target(false).with_ansi(colour).boxed()
        }
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).boxed(),
    };
    tracing_subscriber::registry().with(ours).with(lines).init();
    // the words of a panic can hold what was being worked on; its place is enough to find it
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panic");
    }));
}
