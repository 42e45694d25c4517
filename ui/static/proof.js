// A draft is sent, its quotations are checked while one watches, then the findings are fetched.
import { act, words } from "./acts.js";
import { identifier, pause, show, tell } from "./progress.js";

const $ = (selector) => document.querySelector(selector);
const box = () => $("#proofing .progress");
let running = null;

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.hasAttribute("data-check")) {
    const text = $(".draft-text").value;
    if (text.trim()) check(new File([text], `${words("proof_pasted")}.txt`));
    else $(".draft-text").focus();
  } else if (button?.dataset.again) watch(button.dataset.again, () => fetch(`/drafts/${button.dataset.again}`, { method: "POST" }));
});

document.addEventListener("change", (event) => {
  if (event.target.matches(".draft-input")) {
    check(event.target.files[0]);
    event.target.value = "";
  }
});

export function check(file) {
  const draft = identifier();
  watch(draft, () => fetch(`/drafts/${draft}/${encodeURIComponent(file.name)}`, { method: "PUT", body: file }), file.name);
}

async function watch(draft, begin, name = "") {
  if (running) return;
  running = draft;
  try {
    show(box(), words("proof_reading", { name }), null, stop);
    let response = await begin();
    let state = await response.json();
    while (response.ok && state.state === "checking") {
      if (state.total) show(box(), words("proof_progress", state), state.done / state.total, stop);
      await pause();
      response = await fetch(`/drafts/${draft}`);
      state = await response.json();
    }
    tell(box(), response.ok && state.state === "done" ? [] : [state.error || state.problem || words("proof_stopped")]);
    if (response.ok && state.state === "done") {
      sessionStorage.setItem("youju.draft", draft);
      act("findings", { draft });
    }
  } catch {
    tell(box(), [words("lost")]);
  }
  running = null;
}

function stop() {
  fetch(`/drafts/${running}`, { method: "DELETE" });
}
