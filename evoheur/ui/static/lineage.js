// The family tree of a run: lines by how they lead, heuristics by operator, the champion's line on top.
import { element, follow, plain } from "./follow.js";
import { axis, colour, draw, look } from "./chart_look.js";

const place = document.getElementById("tree");
const shown = { known: "", champion: "" };

function lineTrace(data, edges, name, line) {
  const x = [];
  const y = [];
  for (const [above, below] of edges) {
    const [parent, child] = [data.nodes[above], data.nodes[below]];
    x.push(parent[6], child[6], null);
    y.push(-parent[4], -child[4], null);
  }
  return { type: "scatter", mode: "lines", name, x, y, line, hoverinfo: "skip" };
}

function nodeTrace(data, operator, number) {
  const nodes = data.nodes.filter((node) => node[1] === operator);
  return {
    type: "scatter",
    mode: "markers",
    name: plain(operator),
    x: nodes.map((node) => node[6]),
    y: nodes.map((node) => -node[4]),
    customdata: nodes.map((node) => node[0]),
    text: nodes.map((node) => `${node[0]}: ${plain(operator)}<br>${node[2] === null ? plain(node[3]) : worth(data, node[2])}<br>bred ${node[5]} others`),
    hovertemplate: "%{text}<extra></extra>",
    marker: {
      size: nodes.map((node) => (node[7] ? 12 : 7)),
      color: colour(number),
      symbol: nodes.map((node) => (node[2] === null ? "x-thin-open" : "circle")),
      line: { width: nodes.map((node) => (node[7] ? 3 : node[2] === null ? 1.5 : 0)), color: nodes.map((node) => (node[7] ? "#D55E00" : colour(number))) },
    },
  };
}

function worth(data, objective) {
  return `${data.scale} ${objective.toPrecision(6)}`;
}

function show(data) {
  if (!data.nodes) return;
  shown.known = data.total;
  shown.champion = data.champion ?? "None";
  const passing = data.edges.filter((edge) => !edge[4]);
  const lit = data.edges.filter((edge) => edge[4]);
  const operators = [...new Set(data.nodes.map((node) => node[1]))];
  const traces = [
    lineTrace(data, passing.filter((edge) => !edge[3]), "other parents", { color: "rgba(128,128,128,.25)", width: 1 }),
    lineTrace(data, passing.filter((edge) => edge[3] && !edge[2]), "first parent", { color: "rgba(128,128,128,.7)", width: 1 }),
    lineTrace(data, passing.filter((edge) => edge[3] && edge[2]), "some left out", { color: "rgba(128,128,128,.7)", width: 1, dash: "dot" }),
    lineTrace(data, lit, "line of the best", { color: "#D55E00", width: 3 }),
    ...operators.map((operator, number) => nodeTrace(data, operator, number)),
  ].filter((trace) => trace.x.length);
  draw(place, traces, {
    ...look(),
    uirevision: "tree",
    xaxis: { ...axis(), visible: false },
    yaxis: { ...axis(), title: { text: "generation" }, tickvals: ticks(data), ticktext: ticks(data).map((tick) => `${-tick}`) },
  });
  document.getElementById("sampled").textContent =
    data.nodes.length < data.total
      ? `${data.nodes.length} of ${data.total} candidates are shown: the best's line and ancestors, the best, and of the others as many from every part of the run.`
      : `${data.total} candidates.`;
  const links = data.line.flatMap((number, at) => [
    ...(at ? [" from "] : []),
    element("a", { href: `${place.dataset.candidates}/${number}` }, `${place.dataset.run}/${number}`),
  ]);
  document.getElementById("line").replaceChildren(...(links.length ? ["The best: ", ...links] : ["No candidate works yet."]));
}

function ticks(data) {
  const deepest = Math.max(0, ...data.nodes.map((node) => node[4]));
  const step = Math.max(1, Math.ceil(deepest / 12));
  return Array.from({ length: Math.floor(deepest / step) + 1 }, (_, number) => -number * step);
}

await follow(() => `${place.dataset.address}?${new URLSearchParams(shown)}`, 5, show);
