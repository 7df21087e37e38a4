//! `POST /ask/upload`: a profile from a file.

use app::Profile;
use app::facts::{self, Format};
use app::profile::Origin;
use app::requests::MAX_RECORDS;
use axum::extract::State;
use axum::extract::multipart::{Multipart, MultipartError};
use axum::http::StatusCode;
use axum::response::Response;
use rules::diag::Text;

use super::start::{self, Start};
use crate::error::WebError;
use crate::state::App;
use crate::visitor::Visitor;

/// Takes the file's facts instead of the answers so far; with any mistake nothing changes.
pub(super) async fn post(
    State(app): State<App>,
    visitor: Visitor,
    upload: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Result<Response, WebError> {
    let has_answers = visitor.profile(&app)?.is_some();
    let wrong =
        |visitor, error: Text| start::page(visitor, Start { file_error: Some(error), has_answers, ..Start::default() });
    let file = match upload {
        Ok(upload) => read(upload).await,
        Err(_) => Err(no_file()),
    };
    let (name, bytes) = match file {
        Ok(file) => file,
        Err(error) => return wrong(visitor, error),
    };
    if let Some(error) = refused(&name, &bytes) {
        return wrong(visitor, error);
    }
    let read = facts::read(&name, &bytes, Format::of(&name), &app.kapok().program.vocabulary);
    match read.map(|mut files| (files.len(), files.pop())) {
        Ok((1, Some(file))) => {
            if file.party.records.values().map(Vec::len).sum::<usize>() > MAX_RECORDS {
                return wrong(visitor, too_many_records());
            }
            let profile = Profile {
                party: file.party,
                on: file.on,
                known_on: file.known_on,
                skipped: std::collections::BTreeSet::new(),
                origin: Some(Origin::Upload(name)),
            };
            match start::begin_with(&app, &visitor, &profile) {
                Err(WebError::TooLarge) => wrong(visitor, too_many_records()),
                begun => begun,
            }
        }
        Ok((count, _)) => wrong(
            visitor,
            Text::new(
                format!("文件里有{count}个主体，这里一次只能用一个：请只保留一行。"),
                format!("The file has {count} parties; one is taken at a time: keep one row."),
            ),
        ),
        Err(mistakes) => {
            let count = mistakes.len();
            let error = Text::new(
                format!("文件里有{count}处错误，请改正后重新上传。此前的回答没有改变。"),
                format!(
                    "There are {count} mistakes in the file. Mend them and upload it again. Your answers have not changed."
                ),
            );
            start::page(visitor, Start { file_error: Some(error), mistakes, has_answers, ..Start::default() })
        }
    }
}

fn no_file() -> Text {
    Text::new("请先选择文件。", "Choose a file first.")
}

/// The name and the bytes of the file of a form.
async fn read(mut upload: Multipart) -> Result<(String, Vec<u8>), Text> {
    while let Some(field) = upload.next_field().await.map_err(|error| failed(&error))? {
        if field.name() == Some("file") {
            let name = field.file_name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(|error| failed(&error))?;
            if name.is_empty() && bytes.is_empty() {
                return Err(no_file());
            }
            return Ok((name, bytes.to_vec()));
        }
    }
    Err(no_file())
}

fn failed(error: &MultipartError) -> Text {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    Text::new("文件没有传完，请重新上传。", "The file did not arrive whole. Upload it again.")
}

fn too_large() -> Text {
    Text::new(
        "文件过大：最大 8 MB。此前的回答没有改变。",
        "The file is too large: 8 MB at most. Your answers have not changed.",
    )
}

fn too_many_records() -> Text {
    Text::new(
        format!("文件里的记录过多：合同、项目等一共最多{MAX_RECORDS}条，内容最多 1 MB。此前的回答没有改变。"),
        format!(
            "The file has too many records: {MAX_RECORDS} contracts, projects and the like at most, and 1 MB of facts. Your \
             answers have not changed."
        ),
    )
}

/// Files that cannot be a profile, before anything of them is read.
fn refused(name: &str, bytes: &[u8]) -> Option<Text> {
    if bytes.len() > rules::yaml::MAX_PARTY_BYTES {
        return Some(too_large());
    }
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    let known = matches!(extension.as_str(), "yaml" | "yml" | "json" | "csv");
    if known && std::str::from_utf8(bytes).is_ok() {
        return None;
    }
    Some(Text::new(
        "这不是可以读取的文件：请上传 YAML、JSON 或 CSV 文件(UTF-8 编码)。",
        "This file cannot be read: upload a YAML, JSON or CSV file in UTF-8.",
    ))
}
