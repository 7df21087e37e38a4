mod children;
mod generated;
mod mapping;
mod profile;
mod reading;

use std::fs::File;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use rules::diag::Diagnostic;
use rules::vocabulary::Vocabulary;

use super::{Mapping, Options, Registry};
use crate::source::{Batch, Source};

const VOCABULARY: &str = r#"
codes:
  org_kind:
    label: { zh: 类型, en: Kind }
    values:
      enterprise: { zh: 企业, en: Enterprise }
      institute: { zh: 科研机构, en: Research institute }
  status:
    label: { zh: 称号, en: Status }
    values:
      hnte: { zh: 高新技术企业, en: High-tech }
      srdi: { zh: 专精特新, en: Specialised }
facts:
  org.uscc: { type: text, label: { zh: 统一社会信用代码, en: Code } }
  org.name: { type: text, label: { zh: 名称, en: Name } }
  org.kind: { type: code org_kind, label: { zh: 单位类型, en: Kind } }
  org.status: { type: codes status, label: { zh: 称号, en: Status } }
  org.legal: { type: bool, label: { zh: 法人, en: Legal person } }
  org.place: { type: place, label: { zh: 注册地, en: Place } }
  org.founded_on: { type: date, range: [1949-10-01], label: { zh: 成立日期, en: Founded } }
  org.age: { type: months, derive: "months_between(org.founded_on, on)", label: { zh: 成立时间, en: Age } }
  org.staff: { type: count, range: [0, 1000000], label: { zh: 人数, en: Staff } }
  org.revenue: { type: money, period: year, range: [0 CNY], label: { zh: 营业收入, en: Revenue } }
  org.capital: { type: money, label: { zh: 注册资本, en: Capital } }
  org.share: { type: rate, label: { zh: 占比, en: Share } }
  org.area: { type: quantity m2, label: { zh: 面积, en: Area } }
records:
  contract:
    list: contracts
    label: { zh: 合同, en: Contract }
    fields:
      amount: { type: money, range: [0 CNY], label: { zh: 金额, en: Amount } }
      provider: { type: text, label: { zh: 提供方, en: Provider } }
"#;

fn vocabulary() -> Vocabulary {
    let root = rules::yaml::parse(VOCABULARY.as_bytes(), 1 << 20).unwrap();
    let (vocabulary, findings) = Vocabulary::read(&[("v.yaml".to_owned(), root)]);
    assert!(findings.is_empty(), "{findings:?}");
    vocabulary
}

fn mapping_in(folder: &Path, text: &str) -> Mapping {
    let file = folder.join("mapping.yaml");
    Mapping::read(&file.to_string_lossy(), text.as_bytes(), &vocabulary())
        .unwrap_or_else(|findings| panic!("{:?}", told(&findings)))
}

fn told(findings: &[Diagnostic]) -> Vec<String> {
    findings.iter().map(|f| format!("{}:{}:{} {}", f.code, f.line, f.column, f.message.en)).collect()
}

/// Writes a Parquet file with row groups of a number of rows.
fn parquet(path: &Path, columns: Vec<(&str, ArrayRef)>, group: usize) {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, a)| (name, a, true))).unwrap();
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(group)).build();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn array<T: arrow::array::Array + 'static>(array: T) -> ArrayRef {
    Arc::new(array)
}

fn open(folder: &Path, paths: &[&str], mapping: &Mapping, options: &Options) -> Result<Registry, Vec<Diagnostic>> {
    let paths: Vec<String> = paths.iter().map(|path| folder.join(path).to_string_lossy().into_owned()).collect();
    Registry::open(&paths, mapping, &vocabulary(), &["甲".to_owned(), "乙".to_owned()], options)
}

fn batches(registry: &Registry) -> Vec<Batch> {
    let mut all = Vec::new();
    for part in 0..registry.parts() {
        registry
            .read(part, &mut |batch| {
                all.push(batch);
                ControlFlow::Continue(())
            })
            .unwrap();
    }
    all
}

/// The values of a fact in every row.
fn values(registry: &Registry, fact: &str) -> Vec<Option<i64>> {
    let (fact, year) = super::mapping::named(fact, &vocabulary()).unwrap();
    let at = registry.layout().facts.iter().position(|f| f.fact == fact && f.year == year).unwrap();
    batches(registry)
        .iter()
        .flat_map(|batch| (0..batch.frame.len).map(|row| batch.frame.columns[at].get(row)).collect::<Vec<_>>())
        .collect()
}
