//! Documents, groups, lists and targets.

use domain::{ListEntry, Period};

use super::reader::{Reader, check_keys};
use super::stacking::{features, stacking};
use crate::ast::{At, Document, Group, List, Target};
use crate::diag::Diagnostic;
use crate::yaml::Node;

/// Hosts whose pages may be linked: government, national press and well-known media. A name counts with all below it.
const HOSTS: [&str; 17] = [
    "gov.cn",
    "people.com.cn",
    "news.cn",
    "xinhuanet.com",
    "cctv.com",
    "chinanews.com.cn",
    "gmw.cn",
    "chinadaily.com.cn",
    "nfnews.com",
    "dutenews.com",
    "sznews.com",
    "hkcd.com.hk",
    "gansudaily.com.cn",
    "bjx.com.cn",
    "thepaper.cn",
    "inewsweek.cn",
    "ce.cn",
];

/// An id: lower-case words joined by `.` and `-`.
pub(crate) fn id(reader: &mut Reader, root: &Node, key: &str) -> String {
    let id = reader.required(root, key);
    let good = !id.is_empty()
        && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.' || c == '-')
        && !id.starts_with(['.', '-'])
        && !id.ends_with(['.', '-']);
    if !good && let Some(node) = root.get(key) {
        reader.push(
            Diagnostic::error("E0302", node.span, format!("编号 `{id}` 有误"), format!("`{id}` is not an id"))
                .hint("小写字母、数字，用 . 和 - 连接", "lower-case letters and digits joined by `.` and `-`"),
        );
    }
    id
}

pub(crate) fn at(reader: &Reader, root: &Node) -> At {
    At { file: reader.file.clone(), span: root.span }
}

pub(super) fn document(reader: &mut Reader, root: &Node) -> Option<Document> {
    check_keys(
        reader,
        root,
        &["document", "title", "number", "issuer", "level", "place", "published", "url", "confidence", "note"],
    );
    let id = id(reader, root, "document");
    let levels: Vec<(&str, &str)> =
        ["national", "province", "city", "district", "press"].map(|level| (level, level)).to_vec();
    let level = reader.choice(root, "level", &levels);
    if level.is_none() && root.get("level").is_none() {
        reader.required(root, "level");
    }
    let place = reader.required(root, "place");
    if domain::PlaceTree::china().get(&place).is_none() && !place.is_empty() {
        let near = domain::PlaceTree::china().nearest(&place).map(str::to_owned);
        let span = root.get("place").map_or(root.span, |n| n.span);
        reader.push(
            Diagnostic::error(
                "E0303",
                span,
                format!("没有 `{place}` 这个地方"),
                format!("there is no place `{place}`"),
            )
            .nearest(near.as_deref()),
        );
    }
    if let Some(node) = root.get("url") {
        let url = node.text().unwrap_or_default();
        let host = url
            .strip_prefix("https://")
            .or_else(|| url.strip_prefix("http://"))
            .map(|rest| rest.split(['/', ':', '?']).next().unwrap_or_default());
        let allowed = host.is_some_and(|host| {
            HOSTS.iter().any(|known| host == *known || host.strip_suffix(known).is_some_and(|rest| rest.ends_with('.')))
        });
        if !allowed {
            reader.push(
                Diagnostic::error(
                    "E0304",
                    node.span,
                    format!("不能链接到 `{url}`"),
                    format!("`{url}` may not be linked"),
                )
                .hint(
                    "只链接政府网站、全国性报刊和知名媒体；否则写明标题、文号和条款",
                    "link only government, national press and well-known media; else cite title, number and clause",
                ),
            );
        }
    }
    let confidences: Vec<(&str, &str)> = ["primary", "secondary", "partial"].map(|c| (c, c)).to_vec();
    Some(Document {
        title: reader.text(root, "title"),
        number: reader.word(root, "number"),
        issuer: reader.text(root, "issuer"),
        level: level.unwrap_or_default().to_owned(),
        place,
        published: reader.date(root, "published"),
        url: reader.word(root, "url"),
        confidence: reader.choice(root, "confidence", &confidences).unwrap_or("secondary").to_owned(),
        note: reader.text_opt(root, "note"),
        at: at(reader, root),
        id,
    })
}

pub(super) fn group(reader: &mut Reader, root: &Node) -> Option<Group> {
    check_keys(
        reader,
        root,
        &["group", "name", "document", "clause", "in_force", "known_from", "rules", "features", "note"],
    );
    let in_force = root.get("in_force").map_or(Period::ALWAYS, |node| reader.period(node));
    let known_from = match reader.date(root, "known_from") {
        Some(date) => date,
        None => {
            reader.required(root, "known_from");
            return None;
        }
    };
    Some(Group {
        id: id(reader, root, "group"),
        name: reader.text(root, "name"),
        document: reader.required(root, "document"),
        clause: reader.word(root, "clause"),
        in_force,
        known_from,
        rules: root
            .get("rules")
            .and_then(Node::seq)
            .unwrap_or_default()
            .iter()
            .filter_map(|node| stacking(reader, node))
            .collect(),
        features: features(reader, root),
        note: reader.text_opt(root, "note"),
        at: at(reader, root),
    })
}

pub(super) fn list(reader: &mut Reader, root: &Node) -> Option<List> {
    check_keys(reader, root, &["list", "name", "document", "complete", "entries", "note", "features"]);
    let entries = root
        .get("entries")
        .and_then(Node::seq)
        .unwrap_or_default()
        .iter()
        .filter_map(|node| list_entry(reader, node))
        .collect();
    Some(List {
        id: id(reader, root, "list"),
        name: reader.text(root, "name"),
        document: reader.required(root, "document"),
        complete: reader.flag(root, "complete").unwrap_or(false),
        entries,
        at: at(reader, root),
    })
}

/// `{ member: …, scope: …, from: …, to: …, source: … }`.
pub(crate) fn list_entry(reader: &mut Reader, node: &Node) -> Option<ListEntry> {
    check_keys(reader, node, &["member", "scope", "from", "to", "source"]);
    let member = reader.required(node, "member");
    let (from, to) = (reader.date(node, "from"), reader.date(node, "to"));
    let Ok(period) = Period::new(from, to) else {
        reader.error("E0126", node.span, "期间的结束早于开始", "the period ends before it begins");
        return None;
    };
    Some(ListEntry { member, scope: reader.word(node, "scope"), period, source: reader.word(node, "source") })
}

pub(super) fn target(reader: &mut Reader, root: &Node) -> Option<Target> {
    check_keys(reader, root, &["target", "name", "document", "by", "targets", "features", "note"]);
    let mut targets = Vec::new();
    for node in root.get("targets").and_then(Node::seq).unwrap_or_default() {
        check_keys(reader, node, &["what", "at_least", "stretch", "note", "by"]);
        targets.push((reader.text(node, "what"), reader.required(node, "at_least"), reader.word(node, "stretch")));
    }
    Some(Target {
        id: id(reader, root, "target"),
        name: reader.text(root, "name"),
        document: reader.required(root, "document"),
        by: reader.date(root, "by"),
        targets,
        features: features(reader, root),
        at: at(reader, root),
    })
}
