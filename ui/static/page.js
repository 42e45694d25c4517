// What happens in the browser: marks and sources lead to each other, clicks become acts, the keyboard, dark mode, copying.
// Text from the server is put into the page as text only.
import "./drop.js";
import "./verdicts.js";
import { act, words } from "./acts.js";

const $ = (selector, within = document) => within.querySelector(selector);

// ------------------------------------------------------------------------------------------------------ marks and sources

function point(target) {
  document.querySelectorAll(".pointed").forEach((element) => element.classList.remove("pointed"));
  target.classList.add("pointed");
  target.scrollIntoView({ block: "center", behavior: "smooth" });
  target.focus({ preventScroll: true });
}

function follow(event, link) {
  event.preventDefault(); // a plain anchor would load the page anew: Gradio sets <base>
  const target = document.getElementById(link.getAttribute("href").slice(1));
  if (!target) return;
  const source = link.matches(".mark");
  closeReader();
  place(source ? "sources" : "conversation");
  target.closest("details")?.setAttribute("open", "");
  point(target);
}

// -------------------------------------------------------------------------------------------------------------- the acts

const before = {
  async remove(values) {
    return confirmed(words("confirm_remove", values));
  },
  async forget(values) {
    if (!(await confirmed(words("confirm_delete", values)))) return false;
    if (values.conversation === sessionStorage.getItem("youju.conversation")) sessionStorage.removeItem("youju.conversation");
    return true;
  },
  async rename(values) {
    const answer = await asked(words("new_name", values), values.name);
    return answer ? Object.assign(values, { answer }) : false;
  },
  async judge(values, button) {
    if (values.verdict !== "wrong_citation" || button.getAttribute("aria-pressed") === "true") return true;
    const comment = await asked(words("comment_wrong"), "", 500);
    return comment === false ? false : Object.assign(values, { comment });
  },
  async talk(values) {
    sessionStorage.setItem("youju.conversation", values.conversation);
    place("conversation");
    return true;
  },
  async read(values) {
    expecting = values.keep ?? "reading";
    values.opened = opened = Date.now();
    document.body.classList.add("reading");
    place("sources");
    return true;
  },
  async close() {
    closeReader();
    if (document.body.classList.contains("at-proof")) place("proof");
    return false;
  },
  async untick() {
    ticks(() => []);
    return false;
  },
  async dismiss(_, button) {
    button.closest(".changes").remove();
    return false;
  },
  async script() {
    document.body.classList.toggle("in-simplified");
    return false;
  },
};

document.addEventListener("click", async (event) => {
  const link = event.target.closest('a[href^="#mark-"], a[href^="#source-"]');
  if (link) return follow(event, link);
  const button = event.target.closest("button");
  if (!button) return;
  const { act: name, ...values } = button.dataset;
  if (name) {
    const go = before[name] ? await before[name](values, button) : true;
    if (go) act(name, values);
  } else if (button.dataset.copy !== undefined) copy(button);
  else if (button.dataset.place) {
    if (button.dataset.place !== "sources") closeReader();
    place(button.dataset.place);
  }
  else if (button.dataset.tab) tab(button);
  else if (button.hasAttribute("data-theme")) theme(!document.body.classList.contains("dark"));
});

document.addEventListener("change", (event) => {
  const id = event.target.dataset?.tick;
  if (id) ticks((ticked) => (event.target.checked ? [...ticked, id] : ticked.filter((other) => other !== id)));
});

function ticks(changed) {
  const ticked = changed(JSON.parse(sessionStorage.getItem("youju.documents") ?? "[]"));
  sessionStorage.setItem("youju.documents", JSON.stringify(ticked));
  document.querySelectorAll("[data-tick]").forEach((box) => (box.checked = ticked.includes(box.dataset.tick)));
  const chosen = $(".chosen");
  if (chosen) {
    chosen.hidden = !ticked.length;
    $("span", chosen).textContent = words("ticked", { count: ticked.length });
  }
}

let typed = 0; // Gradio's own box says nothing while one types

document.addEventListener("input", (event) => {
  if (!event.target.closest("#search")) return;
  clearTimeout(typed);
  typed = setTimeout(() => act("turn_page", { offset: 0 }), 150);
});

// --------------------------------------------------------------------------------------------------------- the source reader

let expecting = null; // what the reader is to be scrolled to when it has come
let opened = 0; // which one that is: another may still be there

function closeReader() {
  document.body.classList.remove("reading");
}

