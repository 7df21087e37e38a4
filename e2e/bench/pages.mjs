// How fast pages are on a slow phone: a processor four times slower than this one, and a slow mobile network. Prints for each
// page the time until it can be used and what is transferred, once with an empty cache and once as a second page.
import { PAGES } from "../support/addresses.mjs";
import { launch } from "../support/browser.mjs";
import { startServer } from "../support/server.mjs";
import { addressFor } from "../support/steps.mjs";
import { PHONE } from "../support/world.mjs";

const RUNS = Number(process.env.RUNS ?? 3);
const SLOWER = 4;
const NETWORK = { offline: false, downloadThroughput: 1.6e6 / 8, uploadThroughput: 0.75e6 / 8, latency: 150 };
const GOAL_MS = 1000;
const GOAL_BYTES = { answer: 100_000 };
// one page of each kind; the others are the same page with other content
const MEASURED = [
  "home", "search", "ask", "ask-half", "ask-answers", "answer", "answer-reasons", "shared", "catalogue", "catalogue-found",
  "measure-vouchers", "measure-demand", "versions", "changes", "overview", "company", "about", "glossary", "api",
];

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Opens a page as a slow phone does. */
async function open(context, path) {
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", NETWORK);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  let bytes = 0;
  devtools.on("Network.loadingFinished", (event) => (bytes += event.encodedDataLength));
  // deferred scripts have run when the document is ready; the first task after it finds the page able to react
  await page.addInitScript(() => {
    document.addEventListener("DOMContentLoaded", () => setTimeout(() => (globalThis.reacts = performance.now()), 0));
  });
  await page.goto(path, { waitUntil: "load" });
  await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0 && globalThis.reacts);
  const times = await page.evaluate(() => ({
    paint: performance.getEntriesByName("first-contentful-paint")[0].startTime,
    interactive: performance.getEntriesByType("navigation")[0].domInteractive,
    reacts: globalThis.reacts,
  }));
  // a real press, and the time until the browser has painted what follows from it
  await page.evaluate(() => {
    globalThis.pressed = new Promise((resolve) => {
      addEventListener("pointerdown", (event) => requestAnimationFrame(() => resolve(performance.now() - event.timeStamp)), { once: true });
    });
  });
  await page.mouse.click(2, 300);
  const press = await page.evaluate(() => globalThis.pressed);
  // what comes after the page counts as transferred too, and the next visit has it
  await page.waitForLoadState("networkidle");
  await page.close();
  return { usable: Math.max(times.paint, times.interactive, times.reacts), paint: times.paint, press, bytes };
}

const server = await startServer("bench-pages");
const browser = await launch();
const rows = [];
try {
  for (const entry of PAGES.filter((page) => MEASURED.includes(page.name))) {
    const first = [];
    const later = [];
    for (let run = 0; run < RUNS; run += 1) {
      const context = await browser.newContext({
        baseURL: server.url, locale: "zh-CN", viewport: PHONE, deviceScaleFactor: 3, isMobile: true, hasTouch: true,
      });
      const path = await addressFor(context, entry);
      first.push(await open(context, path));
      later.push(await open(context, path));
      await context.close();
    }
    const row = { name: entry.name };
    for (const [when, all] of [["first", first], ["later", later]]) {
      for (const what of ["usable", "paint", "press", "bytes"]) row[`${what}_${when}`] = Math.round(median(all.map((one) => one[what])));
    }
    rows.push(row);
    for (const [key, unit] of [["usable_first", "ms"], ["usable_later", "ms"], ["press_first", "ms"], ["press_later", "ms"], ["bytes_first", "bytes"], ["bytes_later", "bytes"]]) {
      console.log(`FIGURE page_${entry.name.replaceAll("-", "_")}_${key} ${row[key]} ${unit}`);
    }
  }
} finally {
  await browser.close();
  await server.stop();
}

console.log("\n| page | usable, first visit | usable, later | answers a press | transferred, first visit | later |");
console.log("|---|---|---|---|---|---|");
const kb = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
for (const row of rows) {
  console.log(`| ${row.name} | ${row.usable_first} ms | ${row.usable_later} ms | ${row.press_first} ms | ${kb(row.bytes_first)} | ${kb(row.bytes_later)} |`);
}
const late = rows.filter((row) => Math.max(row.usable_first, row.usable_later) > GOAL_MS).map((row) => row.name);
const heavy = rows.filter((row) => row.bytes_first > (GOAL_BYTES[row.name] ?? Infinity)).map((row) => row.name);
if (late.length + heavy.length > 0) {
  console.error(`\nover ${GOAL_MS} ms: ${late.join(", ") || "none"}; too heavy: ${heavy.join(", ") || "none"}`);
  process.exitCode = 1;
}
