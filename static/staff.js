// Help on staff pages: passkeys, a look at the password, the screen that locks itself. Each page works without it,
// except that passkeys need a script by their nature.
"use strict";
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);

  all("[data-reveal]").forEach((button) => {
    const [input, words] = [byId(button.dataset.reveal), button.firstChild];
    const [show, hide] = [words.textContent, button.dataset.hide];
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = input.type === "text";
      input.type = shown ? "password" : "text";
      words.textContent = shown ? show : hide;
      button.setAttribute("aria-pressed", String(!shown));
    });
    input.form.addEventListener("submit", () => { input.type = "password"; });
  });

  // Passkeys: ask the server what to ask the device, and send on what the device answers.
  const able = "PublicKeyCredential" in window && "parseCreationOptionsFromJSON" in PublicKeyCredential;
  async function answer(form) {
    const reply = await fetch(form.dataset.options, { method: "POST", body: new FormData(form), redirect: "error" });
    if (!reply.ok) return null;
    const options = await reply.json();
    if (form.dataset.passkey === "create") {
      return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
    }
    return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  }
  all("form[data-passkey]").forEach((form) => {
    const [status, button] = [form.querySelector("[role=status]"), form.querySelector("button")];
    status.textContent = able ? "" : form.dataset.unsupported;
    button.hidden = !able;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      status.textContent = "";
      button.disabled = true;
      try {
        const given = await answer(form);  // none when the server refuses to ask: the page it answers with says why
        form.elements.credential.value = given ? JSON.stringify(given.toJSON()) : "";
        form.submit();
      } catch {
        status.textContent = form.dataset.failed;
        button.disabled = false;
        button.focus();
      }
    });
  });

  // The screen locks itself after a quarter of an hour without a hand on it; the server says when, in all tabs alike.
  const watch = document.querySelector("form[data-watch]");
  const unsent = new Set();
  let active = false, timer;
  const later = (seconds) => { clearTimeout(timer); timer = setTimeout(check, seconds * 1000); };
  async function check() {
    const asked = active;
    active = false;
    try {
      const reply = await fetch(watch.dataset.watch + (asked ? "?active=1" : ""), { redirect: "error" });
      const { left } = await reply.json();
      if (left > 0) return later(left > 60 ? left - 60 : left + 1);
      await lock();
    } catch {
      active ||= asked;
      later(30);
    }
  }
  // What was typed into a form that does not save itself goes along, and waits behind the lock.
  async function lock() {
    const form = [...unsent].filter((each) => each.isConnected).pop();
    if (!form) return location.replace(watch.dataset.page);
    const url = new URL(form.action);
    const place = encodeURIComponent(url.pathname + url.search);
    const reply = await fetch(`${watch.dataset.keep}?for=${place}`, {
      method: "POST", body: new FormData(form), headers: { "X-Autosave": "1" },
    });
    const { go } = await reply.json();
    location.replace(go.startsWith("/") && !/^\/[/\\]/.test(go) ? go : watch.dataset.page);
  }
  if (watch) {
    for (const type of ["keydown", "pointerdown", "wheel"]) {
      document.addEventListener(type, () => { active = true; }, { passive: true });
    }
    document.addEventListener("input", ({ target: { form } }) => {
      if (form?.method === "post" && !form.matches("[data-autosave], [data-passkey]")) unsent.add(form);
    });
    document.addEventListener("visibilitychange", () => document.hidden || check());
    later(840);
  }
})();
