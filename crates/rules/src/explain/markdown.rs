//! The explanation as Markdown that also reads well as plain text.

use std::fmt::Write as _;

use super::{Condition, Explanation, Table};
use crate::Lang;

/// Examples that are shown.
const EXAMPLES: usize = 40;

impl Explanation {
    /// The explanation as Markdown.
    #[must_use]
    pub fn markdown(&self, lang: Lang) -> String {
        let mut page = Page { lang, text: String::new() };
        page.line(&format!("# {}", self.name.get(lang)));
        page.head(self);
        page.conditions(self);
        page.award(self);
        page.rest(self);
        page.text.trim_end().to_owned() + "\n"
    }
}

struct Page {
    lang: Lang,
    text: String,
}

impl Page {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn pick<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    fn heading(&mut self, zh: &str, en: &str) {
        let title = self.pick(zh, en).to_owned();
        let _ = write!(self.text, "\n## {title}\n\n");
    }

    /// `- name: value`
    fn item(&mut self, zh: &str, en: &str, value: &str) {
        let name = self.pick(zh, en).to_owned();
        let colon = self.pick("：", ": ").to_owned();
        self.line(&format!("- {name}{colon}{value}"));
    }

    fn cited(&self, text: &str, cite: Option<&String>) -> String {
        match (cite, self.lang) {
            (Some(cite), Lang::Zh) => format!("{text}〔{cite}〕"),
            (Some(cite), Lang::En) => format!("{text} [{cite}]"),
            (None, _) => text.to_owned(),
        }
    }

    fn head(&mut self, all: &Explanation) {
        let lang = self.lang;
        self.line("");
        self.item("编号", "Id", &all.measure);
        self.item("申请人", "For", all.applies_to.get(lang));
        self.item("主题", "Topic", all.topic.get(lang));
        let source = &all.source;
        let mut document = match lang {
            Lang::Zh => format!("《{}》", source.title.zh),
            Lang::En => format!("“{}”", source.title.en),
        };
        for part in [&source.number, &source.clause].into_iter().flatten() {
            document.push_str(self.pick("，", ", "));
            document.push_str(part);
        }
        self.item("依据", "Source", &document);
        let mut issuer = format!("{}{}", source.issuer.get(lang), self.pick("（", " ("));
        issuer.push_str(crate::phrases::level(&source.level).get(lang));
        issuer.push_str(self.pick("）", ")"));
        if let Some(published) = &source.published {
            issuer.push_str(&match lang {
                Lang::Zh => format!("，{published}公布"),
                Lang::En => format!(", published {published}"),
            });
        }
        self.item("发文单位", "Issued by", &issuer);
        if let Some(url) = &source.url {
            self.item("链接", "Link", url);
        }
        self.item("可信程度", "Confidence", crate::phrases::confidence(&source.confidence).get(lang));
        self.heading("版本", "Versions");
        for version in &all.versions {
            let mark = if version.explained {
                self.pick(" ← 以下说明的版本", " ← explained below").to_owned()
            } else {
                String::new()
            };
            let line = match lang {
                Lang::Zh => format!(
                    "{}. {}，{}公布，{}{mark}",
                    version.number, version.in_force.zh, version.known_from, version.status.zh
                ),
                Lang::En => format!(
                    "{}. {}, published {}, {}{mark}",
                    version.number, version.in_force.en, version.known_from, version.status.en
                ),
            };
            self.line(&line);
        }
    }

    fn conditions(&mut self, all: &Explanation) {
        self.heading("条件（须全部满足）", "Conditions (all of them)");
        if all.conditions.is_empty() && all.each.is_none() {
            let none = self.pick("没有条件。", "None.").to_owned();
            self.line(&none);
        }
        self.tree(&all.conditions, "");
        if let Some(each) = &all.each {
            let text = match self.lang {
                Lang::Zh => format!("每项符合以下条件的“{}”各得一份资助：", each.record.zh),
                Lang::En => format!("One award for each “{}” that meets:", each.record.en),
            };
            if !all.conditions.is_empty() {
                self.line("");
            }
            self.line(&text);
            self.line("");
            self.tree(&each.conditions, "");
        }
    }

    /// A numbered tree: 1, 1.1, 1.1.1.
    fn tree(&mut self, conditions: &[Condition], above: &str) {
        for (index, cond) in conditions.iter().enumerate() {
            let number = format!("{above}{}", index + 1);
            let indent = "   ".repeat(number.matches('.').count());
            let label = self.cited(cond.label.get(self.lang), cond.cite.as_ref());
            let stop = if number.contains('.') { "" } else { "." };
            self.line(&format!("{indent}{number}{stop} {label}"));
            if let Some(test) = &cond.test {
                let text = format!("{indent}   - {}{}", self.pick("即：", "that is: "), test.get(self.lang));
                self.line(&text);
            }
            if let Some(note) = &cond.note {
                let text = format!("{indent}   - {}{}", self.pick("注：", "note: "), note.get(self.lang));
                self.line(&text);
            }
            self.tree(&cond.parts, &format!("{number}."));
            if let Some(unless) = &cond.unless {
                let text = format!(
                    "{indent}   - {}{}",
                    self.pick("符合以下条件的不作此要求：", "waived where: "),
                    self.flat(unless)
                );
                self.line(&text);
            }
        }
    }

