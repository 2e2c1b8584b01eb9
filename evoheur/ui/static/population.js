// The candidates that a method breeds from, as a table.
import { element } from "./follow.js";

export function showPopulation(note, body, data, link) {
  const listed = data.members.length < data.population ? `, of which ${data.members.length} are listed` : "";
  note.textContent = `${data.population} candidates that it breeds from${listed}, as of ${data.requests} outcomes.`;
  body.replaceChildren(
    ...data.members.map(([number, operator, worth, thought]) =>
      element("tr", {}, element("td", {}, link(number)), element("td", {}, operator), element("td", { class: "figure" }, worth), element("td", {}, thought)),
    ),
  );
}
