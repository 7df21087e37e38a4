//! What goes wrong with a request of a program, as RFC 9457 has it: `application/problem+json`.

use app::requests::{Mistake, Refusal};
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER, VARY};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rules::Lang;
use rules::diag::Text;
use schemars::JsonSchema;
use serde::Serialize;

use crate::visitor;

/// The kinds of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The body is not JSON.
    Unreadable,
    /// The address has a part that cannot be used.
    Query,
    /// There is no such thing.
    NotFound,
    /// The address does not take this method.
    Method,
    /// None of the forms that the sender takes.
    NotAcceptable,
    /// The request did not come in time.
    Timeout,
    /// The body is too large.
    TooLarge,
    /// The body is not marked as JSON.
    MediaType,
    /// The request is JSON, and says something that cannot be used.
    Invalid,
    /// Too many requests.
    TooMany,
    /// Something that the sender cannot mend.
    Internal,
}

impl Kind {
    /// All kinds, for the documentation.
    pub const ALL: [Self; 11] = [
        Self::Unreadable,
        Self::Query,
        Self::NotFound,
        Self::Method,
        Self::NotAcceptable,
        Self::Timeout,
        Self::TooLarge,
        Self::MediaType,
        Self::Invalid,
        Self::TooMany,
        Self::Internal,
    ];

    /// The status.
    pub fn status(self) -> StatusCode {
        match self {
            Self::Unreadable | Self::Query => StatusCode::BAD_REQUEST,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::Timeout => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Its name in addresses: `/api#errors-invalid`.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Query => "query",
            Self::NotFound => "not-found",
            Self::Method => "method",
            Self::NotAcceptable => "not-acceptable",
            Self::Timeout => "timeout",
            Self::TooLarge => "too-large",
            Self::MediaType => "media-type",
            Self::Invalid => "invalid",
            Self::TooMany => "too-many",
            Self::Internal => "internal",
        }
    }

    /// What it is.
    pub fn title(self) -> Text {
        let (zh, en) = match self {
            Self::Unreadable => ("请求不是 JSON", "The request is not JSON"),
            Self::Query => ("地址中的参数有误", "A parameter in the address is wrong"),
            Self::NotFound => ("没有找到", "Not found"),
            Self::Method => ("请求方法不对", "The method is wrong"),
            Self::NotAcceptable => ("没有您要的格式", "There is no such form of the answer"),
            Self::Timeout => ("请求超时", "The request took too long"),
            Self::TooLarge => ("请求过大", "The request is too large"),
            Self::MediaType => ("请求应标明是 JSON", "The request must be marked as JSON"),
            Self::Invalid => ("请求内容有误", "The request has mistakes"),
            Self::TooMany => ("请求太频繁", "Too many requests"),
            Self::Internal => ("服务器出错", "The server failed"),
        };
        Text::new(zh, en)
    }

    /// What can be done about it.
    pub fn advice(self) -> Text {
        let (zh, en) = match self {
            Self::Unreadable => (
                "请求正文要求是 UTF-8 编码的 JSON；`errors` 写明第几行第几列出错。",
                "The body must be JSON in UTF-8; `errors` has the line and column.",
            ),
            Self::Query => ("请看 `errors` 中各参数的说明。", "See `errors` for each parameter."),
            Self::NotFound => ("请核对地址；全部接口见 /api。", "Check the address; /api lists all of them."),
            Self::Method => ("允许的方法见 Allow 头。", "The header `Allow` names the methods that it takes."),
            Self::NotAcceptable => ("请在 Accept 头中写 application/json。", "Send `Accept: application/json`."),
            Self::Timeout => ("请重试；请求正文要在 20 秒内发完。", "Try again, and send the body within 20 seconds."),
            Self::TooLarge => ("请求正文最多 1 MiB。", "A body has at most 1 MiB."),
            Self::MediaType => ("请加上 Content-Type: application/json 头。", "Send `Content-Type: application/json`."),
            Self::Invalid => (
                "`errors` 列出每一处错误的位置和改法。",
                "`errors` lists every mistake with its place and what would be right.",
            ),
            Self::TooMany => {
                ("请等 Retry-After 头所写的秒数再试。", "Wait as many seconds as the header `Retry-After` says.")
            }
            Self::Internal => ("请稍后再试；如仍出错请告诉我们。", "Try again later, and tell us if it goes on."),
        };
        Text::new(zh, en)
    }

    /// The kind of an answer that was made by something else.
    fn of(status: StatusCode) -> Option<Self> {
        match status {
            StatusCode::BAD_REQUEST => Some(Self::Query),
            _ => Self::ALL.into_iter().find(|kind| kind.status() == status),
        }
    }
}

/// A problem, before the language is known that it is told in.
#[derive(Clone, Debug)]
pub struct Problem {
    kind: Kind,
    detail: Option<Text>,
    errors: Vec<Error>,
    more: usize,
    retry_after: Option<u64>,
}

