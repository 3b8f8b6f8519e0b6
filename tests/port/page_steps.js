// SPDX-License-Identifier: GPL-2.0-or-later
// What a reader does on the report's page, done in a real browser: page.sh puts this behind the page's
// own script and reads what it leaves in the element `verdict`.
"use strict";
const verdict = [];
const expect = (ok, what) => { if (!ok) verdict.push(`not ok: ${what}`); };
const heads = () => [...document.querySelectorAll("#heat thead th")];
const rows = () => [...document.querySelectorAll("#heat tbody tr:not(.detail)")];
const column = i => rows().map(r => r.cells[i].textContent);
const cell_at = (api, board) => document.querySelector(`td.cell[data-api="${api}"][data-board="${board}"]`);
const change = (id, v) => { const e = document.getElementById(id); e.value = v; e.dispatchEvent(new Event(id === "search" ? "input" : "change")); };

function steps() {
  expect(heads().length === boards.length + 2, "a column a board");
  expect(rows().length === apis.length, "a row a function");
  expect(document.querySelectorAll("td.cell").length === apis.length * boards.length, "a cell each");

  const last = boards.length + 1; // sorting, both ways, by the last board
  heads()[last].click();
  const down = column(last).map(t => parseFloat(t.replace(/,/g, "")));
  expect(down.every((v, i) => i === 0 || down[i - 1] >= v), "sorted downwards");
  expect(heads()[last].getAttribute("aria-sort") === "descending", "said to be so");
  heads()[last].click();
  expect(column(last)[0] === number(Math.min(...down)), "sorted upwards");
  heads()[1].click();
  const groups = column(1);
  expect(groups.every((g, i) => i === 0 || groups[i - 1] <= g), "sorted by group");

  cell_at("mprotect", "decstation").click(); // from the first board
  const detail = () => document.querySelector("tr.detail");
  expect(detail() && detail().textContent.includes("tlb_write"), "a cell opens to its calls");
  expect(detail() && detail().textContent.includes("exo/mmu/softtlb"), "and to its functions");
  expect(detail() && detail().textContent.includes("appears"), "which appear");
  expect(/\d lines to write/.test(detail().textContent), "and says how many lines");
  cell_at("mprotect", "decstation").click();
  expect(!detail(), "and closes");

  change("from", boards.findIndex(b => b.name === "decstation"));
  expect(cell_at("mprotect", "decstation").textContent === "0", "nothing to write from a board to itself");
  change("metric", "cycles");
  expect(parseFloat(cell_at("mprotect", "decstation").textContent.replace(/,/g, "")) > 1000, "cycles");
  change("search", "mprot");
  expect(rows().length === 1, "search");
  change("search", "");
  change("group", "memory");
  expect(rows().length > 0 && column(1).every(g => g === "memory"), "group");
  for (const m in metrics) { change("metric", m); expect(document.querySelectorAll("td.cell").length > 0, m); }
  expect(document.querySelectorAll("#calls tr").length === data.calls.length + 1, "a row an exokernel call");
  expect(document.querySelectorAll("#boards tr").length === 2 * boards.length + 1, "two rows a board");
  expect(document.getElementById("checks").textContent.includes("agree"), "the checks");
  expect(performance.getEntriesByType("resource").length === 0, "nothing is loaded from anywhere");
}
try { steps(); } catch (e) { verdict.push(`not ok: ${e}`); }
document.body.append(el("pre", { id: "verdict" }, verdict.length ? verdict.join("\n") : "all steps ok"));
