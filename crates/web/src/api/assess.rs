//! `POST /api/v1/assess`: what a party is entitled to.

use app::requests::{Assess, Detail};
use axum::extract::State;
use axum::response::Response;

use super::body::Body;
use super::problem::Problem;
use super::{json, to_json};
use crate::state::App;

/// Assesses a party.
#[utoipa::path(
    post,
    path = "/api/v1/assess",
    operation_id = "assess",
    tag = "assess",
    summary = "What a party is entitled to / 测算一个主体",
    description = "Outcome, amount and reasons of every measure at two dates, the best set of measures that may be taken \
                   together, and the facts that are missing, the most money at stake first. What is left out of the \
                   party is unknown, never \"no\". Nothing is kept.\n\
                   按两个日期测算每一项措施的结论、金额和理由，给出可以同时享受的最优组合，并按金额大小列出还缺哪些事实。\
                   没有填的事实是“未知”，不会当作“否”。服务器不保存任何内容。",
    request_body(content = ref("#/components/schemas/AssessRequest"), content_type = "application/json"),
    responses(
        (status = 200, description = "The assessment\n测算结果", body = ref("#/components/schemas/Assessment")),
    ),
)]
pub async fn post(State(app): State<App>, Body(body): Body) -> Result<Response, Problem> {
    let kapok = app.kapok();
    let request = Assess::read(&body, &kapok.program)?;
    // an assessment takes less time than handing it to another thread and back would save
    let assessment = request.assess(kapok, app.today());
    let bytes = match request.detail {
        Detail::Summary => to_json(&assessment.summary()),
        Detail::Full => to_json(&assessment.report()),
    };
    Ok(json(bytes?))
}

#[cfg(test)]
mod tests;
