site-name = 木棉
skip-to-content = 跳到正文
nav-main = 主导航
nav-ask = 我能申请什么
nav-catalogue = 政策库
nav-about = 说明
footer-made-up = 演示城市的企业均为虚构。

error-not-found = 没有这个页面
error-not-found-text = 地址可能写错了，或者页面已经移走。
error-gone = 链接已失效
error-gone-text = 分享的结果只保存一段时间，现在已经删除。
error-bad = 无法处理
error-too-large = 内容过大
error-too-large-text = 文件最大 8 MB，请减小后再上传。此前填写的内容没有丢失。
error-internal = 出错了
error-internal-text = 这不是您的问题。此前填写的内容没有丢失，请稍后再试。
error-home = 回到首页
