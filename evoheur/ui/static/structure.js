// What a strategy holds: a tree, islands, a grid, or members with their shares; and the population of every method.
import { element, follow, plain } from "./follow.js";
import { showPopulation } from "./population.js";
import { axis, colour, draw, look } from "./chart_look.js";

const root = document.getElementById("structure");
const state = document.getElementById("state");
const known = { known: "" };
const FEWEST = 12; // requests that a share is of

function show(data) {
  const late = data.requests === undefined ? "" : `${data.told - data.requests} requests are newer than what is shown. `;
  if (data.trouble) say(data.trouble);
  else if (data.seconds > 0) say(`${data.requests < data.told ? late : ""}The ${data.told} outcomes of the run are being played to its method, for ${Math.round(data.seconds)} s now.`);
  if (data.requests === undefined) return;
  known.known = data.requests;
  if (!data.trouble && !data.seconds) say(`As it stood after ${data.requests} outcomes.`);
  const place = element("div", { id: "held" });
  root.replaceChildren(place);
  if (data.structure) drawn(place, data.structure, data);
  else place.append(element("p", { class: "faint" }, `The method ${data.strategy} holds a population only.`));
  showPopulation(document.getElementById("population"), document.querySelector("#members tbody"), data, link);
}

function say(words) {
  state.textContent = words;
}

function link(number) {
  return element("a", { href: `${root.dataset.candidates}/${number}` }, `${root.dataset.run}/${number}`);
}

function chart(place, name) {
  const made = element("div", { class: `chart ${name}`, "data-candidates": root.dataset.candidates });
  place.append(made);
  return made;
}

function drawn(place, structure, data) {
  if (structure.kind === "tree") drawTree(place, structure, data);
  if (structure.kind === "islands") drawIslands(place, structure, data);
  if (structure.kind === "grid") drawGrid(place, structure, data);
  if (structure.kind === "portfolio") drawPortfolio(place, structure, data);
}

function drawTree(place, tree, data) {
  const left = tree.total > tree.spots.length ? `, the ${tree.spots.length} most visited of ${tree.total}` : "";
  place.append(element("h2", {}, `Search tree${left}`), element("p", { class: "faint" }, "Size: visits. Colour: the objective that the search takes a node to stand for. The root is virtual."));
  const x = [];
  const y = [];
  for (const spot of tree.spots) {
    if (spot[1] === null) continue;
    const above = tree.spots[spot[1]];
    x.push(above[3], spot[3], null);
    y.push(-above[2], -spot[2], null);
  }
  const depths = [...new Set(tree.spots.map((spot) => spot[2]))];
  const most = Math.max(1, ...tree.spots.map((spot) => spot[6]));
  const lines = { type: "scatter", mode: "lines", x, y, line: { color: "rgba(128,128,128,.6)", width: 1 }, hoverinfo: "skip" };
  const nodes = {
    type: "scatter",
    mode: "markers",
    x: tree.spots.map((spot) => spot[3]),
    y: tree.spots.map((spot) => -spot[2]),
    customdata: tree.spots.map((spot) => spot[0]),
    text: tree.spots.map((spot) => (spot[0] === null ? `root<br>${spot[6]} visits` : `${spot[0]}: ${data.scale} ${number(spot[4])}<br>stands for ${number(spot[5])}<br>${spot[6]} visits, ${spot[7]} under way`)),
    hovertemplate: "%{text}<extra></extra>",
    marker: { size: tree.spots.map((spot) => 7 + 22 * Math.sqrt(spot[6] / most)), color: tree.spots.map((spot) => spot[5]), colorscale: "Cividis", reversescale: true, showscale: true },
  };
  draw(chart(place, "tree"), [lines, nodes], { ...look(), showlegend: false, xaxis: { ...axis(), visible: false }, yaxis: { ...axis(), title: { text: "depth" }, tickvals: depths.map((depth) => -depth), ticktext: depths.map(String) } });
}

function number(value) {
  return value === null ? "-" : Number(value).toPrecision(6);
}

function drawIslands(place, islands, data) {
  place.append(element("h2", {}, "Islands"), element("p", { class: "faint" }, "Every point is a cluster of programs that cost the same on every instance; size: how many there are."));
  const traces = islands.islands.map((island, at) => ({
    type: "scatter",
    mode: "markers",
    name: `island ${island.number}`,
    x: island.clusters.map(() => island.number),
    y: island.clusters.map((cluster) => cluster[0]),
    customdata: island.clusters.map((cluster) => cluster[2]),
    text: island.clusters.map((cluster) => `${cluster[1]} programs, the shortest is ${cluster[2]}`),
    hovertemplate: "%{text}<br>%{y:.6g}<extra></extra>",
    marker: { size: island.clusters.map((cluster) => 6 + 4 * Math.sqrt(cluster[1])), color: colour(at), opacity: 0.7 },
  }));
  draw(chart(place, "islands-chart"), traces, { ...look(), showlegend: false, xaxis: { ...axis(), title: { text: "island" }, dtick: 1 }, yaxis: { ...axis(), title: { text: data.scale } } });
  const head = ["island", "best", data.scale, "clusters", "programs since its last reset", "resets"];
  const rows = islands.islands.map((island) => [island.number, link(island.best), number(island.best_objective), island.clusters.length, island.registered, island.resets]);
  place.append(table("islands", head, rows));
}

