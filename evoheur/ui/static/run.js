// The page of a run: asks for what came since it last asked, and shows it.
import { element, follow } from "./follow.js";
import { showPopulation } from "./population.js";
import { drawCourse } from "./course_chart.js";

const MOST_LINES = 500;
const chart = document.getElementById("chart");
const choice = document.getElementById("chart-choice");
const log = document.querySelector("#log tbody");
let lastEvents = "";
const shown = { told: 0, events: "", state: "", points: [], curve: null, operators: [], total: 0, scale: "" };

function address() {
  const query = new URLSearchParams({ told: shown.told, points: shown.points.length, state: shown.state, events: shown.events });
  return `${chart.dataset.address}?${query}`;
}

function take(data) {
  if (data.told < shown.told) return restart(); // another run has this name now
  for (const [id, html] of Object.entries(data.parts)) replace(document.getElementById(id), html);
  shown.state = data.state;
  if (data.eventRows !== undefined) {
    shown.events = data.events;
    lastEvents = data.eventRows;
    placeEvents();
  }
  if (data.curve === undefined) return;
  shown.told = data.told;
  shown.curve = data.curve;
  shown.scale = data.scale;
  shown.operators = data.points.operators;
  shown.total = data.points.total;
  shown.points = [...shown.points.slice(0, data.points.first), ...data.points.list];
  write(data.log);
  offer(data.curve.axes);
  draw();
}

function restart() {
  Object.assign(shown, { told: 0, events: "", points: [], state: "" });
  log.replaceChildren();
}

// The view renders these parts with everything escaped, as it does whole pages. What has not changed is left alone, with its selection.
function replace(element, html) {
  if (element.dataset.html === html) return;
  element.dataset.html = html;
  element.innerHTML = html;
}

function write(html) {
  const rows = document.createElement("template");
  rows.innerHTML = html;
  log.prepend(rows.content);
  placeEvents();
  while (log.rows.length > MOST_LINES) log.lastElementChild.remove();
}

// What happened beside the outcomes stands among them, where the log had come to. Older than all that is shown, it is left out.
function placeEvents() {
  for (const row of log.querySelectorAll("tr.event")) row.remove();
  const rows = document.createElement("template");
  rows.innerHTML = lastEvents;
  const isWhole = log.rows.length < MOST_LINES;
  const outcomes = [...log.rows];
  for (const row of [...rows.content.querySelectorAll("tr")]) {
    const reached = Number(row.dataset.sequence);
    const before = outcomes.find((outcome) => Number(outcome.dataset.sequence) <= reached);
    if (before || isWhole) log.insertBefore(row, before || null);
  }
}

const NAMES = { calls: "calls", evaluations: "evaluations", cost_usd: "money (US $)", seconds: "time (s)" };

function names() {
  return shown.curve.estimated ? { ...NAMES, seconds: "time (s, estimated from work done)" } : NAMES;
}

function offer(axes) {
  const select = choice.elements.axis;
  const there = new Set([...select.options].map((option) => option.value));
  for (const axis of axes) if (!there.has(axis)) select.add(new Option(NAMES[axis], axis, axis === "evaluations", axis === "evaluations"));
}

function draw() {
  const sampled = document.getElementById("sampled");
  sampled.textContent = shown.points.length < shown.total ? `a sample of ${shown.points.length} of ${shown.total} candidates` : "";
  drawCourse(chart, shown, choice.elements.axis.value, choice.elements.range.value, names());
}

choice.addEventListener("change", draw);
choice.addEventListener("submit", (event) => event.preventDefault());
follow(address, 1, take);

// The log is played to the method for it, which takes the longer the longer the run is: a twentieth of the time at most.
const population = document.getElementById("population");
const members = { known: "", part: "population" };
let rest = 3;

function takePopulation(data) {
  rest = data.seconds > 0 ? 3 : Math.max(10, 20 * data.took);
  if (data.trouble) population.textContent = data.trouble;
  if (data.requests === undefined) return;
  members.known = data.requests;
  const link = (number) => element("a", { href: `${chart.dataset.candidates}/${number}` }, `${chart.dataset.run}/${number}`);
  showPopulation(population, document.querySelector("#members tbody"), data, link);
}

follow(() => `${population.dataset.address}?${new URLSearchParams(members)}`, () => rest, takePopulation);
