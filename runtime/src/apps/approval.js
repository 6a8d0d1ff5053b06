// --- what is about to happen, and a person's word ---
// `now` is the record as it stands, or null; `decide` gets true or false.
const approval = ({ tool, given, now, why, seconds, decide }) => {
  const until = Date.now() + seconds * 1000;
  const isGrave = tool.annotations?.destructiveHint === true;
  // What stands in an object of the arguments, such as the fields of a record, is said as what stands beside it.
  const sent = {};
  for (const [name, value] of Object.entries(given)) {
    if (isObject(value)) Object.assign(sent, value);
    else if (name !== "confirm_token") sent[name] = value;
  }
  const names = Object.keys(sent);
  const has = now && names.some((name) => Object.hasOwn(now, name));
  const changes = names.map((name) => {
    const before = now && Object.hasOwn(now, name) ? now[name] : undefined;
    const after = shown(name, sent[name], sent);
    const isChange = before !== undefined && String(plain(before)) !== String(plain(sent[name]));
    return make("tr", {}, make("th", { scope: "row" }, label(name)),
      has ? make("td", {}, before === undefined ? "" : isChange ? make("del", {}, shown(name, before, now)) : shown(name, before, now)) : null,
      make("td", {}, isChange ? make("ins", {}, after) : after));
  });
  const clock = make("p", { class: "quiet", role: "timer" });
  const yes = make("button", { type: "button", class: isGrave ? "grave" : "main" }, isGrave ? "Yes, do it" : "Approve");
  const no = make("button", { type: "button" }, "Decline");
  const buttons = make("p", { class: "buttons" }, yes, no);
  const stop = () => { clearInterval(ticking); yes.disabled = true; no.disabled = true; };
  const tick = () => {
    const left = Math.max(0, Math.round((until - Date.now()) / 1000));
    clock.textContent = left ? `This can be approved for ${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")} more minutes.`
      : "The time to approve this is over. Ask for it once more.";
    if (!left) stop();
  };
  const ticking = setInterval(tick, 1000);
  tick();
  yes.addEventListener("click", () => { stop(); decide(true); });
  no.addEventListener("click", () => { stop(); decide(false); });
  return make("article", { class: `card ask ${isGrave ? "danger" : ""}` },
    make("header", {}, make("h1", {}, tool.title || label(tool.name)), make("span", { class: "chip plain" }, "Nothing was sent yet")),
    why ? make("p", { class: "text" }, why) : null,
    changes.length ? make("table", { class: "changes" }, make("caption", { class: "away" }, "What is sent"),
      make("thead", {}, make("tr", {}, ...["Field", ...(has ? ["Now"] : []), has ? "Then" : "Value"].map((text) => make("th", { scope: "col" }, text)))),
      make("tbody", {}, ...changes)) : null,
    buttons, clock,
    now ? make("details", { open: isGrave }, make("summary", {}, "The record as it stands"), card(now, { level: 2 })) : null);
};
