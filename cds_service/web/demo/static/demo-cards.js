// Cards as an EHR shows them; what is done with one is sent back as feedback.
import { clone, element, pretty, words } from "./demo-page.js";

export function showCards(place, cards, details, address) {
  place.replaceChildren(...cards.map((card) => shown(card, details[card.uuid], address)));
}

function shown(card, detail, address) {
  const made = clone("card");
  made.classList.add(card.indicator);
  made.dataset.topic = card.source.topic?.code ?? "";
  made.querySelector(".badge").textContent = words[card.indicator];
  made.querySelector(".summary").textContent = card.summary;
  made.querySelector(".source").textContent = `${words.source}: ${card.source.label}`;
  showDetail(made.querySelector(".detail"), card.detail, detail);
  showSuggestions(made, card, address);
  showLinks(made.querySelector(".links"), card.links ?? []);
  prepareOverride(made, card, address);
  return made;
}

function showDetail(place, markdown, html) {
  if (!markdown) return place.remove();
  const prose = place.querySelector(".prose");
  if (html) prose.innerHTML = html; // made from the Markdown by the service, which lets no HTML through
  else prose.textContent = markdown;
}

function showSuggestions(made, card, address) {
  const override = made.querySelector(".override");
  for (const suggestion of card.suggestions ?? []) {
    const button = element("button", suggestion.label, { type: "button", class: "accept" });
    button.prepend(element("span", `${words.accept}: `, { class: "sr" }));
    button.addEventListener("click", async () => {
      const sent = await feedback(address, card, { outcome: "accepted", acceptedSuggestions: [{ id: suggestion.uuid }] });
      if (!sent) return say(made, words.feedback_failed);
      button.disabled = true;
      made.querySelector(".taken").append(...(suggestion.actions ?? []).map(carriedOut));
      say(made, words.accepted.replace("{what}", suggestion.label));
    });
    override.before(button);
  }
}

function carriedOut(action) {
  const box = element("details", "", { class: "action" });
  const what = element("summary", `${action.type}: ${action.description}`);
  const json = element("pre", pretty(action.resource ?? action.resourceId), { tabindex: "0", "aria-label": words.resource });
  box.append(what, json);
  return box;
}

function showLinks(place, links) {
  for (const link of links) {
    if (!/^https?:\/\//.test(link.url)) continue;
    place.hidden = false;
    const made = element("a", link.label, { href: link.url, rel: "noopener noreferrer", target: "_blank" });
    made.append(element("span", ` ${words.new_tab}`, { class: "sr" }));
    const item = element("li");
    item.append(made);
    place.append(item);
  }
}

function prepareOverride(made, card, address) {
  const button = made.querySelector(".override");
  const form = made.querySelector(".reasons");
  const open = (opened) => {
    form.hidden = !opened;
    button.setAttribute("aria-expanded", String(opened));
    (opened ? form.querySelector("input") : button).focus();
  };
  form.querySelector(".choices").append(...choices(card));
  button.addEventListener("click", () => open(form.hidden));
  form.querySelector(".cancel").addEventListener("click", () => open(false));
  form.addEventListener("keydown", (event) => event.key === "Escape" && open(false));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const given = new FormData(form);
    const reason = card.overrideReasons?.[Number(given.get("reason"))];
    const overrideReason = { ...(reason && { reason }), ...(given.get("comment") && { userComment: given.get("comment") }) };
    const said = Object.keys(overrideReason).length ? { overrideReason } : {};
    const sent = await feedback(address, card, { outcome: "overridden", ...said });
    if (!sent) return say(made, words.feedback_failed);
    form.remove();
    button.remove();
    made.classList.add("overridden");
    made.querySelector(".detail")?.removeAttribute("open");
    say(made, words.overridden.replace("{what}", reason?.display ?? ""));
  });
}

function choices(card) {
  return (card.overrideReasons ?? []).map((reason, index) => {
    const label = element("label", "", { class: "choice" });
    const input = element("input", "", { type: "radio", name: "reason", value: String(index), required: "" });
    label.append(input, ` ${reason.display}`);
    return label;
  });
}

async function feedback(address, card, outcome) {
  const body = JSON.stringify({ feedback: [{ card: card.uuid, outcomeTimestamp: new Date().toISOString(), ...outcome }] });
  try {
    const response = await fetch(`${address}/feedback`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
    return response.ok;
  } catch {
    return false;
  }
}

function say(made, text) {
  made.querySelector(".done").textContent = text;
}
