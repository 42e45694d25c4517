// Marks and sources lead to each other without leaving the page: its address may carry ?lang=, and a plain anchor would
// then load it anew, because Gradio sets <base>.
() => {
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#mark-"], a[href^="#source-"]');
    const target = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!target) return;
    event.preventDefault();
    target.closest("details")?.setAttribute("open", "");
    document.querySelectorAll(".pointed").forEach((element) => element.classList.remove("pointed"));
    target.classList.add("pointed");
    target.scrollIntoView({ block: "center", behavior: "smooth" });
    target.focus({ preventScroll: true });
  });
}
