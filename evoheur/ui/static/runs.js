// The table of runs, kept as it is in the archive. What is marked stays marked.
import { follow } from "./follow.js";

const table = document.getElementById("table");
const filter = document.getElementById("filter");

function marked() {
  return new Set([...table.querySelectorAll("input[name=run]:checked")].map((box) => box.value));
}

function address() {
  const query = new URLSearchParams(location.search);
  query.set("stamp", table.dataset.stamp);
  return `/data/runs?${query}`;
}

function take(data) {
  if (data.html === undefined) return;
  const names = marked();
  table.innerHTML = data.html; // rendered by the view with everything escaped, as the whole page is
  for (const box of table.querySelectorAll("input[name=run]")) box.checked = names.has(box.value);
  table.dataset.stamp = data.stamp;
}

for (const choice of filter.querySelectorAll("select")) choice.addEventListener("change", () => filter.requestSubmit());
follow(address, 2, take);
