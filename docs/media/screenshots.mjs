// The page at the MCP URL, as a person sees it: on a desktop and on a phone.
import { chromium } from "playwright-core";

const { OUTPUT, CHROMIUM = "/usr/bin/chromium", PAGE_URL = "http://127.0.0.1:8970/mcp" } = process.env;
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
for (const [name, options] of [
  ["page-desktop", { viewport: { width: 1200, height: 800 }, colorScheme: "light" }],
  ["page-phone", { viewport: { width: 390, height: 800 }, colorScheme: "dark" }],
]) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(PAGE_URL, { waitUntil: "load" });
  await page.getByText("It answers:").waitFor();
  await page.screenshot({ path: `${OUTPUT}/${name}.png` });
  if (name === "page-desktop") {
    // A call, tried in the form.
    await page.getByLabel("Tool", { exact: true }).fill("list_customers");
    await page.getByText("Optional arguments").click();
    await page.locator("#argument-q").fill("Acme");
    await page.getByRole("button", { name: "Call" }).click();
    await page.locator("#panel-text pre").filter({ hasText: "Acme Corp" }).waitFor();
    await page.getByText("Optional arguments").click();
    await page.evaluate(() => document.querySelector("#panel-text").scrollIntoView({ block: "center" }));
    await page.screenshot({ path: `${OUTPUT}/page-call.png` });
  }
  await context.close();
}
await browser.close();
