// What visitors do in many journeys.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { demo } from "./party.mjs";

/** Gives a visitor the facts of the demo start-up, by uploading its file. */
export async function withDemoFacts(visitor, name = "companies/ai-startup.yaml") {
  const response = await visitor.request.post("/ask/upload", {
    multipart: { file: { name: "ai-startup.yaml", mimeType: "application/yaml", buffer: readFileSync(demo(name)) } },
  });
  assert.ok(response.ok(), `the upload of ${name} answers ${response.status()}`);
}

/** Saves a visitor's answer for others; the path of the link. */
export async function shareOf(visitor) {
  await withDemoFacts(visitor);
  const response = await visitor.request.post("/answer/share", { form: { days: "7" } });
  const found = /\/s\/[A-Za-z0-9_-]+/.exec(response.url()) ?? /\/s\/[A-Za-z0-9_-]+/.exec(await response.text());
  assert.ok(found, `sharing answers ${response.status()} without a link`);
  return found[0];
}

/** The code of a company of the registry. */
export async function companyOf(visitor) {
  const response = await visitor.request.get("/search?q=智能");
  const found = /\/companies\/([0-9A-Z]{18})/.exec(await response.text());
  assert.ok(found, "the search finds no company");
  return found[1];
}

/** The address of a page for a visitor, who gets what the page needs first. */
export async function addressFor(visitor, { path, needs }) {
  if (needs === "facts") await withDemoFacts(visitor);
  if (needs === "share") return shareOf(visitor);
  if (needs === "company") return path.replace("USCC", await companyOf(visitor));
  return path;
}
