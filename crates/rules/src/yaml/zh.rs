//! What the YAML parser complains of, in Chinese. It speaks English only.

/// The parser's complaints: how each begins, and what it says in Chinese. The first that fits wins.
const COMPLAINTS: [(&str, &str); 53] = [
    ("found unprintable character", "有不可见的控制字符"),
    ("a byte order mark", "文件中间不能有字节顺序标记"),
    ("invalid content after document end marker", "文档结束标记之后还有内容"),
    ("invalid indentation in quoted scalar", "引号内换行处的缩进有误"),
    ("invalid indentation in flow construct", "括号内换行处的缩进有误"),
    ("invalid indentation for anchor", "锚点的缩进有误"),
    ("invalid indentation", "缩进有误"),
    ("unexpected character", "此处不能有这个字符"),
    ("did not find expected next token", "内容没有写完"),
    ("simple key expect", "键之后缺少 `:`"),
    ("simple key expected", "此处应是一个键"),
    ("tabs disallowed", "缩进只能用空格，不能用制表符"),
    ("tab cannot be used as indentation", "缩进只能用空格，不能用制表符"),
    ("while scanning a plain scalar, found a tab", "文字中不能有制表符"),
    ("a block scalar content cannot start with a tab", "文字块不能以制表符开头"),
    ("comment intercepting", "多行文字中间不能有注释"),
    ("comments must be separated", "注释前应有空格"),
    ("expected whitespace", "此处应有空格"),
    ("while scanning a directive", "以 `%` 开头的指令有误"),
    ("while scanning a YAML directive", "以 `%` 开头的指令有误"),
    ("duplicate version directive", "版本指令重复"),
    ("missing explicit document end marker", "指令之前缺少文档结束标记"),
    ("the TAG directive", "标签指令重复"),
    ("while scanning TAG", "标签有误"),
    ("while scanning a tag", "标签有误"),
    ("while parsing a tag", "标签有误"),
    ("while scanning a verbatim tag", "标签有误"),
    ("invalid global tag character", "标签有误"),
    ("the handle wasn't declared", "标签没有声明"),
    ("while scanning an anchor or alias", "`&` 或 `*` 之后应是名称；若是文字，请加引号"),
    ("while parsing node, found unknown anchor", "没有这个锚点"),
    ("misplaced bracket", "括号不配对"),
    ("recursion limit exceeded", "嵌套过深"),
    ("block sequence entries are not allowed", "此处不能有以 `-` 开头的列表项"),
    ("while scanning a block scalar", "文字块的开头有误"),
    ("wrongly indented line in block scalar", "文字块中有一行缩进有误"),
    ("while scanning a quoted scalar, found unexpected document indicator", "引号没有闭合"),
    ("while scanning a quoted scalar, found unexpected end of stream", "引号没有闭合"),
    ("invalid trailing content after double-quoted scalar", "引号之后还有内容"),
    ("while parsing a quoted scalar", "引号内的转义字符有误"),
    ("plain scalar cannot start with '-'", "`-` 之后应有空格"),
    ("unexpected end of plain scalar", "文字没有写完"),
    ("mapping keys are not allowed", "此处不能有键"),
    ("illegal placement of ':'", "`:` 的位置不对；含有 `:` 的文字请加引号"),
    ("mapping values are not allowed", "`:` 的位置不对；含有 `:` 的文字请加引号"),
    ("unexpected eof", "内容没有写完"),
    ("while parsing a node, did not find expected node content", "缺少内容，可能有括号没有闭合"),
    ("while parsing a block mapping", "此处应是一个键；请检查缩进"),
    ("while parsing a flow mapping", "花括号中应有 `,` 或 `}`"),
    ("while parsing a flow sequence", "方括号中应有 `,` 或 `]`"),
    ("while parsing a block collection", "此处应是以 `-` 开头的列表项；请检查缩进"),
    ("did not find expected <stream-start>", "文件的开头有误"),
    ("did not find expected <document", "文档的开头有误"),
];

/// A complaint in Chinese.
pub(super) fn complaint(info: &str) -> &'static str {
    COMPLAINTS.iter().find(|(begin, _)| info.starts_with(begin)).map_or("此处的写法有误", |(_, zh)| zh)
}

#[cfg(test)]
mod tests {
    use crate::yaml::{MAX_POLICY_BYTES, parse};

    #[test]
    fn what_is_no_yaml_is_told_in_chinese() {
        for (text, zh) in [
            ("a: [1\n", "方括号中应有 `,` 或 `]`"),
            ("a: {b: 1\n", "花括号中应有 `,` 或 `}`"),
            ("a: \"b\n", "引号没有闭合"),
            ("a: b: c\n", "`:` 的位置不对；含有 `:` 的文字请加引号"),
            ("a:\n\tb: c\n", "缩进只能用空格，不能用制表符"),
            ("a: 1\n b: 2\n", "`:` 的位置不对；含有 `:` 的文字请加引号"),
            ("a: @b\n", "此处不能有这个字符"),
        ] {
            let findings = parse(text.as_bytes(), MAX_POLICY_BYTES).unwrap_err();
            assert_eq!(
                (findings[0].code, findings[0].message.zh.as_str()),
                ("E0103", format!("不是有效的 YAML：{zh}").as_str()),
                "{}",
                findings[0].message.en
            );
            assert!(findings[0].message.en.is_ascii(), "{}", findings[0].message.en);
        }
    }

    #[test]
    fn a_complaint_that_is_not_known_is_told_too() {
        assert_eq!(super::complaint("something new"), "此处的写法有误");
    }
}
