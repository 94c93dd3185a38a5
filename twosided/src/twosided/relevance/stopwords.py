"""Words that carry no content in a list of needs and offers, Chinese and English."""

_CHINESE = """
的 了 在 是 和 与 及 或 也 都 就 又 还 很 太 最 更 不 没 没有 无 有 想 想要 要 需 需要 希望 盼
请 能 可 可以 会 让 把 被 给 向 对 对于 从 到 由 于 为 为了 以 以及 并 并且 而 但 但是 如 如果
因 因为 所以 其 此 这 那 这个 那个 这些 那些 这里 那里 哪 哪些 什么 怎么 怎样 如何 咋 咋个 几
几个 一 二 三 四 五 六 七 八 九 十 百 千 万 两 个 些 一些 一个 一次 一场 次 场 只 条 张 位 名
项 份 元 块 件 台 套 处 户 户人 人 年 月 日 天 周 每 每年 每月 每周 每天 上 下 中 里 内 外 前
后 间 时 时候 我 我们 你 你们 他 他们 她 它 自己 大家 人家 有人 多 少 大 小 好 来 去 出 起 做
办 搞 弄 用 看 说 讲 听 学 教 带 着 过 地 得 吧 吗 呢 啊 嘛 哪里 便 再 才 刚 已 已经 正 正在 将
各 各类 该 本 等 之 所 者 们 另 另外 其中 同时 目前 现在 进行 开展 提供 组织 协助 帮助 帮 帮忙
支持 相关 有关 情况 问题 方面 部分 不少 很多 许多 好多 不会 不能 不好 不到 不了 没人 不知
不晓得 晓得 知道 最好 只要 只有 一下 一点 一起 一批 一直 一到 或者 还是 就是 都是 不是 还有
而且 然后 之后 之前 以后 以前 左右 上下 以上 以下 以内 多个 多名 部门 单位 社区 街道
"""
_ENGLISH = """
a an the and or but if of in on at to for from by with without about into onto over under up
down out off as than then so that this these those it its they them their there here we us our
you your he she his her i me my who whom whose which what when where why how is are was were be
been being am do does did doing done have has had having can could will would shall should may
might must not no nor only own same such too very just also any all both each few more most
other some many much one two three four five six seven eight nine ten per via etc eg ie need
needs needed needing want wants wanted wish wishes offer offers offered offering provide
provides provided providing please help helps helping helped able like looking look seek
seeking available get gets getting make makes making made take takes give gives come comes go
goes let every during while until after before again once still even don don't doesn't isn't
aren't can't cannot won't someone somebody anyone people who're we'd i'd they're it's s t re ve
ll new well
"""
STOP_WORDS = frozenset(_CHINESE.split()) | frozenset(_ENGLISH.split())