new MutationObserver(() => {
  const reader = $(`#reader [data-opened="${opened}"] .reader`);
  if (!reader || !expecting || !document.body.classList.contains("reading")) return;
  const box = expecting === "reading" ? $(".sheet i", reader) : null; // of a PDF, the quotation on the page itself
  const target = box ?? document.getElementById(expecting) ?? $("#reading", reader) ?? $(".cited", reader);
  if (expecting === "after" || expecting === "before") return void (expecting = null);
  expecting = null;
  $("#sources").scrollTop = 0;
  const picture = box?.parentElement.querySelector("img");
  const show = () => target?.scrollIntoView({ block: "center" });
  if (picture && !picture.complete) picture.addEventListener("load", show, { once: true });
  else requestAnimationFrame(show);
  $(".close", reader)?.focus({ preventScroll: true });
}).observe(document.documentElement, { childList: true, subtree: true });

// ------------------------------------------------------------------------------------------------------- places, tabs, looks

const wide = matchMedia("(min-width: 821px)"); // there the library and the sources stand beside them

function place(name) {
  document.body.dataset.place = name;
  if (name === "conversation" || name === "proof") {
    document.body.classList.toggle("at-proof", name === "proof");
    sessionStorage.setItem("youju.place", name);
  }
  const shown = wide.matches ? (document.body.classList.contains("at-proof") ? "proof" : "conversation") : name;
  document.querySelectorAll("[data-place][aria-pressed]").forEach((button) => button.setAttribute("aria-pressed", button.dataset.place === shown));
}

function tab(button) {
  document.querySelectorAll('[role="tab"]').forEach((other) => other.setAttribute("aria-selected", other === button));
  document.body.classList.toggle("at-talks", button.dataset.tab === "talks");
}

function theme(dark) {
  document.body.classList.toggle("dark", dark);
  localStorage.setItem("youju.dark", dark ? "1" : "0");
}

// ------------------------------------------------------------------------------------------------------------- copying

function copy(button) {
  const rich = $("template.rich", button.parentElement)?.innerHTML ?? "";
  const put = (event) => {
    event.clipboardData.setData("text/plain", button.dataset.copy);
    event.clipboardData.setData("text/html", rich);
    event.preventDefault();
  };
  document.addEventListener("copy", put, { once: true }); // works without HTTPS, where navigator.clipboard is missing
  document.execCommand("copy");
  const label = button.textContent;
  button.textContent = button.dataset.copied;
  setTimeout(() => (button.textContent = label), 1500);
}

// ---------------------------------------------------------------------------------------------------------- a question first

function dialog(text, value, longest) {
  return new Promise((resolve) => {
    const box = document.createElement("dialog");
    box.className = "question-first";
    box.setAttribute("aria-label", text);
    const form = document.createElement("form");
    form.method = "dialog";
    const said = document.createElement("p");
    said.textContent = text;
    form.append(said);
    const input = document.createElement("input");
    if (value !== undefined) {
      input.value = value;
      input.maxLength = longest;
      input.setAttribute("aria-label", text);
      form.append(input);
    }
    for (const [name, label] of [["yes", words("yes")], ["no", words("no")]]) {
      const button = document.createElement("button");
      button.value = name;
      button.className = name;
      button.textContent = label;
      form.append(button);
    }
    box.append(form);
    document.body.append(box);
    box.addEventListener("close", () => {
      resolve(box.returnValue === "yes" ? (value === undefined ? true : input.value.trim()) : false);
      box.remove();
    });
    box.showModal();
  });
}

const confirmed = (text) => dialog(text);
const asked = (text, value, longest = 80) => dialog(text, value, longest);

// ------------------------------------------------------------------------------------------------------------- the keyboard

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches?.("input, textarea, [contenteditable]");
  if (event.key === "/" && !typing) {
    event.preventDefault();
    place("conversation");
    $("#box textarea").focus();
  } else if (event.key === "Escape") {
    if (document.body.classList.contains("reading")) before.close();
    else if ($("#chat .waiting")) act("stop", {});
    else event.target.blur?.();
  }
});

// ---------------------------------------------------------------------------------------------------------------- the start

const language = new URLSearchParams(location.search).get("lang");
if (language) localStorage.setItem("youju.language", language);
const dark = localStorage.getItem("youju.dark");
if (dark) theme(dark === "1");
place(sessionStorage.getItem("youju.place") ?? "conversation");
new MutationObserver(() => {
  const header = $(".page-header");
  if (!header || header.dataset.seen) return;
  header.dataset.seen = "yes";
  document.documentElement.lang = header.dataset.language;
  place(document.body.dataset.place);
}).observe(document.documentElement, { childList: true, subtree: true });
