// The page of a comparison: curves with bands for every budget, and the tables.
import { element, follow, plain } from "./follow.js";

const curves = document.getElementById("curves");
const tables = document.getElementById("comparison");
const COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#999999", "#000000"];
const NAMES = { calls: "model calls", evaluations: "evaluations" };
let stamp = "";

if (curves) follow(() => `${curves.dataset.address}&stamp=${encodeURIComponent(stamp)}`, 5, take);

function take(data) {
  document.getElementById("waiting").hidden = true;
  stamp = data.stamp;
  if (data.html === undefined) return;
  tables.innerHTML = data.html; // rendered by the view with everything escaped, as it does whole pages
  for (const [axis, found] of Object.entries(data.curves)) draw(axis, found, data.scale);
}

function draw(axis, found, scale) {
  let place = document.getElementById(`curves-${axis}`);
  if (!place) {
    place = element("div", { id: `curves-${axis}`, class: "chart" });
    curves.append(place);
  }
  const traces = found.arms.flatMap((arm, number) => armTraces(arm, COLOURS[number % COLOURS.length]));
  if (found.own !== null) {
    traces.push({ type: "scatter", mode: "lines", name: "problem's own", x: [0, found.budget], y: [found.own, found.own], line: { dash: "dot", color: "#777777", width: 1.5 } });
  }
  const style = getComputedStyle(document.body);
  const look = { gridcolor: "rgba(128,128,128,.2)", zeroline: false };
  const layout = {
    margin: { l: 70, r: 20, t: 10, b: 45 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: style.color },
    uirevision: axis,
    hovermode: "closest",
    xaxis: { ...look, title: { text: NAMES[axis] }, range: [0, found.budget] },
    yaxis: { ...look, title: { text: `${scale} on train, best in hand` } },
  };
  Plotly.react(place, traces, layout, { displaylogo: false, responsive: true });
}

// The band between the ends of the interval, and the median; both are staircases. Where there is one seed, there is no band.
function armTraces(arm, colour) {
  const shared = { type: "scatter", mode: "lines", legendgroup: arm.arm, x: arm.places };
  const edge = { ...shared, line: { width: 0, shape: "hv" }, showlegend: false, hoverinfo: "skip" };
  const median = { ...shared, name: plain(arm.arm), y: arm.median, line: { shape: "hv", width: 2.5, color: colour }, hovertemplate: `${plain(arm.arm)}<br>%{y:.6g}<extra></extra>` };
  if (arm.low.every((value) => value === null)) return [median];
  return [{ ...edge, y: arm.low }, { ...edge, y: arm.high, fill: "tonexty", fillcolor: `${colour}33` }, median];
}
