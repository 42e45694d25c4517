// Acts reach the server through the page's component without a face; the words come with the page.

export function act(name, values) {
  document.dispatchEvent(new CustomEvent("youju:act", { detail: { ...values, act: name } }));
}

export function words(name, values = {}) {
  const known = JSON.parse(document.querySelector(".page-header")?.dataset.words ?? "{}");
  return (known[name] ?? "").replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}
