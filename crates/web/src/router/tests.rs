//! What holds for every route.

use axum::http::{Method, StatusCode};

use crate::testing::Site;

#[tokio::test]
async fn every_page_forbids_scripts_and_frames_of_others() {
    let site = Site::new();
    for path in ["/", "/no-such-page", "/assets/none.js"] {
        let page = site.get(path).await;
        assert!(page.header("content-security-policy").contains("script-src 'self'"), "{path}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
    }
}

#[tokio::test]
async fn a_page_that_is_not_there_says_so_in_the_visitors_language() {
    let site = Site::new();
    let page = site.get("/no-such-page").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.body.contains("lang=\"zh-CN\""), "{}", page.body);
    let page = site.get("/no-such-page?lang=en").await;
    assert!(page.body.contains("lang=\"en\""), "{}", page.body);
    assert!(page.header("set-cookie").starts_with("kapok_lang=en;"));
}

#[tokio::test]
async fn another_site_cannot_act_for_a_visitor() {
    let site = Site::new();
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://elsewhere.example")] {
        let page = site.send(Method::POST, "/preferences", &[(name, value)], "theme=dark").await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{name}");
    }
    let page = site.send(Method::POST, "/preferences", &[("sec-fetch-site", "same-origin")], "theme=dark").await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
}
