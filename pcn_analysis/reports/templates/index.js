(function () {
  "use strict";
  var form = document.getElementById("filters"), found = document.getElementById("found"), more = document.getElementById("more");
  var fields = { q: byId("search"), icb: byId("icb"), place: byId("place"), failed: byId("failed") };
  var names = Object.keys(fields).filter(function (name) { return fields[name]; });
  var rows = Array.prototype.map.call(document.querySelectorAll("tr[data-search]"), function (row) {
    return {
      row: row, text: row.dataset.search, network: row.dataset.network, place: row.dataset.place, icb: row.dataset.icb,
      whole: row.classList.contains("all-networks"), failed: row.classList.contains("with-failures"), shown: true
    };
  });
  var FIRST = 100, all = rows.length <= FIRST, waiting = 0;

  function byId(id) { return document.getElementById(id); }
  function value(name) {
    var field = fields[name];
    if (!field) { return ""; }
    return field.type === "checkbox" ? (field.checked ? "1" : "") : field.value;
  }
  function counted(number, noun) { return number.toLocaleString("en-GB") + " " + noun + (number === 1 ? "" : "s"); }

  function show() {
    var words = value("q").toLowerCase().split(/\s+/), icb = value("icb"), place = value("place");
    var failed = value("failed"), networks = new Set(), lines = 0, matching = 0;
    rows.forEach(function (one) {
      var match = (!icb || one.icb === icb) && (!place || one.place === place) && (!failed || one.failed)
        && words.every(function (word) { return one.text.indexOf(word) >= 0; });
      var shown = match && (all || matching < FIRST);
      if (shown !== one.shown) { one.row.hidden = !shown; one.shown = shown; }
      matching += match ? 1 : 0;
      if (match && !one.whole) { networks.add(one.network); lines += 1; }
    });
    found.textContent = counted(networks.size, "network") + (lines === networks.size ? "" : " in " + counted(lines, "row"));
    byId("none").hidden = matching > 0;
    more.hidden = all || matching <= FIRST;
    more.firstElementChild.textContent = "Show all " + counted(matching, "row");
  }

  function remember() {
    var address = new URLSearchParams();
    names.forEach(function (name) { if (value(name)) { address.set(name, value(name)); } });
    try {
      history.replaceState(null, "", String(address) ? "#" + address : location.href.split("#")[0]);
    } catch (error) { /* the address stays as it was; the list is right all the same */ }
  }

  function recall() {
    var address = new URLSearchParams(location.hash.slice(1));
    if (location.hash && !names.some(function (name) { return address.has(name); })) { return; }
    names.forEach(function (name) {
      var field = fields[name], wanted = address.get(name) || "";
      if (field.type === "checkbox") { field.checked = wanted === "1"; } else { field.value = wanted; }
      if (field.value !== wanted && field.tagName === "SELECT") { field.value = ""; }
    });
    show();
  }

  function showAll() { all = true; show(); }

  form.hidden = false;
  more.firstElementChild.addEventListener("click", function () {
    var next = rows.filter(function (one) { return one.shown; }).length;
    showAll();
    var link = rows.filter(function (one) { return one.shown; })[next].row.querySelector("a");
    if (link) { link.focus(); }
  });
  window.addEventListener("beforeprint", showAll);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("input", function () {
    show();
    clearTimeout(waiting);
    waiting = setTimeout(remember, 150);
  });
  window.addEventListener("hashchange", recall);
  recall();
})();
