// The server's log says what is needed to run it, and nothing of what visitors enter or look for.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { MEASURES } from "../support/addresses.mjs";
import { answersOf } from "../support/party.mjs";
import { answerAll, begin } from "../support/questionnaire.mjs";
import { shareOf, withDemoFacts } from "../support/steps.mjs";
import { world } from "../support/world.mjs";

for (const format of ["text", "json"]) {
  const w = world(`privacy-${format}`, { serverArgs: ["--log-format", format, "--log-level", "debug"] });

  describe(`the log as ${format}`, () => {
    test("has nothing of what visitors enter", async (t) => {
      const answers = answersOf("demo/companies/ai-startup.yaml");
      const typed = new Map([...answers, ["contract.provider#1", "星汉服务商"], ["contract.amount#1", "48271653"]]);
      w.secret("星汉", "48271653", "91440300MAXDEM0135", "91440300", "MAXDEM", "示例智能", "nanshan", "租一百张卡", encodeURIComponent("租一百张卡"), "kapok_profile", "org.");

      const visitor = await w.visitor(t);
      const page = await w.page(visitor);
      await begin(page);
      await answerAll(page, typed);
      await page.goto("/answer");
      await page.goto(`/answer/measures/${MEASURES.demand}`);
      await page.goto("/search?q=91440300MAXDEM0135");
      await page.goto("/search?q=租一百张卡");
      await page.goto("/catalogue?q=租一百张卡");
      await page.goto("/ask/start?uscc=91440300MAXDEM0135");
      await visitor.request.get("/companies/91440300MAXDEM0135");
      await visitor.request.post("/api/v1/assess", { data: { party: { party: "organisation", "org.staff": "12", "org.uscc": "91440300MAXDEM0136" } } });
      await withDemoFacts(visitor);
      const link = await shareOf(visitor);
      await page.goto(link);
      w.secret(link.split("/").at(-1), ...(await visitor.cookies()).filter((one) => one.name === "kapok_profile").map((one) => one.value));
      // what the log does say: that something was asked for, by the kind of page
      assert.match(w.log(), /\/answer\/measures\/\{/);
    });
  });
}
