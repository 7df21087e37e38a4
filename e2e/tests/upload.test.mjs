// Files: a good one, one with mistakes, one that is too large, one that is something else.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { accessible } from "../support/checks.mjs";
import { assess } from "../support/kapok.mjs";
import { answersOf, demo } from "../support/party.mjs";
import { world } from "../support/world.mjs";

const w = world("upload");
const STARTUP = readFileSync(demo("companies/ai-startup.yaml"));
w.secret("示例智能", "示例智算", "91440300MAXDEM0135", "geheim.pdf");

const folder = mkdtempSync(join(tmpdir(), "kapok-upload-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Chooses a file on the page of the beginning and sends it. */
async function upload(page, name, content) {
  const path = join(folder, name);
  writeFileSync(path, content);
  await page.goto("/ask/start");
  await page.locator("#file").setInputFiles(path);
  await Promise.all([
    page.waitForEvent("domcontentloaded"),
    page.locator('form[action="/ask/upload"] button').click(),
  ]);
}

const answersKept = async (visitor) => (await visitor.request.get("/ask/answers.json")).text();
const refused = (url) => new URL(url).pathname === "/ask/upload";

describe("a file", () => {
  test("with a company's facts leads to its answer", async (t) => {
    const visitor = await w.visitor(t);
    const page = await w.page(visitor);
    await upload(page, "ai-startup.yaml", STARTUP);
    await page.goto("/answer");
    assert.match(await page.locator("h1").innerText(), /示例智能/);
    const outcomes = (report) => report.measures.map((one) => [one.measure, one.outcome]);
    const said = await (await visitor.request.get("/answer.json")).json();
    assert.deepEqual(said.measures.find((one) => one.measure === "sz.training-voucher.demand-2026").outcome, "needs_person");
    assert.equal(outcomes(said).length, outcomes(assess(answersOf("demo/companies/ai-startup.yaml"))).length);
    await page.goto("/ask/answers");
    assert.match(await page.locator("main").innerText(), /营业执照/, "sources and evidence of the file are shown");
    page.watched.quiet("a good file");
  });

  const cases = [
    ["with mistakes", "half.yaml", Buffer.from("party: organisation\norg.staff: viele\norg.founded_on: 3026-01-01\norg.kindd: enterprise\norg.uscc: 91440300MAXDEM0136\n"), [/org\.kind/, /3026/, /viele/, /[`“]5[`”]/]],
    ["that is no party file", "geheim.pdf", Buffer.concat([Buffer.from("%PDF-1.7\n"), Buffer.alloc(4096, 0xff)]), []],
    ["that is empty", "empty.yaml", Buffer.alloc(0), []],
    ["of 20 MB", "large.yaml", Buffer.alloc(20_000_000, "a: b\n"), [/8/]],
    ["that nests without end", "deep.yaml", Buffer.from("[".repeat(100_000)), []],
  ];
  for (const lang of ["zh", "en"]) {
    for (const [what, name, content, told] of cases) {
      test(`${what} is refused with a clear message, and the answers so far stay (${lang})`, async (t) => {
        const visitor = await w.visitor(t, { lang });
        const page = await w.page(visitor, refused);
        await upload(page, "ai-startup.yaml", STARTUP);
        const before = await answersKept(visitor);
        await upload(page, name, content);
        const text = await page.locator("main").innerText();
        for (const part of told) assert.match(text, part);
        assert.ok(await page.locator("main [role=alert], main h1").first().isVisible());
        assert.equal(await page.locator("#file-error").count(), 1, `the message stands at the field: ${text.slice(0, 300)}`);
        await accessible(page, `a file ${what}`);
        assert.equal(await answersKept(visitor), before);
        page.watched.quiet(`a file ${what}`);
      });
    }
  }
});
