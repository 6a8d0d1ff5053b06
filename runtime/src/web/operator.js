"use strict";
// The credential stays in a variable here: a reload asks for it again, and nothing else in this browser has it.
(() => {
  const { $, make, copier } = dom;
  const ROWS = 200;
  const MOST = 2000;
  let credential = "";
  let ended = null;
  const names = new Map();

  // --- asking ---------------------------------------------------------------------------------------
  const request = async (path, options = {}) => {
    const headers = { ...options.headers, Authorization: `Bearer ${credential}` };
    const answer = await fetch(`api/${path}`, { cache: "no-store", credentials: "omit", signal: ended?.signal, ...options, headers });
    if (answer.ok) return answer;
    let why = `HTTP ${answer.status}`;
    try { why = (await answer.json()).error || why; } catch { /* no JSON: the status is all */ }
    if (answer.status === 401 && ended) leave(`Signed out: ${why}.`);
    throw new Error(why);
  };
  const ask = async (path, body) => {
    const options = body === undefined ? {} : {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    };
    return (await request(path, options)).json();
  };
  const say = (id, text) => { $(id).textContent = text; };
  const attempt = async (id, work) => {
    try { await work(); } catch (error) { if (error.name !== "AbortError") say(id, `It did not work: ${error.message}`); }
  };

  // --- pieces ---------------------------------------------------------------------------------------
  const when = (text) => String(text || "").replace("T", " ").replace("Z", "");
  const day = (seconds) => seconds ? new Date(seconds * 1000).toISOString().slice(0, 10) : "–";
  const who = (principal) => {
    const name = names.get(principal);
    return name ? `${name} (${principal})` : principal || "(this machine)";
  };
  const badge = (risk) => risk ? make("span", { class: `badge ${risk}` }, risk) : "";
  const word = (text) => make("span", {
    class: ["ok", "done"].includes(text) ? "ok" : ["unknown", "cancelled", "unconfirmed"].includes(text) ? "doubt" : text === "…" ? "" : "bad",
  }, text);
  const table = (label, heads) => {
    const body = make("tbody");
    const head = make("tr", {}, ...heads.map((text) => make("th", { scope: "col" }, text)));
    const place = make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label },
      make("table", {}, make("thead", {}, head), body));
    return { place, body };
  };
  const cell = (fields, ...children) => make("td", fields, ...children);
  const off = (id, { why, mend }) => {
    const start = mend.startsWith("http ") ? ["start the server with ", make("code", {}, mend)]
      : ["set ", make("code", {}, mend), " and start the server again"];
    $(id).replaceChildren(make("p", { class: "note" }, `${why} To have it, `, ...start, "."));
  };

  // Of the key that is being ordered.
  const scopes = new Set();

  // --- signing in -----------------------------------------------------------------------------------
  const leave = (text) => {
    credential = "";
    ended?.abort();
    ended = null;
    names.clear();
    scopes.clear();
    for (const id of ["live-rows", "audit-state", "audit-rows", "keys-state", "keys-rows", "once", "scopes"]) $(id).replaceChildren();
    for (const id of ["live-said", "audit-said", "keys-said"]) say(id, "");
    for (const id of ["inside", "places", "signed", "audit-filter", "order", "older"]) $(id).hidden = true;
    $("sign-in").hidden = false;
    say("status", text);
    $("credential").focus();
  };
  $("sign-in").addEventListener("submit", async (event) => {
    event.preventDefault();
    credential = $("credential").value.trim();
    $("credential").value = "";
    say("status", "Asking the server…");
    try {
      const said = await ask("session");
      ended = new AbortController();
      $("sign-in").hidden = true;
      for (const id of ["inside", "places", "signed"]) $(id).hidden = false;
      say("status", `Signed in. ${said.server} ${said.version}, runtime ${said.runtime}, ${said.tools} tools, callers: --auth ${said.auth}.`);
      $("leave").focus();
      await keys();
      watch(ended);
      state();
      show();
    } catch (error) {
      credential = "";
      say("status", `Not signed in: ${error.message}.`);
      $("credential").focus();
    }
  });
  $("leave").addEventListener("click", () => leave("Signed out."));

  // --- live traffic ---------------------------------------------------------------------------------
  const seen = new Map();
  let live = null;
  let paused = false;
  let skipped = 0;
  const row = (call) => {
    const cells = {
      at: cell({ class: "when" }, when(call.at).slice(11)),
      who: cell({}, who(call.principal)),
      client: cell({}, call.client || ""),
      tool: cell({}, make("code", {}, call.tool || "–")),
      risk: cell({}, badge(call.risk)),
      result: cell({}, word(call.result || "…")),
      ms: cell({ class: "number" }, call.ms === undefined ? "" : String(call.ms)),
      bytes: cell({ class: "number" }, call.bytes === undefined ? "" : String(call.bytes)),
      said: cell({ class: "said" }, call.arguments === undefined ? "" : make("code", {}, JSON.stringify(call.arguments))),
    };
    const node = make("tr", {}, ...Object.values(cells));
    live.prepend(node);
    while (live.children.length > ROWS) live.lastChild.remove();
    return cells;
  };
  const happened = (event) => {
    if (event.event === "missed") {
      say("live-said", `${event.number} events were left out: they came faster than this page took them.`);
      return;
    }
    if (paused) {
      skipped += 1;
      $("pause").textContent = `Go on (${skipped} not shown)`;
      return;
    }
    if (event.event === "begin") {
      seen.set(event.call, row(event));
      if (seen.size > ROWS) seen.delete(seen.keys().next().value);
    } else if (seen.has(event.call)) {
      const cells = seen.get(event.call);
      seen.delete(event.call);
      cells.result.replaceChildren(word(event.result));
      cells.ms.textContent = String(event.ms);
    } else {
      row(event);
    }
  };
  const watch = async (session) => {
    const made = table("Table of calls", ["Time (UTC)", "Who", "Client", "Tool", "Class", "Outcome", "ms", "Bytes", "Arguments"]);
    live = made.body;
    $("live-rows").replaceChildren(made.place);
    while (!session.signal.aborted) {
      try {
        const answer = await request("live");
        say("live-said", "Watching.");
        const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
        let held = "";
        for (;;) {
          const { done, value } = await reader.read();
          if (done) break;
          const lines = (held + value).split("\n");
          held = lines.pop();
          for (const line of lines) if (line.startsWith("data: ")) happened(JSON.parse(line.slice(6)));
        }
        say("live-said", "The stream ended; trying again.");
      } catch (error) {
        if (session.signal.aborted) return;
        say("live-said", `Not watching: ${error.message}. Trying again.`);
      }
      await new Promise((done) => { setTimeout(done, 2000); });
    }
  };
  $("pause").addEventListener("click", () => {
    paused = !paused;
    skipped = 0;
    $("pause").setAttribute("aria-pressed", String(paused));
    $("pause").textContent = paused ? "Go on" : "Pause";
  });
  $("clear").addEventListener("click", () => { live?.replaceChildren(); seen.clear(); });

  // --- audit ----------------------------------------------------------------------------------------
  let rows = null;
  let next = null;
  let read = { records: 0, broken: 0, gaps: 0, oldest: "" };
  const wanted = () => {
    const values = { who: $("who").value, tool: $("of-tool").value, outcome: $("outcome").value, class: $("class").value };
    const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value.trim()));
    if ($("everything").checked) query.set("all", "1");
    return query;
  };
  const known = new Set(["seq", "at", "event", "principal", "client", "tool", "risk", "decision", "result", "ms", "arguments", "prev", "hash", "arguments_sha256", "call"]);
  const record = (one) => {
    const rest = Object.entries(one).filter(([name]) => !known.has(name));
    const said = one.arguments === undefined ? Object.fromEntries(rest) : one.arguments;
    const outcome = one.result || one.outcome || one.decision || "";
    const how = one.event === "call" && one.decision && one.decision !== "allowed" ? ` (${one.decision})` : "";
    return make("tr", {},
      cell({ class: "when" }, when(one.at)),
      cell({}, who(one.principal ?? one.by)),
      cell({}, one.client || ""),
      cell({}, one.event === "call" ? make("code", {}, one.tool || "–") : `${one.event}${one.tool ? `: ${one.tool}` : ""}`),
      cell({}, badge(one.risk)),
      cell({}, one.event === "key" ? outcome : outcome ? word(outcome) : "", how),
      cell({ class: "number" }, one.ms === undefined ? "" : String(one.ms)),
      cell({ class: "said" }, make("code", {}, JSON.stringify(said))));
  };
  const show = (more = false) => attempt("audit-said", async () => {
    const query = wanted();
    if (more && next) query.set("before", next);
    say("audit-said", "Reading…");
    const found = await ask(`audit?${query}`);
    if (!found.on) {
      say("audit-said", "");
      off("audit-state", found);
      return;
    }
    $("audit-filter").hidden = false;
    if (!more) {
      const made = table("Table of records", ["Time (UTC)", "Who", "Client", "Tool", "Class", "Outcome", "ms", "Arguments"]);
      rows = made.body;
      $("audit-rows").replaceChildren(made.place);
      read = { records: 0, broken: 0, gaps: 0 };
    }
    rows.append(...found.records.map(record));
    read.records += found.read;
    read.broken += found.broken;
    read.gaps += found.gaps;
    next = found.next;
    const full = rows.children.length >= MOST;
    $("older").hidden = !next || full;
    const fault = read.gaps ? ` ${read.gaps} of them do not hold the one before: see above whether the log is whole.`
      : read.broken ? ` ${read.broken} lines are no records.` : "";
    const where = next ? (full ? "the table is full: download the CSV, or filter." : "older ones may follow.") : "that is all of it.";
    say("audit-said", `${rows.children.length} shown of ${read.records} records read from ${found.file}; ${where}${fault}`);
  });
  const state = () => attempt("audit-said", async () => {
    const place = $("audit-state");
    const found = await ask("audit/state");
    if (!found.on) return;
    const again = make("button", { type: "button", onclick: () => { place.replaceChildren(make("p", {}, "Reading the log…")); state(); } }, "Verify again");
    if (found.too_large) {
      place.replaceChildren(make("p", { class: "note" }, `${found.why} On its machine: `, make("code", {}, found.mend), "."));
      return;
    }
    const parts = [];
    if (found.unknown.length) {
      const items = found.unknown.map(({ record: one, said, check }) => make("li", {},
        `${when(one.at)} `, make("code", {}, one.tool || ""), ` ${one.request || ""} by ${who(one.principal)}: `,
        said ? "no usable answer came" : "no outcome was noted: it is on its way, or the server was killed",
        ...(check ? ["; look with ", make("code", {}, check)] : [])));
      parts.push(make("div", { class: "note bad-one" },
        make("strong", {}, `${found.unknown_in_all} writes without a known outcome`), make("ul", {}, ...items)));
    }
    for (const log of found.logs) {
      const text = log.whole
        ? `${log.file} is whole: verified up to record ${log.head?.seq ?? 0}, in ${log.files} ${log.files === 1 ? "file" : "files"}. Note the last hash elsewhere: `
        : `${log.file} is NOT whole: `;
      const faults = log.faults.concat(log.more_faults ? [`and ${log.more_faults} more`] : []);
      parts.push(make("div", { class: `note ${log.whole ? "good" : "bad-one"}` }, text,
        ...(log.whole ? [make("code", {}, log.head?.hash ?? "")] : [make("ul", {}, ...faults.map((one) => make("li", {}, one)))]),
        ...log.notes.map((one) => make("p", { class: "hint" }, one))));
    }
    place.replaceChildren(...parts, again);
  });
  $("audit-filter").addEventListener("submit", (event) => { event.preventDefault(); show(); });
  $("older").addEventListener("click", () => show(true));
  $("table").addEventListener("click", () => attempt("audit-said", async () => {
    const answer = await request(`audit.csv?${wanted()}`);
    const url = URL.createObjectURL(await answer.blob());
    make("a", { href: url, download: "audit.csv" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
    say("audit-said", answer.headers.get("X-More-Records") === "1"
      ? "Saved as audit.csv: the newest records; the log has more (audit tail --json)." : "Saved as audit.csv.");
  }));

  // --- keys -----------------------------------------------------------------------------------------
  const chips = () => {
    $("scopes").replaceChildren(make("ul", { class: "chips" }, ...[...scopes].map((scope) => make("li", {}, make("code", {}, scope), " ",
      make("button", { type: "button", class: "copy", "aria-label": `Leave ${scope} out`, onclick: () => { scopes.delete(scope); chips(); } }, "×")))));
  };
  const twice = (text, question, work) => {
    let asked = null;
    const calm = () => { clearTimeout(asked); asked = null; button.textContent = text; };
    const button = make("button", { type: "button", onclick: () => {
      if (asked) { calm(); work(); return; }
      button.textContent = question;
      asked = setTimeout(calm, 5000);
    } }, text);
    return button;
  };
  const once = (made, what) => {
    const { key } = made;
    const place = make("div", { class: "once", role: "group", "aria-label": what },
      make("strong", {}, `${what}. It is shown this once:`),
      make("code", {}, key), copier("the key", () => key), " ",
      make("button", { type: "button", class: "copy", onclick: () => place.remove() }, "Put away"));
    $("once").replaceChildren(place);
    say("keys-said", made.warning ? `Attention: ${made.warning}.` : `${what}.`);
  };
  const keys = () => attempt("keys-said", async () => {
    const found = await ask("keys");
    if (!found.on) {
      off("keys-state", found);
      return;
    }
    names.clear();
    for (const key of found.keys) names.set(`key:${key.id}`, key.name);
    const made = table("Table of keys", ["Name", "Begins with", "Scopes", "State", "Made", "Ends", "Last used", "Requests", "Change"]);
    made.body.append(...found.keys.map((key) => {
      const change = (path, text) => attempt("keys-said", async () => {
        const done = await ask(`keys/${encodeURIComponent(key.id)}/${path}`, {});
        if (done.key) once(done, `${text} ${key.name}`);
        else say("keys-said", done.warning ? `Attention: ${done.warning}.` : `${text} ${key.name}.`);
        await keys();
      });
      return make("tr", {}, cell({}, key.name), cell({}, make("code", {}, key.begins)), cell({ class: "said" }, make("code", {}, key.scopes.join(", "))),
        cell({}, make("span", { class: key.state === "holds" ? "ok" : "bad" }, key.state)),
        cell({ class: "when" }, day(key.created)), cell({ class: "when" }, day(key.expires)), cell({ class: "when" }, day(key.last_used)),
        cell({}, key.rate || "–"),
        cell({}, ...(key.state === "holds" ? [
          twice("Rotate", "Yes, a new key in its place", () => change("rotate", "A new key for")),
          twice("Revoke", "Yes, end it", () => change("revoke", "Revoked the key of")),
        ] : [])));
    }));
    $("keys-rows").replaceChildren(made.place);
    const all = $("order-toolset").firstElementChild;
    $("order-toolset").replaceChildren(all, ...found.toolsets.map((value) => make("option", { value }, value)));
    $("order").hidden = false;
  });
  $("add").addEventListener("click", () => {
    scopes.add(`${$("order-toolset").value}:${$("order-class").value}`);
    chips();
  });
  $("order").addEventListener("submit", (event) => {
    event.preventDefault();
    attempt("keys-said", async () => {
      if (!scopes.size) $("add").click();
      const days = $("order-days").value.trim();
      const rate = $("order-rate").value.trim();
      const made = await ask("keys", {
        name: $("order-name").value, scopes: [...scopes], days: days === "" ? null : Number.isFinite(Number(days)) ? Number(days) : days, rate: rate === "" ? null : rate,
      });
      once(made, `The key of ${made.name}`);
      for (const id of ["order-name", "order-days", "order-rate"]) $(id).value = "";
      scopes.clear();
      chips();
      await keys();
    });
  });

  if (!window.isSecureContext) say("status", "This address is not encrypted: what is typed in here can be read on its way. Reach it at 127.0.0.1, or over TLS.");
})();
