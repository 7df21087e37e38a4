answer-title = 我能获得什么
answer-title-of = { $name }能获得什么
answer-empty = 还没有填写任何情况，所以没有结果。先回答几个问题，通常不超过十二个；不知道的可以跳过。
answer-begin = 开始填写
answer-back = 返回结果
answer-dates = 适用{ $on }的规定，按截至{ $known }已公布、已记录的内容。
answer-change-dates = 换一个日期看
answer-on = 适用日期
answer-on-hint = 按哪一天的规定测算，一般是申请日。
answer-known-on = 知悉日期
answer-known-on-hint = 截至哪一天已公布的政策、已记录的事实才算；一般与适用日期相同。
answer-date-wrong = “{ $text }”不是日期。请写成 2026-05-20 或 2026年5月20日。
answer-date-range = “{ $text }”超出范围：年份须在{ $first }至{ $last }之间。
answer-reassess = 重新测算
answer-own-dates = 恢复原来的日期

answer-shared = 这是别人分享的结果，只能查看，{ $until }前有效。
answer-start-from = 用这些事实开始填写

answer-bundle = 最佳组合
answer-no-money = 目前没有可获得的资金支持。
answer-sure = 确定可得
answer-most = 最多可得
answer-plot = 确定可得{ $sure }，最多可得{ $most }
answer-no-ceiling = 另有{ $n }项没有写明上限，未计入：
answer-apply-order = 按此次序申请
answer-until = 截止 { $date }
answer-cut = 金额受以下规则限制：
answer-later = 补充事实后还可能获得{ $n }项，最多{ $most }
answer-later-open = （其中{ $n }项没有写明上限）
answer-second = 次优：
answer-second-swap = 以“{ $instead }”代替“{ $dropped }”。
answer-second-without = 不要“{ $dropped }”。
answer-second-with = 再加上“{ $instead }”。
answer-not-proven = 措施过多，未能证明这就是最佳组合。
answer-others = 资金以外的待遇
answer-conflicts = 规定之间的冲突，未擅自决定

answer-questions = 接下来最值得回答
answer-go-on = 继续回答
answer-my-answers = 查看和修改我的回答
answer-stake = 涉及{ $amount }

answer-deadlines = 截止日期
answer-no-deadline = 可申请的措施都没有写明截止日期。
answer-days-left = { $n ->
    [0] 今天截止
   *[other] 还有{ $n }天
}
answer-documents = 要准备的材料

answer-print = 打印
answer-print-version = 打印版
answer-share = 分享或订阅
answer-ics = 截止日期（日历文件）
answer-feed = 截止日期（日历）
answer-csv = 表格（CSV）
answer-json = 数据（JSON）
answer-calendar = 政策申报截止日期
answer-calendar-of = { $name }：政策申报截止日期

answer-all = 全部措施
answer-group-eligible = 符合
answer-group-undetermined = 待补充
answer-group-needs-person = 待人工认定
answer-group-not-eligible = 不符合
answer-group-cannot-pay = 当日不受理：已失效、已截止、未生效或草案
answer-group-not-for-you = 其他地区或其他主体的措施
answer-filter-kind = 待遇
answer-filter-level = 级别
answer-filter-all = 全部
answer-filter-apply = 筛选
answer-filter-clear = 取消筛选
answer-sort = 排序
answer-sort-amount = 按金额
answer-sort-deadline = 按截止日期
answer-more = 还有{ $n }条
answer-all-reasons = 全部理由

answer-measure-title = { $name }：理由
answer-potential = 各项待定条件都成立时：{ $amount }
answer-missing = 待补事实
answer-open = 须由人认定
answer-by = （{ $who }）
answer-conditions = 条件
answer-computation = 金额如何算出
answer-payout = 分期兑付
answer-rule = 查看这项措施的规则
answer-in-force = { $from }至{ $to }有效
answer-in-force-from = 自{ $from }起有效
answer-in-force-to = 至{ $to }止有效
answer-in-force-unstated = 起止日期来源未载
answer-disputed = 来源不一致
answer-as-of = 截至 { $date }
answer-unknown = 未知
answer-holds = 满足：
answer-fails = 不满足：
answer-not-known = 不确定：

answer-share-title = 分享或订阅
answer-share-what-of = 分享的是“{ $name }”的{ $n }项事实和由此得出的结果。得到链接的人能看到全部这些事实，但不能改动。
answer-share-what = 分享的是您填写的{ $n }项事实和由此得出的结果。得到链接的人能看到全部这些事实，但不能改动。
answer-share-saved = 保存一份，到期自动删除
answer-share-saved-text = 在本站保存一份副本。您之后修改回答，副本不会变。
answer-share-days = 保存多久
answer-share-days-n = { $n }天
answer-share-days-wrong = 请选择7天、30天或90天。
answer-share-too-many = 最多同时分享{ $most }份。请先结束其中一份。
answer-share-make = 生成链接
answer-share-links = 正在分享
answer-share-until = { $made }生成，{ $until }到期
answer-share-feed = 订阅截止日期（把地址加到日历程序里）
answer-share-open = 打开
answer-share-end = 结束分享
answer-share-end-text = 结束后链接立即失效。清除浏览器的 Cookie 后无法再提前结束，只能等到期。
answer-share-packed = 事实放在链接里，本站不保存
answer-share-packed-text = 事实写在“#”之后，浏览器打开链接时不会把这部分放进网址发给任何服务器。链接不会到期，也无法收回。
answer-share-packed-label = 含事实的链接
answer-copy = 复制
answer-copied = 已复制

answer-held-noscript = 如果您打开的是含事实的链接（网址里有“#f=”），需要允许脚本才能读取。
answer-import-title = 别人分享的事实
answer-import-of = 这里有“{ $name }”的{ $n }项事实。
answer-import-holds = 这里有{ $n }项事实。
answer-import-not-kept = 现在还没有保存。
answer-import-which = 有哪些事实
answer-import-replaces = 您自己已填写{ $n }项事实。使用这里的事实会替换掉它们。
answer-import-replace = 替换我的回答
answer-import-take = 使用这些事实
answer-import-keep-own = 保留我的回答
answer-import-leave = 不使用
