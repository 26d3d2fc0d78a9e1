"""The memo: what was collected with ❐, in an order that one changes, with one's own words between, and its files.

The list is kept by the browser, by debate; words and numbers are made anew by the server whenever it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import gradio as gr

from corpus.errors import DebateError
from ui.memo import Computed, Item, Note, quoted
from ui.web import memos
from ui.web.conversation import Conversations
from ui.web.desk import Desk
from ui.web.rendering.markup import both, labelled, text
from ui.web.rendering.quotes import card


def pane() -> gr.HTML:
    """The list with its tools."""
    return gr.HTML(_frame(), elem_id="memo", apply_default_css=False, css_template=STYLE, js_on_load=SCRIPT)


def call(desk: Desk) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The call by which the script has its list shown."""

    def memo_show(said: dict[str, Any]) -> dict[str, Any]:
        """The items rendered, and whether the memo would verify."""
        try:
            talks = desk.of(str(said.get("debate", "")))
            return {"ok": True, "html": shown(said, talks)}
        except DebateError as error:
            return {"ok": False, "why": str(error)}

    return memo_show


def shown(said: Mapping[str, Any], talks: Conversations) -> str:
    """The list: each item with its tools, then what verifying the whole came to. Broken items stay, to be taken out."""
    kept, debate = said.get("items"), talks.assistant.debate
    rows, items, broken = [], [], False
    for at, one in enumerate(kept if isinstance(kept, list) else []):
        try:
            (item,) = memos.read({"items": [one]}, debate)
        except DebateError as error:
            rows.append(_row(at, f'<p class="refusal">{text(error)}</p>'))
            broken = True
            continue
        items.append(item)
        rows.append(_row(at, _item(item, talks, memos.language_of(said))))
    if not rows:
        return _empty()
    sealed = "" if broken else _seal(memos.checked(memos.document(said, tuple(items), debate), debate))
    return f'<ol class="items">{"".join(rows)}</ol>{sealed}'


def _item(item: Item, talks: Conversations, language: Any) -> str:
    if isinstance(item, Note):
        return (
            f'<textarea class="note" rows="2" {labelled("您的话", "Your words")} data-hold-zh="您的话…" data-hold-en="Your words…">'
            f"{text(item.text)}</textarea>"
        )
    if isinstance(item, Computed):
        return f'<p class="sum"><b>{text(item.trace.title[language])}</b> {text(item.trace.summary[language])}</p>'
    label = f'<p class="label">{text(item.label)}</p>' if item.label else ""
    return label + card(quoted(item, talks.assistant.debate), talks.cast, keeps=False)


def _row(at: int, body: str) -> str:
    tools = "".join(
        f'<button type="button" data-memo="{deed}" {labelled(zh, en)}>{sign}</button>'
        for deed, sign, zh, en in (
            ("up", "↑", "上移", "Move up"),
            ("down", "↓", "下移", "Move down"),
            ("note", "＋", "在下面写一段", "Write below"),
            ("drop", "✕", "拿掉", "Take out"),
        )
    )
    return f'<li data-at="{at}" draggable="true"><div class="body">{body}</div><div class="moves">{tools}</div></li>'


def _seal(checked: memos.Checked) -> str:
    if checked.problems:
        rows = "".join(f'<li lang="en">{text(problem)}</li>' for problem in checked.problems[:8])
        told = both("这份备忘通不过核验:", "This memo would not verify:")
        return f'<div class="seal broken" role="status"><p>{told}</p><ul>{rows}</ul></div>'
    count = checked.quotes
    told = both(f"{count} 句原话逐字核对无误", f"{count} quote{'s' * (count != 1)} verified word for word")
    return f'<p class="seal" role="status" data-quotes="{count}">✓ {told}</p>'


def _empty() -> str:
    told = both(
        "还是空的。在回答、对比、数字账本和计算上点 ❐,就收到这里。",
        "Nothing here yet. ❐ on an answer's quotes, in Compare, on figures and calculations collects them here.",
    )
    return f'<p class="empty">{told}</p>'


def _frame() -> str:
    return (
        f'<section class="memo"><header><input type="text" id="memo-title" maxlength="200" {labelled("标题", "Title")} '
        'data-hold-zh="备忘标题" data-hold-en="Title of the memo">'
        f'<button type="button" data-memo="first">＋ {both("写一段", "Write")}</button>'
        f'<button type="button" class="primary" data-memo="docx">{both("下载 .docx", "Download .docx")}</button>'
        '<button type="button" data-memo="md">Markdown</button>'
        f'<button type="button" data-memo="clear">{both("清空", "Empty")}</button></header>'
        f'<div id="memo-items">{_empty()}</div></section>'
    )


