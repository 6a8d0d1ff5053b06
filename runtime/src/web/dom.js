"use strict";
// What the pages have in common. Everything that comes from the server, the document or a caller becomes text,
// never markup.
const dom = (() => {
  const $ = (id) => document.getElementById(id);
  const make = (tag, fields = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(fields)) {
      if (name === "class") node.className = value;
      else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (value === true) node.setAttribute(name, "");
      else if (value !== false && value !== undefined && value !== null) node.setAttribute(name, value);
    }
    node.append(...children);
    return node;
  };
  const copier = (what, text) => make("button", {
    type: "button", class: "copy", "aria-label": `Copy ${what}`,
    onclick: async (event) => {
      const button = event.currentTarget;
      try {
        await navigator.clipboard.writeText(text());
        button.textContent = "Copied";
      } catch {
        button.textContent = "Select it and copy";
      }
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    },
  }, "Copy");
  return { $, make, copier };
})();
