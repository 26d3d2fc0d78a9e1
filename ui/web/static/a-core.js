// Language, theme, labels, and the hub through which the page's buttons reach the server. No dependency, no network.
(() => {
  "use strict";
  const page = (window.debate = {});
  const root = document.documentElement;
  const remembered = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const remember = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private window */ } };

  page.language = () => (root.lang.startsWith("en") ? "en" : "zh");
  page.say = (zh, en) => (page.language() === "en" ? en : zh);
  page.find = (selector, within = document) => within.querySelector(selector);
  page.all = (selector, within = document) => [...within.querySelectorAll(selector)];
  // Who speaks in a card or a turn, in the page's language: it is not always known.
  page.nameIn = (element) => {
    const line = element.closest(".line"), name = page.find(".voice", element) || (line && page.find("header .voice", line)), told = name && page.find(page.language() === "en" ? ".en" : ".zh", name);
    return (told || name)?.textContent || element.dataset.speaker;
  };
  page.on = (deed, act) => { deeds[deed] = act; };
  const deeds = {};

  // Attributes and options cannot hold two languages; these are kept in step with the page's.
  page.relabel = (within = document) => {
    const language = page.language();
    for (const element of page.all("[data-zh][data-en]", within)) {
      const words = element.dataset[language];
      if (element.matches("option")) { if (element.textContent !== words) element.textContent = words; continue; }
      if (element.getAttribute("aria-label") !== words) element.setAttribute("aria-label", words);
      if (element.matches("button, .chip, .at") && element.title !== words) element.title = words;
    }
    for (const element of page.all("[data-hold-zh]", within)) {
      const words = language === "en" ? element.dataset.holdEn : element.dataset.holdZh;
      if (element.placeholder !== words) element.placeholder = words;
    }
  };

  // Words by thread that outlive a reload. Those of a thread that has not begun ("") belong to their browser tab alone.
  const FEW = 20;
  const keep = (name) => {
    const where = (thread) => (thread ? localStorage : sessionStorage);
    const all = (thread) => { try { return JSON.parse(where(thread).getItem(name)) || {}; } catch { return {}; } };
    return {
      of: (thread) => all(thread)[thread] || "",
      set: (thread, words) => {
        const held = all(thread);
        if ((held[thread] || "") === (words || "")) return;
        delete held[thread];
        if (words) held[thread] = words;
        try { where(thread).setItem(name, JSON.stringify(Object.fromEntries(Object.entries(held).slice(-FEW)))); } catch { /* private window */ }
      },
    };
  };
  // Questions that a reload, a stop or an error left without an answer; and words that were not sent yet, or got lost on the way.
  const unanswered = keep("debate-unanswered");
  page.unanswered = unanswered.of;
  page.keepQuestion = unanswered.set;
  page.drafts = keep("debate-drafts");

  // ── the address names debate, thread, tab and place, and Back leads through them ──
  page.here = () => {
    const at = new URL(location.href);
    return { debate: at.searchParams.get("debate") || "", thread: at.searchParams.get("thread") || "", tab: at.searchParams.get("tab") || "chat", hash: at.hash };
  };
  page.go = (change, push = true) => {
    const url = new URL(location.href);
    for (const [key, value] of Object.entries(change)) {
      if (key === "hash") url.hash = value;
      else if (value && !(key === "tab" && value === "chat")) url.searchParams.set(key, value);
      else url.searchParams.delete(key);
    }
    if (url.href !== location.href) history[push ? "pushState" : "replaceState"](null, "", url);
  };
  // What the server was asked to open: until it has answered, what is shown says nothing about the address.
  let opening = 0, opened = 0;
  page.open = (thread, more = {}) => { opening += 1; page.act({ deed: "open", debate: page.here().debate, thread, unanswered: page.unanswered(thread), opening, ...more }); };
  page.switchTo = (debate) => {
    page.go({ debate, thread: "", tab: "", hash: "" });
    page.openTab("chat");
    page.open("", { unanswered: "" });
  };
  page.on("debate", (link) => page.switchTo(link.dataset.debate));
  page.on("add", () => page.openTab("add"));
  page.isOpening = () => {
    if (page.find(".threads")?.dataset.opening === String(opening)) opened = opening;
    return opened !== opening;
  };
  let waits = false; // one thread is opened after the other: Back pressed twice must not end on the first
  const arrive = () => {
    waits = page.isOpening();
    if (waits) return;
    const { debate, thread, tab } = page.here(), now = page.find(".threads")?.dataset;
    if (thread !== now?.thread || debate !== now?.debate) page.open(thread);
    page.openTab(tab);
    document.dispatchEvent(new Event("debate:place"));
  };
  window.addEventListener("popstate", arrive);
  page.arriving = () => { if (waits) arrive(); return page.isOpening(); };
  document.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]")?.id.match(/^tab-(\w+)-button$/);
    if (tab) page.go({ tab: tab[1], ...(event.isTrusted ? { hash: "" } : {}) });
  });

  let waiting = [];
  page.hub = (run) => { window.debateHub ? run(window.debateHub) : waiting.push(run); };
  // Every call of the server says which debate it is about.
  const ready = () => {
    const { trigger, server } = window.debateHub;
    window.debateHub = { trigger, server: new Proxy({}, { get: (_, name) => (said) => server[name]({ ...said, debate: page.here().debate }) }) };
  };
  page.act = (data) => page.hub(({ trigger }) => trigger("select", data));
  page.ask = (question, position) => page.hub(({ trigger }) => {
    page.openTab("chat");
    trigger("submit", { question, position: position ?? null });
  });
  page.openTab = (name) => { const tab = document.getElementById(`tab-${name}-button`); if (tab && tab.getAttribute("aria-selected") !== "true") tab.click(); };

  const setLanguage = (language, tell = true) => {
    root.lang = language === "en" ? "en" : "zh-CN";
    remember("debate-language", language);
    page.relabel();
    document.dispatchEvent(new Event("debate:language"));
    if (tell) page.act({ language });
  };
  const setTheme = (dark) => {
    document.body.classList.toggle("dark", dark);
    root.style.colorScheme = dark ? "dark" : "light";
  };

  page.on("language", () => setLanguage(page.language() === "en" ? "zh" : "en"));
  page.on("theme", () => { const dark = !document.body.classList.contains("dark"); remember("debate-theme", dark ? "dark" : "light"); setTheme(dark); });
  page.on("sidebar", (button) => { const shut = document.body.classList.toggle("no-side"); button.setAttribute("aria-expanded", String(!shut)); });

  // On a narrow screen the sidebar and the transcript lie over the chat; a touch beside them puts them away.
  document.addEventListener("click", (event) => {
    const body = document.body, on = (where) => event.target.closest(where);
    if (innerWidth <= 1100 && !body.classList.contains("no-side") && !on("#side, [data-do=sidebar]")) body.classList.add("no-side");
    else if (innerWidth <= 820 && body.classList.contains("script-open") && !on("#pane, [data-do=open-script]")) page.closeScript();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-do]");
    for (const menu of page.all("details.menu[open]")) if (!menu.contains(event.target) || target) menu.open = false;
    if (!target) return;
    const act = deeds[target.dataset.do];
    if (act && act(target, event) !== true) event.preventDefault();
  }, true);

  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && page.find("details.menu[open]");
    if (menu) { menu.open = false; page.find("summary", menu).focus(); }
  });

  const start = () => {
    const asked = new URLSearchParams(location.search).get("lang");
    const system = (navigator.language || "zh").toLowerCase().startsWith("zh") ? "zh" : "en";
    const language = asked === "en" || asked === "zh" ? asked : remembered("debate-language") || system;
    const theme = remembered("debate-theme");
    root.lang = language === "en" ? "en" : "zh-CN";
    const dress = () => setTheme(theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
    dress();
    if (innerWidth <= 1100) document.body.classList.add("no-side");
    document.addEventListener("debate:hub", () => {
      ready();
      const run = waiting;
      waiting = [];
      dress(); // gradio follows the system's theme when it mounts
      run.forEach((act) => act(window.debateHub));
      page.relabel();
      page.open(page.here().thread, { language });
    });
    // The sidebar's first answer from the server says that the thread, the labels and the tabs are as they should be.
    document.addEventListener("debate:changed", () => {
      if (document.body.dataset.ready || !page.find(".threads[data-restored]")) return;
      document.body.dataset.ready = "1";
      page.openTab(page.here().tab);
      document.dispatchEvent(new Event("debate:start"));
    });
    let due = 0;
    new MutationObserver(() => { cancelAnimationFrame(due); due = requestAnimationFrame(() => { page.relabel(); document.dispatchEvent(new Event("debate:changed")); }); })
      .observe(document.body, { childList: true, subtree: true });
  };
  document.body ? start() : document.addEventListener("DOMContentLoaded", start);
})();