STYLE = """
max-width: 860px; margin: 0 auto; padding: 18px 20px 60px; width: 100%;
.memo > header { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin-bottom: 14px; }
input, textarea { font: inherit; font-size: 15px; color: var(--ink); background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 7px 10px; width: 100%; }
#memo-title { flex: 1 1 240px; font-size: 18px; font-weight: 650; }
button { background: var(--panel); color: var(--ink); border: 1px solid var(--line); border-radius: 8px; padding: 5px 12px; font-size: 13px; min-height: 34px; min-width: 34px; cursor: pointer; }
.primary { background: var(--accent); color: var(--accent-ink); font-weight: 650; }
.items { list-style: none; padding: 0; margin: 0; display: grid; gap: 10px; grid-template-columns: minmax(0, 1fr); }
.items > li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 8px; align-items: start; background: var(--panel); border: 1px solid var(--line); border-radius: 10px; padding: 8px 10px; }
.items > li.over { border-color: var(--accent); box-shadow: 0 -2px 0 var(--accent); } .moves { display: grid; grid-template-columns: auto auto; gap: 4px; } .moves button { padding: 0 6px; }
.card { border-width: 0 0 0 3px; border-radius: 0; } .label, .sum { margin: 2px 0; font-size: 14.5px; } .label { font-weight: 650; }
.seal { color: var(--good); font-size: 14px; margin: 12px 2px; } .seal.broken { color: var(--bad); border: 1px solid var(--bad); border-radius: 10px; padding: 4px 14px; } .seal ul { padding-left: 18px; list-style: disc; } .empty { color: var(--ink-2); }
"""

SCRIPT = r"""
const page = window.debate, find = (css) => element.querySelector(css);
const { load, save } = page.memo;
let asked = 0, last = null;
const show = () => {
  const memo = load(), mine = ++asked;
  if (find("#memo-title") && find("#memo-title") !== document.activeElement) find("#memo-title").value = memo.title;
  page.hub(async ({ server }) => {
    let reply;
    try { reply = await server.memo_show({ ...memo, language: page.language() }); } catch { reply = null; }
    if (mine !== asked) return;
    if (!reply?.ok) { page.toast(reply?.why || page.say("连接不上;备忘还在", "No connection; the memo is kept")); return; }
    find("#memo-items").innerHTML = reply.html;
    page.relabel(element);
    element.dataset.shown = String(memo.items.length);
  });
};
const change = (act) => { const memo = load(); last = JSON.stringify(memo); act(memo); save(memo); show(); };
const download = async (format) => {
  const memo = load();
  try {
    const reply = await fetch(`/web/memo?format=${format}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ ...memo, language: page.language(), debate: page.here().debate }) });
    if (!reply.ok) { page.toast((await reply.text()).trim()); return; }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await reply.blob());
    link.download = `${(memo.title || "memo").replace(/[^\p{L}\p{N} _-]/gu, "").trim() || "memo"}.${format}`;
    document.body.append(link); link.click(); link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  } catch { page.toast(page.say("连接不上;备忘还在", "No connection; the memo is kept")); }
};
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-memo]"), deed = button?.dataset.memo;
  if (!deed) return;
  const at = Number(button.closest("li")?.dataset.at), move = (to) => change(({ items }) => { if (to >= 0 && to < items.length) items.splice(to, 0, ...items.splice(at, 1)); });
  if (deed === "up") move(at - 1);
  if (deed === "down") move(at + 1);
  if (deed === "drop") change(({ items }) => items.splice(at, 1));
  if (deed === "note") change(({ items }) => items.splice(at + 1, 0, { kind: "note", text: "" }));
  if (deed === "first") change(({ items }) => items.unshift({ kind: "note", text: "" }));
  if (deed === "clear") { change((memo) => { memo.items = []; memo.title = ""; }); const kept = last; page.toast(page.say("已清空;再点一次“清空”可恢复", "Emptied; press Empty again to undo")); button.onclick = () => { if (!load().items.length) { save(JSON.parse(kept)); show(); } button.onclick = null; }; }
  if (deed === "docx" || deed === "md") download(deed);
});
element.addEventListener("input", (event) => {
  const memo = load();
  if (event.target.id === "memo-title") memo.title = event.target.value;
  else if (event.target.matches(".note")) memo.items[Number(event.target.closest("li").dataset.at)].text = event.target.value;
  else return;
  save(memo);
});
element.addEventListener("change", (event) => { if (event.target.matches(".note, #memo-title")) show(); });
let held = null;
element.addEventListener("dragstart", (event) => { const row = event.target.closest?.("li[data-at]"); if (row && !event.target.matches("textarea")) { held = Number(row.dataset.at); event.dataTransfer.effectAllowed = "move"; } });
element.addEventListener("dragover", (event) => { const row = event.target.closest("li[data-at]"); if (held === null || !row) return; event.preventDefault(); for (const other of element.querySelectorAll("li.over")) other.classList.remove("over"); row.classList.add("over"); });
element.addEventListener("drop", (event) => { const row = event.target.closest("li[data-at]"); if (held === null || !row) return; event.preventDefault(); const to = Number(row.dataset.at), from = held; held = null; change(({ items }) => items.splice(to, 0, ...items.splice(from, 1))); });
for (const when of ["debate:start", "debate:language", "debate:memo", "debate:switched"]) document.addEventListener(when, show);
if (document.body.dataset.ready) show();
"""
