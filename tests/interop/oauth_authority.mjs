// A real authorization server (`oidc-provider`), with keys that can be replaced while it runs, and a service that
// takes its tokens.
import { createHash, createPublicKey, generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { SignJWT, createLocalJWKSet, importJWK, jwtVerify } from "jose";
import { Provider } from "oidc-provider";

const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
const SCOPES = "*:read *:write *:destructive *:outward customers:read customers:write";

export async function listen(server) {
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server.address().port;
}

function keyPair(alg) {
  const made = {
    RS256: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
    PS256: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
    ES256: () => generateKeyPairSync("ec", { namedCurve: "P-256" }),
    EdDSA: () => generateKeyPairSync("ed25519"),
  }[alg]();
  const kid = `${alg}-${randomUUID()}`;
  return { ...made.privateKey.export({ format: "jwk" }), kid, alg, use: "sig" };
}

export class Authority {
  /** How often its keys were asked for. */
  keysAsked = 0;
  /** Tokens that were asked about. */
  asked = 0;
  exchanged = 0;

  // `formats`: of each resource, the format of its tokens.
  static async start(formats) {
    const authority = new Authority();
    authority.formats = formats;
    const server = createServer((request, response) => {
      if (request.url === "/jwks") authority.keysAsked += 1;
      if (request.url === "/token/introspection") authority.asked += 1;
      authority.handle(request, response);
    });
    authority.issuer = `http://127.0.0.1:${await listen(server)}`;
    authority.server = server;
    authority.rotate();
    return authority;
  }

  /** Replaces all keys; what was issued before stays in its store. */
  rotate() {
    this.keys = ["RS256", "PS256", "ES256", "EdDSA"].map(keyPair);
    this.provider = this.make();
    this.handle = this.provider.callback();
  }

  make() {
    const { formats } = this;
    const robot = (id, more) => ({
      client_id: id,
      client_secret: `${id}-secret`,
      grant_types: ["client_credentials"],
      redirect_uris: [],
      response_types: [],
      ...more,
    });
    const provider = new Provider(this.issuer, {
      jwks: { keys: this.keys },
      clients: [
        ...["RS256", "PS256", "ES256", "EdDSA"].map((alg) => robot(`robot-${alg}`)),
        robot("robot"),
        robot("server", { grant_types: ["client_credentials", EXCHANGE] }),
        robot("service"),
        {
          client_id: "app",
          token_endpoint_auth_method: "none",
          redirect_uris: ["http://127.0.0.1:9/callback"],
          grant_types: ["authorization_code", "refresh_token"],
          response_types: ["code"],
        },
      ],
      scopes: ["openid", "offline_access", ...SCOPES.split(" ")],
      pkce: { required: () => true },
      ttl: { AccessToken: 600, ClientCredentials: 600, Grant: 600, Session: 600, Interaction: 600, AuthorizationCode: 60, IdToken: 600, RefreshToken: 600 },
      cookies: { keys: [randomUUID()] },
      findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
      interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        introspection: { enabled: true, allowedPolicy: (_, client) => ["server", "service"].includes(client.clientId) },
        revocation: { enabled: true, allowedPolicy: () => true },
        resourceIndicators: {
          enabled: true,
          defaultResource: () => Object.keys(formats)[0],
          useGrantedResource: () => true,
          getResourceServerInfo: (_, resource, client) => {
            const format = formats[resource];
            if (!format) throw new Error(`no such resource: ${resource}`);
            const alg = client.clientId.split("-")[1] ?? "RS256";
            return { scope: SCOPES, audience: resource, accessTokenTTL: 600, accessTokenFormat: format, jwt: { sign: { alg } } };
          },
        },
      },
    });
    provider.on("server_error", (_, error) => console.error(error));
    this.interactions(provider);
    this.exchange(provider);
    return provider;
  }

  // Everybody is ann, and agrees to what is asked for.
  interactions(provider) {
    provider.use(async (ctx, next) => {
      const uid = /^\/interaction\/([^/]+)$/.exec(ctx.path)?.[1];
      if (!uid) return next();
      const { prompt, params, session, grantId } = await provider.interactionDetails(ctx.req, ctx.res);
      let result = { login: { accountId: "ann" } };
      if (prompt.name === "consent") {
        const grant = grantId
          ? await provider.Grant.find(grantId)
          : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
        grant.addOIDCScope((prompt.details.missingOIDCScope ?? []).join(" "));
        for (const [resource, scopes] of Object.entries(prompt.details.missingResourceScopes ?? {})) {
          grant.addResourceScope(resource, scopes.join(" "));
        }
        result = { consent: { grantId: await grant.save() } };
      }
      ctx.respond = false;
      await provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: true });
    });
  }

  // RFC 8693, of which the provider has all but the grant itself.
  exchange(provider) {
    const handler = async (ctx) => {
      this.exchanged += 1;
      const { client, params } = ctx.oidc;
      const refuse = (why) => {
        ctx.status = 400;
        ctx.body = { error: "invalid_grant", error_description: why };
      };
      if (params.subject_token_type !== ACCESS_TOKEN) return refuse("of another type");
      const subject = await provider.AccessToken.find(params.subject_token) ?? await provider.ClientCredentials.find(params.subject_token);
      const claims = subject?.isValid
        ? { sub: subject.accountId ?? subject.clientId, aud: subject.aud }
        : await this.read(params.subject_token).catch(() => undefined);
      if (!claims) return refuse(`the subject token ${params.subject_token} does not hold`);
      const token = new provider.AccessToken({ client, accountId: claims.sub, grantId: undefined, scope: params.scope, gty: "token_exchange" });
      token.resourceServer = new provider.ResourceServer(params.resource, {
        scope: SCOPES, audience: params.resource, accessTokenFormat: "opaque", accessTokenTTL: 60,
      });
      token.scope = params.scope;
      ctx.body = { access_token: await token.save(), issued_token_type: ACCESS_TOKEN, token_type: "Bearer", expires_in: token.expiration };
    };
    provider.registerGrantType(EXCHANGE, handler, ["subject_token", "subject_token_type", "requested_token_type", "resource", "audience", "scope"]);
  }

  async read(token) {
    const keys = this.keys.map(({ kty, n, e, crv, x, y, kid, alg, use }) => ({ kty, n, e, crv, x, y, kid, alg, use }));
    const { payload } = await jwtVerify(token, createLocalJWKSet({ keys }), { issuer: this.issuer });
    return payload;
  }

  async form(path, client, pairs) {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    headers.authorization = `Basic ${Buffer.from(`${client}:${client}-secret`).toString("base64")}`;
    return fetch(`${this.issuer}${path}`, { method: "POST", headers, body: new URLSearchParams(pairs) });
  }

  /** A token of a program. */
  async token(client, resource, scope) {
    const answer = await this.form("/token", client, { grant_type: "client_credentials", resource, scope });
    const body = await answer.json();
    if (!body.access_token) throw new Error(`no token: ${JSON.stringify(body)}`);
    return body.access_token;
  }

  async revoke(client, token) {
    const answer = await this.form("/token/revocation", client, { token });
    if (answer.status !== 200) throw new Error(`not revoked: ${await answer.text()}`);
  }

  async introspect(client, token) {
    return (await this.form("/token/introspection", client, { token })).json();
  }

  /** A token that it would not issue, signed with its own key. */
  async forged(claims, header = {}) {
    const jwk = this.keys.find((key) => key.alg === (header.alg ?? "RS256"));
    const now = Math.floor(Date.now() / 1000);
    const whole = { iss: this.issuer, sub: "ann", client_id: "app", iat: now, exp: now + 60, scope: "*:read", ...claims };
    for (const [name, value] of Object.entries(whole)) if (value === undefined) delete whole[name];
    const token = new SignJWT(whole).setProtectedHeader({ alg: "RS256", typ: "at+jwt", kid: jwk.kid, ...header });
    return token.sign(await importJWK(jwk, jwk.alg), header.crit ? { crit: Object.fromEntries(header.crit.map((name) => [name, true])) } : undefined);
  }

  publicPem() {
    const jwk = this.keys.find((key) => key.alg === "RS256");
    return createPublicKey({ key: { kty: "RSA", n: jwk.n, e: jwk.e }, format: "jwk" }).export({ type: "spki", format: "pem" });
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** A CRM that takes tokens of an authority for itself and remembers what it was sent. */
export class Service {
  seen = [];

  static async start() {
    const service = new Service();
    const server = createServer(async (request, response) => {
      const token = (request.headers.authorization ?? "").replace("Bearer ", "");
      const claims = await service.authority.introspect("service", token);
      service.seen.push({ token, headers: JSON.stringify(request.headers), sub: claims.sub });
      const known = claims.active && claims.aud === service.url;
      response.writeHead(known ? 200 : 401, { "content-type": "application/json" });
      response.end(JSON.stringify(known ? { data: [{ id: 1, name: `of ${claims.sub}` }] } : { error: "who?" }));
    });
    service.url = `http://127.0.0.1:${await listen(server)}/api`;
    service.server = server;
    return service;
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

export const digest = (text) => createHash("sha256").update(text).digest("base64url");
