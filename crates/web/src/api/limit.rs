//! How often a client may ask: a bucket of requests for each address, which fills again with time.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::Clock;
use governor::middleware::StateInformationMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use super::problem::{Kind, Problem};
use crate::state::App;

/// What is left of the bucket (draft-ietf-httpapi-ratelimit-headers).
pub const LIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// How large the bucket is and how long it takes to fill.
pub const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// How many clients are told apart; beyond, new ones share a bucket until others have been quiet for a while.
const MAX_CLIENTS: usize = 50_000;

/// How often a client may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Requests a second in the long run.
    pub per_second: NonZeroU32,
    /// Requests at once.
    pub burst: NonZeroU32,
    /// Whether the server stands behind a proxy that tells the client's address in `X-Forwarded-For`; only then the
    /// header is believed, and only the last address in it, which the proxy wrote.
    pub behind_proxy: bool,
}

impl Rate {
    /// How long an empty bucket takes to fill, in seconds, rounded up.
    fn window(self) -> u32 {
        self.burst.get().div_ceil(self.per_second.get())
    }
}

/// The server's clock.
#[derive(Clone)]
struct Seconds(App);

impl Clock for Seconds {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        Duration::from_secs(self.0.now()).into()
    }
}

type Buckets = RateLimiter<IpAddr, HashMapStateStore<IpAddr>, Seconds, StateInformationMiddleware>;

/// The buckets of all clients; without a rate everyone may ask as often as they like.
#[derive(Clone)]
pub struct Limiter(Option<Arc<(Rate, Buckets)>>);

impl Limiter {
    /// The limiter that the configuration asks for.
    pub fn new(app: &App) -> Self {
        let buckets = |rate: Rate| {
            let quota = Quota::per_second(rate.per_second).allow_burst(rate.burst);
            let buckets: Buckets = RateLimiter::new(quota, HashMapStateStore::default(), Seconds(app.clone()));
            Arc::new((rate, buckets))
        };
        Self(app.rate().map(buckets))
    }
}

/// Lets a request through, or tells its sender to wait.
pub async fn check(State(limiter): State<Limiter>, request: Request, next: Next) -> Response {
    let Some(limiter) = limiter.0 else { return next.run(request).await };
    let (rate, buckets) = &*limiter;
    if buckets.len() > MAX_CLIENTS {
        buckets.retain_recent();
    }
    let client = if buckets.len() > MAX_CLIENTS { UNKNOWN } else { client(&request, *rate) };
    let window = rate.window();
    let (mut response, left, wait) = match buckets.check_key(&client) {
        Ok(state) => (next.run(request).await, state.remaining_burst_capacity(), u64::from(window)),
        Err(until) => {
            let wait = until.wait_time_from(buckets.clock().now());
            let wait = (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1);
            (Problem::new(Kind::TooMany).retry_after(wait).into_response(), 0, wait)
        }
    };
    let headers = response.headers_mut();
    let texts =
        [(POLICY, format!("\"client\";q={};w={window}", rate.burst)), (LIMIT, format!("\"client\";r={left};t={wait}"))];
    for (name, text) in texts {
        if let Ok(value) = HeaderValue::try_from(text) {
            headers.insert(name, value);
        }
    }
    response
}

/// Stands for clients that are not told apart.
const UNKNOWN: IpAddr = IpAddr::V6(Ipv6Addr::UNSPECIFIED);

/// Whose bucket a request is taken from. An IPv6 network of one customer counts as one client.
fn client(request: &Request, rate: Rate) -> IpAddr {
    let told = if rate.behind_proxy { forwarded(request.headers()) } else { None };
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    match told.or(peer).map(|address| address.to_canonical()) {
        Some(IpAddr::V6(address)) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        Some(address) => address,
        None => UNKNOWN,
    }
}

fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    last.rsplit(',').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests;
