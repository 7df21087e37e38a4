// The command line, which says what the pages must say.
import { execFileSync } from "node:child_process";
import { partyFile } from "./party.mjs";
import { KAPOK, TODAY } from "./server.mjs";

/** What `kapok assess` says of answers, which are given by the keys of forms. */
export function assess(answers) {
  const args = ["assess", "--party", "-", "--on", TODAY, "--json"];
  const input = JSON.stringify(partyFile(answers));
  return JSON.parse(execFileSync(KAPOK, args, { input, encoding: "utf8", maxBuffer: 64 << 20 }));
}
