// What can be taken away: calendar, table, data, paper.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { picture } from "../support/checks.mjs";
import { withDemoFacts } from "../support/steps.mjs";
import { world } from "../support/world.mjs";

const w = world("downloads");

/** The lines of a calendar, with those put together that were folded. */
const lines = (text) => text.replaceAll("\r\n ", "").split("\r\n");

describe("the answer as a file", () => {
  test("is a calendar with the deadlines", async (t) => {
    const visitor = await w.visitor(t);
    await withDemoFacts(visitor);
    const response = await visitor.request.get("/answer.ics");
    assert.match(response.headers()["content-type"], /^text\/calendar/);
    const text = await response.text();
    assert.doesNotMatch(text.replaceAll("\r\n", ""), /[\r\n]/, "every line ends as calendars ask for");
    assert.ok(text.split("\r\n").every((line) => Buffer.byteLength(line) <= 75), "no line is too long");
    const all = lines(text);
    assert.equal(all[0], "BEGIN:VCALENDAR");
    const events = all.filter((line) => line === "BEGIN:VEVENT").length;
    assert.ok(events > 0, "there is a deadline");
    assert.equal(all.filter((line) => line.startsWith("UID:")).length, events);
    const report = await (await visitor.request.get("/answer.json")).json();
    const dates = new Set(report.measures.flatMap((one) => one.deadlines ?? []).map((one) => one.date.replaceAll("-", "")));
    for (const line of all.filter((line) => line.startsWith("DTSTART"))) {
      assert.ok(dates.has(line.split(":")[1]), `${line} is a deadline of the answer`);
    }
  });

  test("is a table that spreadsheets read", async (t) => {
    const visitor = await w.visitor(t, { lang: "en" });
    await withDemoFacts(visitor);
    const response = await visitor.request.get("/answer.csv");
    assert.match(response.headers()["content-type"], /^text\/csv/);
    assert.match(response.headers()["content-disposition"], /attachment/);
    const text = await response.text();
    assert.equal(text.charCodeAt(0), 0xfeff, "the mark by which spreadsheets know the encoding");
    assert.match(text, /^\ufeffoutcome,measure,id,/);
    const report = await (await visitor.request.get("/answer.json")).json();
    for (const { measure } of report.measures) assert.ok(text.includes(measure), `${measure} has a row`);
  });

  test("is data", async (t) => {
    const visitor = await w.visitor(t);
    await withDemoFacts(visitor);
    const response = await visitor.request.get("/answer.json");
    assert.match(response.headers()["content-type"], /^application\/json/);
    assert.equal((await response.json()).format, "kapok.assessment/1");
  });

  test("is downloaded by its link", async (t) => {
    const visitor = await w.visitor(t);
    await withDemoFacts(visitor);
    const page = await w.page(visitor);
    for (const [path, end] of [["/answer.csv", ".csv"], ["/answer.ics", ".ics"]]) {
      await page.goto("/answer");
      const [download] = await Promise.all([page.waitForEvent("download"), page.locator(`main a[href="${path}"]`).first().click()]);
      assert.ok(download.suggestedFilename().endsWith(end));
    }
    page.watched.quiet("downloads");
  });

  test("is paper", async (t) => {
    const visitor = await w.visitor(t);
    await withDemoFacts(visitor);
    const page = await w.page(visitor);
    for (const path of ["/answer", "/answer/print"]) {
      await page.goto(path);
      await page.emulateMedia({ media: "print" });
      await picture(page, `print${path.replaceAll("/", "-")}-zh`);
      assert.equal(await page.locator("header.top nav").isVisible(), false, "the site's navigation is not printed");
      assert.ok(await page.locator("#documents").isVisible(), "the documents to bring are");
      assert.ok((await page.pdf({ format: "A4" })).length > 10_000);
    }
    page.watched.quiet("print");
  });
});
