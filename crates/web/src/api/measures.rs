//! `GET /api/v1/measures`: the catalogue, searched and filtered as its page does.

use app::catalogue::{Card, Hit, Most, Query, Standing};
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use domain::{Period, PlaceTree};
use rules::assess::Reason;
use rules::ast::{AppliesTo, AwardKind};
use rules::diag::Text;
use rules::ir::Program;
use rules::listing;
use schemars::JsonSchema;
use serde::Serialize;

use super::params::Params;
use super::problem::Problem;
use super::{cached, to_json};
use crate::state::App;

/// Measures on a page at most.
const MOST: usize = 200;

/// Measures that were found.
#[derive(Serialize, JsonSchema)]
pub struct Measures {
    /// `kapok.measures/1`
    format: &'static str,
    /// The day on which they stand so, ISO.
    on: String,
    /// How many there are on all pages.
    total: usize,
    /// The page, from 1.
    page: usize,
    /// How many pages there are.
    pages: usize,
    /// The measures of the page.
    measures: Vec<Listed>,
}

/// A measure in the list.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ListedMeasure")]
pub struct Listed {
    /// Its id.
    pub measure: String,
    /// Its name.
    pub name: Text,
    /// Its document's id.
    pub document: String,
    /// The document's title.
    pub title: Text,
    /// Who issued the document.
    pub issuer: Text,
    /// national, province, city, district or press
    pub level: String,
    /// Where it applies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Labelled>,
    /// Its topic.
    pub topic: Labelled,
    /// organisation or person
    pub applies_to: &'static str,
    /// The kind of benefit.
    pub kind: AwardKind,
    /// The most that its text states.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most: Option<Largest>,
    /// Whether it can be applied for on the day.
    pub open: bool,
    /// Why it cannot, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The same in words.
    pub state: Text,
    /// When the version that applies is in force.
    pub in_force: Ends,
    /// When applications are taken, where that is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Ends>,
    /// Days until applications end, today not counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_left: Option<i32>,
    /// Its address in this API.
    pub url: String,
}

/// A code with its name.
#[derive(Serialize, JsonSchema)]
pub struct Labelled {
    /// The code.
    pub code: String,
    /// Its name.
    pub label: Text,
}

