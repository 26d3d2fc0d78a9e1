// The conversation's buttons: ask, retry, edit, copy, export, feedback; and the threads beside it.
(() => {
  "use strict";
  const page = window.debate;
  const box = () => page.find("#words textarea");
  const message = (element) => element.closest(".answer, .trouble");
  const positionOf = (element) => { const answer = element.closest(".answer"); return answer ? Number(answer.dataset.position) : null; };

  page.on("ask", (button) => {
    const own = button.dataset.question ?? (page.language() === "en" ? button.dataset.questionEn : button.dataset.questionZh);
    page.ask(own);
  });
  page.on("retry", (button) => page.ask(message(button).dataset.question, positionOf(button)));
  page.on("edit", (button) => {
    page.act({ deed: "edit", question: message(button).dataset.question, position: positionOf(button) });
    box().focus();
  });

  page.on("branch", (button) => page.act({ deed: "branch", thread: button.closest(".answer").dataset.thread, number: Number(button.dataset.number) }));
  page.on("restore", (button) => { page.openTab("chat"); page.act({ deed: "restore", thread: button.dataset.thread, unanswered: page.unanswered("") }); });

  // What one pastes into a memo: our words with [n], then each quote with who said it and where.
  const asText = (answer) => {
    const lines = [];
    const words = (element) => {
      const copy = element.cloneNode(true);
      copy.querySelectorAll("a.chip").forEach((c) => c.replaceWith(`[${c.textContent}]`));
      copy.querySelectorAll(page.language() === "en" ? ".zh" : ".en").forEach((c) => c.remove());
      return copy.textContent.replace(/\s+/g, " ").trim();
    };
    for (const part of page.all(":scope > .lead, .claims .told, :scope > .abstention > p, .calculation > .result", answer)) {
      const who = part.matches(".told") && page.find("header .voice", part.parentElement);
      lines.push((part.matches(".told") ? `- ${who ? `${page.nameIn(part.parentElement)}: ` : ""}` : "") + words(part));
    }
    page.all(".card", answer).forEach((card, n) => {
      const number = page.find("a.chip", card)?.textContent || String(n + 1);
      const relay = page.find(".relay", card), time = page.find(".time", card);
      lines.push(`[${number}] “${page.find("q", card).textContent}” — ${page.nameIn(card)}${relay ? ` (${words(relay)})` : ""}, #${card.dataset.place.split("-")[0].slice(2)}${time ? `, ${time.textContent}` : ""}`);
    });
    return lines.join("\n");
  };
  page.on("copy", async (button) => {
    const text = asText(button.closest(".answer"));
    try { await navigator.clipboard.writeText(text); } catch {
      const area = document.createElement("textarea");
      area.value = text; document.body.append(area); area.select(); document.execCommand("copy"); area.remove();
    }
    page.toast(page.say("已复制", "Copied"));
  });

  page.toast = (words) => {
    let note = document.getElementById("toast");
    if (!note) { note = document.createElement("div"); note.id = "toast"; note.setAttribute("role", "status"); document.body.append(note); }
    note.textContent = words;
    note.classList.add("shown");
    clearTimeout(page.toast.due);
    page.toast.due = setTimeout(() => note.classList.remove("shown"), 2500);
  };

  const thread = () => page.all(".answer[data-thread]").pop()?.dataset.thread || "";
  page.on("export", (link) => {
    if (!thread()) { page.toast(page.say("还没有可导出的对话", "There is nothing to export yet")); return; }
    const save = document.createElement("a");
    save.href = `/export/${thread()}?format=${link.dataset.format}`;
    save.download = "";
    document.body.append(save); save.click(); save.remove();
  });
  page.on("feedback-export", () => true);
  page.on("verdict", (button) => page.hub(async ({ server }) => {
    const answer = button.closest(".answer");
    const said = { thread: answer.dataset.thread, position: Number(answer.dataset.position), verdict: button.dataset.verdict, sentences: button.closest(".card")?.dataset.sentences || "" };
    const reply = await server.feedback(said);
    if (!reply?.ok) { page.toast(reply?.why || page.say("未能保存", "Could not be saved")); return; }
    for (const other of page.all("[data-verdict]", button.parentElement)) other.setAttribute("aria-pressed", String(other === button));
    page.toast(page.say("已记录,谢谢", "Noted, thank you"));
  }));

  // ── threads ──
  const row = (button) => button.closest("li");
  page.on("new", () => { page.openTab("chat"); page.abandon(""); page.open("", { unanswered: "" }); box().focus(); if (innerWidth <= 1100) document.body.classList.add("no-side"); });
  page.on("open", (button) => { const own = row(button).dataset.thread; page.openTab("chat"); page.open(own); if (innerWidth <= 1100) document.body.classList.add("no-side"); });
  page.on("delete", (button) => {
    if (!button.classList.contains("sure")) {
      button.classList.add("sure");
      button.textContent = page.say("删除?", "Delete?");
      button.addEventListener("blur", () => { button.classList.remove("sure"); button.textContent = "✕"; }, { once: true });
      button.focus();
      return;
    }
    page.abandon(row(button).dataset.thread);
    page.act({ deed: "delete", thread: row(button).dataset.thread });
  });
  page.on("rename", (button) => {
    const own = row(button), open = page.find(".open", own), input = document.createElement("input");
    input.value = page.find("span", open).textContent;
    input.setAttribute("aria-label", page.say("新标题", "New title"));
    open.replaceWith(input);
    input.focus(); input.select();
    let done = false;
    const finish = (keep) => {
      if (done) return;
      done = true;
      if (keep && input.value.trim()) page.act({ deed: "rename", thread: own.dataset.thread, title: input.value.trim() });
      else input.replaceWith(open);
    };
    input.addEventListener("keydown", (event) => { if (event.key === "Enter") finish(true); if (event.key === "Escape") finish(false); });
    input.addEventListener("blur", () => finish(true));
  });
  document.addEventListener("input", (event) => {
    if (event.target.id !== "thread-search") return;
    const words = event.target.value.trim().toLowerCase();
    for (const item of page.all(".threads li")) item.hidden = words && !item.textContent.toLowerCase().includes(words);
  });

  // ── after every change of the chat ──
  let shown = "", following = false, abandoned = null;
  const latest = () => page.all("#chat :is(.answer, .trouble, .progress)").at(-1);
  page.abandon = (thread) => { abandoned = latest(); page.keepQuestion(thread, ""); };
  document.addEventListener("debate:changed", () => {
    const chat = document.getElementById("chat");
    if (!chat) return;
    for (const offers of page.all(".answer .offers", chat)) offers.hidden = offers.closest(".answer") !== page.all(".answer, .trouble, .progress", chat).pop();
    // Gradio names each message by its whole markup, which is what a screen reader would then say.
    for (const message of page.all("[aria-label*=\"'s message: <\"]", chat)) message.setAttribute("aria-label", page.find(".asked", message) ? page.say("问题", "Question") : page.say("回答", "Answer"));
    const asked = page.all(".asked", chat), question = asked.at(-1), reply = latest();
    const own = thread(), going = reply?.classList.contains("progress");
    // A new question stands at the top, and stays there when its answer has come.
    if (question && (going || shown !== `${own} ${asked.length}`)) following = true;
    shown = `${own} ${asked.length}`;
    if (following && question) question.scrollIntoView({ block: "start" });
    if (!going) following = false;
    if (question && reply?.classList.contains("answer")) {
      page.keepQuestion(own, "");
      if (page.unanswered("") === reply.dataset.question) page.keepQuestion("", "");
    } else if (question && reply && reply !== abandoned) page.keepQuestion(own, question.textContent);
    if (question && page.drafts.of(drafted) === question.textContent) page.drafts.set(drafted, "");
    if (page.arriving()) return;
    const about = page.find(".threads")?.dataset.debate;
    if (about === undefined) return; // it is just being made anew
    if (page.here().debate !== about) page.go({ debate: about }, false);
    if (document.body.dataset.debate !== about) { document.body.dataset.debate = about; document.dispatchEvent(new Event("debate:switched")); }
    if (page.here().thread !== own && (own || !page.find(".progress, .trouble", chat))) page.go({ thread: own, hash: "" }, Boolean(document.body.dataset.ready));
    if (drafted !== own) { drafted = own; write(page.drafts.of(own)); settling = Date.now() + 3000; }
    else if (Date.now() < settling && box() && !box().value) write(page.drafts.of(own)); // what gradio fills in late empties the box
  });

  // What is typed is kept by thread until it stands in the chat as a question.
  let drafted = null, settling = 0;
  for (const kind of ["keydown", "pointerdown"]) document.addEventListener(kind, (event) => { if (event.target.closest("#words")) settling = 0; }, true);
  const write = (words) => {
    const own = box();
    if (!own || own.value === words || (!words && page.find("#chat .progress"))) return;
    own.value = words;
    own.dispatchEvent(new Event("input", { bubbles: true }));
  };
  document.addEventListener("input", (event) => { if (event.target === box() && drafted !== null) page.drafts.set(drafted, event.target.value); });
  const offline = (event) => {
    if (navigator.onLine || !event.target.closest("#words") || (event.key ? event.key !== "Enter" || event.shiftKey || event.isComposing : !event.target.closest("button"))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    page.toast(page.say("没有网络。问题留在这里,连上后再发送。", "You are offline. Your question stays here; send it when you are back."));
  };
  window.addEventListener("keydown", offline, true);
  window.addEventListener("click", offline, true);
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input, textarea, select, [contenteditable]")) { event.preventDefault(); page.openTab("chat"); box().focus(); }
  });
})();
