// The views of MCP Apps in the host of the published SDK, in a real browser: the host gets tools, documents and results
// from the server through the SDK's client, and shows each document as the specification asks (a sandboxed frame, a
// policy that lets nothing in), and a person clicks.
import { Client } from "@modelcontextprotocol/client";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { createServer } from "node:http";
import { mkdirSync, readFileSync } from "node:fs";

const { APPS_URL, CRM_URL, CRM_KEY, CHROMIUM, OUTPUT } = process.env;
const axe = readFileSync("node_modules/axe-core/axe.min.js", "utf8");
mkdirSync(OUTPUT, { recursive: true });

let failed = 0;
const check = (name, holds, said = "") => {
  console.log(`${holds ? "ok  " : "FAIL"} ${name}${said === "" ? "" : `: ${said}`}`);
  if (!holds) failed += 1;
};

// --- the client ---
const MIME = "text/html;profile=mcp-app";
const client = new Client({ name: "apps-checks", version: "1" },
  { capabilities: { extensions: { "io.modelcontextprotocol/ui": { mimeTypes: [MIME] } } } });
await client.connect(new StreamableHTTPClientTransport(new URL(APPS_URL)));
check("the server says that it knows the extension", client.getServerCapabilities()?.extensions?.["io.modelcontextprotocol/ui"] !== undefined);
const { tools } = await client.listTools();
const named = new Map(tools.map((tool) => [tool.name, tool]));
const documents = new Map();
const uris = [...new Set(tools.map((tool) => tool._meta?.ui?.resourceUri).filter(Boolean))];
check("tools name four views", uris.length === 4, uris.join(", "));
const listed = new Set((await client.listResources()).resources.map(({ uri }) => uri));
for (const uri of uris) {
  const { contents: [document] } = await client.readResource({ uri });
  documents.set(uri, document.text);
  check(`${uri}: is listed, has the media type, and at most 60 KB`,
    listed.has(uri) && document.mimeType === MIME && document.text.length <= 60_000, `${document.text.length} bytes`);
}
const crm = async (path) => (await fetch(CRM_URL + path, { headers: { "X-API-Key": CRM_KEY } })).json();

