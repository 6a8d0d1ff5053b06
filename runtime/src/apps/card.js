// --- one record ---
const FIRST_FIELDS = 10;
const card = (record, { title, level = 1 } = {}) => {
  const heading = title || titleOf(record) || "Record";
  const names = Object.keys(record).filter((name) => !ABOUT.has(name) && !isEmpty(record[name]));
  const status = names.find((name) => role(name, record[name]) === "status" && !isObject(record[name]));
  const hasMoney = names.some((name) => role(name, record[name]) === "money");
  const isPart = (name) => isObject(record[name]) || (Array.isArray(record[name]) && record[name].some(isObject));
  const isLong = (name) => typeof record[name] === "string" && record[name].length > 120;
  const plainNames = names.filter((name) => !isPart(name) && !isLong(name) && name !== status
    && !(name === "currency" && hasMoney) && record[name] !== heading);
  // Whose it is and how much it is about comes before parts of sums, and keys come last.
  const ORDER = ["title", "due", "money", "date", "number", "flag", "text", "id"];
  const rank = (name) => ORDER.indexOf(role(name, record[name])) - (words(name).length === 1 && MONEY.has(name.toLowerCase()) ? 0.5 : 0);
  plainNames.sort((a, b) => rank(a) - rank(b));
  const pair = (name) => [make("dt", {}, label(name)), make("dd", {}, shown(name, record[name], record))];
  const list = make("dl", {}, ...plainNames.slice(0, FIRST_FIELDS).flatMap(pair));
  const rest = plainNames.slice(FIRST_FIELDS);
  const more = rest.length
    ? make("details", {}, make("summary", {}, `${rest.length} more ${rest.length === 1 ? "field" : "fields"}`), make("dl", {}, ...rest.flatMap(pair)))
    : null;
  const inner = `h${Math.min(level + 1, 6)}`;
  const part = (name) => {
    const value = record[name];
    const rows = (Array.isArray(value) ? value : [value]).filter(isObject);
    const content = Array.isArray(value) ? table(rows.map((row) => ({ currency: record.currency, ...row })), { caption: label(name) })
      : make("dl", {}, ...Object.keys(value).filter((key) => !isEmpty(value[key]))
        .flatMap((key) => [make("dt", {}, label(key)), make("dd", {}, shown(key, value[key], value))]));
    return [make(inner, {}, label(name)), content];
  };
  const long = (name) => [make(inner, {}, label(name)), make("p", { class: "text" }, record[name])];
  return make("article", { class: "card" },
    make("header", {}, make(`h${level}`, {}, heading), status ? shown(status, record[status]) : null),
    list, more, ...names.filter(isLong).flatMap(long), ...names.filter(isPart).flatMap(part));
};
