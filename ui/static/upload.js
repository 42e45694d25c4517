// Files are sent one after the other, then read as one batch; both can be watched and stopped.
import { act, words } from "./acts.js";

let running = null;

document.addEventListener("change", (event) => {
  if (event.target.matches(".files-input")) {
    send([...event.target.files]);
    event.target.value = "";
  }
});

for (const name of ["dragover", "drop"])
  document.addEventListener(name, (event) => {
    const place = event.target.closest?.("#library");
    document.body.classList.toggle("dropping", name === "dragover" && !!place);
    if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
    event.preventDefault(); // the browser would open the file in place of the page
    if (name === "drop" && place && document.querySelector(".files-input")) send([...event.dataTransfer.files]);
  });
document.addEventListener("dragleave", (event) => event.relatedTarget ?? document.body.classList.remove("dropping"));

async function send(files) {
  if (running || !files.length) return;
  const batch = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  running = { batch, stopped: false, request: null };
  const refused = [];
  try {
    for (const file of files) {
      if (running.stopped) break;
      const problem = await put(batch, file);
      if (problem) refused.push(problem);
    }
    if (!running.stopped) await read(batch);
    else await fetch(`/uploads/${batch}`, { method: "DELETE" });
    tell(refused);
  } catch {
    tell([words("lost")]);
  }
  act("added", { batch });
  running = null;
}

function put(batch, file) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    running.request = request;
    request.open("PUT", `/uploads/${batch}/${encodeURIComponent(file.name)}`);
    request.upload.onprogress = (event) => show(words("sending", { name: file.name, percent: Math.floor((100 * event.loaded) / event.total) }), event.loaded / event.total);
    request.onload = () => resolve(request.status === 200 ? null : (JSON.parse(request.responseText || "{}").error ?? words("lost")));
    request.onerror = () => resolve(`${file.name}: ${words("lost")}`);
    request.onabort = () => resolve(null);
    request.send(file);
  });
}

async function read(batch) {
  let state = await (await fetch(`/uploads/${batch}`, { method: "POST" })).json();
  while (state.state === "reading") {
    show(words("reading_files", { done: state.done, total: state.total, name: state.name }), state.total ? state.done / state.total : 0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    state = await (await fetch(`/uploads/${batch}`)).json();
  }
}

function show(text, share) {
  const box = document.querySelector(".progress");
  if (!box) return;
  if (!box.querySelector("progress")) {
    const [label, bar, stop] = ["span", "progress", "button"].map((name) => document.createElement(name));
    stop.textContent = words("stop");
    stop.className = "plain";
    stop.type = "button";
    bar.setAttribute("aria-label", words("stop"));
    stop.addEventListener("click", () => {
      running.stopped = true;
      running.request?.abort();
      fetch(`/uploads/${running.batch}`, { method: "DELETE" });
    });
    box.replaceChildren(label, bar, stop);
  }
  box.hidden = false;
  box.querySelector("span").textContent = text;
  box.querySelector("progress").value = share;
}

function tell(problems) {
  const box = document.querySelector(".progress");
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
