// --- what comes from the host, and what is shown for it ---
const place = document.getElementById("app");
const view = document.body.dataset.view;
const state = { tool: { name: "" }, given: {}, can: {}, pages: [] };
const put = (...nodes) => { place.replaceChildren(...nodes.filter(Boolean)); };
const note = (text, kind = "quiet") => make("p", { class: kind, role: kind === "bad" ? "alert" : undefined }, text);
const call = (name, given) => host.request("tools/call", { name, arguments: given });

// The model learns what a person did here; a host that cannot tell it is no reason to stop.
const tellModel = (text) => {
  if (!state.can.updateModelContext) return;
  host.request("ui/update-model-context", { content: [{ type: "text", text }] }).catch(() => {});
};
const ask = (text) => host.request("ui/message", { role: "user", content: [{ type: "text", text }] }).catch(() => {});

// The record that a row is of, or that a call is about, read through the host.
const read = async (row) => {
  const reading = state.tool._meta?.["dev.mcpwright/reading"];
  if (!reading || !state.can.serverTools) return null;
  const given = {};
  for (const [name, from] of Object.entries(reading.arguments || {})) {
    if (!isEmpty(state.given[from])) given[name] = state.given[from];
  }
  if (reading.id) {
    if (!row) return null;
    given[reading.id] = row.id ?? row[reading.id] ?? row.uuid;
    if (isEmpty(given[reading.id])) return null;
  }
  const result = await call(reading.tool, given);
  return result.isError ? null : recordOf(result.structuredContent);
};

const openRow = (rows) => async (row) => {
  const back = make("button", { type: "button", onclick: () => showRows(rows) }, "Back to the list");
  const about = titleOf(row);
  const talk = state.can.message && about ? make("button", {
    type: "button",
    onclick: () => ask(`Tell me more about ${about}${row.id === undefined || about === `ID ${row.id}` ? "" : ` (id ${row.id})`}.`),
  }, "Ask about it") : null;
  const buttons = make("p", { class: "buttons" }, back, talk);
  put(buttons, card(row));
  back.focus();
  const whole = await read(row).catch(() => null);
  if (whole && buttons.isConnected) put(buttons, card(whole));
  if (whole) back.focus();
};

const more = (result) => (isObject(result._next) ? result._next : null);
const next = (rows) => {
  const last = state.pages[state.pages.length - 1];
  const step = more(last);
  if (!step || !state.can.serverTools) return null;
  const said = note("");
  const get = make("button", {
    type: "button",
    onclick: async () => {
      get.disabled = true;
      said.textContent = "Reading the next page…";
      try {
        const result = await call(state.tool.name, { ...state.given, ...step });
        const records = result.isError ? null : recordsOf(result.structuredContent);
        if (!records) throw new Error(textOf(result) || "no records came");
        state.pages.push(result.structuredContent);
        showRows(rows.concat(records));
      } catch (error) {
        said.textContent = `The next page could not be read: ${error.message}`;
        get.disabled = false;
      }
    },
  }, "More rows");
  return make("p", { class: "buttons" }, get, said);
};

// The values of a property in the order of the tool's own schema, for what has an order.
const orderOf = (schema, name, depth = 6) => {
  if (!isObject(schema) || depth === 0) return null;
  const own = schema.properties?.[name];
  const values = own?.enum || own?.anyOf?.find((part) => part.enum)?.enum || own?.items?.enum;
  if (values) return values;
  for (const inner of [...Object.values(schema.properties || {}), schema.items]) {
    const found = orderOf(inner, name, depth - 1);
    if (found) return found;
  }
  return null;
};

const totalOf = (result) => {
  const known = [result?.meta, result?.pagination, result].filter(isObject)
    .map((part) => part.total ?? part.total_count ?? part.totalCount ?? part.count).find((value) => Number.isInteger(value));
  return known;
};

const showRows = (rows) => {
  const title = state.tool.title || label(state.tool.name || "Records");
  const total = totalOf(state.pages[0]);
  const step = more(state.pages[state.pages.length - 1]);
  const count = total > rows.length ? `${rows.length} of ${total}` : step ? `${rows.length}, and there are more` : String(rows.length);
  const head = make("header", {}, make("h1", {}, title), make("span", { class: "quiet" }, count));
  if (!rows.length) { put(head, note("There are none.")); return; }
  const parts = [head];
  if (view === "chart") {
    const status = fieldOf(rows, "status", ["stage", "status", "state"]);
    const order = status && (orderOf(state.tool.outputSchema, status) || orderOf(state.tool.inputSchema, status));
    const fitting = charts(rows, order);
    if (fitting.size) {
      const box = make("div", { class: "charts" });
      const buttons = [...fitting].map(([name, draw]) => make("button", {
        type: "button", class: "tab", "aria-pressed": "false",
        onclick: (event) => {
          for (const other of buttons) other.setAttribute("aria-pressed", String(other === event.currentTarget));
          box.replaceChildren(draw());
        },
      }, name));
      if (buttons.length > 1) parts.push(make("p", { class: "buttons", role: "group", "aria-label": "Chart" }, ...buttons));
      buttons[0].setAttribute("aria-pressed", "true");
      box.replaceChildren([...fitting.values()][0]());
      parts.push(box);
      if (step || total > rows.length) parts.push(note(`Of the ${rows.length} records that were read, not of all.`));
    }
  }
  parts.push(table(rows, { caption: title, open: openRow(rows) }), next(rows));
  for (const text of state.pages[0]?._notes || []) parts.push(note(String(text)));
  put(...parts);
};

