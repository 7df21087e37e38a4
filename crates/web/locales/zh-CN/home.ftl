home-title = 我的公司能申请什么
home-measures = 政策库里有{ $n }项措施。
