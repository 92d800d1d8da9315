// What all parts of the page share: its words, its language, its templates.
export const words = document.querySelector("#words").dataset;
export const language = document.documentElement.lang;
export const root = new URL("../../", import.meta.url).pathname;

export const clone = (id) => document.querySelector(`#${id}`).content.firstElementChild.cloneNode(true);

export const pretty = (value) => JSON.stringify(value, null, 2);

export function element(tag, text, attributes = {}) {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
