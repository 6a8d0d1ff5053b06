"use strict";
// The page without this is complete but for copying, filtering and calling. Everything that comes from
// the server or the document becomes text, never markup.
(() => {
  const { $, make, copier } = dom;
  const { endpoint, said, auth, field: bringing, before } = document.body.dataset;

  // --- the address, as this browser reaches it -------------------------------------------------------
  // Behind a proxy the server may not know its own scheme, name or path, unless the operator says them.
  const [path] = location.pathname.match(/^.*?\/mcp(?=\/|$)/) || ["/mcp"];
  const own = location.origin + path;
  if (said !== "true" && own !== endpoint) {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode;
      if (text.parentNode.nodeName !== "SCRIPT" && text.data.includes(endpoint)) {
        text.data = text.data.replaceAll(endpoint, own);
      }
    }
  }

  // --- copying --------------------------------------------------------------------------------------
  $("url").after(copier("the URL", () => $("url").textContent));
  for (const node of document.querySelectorAll("[data-copy]")) {
    const text = node.dataset.copy;
    node.append(copier(text, () => text));
  }
  for (const block of document.querySelectorAll("#connect pre")) {
    block.before(copier("these lines", () => block.textContent));
  }

  // --- requests -------------------------------------------------------------------------------------
  const VERSION = "2026-07-28";
  let number = 0;
  const ask = async (view, method, params = {}) => {
    const meta = {
      "io.modelcontextprotocol/protocolVersion": VERSION,
      "io.modelcontextprotocol/clientCapabilities": {},
      "io.modelcontextprotocol/clientInfo": { name: "web-page", version: "1" },
    };
    const headers = {
      "Content-Type": "application/json",
      "Accept": "application/json, text/event-stream",
      "MCP-Protocol-Version": VERSION,
      "Mcp-Method": method,
    };
    if (params.name) headers["Mcp-Name"] = params.name;
    const credential = $("credential")?.value.trim();
    if (credential) headers[bringing] = before + credential;
    const body = JSON.stringify({ jsonrpc: "2.0", id: ++number, method, params: { ...params, _meta: meta } });
    const answer = await fetch(path + view, { method: "POST", headers, body, cache: "no-store" });
    const text = await answer.text();
    let message;
    try { message = JSON.parse(text); } catch { throw new Error(`HTTP ${answer.status}: ${text.slice(0, 300)}`); }
    if (message.error) throw new Error(message.error.message || `HTTP ${answer.status}`);
    return message;
  };

  // --- whether it works -----------------------------------------------------------------------------
  const status = (is, text) => {
    $("status").replaceChildren(make("span", { class: `dot ${is}`, "aria-hidden": "true" }), text);
  };
  const test = async () => {
    status("", "Asking the server…");
    const begun = performance.now();
    try {
      const { result } = await ask(location.pathname.slice(path.length), "tools/list");
      const time = Math.round(performance.now() - begun);
      status("up", `It answers: ${result.tools.length} tools at this URL, MCP ${VERSION}, ${time} ms.`);
      return true;
    } catch (error) {
      status("down", `No answer for a client: ${error.message}`);
      return false;
    }
  };
  if (auth === "none") test();
  else status("", "Callers of this server show a credential.");

  // --- filtering ------------------------------------------------------------------------------------
  const rows = [...document.querySelectorAll(".tool")];
  if (rows.length) {
    const search = make("input", { type: "search", id: "search", "aria-label": "Search tools", placeholder: "Search tools" });
    const classes = ["read", "write", "destructive", "outward"];
    const words = { read: "reads", write: "writes", destructive: "destroys", outward: "reaches people" };
    const boxes = classes.map((name) => {
      const box = make("input", { type: "checkbox", checked: true, value: name });
      return [box, make("label", {}, box, words[name])];
    });
    const count = make("p", { role: "status" });
    const view = make("p", {}, "");
    const picked = new Set();
    const filter = () => {
      const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const allowed = new Set(boxes.filter(([box]) => box.checked).map(([box]) => box.value));
      let shown = 0;
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        const fits = allowed.has(row.dataset.risk) && wanted.every((word) => text.includes(word));
        row.hidden = !fits;
        shown += fits ? 1 : 0;
      }
      for (const set of document.querySelectorAll(".toolset")) {
        const left = set.querySelectorAll(".tool:not([hidden])").length;
        set.hidden = left === 0;
        if (wanted.length) set.open = left > 0;
      }
      count.textContent = `${shown} of ${rows.length} tools`;
    };
    for (const set of document.querySelectorAll(".toolset")) {
      const { slug } = set.dataset;
      const name = set.querySelector(".name").textContent;
      const box = make("input", {
        type: "checkbox", "aria-label": `Put ${name} into a view`,
        onchange: () => {
          if (box.checked) picked.add(slug); else picked.delete(slug);
          if (!picked.size) { view.replaceChildren(); return; }
          const url = `${own}/x/${[...picked].map(encodeURIComponent).join(",")}`;
          view.replaceChildren("A view of these topics: ", make("code", {}, url), copier("the URL of the view", () => url));
        },
      });
      set.querySelector("ul").before(make("p", {}, make("label", {}, box, ` in a view of my own`)));
    }
    search.addEventListener("input", filter);
    for (const [box] of boxes) box.addEventListener("change", filter);
    $("filter").append(search, ...boxes.map(([, label]) => label), count, view);
    $("filter").hidden = false;
    filter();
  }

  // --- trying ---------------------------------------------------------------------------------------
  const tabs = [...document.querySelectorAll("[role=tab]")];
  const select = (tab) => {
    for (const other of tabs) {
      const is = other === tab;
      other.setAttribute("aria-selected", String(is));
      other.tabIndex = is ? 0 : -1;
      $(other.getAttribute("aria-controls")).hidden = !is;
    }
  };
  const tools = new Map();
  let chosen = null;
  let token = null;
  const toolField = $("tool");
  const form = $("arguments");
  const load = async () => {
    try {
      const { result } = await ask("/all", "tools/list");
      tools.clear();
      for (const tool of result.tools) tools.set(tool.name, tool);
      $("names").replaceChildren(...[...tools.keys()].sort().map((name) => make("option", { value: name })));
      $("said").textContent = `${tools.size} tools can be tried.`;
      strangers();
    } catch (error) {
      $("said").textContent = `The tools could not be read: ${error.message}`;
    }
  };
  // Where callers are identified, the server wrote no tools into the page.
  const strangers = () => {
    const place = $("listed");
    if (!place) return;
    place.replaceChildren(make("ul", {}, ...[...tools.values()].map((tool) => make("li", { class: "tool" },
      make("code", {}, tool.name), make("p", {}, (tool.description || "").slice(0, 220))))));
  };
  const kindOf = (schema) => {
    const kinds = [].concat(schema.type || []).filter((kind) => kind !== "null");
    return kinds.length === 1 ? kinds[0] : "";
  };
  const control = (name, schema, needed) => {
    const id = `argument-${name}`;
    let input;
    const kind = kindOf(schema);
    if (Array.isArray(schema.enum) && schema.enum.every((value) => typeof value !== "object")) {
      input = make("select", { id, "data-name": name }, make("option", { value: "" }, needed ? "choose" : "not given"),
        ...schema.enum.map((value) => make("option", { value: JSON.stringify(value) }, String(value))));
    } else if (kind === "boolean") {
      input = make("select", { id, "data-name": name }, ...[["", "not given"], ["true", "true"], ["false", "false"]]
        .map(([value, text]) => make("option", { value }, text)));
    } else if (kind === "string") {
      input = make("input", { id, "data-name": name, spellcheck: "false", autocomplete: "off", "data-kind": "text" });
    } else if (kind === "integer" || kind === "number") {
      input = make("input", { id, "data-name": name, inputmode: "decimal", autocomplete: "off", "data-kind": "number" });
    } else {
      input = make("textarea", { id, "data-name": name, rows: 3, spellcheck: "false", placeholder: "JSON", "data-kind": "json" });
    }
    const hint = schema.description ? make("span", { class: "hint", id: `${id}-hint` }, schema.description.slice(0, 300)) : "";
    if (hint) input.setAttribute("aria-describedby", `${id}-hint`);
    if (needed) input.setAttribute("aria-required", "true");
    return make("p", { class: "field" },
      make("label", { for: id }, name, needed ? make("span", { class: "need" }, " required") : ""), input, hint);
  };
  const choose = () => {
    const tool = tools.get(toolField.value.trim());
    if (tool === chosen) return;
    chosen = tool || null;
    token = null;
    form.replaceChildren();
    $("call").disabled = !chosen;
    $("call").textContent = "Call";
    $("results").hidden = true;
    select(tabs[0]);
    $("preview").hidden = !chosen || chosen.annotations?.readOnlyHint === true;
    if (!chosen) return;
    const schema = chosen.inputSchema || {};
    const needed = new Set(schema.required || []);
    const names = Object.keys(schema.properties || {});
    names.sort((a, b) => needed.has(b) - needed.has(a));
    form.append(make("p", { class: "hint" }, chosen.description || ""));
    const optional = make("details", {}, make("summary", {}, "Optional arguments"));
    for (const name of names) {
      (needed.has(name) ? form : optional).append(control(name, schema.properties[name], needed.has(name)));
    }
    if (optional.children.length > 1) form.append(optional);
  };
  const given = () => {
    const values = {};
    for (const input of form.querySelectorAll("[data-name]")) {
      const text = input.value;
      if (text.trim() === "") continue;
      const kind = input.dataset.kind;
      if (kind === "text") values[input.dataset.name] = text;
      else if (kind === "number") values[input.dataset.name] = Number.isFinite(Number(text)) ? Number(text) : text;
      else {
        try { values[input.dataset.name] = JSON.parse(text); } catch {
          if (kind === "json" && !/^\s*[[{]/.test(text)) values[input.dataset.name] = text;
          else { input.focus(); throw new Error(`${input.dataset.name} is not JSON`); }
        }
      }
    }
    return values;
  };
  const show = (message) => {
    const { content = [], structuredContent } = message.result;
    const text = content.map((part) => part.type === "text" ? part.text : `[${part.type}]`).join("\n");
    const put = (id, value) => { $(id).querySelector("pre").textContent = value; };
    put("panel-text", text || "(nothing)");
    put("panel-data", structuredContent === undefined ? "(none: the text is all)" : JSON.stringify(structuredContent, null, 2));
    put("panel-raw", JSON.stringify(message, null, 2));
    $("results").hidden = false;
    const found = JSON.stringify(structuredContent ?? "").match(/"confirm_token":"([^"]+)"/) || text.match(/confirm_token"?[=:]\s*"?([A-Za-z0-9_.~-]{16,})/);
    token = found ? found[1] : null;
    $("call").textContent = token ? "Yes, do it" : "Call";
    const size = Math.ceil(new TextEncoder().encode(text).length / 4);
    $("said").textContent = `${message.result.isError ? "The tool answered with an error" : token ? "It asks for your yes first" : "Done"}; about ${size} tokens for the model.`;
  };
  const run = async (extra) => {
    const buttons = [$("call"), $("preview")];
    try {
      const values = { ...given(), ...extra };
      for (const button of buttons) button.disabled = true;
      $("said").textContent = "Waiting for the answer…";
      show(await ask("/all", "tools/call", { name: chosen.name, arguments: values }));
    } catch (error) {
      $("said").textContent = error.message;
    } finally {
      for (const button of buttons) button.disabled = false;
    }
  };
  $("call").addEventListener("click", () => run(token ? { confirm_token: token } : {}));
  $("preview").addEventListener("click", () => run({ dry_run: true }));
  form.addEventListener("input", () => { token = null; $("call").textContent = "Call"; });
  form.addEventListener("submit", (event) => event.preventDefault());
  toolField.addEventListener("input", choose);
  $("credential")?.addEventListener("change", () => { load(); test(); });
  tabs.forEach((tab, place) => {
    tab.addEventListener("click", () => select(tab));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(place + step + tabs.length) % tabs.length];
      select(next);
      next.focus();
    });
  });
  $("workbench").hidden = false;
  if (auth === "none") load();
})();