/// A period; both ends belong to it, and an end that is not stated is left out.
#[derive(Serialize, JsonSchema)]
pub struct Ends {
    /// The first day, ISO.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The last day, ISO.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// The most that a measure gives by its own text.
#[derive(Serialize, JsonSchema)]
pub struct Largest {
    /// In words; absent where the text sets no end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Text>,
    /// In CNY as a decimal, where it is money.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cny: Option<String>,
    /// What it is given for each of, where that is not the applicant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub each: Option<Text>,
}

impl From<Period> for Ends {
    fn from(period: Period) -> Self {
        Self { from: period.from().map(|date| date.to_string()), to: period.to().map(|date| date.to_string()) }
    }
}

impl Largest {
    /// The most that a version gives; `None` where it gives no amount.
    pub fn of(standing: &Standing<'_>) -> Option<Self> {
        let (text, each) = match &standing.now.most {
            Most::Total(amount) => (Some(amount.text()), None),
            Most::Each(amount, label) => (Some(amount.text()), Some(label.clone())),
            Most::NoCeiling => (None, None),
            Most::NoAmount => return None,
        };
        let cny = standing.now.money().map(|money| money.to_string().trim_end_matches(" CNY").to_owned());
        Some(Self { text, cny, each })
    }
}

impl Listed {
    /// A measure as it stands on a day.
    pub fn new(program: &Program, card: &Card, standing: &Standing<'_>) -> Self {
        let (now, tree) = (standing.now, PlaceTree::china());
        let written = program.catalogue.measures.get(card.measure);
        let version = written.and_then(|measure| measure.versions.get(standing.version));
        Self {
            measure: card.id.clone(),
            name: card.name.clone(),
            document: card.document.clone(),
            title: card.title.clone(),
            issuer: card.issuer.clone(),
            level: card.level.clone(),
            place: card.place.map(|place| Labelled {
                code: tree.id(place).to_owned(),
                label: Text::new(tree.zh(place), tree.en(place)),
            }),
            topic: Labelled { code: card.topic.clone(), label: card.topic_label.clone() },
            applies_to: match card.applies_to {
                AppliesTo::Organisation => "organisation",
                AppliesTo::Person => "person",
            },
            kind: now.kind,
            most: Largest::of(standing),
            open: standing.open(),
            reason: standing.reason,
            state: listing::state(version, standing.reason),
            in_force: now.in_force.into(),
            window: now.window.map(Into::into),
            days_left: standing.days_left,
            url: format!("/api/v1/measures/{}", card.id),
        }
    }
}

/// Lists measures.
#[utoipa::path(
    get,
    path = "/api/v1/measures",
    operation_id = "measures",
    tag = "measures",
    summary = "Find measures / 查找政策措施",
    description = "The catalogue as it stands on a day, searched in Chinese and English, filtered and sorted as on the page \
                   /catalogue.\n某一天的政策措施目录，可用中英文检索、筛选和排序，与网页 /catalogue 相同。",
    params(
        ("q" = Option<String>, Query, description = "Words\n检索词", example = "算力"),
        ("place" = Option<String>, Query, description = "What may apply there: policies of the place, of those that it lies \
            in, and of those in it\n在该地可能适用的政策：本地、上级和下级", example = "nanshan"),
        ("issuer" = Option<String>, Query, description = "The issuer, by its Chinese name\n发文单位"),
        ("topic" = Option<Vec<String>>, Query, description = "One of these topics: codes of the list `topic`\n主题代码，可重复"),
        ("kind" = Option<Vec<String>>, Query, description = "One of these kinds of benefit\n支持方式，可重复"),
        ("open" = Option<String>, Query, description = "`yes`: only what can be applied for on the day\nyes：只列当天可申请的"),
        ("at_least" = Option<String>, Query, description = "Only what can give so much money, such as 1000000 or 100万\n\
            只列金额可达此数的"),
        ("on" = Option<String>, Query, description = "The day, such as 2026-05-20; else today in Shanghai\n\
            哪一天；不写为今天（上海时间）", example = "2026-05-20"),
        ("sort" = Option<String>, Query, description = "`best`, `amount`, `deadline` or `newest`\n排序：最相关、金额、截止日期、最新"),
        ("page" = Option<u32>, Query, description = "From 1\n第几页", minimum = 1),
        ("per_page" = Option<u32>, Query, description = "Measures on a page, 200 at most; else 20\n每页几项，最多 200",
            minimum = 1, maximum = 200),
    ),
    responses((status = 200, description = "The measures\n措施列表", body = ref("#/components/schemas/Measures"))),
)]
pub async fn get(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    let kapok = app.kapok();
    let known = ["q", "place", "issuer", "open", "at_least", "on", "sort", "page", "per_page"];
    let mut params = Params::read(&uri, &known, &["topic", "kind"]);
    let (mut query, notices) = Query::read(params.pairs(), &kapok.program);
    params.noticed(notices);
    query.per_page = params.number("per_page", MOST).unwrap_or(query.per_page);
    let on = params.date("on").unwrap_or_else(|| app.today());
    params.finish()?;
    let found = kapok.search(&query, on);
    let list = |hit: &Hit<'_>| Listed::new(&kapok.program, hit.card, &hit.standing);
    let measures = Measures {
        format: "kapok.measures/1",
        on: on.to_string(),
        total: found.total,
        page: found.page,
        pages: found.pages,
        measures: found.hits.iter().map(list).collect(),
    };
    cached(&headers, to_json(&measures)?)
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use serde_json::Value;

    use crate::api::tests::problem;
    use crate::testing::Site;

    #[tokio::test]
    async fn the_catalogue_is_searched_filtered_and_paged() {
        let site = Site::new();
        let get = async |query: &str| {
            let page = site.get(&format!("/api/v1/measures?{query}")).await;
            assert_eq!(page.status, StatusCode::OK, "{}", page.body);
            serde_json::from_str::<Value>(&page.body).unwrap()
        };
        let all = get("per_page=200").await;
        let count = site.app.kapok().program.measures.len();
        assert_eq!((all["on"].as_str(), all["total"].as_u64()), (Some("2026-05-20"), u64::try_from(count).ok()));
        assert_eq!(all["measures"].as_array().unwrap().len(), count);
        let open = get("open=yes&per_page=200").await["measures"].as_array().unwrap().clone();
        assert!(!open.is_empty() && open.len() < count);
        for measure in open {
            assert_eq!((&measure["open"], measure.get("reason")), (&Value::Bool(true), None));
            assert_eq!(site.get(measure["url"].as_str().unwrap()).await.status, StatusCode::OK);
        }
        let past = get("open=yes&on=1999-01-01&per_page=200").await;
        assert_eq!(past["on"], "1999-01-01");
        for measure in past["measures"].as_array().unwrap() {
            assert!(measure["in_force"]["from"].as_str().is_none_or(|from| from <= "1999-01-01"), "{measure}");
        }
        let first = get("q=%E8%AE%AD%E5%8A%9B%E5%88%B8&per_page=1").await;
        assert!(first["measures"][0]["name"]["zh"].as_str().unwrap().contains("训力券"), "{first}");
        assert!(first["pages"].as_u64() > Some(1));
    }

    #[tokio::test]
    async fn every_wrong_parameter_is_told() {
        let page = Site::new().get("/api/v1/measures?places=x&on=soon&sort=size&open=maybe&per_page=1000").await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        let told = problem(&page);
        let mut names: Vec<&str> =
            told["errors"].as_array().unwrap().iter().map(|error| error["parameter"].as_str().unwrap()).collect();
        names.sort_unstable();
        assert_eq!(names, ["on", "open", "per_page", "places", "sort"]);
    }

    #[tokio::test]
    async fn what_has_not_changed_is_not_sent_again() {
        let site = Site::new();
        let page = site.get("/api/v1/measures").await;
        let tag = page.header("etag").to_owned();
        assert!(tag.starts_with("W/\"") && page.header("cache-control").contains("max-age"));
        let again = site.send(axum::http::Method::GET, "/api/v1/measures", &[("if-none-match", &tag)], "").await;
        assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
        let other = site.send(axum::http::Method::GET, "/api/v1/measures?page=2", &[("if-none-match", &tag)], "").await;
        assert_eq!(other.status, StatusCode::OK);
    }
}
