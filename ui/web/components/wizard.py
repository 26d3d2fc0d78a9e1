"""Bring a debate: drop a file or paste text, put right who speaks, keep it with progress, ask.

The script sends the file to ``/web/import`` and then asks after the ticket it got; all rendering is done here.
"""

from __future__ import annotations

import gradio as gr

from corpus.types import Speaker
from ui.palette import hues, initials
from ui.web.importing import Read, same_as
from ui.web.rendering.markup import both, labelled, text

_DOUBTS = 8  # shown open; the rest are folded
_STEPS = (("放入文字", "Text"), ("核对发言人", "Speakers"), ("提问", "Ask"))


def wizard() -> gr.HTML:
    """The three steps in one place."""
    return gr.HTML(first(), elem_id="wizard", apply_default_css=False, css_template=STYLE, js_on_load=SCRIPT)


def _steps(at: int) -> str:
    made = "".join(
        f'<li{" aria-current=step" if n == at else ""} class="{"done" if n < at else ""}">{n} {both(zh, en)}</li>'
        for n, (zh, en) in enumerate(_STEPS, start=1)
    )
    return f'<ol class="steps" {labelled("步骤", "Steps")}>{made}</ol>'


def first() -> str:
    """Step one: the file, or its words."""
    forms = both(
        "文字、字幕(VTT、SRT)、Word、PDF、网页、表格、语音识别的 JSON,任何编码。只在这台机器上读,不上传。",
        "Text, subtitles (VTT, SRT), Word, PDF, web pages, tables, JSON of speech to text, in any encoding. "
        "Read on this machine alone; nothing is uploaded.",
    )
    return (
        f'<section class="wizard"><h2>{both("加一场辩论", "Bring your debate")}</h2>{_steps(1)}'
        f'<label class="drop"><input type="file" id="import-file"><b>{both("选一个文件,或拖到这里", "Choose a file, or drop it here")}</b>'
        f"<span>{forms}</span></label>"
        f'<label class="paste"><span>{both("或粘贴文字", "Or paste its words")}</span><textarea id="import-text" rows="7" '
        'data-hold-zh="Ann: …&#10;Bob: …" data-hold-en="Ann: …&#10;Bob: …"></textarea></label>'
        f'<p><button type="button" class="primary" data-wizard="paste">{both("读取", "Read it")}</button></p>'
        '<p class="import-trouble" role="alert" hidden></p></section>'
    )


def preview(read: Read, ticket: str, name: str) -> str:
    """Step two: how it was read, with doubts, and who speaks, to be put right."""
    report, speakers = read.report, read.debate.transcript.speakers
    facts = " · ".join(fact for fact in (report.form, report.date, report.language) if fact)
    told = both(
        f"{report.turns} 段,{report.attributed:.0%} 的话知道是谁说的。名字可改;同一人的两个写法可以合并。",
        f"{report.turns} turns; whose words they are is known for {report.attributed:.0%}. Names can be changed, "
        "two spellings of one person merged.",
    )
    rows = "".join(_row(speaker, at, read) for at, speaker in enumerate(speakers))
    head = "".join(
        f'<th scope="col">{both(zh, en)}</th>'
        for zh, en in (("发言人", "Speaker"), ("说了多少", "Share"), ("主持", "Host"), ("和谁是同一人", "Same as"))
    )
    begin = read.debate.transcript.turns[0]
    said = " ".join(s.text for s in read.debate.transcript.sentences_of(begin.id)[:3])
    return (
        f'<section class="wizard" data-ticket="{text(ticket)}"><h2>{both("加一场辩论", "Bring your debate")}</h2>{_steps(2)}'
        f'<p class="file"><b>{text(name)}</b> <span lang="en">{text(facts)}</span> '
        f'<button type="button" data-wizard="again">{both("换一个文件", "Another file")}</button></p>'
        f"<p>{told}</p>{_doubts(read)}"
        f'<div class="scroll" tabindex="0" role="region" {labelled("发言人", "Speakers")}><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
        f'<blockquote class="begins" lang="{text(report.language or "und")}"><b>'
        f"{text(read.debate.transcript.speaker_of(begin.id).name)}</b> {text(said[:400])}</blockquote>"
        f'<p><button type="button" class="primary" data-wizard="keep">{both("导入并提问", "Import and ask")}</button></p>'
        f'<div class="keeping" role="status" hidden><progress max="1" value="0" {labelled("导入进度", "Import progress")}></progress>'
        f"<span></span></div>"
        '<p class="import-trouble" role="alert" hidden></p></section>'
    )


