// Every page, in both languages, light and dark, on a phone and on a desk: accessible, within the window, and quiet.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PAGES } from "../support/addresses.mjs";
import { accessible, COLOURS, fits, NARROWEST, picture } from "../support/checks.mjs";
import { DESK, PHONE, world } from "../support/world.mjs";
import { addressFor } from "../support/steps.mjs";

const w = world("pages");

describe("every page", { concurrency: 2 }, () => {
  for (const entry of PAGES) {
    for (const lang of ["zh", "en"]) {
      test(`${entry.name} in ${lang}`, async (t) => {
        const visitor = await w.visitor(t, { lang });
        const path = await addressFor(visitor, entry);
        const status = entry.status ?? 200;
        const page = await w.page(visitor, (url) => status !== 200 && new URL(url).pathname === new URL(path, w.url).pathname);
        const response = await page.goto(path, { waitUntil: "load" });
        assert.equal(response.status(), status);
        assert.equal(await page.getAttribute("html", "lang"), lang === "zh" ? "zh-CN" : "en");
        assert.equal(await page.locator("h1").count(), 1, "one first heading");
        assert.doesNotMatch(await page.content(), /⟦/, "a text is missing");

        for (const theme of ["light", "dark"]) {
          await page.emulateMedia({ colorScheme: theme });
          for (const window of [DESK, PHONE]) {
            await page.setViewportSize(window);
            const where = `${entry.name}-${lang}-${theme}-${window.width}`;
            await picture(page, where);
            await accessible(page, where, theme === "dark" ? COLOURS : null);
          }
        }
        await page.setViewportSize({ ...PHONE, width: NARROWEST });
        await fits(page, `${entry.name} in ${lang}`);
        page.watched.quiet(`${entry.name} in ${lang}`);
      });
    }
  }
});
