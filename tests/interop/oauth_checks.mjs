// A generated server as an OAuth resource server, with a real authorization server and the official client.
//
//     CRM_URL=… CRM_KEY=… PREFIX=… node oauth_checks.mjs PROGRAM
import { spawn } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { Authority, Service, digest } from "./oauth_authority.mjs";

const [program] = process.argv.slice(2);
const { CRM_URL, CRM_KEY, PREFIX } = process.env;
const running = [];
let failed = 0;

async function check(what, work) {
  try {
    await work();
    console.log(`   ok  ${what}`);
  } catch (error) {
    failed += 1;
    console.log(`FAULT  ${what}\n       ${error.message}`);
  }
}

function same(found, expected, what = "") {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what} ${a} is not ${b}`);
}

function has(text, part) {
  if (!String(text).includes(part)) throw new Error(`${text} has no ${part}`);
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

// Starts a generated server; gives its exit code and last line if it does not serve.
async function serve(port, variables, wants = true) {
  const env = { PATH: process.env.PATH };
  for (const [name, value] of Object.entries(variables)) env[`${PREFIX}_${name}`] = value;
  const child = spawn(program, ["http", "--listen", `127.0.0.1:${port}`, "--auth", "oauth"], { env });
  running.push(child);
  const lines = [];
  const served = new Promise((resolve) => {
    createInterface({ input: child.stderr }).on("line", (line) => {
      lines.push(line);
      if (line.includes("serving MCP at")) resolve(true);
    });
    child.on("exit", (code) => resolve({ code, line: lines.at(-1) }));
  });
  const outcome = await served;
  if (wants && outcome !== true) throw new Error(`the server ended: ${JSON.stringify(outcome)}`);
  return wants ? { child, lines } : outcome;
}

async function post(url, token, method, params = {}) {
  const headers = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    "mcp-protocol-version": "2026-07-28",
    "mcp-method": method,
  };
  if (params.name) headers["mcp-name"] = params.name;
  if (token) headers.authorization = `Bearer ${token}`;
  const meta = { "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {} };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { ...params, _meta: meta } });
  const answer = await fetch(url, { method: "POST", headers, body });
  return { status: answer.status, challenge: answer.headers.get("www-authenticate") ?? "", body: await answer.json().catch(() => ({})) };
}

const tools = async (url, token) => {
  const { status, body, challenge } = await post(url, token, "tools/list");
  if (status !== 200) throw new Error(`${status} ${challenge} ${JSON.stringify(body)}`);
  return body.result.tools;
};
const call = (url, token, name, args) => post(url, token, "tools/call", { name, arguments: args });

const ports = { jwt: await freePort(), opaque: await freePort(), exchange: await freePort() };
const [jwt, opaque, exchange] = Object.values(ports).map((port) => `http://127.0.0.1:${port}/mcp`);
const service = await Service.start();
const authority = await Authority.start({
  [jwt]: "jwt", [`${jwt}/x/customers`]: "jwt", [opaque]: "opaque", [exchange]: "jwt", [service.url]: "opaque", "http://127.0.0.1:9/other": "jwt",
});
service.authority = authority;

const common = { BASE_URL: CRM_URL, API_KEY: CRM_KEY, VIEW: "all", OAUTH_ISSUER: authority.issuer };
const asker = { OAUTH_CLIENT_ID: "server", OAUTH_CLIENT_SECRET: "server-secret" };
await serve(ports.jwt, { ...common, PUBLIC_URL: jwt });
await serve(ports.opaque, { ...common, ...asker, PUBLIC_URL: opaque, OAUTH_INTROSPECTION_URL: `${authority.issuer}/token/introspection`, OAUTH_INTROSPECTION_SECONDS: "1" });
await serve(ports.exchange, {
  ...asker, BASE_URL: service.url, VIEW: "all", OAUTH_ISSUER: authority.issuer, PUBLIC_URL: exchange,
  OAUTH_EXCHANGE_URL: `${authority.issuer}/token`, OAUTH_EXCHANGE_AUDIENCE: service.url, OAUTH_EXCHANGE_SCOPES: "*:read",
});

await check("who has no token is told where to get one, for each view", async () => {
  for (const [view, scopes] of [["", "*:"], ["/x/customers", "customers:"], ["/readonly", "*:read"]]) {
    const { status, challenge } = await post(`${jwt}${view}`, undefined, "tools/list");
    same(status, 401);
    const url = /resource_metadata="([^"]+)"/.exec(challenge)[1];
    same(url, `http://127.0.0.1:${ports.jwt}/.well-known/oauth-protected-resource/mcp${view}`);
    const metadata = await (await fetch(url)).json();
    same(metadata.resource, `${jwt}${view}`);
    same(metadata.authorization_servers, [authority.issuer]);
    same(metadata.bearer_methods_supported, ["header"]);
    same(metadata.scopes_supported.join(" "), /scope="([^"]+)"/.exec(challenge)[1]);
    if (!metadata.scopes_supported.every((scope) => scope.startsWith(scopes))) throw new Error(`${view}: ${metadata.scopes_supported}`);
    if (challenge.includes("error=")) throw new Error(challenge);
  }
});