def _doubts(read: Read) -> str:
    if not read.report.doubts:
        return f'<p class="sure">✓ {both("读的时候没有疑问。", "Nothing was doubtful when it was read.")}</p>'
    made = [
        f'<li lang="en">{both(f"第 {d.line} 行", f"line {d.line}") + ": " if d.line else ""}{text(d.why)}</li>'
        for d in read.report.doubts
    ]
    count = len(made)
    more = ""
    if count > _DOUBTS:
        label = both(f"另有 {count - _DOUBTS} 处", f"{count - _DOUBTS} more")
        more = f"<details><summary>{label}</summary><ul>{''.join(made[_DOUBTS:])}</ul></details>"
    title = both(f"有 {count} 处可能读错:", f"{count} place{'s' * (count > 1)} may have been read wrong:")
    return f'<div class="doubts"><p>? {title}</p><ul>{"".join(made[:_DOUBTS])}</ul>{more}</div>'


def _row(speaker: Speaker, at: int, read: Read) -> str:
    everybody = read.debate.transcript.speakers
    told = read.report.speakers[at] if at < len(read.report.speakers) else None
    told = next((s for s in read.report.speakers if s.name == speaker.name), told)
    share = round(100 * told.share) if told else 0
    hue, letters = hues(everybody)[speaker.name], initials(everybody)[speaker.name]
    maybe = same_as(everybody).get(speaker.id, "")
    options = "".join(f'<option value="{text(o.id)}">{text(o.name)}</option>' for o in everybody if o.id != speaker.id)
    suggestion = ""
    if maybe:
        other = next(o for o in everybody if o.id == maybe)
        suggestion = (
            f'<button type="button" data-wizard="same" data-same="{text(maybe)}">'
            f"{both(f'与 {other.name} 合并?', f'Merge with {other.name}?')}</button>"
        )
    turns = told.turns if told else 0
    return (
        f'<tr data-speaker="{text(speaker.id)}"><td class="person"><span class="who" style="background:{hue.light}" aria-hidden="true">'
        f'{text(letters)}</span><input type="text" value="{text(speaker.name)}" maxlength="80" {labelled("名字", "Name")}></td>'
        f'<td><meter min="0" max="100" value="{share}" {labelled(f"占 {share}%", f"{share}%")}></meter> {share}% · '
        f"{both(f'{turns} 段', f'{turns} turn' + 's' * (turns != 1))}</td>"
        f'<td><input type="checkbox"{" checked" if speaker.is_host else ""} {labelled("主持人", "Host")}></td>'
        f'<td><select {labelled("和谁是同一人", "Same person as")}><option value="" data-zh="不是别人" data-en="Nobody else">'
        f"不是别人</option>{options}</select> {suggestion}</td></tr>"
    )


STYLE = """
max-width: 900px; margin: 0 auto; padding: 18px 20px 60px; width: 100%;
.wizard h2 { font-size: 22px; font-weight: 700; margin: 4px 0 10px; } .wizard p { margin: 8px 0; }
.steps { display: flex; flex-wrap: wrap; gap: 8px; list-style: none; padding: 0; margin: 0 0 16px; }
.steps li { border-radius: 999px; padding: 4px 14px; font-size: 13.5px; background: var(--panel-2); color: var(--ink-2); }
.steps li.done { color: var(--good); } .steps li[aria-current] { background: var(--accent); color: var(--accent-ink); font-weight: 650; }
.drop { display: grid; gap: 6px; justify-items: center; text-align: center; border: 2px dashed var(--line); border-radius: 14px; padding: 30px 18px; background: var(--panel); cursor: pointer; }
.drop.over, .drop:focus-within { border-color: var(--accent); } .drop span { color: var(--ink-2); font-size: 13.5px; max-width: 60ch; } .drop input { font-size: 14px; max-width: 100%; color: var(--ink); }
.paste { display: grid; gap: 6px; margin-top: 16px; font-size: 14px; color: var(--ink-2); }
textarea, input[type=text], select { font: inherit; font-size: 15px; color: var(--ink); background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 7px 10px; width: 100%; }
td:nth-child(2) { white-space: nowrap; } td select { width: auto; max-width: 190px; } td input[type=text] { width: min(220px, 46vw); } td input[type=checkbox] { appearance: auto; width: 20px; height: 20px; }
.primary { background: var(--accent); color: var(--accent-ink); border-radius: 10px; padding: 9px 22px; font-weight: 650; font-size: 15px; min-height: 40px; border: 0; cursor: pointer; } .primary[disabled] { opacity: .55; }
button:not(.primary) { background: var(--panel); color: var(--accent); border: 1px solid var(--line); border-radius: 8px; padding: 5px 12px; font-size: 13px; min-height: 32px; cursor: pointer; }
.person { display: flex; align-items: center; } .who { flex: none; overflow: hidden; display: inline-grid; place-items: center; width: 28px; height: 28px; border-radius: 50%; color: #fff; font: 600 11px/1 var(--sans); margin-right: 8px; }
.doubts { border: 1px solid var(--line); border-left: 3px solid #b7791f; border-radius: 10px; background: var(--panel); padding: 6px 14px; font-size: 14px; } .doubts ul { padding-left: 20px; list-style: disc; margin: 4px 0; } .sure { color: var(--good); }
.begins { font-family: var(--serif); background: var(--panel); border: 1px solid var(--line); border-radius: 10px; padding: 10px 14px; margin: 12px 0; color: var(--ink); }
.keeping { display: flex; align-items: center; gap: 12px; } progress { flex: 1; height: 12px; accent-color: var(--accent); } meter { width: 80px; }
.import-trouble { color: var(--bad); border: 1px solid var(--bad); border-radius: 10px; padding: 8px 14px; } [hidden] { display: none !important; }
tr.merged input[type=text], tr.merged meter { opacity: .45; }
"""

