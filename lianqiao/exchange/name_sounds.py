"""How Chinese characters sound and look, so that what was typed or copied wrong is still known.

Only likeness is told, not the pronunciation itself: characters that a keyboard offers for the same
syllable, and characters that a hasty eye takes for each other.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache

_LEVEL_ONE = (0xB0A1, 0xD7F9)
# GB 2312 orders its 3,755 common characters by syllable; these begin a syllable each.
_FIRST_OF_SYLLABLE = (
    "啊埃鞍肮凹芭白斑邦苞杯奔崩逼鞭标鳖彬兵玻捕擦猜餐苍操厕层插拆搀昌超车郴撑吃充抽初揣川疮吹"
    "春戳疵聪凑粗蹿摧村磋搭呆耽当刀德蹬堤颠碉跌丁丢东兜督端堆墩掇蛾恩而发藩坊菲芬丰佛否夫噶该"
    "干冈篙哥给根耕工钩辜刮乖棺光瑰辊锅哈骸酣夯壕呵嘿痕哼轰喉呼花槐欢荒灰荤豁击嘉歼僵蕉揭巾荆"
    "炯揪鞠捐撅均喀开刊康考坷肯坑空抠枯夸块宽匡亏坤括垃莱蓝琅捞勒雷棱厘俩联粮撩列琳玲溜龙楼芦"
    "驴峦掠抡萝妈埋瞒芒猫么玫门萌眯棉苗蔑民明谬摸谋拇拿氖南囊挠呢馁嫩能妮蔫娘鸟捏您柠牛脓奴女"
    "暖虐挪哦欧啪拍攀乓抛呸喷砰坯篇飘撇拼乒坡扑期掐牵枪橇切钦青琼秋趋圈缺裙然瓤饶惹壬扔日戎揉"
    "茹软蕊闰若撒腮三桑搔瑟森僧莎筛珊墒梢奢砷声师收蔬刷摔栓霜谁吮说斯松搜苏酸虽孙蓑塌胎坍汤掏"
    "特藤梯天挑贴厅通偷凸湍推吞拖挖歪豌汪威瘟嗡挝巫昔瞎掀相萧楔薪星兄休墟轩靴勋压焉殃邀椰一茵"
    "英哟拥幽迂鸳曰耘匝栽咱赃遭责贼怎增扎摘瞻樟招遮珍蒸芝中舟珠抓拽专桩椎谆捉兹鬃邹租钻嘴尊昨"
)
# Rarer characters that names like, each group behind a common one of the same syllable.
_RARER = (
    "灰晖荟蕙翙 薪昕馨鑫歆 迂妤瑜昱煜钰聿庾彧毓瑀萸 均珺 期琪淇骐祺圻岐杞綦蕲锜麒 "
    "英滢楹瀛瑛璎蓥颍 一漪熠顗翊刈奕弋怡懿旖黟 勋浔薰巽洵 鸳沅鸢媛爰 丰沣 通潼佟 "
    "扑濮璞 芦泸璐鹭渌 斯泗 瘟汶玟雯 威洧玮葳薇炜 荒湟潢 墟溆盱 拥邕墉镛 琼邛 否郫 "
    "茵鄞愔胤 椰邺晔烨 酣邗菡晗瀚 嘉郏珈葭 玻亳 趋衢 声嵊笙 松嵩崧 民岷旻闵 捞崂 "
    "戎嵘榕镕 玫嵋湄 荆璟菁泾 樟璋 巾瑾槿缙觐 聪琮骢 坤琨锟鲲堃 夯珩 萝珞 曰玥樾 "
    "豌琬菀 暖瑄璇萱暄烜 焉琰焱妍嫣嬿晏郾鄢 联琏濂 牵芊倩茜 蕊芮睿 芝芷卮 么茉曜垚珧 "
    "圈荃 堤荻棣 砷莘燊 杯蓓碚 厘藜栎俪蠡骊鹂 哼蘅 珍桢祯 南楠 楔榭 撑柽晟 "
    "兹梓秭訾 壕昊灏皓 耘昀赟郓 开铠恺锴 奔锛贲 溜鎏浏 说铄 相骧庠 捐隽鄄 "
    "昔禧浠羲郗隰 玲翎酃绫 菲翡霏芾 珠翥竺 哥舸鬲 根艮 梢苕 明茗 亏逵櫆隗馗 瞎遐 "
    "凹遨 能邰 琅阆 缺阙 给霁嵇暨稷 掏韬弢 佛馥芙苻 呆黛岱 哈龢 猜偲 汤傥 掀冼 "
    "珊剡鄯 萌勐 奢厍畲 遮喆 斑坂 巫妩 厅婷 眯宓芈 欢寰洹 蓝岚 东岽 蕉峤鲛 莱徕 "
    "梯悌 墩惇 呼扈 幽攸 昌昶阊 篙杲郜 花桦 藩梵 轰泓黉 攀泮 邦浜 捉涿 干淦 "
    "苗淼 棉渑 天湉 师湜 藤滕 操漕 蔬澍 炯炅 坷珂 龙珑 工珙 郴琛谌 虽睢 当砀 "
    "兜窦 萧筱 青箐 若箬 瑰簋 冈罡 砰芃 然苒髯 鞠苣莒 吃茌 星荥 橇荞谯 棺莞 "
    "啊莪 摧萃 块蒯 猫袤 彬豳 坍郯 坡鄱 揣铎骓 呸霈 专颛 撒飒 琳麟 "
)
# Characters that are easily taken for each other.
_ALIKE = (
    "辉晖挥 惠慧蕙 汇江沪 泉杲 柳抑 未末 己已巳 庄压 锦绵棉 红缸 砂沙 晨震 "
    "桥轿侨 包句勾 党常堂 社杜 区匹 检捡脸俭 察蔡擦 院完 发友 局居 委季 组祖租 "
    "织炽 宣宜 传转 统纪 战站 政攻 法怯 综棕 治冶 园圆 图团 文交 体休 旅族 "
    "民氏 教救 科料 技枝 务备 税说悦 审宙 商高 市布 监蓝篮 管菅 质盾 量童 环坏 "
    "境镜 农衣 水木永 利和 财材 规现 划刘 自白目 然燃 资姿 源原 行衍 批屁 应庆 "
    "急总 消悄 防仿访 援缓 队认 公么 安按 警擎 电申甲由田 供洪 信倍 银根 支攴 "
    "妇扫 幼幻 保堡 健建 疾病 控空 残浅 联职 馆官 档挡 案鞍 方万 志忘 办力 "
    "青清晴情 工土士 卫正 生主 医匡 障章 刀九 事享亨 退腿 役设 军车 司同 井并开 "
    "坊妨 大太犬 慈兹 寺诗 合台 耿取 家豕 巷港 天夭夫 仙仑 府附 星里 暑署 袜抹 "
    "华毕花 兴光 熙熏 书节 四西 圣怪 祠词 福副富 字宇 武式 成戍 门闩 梓锌辛 "
    "潼撞 桂挂佳 王玉 落洛 虹蚣 经径 路络 碾辗 河何 得碍 胜性 心必 莲连 牛午 "
    "龙尤 舟丹 塔搭 山出 粮娘 丰半 国围 槐愧 翡翠 城诚 琉流 璃离 滨宾 菱凌 "
    "窠巢 金全 较校 坝贝 场汤 馨磬 逸兔 马乌 音昔 祝祀 石右 楼搂 狮师 点占 "
    "将蒋 潘播 沟购 助肋 邻怜 五互 麻床 劼劫 人入 卓阜 新斯 多夕 宝室 堰偃 "
    "堤提 像象 净静 三二 树村 古吉 北比 泽译 释择 峰锋烽蜂 明朋 阳阴 杨扬 森淼 "
    "湖胡 海悔 梅侮 云去 运远 延廷 平乎 昌冒 祥详 瑞端 玲铃 珠株 莹营 雨两 "
    "雪雷 晓浇 凤风 凰皇 飞气 绿缘 紫素 橙澄 梨犁 桃挑 杏否 松枞 柏拍 榕溶 "
    "樱婴 芙芜 蓉容 菊掬 苑范 苗描 茶荼 香杳 崇祟 栋拣 塘糖 渔鱼 浦捕 湾弯 "
    "岛鸟 屯顿 寨塞 庙庿 殿展 垭哑 坪评 坡披 岗冈 "
)


def _position(char: str) -> int:
    """Place of a character among the common ones, 0 if it is none."""
    try:
        code = int.from_bytes(char.encode("gb2312"), "big")
    except UnicodeEncodeError:
        return 0
    return code if _LEVEL_ONE[0] <= code <= _LEVEL_ONE[1] else 0


_STARTS = [_position(char) for char in _FIRST_OF_SYLLABLE]
_COMMON_OF = {char: group[0] for group in _RARER.split() for char in group[1:]}
_LOOK_OF = {char: group[0] for group in _ALIKE.split() for char in group}


@lru_cache(maxsize=8192)
def _syllable(char: str) -> str:
    position = _position(_COMMON_OF.get(char, char))
    return _FIRST_OF_SYLLABLE[bisect_right(_STARTS, position) - 1] if position else char


def sound(text: str) -> str:
    """The text with each character as the first one of its syllable; texts that sound alike are
    equal. Other signs stay. A character with several readings has the one it is sorted by.
    """
    return "".join(map(_syllable, text))


def look(text: str) -> str:
    """The text with characters that look alike made one."""
    return "".join(_LOOK_OF.get(char, char) for char in text)
