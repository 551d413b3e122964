// Help on the page of a note: keys, phrases at the caret, the way from question to question. All of it has a button or
// a link on the page; what a key presses is that button.
"use strict";
(() => {
  const form = document.querySelector(".note form");
  if (!form) return;
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);
  const FIELDS = "input:not([type=hidden]), select, textarea";
  const isSeen = (element) => element.checkVisibility();
  const isWritten = (element) => element.matches("textarea, select, input:not([type=radio], [type=checkbox])");
  const fieldOf = (element) => element.closest?.(".field:not(.entry .field)");

  // The part of a question that takes the focus: of radios the one that is chosen, as the Tab key has it.
  function enter(place) {
    const inputs = place.matches(FIELDS) ? [place] : all(`${FIELDS}, .button:not(.offer .button)`, place).filter(isSeen);
    const first = inputs[0];
    const target = first?.type === "radio" ? inputs.find((each) => each.name === first.name && each.checked) ?? first : first;
    (target ?? place).focus();
    (fieldOf(place) ?? place).scrollIntoView({ block: "nearest" });
  }
  function open(place) {
    for (let fold = place?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }
  // A page that comes back after a button beside a question goes on there. Left in the address, the browser would move
  // the focus to the frame of the question.
  const back = location.hash.length > 1 && byId(decodeURIComponent(location.hash.slice(1)));
  if (back && form.contains(back) && fieldOf(back)) {
    history.replaceState(null, "", location.pathname + location.search);
    open(back);
    enter(back);
  }

  // Single letters only where nothing is written, and only while they are on.
  // The server remembers that, with the next save.
  const box = document.querySelector("[data-keys-off]");
  const areOn = () => !box.checked;
  box.closest("label").hidden = false;
  const show = () => all(".section-nav [data-letter] kbd").forEach((key) => { key.hidden = !areOn(); });
  box.addEventListener("change", () => { show(); form.dispatchEvent(new Event("input", { bubbles: true })); });
  show();

  const press = (verb, from) => {
    const button = fieldOf(from)?.querySelector(`[data-key=${verb}]`);
    button?.click();
    return Boolean(button);
  };
  // The letter of a section again leads to its next part. Where that begins with something to write, its heading gets
  // the focus, so that a letter is not written; Enter goes on from there.
  function landing(part, section) {
    const first = all(`${FIELDS}, .field .button`, part).find(isSeen);
    if (!first || !isWritten(first)) return first;
    return part.querySelector("h3") ?? (part.previousElementSibling?.matches("div") ? first : section.querySelector("h2"));
  }
  function goTo(section, from) {
    const places = all(":scope > div", section).map((part) => landing(part, section)).filter(Boolean);
    const later = places.filter((each) => from.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING);
    const target = (section.contains(from) ? later[0] : places[0]) ?? section.querySelector("h2");
    if (target === places[0]) section.scrollIntoView();
    if (target.matches(FIELDS)) return enter(target);
    if (!target.matches("button")) target.tabIndex = -1;
    target.focus();
  }
  // From one question to the next: in an entry of a group that is the next one inside it.
  function step(from) {
    const stops = all(".field", form).filter((each) => isSeen(each) && !each.querySelector(".field"));
    const here = from.closest(".field") ?? from;
    const next = stops.find((each) => here.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING);
    if (next) return enter(next);
    form.querySelector(".bar button")?.focus();
  }
  // In a table the next cell comes first, once this one is filled: an empty one leads past the table. Page Up and
  // Page Down go from row to row, and so do the arrows where they mean nothing else.
  const cellsOf = (from) => all(FIELDS, from.closest(".grid")).filter(isSeen);
  function goToCell(cell) {
    cell?.focus();
    cell?.select?.();
    return Boolean(cell);
  }
  function nextCell(from) {
    const cells = cellsOf(from);
    const isFilled = from.type === "radio" || from.type === "checkbox" ? cells.some((each) => each.name === from.name && each.checked) : from.value;
    return Boolean(isFilled) && goToCell(cells.slice(cells.indexOf(from) + 1).find((each) => each.name !== from.name));
  }
  function nextRow(from, way) {
    const [row, column] = [from.closest("tr"), from.closest("td")?.cellIndex];
    const next = way > 0 ? row?.nextElementSibling : row?.previousElementSibling;
    return next !== null && next !== undefined && goToCell(next.cells[column]?.querySelector(FIELDS));
  }

  // A digit picks the answer that begins with it, as soon as one answer of the question begins with a number: a grade
  // is never another grade. Elsewhere it picks by the place; of ten and more there are none left over for the rest.
  function meant(listed, digit) {
    const texts = listed.map((each) => each.closest("label").textContent.trim());
    const begins = texts.map((text) => text.match(/^\d+(?:[.,]\d+)?/)?.[0]);
    if (!begins.some(Boolean)) return listed[Number(digit) - 1];
    return listed[texts.indexOf(digit)] ?? listed[begins.indexOf(digit)];
  }
  function pick(target, digit) {
    const options = target.closest(".options:not(.left-out)");
    const chosen = options && meant(all("input[type=radio], input[type=checkbox]", options), digit);
    if (!chosen) return false;
    chosen.focus();
    chosen.click();
    return true;
  }
  // In a list the browser stops at the first line that begins with a digit: at 4- for 4. Here too a digit is the
  // grade it names, and + or - the one beside it. Where a number has two digits the browser waits for the second.
  function pickFrom(list, key) {
    const begins = [...list.options].map((each) => each.text.trim().split(/\s/)[0].replace("\u2212", "-"));
    if (begins.some((text) => /^\d\d/.test(text))) return false;
    const now = begins[list.selectedIndex]?.match(/^\d(?=[+-]?$)/)?.[0];
    const at = begins.indexOf(/\d/.test(key) ? key : `${now}${key}`);
    if (at < 0) return false;
    if (at !== list.selectedIndex) {
      list.selectedIndex = at;
      for (const told of ["input", "change"]) list.dispatchEvent(new Event(told, { bubbles: true }));
    }
    return true;
  }

  // Phrases: the word before the caret, once it is ended.
  const phrases = new Map(all("#phrases > div").map((row) => [
    row.querySelector("dt").textContent.trim(), row.querySelector("dd").textContent.trim()]));
  const OPEN = /\{[\p{L}][\p{L}\p{N} _\-/%]{0,39}\}/gu;
  // A straight mark right behind a letter or a figure opens nothing: it closes, or stands for inches.
  const inQuotes = (text) => text.lastIndexOf("\u201c") > text.lastIndexOf("\u201d")
    || /(^|[^\p{L}\p{N}_}])"/u.test(text.replace(/(^|[^\p{L}\p{N}_}])"[^"]*"/gu, "$1"));
  function replace(area, start, end, text) {
    area.setRangeText(text, start, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function choose(area, from) {
    const found = [...area.value.matchAll(OPEN)].find((each) => each.index >= from);
    if (found) area.setSelectionRange(found.index, found.index + found[0].length);
    return Boolean(found);
  }
  function expand(area, ending) {
    const caret = area.selectionStart;
    const before = area.value.slice(0, caret);
    const word = before.match(/(?:^|\s)(\.[a-z][a-z0-9-]{1,30})$/)?.[1];
    const text = phrases.get(word);
    if (text === undefined || caret !== area.selectionEnd || inQuotes(before)) return false;
    const start = caret - word.length;
    replace(area, start, caret, text + ending);
    return choose(area, start);
  }

  const help = byId("keys");
  let left = null;  // the field that Escape led away from
  const ACTS = { F2: "take", F4: "right", F8: "quote", l: "take", r: "right", w: "quote" };
  form.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const isText = target.matches("textarea, input:not([type=radio], [type=checkbox])");
    const done = () => event.preventDefault();
    if (/^F\d$/.test(key) && ACTS[key] && press(ACTS[key], target)) return done();
    if (isText && key === " " && expand(target, " ")) return done();
    if (isText && key === "Tab" && !event.shiftKey && (expand(target, "") || choose(target, target.selectionEnd))) return done();
    const way = /Down$/.test(key) ? 1 : -1;
    if (/^(Page(Up|Down)|Arrow(Up|Down))$/.test(key) && target.closest(".grid") && (isText || key.startsWith("Page")) && nextRow(target, way)) return done();
    const now = key === "n" && target.matches("[type=time]") && form.querySelector(`[data-now="${CSS.escape(target.id)}"]`);
    if (now) {
      now.click();
      return done();
    }
    if (key === "Enter" && target.matches("input, select, fieldset, h2, h3")) {
      done();
      if (isText) expand(target, "");
      if (!(target.closest(".grid") && nextCell(target))) step(target);
    } else if (/^\d$/.test(key) && !isWritten(target) && !target.closest(".steps") && pick(target, key)) {
      done();
    } else if (/^[\d+-]$/.test(key) && target.matches("select") && pickFrom(target, key)) {
      done();
    } else if (key === "Escape" && target.matches(FIELDS)) {
      const title = target.closest("section")?.querySelector("h2");
      if (title) {
        title.tabIndex = -1;
        title.focus({ preventScroll: true });
        left = target;
      }
    }
  });
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !areOn() || isWritten(target)) return;
    if (key === "?") {
      event.preventDefault();
      help.open = !help.open;
      help.querySelector("summary").focus();
    } else if (ACTS[key] && press(ACTS[key], target)) {
      event.preventDefault();
    } else {
      const link = document.querySelector(`.section-nav [data-letter="${CSS.escape(key.toLowerCase())}"]`);
      if (!link) return;
      event.preventDefault();
      goTo(byId(link.hash.slice(1)), left ?? target);
      left = null;
    }
  });
})();