    /// A condition with its parts in one line.
    fn flat(&self, cond: &Condition) -> String {
        let label = self.cited(cond.label.get(self.lang), cond.cite.as_ref());
        if cond.parts.is_empty() {
            return label;
        }
        let parts: Vec<String> = cond.parts.iter().map(|part| self.flat(part)).collect();
        format!("{label}{}{}{}", self.pick("（", " ("), parts.join(self.pick("；", "; ")), self.pick("）", ")"))
    }

    fn award(&mut self, all: &Explanation) {
        let lang = self.lang;
        self.heading("支持内容", "Benefit");
        let award = &all.award;
        let kind = self.cited(award.kind.get(lang), award.cite.as_ref());
        self.item("方式", "Kind", &kind);
        let fields = [
            ("金额", "Amount", &award.amount),
            ("保底", "Never less than", &award.at_least),
            ("低于此数不予资助", "No award below", &award.refuse_below),
            ("取整", "Rounding", &award.round),
            ("授予", "Gives", &award.gives),
            ("有效期", "Valid for", &award.valid),
        ];
        for (zh, en, value) in fields {
            if let Some(value) = value {
                self.item(zh, en, value.get(lang));
            }
        }
        for limit in &all.limits {
            let text = self.cited(limit.text.get(lang), limit.cite.as_ref());
            self.item("上限", "Limit", &text);
        }
        for value in &all.values {
            match (&value.formula, &value.table) {
                (Some(formula), _) => {
                    let line = format!("\n`{}` = {}", value.name, formula.get(lang));
                    self.line(&line);
                }
                (None, Some(table)) => self.table(&value.name, table),
                (None, None) => {}
            }
        }
        if !all.payout.is_empty() {
            self.heading("兑付", "Payout");
            for part in &all.payout {
                self.line(&format!("- {}", part.get(lang)));
            }
        }
    }

    fn table(&mut self, name: &str, table: &Table) {
        let lang = self.lang;
        let hit = match lang {
            Lang::Zh => format!("（{}）", table.hit.zh),
            Lang::En => format!(" ({})", table.hit.en),
        };
        self.line(&format!("\n`{name}`{hit}\n"));
        let cites = table.rows.iter().any(|row| row.cite.is_some());
        let mut heads: Vec<String> = table.inputs.iter().map(|input| cell(input.get(lang))).collect();
        heads.push(self.pick("取值", "value").to_owned());
        if cites {
            heads.push(self.pick("依据", "source").to_owned());
        }
        self.line(&format!("| {} |", heads.join(" | ")));
        self.line(&format!("|{}", "---|".repeat(heads.len())));
        for row in &table.rows {
            let mut cells: Vec<String> = row.when.iter().map(|when| cell(when.get(lang))).collect();
            cells.push(cell(row.then.get(lang)));
            if cites {
                cells.push(row.cite.clone().map(|cite| cell(&cite)).unwrap_or_default());
            }
            self.line(&format!("| {} |", cells.join(" | ")));
        }
    }

    fn rest(&mut self, all: &Explanation) {
        let lang = self.lang;
        if !all.stacking.is_empty() {
            self.heading("与其他措施的关系", "Together with other measures");
            for rule in &all.stacking {
                let text = self.cited(rule.text.get(lang), rule.cite.as_ref());
                self.line(&format!("- {text}"));
            }
        }
        if all.procedure.is_some() || all.round.is_some() || all.budget.is_some() {
            self.heading("办理", "Procedure");
            if let Some(procedure) = &all.procedure {
                self.item("方式", "Kind", procedure.kind.get(lang));
                if let Some(window) = &procedure.window {
                    self.item("受理期", "Applications", window.get(lang));
                }
                if let Some(notice) = &procedure.notice {
                    self.item("公示", "Notice", notice.get(lang));
                }
                if let Some(redemption) = &procedure.redemption {
                    self.item("券的兑付", "Redemption", redemption.get(lang));
                }
            }
            if let Some(round) = &all.round {
                self.item("总体核定", "Settled over all applicants", round.get(lang));
            }
            if let Some(budget) = &all.budget {
                self.item("预算", "Budget", budget.get(lang));
            }
        }
        let lists = [
            ("所需材料", "Documents to bring", &all.documents),
            ("待人工确定", "Left to a person", &all.open),
            ("来源未明之处", "What the source leaves open", &all.notes),
        ];
        for (zh, en, texts) in lists {
            if !texts.is_empty() {
                self.heading(zh, en);
                for text in texts {
                    self.line(&format!("- {}", text.get(lang)));
                }
            }
        }
        if !all.examples.is_empty() {
            self.heading("算例", "Worked examples");
            for example in all.examples.iter().take(EXAMPLES) {
                let colon = self.pick("：", ": ").to_owned();
                self.line(&format!("- {}{colon}{}", example.name, example.expected.get(lang)));
            }
            if let Some(more) = all.examples.len().checked_sub(EXAMPLES).filter(|more| *more > 0) {
                let text = match lang {
                    Lang::Zh => format!("- 另有{more}个"),
                    Lang::En => format!("- and {more} more"),
                };
                self.line(&text);
            }
        }
    }
}

/// Text that does not break a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
