// Work that takes its time: how far it is, a button that stops it, and what went wrong.
import { words } from "./acts.js";

export function identifier() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const pause = () => new Promise((resolve) => setTimeout(resolve, 200));

export function show(box, text, share, stop) {
  if (!box) return;
  if (!box.querySelector("progress")) {
    const [label, bar, button] = ["span", "progress", "button"].map((name) => document.createElement(name));
    button.textContent = words("stop");
    button.className = "plain";
    button.type = "button";
    bar.setAttribute("aria-label", words("stop"));
    button.addEventListener("click", stop);
    box.replaceChildren(label, bar, button);
  }
  box.hidden = false;
  box.querySelector("span").textContent = text;
  if (share === null) box.querySelector("progress").removeAttribute("value");
  else box.querySelector("progress").value = share;
}

export function tell(box, problems) {
  if (!box) return;
  box.hidden = !problems.length;
  box.replaceChildren(
    ...problems.map((problem) => {
      const line = document.createElement("p");
      line.className = "problem";
      line.textContent = problem;
      return line;
    }),
  );
}
