// --- the host: JSON-RPC 2.0 over postMessage (MCP Apps 2026-01-26) ---
const host = (() => {
  const waiting = new Map();
  const heard = {};
  let number = 0;
  // Which origin the host has, nobody tells; what is sent is what the host gave, or what a person chose.
  const post = (message) => parent.postMessage({ jsonrpc: "2.0", ...message }, "*");
  const request = (method, params) => new Promise((resolve, reject) => {
    const id = ++number;
    waiting.set(id, { resolve, reject });
    post({ id, method, params });
  });
  addEventListener("message", (event) => {
    const message = event.data;
    if (event.source !== parent || !message || message.jsonrpc !== "2.0") return;
    if (message.method) {
      const known = message.method === "ping" || message.method === "ui/resource-teardown";
      if (message.id !== undefined) {
        post(known ? { id: message.id, result: {} }
          : { id: message.id, error: { code: -32601, message: "method not found" } });
      }
      heard[message.method]?.(message.params || {});
    } else if (waiting.has(message.id)) {
      const { resolve, reject } = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error) reject(new Error(message.error.message || "the host refused"));
      else resolve(message.result || {});
    }
  });
  return {
    on: (method, does) => { heard[`ui/notifications/${method}`] = does; },
    notify: (method, params = {}) => post({ method: `ui/notifications/${method}`, params }),
    request,
  };
})();