const finished = (result) => {
  const data = result.structuredContent;
  const rows = result.isError ? null : recordsOf(data);
  if (rows) { state.pages = [data]; showRows(rows); return; }
  const record = result.isError ? null : recordOf(data);
  const own = record && Object.keys(record).some((name) => !ABOUT.has(name));
  if (own) { put(card(record)); return; }
  put(make("article", { class: `card ${result.isError ? "danger" : ""}` },
    make("header", {}, make("h1", {}, state.tool.title || label(state.tool.name || "Result"))),
    note(textOf(result) || (result.isError ? "The call failed." : "Done."), result.isError ? "bad" : "text")));
};

const confirm = async (result) => {
  const { token, seconds } = result._meta["dev.mcpwright/confirm"];
  // The first line says what it does to whom; the lines below it are shown as fields.
  const why = textOf(result).split("\n")[0].replace(/^.*?nothing was sent yet: /, "").replace(`${state.tool.name} `, "It ");
  const now = await read(null).catch(() => null);
  const named = state.tool.title || state.tool.name;
  const decide = async (agreed) => {
    if (!agreed) {
      put(note(`Declined. ${named} was not called; nothing was sent.`, "text"));
      tellModel(`The person declined ${state.tool.name} in the approval card. Nothing was sent. Do not call it again unless they ask for it.`);
      return;
    }
    put(note(`${named}: sending…`, "text"));
    try {
      const done = await call(state.tool.name, { ...state.given, confirm_token: token });
      if (done._meta?.["dev.mcpwright/confirm"]) { await confirm(done); return; }
      finished(done);
      tellModel(`The person approved ${state.tool.name} in the approval card, and it was called. Do not call it again. Its result: ${textOf(done).slice(0, 4000)}`);
    } catch (error) {
      put(note(`It is not known whether it was carried out: ${error.message}. Look before it is repeated.`, "bad"));
      tellModel(`The person approved ${state.tool.name}, and the host gave no answer: ${error.message}. It may have been carried out; look before repeating it.`);
    }
  };
  if (!state.can.serverTools) { put(note(textOf(result), "text")); return; }
  put(approval({ tool: state.tool, given: state.given, now, why, seconds, decide }));
};

const theme = (context) => {
  if (context.theme) document.documentElement.dataset.theme = context.theme;
  for (const [name, value] of Object.entries(context.styles?.variables || {})) {
    if (name.startsWith("--") && value) document.documentElement.style.setProperty(name, value);
  }
  if (context.locale) { try { locale = Intl.getCanonicalLocales(context.locale)[0]; } catch { /* not a locale */ } }
  if (context.locale && locale) document.documentElement.lang = locale;
  if (context.toolInfo?.tool) state.tool = context.toolInfo.tool;
  document.documentElement.dataset.mode = context.displayMode || document.documentElement.dataset.mode || "inline";
};

host.on("tool-input", ({ arguments: given }) => {
  state.given = given || {};
  if (!place.firstChild) put(note(`${state.tool.title || label(state.tool.name || "The tool")}…`));
});
host.on("tool-result", (result) => {
  state.pages = [];
  if (result._meta?.["dev.mcpwright/confirm"]) confirm(result);
  else finished(result);
});
host.on("tool-cancelled", ({ reason }) => put(note(`The call was cancelled${reason ? `: ${reason}` : "."}`)));
host.on("host-context-changed", theme);

host.request("ui/initialize", {
  protocolVersion: "2026-01-26",
  appInfo: { name: `mcpwright-${view}`, version: "1" },
  appCapabilities: { availableDisplayModes: ["inline", "fullscreen"] },
}).then(({ hostCapabilities, hostContext }) => {
  state.can = hostCapabilities || {};
  theme(hostContext || {});
  host.notify("initialized");
  new ResizeObserver(() => host.notify("size-changed", {
    width: Math.ceil(document.documentElement.scrollWidth),
    height: Math.ceil(document.documentElement.getBoundingClientRect().height),
  })).observe(document.documentElement);
}).catch((error) => put(note(`The host could not be reached: ${error.message}`, "bad")));
