//! Who asks too often has to wait, and nobody else.

use axum::body::Body;
use axum::http::StatusCode;

use super::*;
use crate::testing::Site;

fn rate(per_second: u32, burst: u32) -> Rate {
    Rate {
        per_second: NonZeroU32::new(per_second).unwrap(),
        burst: NonZeroU32::new(burst).unwrap(),
        behind_proxy: false,
    }
}

#[tokio::test]
async fn who_asks_too_often_has_to_wait() {
    let site = Site::with_rate(Some(rate(1, 3)));
    for left in ["2", "1", "0"] {
        let page = site.get("/api/v1/openapi.json").await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.header("ratelimit"), format!("\"client\";r={left};t=3"));
        assert_eq!(page.header("ratelimit-policy"), "\"client\";q=3;w=3");
    }
    let page = site.get("/api/v1/openapi.json").await;
    assert_eq!((page.status, page.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "1"));
    assert_eq!(page.header("content-type"), "application/problem+json");
    assert_eq!(site.get("/").await.status, StatusCode::OK, "pages are not limited");
}

fn of(rate: Rate, peer: &str, forwarded: Option<&str>) -> IpAddr {
    let mut request = Request::new(Body::empty());
    request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 1)));
    if let Some(forwarded) = forwarded {
        request.headers_mut().insert("x-forwarded-for", forwarded.parse().unwrap());
    }
    client(&request, rate)
}

#[test]
fn a_client_is_known_by_its_address() {
    let direct = rate(1, 1);
    let behind = Rate { behind_proxy: true, ..direct };
    let address = |text: &str| text.parse::<IpAddr>().unwrap();
    assert_eq!(of(direct, "10.0.0.1", Some("1.2.3.4")), address("10.0.0.1"), "anyone can write the header");
    assert_eq!(of(behind, "10.0.0.1", Some("6.6.6.6, 1.2.3.4")), address("1.2.3.4"), "the proxy wrote the last one");
    assert_eq!(of(behind, "10.0.0.1", Some("nonsense")), address("10.0.0.1"));
    assert_eq!(of(behind, "10.0.0.1", None), address("10.0.0.1"));
    assert_eq!(of(direct, "2001:db8:1:2:3:4:5:6", None), address("2001:db8:1:2::"));
    assert_eq!(of(direct, "::ffff:1.2.3.4", None), address("1.2.3.4"));
    assert_eq!(client(&Request::new(Body::empty()), direct), UNKNOWN);
}
