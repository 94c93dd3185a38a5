"""Traditional characters of headings, times, amounts and kinds as simplified ones.

Only the characters that the vocabularies of this package hold: texts of records are never changed.
"""

from __future__ import annotations

_PAIRS = (
    "項项 機机 構构 資资 內内 對对 數数 單单 開开 結结 備备 註注 聯联 繫系 絡络 電电 話话 "
    "號号 時时 間间 點点 後后 萬万 兩两 週周 學学 長长 態态 隨随 寫写 編编 碼码 稱称 題题 "
    "標标 見见 區区 鄉乡 鎮镇 辦办 處处 團团 體体 組组 織织 關关 門门 職职 員员 務务 設设 "
    "場场 類类 別别 領领 總总 計计 規规 額额 頻频 終终 動动 歷历 閱阅 讀读 環环 與与 園园 "
    "舊旧 線线 災灾 應应 緊紧 優优 護护 證证 戶户 現现 許许 說说 詳详 細细 節节 簡简 實实 "
    "專专 訊讯 錢钱 費费 經经 貢贡 獻献 夥伙 願愿 擬拟 協协 養养 醫医 藥药 鄰邻 勞劳 創创 "
    "業业 導导 調调 權权 圖图 書书 術术 觀观 壽寿 殘残 臨临 濟济 暫暂 續续 狀状 請请 眾众 "
    "階阶 層层 國国 慶庆 陽阳 盞盏 張张 個个 幾几 來来 餘余 約约 過过 從从 無无 會会 為为 "
    "選选 擇择 順顺 決决 鎖锁 籌筹 誰谁 "
    "樣样 範范 審审 簽签 發发 佈布 種种 質质 獲获 課课 這这 達达 貳贰 參叁 陸陆 據据 視视 "
    "況况 適适 雙双 禮礼 寶宝 歲岁 冊册 條条 滿满 館馆 廳厅 廣广 樓楼 衛卫 "
)
_TABLE = {ord(pair[0]): pair[1] for pair in _PAIRS.split()}


def simplified(text: str) -> str:
    """The text with the traditional characters that the vocabularies know made simple."""
    return text.translate(_TABLE)
