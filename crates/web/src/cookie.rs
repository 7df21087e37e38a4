//! Cookies: three of our own, and no one else's.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;

/// The visitor's answers: the name of the kept profile.
pub const PROFILE: &str = "kapok_profile";
/// `zh` or `en`.
pub const LANG: &str = "kapok_lang";
/// `light` or `dark`; absent where the device decides.
pub const THEME: &str = "kapok_theme";

/// The value of a cookie.
pub fn get<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// The header that sets a cookie for some seconds; with 0 it removes it. `value` has no characters that need quoting.
pub fn set(name: &str, value: &str, seconds: u64) -> String {
    format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax")
}
