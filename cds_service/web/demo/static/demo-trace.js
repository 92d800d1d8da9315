// Every rule with what it decided and why.
import { clone, element, words } from "./demo-page.js";

export function showTrace(place, decisions) {
  place.replaceChildren(...decisions.map(shown));
}

function shown(decision) {
  const made = clone("rule");
  made.className = [decision.outcome, decision.indicator ?? ""].join(" ").trim();
  made.querySelector(".outcome").textContent = words[decision.outcome];
  made.querySelector(".title").textContent = decision.title;
  line(made.querySelector(".says"), decision.says ?? (decision.missing ?? []).join("<br>"));
  const why = made.querySelector(".why");
  if (decision.outcome !== "advised") {
    why.remove();
    return made;
  }
  list(why.querySelector(".because"), decision.because);
  list(why.querySelector(".missing"), decision.missing, why.querySelector(".missing-label"));
  list(why.querySelector(".evidence"), decision.evidence, why.querySelector(".evidence-label"));
  why.querySelector(".version").textContent = words.rule_version
    .replace("{name}", decision.rule)
    .replace("{version}", decision.version);
  return made;
}

function line(place, html) {
  if (html) place.innerHTML = html; // made by the service from its own texts; what came from a chart is escaped there
  else place.remove();
}

function list(place, items = [], label = null) {
  if (!items.length) {
    place.remove();
    label?.remove();
    return;
  }
  for (const item of items) {
    const made = element("li");
    made.innerHTML = item;
    place.append(made);
  }
}
