// --- fields: what a property says, by its name and its value, and how a person reads it ---
const make = (name, given = {}, ...children) => {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
};
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const isEmpty = (value) => value === null || value === undefined || value === ""
  || (Array.isArray(value) && value.length === 0) || (isObject(value) && Object.keys(value).length === 0);
const words = (name) => String(name).replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
const label = (name) => {
  const text = words(name).join(" ").replace(/\bid\b/g, "ID").replace(/\burl\b/g, "URL");
  return text ? text[0].toUpperCase() + text.slice(1) : String(name);
};

const MONEY = new Set(["total", "amount", "balance", "value", "price", "revenue", "budget", "rate", "cost", "subtotal", "paid", "outstanding"]);
const DAY = /^\d{4}-\d\d-\d\d$/;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/;
const isNumber = (value) => typeof value === "number" || (typeof value === "string" && /^-?\d{1,15}(\.\d{1,6})?$/.test(value));

// What a property is: id, title, status, money, due, date, number, flag, text.
const role = (name, value) => {
  const all = words(name);
  const last = all[all.length - 1] || "";
  if (typeof value === "boolean") return "flag";
  if (last === "id" || last === "uuid") return "id";
  if (["status", "stage", "state", "priority"].includes(last)) return "status";
  if (typeof value === "string" && (DAY.test(value) || MOMENT.test(value))) {
    return all.some((word) => ["due", "deadline", "expires", "expiry"].includes(word)) ? "due" : "date";
  }
  if (last === "currency") return "currency";
  if (isNumber(value) && (MONEY.has(last) || all.some((word) => word === "amount" || word === "total" || word === "balance"))) {
    // A number of things has no currency.
    return all[0] === "total" && all.length > 1 && !MONEY.has(last) ? "number" : "money";
  }
  if (["name", "title", "number", "subject", "label", "summary"].includes(last) && typeof value === "string") return "title";
  if (typeof value === "number") return "number";
  return "text";
};

const titleOf = (record) => {
  const best = ["number", "name", "title", "subject", "summary", "label", "display_name", "full_name", "displayName", "fullName", "email"];
  const named = best.find((name) => typeof record[name] === "string" && record[name]);
  if (named) return record[named];
  const people = ["first_name", "last_name", "firstName", "lastName"].map((name) => record[name]).filter((text) => typeof text === "string" && text);
  if (people.length) return people.join(" ");
  const other = Object.keys(record).find((name) => role(name, record[name]) === "title");
  if (other) return record[other];
  return record.id === undefined ? "" : `ID ${record.id}`;
};

let locale;
const number = (value, options) => new Intl.NumberFormat(locale, options).format(value);
const money = (value, currency) => {
  const figure = Number(value);
  try {
    if (currency) return number(figure, { style: "currency", currency: String(currency).toUpperCase() });
  } catch { /* no currency that Intl knows: its text stands behind the figure */ }
  const text = number(figure, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return currency ? `${text} ${currency}` : text;
};
const day = (text) => {
  const moment = new Date(DAY.test(text) ? `${text}T00:00:00` : text);
  if (Number.isNaN(moment.getTime())) return text;
  return new Intl.DateTimeFormat(locale, DAY.test(text) ? { dateStyle: "medium" } : { dateStyle: "medium", timeStyle: "short" }).format(moment);
};
const today = () => { const now = new Date(); return new Date(now.getFullYear(), now.getMonth(), now.getDate()); };
// Days since a date; below 0 where it is still to come.
const daysSince = (text) => {
  const moment = new Date(`${String(text).slice(0, 10)}T00:00:00`);
  return Number.isNaN(moment.getTime()) ? null : Math.round((today() - moment) / 86400000);
};

const GOOD = /^(paid|won|closed.?won|done|completed|complete|active|resolved|accepted|approved|sent|published|success|delivered|signed)$/i;
const BAD = /^(overdue|lost|closed.?lost|failed|cancelled|canceled|void|rejected|declined|blocked|expired|critical|urgent|error|bounced)$/i;
const tone = (value) => (GOOD.test(value) ? "good" : BAD.test(value) ? "bad" : "plain");

// A value as a person reads it; `record` has the currency that stands beside it.
const shown = (name, value, record = {}) => {
  if (isEmpty(value)) return make("span", { class: "none" }, "–");
  if (Array.isArray(value)) {
    return value.every((item) => !isObject(item) && !Array.isArray(item))
      ? make("span", {}, value.map(String).join(", "))
      : make("span", {}, `${value.length} ${value.length === 1 ? "entry" : "entries"}`);
  }
  if (isObject(value)) return make("span", {}, titleOf(value) || JSON.stringify(value).slice(0, 120));
  const text = String(value);
  switch (role(name, value)) {
    case "flag": return make("span", {}, value ? "Yes" : "No");
    case "status": return make("span", { class: `chip ${tone(text)}` }, label(text));
    case "money": return make("span", { class: "figure" }, money(value, record.currency));
    case "number": return make("span", { class: "figure" }, number(value, { maximumFractionDigits: 6 }));
    case "date": case "due": return make("time", { datetime: text }, day(text));
    default: return make("span", {}, text);
  }
};

// The first list of records in a result, and whether the result is nothing else: `{data: […]}` with what belongs to it.
const ABOUT = new Set(["_next", "_notes", "_more", "_empty", "meta", "pagination", "links"]);
const recordsOf = (result) => {
  if (Array.isArray(result)) return result.every(isObject) ? result : null;
  if (!isObject(result)) return null;
  const own = Object.keys(result).filter((name) => !ABOUT.has(name));
  // A record with lists of parts is one record.
  if (own.includes("id") || own.filter((name) => !isObject(result[name]) && !Array.isArray(result[name])).length > 3) return null;
  for (const name of own) {
    const value = result[name];
    if (Array.isArray(value) && value.length && value.every(isObject)) return value;
  }
  for (const name of own) {
    if (isObject(result[name])) {
      const found = recordsOf(result[name]);
      if (found) return found;
    }
  }
  return own.some((name) => Array.isArray(result[name]) && !result[name].length) ? [] : null;
};
// The record of a result: itself, or the only object of an envelope.
const recordOf = (result) => {
  if (!isObject(result)) return null;
  const own = Object.keys(result).filter((name) => !ABOUT.has(name));
  if (own.length === 1 && isObject(result[own[0]])) return recordOf(result[own[0]]);
  return result;
};
const textOf = (result) => (result.content || []).filter((part) => part.type === "text").map((part) => part.text).join("\n");
