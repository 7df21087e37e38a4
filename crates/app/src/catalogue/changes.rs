//! What has changed in the catalogue.
/// a
#[derive(Debug)]
pub struct Change;
/// b
#[derive(Debug)]
pub struct ChangeKind;
/// c
pub fn change() {}
