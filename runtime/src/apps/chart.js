// --- sums by status, or by how long something is due ---
const AGES = [["Not due yet", -Infinity, 0], ["1–30 days", 1, 30], ["31–60 days", 31, 60], ["61–90 days", 61, 90], ["Over 90 days", 91, Infinity]];
const SETTLED = /^(paid|void|voided|cancelled|canceled|draft|written.?off|credited|lost|won)$/i;
const fieldOf = (rows, wanted, better = []) => {
  const names = columnsOf(rows).concat(Object.keys(rows[0] || {}));
  const fitting = [...new Set(names)].filter((name) => rows.some((row) => role(name, row[name]) === wanted));
  return better.find((name) => fitting.includes(name)) || fitting[0];
};

// The groups of a chart: a name, how many records, and sums by currency.
const groups = (rows, keyOf, order) => {
  const sum = fieldOf(rows, "money", ["balance_due", "balance", "amount_due", "total", "amount", "value"]);
  const found = new Map((order || []).map((key) => [key, { count: 0, sums: new Map() }]));
  for (const row of rows) {
    const key = keyOf(row);
    if (key === null) continue;
    if (!found.has(key)) found.set(key, { count: 0, sums: new Map() });
    const group = found.get(key);
    group.count += 1;
    if (sum && isNumber(row[sum])) {
      const currency = row.currency || "";
      group.sums.set(currency, (group.sums.get(currency) || 0) + Number(row[sum]));
    }
  }
  return { sum, found: [...found] };
};
const bars = (caption, { sum, found }) => {
  const currencies = new Set(found.flatMap(([, group]) => [...group.sums.keys()]));
  // Sums of several currencies have no common length; then the bars are counts.
  const size = (group) => (sum && currencies.size === 1 ? Math.abs([...group.sums.values()][0] || 0) : group.count);
  const most = Math.max(...found.map(([, group]) => size(group)), 1e-9);
  const rows = found.map(([key, group]) => {
    const bar = make("span", { class: `bar ${tone(key)}`, "aria-hidden": "true" });
    bar.style.width = `${Math.round((100 * size(group)) / most)}%`;
    const sums = [...group.sums].map(([currency, value]) => money(value, currency)).join(" + ");
    return make("tr", {},
      make("th", { scope: "row" }, label(key)),
      make("td", { class: "track" }, bar),
      make("td", { class: "right" }, String(group.count)),
      sum ? make("td", { class: "right figure" }, sums || "–") : null);
  });
  return make("table", { class: "chart" }, make("caption", {}, caption),
    make("thead", { class: "away" }, make("tr", {}, ...["Group", "Share", "Records", ...(sum ? [label(sum)] : [])].map((text) => make("th", { scope: "col" }, text)))),
    make("tbody", {}, ...rows));
};

// The charts that fit some rows, by name; none where nothing tells their status or age.
const charts = (rows, order) => {
  const made = new Map();
  if (rows.length < 2) return made;
  const status = fieldOf(rows, "status", ["stage", "status", "state"]);
  const due = fieldOf(rows, "due");
  const open = (row) => !(status && SETTLED.test(String(row[status] ?? "")));
  if (status) {
    const known = (order || []).filter((value) => rows.some((row) => row[status] === value));
    made.set(`By ${label(status).toLowerCase()}`, () => bars(`By ${label(status).toLowerCase()}`,
      groups(rows, (row) => (isEmpty(row[status]) ? null : String(row[status])), known)));
  }
  if (due && rows.some((row) => open(row) && daysSince(row[due]) > 0)) {
    const age = (row) => {
      const days = open(row) && !isEmpty(row[due]) ? daysSince(row[due]) : null;
      return days === null ? null : AGES.find(([, from, to]) => days >= from && days <= to)[0];
    };
    made.set("By age", () => bars("Open, by days past due", groups(rows, age, AGES.map(([name]) => name))));
  }
  return made;
};
