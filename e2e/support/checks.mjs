// What must hold on every page.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { output } from "./paths.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** The rules of axe that depend on colours. */
export const COLOURS = ["color-contrast", "link-in-text-block"];

/** The narrowest window that pages are made for, in pixels. */
export const NARROWEST = 360;

/**
 * Fails when axe finds anything on the page as it is now. `only` takes some rules alone: of a page that has been checked and
 * has only changed its colours, only what is about colours can be new.
 */
export async function accessible(page, where, only = null) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(AXE);
  const violations = await page.evaluate(async (runOnly) => {
    const results = await globalThis.axe.run(document, {
      runOnly,
      resultTypes: ["violations"],
    });
    return results.violations.map(({ id, impact, help, nodes }) => ({
      id,
      impact,
      help,
      nodes: nodes.slice(0, 5).map((node) => `${node.target.join(" ")}: ${node.html.slice(0, 200)} ${node.failureSummary ?? ""}`),
    }));
  }, only ? { type: "rule", values: only } : { type: "tag", values: STANDARDS });
  assert.equal(violations.length, 0, `${where}: axe finds\n${JSON.stringify(violations, null, 2)}`);
}

/** Fails when the page as a whole can be scrolled sideways. */
export async function fits(page, where) {
  const wide = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return null;
    const past = [...document.querySelectorAll("body *")].filter((element) => {
      const right = element.getBoundingClientRect().right;
      return right > clientWidth + 0.5 && !element.closest(".table-wrap");
    });
    const names = past.slice(0, 5).map((element) => `${element.tagName.toLowerCase()}.${element.className}`);
    return `${scrollWidth} px in a window of ${clientWidth} px: ${names.join(", ")}`;
  });
  assert.equal(wide, null, `${where} scrolls sideways: ${wide}`);
}

/**
 * Listens to a page for what must not happen: errors in the console, exceptions, requests that fail, what the content policy
 * blocks. `expected` says which answers of the server are wanted (a page that is not there answers 404).
 */
export function watch(page, expected = () => false) {
  const troubles = [];
  page.on("console", (message) => {
    const wanted = message.text().startsWith("Failed to load resource") && expected(message.location().url);
    if (["error", "warning"].includes(message.type()) && !wanted) {
      troubles.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  page.on("pageerror", (error) => troubles.push(`exception: ${error.message}`));
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText ?? "";
    // leaving a page ends what it was still loading; a download ends the navigation that began it
    if (!why.includes("ERR_ABORTED")) troubles.push(`request failed: ${request.url()} ${why}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400 && !expected(response.url())) troubles.push(`${response.status()} ${response.url()}`);
  });
  return {
    quiet(where) {
      assert.deepEqual(troubles, [], `${where} is not quiet`);
    },
  };
}

/** The height up to which a page is pictured, in pixels. */
const PICTURED = 6000;

/** Keeps a picture of the page: the whole of it, or the upper part of a very long one. */
export async function picture(page, name) {
  const folder = join(output, "screenshots");
  mkdirSync(folder, { recursive: true });
  const { width, height } = await page.evaluate(() => {
    const { clientWidth, scrollHeight } = document.documentElement;
    return { width: clientWidth, height: scrollHeight };
  });
  const clip = { x: 0, y: 0, width, height: Math.min(height, PICTURED) };
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true, clip, animations: "disabled" });
}
