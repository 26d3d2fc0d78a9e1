// The transcript pane: citations lead to the very words; search, filter, deep links, keyboard. No server round trip.
(() => {
  "use strict";
  const page = window.debate;
  const LINK = /^#(t\d+)(?:[.](\d+)|-(\d+)-(\d+))?$/;
  let origin = null; // the citation one came from; Esc leads back

  const script = () => document.getElementById("script");
  const unmark = (css) => {
    for (const mark of page.all(css ? `mark.${css}` : "mark:not(.found)", script())) {
      const parent = mark.parentNode;
      mark.replaceWith(...mark.childNodes);
      parent.normalize();
    }
  };
  // Offsets count code points, as the record does; strings here count UTF-16 units.
  const units = (text, points) => { let at = 0; for (let n = 0; n < points && at < text.length; n++) at += text.codePointAt(at) > 0xffff ? 2 : 1; return at; };

  const wrap = (paragraph, from, to, css) => {
    const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
    const made = [];
    let at = 0, node;
    const pieces = [];
    while ((node = walker.nextNode())) { pieces.push([node, at]); at += node.data.length; }
    for (const [text, start] of pieces) {
      const a = Math.max(0, from - start), b = Math.min(text.data.length, to - start);
      if (a >= b) continue;
      const range = document.createRange();
      range.setStart(text, a);
      range.setEnd(text, b);
      const mark = document.createElement("mark");
      if (css) mark.className = css;
      range.surroundContents(mark);
      made.push(mark);
    }
    return made;
  };

  // Words that stand in pieces of the record: their sentences say where each begins and ends.
  const held = (paragraph, start, end) =>
    page.all(".sentence", paragraph).filter((s) => Number(s.dataset.start) < end && start < Number(s.dataset.end));

  const markSpan = (turn, start, end) => {
    const made = [];
    for (const paragraph of page.all(".said", turn)) {
      if (paragraph.dataset.joined !== undefined) {
        for (const sentence of held(paragraph, start, end)) made.push(...wrap(sentence, 0, sentence.textContent.length));
        continue;
      }
      const text = paragraph.textContent, first = Number(paragraph.dataset.start), length = [...text].length;
      if (end <= first || start >= first + length) continue;
      made.push(...wrap(paragraph, units(text, Math.max(0, start - first)), units(text, Math.min(length, end - first))));
    }
    return made;
  };

  const spanOf = (link) => {
    const match = LINK.exec(link);
    if (!match) return null;
    const turn = document.getElementById(match[1]);
    return turn ? { turn, sentence: match[2], start: match[3] && Number(match[3]), end: match[4] && Number(match[4]) } : null;
  };

  page.read = (link, from) => {
    const found = spanOf(link);
    if (!found) return false;
    unmark();
    for (const other of page.all(".turn.here")) other.classList.remove("here");
    for (const other of page.all(".chip.here")) other.classList.remove("here");
    found.turn.classList.add("here");
    found.turn.hidden = false;
    let marks = [];
    if (found.sentence) {
      const sentence = document.getElementById(`${found.turn.id}.${found.sentence}`);
      if (sentence) marks = wrap(sentence, 0, sentence.textContent.length);
    } else if (found.start !== undefined) marks = markSpan(found.turn, found.start, found.end);
    document.body.classList.add("script-open");
    const aim = marks[0] || found.turn;
    aim.scrollIntoView({ block: marks.length ? "center" : "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    if (from) {
      origin = from;
      if (from.classList.contains("chip")) from.classList.add("here");
      page.find("[data-do=back]").hidden = false;
    }
    found.turn.focus({ preventScroll: true });
    page.go({ hash: link });
    return true;
  };

  const back = () => {
    document.body.classList.remove("script-open");
    page.find("[data-do=back]").hidden = true;
    if (origin && origin.isConnected) { origin.scrollIntoView({ block: "nearest" }); origin.focus(); }
    origin = null;
  };
  page.closeScript = back;
  page.on("back", back);
  page.on("close-script", back);
  page.on("open-script", () => { document.body.classList.add("script-open"); script().focus(); });
  // Both languages stand one under the other in an English page, unless its reader put ours away.
  let glossed = null;
  const gloss = (on) => {
    document.getElementById("script-pane")?.classList.toggle("with-gloss", on);
    page.find("[data-do=gloss]")?.setAttribute("aria-pressed", String(on));
  };
  page.on("gloss", (button) => { glossed = button.getAttribute("aria-pressed") !== "true"; gloss(glossed); });
  for (const when of ["debate:start", "debate:language"]) document.addEventListener(when, () => gloss(glossed ?? page.language() === "en"));
  page.on("only", (button) => {
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
    narrow();
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#t"]');
    const card = event.target.closest("blockquote.words");
    const address = link ? link.getAttribute("href") : card && card.closest("[data-place]")?.dataset.place;
    if (!address || !LINK.test(address)) return;
    event.preventDefault();
    event.stopPropagation();
    hide();
    page.read(address, link && !script().contains(link) ? link : card ? card.closest(".card").querySelector("a") : null);
  }, true);

  // Search marks every hit; Enter walks through them. The server finds them: it knows scripts, widths and spaces.
  let hits = [], at = -1, asked = 0, due = 0;
  const people = () => page.all("[data-do=only][aria-pressed=true]").map((b) => b.dataset.speaker);
  const sections = () => {
    for (const title of page.all(".section", script())) {
      let next = title.nextElementSibling, some = false;
      while (next && !next.classList.contains("section")) { some = some || !next.hidden; next = next.nextElementSibling; }
      title.hidden = !some;
    }
  };
  const narrow = () => {
    const words = (document.getElementById("script-search")?.value || "").trim(), mine = ++asked;
    if (!words) { showHits([], words); return; }
    page.hub(async ({ server }) => {
      let reply;
      try { reply = await server.script_find({ words }); } catch { reply = null; }
      if (mine !== asked) return;
      if (!reply) { page.toast(page.say("未能查找,请重试", "Could not search; try again")); return; }
      showHits(reply.places, words);
    });
  };
  const showHits = (places, words) => {
    const only = people(), turns = page.all(".turn", script());
    unmark("found");
    for (const gloss of page.all(".gloss.found", script())) gloss.classList.remove("found", "now");
    hits = []; at = -1;
    const held = new Set(), visible = (turn) => !only.length || only.includes(turn.dataset.speaker);
    for (const [id, part, start, end, gloss] of places) {
      const turn = document.getElementById(id);
      if (!turn || !visible(turn)) continue;
      held.add(id);
      if (gloss) {
        const own = page.find(`.gloss[data-part="${part}"]`, turn);
        if (own && !own.classList.contains("found")) { own.classList.add("found"); hits.push(own); }
      } else {
        const said = page.all(".said", turn)[part], words = said.textContent;
        hits.push(...wrap(said, units(words, start), units(words, end), "found").slice(0, 1));
      }
    }
    for (const turn of turns) turn.hidden = !visible(turn) || (Boolean(words) && !held.has(turn.id));
    hits.sort((a, b) => (a.compareDocumentPosition(b) & 4 ? -1 : 1));
    sections();
    const shown = turns.filter((t) => !t.hidden).length;
    document.getElementById("script-found").textContent = words
      ? hits.length ? page.say(`${hits.length} 处 · ${shown} 段`, `${hits.length} in ${shown}`) : page.say("没有找到", "No hit")
      : only.length ? page.say(`${shown} 段`, `${shown} turns`) : "";
    script().dataset.searched = words;
  };
  document.addEventListener("input", (event) => {
    if (event.target.id !== "script-search") return;
    clearTimeout(due);
    due = setTimeout(narrow, 120);
  });
  document.addEventListener("change", (event) => {
    if (event.target.id !== "script-section" || !event.target.value) return;
    document.getElementById(event.target.value).scrollIntoView({ block: "start" });
    event.target.value = "";
  });

  // Hover or focus on a citation shows the words.
  const peek = document.createElement("div");
  peek.id = "peek"; peek.hidden = true; peek.setAttribute("role", "tooltip");
  const hide = () => { peek.hidden = true; };
  const show = (link) => {
    const found = spanOf(link.getAttribute("href") || "");
    if (!found || found.start === undefined || script().contains(link)) return;
    let words = "";
    for (const said of page.all(".said", found.turn)) {
      if (said.dataset.joined !== undefined) {
        const sentences = held(said, found.start, found.end), range = document.createRange();
        if (sentences.length) { range.setStartBefore(sentences[0]); range.setEndAfter(sentences.at(-1)); words += range.toString(); }
        continue;
      }
      const points = [...said.textContent], first = Number(said.dataset.start);
      words += points.slice(Math.max(0, found.start - first), Math.max(0, found.end - first)).join("");
    }
    peek.className = [...found.turn.classList].find((c) => /^s\d+$/.test(c)) || "";
    const name = document.createElement("b"), said = document.createElement("span");
    name.textContent = `${page.nameIn(found.turn)} · #${found.turn.id.slice(1)}`;
    said.className = "words";
    said.textContent = `“${words}”`;
    peek.replaceChildren(name, said);
    if (!peek.isConnected) document.body.append(peek);
    peek.hidden = false;
    const box = link.getBoundingClientRect(), size = peek.getBoundingClientRect();
    peek.style.left = `${Math.max(8, Math.min(box.left, innerWidth - size.width - 8))}px`;
    peek.style.top = `${box.top > size.height + 12 ? box.top - size.height - 8 : box.bottom + 8}px`;
  };
  for (const [kind, act] of [["mouseover", show], ["focusin", show], ["mouseout", hide], ["focusout", hide]])
    document.addEventListener(kind, (event) => { const link = event.target.closest?.("a.chip, a.said"); if (link) act(link); });

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "Escape") { hide(); if (origin || document.body.classList.contains("script-open")) back(); }
    else if (event.key === "Enter" && event.target.id === "script-search" && hits.length) {
      at = (at + (event.shiftKey ? hits.length - 1 : 1)) % hits.length;
      for (const mark of hits) mark.classList.remove("now");
      hits[at].classList.add("now");
      hits[at].scrollIntoView({ block: "center" });
    } else if (!typing && (event.key === "j" || event.key === "k") && event.target.closest("#script")) {
      const turns = page.all(".turn:not([hidden])", script()), here = turns.indexOf(event.target.closest(".turn"));
      const next = turns[Math.max(0, Math.min(turns.length - 1, here + (event.key === "j" ? 1 : -1)))];
      next.focus({ preventScroll: true });
      next.scrollIntoView({ block: "start" });
    } else if (!typing && event.key === "f" && event.target.closest("#pane")) { event.preventDefault(); document.getElementById("script-search").focus(); }
  });
  const follow = () => {
    if (LINK.test(location.hash)) page.read(location.hash);
    else { unmark(); document.body.classList.remove("script-open"); }
  };
  document.addEventListener("debate:start", () => setTimeout(follow));
  document.addEventListener("debate:place", follow);
})();
