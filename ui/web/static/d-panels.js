// Compare, Calculate and Evaluate: what is shown, and the calculators' live results.
(() => {
  "use strict";
  const page = window.debate;

  // ── compare ──
  const topic = (id) => {
    const choice = document.getElementById("compare-topic");
    if (choice && choice.value !== id) choice.value = id;
    for (const section of page.all("section.topic")) section.hidden = section.dataset.topic !== id;
  };
  const cast = () => {
    const shown = page.all("[data-do=compare-speaker][aria-pressed=true]").map((b) => b.dataset.speaker);
    for (const column of page.all("article.stand")) column.hidden = !shown.includes(column.dataset.speaker);
  };
  page.on("compare-speaker", (button) => { button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true")); cast(); });
  page.on("compare-open", (button) => {
    topic(button.dataset.topic);
    document.getElementById("compare-topic").scrollIntoView({ block: "nearest" });
    const column = button.dataset.speaker && page.all(`section.topic:not([hidden]) article.stand`).find((a) => a.dataset.speaker === button.dataset.speaker);
    page.find(".stand.here")?.classList.remove("here");
    if (column) { column.hidden = false; column.classList.add("here"); column.scrollIntoView({ block: "nearest" }); }
  });
  document.addEventListener("change", (event) => {
    if (event.target.id === "compare-topic") topic(event.target.value);
    if (event.target.id === "only-differ") for (const body of page.all(".ledger tbody")) body.hidden = event.target.checked && !body.classList.contains("conflict");
    if (event.target.id === "calc-name") open({ name: event.target.value });
  });
  document.addEventListener("debate:language", () => run());

  // ── calculate ──
  const form = () => page.find("form.calc-form");
  const typed = (which) => Object.fromEntries(page.all(`[data-case=${which}]`, form()).map((e) => [e.name, e.value]));
  const fresh = (which) => Object.fromEntries(page.all(`[data-case=${which}]`, form()).filter((e) => e.value.trim() !== (starts[`${which}.${e.name}`] ?? "").trim()).map((e) => [e.name, e.value]));
  let starts = {}, asked = 0, due = 0;
  const begin = () => { starts = {}; for (const e of page.all("[data-case]", form())) starts[`${e.dataset.case}.${e.name}`] = e.dataset.case === "what" ? "" : e.value; };

  const address = () => {
    const at = new URLSearchParams({ calc: form().dataset.calculator });
    for (const [key, value] of Object.entries(fresh("base"))) at.set(`b.${key}`, value);
    for (const [key, value] of Object.entries(typed("what"))) if (value.trim()) at.set(`w.${key}`, value);
    return `#${at}`;
  };
  const run = () => {
    if (!form()) return;
    const mine = ++asked;
    page.hub(async ({ server }) => {
      const said = { name: form().dataset.calculator, base: typed("base"), what: typed("what"), language: page.language() };
      let reply;
      try { reply = await server.calc_run(said); } catch { reply = null; }
      if (mine !== asked) return;
      const place = document.getElementById("calc-results");
      if (!reply) { page.toast(page.say("未能计算,请重试", "Could not compute; try again")); return; }
      place.innerHTML = reply.html;
      const wrong = page.find(".refusal", place)?.dataset.field;
      for (const e of page.all("[data-case]", form())) e.setAttribute("aria-invalid", String(e.name === wrong));
      document.body.dataset.computed = String(mine);
    });
  };
  const open = (state) => page.hub(async ({ server }) => {
    const reply = await server.calc_panel(state);
    if (!reply?.ok) { page.toast(reply?.why || page.say("没有这个计算器", "No such calculator")); return; }
    const plain = Object.keys({ ...state.base }).length ? await server.calc_panel({ name: state.name }) : null;
    const panel = document.getElementById("calc-panel");
    if (plain) { panel.innerHTML = plain.html; begin(); const kept = starts; panel.innerHTML = reply.html; starts = kept; }
    else { panel.innerHTML = reply.html; begin(); }
    page.relabel(panel);
    run();
  });
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-case]")) return;
    clearTimeout(due);
    due = setTimeout(() => { history.replaceState(null, "", location.pathname + location.search + address()); run(); }, 180);
  });
  document.addEventListener("submit", (event) => { if (event.target.matches(".calc-form")) { event.preventDefault(); run(); } });
  page.on("calc-fill", (button) => {
    const name = button.closest("tr").dataset.field;
    const entry = page.find(`[data-case=what][name="${name}"]`, form());
    entry.value = button.dataset.value;
    entry.dispatchEvent(new Event("input", { bubbles: true }));
    entry.focus();
  });
  page.on("calc-reset", () => { history.replaceState(null, "", location.pathname + location.search); open({ name: form().dataset.calculator }); });
  page.on("calc-link", async () => {
    const link = location.origin + location.pathname + address();
    history.replaceState(null, "", location.pathname + location.search + address());
    try { await navigator.clipboard.writeText(link); } catch { /* the address bar holds it */ }
    page.toast(page.say("链接已复制", "Link copied"));
  });
  page.on("calc-ask", () => page.hub(async ({ server }) => {
    const reply = await server.calc_question({ name: form().dataset.calculator, base: fresh("base"), what: typed("what"), language: page.language() });
    if (!reply?.ok) return;
    page.openTab("chat");
    page.act({ deed: "edit", question: reply.question, position: null });
    setTimeout(() => page.find("#words textarea").focus(), 50);
  }));
  const follow = () => {
    if (!location.hash.startsWith("#calc=")) return false;
    const at = new URLSearchParams(location.hash.slice(1)), state = { name: at.get("calc"), base: {}, what: {} };
    for (const [key, value] of at) { if (key.startsWith("b.")) state.base[key.slice(2)] = value; if (key.startsWith("w.")) state.what[key.slice(2)] = value; }
    page.go({ tab: "calculate" }, false);
    page.openTab("calculate");
    wait(() => open(state));
    return true;
  };
  // A tab's content is made when it is first opened.
  const wait = (act, left = 100) => (form() ? act() : left && setTimeout(() => wait(act, left - 1), 50));
  let seen = false;
  document.addEventListener("debate:changed", () => {
    if (form() && !seen) {
      seen = true;
      begin();
      if (!location.hash.startsWith("#calc=")) run();
    }
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#calc="]');
    if (!link) return;
    event.preventDefault();
    page.go({ tab: "calculate", hash: link.getAttribute("href") });
    follow();
  }, true);
  document.addEventListener("debate:start", () => setTimeout(follow));
  document.addEventListener("debate:place", follow);

  // ── the memo's list, kept by debate; its tab shows it ──
  const key = () => `debate-memo:${page.here().debate}`;
  const load = () => { try { const kept = JSON.parse(localStorage.getItem(key())); return kept && Array.isArray(kept.items) ? kept : { title: "", items: [] }; } catch { return { title: "", items: [] }; } };
  const count = () => { const tab = document.getElementById("tab-memo-button"); if (tab) tab.dataset.count = load().items.length || ""; };
  const save = (memo) => {
    try { localStorage.setItem(key(), JSON.stringify(memo)); } catch { page.toast(page.say("浏览器不让保存,备忘记不下来", "The browser lets nothing be kept; the memo cannot be")); }
    count();
  };
  page.memo = { load, save };
  page.collect = (item) => {
    const memo = load(), same = JSON.stringify(item);
    if (memo.items.some((one) => JSON.stringify(one) === same)) { page.toast(page.say("已经在备忘里", "It is in the memo already")); return; }
    memo.items.push(item);
    save(memo);
    document.dispatchEvent(new Event("debate:memo"));
    page.toast(page.say(`已收入备忘 · ${memo.items.length}`, `In the memo · ${memo.items.length}`));
  };
  window.addEventListener("storage", (event) => { if (event.key === key()) document.dispatchEvent(new Event("debate:memo")); });
  for (const when of ["debate:start", "debate:memo", "debate:switched"]) document.addEventListener(when, count);

  // ── what ❐ collects: a quote, a figure with what it is, a calculation with its inputs ──
  page.on("keep", (button) => {
    const sum = button.closest(".calculation"), place = button.closest("[data-sentences]");
    if (sum) {
      const link = page.find('a[href^="#calc="]', sum);
      const at = new URLSearchParams(link ? link.getAttribute("href").slice(1) : address().slice(1));
      const texts = link ? {} : { ...typed("base") };
      for (const [name, value] of at) if (name.startsWith("b.") || name.startsWith("w.")) texts[name.slice(2)] = value;
      page.collect({ kind: "calculation", name: at.get("calc"), texts });
    } else {
      const label = page.language() === "en" ? place.dataset.enLabel : place.dataset.zhLabel;
      page.collect({ kind: "quote", ids: place.dataset.sentences, ...(label ? { label } : {}) });
    }
  });

  // ── evaluate ──
  page.on("report", (button) => {
    const place = document.getElementById("report"), frame = page.find("iframe", place), figures = document.getElementById("report-figures");
    for (const other of page.all("[data-do=report]")) other.classList.toggle("shown", other === button);
    place.hidden = false;
    frame.hidden = !button.dataset.page;
    figures.replaceChildren();
    if (button.dataset.page) frame.src = button.dataset.page;
    else figures.append(button.parentElement.querySelector("template").content.cloneNode(true));
    place.scrollIntoView({ block: "start" });
  });
})();
