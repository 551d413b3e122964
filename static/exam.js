// Help on the page of an evaluation: what is worked out from what was saved, a line that fills its four fields, and
// drawings that follow the fields beneath them. Without it the same stands there after "Save draft".
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const first = (selector, root = document) => root.querySelector(selector);
  const named = (name) => document.getElementsByName(name)[0];
  const number = (input) => {
    const typed = (input?.value ?? "").trim().replace("−", "-").replace(",", ".");
    return /^[+-]?\d*\.?\d+$/.test(typed) ? Number(typed) : null;
  };

  // The server works out stages and totals, and says what to look at again, each time the page has saved itself.
  document.addEventListener("settled", ({ detail }) => {
    for (const place of detail.computed ? all("[data-computed]") : []) {
      const line = detail.computed[place.dataset.computed] ?? "";
      if (place.textContent.trim() !== line) place.textContent = line;
      place.hidden = !line;
    }
    if (!detail.beside) return;
    all("[data-look]").forEach((line) => line.dataset.look in detail.beside || line.remove());
    for (const [question, text] of Object.entries(detail.beside)) {
      const field = document.getElementById(question)?.closest(".field");
      if (!field) continue;
      let line = first(`[data-look="${question}"]`);
      if (!line) {
        line = Object.assign(document.createElement("p"), { className: "banner slim", ariaLive: "polite" });
        line.dataset.look = question;
        field.before(line);
      }
      if (line.textContent.trim() !== text) line.textContent = text;
    }
  });

  // PERFECT: the line fills its fields as soon as it is whole, empties those with - for not tested, and follows them when
  // they change.
  const PARTS = ["perfect_p", "perfect_e", "perfect_r", "perfect_f"];
  const WHOLE = /^\s*(\d{1,2}|[-−])\s*\/\s*(\d{1,2}|[-−])\s*\/\s*(\d{1,2}|[-−])\s*\/\/\s*(\d{1,2}|[-−])\s*$/;
  function spread(line) {
    const found = line.value.match(WHOLE);
    if (!found) return;
    PARTS.forEach((part, at) => {
      const measured = /\d/.test(found[at + 1]);
      const value = measured ? Number(found[at + 1]) : "";
      for (const step of all(`[name="${part}"][type=radio]`)) step.checked = measured && step.value === String(value);
      if (named(part)?.type === "text") named(part).value = value;
      if (!measured) return;
      all(`[name="${part}.status"]`).forEach((way) => { way.checked = false; });
    });
  }
  function written() {
    const line = named("perfect_line");
    if (!line || (line.value.trim() && !WHOLE.test(line.value))) return;  // half typed: to be ended or emptied by hand
    const said = PARTS.map((part) => first(`[name="${part}"]:checked`)?.value ?? (named(part)?.type === "text" ? named(part).value.trim() : ""));
    const whole = `${said[0]}/${said[1]}/${said[2]}//${said[3]}`;
    line.value = WHOLE.test(whole) ? whole : "";
  }

  // Drawings.
  function draw() {
    for (const point of all("[data-point]")) {
      const cm = number(named(point.dataset.point));
      const y = 100 + Math.max(-14, Math.min(14, cm ?? 0)) * 6.5;
      point.setAttribute("cy", y);
      point.setAttribute("visibility", cm === null ? "hidden" : "visible");
      const stem = first(`[data-stem="${point.dataset.point}"]`);
      stem.setAttribute("d", `M ${point.getAttribute("cx")} 100 V ${cm === null ? 100 : y}`);
    }
    for (const part of all("[data-amount]")) {
      const rated = number(named(part.dataset.amount));
      part.setAttribute("fill-opacity", (rated ?? 0) / 10);
      first(`[data-number="${part.dataset.amount}"]`).textContent = rated ?? "";
    }
    for (const gap of all("[data-gap]")) {
      const half = (number(named(gap.dataset.gap)) ?? 0) * Number(gap.closest("svg").dataset.scale) / 2;
      gap.setAttribute("d", `M ${120 - half} ${gap.dataset.y} H ${120 + half}`);
    }
  }
  document.addEventListener("input", ({ target }) => {
    if (target.name === "perfect_line") spread(target);
    else if (PARTS.includes(target.name?.split(".")[0])) written();
    draw();
  }, true);
  document.addEventListener("click", ({ target }) => {
    const row = target.closest?.("[data-row]")?.dataset.row;
    if (row) first("input, select", document.getElementById(row))?.focus();
  });
})();
