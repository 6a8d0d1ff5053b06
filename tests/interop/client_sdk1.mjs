// TypeScript SDK 1.x, the strictest on schemas, against a generated server.
//
//     node client_sdk1.mjs (stdio PROGRAM | http URL) TOOLS
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const [kind, address, expected] = process.argv.slice(2);

function fail(message) {
  console.error(`FAILED: ${message}`);
  process.exit(1);
}

const transport =
  kind === "http"
    ? new StreamableHTTPClientTransport(new URL(address))
    : new StdioClientTransport({ command: address, env: process.env });
const client = new Client({ name: "interop", version: "0" });
await client.connect(transport);

const { tools } = await client.listTools();
if (tools.length !== Number(expected)) fail(`${tools.length} tools are listed, ${expected} were expected`);

const read = await client.callTool({ name: "list_customers", arguments: { limit: 5 } });
if (read.isError || !JSON.stringify(read.structuredContent ?? null).includes("Acme Corp")) {
  fail(`list_customers answered ${JSON.stringify(read)}`);
}
const made = await client.callTool({ name: "create_customer", arguments: { name: "Interop TypeScript" } });
if (made.isError || made.structuredContent?.id === undefined) {
  fail(`create_customer answered ${JSON.stringify(made)}`);
}
console.log(`ok: typescript sdk 1, ${kind}: ${tools.length} tools`);
await client.close();
