/* The program before this comment carries DataTables and its extensions (© SpryMedia Ltd), jQuery (© OpenJS Foundation
   and other contributors), JSZip (© Stuart Knightley, David Duponchel, Franz Buchinger, António Afonso), pako (© Vitaly
   Puzrin, Andrei Tuputcyn), FileSaver (© Eli Grey) and itables (© Marc Wouts), all under the MIT license:

   Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
   documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
   rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
   persons to whom the Software is furnished to do so, subject to the following conditions:

   The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
   Software.

   THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
   WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
   COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
   OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.

   Icons: Lucide (© Lucide Contributors, portions © Cole Bemis), ISC license: Permission to use, copy, modify, and/or
   distribute this software for any purpose with or without fee is hereby granted, provided that the above copyright
   notice and this permission notice appear in all copies. THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL
   WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT
   SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER
   RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION,
   ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE. */

/* What a reader may do with the tables, after DataTables' bundle in the same script, which leaves the name DataTable.
   The tables stand in the page whole; where no script runs they are read as they are. */
const { found, all, ...language } = JSON.parse(document.body.dataset.controls);
DataTable.ext.errMode = "throw";

const tables = [...document.querySelectorAll("table.searched")].map(
  (table) =>
    new DataTable(table, {
      autoWidth: false,
      order: [], // as the report lists them
      paging: table.tBodies[0].rows.length > 25,
      pageLength: 25,
      lengthMenu: [10, 25, 100, { label: all, value: -1 }],
      language,
      columnDefs: [{ targets: "number", type: "num" }],
      layout: { topStart: "search", topEnd: "pageLength", bottomStart: "info", bottomEnd: "paging" },
    }),
);

/* one search over all tables */
const everywhere = document.getElementById("everywhere");
const count = document.querySelector("output[for=everywhere]");
let waiting = 0;
everywhere.parentElement.hidden = tables.length < 2;
everywhere.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    for (const table of tables) table.search(everywhere.value).draw();
    const rows = tables.reduce((sum, table) => sum + table.rows({ search: "applied" }).count(), 0);
    count.textContent = everywhere.value.trim() ? found.replace("{0}", rows.toLocaleString("en")) : "";
  }, 200);
});

/* paper has no pages of a table to turn and nothing to search in: all rows in their own order, then back again */
let seen = [];
addEventListener("beforeprint", () => {
  document.querySelectorAll("details").forEach((one) => (one.open = true));
  if (seen.length) return;
  seen = tables.map((table) => [table.search(), table.order(), table.page(), table.page.len()]);
  for (const table of tables) table.search("").order([]).page.len(-1).draw();
});
addEventListener("afterprint", () => {
  tables.forEach((table, k) => {
    const [search, order, page, length] = seen[k] ?? ["", [], 0, 25];
    table.search(search).order(order).page.len(length).draw();
    table.page(page).draw("page");
  });
  seen = [];
});

/* the contents show where one is; on a narrow screen they are folded away */
const links = new Map([...document.querySelectorAll("nav li a")].map((a) => [a.hash.slice(1), a]));
const headings = [...document.querySelectorAll("main :is(h2, h3, h4)")].filter((one) => links.has(one.id));
function mark() {
  const here = headings.findLast((one) => one.getBoundingClientRect().top < 120) ?? headings[0];
  links.forEach((a, id) => a.toggleAttribute("aria-current", id === here?.id));
}
addEventListener("scroll", () => requestAnimationFrame(mark), { passive: true });
mark();
const contents = document.querySelector("nav details");
if (contents && matchMedia("(max-width: 60rem)").matches) contents.open = false;
