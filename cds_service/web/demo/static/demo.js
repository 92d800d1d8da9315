// The demo page: calls the service as an EHR does, and shows what it answers and why.
import { showCards } from "./demo-cards.js";
import { showTrace } from "./demo-trace.js";
import { language, pretty, root, words } from "./demo-page.js";

const stage = document.querySelector("[data-situation]");
const status = document.querySelector("#status");
const JSON_TYPE = { "Content-Type": "application/json", "Accept-Language": language };
let newest = 0;

async function fire(hook, ordered = {}) {
  const turn = (newest += 1);
  press(hook);
  status.textContent = words.calling;
  const asked = new URLSearchParams(ordered).toString();
  try {
    const call = await (await fetch(`${root}demo/calls/${stage.dataset.situation}/${hook}?${asked}`)).json();
    const body = JSON.stringify(call.body);
    const began = performance.now();
    const response = await fetch(call.address, { method: "POST", headers: JSON_TYPE, body });
    const answer = await response.json();
    const ms = Math.round(performance.now() - began);
    const trace = await explained(call, body);
    if (turn !== newest) return; // another call was made meanwhile
    document.querySelector("#request").textContent = pretty(call.body);
    document.querySelector("#answer").textContent = pretty(answer);
    showTrace(document.querySelector("#trace"), trace.decisions ?? []);
    const cards = answer.cards ?? [];
    showCards(document.querySelector("#cards"), cards, trace.details ?? {}, call.address);
    status.textContent = response.ok ? counted(cards.length, ms, trace.withheld) : refused(response, answer);
  } catch {
    if (turn === newest) status.textContent = words.unreachable;
  }
}

async function explained(call, body) {
  const service = call.address.split("/").pop();
  const response = await fetch(`${root}demo/explain/${service}?lang=${language}`, { method: "POST", headers: JSON_TYPE, body });
  return response.ok ? response.json() : {};
}

function counted(n, ms, withheld) {
  const silent = withheld ? words.withheld.replace("{n}", withheld) : "";
  if (n === 0) return silent || words.cards_0;
  const word = n === 1 ? words.cards_1 : words.cards_n;
  return `${word.replace("{n}", n).replace("{ms}", ms)} ${silent}`.trim();
}

function refused(response, outcome) {
  const issue = outcome.issue?.[0];
  return words.failed.replace("{status}", response.status).replace("{text}", issue?.details?.text ?? issue?.diagnostics ?? "");
}

function press(hook) {
  for (const button of document.querySelectorAll("[data-fire]")) {
    button.setAttribute("aria-pressed", String(button.dataset.fire === hook));
  }
}

if (stage) {
  const rail = document.querySelector(".rail");
  rail.scrollTop = rail.querySelector("[aria-current]").offsetTop - rail.clientHeight / 2;
  for (const button of document.querySelectorAll("[data-fire]")) {
    button.addEventListener("click", () => fire(button.dataset.fire));
  }
  document.querySelector("[data-order]").addEventListener("submit", (event) => {
    event.preventDefault();
    fire(event.submitter?.value ?? "order-select", Object.fromEntries(new FormData(event.target)));
  });
  fire(stage.dataset.hook);
}
