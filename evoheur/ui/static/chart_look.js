// What charts of candidates have in common: colours, axes, and a click that leads to a candidate's page.

// Okabe and Ito's colours, which those can tell apart who see fewer.
const COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#999999", "#F0E442"];

export function colour(number) {
  return COLOURS[number % COLOURS.length];
}

export function look() {
  return {
    margin: { l: 70, r: 20, t: 10, b: 45 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: getComputedStyle(document.body).color },
    hovermode: "closest",
    legend: { orientation: "v" },
  };
}

export function axis() {
  return { gridcolor: "rgba(128,128,128,.15)", zeroline: false };
}

// Draws, or draws anew. What a point carries as `customdata` is the number of its candidate.
export function draw(place, traces, layout) {
  Plotly.react(place, traces, layout, { displaylogo: false, responsive: true });
  if (place.dataset.listening) return;
  place.dataset.listening = "yes";
  place.on("plotly_click", (event) => {
    const number = event.points[0].customdata;
    if (number !== undefined && number !== null && place.dataset.candidates) location.assign(`${place.dataset.candidates}/${number}`);
  });
}