// --- the host ---
const { outputFiles: [script] } = await build({
  stdin: {
    resolveDir: process.cwd(),
    contents: `
      import { AppBridge, PostMessageTransport } from "@modelcontextprotocol/ext-apps/app-bridge";
      window.heard = { messages: [], context: [], sizes: [] };
      window.show = async ({ view, tool, given, result, context, can }) => {
        document.querySelector("iframe")?.remove();
        window.heard = { messages: [], context: [], sizes: [] };
        const frame = document.createElement("iframe");
        frame.sandbox = "allow-scripts";
        frame.title = "view";
        document.body.append(frame);
        const bridge = new AppBridge(null, { name: "checks", version: "1" }, can,
          { hostContext: { displayMode: "inline", toolInfo: { tool }, ...context } });
        bridge.oncalltool = async (params) => (await fetch("/call", { method: "POST", body: JSON.stringify(params) })).json();
        bridge.onmessage = async (params) => { window.heard.messages.push(params); return {}; };
        bridge.onupdatemodelcontext = async (params) => { window.heard.context.push(params); return {}; };
        bridge.onsizechange = (size) => { window.heard.sizes.push(size); if (size.height) frame.style.height = size.height + "px"; };
        const begun = new Promise((resolve) => { bridge.oninitialized = resolve; });
        await bridge.connect(new PostMessageTransport(frame.contentWindow, frame.contentWindow));
        frame.src = "/view?" + encodeURIComponent(view);
        await begun;
        await bridge.sendToolInput({ arguments: given });
        await bridge.sendToolResult(result);
        window.bridge = bridge;
      };`,
  },
  bundle: true, format: "iife", write: false, logLevel: "error",
});
const calls = [];
const server = createServer(async (request, answer) => {
  const { pathname, search } = new URL(request.url, "http://host");
  if (pathname === "/view") {
    // What the specification asks of a host where a document declares no origins.
    answer.setHeader("Content-Security-Policy",
      "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src 'self' data:; connect-src 'none'");
    answer.setHeader("Content-Type", "text/html; charset=utf-8");
    answer.end(documents.get(decodeURIComponent(search.slice(1))));
  } else if (pathname === "/call") {
    let body = "";
    for await (const part of request) body += part;
    const params = JSON.parse(body);
    calls.push(params);
    answer.setHeader("Content-Type", "application/json");
    answer.end(JSON.stringify(await client.callTool(params)));
  } else if (pathname === "/host.js") {
    answer.setHeader("Content-Type", "text/javascript");
    answer.end(script.contents);
  } else {
    answer.setHeader("Content-Type", "text/html; charset=utf-8");
    answer.end("<!doctype html><html lang=en><title>host</title><style>body{margin:8px;background:#fff}body.dark{background:#16181c}iframe{border:0;width:100%;height:80px}</style><body><script src=/host.js></script></body></html>");
  }
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const origin = `http://127.0.0.1:${server.address().port}/`;

// --- a person ---
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
const ALL = { serverTools: {}, updateModelContext: { text: {} }, message: { text: {} } };
const open = async (name, given, { theme = "light", width = 760, can = ALL, result } = {}) => {
  const context = await browser.newContext({ viewport: { width, height: 700 }, colorScheme: theme });
  const page = await context.newPage();
  const said = [];
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) said.push(message.text()); });
  page.on("pageerror", (error) => said.push(error.message));
  await page.goto(origin);
  if (theme === "dark") await page.evaluate(() => document.body.classList.add("dark"));
  const tool = named.get(name);
  const shown = result ?? await client.callTool({ name, arguments: given });
  calls.length = 0;
  await page.evaluate((all) => window.show(all), { view: tool._meta.ui.resourceUri, tool, given, result: shown, can, context: { theme, locale: "en-GB" } });
  const frame = page.frameLocator("iframe");
  const inner = page.frames().find((other) => other.url().includes("/view"));
  return { context, page, frame, inner, said, result: shown, heard: () => page.evaluate(() => window.heard) };
};
const look = async (name, { page, inner, said, context }) => {
  await page.waitForTimeout(150);
  await page.locator("iframe").screenshot({ path: `${OUTPUT}/${name.replaceAll(/[ ,]+/g, "-")}.png` });
  // The frame is transparent; what is behind it, axe does not see.
  const behind = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await inner.evaluate((color) => { document.documentElement.style.background = color; }, behind);
  await inner.evaluate(axe);
  const found = await inner.evaluate(async () => (await globalThis.axe.run()).violations.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 120)}`));
  check(`${name}: no violations of axe`, found.length === 0, found.join("; "));
  const size = await inner.evaluate(() => ({ wide: document.documentElement.scrollWidth - document.documentElement.clientWidth, high: document.documentElement.getBoundingClientRect().height }));
  check(`${name}: nothing stands out at the side, at most 500 px high`, size.wide <= 0 && size.high <= 500, JSON.stringify(size));
  check(`${name}: nothing in the console`, said.length === 0, said.join("; "));
  await context.close();
};
const rowsOf = (frame) => frame.locator(".rows tbody tr");

for (const theme of ["light", "dark"]) {
  for (const [kind, width] of [["desktop", 760], ["phone", 360]]) {
    const name = (view) => `${view}, ${kind}, ${theme}`;
    for (const [view, tool, given] of [
      ["table", "list_items", { limit: 10 }],
      ["chart", "list_invoices", { limit: 12 }],
      ["card", "get_invoice", { invoice_id: 1 }],
      ["approval", "send_invoice", { invoice_id: 9, message: "As agreed." }],
    ]) {
      const opened = await open(tool, given, { theme, width });
      check(`${name(view)}: the tool names this view`, named.get(tool)._meta.ui.resourceUri.endsWith(`/${view}`), named.get(tool)._meta.ui.resourceUri);
      await opened.frame.locator("h1").first().waitFor();
      await look(name(view), opened);
    }
  }
}

// A list: what the result has, sorted, filtered, the next page, and a row read whole.
{
  const opened = await open("list_customers", { limit: 3 });
  const { frame, result } = opened;
  await frame.locator("tbody tr").first().waitFor();
  check("table: as many rows as the result has", await rowsOf(frame).count() === result.structuredContent.data.length);
  const names = async () => (await rowsOf(frame).locator("th").allTextContents()).map((text) => text.trim());
  const lead = (await frame.locator(".rows thead th").allTextContents()).indexOf("Name");
  await frame.locator(".rows thead button").nth(lead).click();
  const up = await names();
  check("table: sorted by a click on a head", JSON.stringify(up) === JSON.stringify([...up].sort((a, b) => a.localeCompare(b))), up.join(", "));
  check("table: says how it is sorted", await frame.locator("th[aria-sort=ascending]").count() === 1);
  await frame.getByRole("button", { name: "More rows" }).click();
  await rowsOf(frame).nth(3).waitFor();
  check("table: the next page is asked for with the arguments of the first", calls.length === 1 && calls[0].arguments.limit === 3 && calls[0].arguments.page === 2, JSON.stringify(calls));
  const first = rowsOf(frame).first().locator("button");
  const name = (await first.textContent()).trim();
  await first.click();
  await frame.locator("article h1").waitFor();
  check("table: a row opens as a card", (await frame.locator("article h1").textContent()).trim() === name, name);
  await opened.page.waitForTimeout(300);
  check("table: which is read whole", calls.at(-1).name === "get_customer", JSON.stringify(calls.at(-1)));
  await frame.getByRole("button", { name: "Ask about it" }).click();
  await opened.page.waitForTimeout(100);
  const { messages } = await opened.heard();
  check("table: a person can ask about it", messages.length === 1 && messages[0].content[0].text.includes(name), JSON.stringify(messages));
  await frame.getByRole("button", { name: "Back to the list" }).click();
  check("table: and go back", await rowsOf(frame).count() > 3);
  await opened.context.close();
}
{
  const opened = await open("list_items", { limit: 20 });
  await opened.frame.getByRole("searchbox").fill("design");
  const left = await rowsOf(opened.frame).allTextContents();
  check("table: filtered as one types", left.length > 0 && left.every((text) => /design/i.test(text)), `${left.length} rows`);
  await opened.context.close();
}
{
  const opened = await open("list_customers", { q: "nobody of this name" });
  check("table: an empty list says so", (await opened.frame.locator("main").textContent()).includes("There are none."));
  await opened.context.close();
}

// Sums by status and by age are those of the records.
{
  const opened = await open("list_invoices", { limit: 50 });
  const { data } = opened.result.structuredContent;
  await opened.frame.locator("table.chart").waitFor();
  const groups = {};
  for (const row of data) groups[row.status] = (groups[row.status] || 0) + 1;
  const drawn = Object.fromEntries(await opened.frame.locator("table.chart tbody tr").evaluateAll((rows) =>
    rows.map((row) => [row.querySelector("th").textContent.toLowerCase().replaceAll(" ", "_"), Number(row.querySelectorAll("td")[1].textContent)])));
  check("chart: counts by status are those of the records", JSON.stringify(Object.entries(drawn).sort()) === JSON.stringify(Object.entries(groups).sort()), JSON.stringify(drawn));
  await opened.frame.getByRole("button", { name: "By age" }).click();
  const aged = await opened.frame.locator("table.chart tbody tr td:nth-of-type(2)").allTextContents();
  const openOnes = data.filter((row) => !["paid", "void", "draft", "cancelled"].includes(row.status));
  check("chart: every open record has an age", aged.map(Number).reduce((a, b) => a + b, 0) === openOnes.length, aged.join(", "));
  await opened.context.close();
}

// Declined: nothing is sent, and the model learns it.
{
  const opened = await open("send_invoice", { invoice_id: 12, message: "Thank you." });
  await opened.frame.getByRole("button", { name: "Decline" }).waitFor();
  const text = await opened.frame.locator("main").textContent();
  check("approval: shows what is sent, and the record", text.includes("Thank you.") && text.includes("INV-2026-0041"), text.slice(0, 300));
  await opened.frame.getByRole("button", { name: "Decline" }).click();
  await opened.frame.getByText("nothing was sent.").waitFor();
  const { context } = await opened.heard();
  check("approval: declined is told to the model", context.length === 1 && context[0].content[0].text.includes("declined send_invoice"), JSON.stringify(context));
  check("approval: declined sends nothing", (await crm("/invoices/12")).status === "draft");
  await opened.context.close();
}
// Approved: done once, shown, and told.
{
  const opened = await open("send_invoice", { invoice_id: 12, message: "Thank you." });
  await opened.frame.getByRole("button", { name: /^(Approve|Yes, do it)$/ }).click();
  await opened.frame.getByText("Sent", { exact: true }).first().waitFor();
  check("approval: approved is carried out", (await crm("/invoices/12")).status === "sent");
  const { context } = await opened.heard();
  check("approval: approved is told to the model with its result", context.length === 1 && context[0].content[0].text.includes("INV-2026-0041"), JSON.stringify(context).slice(0, 200));
  const sent = calls.filter((call) => call.name === "send_invoice");
  check("approval: one call was made, with the token", sent.length === 1 && typeof sent[0].arguments.confirm_token === "string");
  await opened.context.close();
}
// A change is shown beside what it changes, where a host asks for it to be confirmed.
{
  const result = { isError: true, content: [{ type: "text", text: "Confirmation needed, nothing was sent yet: delete_note deletes." }],
    _meta: { "dev.mcpwright/confirm": { token: "t", seconds: 1 } } };
  const opened = await open("delete_invoice", { invoice_id: 3 }, { result });
  await opened.frame.getByRole("button", { name: "Yes, do it" }).waitFor();
  await opened.frame.getByText("The time to approve this is over").waitFor();
  check("approval: the time ends", await opened.frame.getByRole("button", { name: "Yes, do it" }).isDisabled());
  await opened.context.close();
}
// What changes is shown beside what is there now, also where the fields stand in an object.
{
  const result = { isError: true, content: [{ type: "text", text: "Confirmation needed, nothing was sent yet: update_item changes data." }],
    _meta: { "dev.mcpwright/confirm": { token: "t", seconds: 300 } } };
  const before = (await crm("/items/1")).rate;
  for (const given of [{ item_id: 1, rate: "96.50" }, { item_id: 1, data: { rate: "96.50" } }]) {
    const opened = await open("update_item", given, { result });
    await opened.frame.locator("ins").waitFor();
    const texts = [await opened.frame.locator("del").textContent(), await opened.frame.locator("ins").textContent()];
    check("approval: old and new value stand side by side", Number(texts[0].replace(/[^\d.]/g, "")) === Number(before) && texts[1].includes("96.50"), texts.join(" → "));
    await opened.context.close();
  }
}
// A host that calls no tools shows the text.
{
  const opened = await open("send_invoice", { invoice_id: 9 }, { can: {} });
  await opened.frame.getByText("Confirmation needed").waitFor();
  check("approval: without calls of its own a view shows the text", await opened.frame.getByRole("button").count() === 0);
  await opened.context.close();
}
// Texts of the service are texts.
{
  const hostile = "<img src=x onerror=\"parent.postMessage('x','*')\"><b>bold</b>";
  const opened = await open("list_items", {}, { result: { content: [], structuredContent: { data: [{ id: 1, name: hostile }, { id: 2, name: "{{x}}" }] } } });
  await opened.frame.locator("tbody tr").first().waitFor();
  check("table: markup in a record is text", (await rowsOf(opened.frame).first().textContent()).includes(hostile) && await opened.frame.locator("img, b").count() === 0);
  await opened.context.close();
}
// An error says what it says.
{
  const opened = await open("get_invoice", { invoice_id: 99999 });
  await opened.frame.getByRole("alert").waitFor();
  check("card: an error is shown as it is said", (await opened.frame.getByRole("alert").textContent()).includes("Not found"));
  await opened.context.close();
}

await browser.close();
server.close();
await client.close();
console.log(failed ? `${failed} failed` : "all passed");
process.exit(failed ? 1 : 0);
