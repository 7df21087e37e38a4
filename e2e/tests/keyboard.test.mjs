// With the keyboard alone: where one is can always be seen, and everything can be reached.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { begin, control, keys, question } from "../support/questionnaire.mjs";
import { withDemoFacts } from "../support/steps.mjs";
import { world } from "../support/world.mjs";

const w = world("keyboard");

/** Presses Tab until an element of the selector has the focus. Everything on the way must show that it has it. */
async function tabTo(page, selector, most = 80) {
  for (let presses = 0; presses < most; presses += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate((wanted) => {
      const element = document.activeElement;
      const shape = (of) => {
        const style = getComputedStyle(of);
        return [style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0, style.boxShadow !== "none"];
      };
      // a choice may show the focus of its button on its label
      const shown = [element, element.closest("label"), element.parentElement].filter(Boolean).flatMap(shape).some(Boolean);
      const { width, height } = element.getBoundingClientRect();
      return { found: element.matches(wanted), shown, seen: width > 0 && height > 0, html: element.outerHTML.slice(0, 160) };
    }, selector);
    if (at.html.startsWith("<body")) continue;
    assert.ok(at.shown, `the focus cannot be seen on ${at.html}`);
    assert.ok(at.seen, `what has the focus cannot be seen: ${at.html}`);
    if (at.found) return;
  }
  assert.fail(`${selector} is not reached with Tab`);
}

describe("with the keyboard alone", () => {
  test("the content is one key away", async (t) => {
    const page = await w.page(await w.visitor(t));
    await page.goto("/about");
    await tabTo(page, "a.skip", 1);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    assert.ok(await page.evaluate(() => document.activeElement.closest("main") !== null || !document.querySelector("main a, main button, main input")));
  });

  test("something is searched", async (t) => {
    const page = await w.page(await w.visitor(t));
    await page.goto("/");
    await tabTo(page, 'input[name="q"]');
    await page.keyboard.type("算力");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/search\?q=/);
    await tabTo(page, 'main a[href^="/catalogue/"], main a[href^="/companies/"]');
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/(catalogue|companies)\//);
    page.watched.quiet("searching by keyboard");
  });

  test("a question is answered", async (t) => {
    const visitor = await w.visitor(t);
    const page = await w.page(visitor);
    await begin(page);
    await page.goto("/ask?q=standing");
    const first = await question(page);
    const shown = await keys(page);
    const yesno = shown.find((key) => key === "org.serious_dishonesty");
    assert.ok(yesno, `${first} asks about ${shown.join(", ")}`);
    await tabTo(page, `[name="f.${yesno}"]`);
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowDown");
    const chosen = await page.evaluate(() => document.activeElement.value);
    assert.ok(await page.locator(`[name="f.${yesno}"][value="${chosen}"]`).isChecked());
    await tabTo(page, 'button[name="rest"][value="unknown"]');
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.search === "" || url.pathname === "/ask/answers");
    const kept = await (await visitor.request.get("/ask/answers.json")).json();
    if (chosen) assert.equal(kept[yesno], chosen);

    await page.goto("/ask?q=people");
    await tabTo(page, '[name="f.org.staff"]');
    await page.keyboard.type("12");
    assert.equal(await control(page, "org.staff").inputValue(), "12");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/ask/answers");
    assert.equal((await (await visitor.request.get("/ask/answers.json")).json())["org.staff"], "12");
    page.watched.quiet("a question by keyboard");
  });

  test("the reasons of a measure are opened on the answer", async (t) => {
    const visitor = await w.visitor(t);
    await withDemoFacts(visitor);
    const page = await w.page(visitor);
    await page.goto("/answer");
    await tabTo(page, "details.measure > summary", 200);
    const loaded = page.waitForResponse(/\/answer\/measures\//);
    await page.keyboard.press("Enter");
    await loaded;
    await page.locator("details.measure[open] ul.tree li").first().waitFor();
    page.watched.quiet("reasons by keyboard");
  });
});