SCRIPT = r"""
const page = window.debate, find = (css) => element.querySelector(css);
const trouble = (words) => { const place = find(".import-trouble"); place.textContent = words; place.hidden = !words; };
const lost = () => trouble(page.say("连接不上,请再试一次。您填的都还在。", "No connection; try again. What you typed is still here."));
const send = async (data, name) => {
  trouble("");
  find(".wizard").setAttribute("aria-busy", "true");
  try {
    const reply = await (await fetch(`/web/import?name=${encodeURIComponent(name)}`, { method: "POST", body: data })).json();
    if (!reply.ok) { trouble(reply.why); return; }
    element.innerHTML = reply.html;
    page.relabel(element);
    element.scrollIntoView({ block: "start" });
    find("h2").tabIndex = -1; find("h2").focus();
  } catch { lost(); } finally { find(".wizard")?.setAttribute("aria-busy", "false"); }
};
const people = () => Object.fromEntries([...element.querySelectorAll("tr[data-speaker]")].map((row) => [row.dataset.speaker, {
  name: row.querySelector("input[type=text]").value, host: row.querySelector("input[type=checkbox]").checked, same: row.querySelector("select").value }]));
const keep = async () => {
  const address = `/web/import/${find(".wizard").dataset.ticket}`, bar = find(".keeping"), go = find("[data-wizard=keep]");
  trouble(""); go.disabled = true; bar.hidden = false;
  const told = find(".keeping span");
  told.textContent = page.say("读入…", "Reading…");
  try {
    let reply = await (await fetch(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(people()) })).json();
    while (reply.ok && reply.state === "keeping") {
      if (reply.total) { find("progress").value = reply.done / reply.total; told.textContent = page.say(`${reply.done} / ${reply.total} 句已编码`, `${reply.done} of ${reply.total} texts encoded`); }
      await new Promise((next) => setTimeout(next, 300));
      reply = await (await fetch(address)).json();
    }
    if (!reply.ok || reply.state !== "kept") { trouble(reply.why || page.say("未能导入", "Could not be imported")); go.disabled = false; bar.hidden = true; return; }
    element.innerHTML = reply.html;
    page.relabel(element);
    page.toast(page.say("已导入,可以提问了", "Imported; ask away"));
    page.switchTo(reply.debate);
  } catch { lost(); go.disabled = false; bar.hidden = true; }
};
element.addEventListener("change", (event) => {
  if (event.target.id === "import-file" && event.target.files[0]) send(event.target.files[0], event.target.files[0].name);
  if (event.target.matches("select")) event.target.closest("tr").classList.toggle("merged", Boolean(event.target.value));
});
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-wizard]"), deed = button?.dataset.wizard;
  if (deed === "paste") { const words = find("#import-text").value; if (words.trim()) send(new Blob([words]), `${page.say("粘贴", "pasted")} ${new Date().toLocaleString("sv").slice(0, 16).replace(":", ".")}.txt`); else find("#import-text").focus(); }
  if (deed === "keep") keep();
  if (deed === "same") { const choice = button.closest("td").querySelector("select"); choice.value = button.dataset.same; choice.dispatchEvent(new Event("change", { bubbles: true })); button.remove(); }
  if (deed === "again") fetch("/web/import").then((r) => r.json()).then((reply) => { element.innerHTML = reply.html; page.relabel(element); }, lost);
});
for (const kind of ["dragover", "dragleave", "drop"]) element.addEventListener(kind, (event) => {
  event.preventDefault();
  find(".drop")?.classList.toggle("over", kind === "dragover");
  if (kind === "drop" && event.dataTransfer.files[0]) send(event.dataTransfer.files[0], event.dataTransfer.files[0].name);
});
"""