function table(name, head, rows) {
  const body = rows.map((cells) => element("tr", {}, ...cells.map((cell) => element("td", {}, cell instanceof Node ? cell : String(cell)))));
  return element("table", { class: name }, element("thead", {}, element("tr", {}, ...head.map((word) => element("th", {}, word)))), element("tbody", {}, ...body));
}

function spans(edges) {
  return edges.slice(0, -1).map((low, at) => (at === 0 ? `<${short(edges[1])}` : at === edges.length - 2 ? `≥${short(low)}` : `${short(low)}–${short(edges[at + 1])}`));
}

function short(value) {
  return Number(value.toPrecision(3)).toString();
}

function drawGrid(place, grid, data) {
  const names = Object.keys(grid.axes);
  const cells = Object.values(grid.axes).reduce((product, edges) => product * (edges.length - 1), 1);
  place.append(element("h2", {}, `Grid of elites by ${names.join(" and ")}`), element("p", { class: "faint" }, `${grid.elites.length} of ${cells} cells are occupied.`));
  if (names.length === 2) {
    const [down, across] = names.map((name) => spans(grid.axes[name]));
    const at = new Map(grid.elites.map((elite) => [elite[0].join(), elite]));
    const rows = down.map((_, row) => across.map((__, column) => at.get(`${row},${column}`)));
    const heat = {
      type: "heatmap",
      z: rows.map((row) => row.map((elite) => (elite ? elite[2] : null))),
      x: across.map(plain),
      y: down.map(plain),
      customdata: rows.map((row) => row.map((elite) => (elite ? elite[1] : null))),
      text: rows.map((row) => row.map((elite) => (elite ? `${elite[1]}: ${number(elite[2])}` : ""))),
      hovertemplate: "%{text}<extra></extra>",
      colorscale: "Cividis",
      reversescale: true,
      xgap: 1,
      ygap: 1,
    };
    draw(chart(place, "grid"), [heat], { ...look(), xaxis: { ...axis(), type: "category", title: { text: plain(names[1]) } }, yaxis: { ...axis(), type: "category", title: { text: plain(names[0]) } } });
    return;
  }
  const all = names.map((name) => spans(grid.axes[name]));
  place.append(table("elites", [...names, "candidate", data.scale], grid.elites.map(([cell, candidate, objective]) => [...cell.map((part, axisAt) => all[axisAt][part]), link(candidate), number(objective)])));
}

// What every member was asked between two moments, which lie so far apart that a share says something.
function shareSteps(shares) {
  const steps = [];
  let before = shares[0];
  for (const [at, moment] of shares.entries()) {
    const all = moment[0] - before[0];
    if (all < FEWEST && !(at === shares.length - 1 && all)) continue;
    steps.push({ requests: moment[0], all, asked: moment[1].map((count, member) => count - before[1][member]) });
    before = moment;
  }
  return steps;
}

function drawPortfolio(place, portfolio, data) {
  place.append(element("h2", {}, "Shares of the members"), element("p", { class: "faint" }, "Of the requests between two moments, the share of each member."));
  const steps = shareSteps(data.shares);
  const traces = portfolio.members.map((member, at) => ({
    type: "scatter",
    mode: "lines",
    stackgroup: "all",
    name: plain(member.name),
    x: steps.map((step) => step.requests),
    y: steps.map((step) => (100 * step.asked[at]) / step.all),
    line: { color: colour(at), shape: "hv" },
    hovertemplate: `${plain(member.name)}: %{y:.0f} %<extra></extra>`,
  }));
  draw(chart(place, "shares"), traces, { ...look(), xaxis: { ...axis(), title: { text: "requests" } }, yaxis: { ...axis(), title: { text: "% of requests" }, range: [0, 100] } });
  place.append(table("portfolio", ["member", "requests", "earned by a request lately"], portfolio.members.map((member) => [member.name, member.asked, member.earned.toFixed(3)])));
  for (const member of portfolio.members) {
    if (!member.structure) continue;
    const inner = element("section", {}, element("h2", {}, member.name));
    place.append(inner);
    drawn(inner, member.structure, data);
  }
}

await follow(() => `${root.dataset.address}?${new URLSearchParams(known)}`, 3, show);
