glossary-title = 术语
glossary-lead = 本站、规则和接口使用的词，中英对照。
glossary-sections = 分类
