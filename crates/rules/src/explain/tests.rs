//! Explanations of every measure in the catalogue, and of one in detail.

use super::*;
use crate::Lang;
use crate::source::Loaded;

fn repository() -> Loaded {
    crate::repository::shipped().load()
}

#[test]
fn every_version_can_be_explained_in_both_languages() {
    let program = repository().program;
    for (index, measure) in program.catalogue.measures.iter().enumerate() {
        for version in 0..measure.versions.len() {
            let explanation = explain(&program, index, version).unwrap();
            for lang in [Lang::Zh, Lang::En] {
                let page = explanation.markdown(lang);
                assert!(page.starts_with(&format!("# {}\n", measure.name.get(lang))), "{page}");
                assert!(!page.contains("::") && !page.contains(": :"), "{}:\n{page}", measure.id);
            }
            let has_cjk = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            // what is made from the rule is in the reader's language: the kind, the versions, the procedure
            assert!(
                !has_cjk(&explanation.award.kind.en)
                    && !explanation.versions.iter().any(|line| has_cjk(&line.in_force.en)),
                "{}",
                measure.id
            );
        }
    }
}

#[test]
fn the_training_voucher_says_how_its_amount_comes_about() {
    let program = repository().program;
    let index = program.measure("sz.training-voucher.demand-2026").unwrap();
    let explanation = explain(&program, index, 0).unwrap();
    let page = explanation.markdown(Lang::Zh);
    for part in [
        "注册地在深圳市",
        "年度向非关联方租用智能算力不少于50万元",
        "由审查人员认定",
        "| 成立时间 | 单位类型 | 取值 | 依据 |",
        "| 少于1年 | 企业 | 最高60% |",
        "每家单位每年不超过1,000万元",
        "2026年5月6日至2026年6月5日",
        "算力服务合同",
        "实际抵扣比例在上限以内由评审和年度预算确定",
        "- 成立八个月，单份合同1200万元：符合，最高720万元",
        "- 申报截止次日：不符合，申报已截止",
    ] {
        assert!(page.contains(part), "`{part}` is not in\n{page}");
    }
    let english = explanation.markdown(Lang::En);
    assert!(
        english.contains("| < 12 months | Enterprise | up to 60% |")
            || english.contains("| < 1 year | Enterprise | up to 60% |"),
        "{english}"
    );
}

#[test]
fn the_default_version_is_the_last_that_can_pay() {
    let program = repository().program;
    let index = program.measure("sz-nanshan.rd-support").unwrap();
    assert_eq!(latest(&program.catalogue.measures[index]), Some(2));
    let on = |text: &str| version_on(&program, index, Date::parse(text).unwrap());
    assert_eq!(on("2023-08-10"), Some(2));
    assert_eq!(on("2021-06-01"), Some(1));
    let explanation = explain(&program, index, 1).unwrap();
    assert_eq!(explanation.versions.iter().map(|line| line.explained).collect::<Vec<_>>(), [false, true, false]);
}
