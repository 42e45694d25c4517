// Files are sent one after the other, then read as one batch; both can be watched and stopped.
import { act, words } from "./acts.js";
import { identifier, pause, show, tell } from "./progress.js";

const box = () => document.querySelector("#adding .progress");
let running = null;

document.addEventListener("change", (event) => {
  if (event.target.matches(".files-input")) {
    send([...event.target.files]);
    event.target.value = "";
  }
});

export async function send(files) {
  if (running || !files.length) return;
  const batch = identifier();
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
    tell(box(), refused);
  } catch {
    tell(box(), [words("lost")]);
  }
  act("added", { batch });
  running = null;
}

function put(batch, file) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    running.request = request;
    request.open("PUT", `/uploads/${batch}/${encodeURIComponent(file.name)}`);
    request.upload.onprogress = (event) => show(box(), words("sending", { name: file.name, percent: Math.floor((100 * event.loaded) / event.total) }), event.loaded / event.total, stop);
    request.onload = () => resolve(request.status === 200 ? null : (JSON.parse(request.responseText || "{}").error ?? words("lost")));
    request.onerror = () => resolve(`${file.name}: ${words("lost")}`);
    request.onabort = () => resolve(null);
    request.send(file);
  });
}

async function read(batch) {
  let state = await (await fetch(`/uploads/${batch}`, { method: "POST" })).json();
  while (state.state === "reading") {
    show(box(), words("reading_files", { done: Math.floor(state.done), total: state.total, name: state.name }), state.total ? state.done / state.total : 0, stop);
    await pause();
    state = await (await fetch(`/uploads/${batch}`)).json();
  }
}

function stop() {
  running.stopped = true;
  running.request?.abort();
  fetch(`/uploads/${running.batch}`, { method: "DELETE" });
}
