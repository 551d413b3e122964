// Help on top of pages that work without it: autosave, a quick way out, live questions, hands and keys.
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const first = (selector, root = document) => root.querySelector(selector);
  const byId = (id) => document.getElementById(id);
  const on = (type, act) => document.addEventListener(type, act);
  const fieldOf = (element) => element.closest(".field");
  let leaving = false;

  // A link from another site arrives on a page that only leads on; what stands behind the # comes along.
  const onward = first("a[data-onward]");
  if (onward) return location.replace(onward.href + location.hash);

  document.documentElement.classList.add("js");
  first("[data-focus]")?.focus();
  // A patient's page that was left is not seen again, not even for the moment until it has loaded anew.
  const exit = first("[data-exit]");
  addEventListener("pagehide", () => exit && document.documentElement.classList.add("gone"));
  addEventListener("pageshow", (event) => event.persisted && location.reload());

  // A code travels in the fragment, which no server sees, and must not stay in the address. A patient who opens a link
  // while a form is open here gets the door, not that form: it may be somebody else's.
  const CODES = { access: /^#[0-9a-z]{4}(-?[0-9a-z]{4}){2}$/i, link: /^#[\w-]{43}$/ };
  function takeCode() {
    const input = first("input[data-code]");
    const kind = exit?.dataset.door ? "access" : input?.dataset.code;
    if (!CODES[kind]?.test(location.hash)) return;
    if (!input) {
      document.body.replaceChildren();
      location.replace(exit.dataset.door + location.hash);
      return;
    }
    input.value = location.hash.slice(1);
    history.replaceState(null, "", location.pathname);
  }
  takeCode();
  addEventListener("hashchange", takeCode);

  // Quick exit: empty the page first, so that nothing shows while the next one loads. Without a beacon, or where none
  // can be sent, the plain link ends the sitting and leads on.
  let presses = [];
  function leave() {
    leaving = true;
    document.title = "";
    document.documentElement.replaceChildren();
    const told = navigator.sendBeacon?.(exit.dataset.leave);
    location.replace(told && exit.dataset.neutral ? exit.dataset.neutral : exit.href);
  }
  on("keydown", (event) => {
    if (event.repeat) return;
    presses = event.key === "Shift" ? [...presses, event.timeStamp].slice(-3) : [];
    if (exit && presses.length === 3 && presses[2] - presses[0] < 5000) leave();
  });

  // A sitting that is over is seen by nobody who comes past: the page empties itself when the server ends the sitting,
  // and asks a minute before. What was typed is sent first. The clock of the wall counts: a sleeping phone has timers
  // that sleep with it.
  const unsaved = [];
  let over = Infinity, nudge;
  const soon = () => first(".soon");
  function lasts(seconds) {
    if (!Number.isFinite(seconds) || over < 0) return;
    soon()?.remove();
    over = Date.now() + seconds * 1000 + 1000;
    watch();
  }
  function watch() {
    clearTimeout(nudge);
    const rest = over - Date.now();
    if (rest <= 0) return close();
    if (rest <= 61000 && !soon()) {
      unsaved.forEach((send) => send());
      exit.parentElement.append(byId("soon").content.cloneNode(true));
    }
    nudge = setTimeout(watch, rest > 61000 ? rest - 60500 : Math.min(rest, 5000));
  }
  function close() {
    if (over < 0) return;
    over = -1;
    clearTimeout(nudge);
    unsaved.forEach((send) => send());
    soon()?.remove();
    const title = Object.assign(document.createElement("h1"), { textContent: exit.dataset.closed, tabIndex: -1 });
    document.body.classList.remove("private");
    first(".page-header").remove();
    first("main").replaceChildren(title, byId("closed").content.cloneNode(true));
    title.focus();
  }
  async function stay() {
    const reply = await fetch(location.pathname);
    const said = (await reply.text()).match(/data-left="(\d+)"/);
    if (said && !reply.redirected) lasts(Number(said[1]));
    else close();
  }
  if (exit?.dataset.left) {
    lasts(Number(exit.dataset.left));
    on("visibilitychange", () => document.hidden || over < 0 || watch());
  }

  // Autosave: the whole page, one request at a time and not more often than the server takes; errors beside fields the
  // person has left.
  const APART = 1200;
  function autosave(form) {
    const words = form.dataset;
    const status = first("[data-saved]", form);
    const left = new Set();
    let errors = {}, timer, pause = 1000, busy = false, dirty = false, sent = -APART, warned = "", waiting, saved;

    const spot = (name) => {
      for (; name; name = name.slice(0, Math.max(0, name.lastIndexOf(".")))) {
        if (byId(`${name}:error`)) return byId(`${name}:error`);
      }
    };
    function showErrors() {
      const said = new Map();
      all("[aria-invalid]", form).forEach((input) => input.removeAttribute("aria-invalid"));
      for (const [name, message] of Object.entries(errors)) {
        const place = spot(name);
        if (!place || (place.hidden && !left.has(place))) continue;
        said.set(place, [...(said.get(place) ?? []), message]);
        byId(name)?.setAttribute("aria-invalid", "true");
      }
      for (const place of all(".error", form)) {
        const text = (said.get(place) ?? []).join(" ");
        if (place.textContent.trim() !== text) place.textContent = text;
        place.hidden = !text;
        fieldOf(place)?.classList.toggle("wrong", Boolean(text));
      }
    }
    function later(wait) {
      clearTimeout(timer);
      timer = setTimeout(send, Math.max(wait, document.hidden || warned || kept ? 0 : sent + APART - performance.now()));
    }
    async function send() {
      if (leaving || !dirty) return;
      if (busy) return later(200);
      [busy, dirty, sent] = [true, false, performance.now()];
      try {
        const body = new FormData(form);
        if (kept) body.append("_kept", kept);
        const reply = await fetch(form.action, {
          method: "POST", body, headers: { "X-Autosave": "1" }, redirect: "manual", keepalive: document.hidden,
          signal: AbortSignal.timeout(15000),
        });
        if (reply.status >= 500 || reply.status === 429) throw new Error("busy");
        const said = reply.headers.get("Content-Type")?.includes("json") ? await reply.json() : {};
        if (reply.status === 401 && said.go) return moveOn(said.go);
        // What it warns of has a page of its own: the whole page is sent, as its button does.
        if (said.send && !leaving) {
          leaving = true;
          return form.submit();
        }
        if (said.go?.split("?")[0] === location.pathname) warned = said.go;
        settle(said);
        pause = 1000;
        // Where a warning leads goes before a Continue that was pressed meanwhile: that one is dropped. What she has
        // answered since is saved first.
        if (warned && !dirty) return leaving || show(warned);
        if (warned) later(0);
      } catch {
        saved = undefined;
        status.textContent = words.textUnsaved;
        dirty = true;
        later(pause);
        pause = Math.min(pause * 2, 60000);
      }
      busy = false;
      if (!warned) waiting?.();
    }
    // The screen was locked meanwhile, or somebody was signed out: what was sent is kept behind the way in. What was
    // typed since is sent first, and takes its place.
    let kept = "";
    function moveOn(address) {
      const before = kept;
      kept = new URL(address, location.href).searchParams.get("kept") ?? "";
      busy = false;
      if (dirty && !before && kept) return later(0);
      leaving = true;
      if (/^\/(?![/\\])/.test(address)) location.replace(address);
    }
    // Every page of hers has this address. A reload would send a page again that was answered with an error.
    function show(address) {
      history.scrollRestoration = "manual";
      history.replaceState(null, "", address);
      location.replace(address);
    }
    function settle(reply) {
      if (leaving) return;
      lasts(reply.left);
      if (reply.version !== undefined) all("[name=_version]", form).forEach((input) => { input.value = reply.version; });
      saved = reply.saved && { time: reply.saved, day: reply.day, here: new Date().toDateString() };
      errors = reply.errors ?? errors;
      tell(saved ? savedAt() : reply.message ?? words.textFailed);
      showErrors();
      form.dispatchEvent(new CustomEvent("settled", { bubbles: true, detail: reply }));
    }
    function tell(text) {
      if (status.textContent !== text) status.textContent = text;
    }
    // A page can stay open overnight: then the time alone would read as that of today. What is wrong with a field is
    // shown beside it when it is left; that it is not saved is said at once.
    function savedAt() {
      const text = saved.here === new Date().toDateString() ? words.textSaved : words.textSavedOn;
      const told = text.replace("{day}", saved.day).replace("{time}", saved.time);
      return Object.keys(errors).length ? `${told}. ${words.textUnfinished}` : told;
    }
    const changed = (wait) => { dirty = true; later(wait); };
    form.addEventListener("input", (event) => changed(/radio|checkbox|select/.test(event.target.type) ? 0 : 400));
    form.addEventListener("focusout", (event) => {
      const field = fieldOf(event.target);
      if (!event.target.name || field?.contains(event.relatedTarget)) return;
      left.add(spot(event.target.name));
      showErrors();
    });
    // A page sent while a save is under way would be told that somebody else changed it: wait for that save.
    form.addEventListener("submit", (event) => {
      clearTimeout(timer);
      leaving = !busy;
      if (!busy) return;
      event.preventDefault();
      waiting = () => form.requestSubmit(event.submitter);
    });
    on("visibilitychange", () => document.hidden ? send() : saved && tell(savedAt()));
    setInterval(() => saved && tell(savedAt()), 60000);
    unsaved.push(send);
  }

  // Choices that rule each other out. What a way out clears comes back when it is unticked.
  const kept = new WeakMap();
  const own = (field) => all("input:not([type=hidden]), select, textarea", field).filter(
    (input) => fieldOf(input) === field && !input.matches("[data-status], [data-beside], .reason *"));
  function setAside(field) {
    kept.set(field, own(field).map((input) => [input, input.value, input.checked]));
    for (const input of own(field)) {
      if (/radio|checkbox/.test(input.type)) input.checked = false;
      else input.value = "";
    }
  }
  function ruleOut(input) {
    const field = fieldOf(input);
    if (!field || input.matches("[data-beside]")) return;
    const ways = all("[data-status]", field).filter((way) => fieldOf(way) === field);
    if (input.matches(".reason *")) {
      const way = ways.find((each) => each.value === "not-examined");
      if (way.checked || !input.value) return;
      way.checked = true;
      input = way;
    }
    if (ways.includes(input)) {
      const others = ways.filter((way) => way !== input && way.checked);
      others.forEach((way) => { way.checked = false; });
      if (input.checked && !others.length) setAside(field);
      if (!input.checked) kept.get(field)?.forEach(([each, value, checked]) => Object.assign(each, { value, checked }));
      return;
    }
    ways.forEach((way) => { way.checked = false; });
    if (input.type !== "checkbox" || !input.checked) return;
    for (const other of all(`[name="${input.name}"]`, field)) {
      if (other !== input && (input.matches("[data-exclusive]") || other.matches("[data-exclusive]"))) other.checked = false;
    }
  }

  // Questions that depend on another one of this page; undefined means the page cannot tell, so they stay.
  function answerTo(name) {
    const field = byId(name)?.closest(".field");
    if (!field) return undefined;
    if (field.closest("[hidden]") || first(`[name="${name}.status"]:checked`, field)) return [];
    const inputs = all(`[name="${name}"]`, field);
    if (!inputs.length || first("[data-beside]:checked", field) !== first("[data-beside]", field)) return undefined;
    const said = inputs.filter((input) => input.checked || !/radio|checkbox/.test(input.type))
      .map((input) => input.value.trim()).filter(Boolean);
    if (!said.length && first(":scope > .answer > .kept", field)) return undefined;
    return said.filter((value) => value !== "~declined" && value !== "~in-person");
  }
  const same = (a, b) => a === b || +a === +b;
  const compare = {
    __proto__: null,  // no operator has the name of what every object has
    "=": same, contains: same, "!=": (a, b) => !same(a, b),
    ">": (a, b) => +a > +b, "<": (a, b) => +a < +b, ">=": (a, b) => +a >= +b, "<=": (a, b) => +a <= +b,
  };
  function holds({ question, operator, answer }, prefix) {
    const values = answerTo(prefix + question) ?? answerTo(question);
    if (!values) return undefined;
    if (operator === "answered") return values.length > 0 === answer;
    const compared = compare[operator];
    return compared && values.some((value) => compared(value, String(answer)));
  }
  function refresh() {
    for (const element of all("[data-when]")) {
      const results = JSON.parse(element.dataset.when).map((each) => holds(each, element.dataset.prefix));
      element.hidden = "any" in element.dataset ? results.every((each) => each === false) : results.includes(false);
    }
    for (const fold of all("form .fold")) {
      const inside = all(".field, .display", fold);
      fold.hidden = inside.length > 0 && inside.every((each) => each.hidden);
    }
    for (const region of all(".map [data-region]")) {
      const code = region.dataset.region;
      const input = all("input, select", region.closest(".map")).find(
        (each) => (each.type === "checkbox" ? each.value === code : each.name.endsWith(`.${code}`)));
      region.classList.toggle("chosen", Boolean(input && (input.type === "checkbox" ? input.checked : input.value)));
    }
  }
  // The time of an entry is now; the day it stands on is today, where none is given yet.
  function now(field) {
    const moment = new Date();
    field.value = moment.toTimeString().slice(0, 5);
    const boxes = [["month", moment.getMonth() + 1], ["day", moment.getDate()], ["year", moment.getFullYear()]]
      .map(([part, value]) => [first(`form#page > .field > .answer .date .${part} input, form#page > fieldset .date .${part} input`), value]);
    if (boxes.every(([box]) => box && !box.value)) boxes.forEach(([box, value]) => { box.value = value; });
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  on("input", (event) => { ruleOut(event.target); refresh(); });
  all("form[data-autosave]").forEach(autosave);
  refresh();

  // On paper nothing stays folded away. What holds nothing that is asked now is not shown at all.
  addEventListener("beforeprint", () => all(".fold:not([open])").forEach((each) => {
    each.open = true;
    addEventListener("afterprint", () => { each.open = false; }, { once: true });
  }));

  // Hands.
  all("[data-copy], [data-now]").forEach((button) => { button.hidden = false; });
  on("click", (event) => {
    const target = event.target.closest("[data-exit], [data-stay], [data-copy], [data-now], [data-region], .error-summary a");
    if (!target) return;
    if (target.matches("[data-stay]")) {
      stay().catch(() => {});
    } else if (target.matches("[data-now]")) {
      now(byId(target.dataset.now));
    } else if (target.matches("[data-region]")) {
      const code = target.dataset.region;
      const inputs = all("input, select", target.closest(".map"));
      inputs.find((input) => input.type === "checkbox" && input.value === code)?.click();
      inputs.find((input) => input.type !== "checkbox" && input.name.endsWith(`.${code}`))?.focus();
    } else if (target.matches("[data-copy]")) {
      const source = byId(target.dataset.copy);
      navigator.clipboard.writeText((source.value ?? source.textContent).trim())
        .then(() => { target.textContent = target.dataset.done; });
    } else {
      event.preventDefault();
      if (target === exit) return leave();
      const place = byId(target.hash.slice(1));
      const input = place?.matches("input, select, textarea") ? place : first("input:not([type=hidden]), select, textarea", place);
      for (let fold = place?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
      (input ?? place)?.focus();
      fieldOf(place)?.scrollIntoView();
    }
  });

  // Keys: a digit answers a scale, Ctrl+Enter saves, Alt+Page Up and Alt+Page Down go from section to section.
  let digits = "", typedAt = 0;
  function answerScale(event) {
    const steps = event.target.closest(".steps");
    if (!steps || !/^\d$/.test(event.key) || event.ctrlKey || event.altKey) return;
    digits = (event.timeStamp - typedAt < 800 ? digits : "") + event.key;
    typedAt = event.timeStamp;
    const step = first(`[value="${digits}"]`, steps) ?? first(`[value="${event.key}"]`, steps);
    step?.focus();
    step?.click();
  }
  function jump(way) {
    const sections = all(".section-nav a").map((link) => byId(link.hash.slice(1))).filter(Boolean);
    const here = sections.findLastIndex((section) => section.contains(document.activeElement));
    const next = sections[here + way];
    next?.scrollIntoView();
    first("input:not([type=hidden]), select, textarea", next ?? document.createElement("i"))?.focus();
  }
  on("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest("form");
      form?.requestSubmit(first("[data-primary]", form));
    } else if (event.altKey && /^Page(Up|Down)$/.test(event.key)) {
      event.preventDefault();
      jump(event.key === "PageDown" ? 1 : -1);
    } else answerScale(event);
  });
})();