await check("tokens of each algorithm hold", async () => {
  for (const alg of ["RS256", "PS256", "ES256", "EdDSA"]) {
    const token = await authority.token(`robot-${alg}`, jwt, "*:read");
    same(JSON.parse(Buffer.from(token.split(".")[0], "base64url")).alg, alg);
    const list = await tools(jwt, token);
    if (!list.length || !list.every((tool) => tool.annotations.readOnlyHint)) throw new Error(`${alg}: ${list.length} tools`);
  }
});

await check("a token shows and does what its scopes are for, and a client is told what more it needs", async () => {
  const read = await authority.token("robot", jwt, "customers:read");
  const names = (await tools(jwt, read)).map((tool) => tool.name);
  if (!names.includes("list_customers") || names.includes("list_invoices") || names.includes("create_customer")) throw new Error(names);
  const done = await call(jwt, read, "list_customers", { limit: 1 });
  same([done.status, done.body.result?.isError ?? false], [200, false]);
  const more = await call(jwt, read, "create_customer", { name: "OAuth" });
  same(more.status, 403);
  has(more.challenge, 'error="insufficient_scope"');
  has(more.challenge, 'scope="customers:read customers:write"');
  has(more.challenge, "resource_metadata=");
  const both = await authority.token("robot", jwt, "customers:read customers:write");
  const made = await call(jwt, both, "create_customer", { name: "OAuth" });
  same([made.status, made.body.result?.isError ?? false], [200, false], JSON.stringify(made.body));
  // Writing does not imply reading.
  const write = await authority.token("robot", jwt, "customers:write");
  same((await call(jwt, write, "list_customers", {})).status, 403);
  const none = await post(jwt, await authority.forged({ aud: jwt, scope: "openid profile" }), "tools/list");
  same(none.status, 403);
  has(none.challenge, 'error="insufficient_scope"');
});

await check("a token of a view is for that view alone", async () => {
  const token = await authority.token("robot", `${jwt}/x/customers`, "customers:read");
  same((await post(`${jwt}/x/customers`, token, "tools/list")).status, 200);
  same((await post(jwt, token, "tools/list")).status, 401);
  // Its scopes may be for more: what is beside the view is not there.
  const wide = await authority.token("robot", `${jwt}/x/customers`, "*:read");
  const inside = await call(`${jwt}/x/customers`, wide, "list_customers", {});
  same([inside.status, inside.body.result?.isError ?? false], [200, false], JSON.stringify(inside.body));
  const beside = await call(`${jwt}/x/customers`, wide, "list_invoices", {});
  if (beside.body.result) throw new Error(JSON.stringify(beside.body));
});

