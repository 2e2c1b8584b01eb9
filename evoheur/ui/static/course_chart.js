// The chart of a run: candidates by operator, the best so far, textbook rules as lines, audits, and failures below the axis.
import { plain } from "./follow.js";

const AXES = ["calls", "evaluations", "cost_usd", "seconds"];
const FIRST = 5; // place of the first axis in a point; before it: candidate, operator, objective, failure, whether it is a best
// Okabe and Ito's colours, which those can tell apart who see fewer; then the same again with other marks.
const COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999"];
const MARKS = ["circle", "square", "triangle-up", "x"];

export function drawCourse(place, shown, axis, range, names) {
  const at = AXES.indexOf(axis);
  const traces = [...pointTraces(shown, at), ...failureTraces(shown, at), ...curveTraces(shown.curve, at), ...auditTraces(shown.curve, at)];
  Plotly.react(place, traces, layout(shown, axis, range, names), { displaylogo: false, responsive: true });
  if (!place.dataset.listening) {
    place.dataset.listening = "yes";
    place.on("plotly_click", (event) => {
      const number = event.points[0].customdata;
      if (number !== undefined && number !== null) location.assign(`${place.dataset.candidates}/${number}`);
    });
  }
}

function pointTraces(shown, at) {
  return shown.operators.map((operator, place) => {
    const points = shown.points.filter((point) => point[1] === operator && point[2] !== null);
    return {
      type: "scatter",
      mode: "markers",
      name: plain(operator),
      x: points.map((point) => point[FIRST + at]),
      y: points.map((point) => point[2]),
      customdata: points.map((point) => point[0]),
      text: points.map((point) => `${plain(operator)}: ${point[0]}`),
      hovertemplate: "%{text}<br>%{y:.6g}<extra></extra>",
      marker: { size: 6, opacity: 0.7, ...look(place) },
    };
  });
}

function failureTraces(shown, at) {
  return shown.operators
    .map((operator, place) => {
      const points = shown.points.filter((point) => point[1] === operator && point[2] === null);
      return {
        type: "scatter",
        mode: "markers",
        name: `${plain(operator)}, failed`,
        showlegend: false,
        x: points.map((point) => point[FIRST + at]),
        y: points.map((point) => plain(point[3])),
        yaxis: "y2",
        customdata: points.map((point) => point[0]),
        text: points.map((point) => `${plain(operator)}: ${plain(point[3])}`),
        hovertemplate: "%{text}<extra></extra>",
        marker: { size: 6, opacity: 0.7, ...look(place) },
      };
    })
    .filter((trace) => trace.x.length);
}

function look(place) {
  return { color: COLOURS[place % COLOURS.length], symbol: MARKS[Math.floor(place / COLOURS.length) % MARKS.length] };
}

function curveTraces(curve, at) {
  const traces = [];
  const epochs = [...new Set(curve.steps.map((step) => step.epoch))];
  const end = curve.end[at];
  epochs.forEach((epoch, place) => {
    const steps = curve.steps.filter((step) => step.epoch === epoch);
    const next = curve.steps.find((step) => step.epoch > epoch);
    traces.push({
      type: "scatter",
      mode: "lines",
      name: "best so far",
      showlegend: place === 0,
      line: { shape: "hv", width: 2.5, color: "#000000" },
      x: [...steps.map((step) => step.spent[at]), next ? next.spent[at] : end],
      y: [...steps.map((step) => step.objective), steps.at(-1).objective],
      customdata: [...steps.map((step) => step.candidate), steps.at(-1).candidate],
      hovertemplate: "best so far: %{customdata}<br>%{y:.6g}<extra></extra>",
    });
  });
  const lines = Object.entries(curve.rules).map(([name, objective]) => [plain(name), objective, "dash"]);
  if (curve.own !== null && epochs.length < 2) lines.push(["problem's own", curve.own, "dot"]);
  for (const [name, objective, dash] of lines) {
    traces.push({
      type: "scatter",
      mode: "lines",
      name,
      line: { dash, width: 1.5, color: "#777777" },
      x: [0, end],
      y: [objective, objective],
      hovertemplate: `${name}<br>%{y:.6g}<extra></extra>`,
    });
  }
  return traces;
}

function auditTraces(curve, at) {
  const audits = curve.audits.filter((point) => point.objective !== null);
  if (!audits.length) return [];
  return [
    {
      type: "scatter",
      mode: "markers",
      name: "audit (fresh instances)",
      x: audits.map((point) => point.spent[at]),
      y: audits.map((point) => point.objective),
      customdata: audits.map((point) => point.candidate),
      hovertemplate: "audit of %{customdata}<br>%{y:.6g}<extra></extra>",
      marker: { size: 10, symbol: "diamond-open", color: "#D55E00", line: { width: 2 } },
    },
  ];
}

function layout(shown, axis, range, names) {
  const failed = shown.points.some((point) => point[2] === null);
  const style = getComputedStyle(document.body);
  const axisLook = { gridcolor: "rgba(128,128,128,.2)", zeroline: false };
  return {
    margin: { l: 90, r: 20, t: 10, b: 45 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: style.color },
    hovermode: "closest",
    uirevision: `${axis} ${range}`, // what the user zoomed to stays while the run goes on
    legend: { orientation: "v" },
    xaxis: { ...axisLook, title: { text: names[axis] || axis }, rangemode: "tozero", anchor: failed ? "y2" : "y" },
    yaxis: { ...axisLook, title: { text: shown.scale }, domain: failed ? [0.27, 1] : [0, 1], ...near(shown, range) },
    yaxis2: { ...axisLook, type: "category", domain: [0, failed ? 0.2 : 0.001], visible: failed },
  };
}

// From below the best to above most candidates: a few terrible ones would press all others into a line.
function near(shown, range) {
  const objectives = shown.points.map((point) => point[2]).filter((value) => value !== null);
  const curve = shown.curve;
  const lines = [...Object.values(curve.rules), ...curve.steps.map((step) => step.objective), ...curve.audits.map((each) => each.objective)];
  if (curve.own !== null) lines.push(curve.own);
  const all = [...objectives, ...lines].filter((value) => value !== null);
  if (range === "all" || !all.length) return { autorange: true };
  const sorted = objectives.toSorted((one, other) => one - other);
  const low = Math.min(...all);
  const high = Math.max(...lines.filter((value) => value !== null), sorted.length ? sorted[Math.floor(0.75 * (sorted.length - 1))] : low);
  const room = 0.08 * (high - low || Math.abs(high) || 1);
  return { range: [low - room, high + room] };
}