/// One mistake.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ProblemError")]
pub struct Error {
    /// JSON pointer (RFC 6901) to the value in the body: `/party/org.revenue/2025`.
    /// 指向正文中出错之处的 JSON 指针。
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<String>,
    /// The parameter in the address.
    /// 地址中出错的参数。
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<String>,
    /// Line in the body, from 1.
    /// 在正文第几行。
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    /// Column in the body, in characters from 1.
    /// 在该行第几个字符。
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    /// What is wrong, as a code that does not change: `E0611`.
    /// 错误代码，不会改变。
    code: String,
    /// What is wrong.
    /// 错在哪里。
    message: Text,
    /// What would be right.
    /// 怎样改。
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<Text>,
}

/// A parameter in the address that cannot be used.
#[derive(Clone, Debug)]
pub struct Mistaken {
    /// Its name.
    pub parameter: String,
    /// What is wrong, as a stable code.
    pub code: &'static str,
    /// What is wrong.
    pub message: Text,
    /// What would be right.
    pub hint: Option<Text>,
}

/// A problem (RFC 9457).
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub struct Told<'a> {
    /// What kind of problem it is: an address of this documentation, `/api#errors-invalid`.
    /// 问题的种类，是本文档中的地址。
    r#type: String,
    /// The kind in words, in the language of `Accept-Language` (Chinese if it does not say).
    /// 种类的名称，语言按 Accept-Language，未写明时用中文。
    title: &'a str,
    /// The HTTP status.
    /// HTTP 状态码。
    status: u16,
    /// What can be done about it.
    /// 可以怎样处理。
    detail: &'a str,
    /// Title and detail in both languages.
    /// 名称和说明的中英文两种文字。
    texts: Texts<'a>,
    /// Every mistake, at most 100.
    /// 每一处错误，最多 100 处。
    #[serde(skip_serializing_if = "<[Error]>::is_empty")]
    errors: &'a [Error],
    /// How many mistakes there are beyond these.
    /// 此外还有多少处错误。
    #[serde(skip_serializing_if = "Option::is_none")]
    more_errors: Option<usize>,
}

/// Texts in both languages.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ProblemTexts")]
struct Texts<'a> {
    /// The title.
    /// 名称。
    title: &'a Text,
    /// The detail.
    /// 说明。
    detail: &'a Text,
}

impl Problem {
    /// A problem of a kind.
    pub fn new(kind: Kind) -> Self {
        Self { kind, detail: None, errors: Vec::new(), more: 0, retry_after: None }
    }

    /// Says what can be done in this case.
    pub fn detail(mut self, detail: Text) -> Self {
        self.detail = Some(detail);
        self
    }

    /// Says when to try again, in seconds.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The problem of parameters in the address.
    pub fn query(mistakes: Vec<Mistaken>) -> Self {
        let error = |mistaken: Mistaken| Error {
            pointer: None,
            parameter: Some(mistaken.parameter),
            line: None,
            column: None,
            code: mistaken.code.to_owned(),
            message: mistaken.message,
            hint: mistaken.hint,
        };
        Self { errors: mistakes.into_iter().map(error).collect(), ..Self::new(Kind::Query) }
    }

    fn body(&self, lang: Lang) -> Vec<u8> {
        let title = self.kind.title();
        let detail = self.detail.clone().unwrap_or_else(|| self.kind.advice());
        let told = Told {
            r#type: format!("/api#errors-{}", self.kind.slug()),
            title: title.get(lang),
            status: self.kind.status().as_u16(),
            detail: detail.get(lang),
            texts: Texts { title: &title, detail: &detail },
            errors: &self.errors,
            more_errors: (self.more > 0).then_some(self.more),
        };
        serde_json::to_vec(&told).unwrap_or_default()
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let kind = if refusal.unreadable { Kind::Unreadable } else { Kind::Invalid };
        let error = |mistake: Mistake| Error {
            pointer: mistake.pointer,
            parameter: None,
            line: Some(mistake.line),
            column: Some(mistake.column),
            code: mistake.code.to_owned(),
            message: mistake.message,
            hint: mistake.hint,
        };
        Self { errors: refusal.mistakes.into_iter().map(error).collect(), more: refusal.more, ..Self::new(kind) }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.kind.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes a problem in the language of the sender; whatever made the error, the sender gets a problem.
pub async fn show(request: Request, next: Next) -> Response {
    let lang = visitor::language(request.uri(), request.headers());
    let mut response = next.run(request).await;
    let status = response.status();
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        None if status.is_client_error() || status.is_server_error() => {
            Problem::new(Kind::of(status).unwrap_or(Kind::Internal))
        }
        None => return response,
    };
    let (mut parts, _) = response.into_parts();
    parts.status = problem.kind.status();
    let headers = &mut parts.headers;
    headers.remove(axum::http::header::CONTENT_LENGTH);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(VARY, HeaderValue::from_static("accept-language"));
    let tag = match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    };
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(tag));
    if let Some(seconds) = problem.retry_after {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    Response::from_parts(parts, problem.body(lang).into())
}
