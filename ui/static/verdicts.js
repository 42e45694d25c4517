// The answer comes first; whether its quotations stand in the files is asked for afterwards and put in where it is shown.
import { words } from "./acts.js";

const asked = new Set();

async function ask(section) {
  const conversation = sessionStorage.getItem("youju.conversation");
  const name = `${conversation}/${section.dataset.turn}`;
  if (asked.has(name)) return;
  asked.add(name);
  try {
    const response = await fetch(`/conversations/${conversation}/verdicts?turn=${section.dataset.turn}`);
    if (response.ok) for (const verdict of await response.json()) put(section.dataset.turn, verdict);
  } finally {
    asked.delete(name);
  }
}

function put(turn, { number, state, reason }) {
  const shown = document.querySelector(`details.turn[data-turn="${turn}"] .state.checking[data-number="${number}"]`);
  if (!shown) return;
  shown.classList.replace("checking", state);
  shown.querySelector("span").textContent = words(state);
  shown.nextElementSibling.textContent = state === "ok" ? "" : reason;
}

function look() {
  for (const section of document.querySelectorAll("details.turn[open]")) if (section.querySelector(".state.checking")) ask(section);
}

new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
document.addEventListener("toggle", look, true);