await check("tokens that it would not issue, or not for here, are refused", async () => {
  const now = Math.floor(Date.now() / 1000);
  const aud = jwt;
  const good = await authority.forged({ aud });
  same((await post(jwt, good, "tools/list")).status, 200, "the one that is right");
  const [, payload, signature] = good.split(".");
  const other = randomBytes(256).toString("base64url");
  const header = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const kid = JSON.parse(Buffer.from(good.split(".")[0], "base64url")).kid;
  const confused = `${header({ alg: "HS256", typ: "at+jwt", kid })}.${payload}`;
  const tokens = {
    "another audience": await authority.token("robot", "http://127.0.0.1:9/other", "*:read"),
    "no audience": await authority.forged({}),
    expired: await authority.forged({ aud, exp: now - 31 }),
    "no end": await authority.forged({ aud, exp: undefined }),
    "an end that is a text": await authority.forged({ aud, exp: `${now + 60}` }).catch(() => "x"),
    "not yet": await authority.forged({ aud, nbf: now + 60 }),
    "of the future": await authority.forged({ aud, iat: now + 60 }),
    "another issuer": await authority.forged({ aud, iss: "http://127.0.0.1:9" }),
    "an issuer with a slash": await authority.forged({ aud, iss: `${authority.issuer}/` }),
    "HS256 with the public key": `${confused}.${createHmac("sha256", authority.publicPem()).update(confused).digest("base64url")}`,
    none: `${header({ alg: "none", typ: "at+jwt" })}.${payload}.`,
    "no signature": `${good.split(".").slice(0, 2).join(".")}.`,
    "another signature": `${good.split(".").slice(0, 2).join(".")}.${other}`,
    "other claims": `${good.split(".")[0]}.${header({ ...JSON.parse(Buffer.from(payload, "base64url")), sub: "eve" })}.${signature}`,
    "another key": await authority.forged({ aud }, { kid: "x" }),
    "a key of another kind": await authority.forged({ aud }, { kid: authority.keys.find((key) => key.alg === "ES256").kid }),
    "an extension": await authority.forged({ aud }, { crit: ["x"], x: 1 }),
    "an ID token's type": await authority.forged({ aud }, { typ: "logout+jwt" }),
    "bound to a key": await authority.forged({ aud, cnf: { jkt: digest("x") } }),
    "no token at all": "x",
    "an opaque one": await authority.token("robot", opaque, "*:read"),
    "too large": `${good}${"a".repeat(12 << 10)}`,
  };
  for (const [name, token] of Object.entries(tokens)) {
    const { status, challenge, body } = await post(jwt, token, "tools/list");
    same(status, 401, name);
    has(challenge, 'error="invalid_token"');
    if (JSON.stringify(body).includes(token.slice(-20)) && token.length > 20) throw new Error(`${name} is repeated`);
  }
  const basic = await fetch(jwt, { method: "POST", headers: { authorization: "Basic YTpi", "content-type": "application/json", accept: "application/json, text/event-stream" }, body: "{}" });
  same(basic.status, 401);
  const query = await post(`${jwt}?access_token=${good}`, undefined, "tools/list");
  same(query.status, 401, "in the query");
});

await check("names of keys that there are not make one question, not one for each token", async () => {
  await sleep(10_500);
  const before = authority.keysAsked;
  const tokens = await Promise.all(Array.from({ length: 20 }, (_, n) => authority.forged({ aud: jwt }, { kid: `made-up-${n}` })));
  const answers = await Promise.all(tokens.map((token) => post(jwt, token, "tools/list")));
  if (!answers.every(({ status }) => status === 401)) throw new Error("let in");
  same(authority.keysAsked - before, 1);
});

await check("keys are replaced while it runs", async () => {
  const old = await authority.token("robot", jwt, "*:read");
  authority.rotate();
  await sleep(10_500);
  const before = authority.keysAsked;
  const tokens = await Promise.all(Array.from({ length: 20 }, () => authority.token("robot", jwt, "*:read")));
  const answers = await Promise.all(tokens.map((token) => post(jwt, token, "tools/list")));
  same(answers.map(({ status }) => status), Array(20).fill(200));
  same(authority.keysAsked - before, 1, "one fetch for all");
  same((await post(jwt, old, "tools/list")).status, 401, "a token of the old keys");
});

await check("opaque tokens are asked about, for a short time at most once, and not after they were taken back", async () => {
  const token = await authority.token("robot", opaque, "*:read");
  const before = authority.asked;
  for (let time = 0; time < 5; time += 1) same((await post(opaque, token, "tools/list")).status, 200);
  if (authority.asked - before > 2) throw new Error(`asked ${authority.asked - before} times`);
  same((await post(opaque, await authority.token("robot", service.url, "*:read"), "tools/list")).status, 401, "another audience");
  same((await post(opaque, await authority.forged({ aud: opaque }), "tools/list")).status, 401, "a JWT that is not the issuer's");
  same((await post(opaque, randomBytes(32).toString("base64url"), "tools/list")).status, 401, "nothing");
  await authority.revoke("robot", token);
  await sleep(1_100);
  const { status, challenge } = await post(opaque, token, "tools/list");
  same(status, 401, "taken back");
  has(challenge, 'error="invalid_token"');
});

await check("a caller's token is exchanged for one of the service, once, and goes no further", async () => {
  const mine = { ann: await authority.forged({ aud: exchange, sub: "ann" }), bob: await authority.forged({ aud: exchange, sub: "bob" }) };
  const before = authority.exchanged;
  await tools(exchange, mine.ann);
  same(authority.exchanged, before, "a list needs no token of the service");
  const calls = ["ann", "bob"].flatMap((who) => Array.from({ length: 10 }, async () => [who, await call(exchange, mine[who], "list_customers", {})]));
  for (const [who, { status, body }] of await Promise.all(calls)) {
    same([status, body.result?.isError ?? false], [200, false], JSON.stringify(body));
    has(JSON.stringify(body), `of ${who}`);
  }
  same(authority.exchanged - before, 2, "exchanges");
  for (const { headers } of service.seen) {
    for (const token of Object.values(mine)) if (headers.includes(token)) throw new Error("a caller's token came to the service");
  }
  same([...new Set(service.seen.map(({ sub }) => sub))].sort(), ["ann", "bob"]);
});

