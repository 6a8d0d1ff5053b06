// --- records as rows ---
const MOST_COLUMNS = 8;
const columnsOf = (rows) => {
  const seen = new Map();
  for (const row of rows.slice(0, 100)) {
    for (const [name, value] of Object.entries(row)) {
      if (!isEmpty(value) || !seen.has(name)) seen.set(name, seen.get(name) || !isEmpty(value));
    }
  }
  const hasMoney = [...seen.keys()].some((name) => rows.some((row) => role(name, row[name]) === "money"));
  return [...seen].filter(([name, filled]) => filled && !(name === "currency" && hasMoney)).map(([name]) => name).slice(0, MOST_COLUMNS);
};
const plain = (value) => (isObject(value) ? titleOf(value) : Array.isArray(value) ? value.length : value);
const compare = (a, b) => {
  if (isEmpty(a) || isEmpty(b)) return isEmpty(a) - isEmpty(b);
  if (isNumber(a) && isNumber(b)) return Number(a) - Number(b);
  return String(a).localeCompare(String(b), locale, { numeric: true });
};

// A table that can be sorted and filtered. `open` gets the row that a person picks.
const table = (rows, { caption, open } = {}) => {
  const columns = columnsOf(rows);
  const roles = Object.fromEntries(columns.map((name) => {
    const first = rows.find((row) => !isEmpty(row[name]));
    return [name, role(name, first && first[name])];
  }));
  const lead = columns.find((name) => roles[name] === "title") || columns[0];
  const right = (name) => (["money", "number"].includes(roles[name]) ? "right" : undefined);
  let sorted = null;
  let up = true;
  let wanted = "";
  const body = make("tbody");
  const said = make("p", { class: "quiet", role: "status" });
  const cells = (row) => columns.map((name) => {
    const value = shown(name, row[name], row);
    if (name === lead && open) {
      const button = make("button", { type: "button", class: "link", onclick: () => open(row) }, value);
      return make("th", { scope: "row" }, button);
    }
    return make(name === lead ? "th" : "td", { scope: name === lead ? "row" : undefined, class: right(name) }, value);
  });
  const fill = () => {
    let list = rows.filter((row) => !wanted || columns.some((name) => String(plain(row[name]) ?? "").toLowerCase().includes(wanted)));
    if (sorted) list = [...list].sort((a, b) => (up ? 1 : -1) * compare(plain(a[sorted]), plain(b[sorted])));
    body.replaceChildren(...list.map((row) => make("tr", {}, ...cells(row))));
    said.textContent = wanted ? `${list.length} of ${rows.length} rows` : "";
  };
  const heads = columns.map((name) => {
    const head = make("th", { scope: "col", class: right(name) });
    head.append(make("button", {
      type: "button", class: "head",
      onclick: () => {
        up = sorted === name ? !up : true;
        sorted = name;
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        fill();
      },
    }, label(name)));
    return head;
  });
  fill();
  const grid = make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption || "Records" },
    make("table", {}, make("caption", { class: "away" }, caption || "Records"), make("thead", {}, make("tr", {}, ...heads)), body));
  const filter = rows.length > 8 ? make("input", {
    type: "search", placeholder: "Filter these rows", "aria-label": "Filter these rows",
    oninput: (event) => { wanted = event.target.value.trim().toLowerCase(); fill(); },
  }) : null;
  return make("div", { class: "rows" }, filter, grid, said);
};
