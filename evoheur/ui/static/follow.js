// Polling, and what pages do with what it brings.

const trouble = document.getElementById("trouble");

function say(words) {
  trouble.textContent = words;
  trouble.hidden = !words;
}

// Asks for `address()` every so many seconds, or after as many as `seconds()` says then, and hands the answer on; says in words if there is none. A hidden page asks for nothing.
export async function follow(address, seconds, take) {
  for (;;) {
    if (!document.hidden) {
      const pause = await once(address(), take);
      if (pause === "over") return;
    }
    await new Promise((resolve) => setTimeout(resolve, 1000 * (typeof seconds === "function" ? seconds() : seconds)));
  }
}

async function once(address, take) {
  let answer;
  try {
    answer = await fetch(address, { headers: { accept: "application/json" } });
  } catch {
    say("The view does not answer: it was stopped. Start `evoheur ui` again, and open the address that it prints.");
    return "";
  }
  if (answer.status === 403) {
    say("The view was started again: open the address that it printed now.");
    return "";
  }
  const data = await answer.json().catch(() => ({ error: `The view answered ${answer.status}, and nothing that can be read.` }));
  if (!answer.ok) {
    say(data.error || `The view answered ${answer.status}.`);
    return "";
  }
  say("");
  return take(data) === false ? "over" : "";
}

// Foreign text for the hover boxes and labels of Plotly, which take some HTML.
export function plain(text) {
  return String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

// An element with text and children.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
