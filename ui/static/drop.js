// Files that are dropped: on the library they are added, on the proof they are checked.
import { check } from "./proof.js";
import { send } from "./upload.js";

const takers = [
  { place: "#library", taken: () => document.querySelector(".files-input"), take: (files) => send(files) },
  { place: "#proof", taken: () => true, take: (files) => check(files[0]) },
];

for (const name of ["dragover", "drop"])
  document.addEventListener(name, (event) => {
    if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
    event.preventDefault(); // the browser would open the file in place of the page
    const taker = takers.find(({ place, taken }) => event.target.closest?.(place) && taken());
    mark(name === "dragover" ? taker?.place : null);
    if (name === "drop" && taker) taker.take([...event.dataTransfer.files]);
  });
document.addEventListener("dragleave", (event) => event.relatedTarget ?? mark(null));

function mark(place) {
  for (const element of document.querySelectorAll(".dropping")) if (!place || !element.matches(place)) element.classList.remove("dropping");
  if (place) document.querySelector(place).classList.add("dropping");
}
