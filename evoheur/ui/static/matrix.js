// Heuristics by instances as a heat map, and the pairs that complement each other.
import { element, follow, plain } from "./follow.js";
import { axis, draw, look } from "./chart_look.js";

const place = document.getElementById("matrix");
const state = document.getElementById("state");

function show(data) {
  drawMatrix(data);
  listPairs(data);
  const what = data.scale === "gap" ? "gap in percent" : "cost above the lowest in the matrix, in percent, since some instance has no reference";
  const words = [`${data.rows.length} heuristics on ${data.columns.length} instances of ${data.split}${data.epoch ? ` (epoch ${data.epoch})` : ""}: ${what}.`];
  if (!data.rows.length) words.splice(0, 1, `No candidate was scored on ${data.split}.`);
  if (data.scoring) words.push("The textbook rules are being scored; they join when that is done.");
  if (data.trouble) words.push(data.trouble);
  state.textContent = words.join(" ");
  return Boolean(data.scoring);
}

function drawMatrix(data) {
  const names = data.rows.map((row) => plain(label(row)));
  const all = data.rows.flatMap((row) => row.values).filter((value) => value !== null).toSorted((one, other) => one - other);
  const heat = {
    type: "heatmap",
    z: data.rows.map((row) => row.values),
    x: data.columns.map((_, number) => number),
    y: data.rows.map((_, number) => number),
    customdata: data.rows.map((row) => row.values.map(() => row.number)),
    text: data.rows.map((row) => row.values.map((value, at) => hover(row, data.columns[at], value))),
    hovertemplate: "%{text}<extra></extra>",
    colorscale: "Cividis",
    reversescale: true,
    zmin: all[0],
    zmax: all[Math.floor(0.95 * (all.length - 1))], // a few failures of judgement would make all others one colour
    xgap: data.columns.length < 150 ? 1 : 0,
    ygap: 1,
    colorbar: { title: { text: "%" } },
  };
  const shapes = [];
  const annotations = [];
  let first = 0;
  for (const [family, count] of Object.entries(data.families)) {
    annotations.push({ x: first + count / 2 - 0.5, y: 1.0, yref: "paper", yanchor: "bottom", text: plain(family), showarrow: false, font: { size: 11 } });
    first += count;
    if (first < data.columns.length) shapes.push({ type: "line", x0: first - 0.5, x1: first - 0.5, y0: 0, y1: 1, yref: "paper", line: { width: 2 } });
  }
  const few = data.columns.length <= 60;
  draw(place, data.rows.length ? [heat] : [], {
    ...look(),
    margin: { l: 170, r: 20, t: 40, b: few ? 120 : 40 },
    shapes,
    annotations,
    xaxis: { ...axis(), showticklabels: few, tickvals: heat.x, ticktext: data.columns.map((column) => plain(column.instance)), tickangle: -60 },
    yaxis: { ...axis(), tickvals: heat.y, ticktext: names, autorange: "reversed" },
  });
}

function label(row) {
  const worth = row.whole === null ? "" : `  ${row.whole.toFixed(2)}`;
  return `${row.name}${row.kind === "textbook" ? " (textbook)" : row.kind === "baseline" ? " (start)" : ""}${worth}`;
}

function hover(row, column, value) {
  return `${plain(row.name)}<br>${plain(column.instance)} (${plain(column.family)})<br>${value === null ? "failed" : `${value.toPrecision(6)} %`}`;
}

function listPairs(data) {
  const table = document.getElementById("pairs");
  const head = element("tr", {}, ...["first", "second", "over all", "gain", "second is better on"].map((word) => element("th", {}, word)));
  const rows = data.pairs.map((pair) =>
    element(
      "tr",
      {},
      named(pair.first, data),
      named(pair.second, data),
      figure(`${pair.whole.toFixed(2)} %`, pair.whole),
      figure(`${pair.gain.toFixed(2)} points`, pair.gain),
      figure(`${pair.second_better} of ${data.columns.length}`, pair.second_better),
    ),
  );
  const best = data.rows.find((row) => row.name === data.best);
  const alone = best ? `The best single one is ${best.name} with ${best.whole.toFixed(2)} %.` : "None solved all instances.";
  const none = element("tr", {}, element("td", { colspan: "5" }, `No pair is better than the best single heuristic. ${alone}`));
  table.tHead.replaceChildren(head);
  table.tBodies[0].replaceChildren(...(rows.length ? rows : [none]), ...(rows.length ? [element("tr", {}, element("td", { colspan: "5", class: "faint" }, alone))] : []));
}

function named(name, data) {
  const row = data.rows.find((each) => each.name === name);
  if (!row || row.number === null) return element("td", {}, name);
  return element("td", {}, element("a", { href: `${place.dataset.candidates}/${row.number}` }, name));
}

function figure(words, exact) {
  return element("td", { class: "figure", title: String(exact) }, words);
}

await follow(() => place.dataset.address, 3, (data) => (show(data) ? "" : false));