await check("what is wrong ends the start, with what to mend", async () => {
  const port = await freePort();
  const wrong = async (variables, said) => {
    const { code, line } = await serve(port, { ...common, PUBLIC_URL: jwt, ...variables }, false);
    same(code, 2, line);
    has(line, said);
  };
  await wrong({ PUBLIC_URL: "" }, "PUBLIC_URL");
  await wrong({ OAUTH_ISSUER: "" }, "OAUTH_ISSUER");
  await wrong({ OAUTH_ISSUER: `${authority.issuer}/` }, "is not the same to the letter");
  await wrong({ OAUTH_SCOPES: "leeds:read" }, "names no toolset");
  await wrong({ OAUTH_SCOPES: "document" }, "no operation of the document names a scope");
  await wrong({ OAUTH_JWKS_URL: `${authority.issuer}/nothing` }, "HTTP 404");
  await wrong({ ...asker, OAUTH_CLIENT_SECRET: "wrong", OAUTH_INTROSPECTION_URL: `${authority.issuer}/token/introspection` }, "does not let this server ask");
  await wrong({ ...asker, OAUTH_EXCHANGE_URL: `${authority.issuer}/token` }, "a credential of Northlight CRM is configured");
});

// The client's own part: what it keeps, and a person who signs in.
class Person {
  redirectUrl = "http://127.0.0.1:9/callback";
  clientMetadata = { redirect_uris: [this.redirectUrl], client_name: "check", grant_types: ["authorization_code", "refresh_token"], token_endpoint_auth_method: "none" };
  asked = [];
  clientInformation = () => ({ client_id: "app", issuer: authority.issuer });
  tokens = () => this.kept;
  saveTokens = (tokens) => { this.kept = tokens; };
  saveCodeVerifier = (verifier) => { this.verifier = verifier; };
  codeVerifier = () => this.verifier;
  async redirectToAuthorization(url) {
    this.asked.push(url.searchParams);
    // A browser: cookies, redirects, until the client's own address comes.
    const cookies = new Map();
    for (let hops = 0; hops < 12; hops += 1) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const answer = await fetch(url, { redirect: "manual", headers: { cookie } });
      for (const line of answer.headers.getSetCookie()) {
        const [name, value] = line.split(";")[0].split(/=(.*)/);
        cookies.set(name, value);
      }
      const next = answer.headers.get("location");
      if (!next) throw new Error(`${answer.status} ${await answer.text()}`);
      url = new URL(next, url);
      if (url.port === "9") {
        this.code = url.searchParams.get("code");
        if (!this.code) throw new Error(url.href);
        return;
      }
    }
    throw new Error("no code came");
  }
}

for (const [kind, url, scope] of [["JWT", jwt, "*:read"], ["opaque", opaque, "*:read"], ["JWT, of a view", `${jwt}/x/customers`, "customers:read"]]) {
  await check(`the official TypeScript client finds its way from 401 to the tools (${kind})`, async () => {
    const person = new Person();
    const open = () => new StreamableHTTPClientTransport(new URL(url), { authProvider: person });
    const first = open();
    const client = new Client({ name: "check", version: "0" });
    const refused = await client.connect(first).then(() => undefined, (error) => error);
    if (!(refused instanceof UnauthorizedError)) throw new Error(`no sign-in: ${refused}`);
    same(person.asked[0].get("resource"), url);
    has(person.asked[0].get("scope"), scope);
    await first.finishAuth(person.code);
    const again = new Client({ name: "check", version: "0" });
    await again.connect(open());
    const { tools } = await again.listTools();
    if (!tools.some((tool) => tool.name === "list_customers")) throw new Error(`${tools.length} tools`);
    const read = await again.callTool({ name: "list_customers", arguments: { limit: 1 } });
    if (read.isError) throw new Error(JSON.stringify(read));
    await again.close();
  });
}

await check("the issuer goes away: known keys go on, and what cannot be asked is not let in", async () => {
  const known = await authority.token("robot", jwt, "*:read");
  const unknown = await authority.token("robot", opaque, "*:read");
  authority.close();
  await sleep(100);
  same((await post(jwt, known, "tools/list")).status, 200);
  same((await post(opaque, unknown, "tools/list")).status, 503);
  const port = await freePort();
  await serve(port, { ...common, PUBLIC_URL: jwt });
  same((await post(`http://127.0.0.1:${port}/mcp`, known, "tools/list")).status, 503, "a server that never had keys");
});

for (const child of running) child.kill();
service.close();
console.log(failed ? `oauth: ${failed} faults` : "oauth: everything holds");
process.exit(failed ? 1 : 0);
