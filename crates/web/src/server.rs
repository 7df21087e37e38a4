//! The server itself: connections, the time it is given to stop, and what it does between requests.

use std::future::{Future, IntoFuture, pending};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::router::router;
use crate::state::App;

/// How often texts that have ended are removed.
const SWEEP: Duration = Duration::from_secs(3600);

/// Serves until `stop` ends. Requests that are being answered then have `grace` to end; what lasts longer is cut off.
///
/// # Errors
/// When the listener fails for good.
pub async fn serve(
    listener: TcpListener,
    app: App,
    stop: impl Future<Output = ()> + Send + 'static,
    grace: Duration,
) -> io::Result<()> {
    let (told, mut stopping) = tokio::sync::watch::channel(false);
    let stop = {
        let app = app.clone();
        async move {
            stop.await;
            app.telemetry().stop();
            tracing::info!("stopping");
            told.send_replace(true);
        }
    };
    // small answers leave at once instead of waiting for more to fill a packet
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps small packets back");
        }
    });
    let service = router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(stop);
    let deadline = async move {
        if stopping.wait_for(|stopping| *stopping).await.is_err() {
            pending::<()>().await;
        }
        sleep(grace).await;
    };
    tokio::select! {
        ended = server.into_future() => ended,
        () = deadline => {
            tracing::warn!("requests were still being answered and are cut off");
            Ok(())
        }
        () = sweep(app) => Ok(()),
    }
}

/// Removes what has ended, now and every hour; never ends.
async fn sweep(app: App) {
    let mut every = interval(SWEEP);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        let app = app.clone();
        match tokio::task::spawn_blocking(move || app.kapok().drafts.sweep(app.now())).await {
            Ok(Ok(removed)) => tracing::debug!(removed, "kept texts that have ended are removed"),
            Ok(Err(error)) => tracing::error!(%error, "kept texts that have ended cannot be removed"),
            Err(error) => tracing::error!(%error, "removing kept texts failed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;
    use tokio::sync::oneshot;

    use super::*;
    use crate::testing::Site;

    async fn listen() -> (TcpListener, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        (listener, address)
    }

    #[tokio::test]
    async fn a_server_that_is_told_to_stop_ends_idle_connections() {
        let site = Site::new();
        let (listener, address) = listen().await;
        let (stop, stopped) = oneshot::channel::<()>();
        let server =
            tokio::spawn(serve(listener, site.app.clone(), async { drop(stopped.await) }, Duration::from_secs(60)));
        let mut idle = TcpStream::connect(address).await.unwrap();
        idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let mut answer = [0; 64];
        let read = idle.read(&mut answer).await.unwrap();
        assert!(answer[..read].starts_with(b"HTTP/1.1 200"));
        stop.send(()).unwrap();
        server.await.unwrap().unwrap();
        assert!(site.app.telemetry().stopping());
        assert!(TcpStream::connect(address).await.is_err());
    }

    #[tokio::test]
    async fn a_request_that_never_ends_does_not_keep_a_server_from_stopping() {
        let site = Site::new();
        let (listener, address) = listen().await;
        let (stop, stopped) = oneshot::channel::<()>();
        let grace = Duration::from_millis(50);
        let server = tokio::spawn(serve(listener, site.app.clone(), async { drop(stopped.await) }, grace));
        let mut slow = TcpStream::connect(address).await.unwrap();
        slow.write_all(b"POST /preferences HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\ntheme").await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        stop.send(()).unwrap();
        tokio::time::timeout(Duration::from_secs(10), server).await.expect("it stops").unwrap().unwrap();
    }
}
